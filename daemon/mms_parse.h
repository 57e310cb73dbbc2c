/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_MMS_PARSE_H
#define APPGWD_MMS_PARSE_H

#include "../include/appgw/endpoint.h"

/* Where a message of MMS has what matters: numbers of 4 bytes, the lowest first. */
#define MMS_LENGTH_AT		8	/* bytes behind MMS_LENGTH_BIAS */
#define MMS_CHUNKS_AT		16	/* the same in units of MMS_UNIT */
#define MMS_CHUNK_LEN_AT	32	/* units behind MMS_CHUNK_BIAS */
#define MMS_ID_AT		36
#define MMS_FUNNEL_AT		60	/* name of the funnel, in UTF-16 */

#define MMS_LENGTH_BIAS		16
#define MMS_CHUNK_BIAS		32
#define MMS_UNIT		8
#define MMS_NUMBER_LEN		4

/* What a funnel's name is. */
enum mms_what {
	MMS_NOTHING,	/* not of our business: TCP's, or none */
	MMS_UDP,
	MMS_MALFORMED,	/* UDP's, but nobody can say where it leads */
};

/**
 * struct mms_funnel - where a client wants datagrams
 * @addr: the address as the name has it
 * @port: the port likewise
 * @rest: what is behind it, up to the message's end
 * @end: both in numbers
 *
 * Valid as long as the message that it was read from.
 */
struct mms_funnel {
	struct span addr;
	struct span port;
	struct span rest;
	struct endpoint end;
};

bool mms_next(struct span *text, struct span *message);
enum mms_what mms_parse_funnel(struct span message, struct mms_funnel *funnel);

#endif /* APPGWD_MMS_PARSE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_PARSE_H
#define APPGW_FTP_PARSE_H

#include "appgw/endpoint.h"
#include "appgw/span.h"

/* Longest text that appgw_ftp_format() writes: LPRT's, "6,16," and 16 numbers,
 * "2," and 2 numbers, with a comma behind all but the last.
 */
#define FTP_TEXT_MAX	(5 + 16 * 4 + 2 + 2 * 4 - 1)

enum ftp_kind {
	FTP_PORT,	/* client: PORT h1,h2,h3,h4,p1,p2 */
	FTP_EPRT,	/* client: EPRT |af|address|port| */
	FTP_PASV,	/* server: 227 … (h1,h2,h3,h4,p1,p2) */
	FTP_EPSV,	/* server: 229 … (|||port|) */
	FTP_LPRT,	/* client: LPRT af,hal,h1,…,pal,p1,p2 */
	FTP_LPSV,	/* server: 228 … (af,hal,h1,…,pal,p1,p2) */
};

enum ftp_line {
	FTP_LINE_OTHER,		/* nothing for us */
	FTP_LINE_ANNOUNCES,	/* says where a data connection is to go */
	FTP_LINE_MALFORMED,	/* tries to, but breaks the grammar */
};

/**
 * struct ftp_announcement - what a line announces, and where it says so
 * @kind: which form the line has
 * @delim: the delimiter that EPRT and 229 chose; 0 for the others
 * @at: offset in the line of the text that a rewrite replaces
 * @len: length of that text
 * @ep: the endpoint; without an address (APPGW_AF_NONE) for FTP_EPSV
 */
struct ftp_announcement {
	enum ftp_kind kind;
	uint8_t delim;
	uint16_t at;
	uint16_t len;
	struct endpoint ep;
};

enum ftp_line appgw_ftp_parse_command(struct span line,
				      struct ftp_announcement *ann);
enum ftp_line appgw_ftp_parse_reply(struct span line,
				    struct ftp_announcement *ann);
bool appgw_ftp_in_multiline(uint16_t *code, struct span line);
size_t appgw_ftp_format(char *buf, enum ftp_kind kind, uint8_t delim,
			const struct endpoint *ep);

#endif /* APPGW_FTP_PARSE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RTSP_REFERENCE_H
#define SELFTESTS_RTSP_REFERENCE_H

#include "../../../daemon/rtsp_parse.h"

/**
 * struct rtsp_reference_field - as struct rtsp_field
 * @at: offset of its text in the header's value
 * @len: length of that
 */
struct rtsp_reference_field {
	enum rtsp_what what;
	unsigned int spec;
	size_t at, len;
	enum appgw_af af;
	uint8_t addr[16];
	bool host;
	unsigned int ports;
	unsigned int port[2];
	bool range;
};

struct rtsp_reference {
	unsigned int specs, fields;
	enum rtsp_lower lower[RTSP_SPECS_MAX];
	struct rtsp_reference_field field[RTSP_FIELDS_MAX];
};

bool rtsp_reference_transport(struct span value, struct rtsp_reference *r);

#endif /* SELFTESTS_RTSP_REFERENCE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RTSP_PROPERTIES_H
#define SELFTESTS_RTSP_PROPERTIES_H

#include "../../../daemon/rtsp_parse.h"

/* What takes the place of ports and addresses in the tests. */
#define RTSP_NEW_PORT	50000
#define RTSP_NEW_IPV4	"198.51.100.7"
#define RTSP_NEW_IPV6	"2001:db8::7"

/* Longest header after its edits. */
#define RTSP_NEW_MAX	(RTSP_TEXT_MAX + RTSP_FIELDS_MAX * 64)

size_t rtsp_apply(struct span value, const struct rtsp_transport *t,
		  const struct rtsp_edit *edits, unsigned int n, char *out);
const char *rtsp_complaint(struct span text);
const char *rtsp_payload_complaint(struct span payload);

#endif /* SELFTESTS_RTSP_PROPERTIES_H */

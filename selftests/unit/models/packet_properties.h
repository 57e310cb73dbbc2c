/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_PACKET_PROPERTIES_H
#define SELFTESTS_PACKET_PROPERTIES_H

#include "../../../include/appgw/span.h"

const char *packet_complaint(const uint8_t *data, size_t len, bool *is_good);

#endif /* SELFTESTS_PACKET_PROPERTIES_H */

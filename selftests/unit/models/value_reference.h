/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_VALUE_REFERENCE_H
#define SELFTESTS_VALUE_REFERENCE_H

#include "../../../include/appgw/endpoint.h"
#include "../../../include/appgw/value.h"

int value_reference(const struct appgw_value *v, const struct endpoint *end,
		    int growth, char *text, size_t room);
int value_try(const struct appgw_value *v, const struct endpoint *end,
	      int growth, char *text);
const char *value_complaint(const struct appgw_value *v,
			    const struct endpoint *end, int growth,
			    unsigned int len);
const char *value_input_complaint(const uint8_t *data, size_t size);

#endif /* SELFTESTS_VALUE_REFERENCE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of a new text, as the daemon has them written; see enum appgw_value_attr. */
#ifndef APPGW_VALUE_H
#define APPGW_VALUE_H

#include "span.h"

/**
 * struct appgw_value - a value of a new text, and how it is written
 * @what: enum appgw_value_what
 * @form: enum appgw_value_form
 * @code: enum appgw_value_code
 * @bytes: bytes of the number; 0 for as many as it has
 * @little: the lowest byte comes first
 * @is_signed: the highest bit is a sign
 * @reversed: the last byte of the text comes first
 * @bias: to be added
 * @divisor: to divide by; 0 for not at all
 * @number: what a length was
 * @xor: to be XORed with, in the end
 */
struct appgw_value {
	uint8_t what;
	uint8_t form;
	uint8_t code;
	uint8_t bytes;
	bool little;
	bool is_signed;
	bool reversed;
	int32_t bias;
	uint32_t divisor;
	uint64_t number;
	uint64_t xor;
};

#endif /* APPGW_VALUE_H */

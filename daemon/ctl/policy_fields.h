/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_POLICY_FIELDS_H
#define APPGWCTL_POLICY_FIELDS_H

#include "../include/uapi/linux/nf_appgw.h"

enum policy_type {
	POLICY_BOOL,	/* 0 or 1 */
	POLICY_PORTS,	/* LOW-HIGH, or nothing */
	POLICY_NUMBER,	/* 0 to 4294967295 */
	POLICY_BITS,	/* 1 to 128 */
	POLICY_RANGES,	/* ADDRESS[/LENGTH],..., or nothing */
	POLICY_WORD,	/* one of some words */
	POLICY_NAMES,	/* any of some words, or none, or nothing */
	POLICY_NUMBERS,	/* NUMBER,..., or nothing */
};

/**
 * struct policy_field - a policy
 * @attr: its attribute, 0 behind the last one
 * @name: in files, and on the command line
 * @type: of its value
 * @words: of POLICY_WORD and, by bits, POLICY_NAMES; ends with NULL
 */
struct policy_field {
	int attr;
	const char *name;
	enum policy_type type;
	const char *const *words;
};

/* For all, and for single servers */
extern const struct policy_field policy_fields[];
extern const struct policy_field policy_server_fields[];

#endif /* APPGWCTL_POLICY_FIELDS_H */

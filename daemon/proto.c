// SPDX-License-Identifier: GPL-2.0-only
/* The list of protocols, made from include/appgw/protocols.h. */

#include <string.h>

#include "proto.h"

#define PROTO_ADDRESS(name)	&name ## _proto,
const struct proto * const protos[] = {
	APPGW_PROTOCOLS(PROTO_ADDRESS)
	NULL,
};

/**
 * proto_find() - find a protocol
 * @name: its name
 *
 * Return: the protocol, NULL if there is none of that name
 */
const struct proto *proto_find(const char *name)
{
	const struct proto * const *p;

	for (p = protos; *p; p++)
		if (!strcmp((*p)->name, name))
			return *p;
	return NULL;
}

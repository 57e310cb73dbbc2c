// SPDX-License-Identifier: GPL-2.0-only
/* The list of protocols, made from include/appgw/protocols.h. */

#include <string.h>

#include "proto.h"

const struct proto * const protos[] = {
#define APPGW_PROTOCOL(name)	&name ## _proto,
#include "../include/appgw/protocols.h"
#undef APPGW_PROTOCOL
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

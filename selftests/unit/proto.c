// SPDX-License-Identifier: GPL-2.0-only
/* daemon/proto.c: the list of protocols that both halves are made from. */

#include <string.h>

#include "../../daemon/proto.h"
#include "../../include/appgw/protocol.h"
#include "tap.h"

static const char * const names[] = {
#define APPGW_PROTOCOL(name)	#name,
#include "../../include/appgw/protocols.h"
#undef APPGW_PROTOCOL
};

static void test_order(void)
{
	size_t i;

	tap_begin("each protocol is there, in the list's order");
	for (i = 0; i < TAP_ARRAY_SIZE(names); i++)
		tap_check(protos[i] && !strcmp(protos[i]->name, names[i]),
			  "%s is not number %zu", names[i], i);
	tap_check(!protos[i], "there are more than %zu", i);
	tap_check(i == APPGW_PROTOCOLS_COUNT, "%zu are counted", i);
	tap_end();
}

static void test_find(void)
{
	size_t i;

	tap_begin("each is found by its name");
	for (i = 0; i < TAP_ARRAY_SIZE(names); i++)
		tap_check(proto_find(names[i]) == protos[i],
			  "%s is not found", names[i]);
	tap_check(!proto_find("ftp") && !proto_find("") && !proto_find("IRC"),
		  "another one is found");
	tap_end();
}

int main(void)
{
	tap_plan(2);
	test_order();
	test_find();
	return tap_finish();
}

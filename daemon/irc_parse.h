/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_IRC_PARSE_H
#define APPGWD_IRC_PARSE_H

#include "../include/appgw/endpoint.h"
#include "../include/uapi/linux/nf_appgw.h"

/**
 * struct irc_offer - what a DCC message calls for
 * @kind: "dcc_" and the type in lower case; terminated
 * @action: what is to be done about @end
 * @end: endpoint in the text; only its port, and APPGW_AF_NONE, for
 *	APPGW_PLAN_INSIDE and APPGW_PLAN_PUBLIC
 * @number: the address is one decimal number
 * @old: the text that depends on @end: address and port with what is between
 *	them, or only the one of them that counts; APPGW_EDIT_MAX bytes at most
 * @gap: what is between address and port; empty if @old is not both
 */
struct irc_offer {
	char kind[APPGW_KIND_MAX + 1];
	enum appgw_plan_action action;
	struct endpoint end;
	bool number;
	struct span old;
	struct span gap;
};

bool irc_eat_dcc(struct span *text);
bool irc_parse_offer(struct span text, struct irc_offer *offer);

#endif /* APPGWD_IRC_PARSE_H */

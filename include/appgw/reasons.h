/* SPDX-License-Identifier: GPL-2.0-only */
/* Why something was not done: one vocabulary for counters, events, answers and logs.
 *
 * Included wherever it is needed, with APPGW_REASON(id, name, sentence) defined: the
 * name is that of the counter, which never changes. The sentence's subject is the
 * announcement or, from stopped_client_first on, the connection.
 */

APPGW_REASON(REFUSED_MALFORMED, "refused_malformed",
	     "breaks its grammar")
APPGW_REASON(REFUSED_FOREIGN, "refused_foreign",
	     "names somebody else's address")
APPGW_REASON(REFUSED_PRIVILEGED, "refused_privileged",
	     "names a port below 1024")
APPGW_REASON(REFUSED_RELAYED, "refused_relayed",
	     "names a server's own port, outside bouncer_ports")
APPGW_REASON(REFUSED_UNSOLICITED, "refused_unsolicited",
	     "answers what nobody asked")
APPGW_REASON(REFUSED_LOGIN, "refused_login",
	     "comes before the login")
APPGW_REASON(REFUSED_EPSV_ALL, "refused_epsv_all",
	     "comes after EPSV ALL")
APPGW_REASON(REFUSED_CALL, "refused_call",
	     "asks a server's portmapper to act for a stranger")
APPGW_REASON(REFUSED_TAKEN, "refused_taken",
	     "finds no free public port")
APPGW_REASON(REFUSED_QUOTA, "refused_quota",
	     "is one too many for the host or for all")
APPGW_REASON(REFUSED_FULL, "refused_full",
	     "finds conntrack's expectations full")
APPGW_REASON(REFUSED_SOURCE, "refused_source",
	     "has media coming from another port than it names")
APPGW_REASON(REFUSED_PROGRAM, "refused_program",
	     "is the port of a program that rpc_programs doesn't list")
APPGW_REASON(FAILED, "failed",
	     "finds no memory, or its connection at its end")
APPGW_REASON(STOPPED_CLIENT_FIRST, "stopped_client_first",
	     "was begun by the client, or before anybody looked")
APPGW_REASON(STOPPED_NOT_SERVER, "stopped_not_server",
	     "has no server that speaks the protocol")
APPGW_REASON(STOPPED_NOT_CLIENT, "stopped_not_client",
	     "has no client that speaks the protocol")
APPGW_REASON(STOPPED_TLS, "stopped_tls",
	     "is encrypted from here on")
APPGW_REASON(STOPPED_SHIFTED, "stopped_shifted",
	     "has its sequence numbers changed by somebody else")
APPGW_REASON(FOREIGN_HELPER, "foreign_helper",
	     "has another helper already")
APPGW_REASON(RELEASED, "released",
	     "has nothing more to be expected")
APPGW_REASON(BLOCKED, "blocked",
	     "was dropped by the firewall: is related traffic accepted?")

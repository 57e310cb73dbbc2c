/* SPDX-License-Identifier: GPL-2.0-only */
/* What would have that done which was not done: APPGW_REMEDY_ and a reason's id in
 * reasons.h. Where there is nothing to be done that is said, with why. A reason without
 * one doesn't compile.
 *
 * Of protocols other than FTP, what has _ELSE at its end holds instead where there is such
 * a one.
 *
 * In braces stands what the event says instead: {announced}, {client}, {server} and
 * {peer} are addresses, {port} the announced port, {ports} the parameter that public
 * ports are chosen by.
 */
#ifndef APPGW_REMEDIES_H
#define APPGW_REMEDIES_H

#define APPGW_REMEDY_REFUSED_MALFORMED \
	"nothing to be done on the router: the program that wrote it is at fault"
#define APPGW_REMEDY_REFUSED_FOREIGN \
	"if {announced} may be named: appgwctl policy set fxp={announced}, and in the same list what 'appgwctl policy get' has there; if a 227 of {server} names the wrong one: fix_pasv=1"
#define APPGW_REMEDY_REFUSED_FOREIGN_ELSE \
	"nothing to be done on the router: have the program announce its own address"
#define APPGW_REMEDY_REFUSED_PRIVILEGED \
	"nothing to be done on the router, which opens ports from 1024 on only: have the program use such a port"
#define APPGW_REMEDY_REFUSED_RELAYED \
	"if {server} is a bouncer: appgwctl policy set bouncer_ports={port}-65535"
#define APPGW_REMEDY_REFUSED_UNSOLICITED \
	"nothing to be done: a reply counts only if the client has asked for it"
#define APPGW_REMEDY_REFUSED_LOGIN \
	"if {server} lets anybody in without a login: appgwctl policy set login=0"
#define APPGW_REMEDY_REFUSED_EPSV_ALL \
	"nothing to be done on the router: the client has promised to use EPSV alone"
#define APPGW_REMEDY_REFUSED_CALL \
	"nothing to be done, it opens nothing; so that it doesn't reach {server}, either: appgwctl policy set rpc_calls=drop"
#define APPGW_REMEDY_REFUSED_TAKEN \
	"a wider range of ports: appgwctl policy set {ports}=1024-65535"
#define APPGW_REMEDY_REFUSED_QUOTA \
	"if so many are well ('appgwctl pinholes' lists them): appgwctl policy set quota_host=NUMBER quota_total=NUMBER, 0 being no limit"
#define APPGW_REMEDY_REFUSED_FULL \
	"room for more: sysctl net.netfilter.nf_conntrack_expect_max=NUMBER"
#define APPGW_REMEDY_REFUSED_SOURCE \
	"if {server} sends from other ports than it says: appgwctl policy set media_source=address"
#define APPGW_REMEDY_REFUSED_PROGRAM \
	"if {client} may use that program: appgwctl policy set rpc_programs=NUMBER, and in the same list what 'appgwctl policy get' has there"
#define APPGW_REMEDY_FAILED \
	"memory for the router, if that is short; else nothing to be done"
#define APPGW_REMEDY_STOPPED_CLIENT_FIRST \
	"a new session, if this one is older than the module; else nothing to be done: it is none of that protocol"
#define APPGW_REMEDY_STOPPED_NOT_SERVER \
	"nothing to be done, unless the port isn't that protocol's: see ports in nf_appgw(4)"
#define APPGW_REMEDY_STOPPED_NOT_CLIENT \
	"nothing to be done, unless the port isn't that protocol's: see ports in nf_appgw(4)"
#define APPGW_REMEDY_STOPPED_TLS \
	"for passive FTP, the server's passive ports: appgwctl policy set ftps_ports=LOW-HIGH; for active nothing can be done"
#define APPGW_REMEDY_STOPPED_TLS_ELSE \
	"nothing to be done: what is encrypted can't be read"
#define APPGW_REMEDY_STOPPED_SHIFTED \
	"take whatever else on the router edits connections with {server}, or proxies their SYN, off them"
#define APPGW_REMEDY_FOREIGN_HELPER \
	"remove the rule that gives it that helper, or unload that helper's module"
#define APPGW_REMEDY_RELEASED \
	"nothing to be done, all is well"
#define APPGW_REMEDY_BLOCKED \
	"the router's own firewall has dropped what came from {peer}: accept 'ct state established,related' in its forward chain, or input and output if {client} or {server} is the router, in front of what drops; for iptables: -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"

#endif /* APPGW_REMEDIES_H */

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who gets help without having asked: nobody because an unprivileged user had the
# module loaded, nor in a namespace of such a user; the daemon's protocols only
# where a daemon has listened and not said that it goes.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"

# as_user CMD...: somebody who is nobody here
as_user()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# A table that makes nftables ask the kernel for this helper
helper_table()
{
	cat <<-EOF
	table inet t {
		ct helper h { type "$1" protocol tcp; l3proto inet; }
		chain c {
			type filter hook prerouting priority 0;
			tcp dport 21 ct helper set "h"
		}
	}
	EOF
}

# user_rule NAME: an unprivileged user's own namespace, and in it such a rule
user_rule()
{
	helper_table "$1" | as_user unshare -Urn nft -f - 2>&1
}

# The kernel's own helper is loaded like that, so the attempt is a real one.
user_loads_other()
{
	modprobe -r nf_conntrack_ftp 2>/dev/null
	user_rule ftp
	grep -q '^nf_conntrack_ftp ' /proc/modules
}

user_loads_ours()
{
	local name

	for name in ftp irc rtsp pna msn rpc mms; do
		user_rule appgw-$name
	done
	! appgw_loaded
}

# Nor does whoever asks for the family of generic netlink by its name.
user_asks_for_family()
{
	as_user unshare -Urn genl ctrl get name nf_appgw 2>&1
	as_user unshare -Urn appgwctl policy 2>&1
	! appgw_loaded
}

# user_helped COUNT [POLICY=VALUE]: a user's own namespace, with conntrack and a
# server in it
user_helped()
{
	as_user unshare -Urn bash -s -- "${@:2}" \
		<"$SELFTESTS/peers/own_ns.sh" >"$WORK/own" 2>&1
	cat "$WORK/own"
	grep -qx "attached $1" "$WORK/own"
}

# has_helper NAME: the only connection does
has_helper()
{
	in_ns gw conntrack -L -p tcp --dport "$CONTROL_PORT" 2>/dev/null |
		grep -q "helper=$1"
}

# dialled [PORT]: a connection of IRC
dialled()
{
	in_ns gw conntrack -F >/dev/null 2>&1
	irc_connected && pass c s 'NICK me\r\n'
}

helped()
{
	dialled && has_helper appgw-irc
}

not_helped()
{
	dialled && ! has_helper appgw-
}

# switched_off PARAM=VALUE: those ports alone
switched_off()
{
	appgwd_stop
	load_appgw "$1"
	[ "$(cat "/sys/module/nf_appgw/parameters/${1%%=*}")" = none ] ||
		return
	irc_daemon
}

# A connection through it may be given to a flowtable, whose doing shows.
offloaded()
{
	in_ns gw nft -f - <<-EOF
	table inet fast {
		flowtable f { hook ingress priority 0; devices = { lan, wan }; }
		chain forward {
			type filter hook forward priority 10;
			tcp dport $CONTROL_PORT flow add @f
		}
	}
	EOF
	dialled && irc_chat && irc_chat &&
		in_ns gw conntrack -L 2>/dev/null | grep OFFLOAD
}

need nft conntrack nsenter ip setpriv unshare appgwd appgwctl
plan 20
say_start
sysctl -qw kernel.unprivileged_userns_clone=1 2>/dev/null
unload_appgw
check "an unprivileged user can have a helper module loaded" user_loads_other
check "not this one, by a rule" user_loads_ours
check "nor by asking for it" user_asks_for_family

load_appgw
check "a user's own namespace: nothing is helped" user_helped 0
check "unless the user says so" user_helped 1 attach=1
CONTROL_PORT=21
scene masq
check "namespaces of root: attach is on" ctl_json 'd["attach"]' policy get
check "and can be switched off" all_of ctl policy set attach=0 \; \
	ctl_json 'not d["attach"]' policy get
check "then nothing is helped" all_of control \; counter_is attached 0
check "and on again" all_of ctl policy set attach=1 \; control \; \
	has_helper appgw-ftp

CONTROL_PORT=$IRC_PORT
scene masq
check "no daemon: IRC's ports are like any others" not_helped
check "and their connections can be offloaded" offloaded
scene masq
irc_daemon
check "a daemon: helped" helped
appgwd_stop KILL
check "it was killed, and will be back: helped" helped
irc_daemon
check "it is back: helped" all_of helped \; irc_login
appgwd_stop
check "it has ended: not helped" not_helped
irc_daemon
check "another daemon: helped" helped

for value in irc_ports= irc_ports=none; do
	check "$value switches it off" switched_off $value
	check "$value: not helped" not_helped
done
note "took $SECONDS s"

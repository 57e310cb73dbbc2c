#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# firewalld takes our helper for one of its own, and gives it to the sessions that its
# service is for: files go through masquerading then, and what was shut stays shut.
#
#	in ---- gw (firewalld, nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"
# shellcheck source=selftests/lib/firewalld.sh
source "$SELFTESTS/lib/firewalld.sh"

STALL_S=3
CLOSED_PORT=50000
RENDERED=$SELFTESTS/../.build/profiles/firewalld

# What an administrator would write: two zones and a way out; and our helper
configure()
{
	mkdir -p "$FIREWALLD_ETC"/{zones,policies,helpers,services}
	cat >"$FIREWALLD_ETC/zones/inside.xml" <<-END
	<zone><interface name="lan"/></zone>
	END
	cat >"$FIREWALLD_ETC/zones/outside.xml" <<-END
	<zone><interface name="wan"/><masquerade/></zone>
	END
	cat >"$FIREWALLD_ETC/policies/leave.xml" <<-END
	<policy target="ACCEPT">
	  <ingress-zone name="inside"/><egress-zone name="outside"/>
	</policy>
	END
	# what is installed for it
	cp "$RENDERED/helpers/appgw-ftp.xml" "$FIREWALLD_ETC/helpers/" &&
		cp "$RENDERED/services/appgw-ftp-client.xml" \
			"$FIREWALLD_ETC/services/" || die "no rendered profiles"
}

# moves MODE: a file comes
moves()
{
	rm -rf "$WORK/down" "$WORK"/log*
	ftp_session curl "$1" "$WORK/log" get down "$WORK/down" &&
		cmp "$WORK/down" "$TEST_HOME/down" && return
	cat "$WORK/log" "$FIREWALLD_LOG"
	return 1
}

# blocked MODE: the login works, the data connection does not
blocked()
{
	rm -rf "$WORK/down" "$WORK"/log*
	FTP_STALL_S=$STALL_S ftp_session curl "$1" "$WORK/log" \
		get down "$WORK/down"
	[ $? -eq "$FTP_DATA_FAILED" ] && [ ! -s "$WORK/down" ]
}

# moved HELPER: a session in each mode, and the helper that it had
moved()
{
	in_ns gw conntrack -F 2>/dev/null
	moves port && moves pasv || return
	in_ns gw conntrack -L -p tcp --dport 21 2>/dev/null |
		grep "helper=$1" && return
	in_ns gw conntrack -L -p tcp --dport 21
	return 1
}

reads_helper()
{
	fw --info-helper=appgw-ftp | grep 'module: nf_conntrack_appgw_ftp'
}

# An object of a type that the kernel doesn't know is refused, and nothing loads it.
without_module()
{
	! appgw_loaded || return
	! fw --policy=leave --add-service=appgw-ftp-client || return
	in_ns gw nft list table inet firewalld >"$WORK/table" &&
		grep -q 'chain filter_FORWARD' "$WORK/table" &&
		! grep appgw "$WORK/table"
}

# Something listens there, and nothing comes from outside.
stays_shut()
{
	listen_on in $CLOSED_PORT &&
		cannot_connect out "${IP4[in]}" $CLOSED_PORT
}

need curl conntrack
need_server vsftpd
need_client curl
need_firewalld
plan 11
configure
topology open
test_account
head -c 100000 /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"
start_server vsftpd out
check "firewalld runs" firewalld_start
check "it knows our helper" reads_helper
check "not without the module, and goes on" without_module
load_appgw attach=0
# After what was refused it keeps a half of the service's rules in mind.
check "the module is there now: reload" fw --reload
check "no helper: active is blocked" blocked port
check "a service with our helper" fw --policy=leave --add-service=appgw-ftp-client
check "files come, in both modes" moved appgw-ftp
check "the client's other ports stay shut" stays_shut
check "the service goes" fw --policy=leave --remove-service=appgw-ftp-client
check "active is blocked again" blocked port
# firewalld's object for the helper stays, and so must the module
in_ns gw appgwctl policy set attach=1 || die "no policy"
check "files come without a service, with attach=1" moved appgw-ftp

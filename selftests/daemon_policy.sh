#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A policy that lasts: appgwctl loads a file as a whole or not at all, saves one at
# once or not at all, and tells what differs.
#
#	in ---- gw (nf_appgw) ---- out

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/genl.sh
source "$SELFTESTS/lib/genl.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

FILE=$WORK/policy.conf
DEFAULT=/etc/nf_appgw/policy.conf

# status_is STATUS CMD...: and what it said is in $WORK/said
status_is()
{
	local rc

	"${@:2}" >"$WORK/said" 2>&1
	rc=$?
	cat "$WORK/said"
	[ $rc -eq "$1" ] || {
		echo "status $rc, not $1"
		return 1
	}
}

# loads TEXT NAME=VALUE...: after that, genl.py sees those
loads()
{
	printf '%b' "$1" >"$FILE" && ctl policy load "$FILE" &&
		policy_is gw "${@:2}"
}

# refuses LINE WORDS TEXT: with file, line and words; nothing has changed
refuses()
{
	local before

	before=$(ctl policy get)
	printf '%b' "$3" >"$FILE"
	status_is 1 ctl policy load "$FILE" && [ "$before" = "$(ctl policy get)" ] &&
		[ "$(wc -l <"$WORK/said")" -eq 1 ] &&
		grep -qF -e "appgwctl: $FILE$1: " "$WORK/said" &&
		grep -qF -e "$2" "$WORK/said"
}

# What is told of servers, and how genl.py shows it
SERVERS='quota_host=11\n[192.0.2.0/24]\nloose=1\n'
SERVERS+='[192.0.2.1]\nloose=0\npassive_ports=50000-50009\nftps_ports=\n'
SERVERS+='[2001:db8::1]\nftps_ports=51000-51009\n'
SERVERS_SET=192.0.2.0/24+loose=1,192.0.2.1/32+loose=0
SERVERS_SET+=+passive_ports=50000-50009+ftps_ports=
SERVERS_SET+=,2001:db8::1/128+ftps_ports=51000-51009

load_checks()
{
	check "load: comments, blanks, and all kinds of value" loads \
		'# mine\n\nlogin=0\n quota_host = 7 # each\r\nfxp=10.0.0.0/8,fd00::/16\npassive_ports=50000-50999\nmedia_source=address' \
		login=0 quota_host=7 fxp=10.0.0.0/8,fd00::/16 \
		passive_ports=50000-50999 media_source=1
	check "load: services" loads 'discovery=mdns,ssdp\n' discovery=6
	check "what isn't named stays" loads 'login=1\npassive_ports=\n' \
		login=1 quota_host=7 passive_ports=
	check "an empty file changes nothing" loads '# nothing\n' quota_host=7
	check "a name that there isn't" refuses :3 'colour=red' \
		'quota_host=3\n\ncolour=red\n'
	check "a bad value" refuses :2 'login=2: bad value' \
		'quota_host=3\nlogin=2\n'
	check "what the kernel refuses, by its words and in its line" refuses :4 \
		'not a range of ports from 1024' \
		'quota_host=3\nlogin=0\n# web\npassive_ports=80-90\ndry_run=1\n'
	check "a line that sets nothing" refuses :2 'not NAME=VALUE: "login"' \
		'quota_host=3\nlogin\n'
	check "a name twice" refuses :3 'twice: "login"' \
		'login=0\nquota_host=3\nlogin=1\n'
	check "a byte 0" refuses '' '' 'login=0\n\0\n'
	check "servers" loads "$SERVERS" "servers=$SERVERS_SET" quota_host=11
	check "those that aren't named any more are gone" loads \
		'quota_host=12\n' servers= quota_host=12
	check "a server's name that there isn't" refuses :2 \
		'login=1: no such policy for a server' '[192.0.2.1]\nlogin=1\n'
	check "a bad address" refuses :1 '[192.0.2]: not [ADDRESS]' \
		'[192.0.2]\nloose=1\n'
	check "one that is no range, by the kernel's words and in its line" \
		refuses :2 'not a range of addresses' 'login=1\n[192.0.2.1/24]\n'
	check "something for no server" refuses :2 'loose=1: for no server' \
		'[]\nloose=1\n'
	check "the same server, written in another way" refuses :3 \
		'named before' '[192.0.2.1]\nloose=1\n[192.0.2.1/32]\nloose=0\n'
	rm -f "$FILE"
	check "no such file" status_is 1 ctl policy load "$FILE"
	check "it says which" grep -qF "$FILE: No such file" "$WORK/said"
	check "a folder" status_is 1 ctl policy load "$WORK"
	check "without CAP_NET_ADMIN: refused" unprivileged
}

unprivileged()
{
	local before

	before=$(ctl policy get)
	echo login=0 >"$FILE"
	chmod 755 "$WORK"
	status_is 1 in_ns gw setpriv --reuid 65534 --clear-groups \
		"$(command -v appgwctl)" policy load "$FILE" &&
		[ "$before" = "$(ctl policy get)" ]
}

save_checks()
{
	ctl policy set login=0 quota_host=9 fxp=10.0.0.0/8,fd00::/16 \
		'[192.0.2.1]' loose=1 ftps_ports=50000-50009 '[2001:db8::/32]' \
		passive_ports=
	check "save, load: the same policy" round_trip
	check "its mode is 644, whatever the mask" mode_is_644
	check "diff: the same" status_is 0 ctl policy diff "$FILE"
	check "and nothing is said" eval '[ ! -s "$WORK/said" ]'
	check "a full disk: the old file stays whole, and nothing beside it" \
		full_disk
	check "a folder that there isn't" status_is 1 \
		ctl policy save "$WORK/nowhere/policy.conf"
	check "a link is not followed" link_stays
	check "a device stays one" all_of status_is 1 \
		ctl policy save "$WORK/zero" \; test -c "$WORK/zero"
	check "while others read, it is always whole" always_whole
	check "by default in /etc, in a folder that is made" default_file
}

round_trip()
{
	local before

	before=$(ctl policy get)
	ctl policy save "$FILE" &&
		ctl policy set login=1 quota_host=3 fxp= '[192.0.2.2]' &&
		[ "$(ctl policy get)" != "$before" ] &&
		ctl policy load "$FILE" && [ "$(ctl policy get)" = "$before" ]
}

mode_is_644()
{
	rm -f "$FILE"
	(umask 077 && ctl policy save "$FILE") &&
		[ "$(stat -c %a "$FILE")" = 644 ]
}

# On a file system of one page, which the old file has
full_disk()
{
	local dir=$WORK/small

	mkdir -p "$dir" && mount -t tmpfs -o size=4k tmpfs "$dir" &&
		echo login=1 >"$dir/policy.conf" || return
	status_is 1 ctl policy save "$dir/policy.conf" &&
		grep -qF "$dir/policy.conf: No space" "$WORK/said" &&
		[ "$(cat "$dir"/*)" = login=1 ] && [ "$(ls "$dir")" = policy.conf ]
	set -- $?
	umount "$dir"
	return "$1"
}

link_stays()
{
	echo kept >"$WORK/other"
	ln -s other "$WORK/link"
	status_is 1 ctl policy save "$WORK/link" &&
		[ "$(cat "$WORK/other")" = kept ] && test -L "$WORK/link"
}

SAVES=8
always_whole()
{
	local i n=0 want

	want=$(wc -c <"$FILE")
	(
		for ((i = 0; i < SAVES; i++)); do
			ctl policy save "$FILE"
		done
		touch "$WORK/saved"
	) &
	until [ -e "$WORK/saved" ]; do
		[ "$(wc -c <"$FILE")" -eq "$want" ] || {
			echo "only a part"
			return 1
		}
		n=$((n + 1))
	done
	wait $!
	echo "read $n times"
	[ $n -gt $SAVES ] && [ "$(ls "$FILE"*)" = "$FILE" ]
}

default_file()
{
	rm -f $DEFAULT && mkdir -p /etc/nf_appgw && rmdir /etc/nf_appgw &&
		ctl policy save && cmp $DEFAULT "$FILE" &&
		ctl policy diff && ctl policy load
}

said_lines()
{
	[ "$(printf '%s\n' "$@")" = "$(cat "$WORK/said")" ]
}

diff_checks()
{
	printf '%s\n' quota_host=010 fxp=10.0.0.0/8,fd00::/16,192.0.2.1 login=0 \
		'[192.0.2.1/32]' loose=1 >"$FILE"
	ctl policy set quota_host=10 fxp=10.0.0.0/8,fd00::/16,192.0.2.1/32 login=0 \
		'[192.0.2.1]' loose=1
	check "the same, written in another way" status_is 0 \
		ctl policy diff "$FILE"
	ctl policy set '[192.0.2.1]' loose=0
	check "another for a server" all_of status_is 1 ctl policy diff "$FILE" \; \
		said_lines '-[192.0.2.1/32]' -loose=0 '+[192.0.2.1/32]' +loose=1
	ctl policy set login=1 quota_host=8 '[192.0.2.1]' loose=1
	check "another: what is running, and what would be" all_of status_is 1 \
		ctl policy diff "$FILE" \; grep -qx -e -login=1 "$WORK/said" \; \
		grep -qx -e +login=0 "$WORK/said" \; \
		grep -qx -e +quota_host=10 "$WORK/said" \; \
		eval '[ "$(wc -l <"$WORK/said")" -eq 4 ]'
	check "the same as JSON" ctl_json \
		"d['login'] == {'running': True, 'file': False}" \
		policy diff "$FILE"
	echo login=x >"$FILE"
	check "a bad file: 2" status_is 2 ctl policy diff "$FILE"
	check "its line is told" grep -qF "$FILE:1: login=x: bad value" \
		"$WORK/said"
	check "no file: 2" status_is 2 ctl policy diff "$WORK/nonesuch"
	check "a word too many: usage" status_is 2 ctl policy load a b
	unload_appgw
	echo login=1 >"$FILE"
	check "without the module: load fails" all_of status_is 1 \
		ctl policy load "$FILE" \; grep -q 'not loaded' "$WORK/said"
	check "of nothing as well" all_of eval ': >"$FILE"' \; status_is 1 \
		ctl policy load "$FILE"
	check "diff: 2, save: 1, and makes nothing" all_of status_is 2 \
		ctl policy diff "$FILE" \; status_is 1 ctl policy save "$FILE.new" \; \
		eval '! ls "$FILE".* 2>/dev/null'
}

need appgwctl setpriv /usr/bin/python3
plan 42
say_start
genl_start
load_appgw
act masq
mknod "$WORK/zero" c 1 5
load_checks
save_checks
diff_checks
note "took $SECONDS s"

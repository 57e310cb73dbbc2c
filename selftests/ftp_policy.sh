#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the administrator allows holds: from the module's parameters, and from
# netlink at run time, for each network namespace by itself.
#
#	in, in2 ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# usage: ftp_policy.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/ftp_say.sh"
source "$SELFTESTS/peers/ftp_server.sh"

UNROUTABLE=192.168.250.7
EXPECT_MAX=/proc/sys/net/netfilter/nf_conntrack_expect_max

# shellcheck disable=SC2054
PARAMETERS=(login=0 loose=1 fix_pasv=1 dry_run=1 passive_ports=50000-50099
	ftps_ports=51000-51010 dcc_ports=52000-52001 media_ports=53000-53001
	direct_ports=54000-54001 bouncer_ports=1024-55000
	quota_host=7 quota_total=9 attach=0 quota_ipv6_len=56
	fxp=192.0.2.0/24,198.51.100.7/32,2001:db8::/32)

# A line of the server's that answers a question of the client's.
asked()
{
	pass c s "${2:-PASV}\r\n" && "$1" "${@:3}"
}

announce()
{
	pass "${2:-c}" "${3:-s}" "PORT $(six "${4:-$IN}" "$1")\r\n" \
		"PORT $(six "$WAN" "$1")\r\n"
}

not_logged_in()
{
	say listen control21 "$SERVER" 21 &&
		say dial c "$CLIENT" "$TARGET" 21 &&
		say accept s control21 && pass s c '220 ready\r\n' &&
		pass c s 'USER me\r\n' && pass s c '331 password?\r\n'
}

# not_loaded PARAM=VALUE: because of the value, and a line says so
not_loaded()
{
	local said

	unload_appgw
	dmesg -C
	if said=$(modprobe nf_appgw "$1" 2>&1); then
		genl policy gw
		return 1
	fi
	said+=$'\n'$(dmesg)
	echo "$said"
	! appgw_loaded && grep "${1%%=*}" <<<"$said" | grep -qF "'${1#*=}'"
}

two_clients()
{
	genl close
	say close
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=$OUT
	firewall gw masq=wan
}

# ---- parameters

parameters()
{
	act masq
	check "without parameters: the defaults" policy_is gw login=1 loose=0 \
		fix_pasv=0 dry_run=0 passive_ports= ftps_ports= \
		dcc_ports= media_ports= direct_ports= \
		bouncer_ports=32768-65535 \
		quota_host=$QUOTA_HOST quota_total=$QUOTA_TOTAL fxp= \
		attach=1 quota_ipv6_len=64
	check "counters by netlink are those in /proc" same_counters
	net_remove
	load_appgw "${PARAMETERS[@]}"
	act masq
	check "a namespace begins with the parameters" \
		policy_is gw "${PARAMETERS[@]}"
	check "each of them does" policy_is in "${PARAMETERS[@]}"
	for p in passive_ports=5-3 passive_ports=80-90 \
		passive_ports=50000-70000 ftps_ports=abc fxp=1.2.3.4/33 \
		quota_ipv6_len=0 quota_ipv6_len=129 \
		fxp=1.2.3.4/24 fxp=host.example \
		"fxp=$(seq -s, -f '10.0.0.%g' 17)"; do
		check "$p keeps the module from loading" not_loaded "$p"
	done
	load_appgw quota_total=5 bouncer_ports=
	check "bouncer_ports= is for none" policy_is gw bouncer_ports=
	check "quota_total=5 leaves two to a host" \
		policy_is gw quota_host=2 quota_total=5
	net_remove
	load_appgw
}

same_counters()
{
	local name value all

	all=$(genl stats gw)
	echo "$all"
	while read -r name value; do
		[[ " $all " == *" $name=$value "* ]] || return 1
	done < <(counters)
	[ "$(wc -w <<<"$all")" -eq "$(counters | wc -l)" ]
}

# ---- netlink

settings()
{
	local word

	act masq
	check "an empty policy changes nothing" policy gw
	for word in login=0 loose=1 fix_pasv=1 dry_run=1 \
		passive_ports=1024-65535 passive_ports=50000-50000 \
		ftps_ports=50100-50199 quota_host=3 quota_total=4294967295 \
		attach=0 quota_ipv6_len=1 quota_ipv6_len=128 \
		fxp=192.0.2.0/24,2001:db8::/32 fxp=0.0.0.0/0; do
		check "$word is set" all_of policy gw "$word" \; \
			policy_is gw "$word"
	done
	check "the other namespaces keep theirs" policy_is out login=1 loose=0 \
		fix_pasv=0 dry_run=0 passive_ports= ftps_ports= \
		quota_host=$QUOTA_HOST fxp=
	check "all at once" all_of policy gw "${PARAMETERS[@]}" \; \
		policy_is gw "${PARAMETERS[@]}"
	check "16 ranges for fxp" all_of policy gw \
		"fxp=$(seq -s, -f '10.0.0.%g/32' 16)" \; policy_is gw \
		"fxp=$(seq -s, -f '10.0.0.%g/32' 16)"
	check "and back to none" all_of \
		policy gw passive_ports= ftps_ports= fxp= \; \
		policy_is gw passive_ports= ftps_ports= fxp= login=0

	for word in passive_ports=50010-50000 passive_ports=1023-50000 \
		passive_ports=0-50000 passive_ports=50000-0 \
		ftps_ports=50010-50000 ftps_ports=1-65535 \
		fxp=1.2.3.4/33 fxp=1.2.3.4/24 fxp=2001:db8::/129 \
		fxp=2001:db8::1/64 fxp=/8 fxp=hex:0a00/8 fxp=hex:/0; do
		check "$word is refused" policy_refused gw EINVAL "$word"
	done
	for word in login loose fix_pasv dry_run; do
		check "$word=2 is refused" policy_refused gw ERANGE $word=2
	done
	check "17 ranges for fxp are refused" policy_refused gw ENOSPC \
		"fxp=$(seq -s, -f '10.0.0.%g/32' 17)"
	check "a request without a policy is refused" \
		policy_refused gw EINVAL bare
	check "one bad value and the good ones beside it are not set either" \
		policy_refused gw EINVAL login=1 quota_host=5 fxp=10.0.0.0/8 \
		passive_ports=5-3

	check "others than root may not ask" not_permitted policy
	check "nor set" not_permitted set login=1
	check "nor read the counters" not_permitted stats
	check "root without CAP_NET_ADMIN may not set" without_capability
	check "root of a namespace of its own may, there" own_root
	check "and that changes nothing here" policy_is gw login=0
}

not_permitted()
{
	local said

	said=$(genl_as gw setpriv --reuid 65534 --clear-groups -- "$@")
	echo "$said"
	[[ $said == EPERM:* ]]
}

without_capability()
{
	local said

	said=$(genl_as gw setpriv --bounding-set=-net_admin \
		--inh-caps=-net_admin -- set login=1)
	echo "$said"
	[[ $said == EPERM:* ]]
}

own_root()
{
	local said

	said=$(unshare -Urn sh -c '"$@" set login=0 loose=1 && "$@" policy' sh \
		/usr/bin/python3 -I -S "$SELFTESTS/peers/genl.py" 2>&1)
	echo "$said"
	[[ $said == *'"login": 0, "loose": 1,'* ]]
}

# ---- what each of them does

login()
{
	act masq
	fresh
	check "login=1: PORT before login opens nothing" all_of \
		not_logged_in \; \
		refused login c s "PORT $(six "$IN" $PORT)"
	check "login=0 at run time: it opens, on the same connection" all_of \
		policy gw login=0 \; pass s c '500 no\r\n' \; \
		announce $PORT \; data_through out "$WAN" $PORT data from=20
	check "login=1 again: refused again" all_of \
		policy gw login=1 \; pass s c '200 ok\r\n' \; \
		refused login c s "PORT $(six "$IN" $PORT)"
}

foreign()
{
	local near
	near=$(six $NEIGHBOUR $((PORT + 1)))

	act route
	neighbours
	fresh
	check "a neighbour's address: refused" all_of control \; \
		refused foreign c s "PORT $near"
	check "loose=1: opens, to the neighbour only" all_of \
		policy gw loose=1 \; pass c s "PORT $near\r\n" \; \
		say blocked out "$IN" $PORT \; \
		data_through out $NEIGHBOUR $PORT data
	check "loose=1: not its privileged ports" \
		refused privileged c s "PORT $(six $NEIGHBOUR 1023)"

	fresh
	near=$(six $NEIGHBOUR $PORT)
	check "loose=0, fxp=10.0.1.96/27: the neighbour's opens" all_of \
		policy gw loose=0 fxp=192.0.2.0/24,10.0.1.96/27 \; \
		pass c s "PORT $near\r\n" \; \
		data_through out $NEIGHBOUR $PORT data
	check "its privileged ports don't" \
		refused privileged c s "PORT $(six $NEIGHBOUR 22)"
	check "an address below the range is refused" \
		refused foreign c s "PORT $(six 10.0.1.95 $PORT)"
	check "one above it too" \
		refused foreign c s "PORT $(six 10.0.1.128 $PORT)"
	check "the client's own opens" all_of \
		pass c s "PORT $(six "$IN" $PORT)\r\n" \; expect_count 1 $PORT
	check "fxp=0.0.0.0/0: anybody's" all_of \
		policy gw fxp=0.0.0.0/0 \; \
		pass c s "PORT $(six 198.51.100.77 $PORT)\r\n" \; \
		expect_count 1 $PORT
	check "not IPv6's" \
		with_open 1 refused foreign c s "EPRT |2|fd00:1::99|$PORT|"
	check "fxp= empty: refused again" all_of policy gw fxp= \; \
		with_open 1 refused foreign c s "PORT $near"

	act route6
	neighbours
	fresh
	check "IPv6, fxp=fd00:1::80/121: the neighbour's opens" all_of \
		policy gw fxp=10.0.0.0/8,fd00:1::80/121 \; control \; \
		pass c s "EPRT |2|fd00:1::99|$PORT|\r\n" \; \
		data_through out fd00:1::99 $PORT data
	check "IPv6: outside the range is refused" \
		refused foreign c s "EPRT |2|fd00:1::7f|$PORT|"
}

passive_ports()
{
	act dnat
	fresh
	check "passive_ports: 227 is moved into the range" all_of \
		control \; policy gw passive_ports=52000-52003 \; \
		passive 227 $PORT 52000 52003
	fresh
	check "229 is" passive 229 $PORT 52000 52003
	PORT=52001
	fresh
	check "a port in the range stays as it is" passive 227 $PORT 52002 52002
	check "a range of one port: that one" all_of \
		policy gw passive_ports=53000-53000 \; \
		passive 227 $PORT 53000 53000
	check "and it is open for one only" all_of \
		pass c s 'PASV\r\n' \; \
		say send s "227 go ($(six "$IN" $PORT))\r\n" \; told c \; \
		control c2 s2 \; with_open 1 second_finds_it_taken
	check "PORT from outside is not moved" all_of \
		policy gw passive_ports=54000-54010 \; \
		pass c s "PORT $(six "$OUT" 50999)\r\n" \; expect_count 1 50999
}

second_finds_it_taken()
{
	pass c2 s2 'PASV\r\n' &&
		refused taken s2 c2 "227 go ($(six "$IN" $PORT))"
}

fix_pasv()
{
	act masq
	ip -n out addr add $OTHER/24 dev eth0
	fresh out
	check "fix_pasv=0: an outside server's odd address is refused" all_of \
		control \; \
		asked refused PASV foreign s c "227 go ($(six $UNROUTABLE $PORT))"
	for addr in $UNROUTABLE 0.0.0.0 127.0.0.1 $OTHER "$IN"; do
		fresh out
		check "fix_pasv=1: $addr becomes the server's, and works" all_of \
			policy gw fix_pasv=1 \; pass c s 'PASV\r\n' \; \
			pass s c "227 go ($(six $addr $PORT))\r\n" \
				"227 go ($(six "$OUT" $PORT))\r\n" \; \
			data_through in "$OUT" $PORT data
	done
	check "fix_pasv=1: a privileged port is refused" \
		asked refused PASV privileged s c "227 go ($(six $UNROUTABLE 22))"
	check "fix_pasv=1: PORT is not corrected" \
		refused foreign c s "PORT $(six $NEIGHBOUR $PORT)"
	check "fix_pasv=1: the server's own address stays" all_of \
		pass s c '500 no\r\n' \; pass c s 'PASV\r\n' \; \
		pass s c "227 go ($(six "$OUT" $PORT))\r\n"

	act route
	fresh out
	check "fix_pasv=1 without NAT" all_of \
		policy gw fix_pasv=1 \; control \; pass c s 'PASV\r\n' \; \
		pass s c "227 go ($(six $UNROUTABLE $PORT))\r\n" \
			"227 go ($(six "$OUT" $PORT))\r\n" \; \
		data_through in "$OUT" $PORT data \; say chat c s 5
}

quotas()
{
	two_clients
	fresh
	say listen data2 in2 $PORT >/dev/null
	{ control && control c1 s1 && control_of in2 c2 s2; } >/dev/null ||
		die "no control connections"
	check "quota_host=1: a host's first pinhole" all_of \
		policy gw quota_host=1 \; announce 50900
	OPEN=1 check "its second, by another connection, is refused" \
		refused quota c1 s1 "PORT $(six "$IN" 50901)"
	check "another host is served" announce 50902 c2 s2 "$IN2"
	check "a connection may replace its own" announce $PORT
	check "when the first is used up, there is one again" all_of \
		data_through out "$WAN" $PORT data \; \
		announce 50903 c1 s1
	check "and when the connection ends" all_of \
		say close c1 s1 \; wait_for 20 expect_count 1 50902 \; \
		wait_for 20 announce 50904
	check "quota_host=0: any number" all_of policy gw quota_host=0 \; \
		control c1 s1 \; announce 50905 c1 s1 \; expect_count 3

	check "quota_total=3: three are open, a fourth is refused" all_of \
		policy gw quota_total=3 \; control_of in2 c3 s3 \; \
		with_open 3 refused quota c3 s3 "PORT $(six "$IN2" 50906)"
	check "quota_total=4: now it isn't" all_of policy gw quota_total=4 \; \
		announce 50906 c3 s3 "$IN2"
	two_clients
	{ control && control_of in2 c2 s2; } >/dev/null ||
		die "no control connections"
	check "quota_host=1, both in passive mode: one host is served" all_of \
		policy gw quota_host=1 \; pass c s 'PASV\r\n' \; \
		pass s c "227 go ($(six "$OUT" 50900))\r\n" \; expect_count 1
	check "and so is the other, from the same server" all_of \
		pass c2 s2 'PASV\r\n' \; \
		pass s2 c2 "227 go ($(six "$OUT" 50901))\r\n" \; expect_count 2

	two_clients
	policy gw quota_host=0 quota_total=8
	check "quota_total=8: one host has seven" many_open 7
	OPEN=7 check "its eighth is refused" refused quota "c$LAST" "s$LAST" \
		"PORT $(six "$IN" 50900)"
	check "a host that has none gets the eighth" all_of \
		control_of in2 c0 s0 \; announce 50901 c0 s0 "$IN2"
}

# many_open COUNT: by one host, each on a connection of its own; there is one more
# connection, c$LAST, that has opened none
many_open()
{
	local i

	for ((i = 1; i <= $1; i++)); do
		control "c$i" "s$i" >/dev/null &&
			announce $((50800 + i)) "c$i" "s$i" || return
	done
	LAST=$i
	control "c$i" "s$i" && expect_count "$1"
}

# A host of IPv6 has as many addresses as it likes: they count for one.
prefixes()
{
	local i addr

	act masq6
	for i in 11 12 13; do
		ip -n in -6 addr add "fd00:1::$i/64" dev eth0 nodad
	done
	ip -n in -6 addr add fd00:1:0:1::11/64 dev eth0 nodad
	ip -n gw -6 route replace fd00:1:0:1::/64 dev lan
	policy gw quota_host=2
	check "IPv6: two of a host's addresses" all_of \
		opens_from fd00:1::11 1 \; opens_from fd00:1::12 2
	check "a third one of its /64 is refused" refused_from fd00:1::13 2
	check "another prefix is another host" opens_from fd00:1:0:1::11 3
	policy gw quota_ipv6_len=128
	check "quota_ipv6_len=128: each address is a host" \
		opens_from fd00:1::13 4
	policy gw quota_ipv6_len=48
	check "quota_ipv6_len=48: both prefixes are one, and full" all_of \
		refused_from fd00:1::12 4 \; refused_from fd00:1:0:1::11 4
}

# says_from ADDRESS: an EPRT from there, on a connection of its own
says_from()
{
	N=$((${N:-0} + 1))
	say listen control21 out 21 >/dev/null &&
		say dial "c$N" in "$(ip_of out)" 21 "bind=$1" &&
		say accept "s$N" control21 >/dev/null &&
		pass "s$N" "c$N" '220 ready\r\n' &&
		pass "c$N" "s$N" 'USER me\r\n' &&
		pass "s$N" "c$N" '230 hi\r\n' &&
		say send "c$N" "EPRT |2|$1|$((50700 + N))|\r\n" &&
		say get "s$N"
}

# opens_from ADDRESS COUNT: so many are open then
opens_from()
{
	says_from "$1" && expect_count "$2"
}

refused_from()
{
	local before

	before=$(counters)
	says_from "$1" && expect_count "$2" &&
		counters_moved "$before" refused_quota=1
}

# ---- the router's own ports

served_ports()
{
	act masq
	fresh
	check "PORT keeps its port" all_of control \; announce $PORT
	say listen service gw $PORT >/dev/null
	check "if the router listens there, it moves" all_of \
		say send c "PORT $(six "$IN" $PORT)\r\n" \; told s \
			"^PORT ${WAN//./,}," \; \
		moved_works
	check "the router's service is not reached by it" all_of \
		say nobody service \; expect_count 0
	say close service
	say listen service gw $PORT bind=127.0.0.1 >/dev/null
	check "a service on 127.0.0.1 is not in the way" announce $PORT

	act dnat
	fresh
	say listen service gw $PORT >/dev/null
	check "227 moves too" all_of control \; pass c s 'PASV\r\n' \; \
		say send s "227 go ($(six "$IN" $PORT))\r\n" \; told c \; \
		moved_works
	check "a range of which the router has every port: refused" all_of \
		policy gw passive_ports=$PORT-$PORT \; \
		asked refused PASV taken s c "227 go ($(six "$IN" 50990))"
}

moved_works()
{
	[ "$public" -ne $PORT ] && expect_count 1 "$public" &&
		data_through out "$WAN" "$public" data
}

# ---- dry run

dry_run()
{
	act masq
	fresh
	policy gw dry_run=1
	genl follow e gw
	check "dry_run=1: PORT passes as it is, nothing opens, it is counted" \
		all_of control \; would_open
	check "the event says what would have happened" genl event e \
		type=opened reason=opened kind=port dry_run=1 \
		"announced=$IN:$PORT" server="$OUT:21"
	check "nobody gets in" say blocked out "$WAN" $PORT
	check "dry_run=1: refusals are told too" all_of \
		refused foreign c s "PORT $(six $NEIGHBOUR $PORT)" \; \
		genl event e type=refused reason=refused_foreign kind=port \
		dry_run=1 "announced=$NEIGHBOUR:$PORT"
	check "dry_run=1: a split line is not held back" all_of \
		say send c 'PORT 10,0' \; say want s 'PORT 10,0' \; \
		pass c s ",1,2,195,80\r\n"
	genl forget e
	check "dry_run=0: the same line opens" all_of \
		policy gw dry_run=0 \; announce $PORT \; \
		genl event e type=opened dry_run= \; \
		data_through out "$WAN" $PORT data
}

would_open()
{
	local before

	before=$(counters)
	pass c s "PORT $(six "$IN" $PORT)\r\n" && expect_count 0 &&
		counters_moved "$before" opened=1
}

# ---- FTPS

PASV_LO=50100
PASV_HI=50109

server_vsftps()
{
	server_vsftpd "$1" "$2"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout "$1/key" -out "$1/cert" -subj /CN=ftps \
		-days 2 >/dev/null 2>&1 || die "no certificate"
	cat >>"$1/conf" <<-EOF
		ssl_enable=YES
		allow_anon_ssl=NO
		force_local_logins_ssl=YES
		force_local_data_ssl=YES
		require_ssl_reuse=NO
		ssl_ciphers=HIGH
		rsa_cert_file=$1/cert
		rsa_private_key_file=$1/key
	EOF
}
SERVER_PACKAGE[vsftps]=vsftpd
SERVER_BINARY[vsftps]=vsftpd

ftps_get()
{
	rm -f "$WORK/got"
	in_ns in curl -q -sS -v --ssl-reqd -k --disable-epsv -m "$1" \
		--no-ftp-skip-pasv-ip -u "$TEST_USER:$TEST_PASS" \
		-o "$WORK/got" "ftp://$OUT/file" 2>&1 &&
		cmp "$WORK/got" "$TEST_HOME/file"
}

# What curl says once it waits for the data connection
ftps_fails()
{
	local said

	said=$(ftps_get 8)
	echo "$said"
	[ ! -s "$WORK/got" ] && [[ $said == *'< 227 '* ]]
}

real_ftps()
{
	two_clients
	start_server vsftps out
	head -c 50000 /dev/urandom >"$TEST_HOME/file"
	check "FTPS without ftps_ports: no data connection" ftps_fails
	check "counted as encrypted" counter_is stopped_tls 1
	check "with ftps_ports: vsftpd and curl transfer over TLS" all_of \
		policy gw ftps_ports=50100-50109 \; ftps_get 30
	check "and once more" ftps_get 30
	stop_server out
}

ftps()
{
	two_clients
	ip -n out addr add $OTHER/24 dev eth0
	say listen data out 50100 >/dev/null
	say listen data9 out 50109 >/dev/null
	say listen below out 50099 >/dev/null
	policy gw ftps_ports=50100-50109
	check "ftps_ports: shut before AUTH" all_of \
		control \; say blocked in "$OUT" 50100
	check "open after it" all_of pass c s 'AUTH TLS\r\n' \; \
		pass s c '234 go ahead\r\n' \; \
		data_through in "$OUT" 50100 data
	check "its last port, and a second connection" \
		data_through in "$OUT" 50109 data9
	check "translated like the control connection" comes_from "$WAN"
	check "ports beside the range are shut" say blocked in "$OUT" 50099
	check "so are those of another server" say blocked in $OTHER 50100
	check "another inside host is kept out" say blocked in2 "$OUT" 50100
	check "even with a plain session of its own" all_of \
		control_of in2 c2 s2 \; say blocked in2 "$OUT" 50100
	check "nobody comes in from outside" say blocked out "$WAN" 50100
	check "dry_run=1: shut" all_of policy gw dry_run=1 \; \
		say blocked in "$OUT" 50100 \; policy gw dry_run=0
	check "ftps_ports= empty at run time: shut" all_of \
		policy gw ftps_ports= \; say blocked in "$OUT" 50100 \; \
		policy gw ftps_ports=50100-50109
	check "open again" all_of say close data \; \
		say listen data out 50100 \; data_through in "$OUT" 50100 data
	check "the data connection goes on when the control one has ended" \
		all_of say close c s \; pass d1 d2 'more\r\n'
	check "but no other comes up" say blocked in "$OUT" 50100
	in_ns gw conntrack -F 2>/dev/null
	check "nor after a reset" all_of encrypted \; say reset c \; \
		say end s \; say blocked in "$OUT" 50100
	in_ns gw conntrack -F 2>/dev/null
	check "a client with two sessions needs only one of them" all_of \
		encrypted \; encrypted c1 s1 \; say close c s \; \
		say close data \; say listen data out 50100 \; \
		data_through in "$OUT" 50100 data

	in_ns gw conntrack -F 2>/dev/null
	check "AUTH TLS: open after any yes" all_of hello_scene \; \
		pass c s 'AUTH TLS\r\n' \; pass s c '200 ok\r\n' \; \
		data_through in "$OUT" 50100 data
	check "open when the client begins before the answer" all_of \
		hello_scene \; pass c s 'AUTH TLS\r\n' \; pass c s "$HELLO" \; \
		data_through in "$OUT" 50100 data
	check "TLS unasked: shut as long as the server says nothing" all_of \
		hello_scene \; pass c s "$HELLO" \; \
		say blocked in "$OUT" 50100
	check "open when it goes along" all_of pass s c "$HELLO" \; \
		data_through in "$OUT" 50100 data
	check "TLS unasked: shut when the server doesn't know it" all_of \
		hello_scene \; pass c s "$HELLO" \; pass s c '500 what\r\n' \; \
		say blocked in "$OUT" 50100 \; pass s c "$HELLO" \; \
		say blocked in "$OUT" 50100
	check "shut when AUTH was refused, and the server says no again" all_of \
		hello_scene \; pass c s 'AUTH TLS\r\n' \; \
		pass s c '504 no\r\n' \; pass c s "$HELLO" \; \
		pass s c '500 what\r\n' \; say blocked in "$OUT" 50100

	act masq6
	say listen data out 50100 >/dev/null
	check "IPv6: ftps_ports" all_of policy gw ftps_ports=50100-50109 \; \
		control \; say blocked in "$TARGET" 50100 \; \
		pass c s 'AUTH TLS\r\n' \; pass s c '234 go ahead\r\n' \; \
		data_through in "$TARGET" 50100 data
}

# How TLS begins: a record that has no end of a line
HELLO='\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03'

# hello_scene: a control connection, and who waits for data, anew
hello_scene()
{
	say close c s data d1 d2 && say listen data out 50100 && control
}

comes_from()
{
	local peer

	say close data d1 && say listen data out 50100 &&
		say dial d1 in "$OUT" 50100 && peer=$(say accept d2 data) &&
		echo "$peer" && [ "${peer% *}" = "$1" ]
}

# all_of takes no assignments
control_of()
{
	CLIENT=$1 control "${@:2}"
}

need nft conntrack nsenter ip setpriv curl openssl
need_server vsftpd
# Parts that may be named, and how many checks each makes
declare -A checks=([parameters]=16 [settings]=45 [login]=3 [foreign]=13
	[passive_ports]=6 [fix_pasv]=10 [quotas]=14 [prefixes]=5 [served_ports]=6
	[dry_run]=6 [ftps]=23 [real_ftps]=4)
parts=(parameters settings login foreign passive_ports fix_pasv quotas
	prefixes served_ports dry_run ftps real_ftps)
[ $# -eq 0 ] || parts=("$@")
total=0
for part in "${parts[@]}"; do
	total=$((total + ${checks[$part]:?no such part}))
done
plan $total
say_start
genl_start
load_appgw
QUOTA_TOTAL=$(($(cat $EXPECT_MAX) / 4))
QUOTA_HOST=$((QUOTA_TOTAL < 128 ? QUOTA_TOTAL / 2 : 64))
for part in "${parts[@]}"; do
	$part
done
note "took $SECONDS s"

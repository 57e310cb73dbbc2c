#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whoever listens is told of each pinhole and each refusal: what, when, why,
# and between whom; in the namespace that it concerns, and no text besides.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"

IN=${IP4[in]}
OUT=${IP4[out]}
WAN=${IP4[wan]}
NEIGHBOUR=10.0.1.99
PORT=50000
PER_S=500		# APPGW_EVENTS_PER_S
SECRET=Sw0rdfish
INSIDE=$(six "$IN" $PORT)
PUBLIC=$(six "$WAN" $PORT)

# begin TOPOLOGY: a control connection, whose events come
begin()
{
	act "$1"
	say listen data in $PORT >/dev/null
	genl follow e gw && control >/dev/null ||
		die "no control connection"
	client=$(end_of "$CLIENT_OWN" "$(say port c)")
	server=$(end_of "$TARGET" 21)
}

end_of()
{
	case $1 in
	*:*) echo "[$1]:$2" ;;
	*) echo "$1:$2" ;;
	esac
}

# event WORD...: comes next, and concerns c
event()
{
	genl event e "client=$client" "server=$server" "time=*" \
		helper=ftp dry_run= lost= "$@"
}

announce()
{
	pass c s "PORT $INSIDE\r\n" "PORT $PUBLIC\r\n"
}

# refused REASON KIND ANNOUNCED LINE: the client's
refused()
{
	pass c s "$4\r\n" &&
		event type=refused "reason=refused_$1" "kind=$2" \
			"announced=$3" public= peer= &&
		pass s c '500 no\r\n'
}

in_time()
{
	local before after said

	before=$(genl now)
	announce && said=$(event type=opened) || return
	after=$(genl now)
	echo "$before $said $after"
	said=${said#*\"time\": }
	said=${said%%[,\}]*}
	[ "$before" -le "$said" ] && [ "$said" -le "$after" ]
}

active()
{
	CLIENT_OWN=$IN
	begin masq
	check "a control connection is no event" genl silent e
	check "PORT: opened" all_of announce \; \
		event type=opened reason=opened kind=port \
		"announced=$IN:$PORT" "public=$WAN:$PORT" "peer=$OUT"
	check "used, by whom" all_of \
		say dial d1 out "$WAN" $PORT from=4242 \; \
		event type=used reason=used kind=port \
		"announced=$IN:$PORT" "public=$WAN:$PORT" "peer=$OUT:4242"
	check "and that is all" genl silent e
	check "the time is the clock's" in_time
	check "another announcement: closed, replaced" all_of announce \; \
		event type=closed reason=replaced kind=port \
		"announced=$IN:$PORT" "public=$WAN:$PORT" "peer=$OUT" \; \
		event type=opened
	check "the server refuses: closed, rejected" all_of \
		speak_500 \; event type=closed reason=rejected kind=port
	check "EPRT" all_of \
		pass c s "EPRT |1|$IN|$PORT|\r\n" "EPRT |1|$WAN|$PORT|\r\n" \; \
		event type=opened kind=eprt "announced=$IN:$PORT" \
		"public=$WAN:$PORT"
	check "a passive announcement: closed, replaced" all_of \
		pass s c '200 ok\r\n' \; pass c s 'EPSV\r\n' \; \
		pass s c '229 go (|||50009|)\r\n' \; \
		event type=closed reason=replaced kind=eprt \; \
		event type=opened reason=opened kind=epsv \
		"announced=:50009" "public=$OUT:50009" "peer=$IN"
	check "the control connection ends: closed" all_of \
		say close c s \; event type=closed reason=closed kind=epsv
	check "none after that" genl silent e
}

# The reply to the PORT before that one as well
speak_500()
{
	pass s c '200 one\r\n' && pass s c '200 two\r\n' &&
		pass s c '500 no\r\n'
}

refusals()
{
	CLIENT_OWN=$IN
	begin masq
	check "foreign" refused foreign port $NEIGHBOUR:$PORT \
		"PORT $(six $NEIGHBOUR $PORT)"
	check "privileged" refused privileged eprt "$IN:22" "EPRT |1|$IN|22|"
	check "another family's" refused foreign eprt "[fd00:1::9]:$PORT" \
		"EPRT |2|fd00:1::9|$PORT|"
	check "malformed: no endpoint" refused malformed '' '' \
		"PORT 10,0,1,2,256,80"
	check "unsolicited" all_of \
		pass s c "227 go ($(six "$OUT" 50009))\r\n" \; \
		event type=refused reason=refused_unsolicited kind=pasv \
		"announced=$OUT:50009" public= peer=
	check "unsolicited, in two segments" all_of \
		say send s "229 go (|||50" \; say want c '229 ' \; \
		pass s c "009|)\r\n" "go (|||50009|)\r\n" \; \
		event type=refused reason=refused_unsolicited kind=epsv \
		announced=:50009 public= peer=
	check "over quota" all_of policy gw quota_host=1 \; announce \; \
		event type=opened \; control c2 s2 \; second_refused
	policy gw quota_host=64
	check "EPSV ALL" all_of pass s c '200 ok\r\n' \; \
		pass c s 'EPSV ALL\r\n' \; pass s c '200 ok\r\n' \; \
		refused epsv_all port "$IN:$PORT" "PORT $INSIDE"
	genl forget e
	check "stopped: what isn't FTP" all_of \
		pass c s "GET /$SECRET HTTP/1.0\r\n" \; \
		event type=closed reason=closed kind=port \; \
		event type=stopped reason=stopped_not_client kind= \
		announced= public= peer=

	genl follow e gw
	say close
	say listen data in $PORT >/dev/null
	need_control
	client=$(end_of "$IN" "$(say port c)")
	check "AUTH closes what is open, and stops" all_of announce \; \
		event type=opened \; pass s c '200 ok\r\n' \; \
		pass c s 'AUTH TLS\r\n' \; pass s c '234 ok\r\n' \; \
		event type=closed reason=closed \; \
		event type=stopped reason=stopped_tls
	check "not a word after that" all_of \
		pass c s "PORT $INSIDE\r\n" \; genl silent e

	say close
	CONTROL_PORT=21 say listen control21 out 21 >/dev/null
	say dial c in "$OUT" 21 && say accept s control21 >/dev/null
	client=$(end_of "$IN" "$(say port c)")
	check "before login, with a password" all_of \
		pass s c '220 hi\r\n' \; pass c s "USER $SECRET\r\n" \; \
		pass s c '331 go on\r\n' \; pass c s "PASS $SECRET\r\n" \; \
		refused login port "$IN:$PORT" "PORT $INSIDE"
	check "and with text beside the announcement" all_of \
		pass s c '230 hi\r\n' \; \
		refused malformed '' '' "PORT 10,0,1,2,$SECRET" \; \
		pass c s "PASV $SECRET\r\n" \; \
		pass s c "227 $SECRET ($(six "$OUT" 50009)) $SECRET\r\n" \; \
		event kind=pasv
	check "no event says anything of it" genl unsaid e $SECRET
	check "nor of other text" genl unsaid e anonymous
}

second_refused()
{
	local client

	client=$(end_of "$IN" "$(say port c2)")
	pass c2 s2 "PORT $(six "$IN" 50009)\r\n" &&
		event type=refused reason=refused_quota kind=port \
			"announced=$IN:50009"
}

passive()
{
	CLIENT_OWN=$OUT
	begin dnat
	check "227 behind DNAT: opened" all_of pass c s 'PASV\r\n' \; \
		pass s c "227 go ($INSIDE)\r\n" "227 go ($PUBLIC)\r\n" \; \
		event type=opened kind=pasv "announced=$IN:$PORT" \
		"public=$WAN:$PORT" "peer=$OUT"
	check "used" all_of data_through out "$WAN" $PORT data from=4243 \; \
		event type=used kind=pasv "peer=$OUT:4243"
	check "the public address announced already" all_of \
		pass c s 'PASV\r\n' \; pass s c "227 go ($PUBLIC)\r\n" \; \
		event type=opened "announced=$WAN:$PORT" "public=$WAN:$PORT"

	CLIENT_OWN=$IN
	begin masq
	check "fix_pasv: what was announced, and what was made of it" all_of \
		policy gw fix_pasv=1 \; pass c s 'PASV\r\n' \; \
		pass s c "227 go (192,168,9,9,195,80)\r\n" \
			"227 go ($(six "$OUT" $PORT))\r\n" \; \
		event type=opened kind=pasv "announced=192.168.9.9:$PORT" \
		"public=$OUT:$PORT" "peer=$IN"
	check "fxp: the other's endpoint" all_of \
		policy gw fix_pasv=0 fxp=$NEIGHBOUR/32 \; genl forget e \; \
		pass c s "PORT $(six $NEIGHBOUR $PORT)\r\n" \; \
		event type=closed reason=replaced \; \
		event type=opened kind=port "announced=$NEIGHBOUR:$PORT" \
		"public=$NEIGHBOUR:$PORT" "peer=$OUT"

	CLIENT_OWN=${IP6[in]}
	begin masq6
	check "IPv6: opened" all_of \
		pass c s "EPRT |2|$CLIENT_OWN|$PORT|\r\n" \
			"EPRT |2|${IP6[wan]}|$PORT|\r\n" \; \
		event type=opened kind=eprt "announced=[$CLIENT_OWN]:$PORT" \
		"public=[${IP6[wan]}]:$PORT" "peer=${IP6[out]}"
	check "IPv6: used" all_of \
		data_through out "${IP6[wan]}" $PORT data from=4244 \; \
		event type=used "peer=[${IP6[out]}]:4244"
}

ftps()
{
	CLIENT_OWN=$IN
	begin masq
	policy gw ftps_ports=50100-50109
	say listen ftps out 50100 >/dev/null
	check "FTPS: stopped" all_of pass c s 'AUTH TLS\r\n' \; \
		pass s c '234 ok\r\n' \; \
		event type=stopped reason=stopped_tls
	check "FTPS: a data connection is told of" all_of \
		data_through in "$OUT" 50100 ftps from=4245 \; \
		ftps_told
}

# Opened for and used by the same packet: told as one or as both
ftps_told()
{
	local said

	said=$(event "public=$OUT:50100") || { echo "$said"; return 1; }
	echo "$said"
	[[ $said == *'"type": "used"'* ]] ||
		event type=used "peer=$IN:4245" "public=$OUT:50100"
}

# drop CHAIN VERDICT: what the administrator has forgotten to accept
drop()
{
	in_ns gw nft insert rule inet test "$1" ct state related \
		meta l4proto tcp "$2"
}

# comes_in_vain ADDRESS PORT: from that port of the server, one SYN; says when
comes_in_vain()
{
	in_ns out /usr/bin/python3 -I -S -c '
import socket, sys, time
host, port, own = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
s.bind(("", own))
s.settimeout(0.5)
print(time.time_ns(), flush=True)
try:
    s.connect((host, port))
except OSError:
    sys.exit(0)
sys.exit(1)' "$1" $PORT "$2"
}

# blocked_in_time ADDRESS PORT WORD...: the event of one that comes from that port
blocked_in_time()
{
	local before said

	before=$(comes_in_vain "$1" "$2") &&
		said=$(event type=blocked reason=blocked "${@:3}") || return
	echo "$before $said"
	said=${said#*\"time\": }
	said=${said%%[,\}]*}
	[ $((said - before)) -lt $(($(scaled 1) * 1000000000)) ]
}

dropped()
{
	CLIENT_OWN=$IN
	begin masq
	drop forward drop
	check "the firewall drops the data connection: blocked" all_of \
		announce \; event type=opened \; \
		blocked_in_time "$WAN" 4246 kind=port "announced=$IN:$PORT" \
		"public=$WAN:$PORT" "peer=$OUT:4246"
	check "that is counted, and no use" all_of \
		counter_is blocked 1 \; counter_is used 0 \; genl silent e
	drop forward reject
	check "it rejects it: the same" all_of announce \; event type=opened \; \
		blocked_in_time "$WAN" 4247 "peer=$OUT:4247" \; \
		counter_is blocked 2
	in_ns gw nft flush chain inet test forward
	in_ns gw nft add rule inet test forward accept
	check "it accepts it: used, and nothing more is blocked" all_of \
		announce \; event type=opened \; \
		say dial d3 out "$WAN" $PORT from=4248 \; \
		event type=used "peer=$OUT:4248" \; counter_is blocked 2 \; \
		genl silent e

	CLIENT_OWN=$WAN
	begin local-client
	drop input drop
	check "a client on the router itself: blocked" all_of \
		pass c s "PORT $PUBLIC\r\n" "PORT $PUBLIC\r\n" \; \
		event type=opened \; \
		blocked_in_time "$WAN" 4246 "peer=$OUT:4246"

	CLIENT_OWN=${IP6[in]}
	begin masq6
	drop forward drop
	check "IPv6: blocked" all_of \
		pass c s "EPRT |2|$CLIENT_OWN|$PORT|\r\n" \
			"EPRT |2|${IP6[wan]}|$PORT|\r\n" \; \
		event type=opened \; \
		blocked_in_time "${IP6[wan]}" 4249 "peer=[${IP6[out]}]:4249"
}

listeners()
{
	local said

	CLIENT_OWN=$IN
	begin masq
	genl follow out out
	genl follow other gw
	check "two listeners hear the same" all_of announce \; \
		event type=opened \; genl event other type=opened
	check "another namespace hears nothing" genl silent out
	check "root without CAP_NET_ADMIN can't listen" can_not_listen \
		setpriv --bounding-set=-net_admin --inh-caps=-net_admin
	check "nor can others" can_not_listen \
		setpriv --reuid 65534 --clear-groups
	check "root in a namespace of its own hears nothing of this one" \
		own_namespace
	genl close other out
}

can_not_listen()
{
	local said

	said=$(genl_as gw timeout 20 "$@" -- events)
	echo "$said"
	[[ $said == EPERM:* ]]
}

own_namespace()
{
	local said

	unshare -Urn timeout 8 /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/genl.py" events >"$WORK/own" 2>&1 &
	wait_for 8 grep -q listening "$WORK/own" &&
		pass s c '200 ok\r\n' && announce
	wait $!
	said=$(cat "$WORK/own")
	echo "$said"
	[ "$said" = '{"listening": "events"}' ]
}

# flood N: so many refused announcements at once
flood()
{
	local text='' i

	for ((i = 0; i < $1; i++)); do
		text+="PORT 10,0,1,99,195,80\r\n"
	done
	say send c "$text" && say want s "$text"
}

# Whatever is not told is counted, with the next one at the latest.
limited()
{
	local before moved told lost

	before=$(counter refused_foreign)
	flood 1400 || return
	pause 1.1
	flood 1 || return
	moved=$(($(counter refused_foreign) - before))
	read -r told lost < <(genl tally e)
	echo "$moved refused, $told told, $lost lost"
	[ "$moved" -eq 1401 ] && [ $((told + lost)) -eq "$moved" ] &&
		[ "$lost" -gt 0 ] && [ "$told" -ge $((PER_S + 1)) ]
}

rate()
{
	CLIENT_OWN=$IN
	begin route
	check "400 at once are all told" all_of flood 400 \; tally_is 400 0
	pause 1.1
	check "of 1401, $PER_S a second and the number of the others" limited
	pause 1.1
	check "then none is missing again" all_of flood 1 \; tally_is 1 0
}

tally_is()
{
	local said

	said=$(genl tally e)
	echo "told and lost: $said"
	[ "$said" = "$*" ]
}

need nft conntrack nsenter ip setpriv
parts=(active refusals passive dropped ftps listeners rate)
[ $# -eq 0 ] || parts=("$@")
plan 49
say_start
genl_start
load_appgw
for part in "${parts[@]}"; do
	$part
done
note "took $SECONDS s"

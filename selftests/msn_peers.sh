#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The reference endpoints of MSN understand each other in every way they know,
# and notice each wrong length: a relay between them falsifies one at a time, or
# moves addresses as a router does and forgets one correction. No router, no
# module: it runs anywhere, in a network namespace with nothing but loopback.
#
#	inviter ---- [relay] ---- switchboard ---- receiver
#	   `--------- [data relay] ------------------'
#
# usage: msn_peers.sh [WORD...]	only the checks whose names have one of the words

set -u
SELFTESTS=$(dirname "$(readlink -f "$0")")
source "$SELFTESTS/lib/tap.sh"

[ "$(id -u)" -eq 0 ] || skip_all "needs root"
need unshare ip /usr/bin/python3
if [ "${MSN_PEERS_INSIDE:-}" != 1 ]; then
	export MSN_PEERS_INSIDE=1
	exec unshare --net --pid --fork --kill-child "$0" "$@"
fi
ip link set lo up || skip_all "no loopback"

WORK=$(mktemp -d) || exit 1
source "$SELFTESTS/lib/msn_peers.sh"
trap 'rc=$?; rm -rf "$WORK"; tap_finish $rc; exit' EXIT
mkfifo "$WORK/pause"
exec {PAUSE_FD}<>"$WORK/pause"

SERVER=1863
RELAY=1864	# to it, for the inviter
DATA=7000	# where the inviter listens, if it doesn't matter where
DATA_RELAY=7001
PARTIES="switchboard relay data inviter receiver"

diagnose()
{
	:
}

# transfer WORD...: what both clients are told; "inviter:WORD", "receiver:WORD"
# and "switchboard:WORD" are for that one alone, "relay:WORD" and "data:WORD"
# for relays, which are there if something is for them
transfer()
{
	local word name
	local -A pids=()
	local switchboard=() relay=() data=() inviter=() receiver=()
	local server=127.0.0.1:$SERVER own

	for word; do
		name=${word%%:*}
		case $word in
		switchboard:*|relay:*|data:*|inviter:*|receiver:*)
			local -n list=$name
			list+=("${word#*:}")
			;;
		*)
			inviter+=("$word")
			receiver+=("$word")
			;;
		esac
	done
	rm -f "$PEERS_GOT"
	for name in $PARTIES; do
		: >"$WORK/$name"
	done

	# They wait for each other, but nobody waits for what is announced.
	peer switchboard msn_switchboard.py --port $SERVER --sessions 1 \
		"${switchboard[@]}"
	own=$server
	if [ ${#relay[@]} -gt 0 ]; then
		peer relay msn_relay.py $RELAY $SERVER "${relay[@]}"
		own=127.0.0.1:$RELAY
	fi
	if [ ${#data[@]} -gt 0 ]; then
		peer data msn_relay.py $DATA_RELAY $DATA "${data[@]}"
		peer_ready data || return 1
		inviter+=("--port=$DATA" "--announced-port=$DATA_RELAY")
	fi
	peer receiver msn_client.py --role receiver --server $server \
		"${receiver[@]}" "$PEERS_GOT"
	peer inviter msn_client.py --role inviter --server "$own" \
		"${inviter[@]}" "$PEERS_FILE"
	peers_end
}

outputs()
{
	# shellcheck disable=SC2086
	peers_said $PARTIES
}

# arrives WORD...: the file does, and all are content
arrives()
{
	transfer "$@" && cmp "$PEERS_FILE" "$PEERS_GOT" || {
		outputs
		return 1
	}
}

# ends WORD...: all are content, with no file
ends()
{
	transfer "$@" && [ ! -e "$PEERS_GOT" ] || {
		outputs
		return 1
	}
}

# noticed WHO[,WHO] PATTERN WORD...: the transfer fails, and that one says why
noticed()
{
	local pattern=$2 names
	IFS=, read -ra names <<<"$1"
	shift 2

	if transfer "$@"; then
		echo "nobody noticed"
	elif grep -qE "^wrong: .*($pattern)" "${names[@]/#/$WORK/}"; then
		return 0
	fi
	outputs
	return 1
}

# Without a protocol's help
file_differs()
{
	transfer "$@" && ! cmp -s "$PEERS_FILE" "$PEERS_GOT" || {
		outputs
		return 1
	}
}

verified()
{
	local who=$1 text=$2
	shift 2

	arrives "$@" && grep -qE "$text" "$WORK/$who" || {
		outputs
		return 1
	}
}

# ---- what there is to check: a line each, NAME | FUNCTION WORD...

checks()
{
	local f="--method msnftp" s="--method slp"
	local si="$s --listener inviter" s2="$s --p2p 2 --chunk 400"
	local moved=127.0.0.1 long=127.100.100.100 short=127.1
	local direct="$si inviter:--internal=self"
	local at

	while IFS='|' read -r name line; do
		name=${name%"${name##*[![:space:]]}"}
		[ -z "$name" ] || each "$name" $line
	done <<-EOT
	msnftp                                  | arrives $f
	msnftp: the receiver listens            | arrives $f --listener receiver
	msnftp: both places, external first     | verified receiver ^connected.to.external.127.0.0.3.port.6891$ $f inviter:--internal=127.0.0.2 inviter:--external=127.0.0.3 receiver:--connect-to=external,internal
	msnftp: both places, internal first     | verified receiver ^connected.to.internal.127.0.0.2.port.11178$ $f inviter:--internal=127.0.0.2 inviter:--external=127.0.0.3
	msnftp: the internal one is not there   | verified receiver ^connected.to.external $f inviter:--internal=10.0.0.9 inviter:--external=127.0.0.3
	msnftp: no internal port                | arrives $f inviter:--portx=6891 inviter:--internal=self
	msnftp: all bytes alone                 | arrives $f --split 1 switchboard:--split=1
	msnftp: together                        | arrives $f --coalesce switchboard:--coalesce
	msnftp: together, in threes             | arrives $f --coalesce --split 3
	msnftp: chat that quotes one            | verified receiver ^ok:.sum.of.chat $f --quote --mode A
	msnftp: cancelled                       | ends $f --cancel told
	msnftp: cancelled by the receiver       | ends $f --cancel told --listener receiver
	msnftp: cancelled, but no router closes | noticed inviter,receiver after.the.CANCEL $f --cancel tried
	msnftp: with a notification server      | verified receiver called.by.alice $f --notification 127.0.0.1:$SERVER --follow
	netmeeting                              | arrives --method netmeeting
	netmeeting: another port                | arrives --method netmeeting --meeting-port 3389 --listener receiver
	mode U                                  | arrives $f --mode U
	mode D                                  | arrives $f --mode D
	slp                                     | arrives $s
	slp: the inviter listens                | arrives $si
	slp: the inviter listens and says it first | arrives $si --in-request
	slp: plain nonce                        | arrives $s --nonce plain
	slp: plain nonce of the inviter         | arrives $si --nonce plain
	slp: plain nonce of the inviter, first  | arrives $si --nonce plain --in-request
	slp: no nonce                           | arrives $s --nonce none
	slp: the third address answers          | verified inviter ^connected.to.internal.127.0.0.6 $s receiver:--internal=10.0.0.8,10.0.0.9,127.0.0.6 receiver:--external=127.0.0.7
	slp: the external one answers           | verified inviter ^connected.to.external.127.0.0.7 $s receiver:--internal=10.0.0.8,10.0.0.9 receiver:--external=127.0.0.7
	slp: addresses backwards                | verified inviter ^announced:.internal.127.0.0.6 $s receiver:--internal=127.0.0.6 --reversed
	slp: chunks of 100                      | arrives $s --chunk 100
	slp: chunks of a byte                   | arrives $si --chunk 1 --context 20
	slp: a long context                     | arrives $s --context 2600
	slp: all bytes alone                    | arrives $s --split 1 switchboard:--split=1
	slp: together                           | arrives $si --coalesce switchboard:--coalesce
	slp: together, chunks, in sevens        | arrives $s --coalesce --split 7 --chunk 64 --quote
	slp: with a notification server         | arrives $s --notification 127.0.0.1:$SERVER
	slp: version 2                          | arrives $s --p2p 2
	slp: version 2, the inviter listens     | arrives $si --p2p 2 --nonce plain
	slp: version 2, chunks, together        | arrives $s2 --coalesce switchboard:--coalesce
	slp: version 2, chunks of a byte        | arrives $s --p2p 2 --chunk 1 --context 20

	a relay that does nothing               | arrives $si relay:way=out data:plain=1
	msnftp: a relay that does nothing       | arrives $f relay:way=out data:plain=1
	moved, longer                           | verified receiver ^announced:.internal.$long $si relay:from=$moved relay:to=$long
	moved, shorter                          | verified receiver ^announced:.internal.$short.port $si relay:from=$moved relay:to=$short
	moved, by version 1 in the request      | arrives $si --in-request relay:from=$moved relay:to=$long
	moved, msnftp                           | verified receiver ^announced:.external.$long $f relay:from=$moved relay:to=$long
	another address than wanted             | noticed receiver announced.127.0.0.1,.not $f receiver:--want=$long
	moved, but no MSG length, longer        | noticed switchboard P2P.Length $si relay:from=$moved relay:to=$long relay:forget=msg
	moved, but no MSG length, shorter       | noticed inviter nothing.more|nobody.connected $si inviter:--limit=5 relay:from=$moved relay:to=$short relay:forget=msg
	moved, but no Length, longer            | noticed switchboard P2P.Length $si relay:from=$moved relay:to=$long relay:forget=length
	moved, but no Length, shorter           | noticed switchboard P2P.Length $si relay:from=$moved relay:to=$short relay:forget=length
	moved, but no TotalSize, longer         | noticed switchboard but.TotalSize $si relay:from=$moved relay:to=$long relay:forget=total
	moved, but no TotalSize, shorter        | noticed receiver go.on.behind.its.NUL $si relay:from=$moved relay:to=$short relay:forget=total
	moved, but no Content-Length, longer    | noticed receiver Content-Length $si relay:from=$moved relay:to=$long relay:forget=content
	moved, but no Content-Length, shorter   | noticed receiver Content-Length $si relay:from=$moved relay:to=$short relay:forget=content
	moved, but no AckSize                   | noticed inviter AckSize $si relay:from=$moved relay:to=$long relay:forget=ack-size
	moved, msnftp, but no MSG length, longer | noticed switchboard does.not.end.with $f relay:from=$moved relay:to=$long relay:forget=msg

	MSG length, one more                    | noticed inviter nothing.more.came $f inviter:--limit=5 relay:spoil=msg
	MSG length, one less                    | noticed switchboard does.not.end.with $f relay:spoil=msg relay:by=-1
	MSG length of P2P, one less             | noticed switchboard P2P.Length $s relay:spoil=msg relay:by=-1
	MSG length of P2P, inwards              | noticed inviter P2P.header.of $s relay:spoil=msg relay:way=in relay:by=-1
	MSG length of version 2, inwards        | noticed inviter P2P.header $s2 relay:spoil=msg relay:way=in relay:by=-1
	Invitation-Cookie                       | noticed switchboard sum.of.all.but $f relay:spoil=cookie
	AuthCookie                              | noticed switchboard sum.of.all.but $f relay:spoil=auth
	AuthCookie, inwards                     | noticed inviter sum.of.all.but $f --listener receiver relay:spoil=auth relay:way=in
	port                                    | noticed receiver none.of.the.announced $f inviter:--port=$DATA relay:spoil=port relay:by=9
	quoted address                          | noticed receiver sum.of.chat $f --quote relay:spoil=chat
	Length                                  | noticed switchboard P2P.Length $s relay:spoil=length
	Length, inwards                         | noticed inviter P2P.Length $s relay:spoil=length relay:way=in
	TotalSize of the first chunk            | noticed receiver TotalSize $s relay:spoil=total
	TotalSize of the second chunk           | noticed receiver TotalSize $s relay:spoil=total relay:nth=2
	TotalSize of the only chunk             | noticed receiver go.on.behind.its.NUL $s relay:spoil=total relay:nth=3
	TotalSize of the only chunk, one less   | noticed switchboard but.TotalSize $s relay:spoil=total relay:nth=3 relay:by=-1
	TotalSize, inwards                      | noticed inviter go.on.behind.its.NUL $s relay:spoil=total relay:way=in
	Offset of the first chunk               | noticed receiver Offset.of.the.first $s relay:spoil=offset
	Offset of the second chunk              | noticed switchboard P2P.Offset $s relay:spoil=offset relay:nth=2
	Offset of the second chunk, one less    | noticed receiver Offset $s relay:spoil=offset relay:nth=2 relay:by=-1
	Identifier of the second chunk          | noticed receiver Identifier $s relay:spoil=id relay:nth=2
	SessionID                               | noticed receiver not.SLP:.session.1 $s relay:spoil=session relay:nth=3
	flags                                   | noticed receiver flags.0x1 $s relay:spoil=flags relay:nth=3
	a message's unique id                   | noticed inviter AckUID $s relay:spoil=uid relay:nth=3
	Content-Length                          | noticed receiver Content-Length $s relay:spoil=content
	Content-Length, one less                | noticed receiver Content-Length $s relay:spoil=content relay:by=-1
	Content-Length, inwards                 | noticed inviter Content-Length $s relay:spoil=content relay:way=in
	AckSize                                 | noticed receiver AckSize $s relay:spoil=ack-size
	AckSize, inwards                        | noticed inviter AckSize $s relay:spoil=ack-size relay:way=in
	AckSize of chunks, inwards              | noticed inviter AckSize $si --chunk 100 relay:spoil=ack-size relay:way=in relay:nth=3
	AckID                                   | noticed inviter never.sent $s relay:spoil=ack-id relay:way=in
	AckUID                                  | noticed inviter AckUID $s relay:spoil=ack-uid relay:way=in
	nonce                                   | noticed receiver sum.of.all.but $s relay:spoil=nonce
	branch                                  | noticed receiver sum.of.all.but $s relay:spoil=branch
	version 2: header                       | noticed switchboard neither $s2 relay:spoil=v2-header
	version 2: message                      | noticed switchboard neither $s2 relay:spoil=v2-message
	version 2: BaseID                       | noticed receiver BaseID $s2 relay:spoil=v2-base
	version 2: BaseID, inwards              | noticed inviter BaseID $s2 relay:spoil=v2-base relay:way=in
	version 2: ACK                          | noticed receiver ACK.s.identifier $s2 relay:spoil=v2-ack
	version 2: ACK, inwards                 | noticed inviter ACK.s.identifier $s2 relay:spoil=v2-ack relay:way=in relay:nth=2
	version 2: data header                  | noticed switchboard neither $s2 relay:spoil=v2-data-header
	version 2: session                      | noticed receiver another.session $s2 relay:spoil=v2-session
	version 2: what is left                 | noticed receiver remaining $s2 relay:spoil=v2-left
	EOT

	[ ! -e /proc/net/if_inet6 ] ||
		each "slp: an IPv6 address" \
			verified inviter '^connected to ipv6 ::1' $s \
			receiver:--internal=10.0.0.9 receiver:--ipv6=::1

	# Bytes of a direct connection in which the inviter listens, and of
	# MSNFTP's: the way, where, who notices, what
	while read -r method way at who pattern name; do
		[ -z "$method" ] || each "$method, in the connection: $name" \
			noticed "$who" "$pattern" --method "$method" \
			--listener inviter "$who:--limit=5" data:way="$way" \
			data:byte="$at"
	done <<-EOT
	slp out 0 inviter a.packet|direct.connection|nothing length of the greeting
	slp out 4 inviter direct.connection.s.start the greeting
	slp out 8 inviter size.of.the.handshake|nothing length of the handshake
	slp out 40 inviter flags.of.the.handshake|P2P the handshake's flags
	slp out 44 inviter hash.of.the.peer the nonce
	slp in 0 receiver size.of.the.handshake length of the answer
	slp in 36 receiver hash.of.the.peer the nonce of the answer
	slp in 52 receiver a.packet.of length of a packet
	slp in 56 receiver session.of.the.file|another.session SessionID
	slp in 64 receiver Offset Offset
	slp in 72 receiver TotalSize TotalSize
	slp in 80 receiver P2P.Length Length
	slp in 84 receiver flags flags
	slp in 1468 receiver Offset Offset of the second packet
	slp in 1476 receiver TotalSize TotalSize of the second packet
	msnftp out 11 inviter not.a.command|nothing|stream.ended end of the first line
	msnftp out 32 inviter user.and.AuthCookie AuthCookie
	msnftp in 16 receiver MSNFTP.s.FIL size of the file
	msnftp in 24 receiver the.end.[0-9]+.bytes.early|block.of.kind kind of a block
	msnftp in 25 receiver block.of.2046.bytes length of a block
	EOT
	each "slp, in the connection: a byte of the file" \
		file_differs $si data:way=in data:byte=5000
	each "msnftp, in the connection: a byte of the file" \
		file_differs $f data:way=in data:byte=5000
}

# each NAME FUNCTION WORD...: one of them, if it was asked for
count_one()
{
	! wanted "$1" || count=$((count + 1))
}

check_one()
{
	! wanted "$1" || check "$@"
}

words=("$@")
wanted()
{
	local word

	[ ${#words[@]} -gt 0 ] || return 0
	for word in "${words[@]}"; do
		[[ $1 != *"$word"* ]] || return 0
	done
	return 1
}

each()
{
	$each "$@"
}

head -c "$PEERS_SIZE" /dev/urandom >"$PEERS_FILE" || exit 1
count=0
each=count_one
checks
plan $count
each=check_one
checks

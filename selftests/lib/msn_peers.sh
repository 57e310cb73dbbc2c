# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# MSN clients and what is between them, each a process: see peers/msn_client.py.
#
#	source "$SELFTESTS/lib/msn_peers.sh"
#
# What each says is in $WORK, under its name.

# Seconds for one transfer.
PEERS_LIMIT_S=${PEERS_LIMIT_S:-$(scaled 60)}

# What is sent, and where it arrives.
PEERS_SIZE=300000
PEERS_FILE=$WORK/sent.bin
PEERS_GOT=$WORK/got.bin

# Namespaces of those that have one of their own.
declare -A PEER_NS=()

# peer NAME SCRIPT ARG...: begins; its process is entered in the caller's "pids"
peer()
{
	local name=$1 script=$2 enter=()
	shift 2

	[ -z "${PEER_NS[$name]:-}" ] ||
		enter=(nsenter --net="/run/netns/${PEER_NS[$name]}" --)
	"${enter[@]}" timeout "$PEERS_LIMIT_S" /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/$script" "$@" >"$WORK/$name" 2>&1 &
	pids[$!]=$name
}

# peer_ready NAME
peer_ready()
{
	wait_for 30 grep -q ^ready "$WORK/$1"
}

# Until all in "pids" have ended, or one has failed: then the others have nothing
# to wait for.
peers_end()
{
	local rc=0 pid

	while [ ${#pids[@]} -gt 0 ]; do
		wait -n -p pid "${!pids[@]}" || rc=1
		unset "pids[$pid]"
		[ $rc -eq 0 ] || break
	done
	if [ ${#pids[@]} -gt 0 ]; then
		kill "${!pids[@]}"
		wait "${!pids[@]}"
	fi 2>/dev/null
	return $rc
}

# peers_said NAME...: the end of it
peers_said()
{
	local name

	for name; do
		tail -n 6 "$WORK/$name" | sed "s/^/$name: /"
	done
}

# peers_server NS: where a client there finds the switchboard of the topology
peers_server()
{
	if [ "$1" = "$SERVER" ]; then
		echo "$(ip_of "$SERVER"):$MSN_PORT"
	else
		echo "$TARGET:$MSN_PORT"
	fi
}

# peers_transfer INVITER_NS RECEIVER_NS WORD...: a new file, by a switchboard on
# the topology's server; what both clients are told, "inviter:WORD",
# "receiver:WORD" and "switchboard:WORD" are for that one alone
peers_transfer()
{
	local inviter=() receiver=() switchboard=() word name
	local -A pids=()

	PEER_NS=([switchboard]=$SERVER [inviter]=$1 [receiver]=$2)
	for word in "${@:3}"; do
		name=${word%%:*}
		case $word in
		inviter:* | receiver:* | switchboard:*)
			local -n list=$name
			list+=("${word#*:}")
			;;
		*)
			inviter+=("$word")
			receiver+=("$word")
			;;
		esac
	done
	head -c "$PEERS_SIZE" /dev/urandom >"$PEERS_FILE"
	rm -f "$PEERS_GOT"
	for name in inviter receiver switchboard; do
		: >"$WORK/$name"
	done
	peer switchboard msn_switchboard.py --port "$MSN_PORT" --sessions 1 \
		"${switchboard[@]}"
	peer_ready switchboard || return
	peer receiver msn_client.py --role receiver \
		--server "$(peers_server "$2")" "${receiver[@]}" "$PEERS_GOT"
	peer inviter msn_client.py --role inviter \
		--server "$(peers_server "$1")" "${inviter[@]}" "$PEERS_FILE"
	peers_end
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What may be said to rpcbind, and by it, to open what must stay shut: each attack is
# a function that fails if something is open then, or has not passed as it should.
#
#	source "$SELFTESTS/lib/rpc.sh"
#	source "$SELFTESTS/lib/rpc_attacks.sh"

IN=${IP4[in]}
# Of answers that are edited though they open nothing: how they are where nobody
# edits
EDITED=

# port: sets PORT to one that nothing has named
port()
{
	PORT=$(rpc port)
	# not one of those that may be had
	rpc close f g h >/dev/null
}

# shut PORT...: for TCP and UDP
shut()
{
	local IFS=,

	rpc shut tcp,udp "$*"
}

# asked BY [WORD...]: a question on a flow of its own
asked()
{
	port
	rpc flow f by="$1" && rpc call f for=tcp "${@:2}"
}

# pass_by BY WORD...: question and answer pass as they are, and nothing opens
pass_by()
{
	asked "$@" && rpc reply f port="$PORT" "${@:2}" raw=1 && shut "$PORT"
}

# hex TEXT: as the partner has bytes
hex()
{
	printf '%b' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# words32 N...: in hexadecimal
words32()
{
	printf '%08x' "$@"
}

# ---- R1: an answer is one to a question of this flow's, once

attack_unasked()
{
	asked "$1" form=null2 && rpc reply f &&
		rpc call f form=getport lost=1 &&
		rpc reply f port="$PORT" raw=1 && shut "$PORT"
}

attack_other_xid()
{
	asked "$1" form=getport xid=77 &&
		rpc reply f port="$PORT" rxid=78 raw=1 && shut "$PORT"
}

attack_before()
{
	port
	rpc flow f by="$1" && rpc call f form=null2 && rpc reply f &&
		rpc call f form=getport for=tcp xid=79 lost=1 &&
		rpc reply f port="$PORT" raw=1 &&
		rpc call f form=getport for=tcp xid=79 && shut "$PORT"
}

# The server asks, the client answers: neither gets in at the other's.
attack_roles()
{
	asked "$1" form=null2 && rpc reply f &&
		rpc reversed f form=getport for=tcp port="$PORT" &&
		shut "$PORT" &&
		rpc shut tcp,udp "$PORT" client="$SERVER" server="$CLIENT" to="$ORIGIN"
}

attack_other_port()
{
	asked "$1" form=getport && rpc reply f port="$PORT" &&
		rpc reply f port=$((PORT + 1)) raw=1 && shut $((PORT + 1))
}

# Its question was one of GETPORT, its answer looks like one of GETADDR, and back.
attack_other_form()
{
	asked "$1" form=getport && rpc call f form=getaddr4 lost=1 &&
		rpc reply f port="$PORT" raw=1 rxid=1 && shut "$PORT"
}

# ---- R2: numbers that are none

# wrong_text TEXT PORT...: in an answer to GETADDR
wrong_text()
{
	asked "${BY:-udp}" form=getaddr4 &&
		rpc reply f text="$1" port="$PORT" raw=1 && shut "${@:2}"
}

attack_text()
{
	local high low

	port
	high=$((PORT / 256)) low=$((PORT % 256))
	BY=$2
	case $1 in
	wrap)		set -- "$IN.$((high + 256)).$low" ;;
	wrap_low)	set -- "$IN.$high.$((low + 256))" $((PORT + 256)) ;;
	seven)		set -- "$IN.$high.$low.1" ;;
	five)		set -- "${IN%.*}.$high.$low" ;;
	sign)		set -- "$IN.+$high.$low" ;;
	minus)		set -- "$IN.-$high.$low" ;;
	zero)		set -- "$IN.0$high.$low" ;;
	blank)		set -- " $IN.$high.$low" ;;
	behind)		set -- "$IN.$high.$low " ;;
	dot)		set -- "$IN.$high.$low." ;;
	hex)		set -- "$IN.0x$(printf '%x' $high).$low" ;;
	octet)		set -- "${IN%.*}.256.$high.$low" ;;
	long)		set -- "$(printf '0%.0s' {1..3000})$IN.$high.$low" ;;
	esac
	wrong_text "$1" "$PORT" "${@:2}"
}
TEXTS=(wrap wrap_low seven five sign minus zero blank behind dot hex octet long)

attack_number()
{
	asked "$1" form=getport && rpc reply f port=$((65536 + $2)) raw=1 &&
		shut "$2"
}

# ---- R3: another host's address opens nothing there

attack_third_host()
{
	asked "$1" form=getaddr4 && rpc reply f host=$OTHER4 port="$PORT" $2 &&
		rpc shut udp,tcp "$PORT" to=$OTHER4
}

# without NAT not even at the server
attack_third_host_route()
{
	attack_third_host "$1" raw=1 && shut "$PORT"
}

# ---- R4: ports of others

attack_system_port()
{
	port
	rpc flow f by="$1" && rpc call f form=getport for=tcp &&
		rpc reply f port="$2" raw=1 && shut "$2"
}
SYSTEM_PORTS=(1 22 25 80 445 511 513 514 515 543 544 587 631 636 853 873 989 995)

# ---- R5: other programs

attack_program()
{
	asked "$1" form=getport prog="$2" &&
		rpc reply f port="$PORT" raw=1 && shut "$PORT" &&
		asked "$1" form=getaddr4 prog="$2" &&
		rpc reply f port="$PORT" $EDITED && shut "$PORT" &&
		asked "$1" form=getaddr4 prog="$2" &&
		rpc reply f port=700 $EDITED && shut 700
}
PROGRAMS=(100068 100083 100004 100009 300019 4 0 4294967295)

# ---- R6: something else on port 111

# not_rpc END HEX: and what is said behind that is not read
not_rpc()
{
	port
	rpc flow f by=tcp && rpc raw f "$1" "$2" &&
		rpc call f form=getport for=tcp &&
		rpc reply f port="$PORT" raw=1 && shut "$PORT"
}

attack_browser()
{
	not_rpc c "$(hex 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n')"
}

attack_server_first()	{ not_rpc s "$(hex 'SSH-2.0-x\r\n')"; }
attack_reply_first()	{ not_rpc c "$(words32 0x8000001c 9 1 0 0 0 0 2049)"; }
attack_version()	{ pass_by "$1" form=getport rpcvers=3; }
attack_no_rpcbind()	{ pass_by "$1" form=getport to=100003; }

# ---- R7: lengths

# credentials_of LENGTH: a call that has so many bytes of them, or says so: xid, call,
# RPC 2, program, version, procedure, flavour, length
credentials_of()
{
	words32 9 0 2 100000 2 3 1 "$1" 0 0 100005 3 6 0
}

attack_credentials()
{
	local call reply

	port
	call=$(credentials_of 0xfffffff0)
	reply=$(words32 9 1 0 0 0 0 "$PORT")
	rpc flow f by=tcp && rpc raw f c "$(words32 0x80000038)$call" &&
		rpc raw f s "$(words32 0x8000001c)$reply" &&
		rpc flow g by=udp && rpc raw g c "$call" &&
		rpc raw g s "$reply" && shut "$PORT"
}

attack_verifier()
{
	asked "$1" form=getport xid=9 || return
	if [ "$1" = tcp ]; then
		rpc raw f s "$(words32 0x8000001c 9 1 0 0 0xfffffff0 0 "$PORT")"
	else
		rpc raw f s "$(words32 9 1 0 0 0xfffffff0 0 "$PORT")"
	fi && shut "$PORT"
}

attack_long_auth()
{
	pass_by "$1" form=getport cred=404 && asked "$1" form=getport &&
		rpc reply f port="$PORT" verf=404 raw=1 && shut "$PORT"
}

attack_fragment()	{ not_rpc c "$(words32 0xffffffff 1 0 2 100000 2 3 0 0 0 0)"; }
attack_fragments()	{ pass_by tcp form=getport frags=40; }
attack_long_record()	{ pass_by tcp form=getport trail=70000; }
attack_empty()		{ not_rpc c "$(printf '00000000%.0s' {1..10000})"; }

attack_list()
{
	asked tcp form=getaddrlist &&
		rpc reply f port="$PORT" entries=3000 raw=1 &&
		shut "$PORT" $((PORT + 1))
}

# not as long as it says
attack_short()
{
	port
	rpc flow f by=udp && rpc call f form=getport xid=9 for=tcp &&
		rpc raw f s "$(words32 9 1 0 0 0 0)$(printf '%04x' "$PORT")" &&
		shut "$PORT"
}

# ---- what else opens nothing

attack_denied()
{
	pass_by "$1" form=getport denied=1 && pass_by "$1" form=getport denied=0
}

attack_error()
{
	local stat

	for stat in 1 2 3 4 5; do
		pass_by "$1" form=getport stat=$stat || return
	done
}

# no port, no address
attack_none()
{
	asked "$1" form=getport && rpc reply f port=0 raw=1 &&
		asked "$1" form=getaddr4 && rpc reply f port=0 text= raw=1 &&
		expect_count 0
}

attack_listed()
{
	local form

	for form in dump2 dump3 dump4 getstat gettime3; do
		pass_by "$1" form=$form || return
	done
	shut $((PORT + 1))
}

attack_call()
{
	pass_by "$1" form="$2" args=40 set="$PORT"
}
CALLS=(set2 unset2 set3 unset4 callit2 callit3 bcast indirect)

# ---- whose hole it is

attack_spoofed()
{
	asked udp form=getport && rpc spoof f $NEIGHBOUR4 port="$PORT" &&
		shut "$PORT"
}

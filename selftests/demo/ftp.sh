# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The demo's FTP: a real client fetches the same file in six ways.

# How long a transfer may hang that is bound to fail.
HOPELESS_S=2

# Topology, its name, mode, what the mode means. Those of one topology follow
# each other.
FTP_TRANSFERS=(
"masq|client behind masquerade|port|the client listens, the server connects"
"masq|client behind masquerade|eprt|PORT in its newer form"
"masq|client behind masquerade|pasv|the server listens, the client connects"
"masq|client behind masquerade|epsv|PASV in its newer form"
"route6|IPv6, firewall, no NAT|eprt|the client listens, the server connects"
"dnat|server behind DNAT|pasv|the server listens, the client connects"
)

# Outcomes by transfer, for the table at the end.
ftp_without=()
ftp_with=()

ftp_introduce()
{
	case $1 in
	masq)
		draw masquerade client curl server vsftpd
		echo "  What the router forwards: policy drop; ct state established,related"
		echo "  accept; ct state new tcp dport 21 accept. The inside has one public"
		echo "  address, the router's."
		;;
	route6)
		draw forwards client curl server vsftpd
		echo "  No translation, the same firewall: no address is wrong, but who"
		echo "  opens the door for the data connection?"
		;;
	dnat)
		draw "DNAT :21" server vsftpd client curl
		echo "  The server is inside now. The client knows the router's address"
		echo "  alone; port 21 is redirected to the server."
		;;
	esac
}

# ftp_line INTERFACE In|Out PATTERN: the first such line on that wire
ftp_line()
{
	sed -nE "s/^$1 +$2 .*: FTP: (($3).*)/\1/p" "$wire" | head -n 1
}

# ftp_announcement MODE: on both wires
ftp_announcement()
{
	local mode=$1 from=$CLIENT who=client to=$SERVER whom=server
	local pattern=${1^^}

	case $mode in
	pasv) pattern=227 ;;
	epsv) pattern=229 ;;
	esac
	is_active "$mode" || from=$SERVER who=server to=$CLIENT whom=client
	show_announcement \
		$who "$(ftp_line "$(wire_of "$from")" In "$pattern")" \
		$whom "$(ftp_line "$(wire_of "$to")" Out "$pattern")"
}

# Sets why, a few words for the table, and prints the reason in full.
ftp_failure()
{
	local mode=$1 rc=$2 log=$3 from=$4 to=$5
	local refusal tries

	refusal=$(ftp_line "$(wire_of "$SERVER")" In '5[0-9][0-9] ')
	if [ "$rc" -eq "$FTP_LOGIN_FAILED" ]; then
		why="login failed"
		failed "the login failed"
	elif [ -n "$refusal" ]; then
		why="refused by server"
		failed "the server says \"$refusal\"" \
			"the client it talks to has another address"
	elif was_dropped "$from" "$to"; then
		why="dropped by firewall"
		failed "the firewall dropped it, $tries tries out of $tries"
	elif [ "$mode" = pasv ] && [ -z "$(syns "$(wire_of "$from")" In)" ]
	then
		why="address unreachable"
		failed "the client can't reach the address it was told"
	else
		why="failed"
		failed "no file came"
	fi
	case $why in
	failed | "login failed") tail -n 5 "$log" | sed 's/^/    /' ;;
	esac
}

# A control connection ends with a FIN, however it went.
ftp_control_ended()
{
	grep -q ' Out .*Flags \[[FR]' "$wire"
}

# ftp_transfer NUMBER MODE MEANING with|without
ftp_transfer()
{
	local number=$1 mode=$2 help=$4 from=$CLIENT to=$SERVER
	local dir rc why log got

	dir=$(mktemp -d "$WORK/transfer.XXXXXX")
	log=$dir/log got=$dir/got
	is_active "$mode" && from=$SERVER to=$CLIENT
	numbered "$number" "${mode^^}: $3"
	watch_router 21
	if [ "$help" = with ]; then
		ftp_session curl "$mode" "$log" get down "$got"
	else
		FTP_STALL_S=$HOPELESS_S \
			ftp_session curl "$mode" "$log" get down "$got"
	fi
	rc=$?
	wait_for 20 ftp_control_ended
	watch_end "$help"

	ftp_announcement "$mode"
	show_pinhole
	show_data_connection "$from" "$to"
	if [ $rc -ne 0 ] || ! came_whole "$got" "$TEST_HOME/down"; then
		# a file that came, but not as it was sent, is no success
		[ $rc -ne 0 ] || rc=$FTP_OTHER_MODE
		ftp_failure "$mode" $rc "$log" "$from" "$to"
	fi

	if [ "$help" = with ]; then
		ftp_with+=("$why")
		[ $rc -eq 0 ] || {
			unexpected=1
			diagnose
		}
	else
		ftp_without+=("$why")
		# to fail is right, but only after a login that worked
		[ $rc -eq "$FTP_DATA_FAILED" ] || unexpected=1
	fi
}

# ftp_round with|without: all transfers
ftp_round()
{
	local i topology='' t name mode meaning

	CONTROL_PORT=21
	for i in "${!FTP_TRANSFERS[@]}"; do
		IFS='|' read -r t name mode meaning <<<"${FTP_TRANSFERS[i]}"
		if [ "$t" != "$topology" ]; then
			[ -z "$topology" ] || add_counters "$1"
			topology=$t
			heading "$name, $1 nf_appgw"
			routes "$t"
			[ "$1" = with ] || ftp_introduce "$t"
			start_server vsftpd "$SERVER" "$ANNOUNCE"
		fi
		ftp_transfer $((i + 1)) "$mode" "$meaning" "$1"
	done
	add_counters "$1"
}

ftp_table()
{
	local i t name mode meaning

	head_row nf_appgw
	for i in "${!FTP_TRANSFERS[@]}"; do
		IFS='|' read -r t name mode meaning <<<"${FTP_TRANSFERS[i]}"
		row $((i + 1)) "${mode^^}" "$name" "${ftp_without[i]}" \
			"${ftp_with[i]}"
	done
}

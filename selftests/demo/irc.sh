# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The demo's IRC: alice, inside, offers bob a file by DCC. The module is there
# all the time, the daemon for the second offer only.

# How long an offer may take to come, and a file that must come.
OFFER_S=30
FILE_S=30

# Topology, its name, what it is about.
DCC_TRANSFERS=(
"masq|client behind masquerade|alice listens, bob connects"
"route6|IPv6, firewall, no NAT|alice listens, bob connects"
)

# Outcomes by transfer, for the table at the end.
dcc_without=()
dcc_with=()

dcc_introduce()
{
	case $1 in
	masq)
		draw masquerade alice irssi "ngircd, bob" weechat
		echo "  The same router for IRC: it lets new connections out to port 6667."
		echo "  Whose turn it is to connect, and where, is in a line of the chat."
		;;
	route6)
		draw forwards alice irssi "ngircd, bob" weechat
		echo "  Again no address is wrong, and the door is shut."
		;;
	esac
}

# dcc_line INTERFACE In|Out: the first offer on that wire, without the marks
# around it, which are no letters
dcc_line()
{
	awk -v dev="$1" -v dir="$2" '
		/Flags \[/ { here = $1 == dev && $2 == dir }
		here && match($0, /(:[^ ]+ )?PRIVMSG [^ ]+ :.DCC SEND .*/) {
			line = substr($0, RSTART, RLENGTH)
			sub(/\.+$/, "", line)
			sub(/:.DCC/, ":DCC", line)
			print line
			exit
		}
	' "$wire"
}

# dcc_came NAME: bob has it, and all of it
dcc_came()
{
	cmp -s "$WORK/$1" "$(irc_dir bob)/got/$1"
}

# Sets why, as ftp_failure() does.
dcc_failure()
{
	local tries

	if was_dropped out in; then
		why="dropped by firewall"
		failed "the firewall dropped it, $tries tries out of $tries"
	elif [ -z "$(syns wan In)" ]; then
		why="address unreachable"
		failed "bob can't reach the address he was told"
	else
		why="failed"
		failed "no file came"
	fi
}

# dcc_transfer NUMBER MEANING with|without
dcc_transfer()
{
	local name=file$1.$3 limit=$FILE_S why told

	[ "$3" = with ] || limit=$HOPELESS_S
	numbered "$1" "DCC SEND: $2"
	head -c $FILE_SIZE /dev/urandom >"$WORK/$name"
	# -A: tcpdump doesn't know IRC's lines, but shows the letters in them
	watch_router "$IRC_PORT" -A
	irc_do alice "/dcc send bob $WORK/$name"
	wait_for $OFFER_S irc_told bob "$name"
	told=$?
	wait_for "$limit" dcc_came "$name"
	watch_end "$3"

	show_announcement alice "$(dcc_line lan In)" \
		bob "$(dcc_line wan Out)"
	show_pinhole
	show_data_connection out in
	if came_whole "$(irc_dir bob)/got/$name" "$WORK/$name"; then
		[ "$3" = with ] || unexpected=1
	else
		dcc_failure
		# to fail is right, but only if bob was offered it
		[ "$3" = without ] && [ $told -eq 0 ] &&
			[ "$why" != failed ] || {
			unexpected=1
			diagnose
		}
	fi
	if [ "$3" = with ]; then
		dcc_with+=("$why")
	else
		dcc_without+=("$why")
	fi
}

# dcc_chat: both are in
dcc_chat()
{
	start_irc_server ngircd "$SERVER"
	start_irc_client irssi in alice "$TARGET"
	start_irc_client weechat out bob "$TARGET"
}

dcc_round()
{
	local i t name meaning number

	CONTROL_PORT=$IRC_PORT
	for i in "${!DCC_TRANSFERS[@]}"; do
		IFS='|' read -r t name meaning <<<"${DCC_TRANSFERS[i]}"
		number=$((${#FTP_TRANSFERS[@]} + i + 1))
		heading "$name, without the daemon"
		routes "$t"
		dcc_introduce "$t"
		dcc_chat
		dcc_transfer $number "$meaning" without

		# what has begun without it stays as it is
		routes "$t"
		heading "$name, with the daemon"
		prompt router appgwd --queue 3
		irc_daemon
		dcc_chat
		dcc_transfer $number "$meaning" with
		appgwd_stop
		add_counters with
	done
}

dcc_table()
{
	local i t name meaning

	head_row "the daemon"
	for i in "${!DCC_TRANSFERS[@]}"; do
		IFS='|' read -r t name meaning <<<"${DCC_TRANSFERS[i]}"
		row $((${#FTP_TRANSFERS[@]} + i + 1)) DCC "$name" \
			"${dcc_without[i]}" "${dcc_with[i]}"
	done
}

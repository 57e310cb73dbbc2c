# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The demo's MSN: alice, inside, sends bob a file. The module is there all the
# time, the daemon for the second invitation only.

MSN_TRANSFERS=(
"masq|client behind masquerade|alice listens, bob connects"
)

# Outcomes by transfer, for the table at the end.
msn_without=()
msn_with=()

# msn_fields INTERFACE In|Out: the first address and port in an invitation on
# that wire
msn_fields()
{
	awk -v dev="$1" -v dir="$2" '
		/Flags \[/ { here = $1 == dev && $2 == dir }
		here && /^IP-Address: / { addr = $0 }
		here && addr != "" && /^Port: / {
			sub(/\.+$/, "", addr)
			sub(/\.+$/, "")
			print addr ", " $0
			exit
		}
	' "$wire"
}

# Sets why, as ftp_failure() does.
msn_failure()
{
	if was_dropped out in; then
		why="dropped by firewall"
		failed "the firewall dropped it"
	elif [ -z "$(syns wan In)" ]; then
		why="address unreachable"
		failed "bob can't reach the address he was told"
	else
		why="failed"
		failed "no file came"
	fi
}

# msn_transfer NUMBER MEANING with|without
msn_transfer()
{
	local limit=20 why told

	[ "$3" = with ] || limit=6
	numbered "$1" "MSN file transfer: $2"
	watch_router "$MSN_PORT" -A
	peers_transfer in out --method=msnftp --limit=$limit
	grep -q '^announced:' "$WORK/receiver"
	told=$?
	watch_end "$3"

	show_announcement alice "$(msn_fields lan In)" \
		bob "$(msn_fields wan Out)"
	show_pinhole
	show_data_connection out in
	if came_whole "$PEERS_GOT" "$PEERS_FILE"; then
		[ "$3" = with ] || unexpected=1
	else
		msn_failure
		# to fail is right, but only if bob was invited
		[ "$3" = without ] && [ $told -eq 0 ] &&
			[ "$why" != failed ] || {
			unexpected=1
			peers_said switchboard inviter receiver
			diagnose
		}
	fi
	if [ "$3" = with ]; then
		msn_with+=("$why")
	else
		msn_without+=("$why")
	fi
}

# msn_round NUMBER: of the first transfer
msn_round()
{
	local i t name meaning

	CONTROL_PORT=$MSN_PORT
	for i in "${!MSN_TRANSFERS[@]}"; do
		IFS='|' read -r t name meaning <<<"${MSN_TRANSFERS[i]}"
		heading "$name, without the daemon"
		routes "$t"
		draw masquerade alice client "switchboard, bob" client
		msn_transfer $(($1 + i)) "$meaning" without

		heading "$name, with the daemon"
		prompt router appgwd --queue 3
		appgwd_start --queue 3 || die "appgwd does not listen"
		msn_transfer $(($1 + i)) "$meaning" with
		appgwd_stop
		add_counters with
	done
}

# msn_table NUMBER
msn_table()
{
	local i t name meaning

	for i in "${!MSN_TRANSFERS[@]}"; do
		IFS='|' read -r t name meaning <<<"${MSN_TRANSFERS[i]}"
		row $(($1 + i)) MSN "$name" "${msn_without[i]}" \
			"${msn_with[i]}"
	done
}

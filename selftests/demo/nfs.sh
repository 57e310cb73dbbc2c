# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The demo's NFS: a client, inside, mounts what a server outside exports, and reads a
# file. The module is there all the time, the daemon for the second mount only.

NFS_MOUNTS=(
"masq|client behind masquerade|the client asks for ports, and connects"
)

# Programs as they are in a question, in hexadecimal
declare -A NFS_PROGRAMS=([000186a3]=nfs [000186a5]=mountd)

# Outcomes by mount, for the table at the end.
nfs_without=()
nfs_with=()

# nfs_answers: "PROGRAM PORT" in hexadecimal, of each question for a port that the
# router's inside has seen the answer to. A question ends with program, version,
# transport and 0, an answer with the port.
nfs_answers()
{
	awk -v port=".$RPC_PORT" '
		function ends(s, with) {
			return substr(s, length(s) - length(with) + 1) == with
		}
		function done() {
			if (asks != "" && length(hex) > 160)
				program[asks] = substr(hex, length(hex) - 31, 8)
			else if (answers in program && length(hex) > 104)
				print program[answers], substr(hex, length(hex) - 7)
			asks = answers = hex = ""
		}
		/Flags \[/ {
			done()
			sub(/:$/, "", $6)
			if ($1 == "lan" && $2 == "In" && ends($6, port))
				asks = $4
			else if ($1 == "lan" && $2 == "Out" && ends($4, port))
				answers = $6
		}
		/^\t0x/ {
			for (i = 2; i <= NF; i++)
				hex = hex $i
		}
		END { done() }
	' "$wire"
}

show_answers()
{
	local program port

	nfs_answers | awk '!seen[$1]++' | while read -r program port; do
		fact "client asked" "where is ${NFS_PROGRAMS[$program]:-$program}?"
		fact "server answered" "port $((16#$port))"
	done
}

# show_holes: each that was opened; they serve more than one connection
show_holes()
{
	local label=pinhole line

	while read -r line; do
		fact "$label" "$bold$line$plain"
		label=
	done < <(awk '/\[NEW\]/ {
		split("", v)
		for (i = 1; i <= NF; i++) {
			n = split($i, kv, "=")
			if (n == 2 && !(kv[1] in v))
				v[kv[1]] = kv[2]
		}
		print v["src"] " -> " v["dst"] ", port " v["dport"]
	}' "$events" | awk '!seen[$0]++')
	if [ -n "$label" ]; then
		fact pinhole none
	else
		fact "" "for this client, until it is idle"
	fi
}

# Sets why, as ftp_failure() does.
nfs_failure()
{
	local tries

	if was_dropped in out; then
		why="dropped by firewall"
		failed "the firewall dropped it, $tries tries out of $tries"
	else
		why="failed"
		failed "no file came"
	fi
}

# nfs_read GOT: from a mount that lasts as long as that
nfs_read()
{
	nfs_mount "$CLIENT" "$TARGET" proto=tcp &&
		nfs_do "$CLIENT" cp $NFS_MOUNT/down "$1" &&
		nfs_umount "$CLIENT"
}

# nfs_scene NUMBER MEANING with|without
nfs_scene()
{
	local got=$WORK/nfs.$3 log=$WORK/nfs.log why rc

	numbered "$1" "NFS: $2"
	watch_router "$RPC_PORT" -x
	if [ "$3" = with ]; then
		nfs_read "$got" >"$log" 2>&1
	else
		NFS_LIMIT_S=$NFS_HOPELESS_S nfs_read "$got" >"$log" 2>&1
	fi
	rc=$?
	# not until pinholes are shut: that takes ten minutes
	watch_end without

	show_answers
	show_holes
	show_data_connection in out
	if [ $rc -eq 0 ] && came_whole "$got" "$NFS_DOWN"; then
		[ "$3" = with ] || unexpected=1
	else
		nfs_failure
		# to fail is right, but only if it was told where to go
		[ "$3" = without ] && [ -n "$(nfs_answers)" ] &&
			[ "$why" != failed ] || {
			unexpected=1
			cat "$log"
			diagnose
		}
	fi
	if [ "$3" = with ]; then
		nfs_with+=("$why")
	else
		nfs_without+=("$why")
	fi
}

# nfs_place TOPOLOGY: a new router, and both ends
nfs_place()
{
	nfs_stop
	routes "$1"
	rpc_firewall lan
	nfs_host "$CLIENT"
	nfs_host "$SERVER"
	nfs_server kernel "$SERVER"
}

# nfs_round NUMBER: of the first mount
nfs_round()
{
	local i t name meaning

	CONTROL_PORT=$RPC_PORT
	for i in "${!NFS_MOUNTS[@]}"; do
		IFS='|' read -r t name meaning <<<"${NFS_MOUNTS[i]}"
		heading "$name, without the daemon"
		nfs_place "$t"
		draw masquerade client mount server nfsd
		echo "  The firewall lets new connections out to port $RPC_PORT, where rpcbind"
		echo "  tells which port a service has today. Nothing else, not even 2049."
		nfs_scene $(($1 + i)) "$meaning" without

		# what has begun without it stays as it is
		nfs_place "$t"
		heading "$name, with the daemon"
		prompt router appgwd --queue 3
		appgwd_start --queue 3 || die "appgwd does not listen"
		nfs_scene $(($1 + i)) "$meaning" with
		appgwd_stop
		add_counters with
	done
	nfs_stop
}

# nfs_table NUMBER
nfs_table()
{
	local i t name meaning

	for i in "${!NFS_MOUNTS[@]}"; do
		IFS='|' read -r t name meaning <<<"${NFS_MOUNTS[i]}"
		row $(($1 + i)) NFS "$name" "${nfs_without[i]}" \
			"${nfs_with[i]}"
	done
}

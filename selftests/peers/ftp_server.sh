# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# FTP servers: one table of configurations, one way to start them.

# shellcheck disable=SC2034 # read by the scripts
FTP_SERVERS="vsftpd proftpd pureftpd pyftpdlib inetutils netkit"

# Passive ports the servers choose from.
PASV_LO=50000
PASV_HI=50999

declare -A SERVER_PACKAGE=(
	[vsftpd]=vsftpd [proftpd]=proftpd-core [pureftpd]=pure-ftpd
	[pyftpdlib]=python3-pyftpdlib [inetutils]=inetutils-ftpd
	[netkit]=ftpd-ssl
)
declare -A SERVER_BINARY=(
	[vsftpd]=vsftpd [proftpd]=proftpd [pureftpd]=pure-ftpd
	[pyftpdlib]=/usr/bin/python3 [inetutils]=ftpd [netkit]=in.ftpd
)

# server_path SERVER: where it is. The packages exclude each other, so they are
# unpacked side by side instead of installed, but for the one that is a library.
server_path()
{
	local bin=${SERVER_BINARY[$1]}
	local path=$APPGW_CACHE/peers/${SERVER_PACKAGE[$1]}/usr/sbin/$bin

	if [ -x "$path" ]; then
		echo "$path"
	else
		command -v "$bin"
	fi
}

need_server()
{
	local server

	for server; do
		[ -n "${SERVER_BINARY[$server]:-}" ] ||
			die "no FTP server called $server"
		server_path "$server" >/dev/null &&
			{ [ "$server" != pyftpdlib ] || have_pyftpdlib; } ||
			skip_all "needs ${SERVER_PACKAGE[$server]}"
	done
}

have_pyftpdlib()
{
	/usr/bin/python3 -I -c 'import pyftpdlib' 2>/dev/null
}

# start_server SERVER NS [ANNOUNCE]: on port $CONTROL_PORT of NS, IPv4 and IPv6.
# It puts ANNOUNCE into its 227 replies instead of its own address. Sets
# SERVER_PID and SERVER_LOG.
start_server()
{
	local server=$1 ns=$2 announce=${3:-}
	local dir=$WORK/server.$1
	local cmd=()

	test_account
	mkdir -p "$dir/empty"
	SERVER_LOG=$dir/log
	"server_$server" "$dir" "$announce"
	# not in_ns: the process id is to be the server's own
	nsenter --net="/run/netns/$ns" -- "${cmd[@]}" \
		</dev/null >>"$SERVER_LOG" 2>&1 &
	SERVER_PID=$!
	disown
	wait_for 30 listening "$SERVER_PID" "$CONTROL_PORT" || {
		sed 's/^/# /' "$SERVER_LOG"
		die "$server does not start"
	}
}

# stop_server NS: and every session with it
stop_server()
{
	net_kill "$1"
	wait_for 20 server_is_gone || die "the server does not stop"
	SERVER_PID=
}

server_is_gone()
{
	! kill -0 "$SERVER_PID" 2>/dev/null
}

# Each of these writes its configuration to a directory and sets cmd.

server_vsftpd()
{
	local listen="listen=NO
		listen_ipv6=YES"

	# it announces 0,0,0,0 when it listens on IPv6
	[ -z "$2" ] || listen="listen=YES
		listen_ipv6=NO"
	cat >"$1/conf" <<-EOF
		$listen
		listen_port=$CONTROL_PORT
		background=NO
		anonymous_enable=NO
		local_enable=YES
		write_enable=YES
		pam_service_name=appgw
		port_enable=YES
		connect_from_port_20=YES
		pasv_enable=YES
		pasv_min_port=$PASV_LO
		pasv_max_port=$PASV_HI
		secure_chroot_dir=$1/empty
		isolate=NO
		isolate_network=NO
		seccomp_sandbox=NO
		xferlog_enable=YES
		dual_log_enable=NO
		vsftpd_log_file=$1/log
		log_ftp_protocol=YES
		xferlog_std_format=NO
		${2:+pasv_address=$2}
	EOF
	cmd=("$(server_path vsftpd)" "$1/conf")
}

server_proftpd()
{
	cat >"$1/conf" <<-EOF
		ServerName appgw
		ServerType standalone
		ServerIdent off
		DefaultAddress 0.0.0.0 ::
		UseIPv6 on
		Port $CONTROL_PORT
		User nobody
		Group nogroup
		AuthPAM off
		AuthOrder mod_auth_unix.c
		RequireValidShell off
		UseReverseDNS off
		UseFtpUsers off
		WtmpLog off
		TransferLog none
		SystemLog $1/log
		PidFile $1/pid
		ScoreboardFile $1/scoreboard
		DelayEngine off
		DelayTable none
		MaxInstances 100
		AllowOverwrite on
		PassivePorts $PASV_LO $PASV_HI
		${2:+MasqueradeAddress $2}
	EOF
	cmd=("$(server_path proftpd)" -n -c "$1/conf")
}

server_pureftpd()
{
	cmd=("$(server_path pureftpd)" -S ",$CONTROL_PORT" -l unix -E -H -c 100
		-C 100 -p "$PASV_LO:$PASV_HI" -g "$1/pid" -u 100)
	[ -z "$2" ] || cmd+=(-P "$2")
}

server_pyftpdlib()
{
	local any=0.0.0.0

	[ "$FAMILY" = 4 ] || any=::
	cmd=(/usr/bin/python3 -I -u "$SELFTESTS/peers/ftp_pyftpdlib.py" "$any"
		"$CONTROL_PORT" "$PASV_LO" "$PASV_HI" "$TEST_HOME" "$2"
		"$TEST_USER:$TEST_PASS" "${TEST_USER}2:$TEST_PASS")
}

# Neither of these has a choice of ports, nor of the address that it announces.

server_inetutils()
{
	[ -z "$2" ] || die "inetutils announces its own address"
	cmd=(/usr/bin/python3 -I -S "$SELFTESTS/peers/inetd.py" "$CONTROL_PORT"
		"$(server_path inetutils)")
}

server_netkit()
{
	[ -z "$2" ] || die "netkit announces its own address"
	cmd=(/usr/bin/python3 -I -S "$SELFTESTS/peers/inetd.py" "$CONTROL_PORT"
		"$(server_path netkit)")
}

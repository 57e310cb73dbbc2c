# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# IRC servers: one table of configurations, one way to start them.

# shellcheck disable=SC2034 # read by the scripts
IRC_SERVERS="ngircd inspircd"

# irc_server_dir SERVER: where its package was unpacked, see selftests/setup
irc_server_dir()
{
	echo "$APPGW_CACHE/peers/$1"
}

irc_server_path()
{
	echo "$(irc_server_dir "$1")/usr/sbin/$1"
}

need_irc_server()
{
	local server

	for server; do
		[ -x "$(irc_server_path "$server")" ] ||
			skip_all "needs $server"
	done
}

# start_irc_server SERVER NS: on port $IRC_PORT of NS, IPv4 and IPv6. Sets
# SERVER_PID and SERVER_LOG.
start_irc_server()
{
	local server=$1 ns=$2 dir=$WORK/server.$1
	local cmd=()

	mkdir -p "$dir"
	SERVER_LOG=$dir/log
	"server_$server" "$dir"
	# not in_ns: the process id is to be the server's own
	nsenter --net="/run/netns/$ns" -- "${cmd[@]}" \
		</dev/null >>"$SERVER_LOG" 2>&1 &
	SERVER_PID=$!
	disown
	wait_for 30 listening "$SERVER_PID" "$IRC_PORT" || {
		sed 's/^/# /' "$SERVER_LOG"
		die "$server does not start"
	}
}

# Each of these writes its configuration to a directory and sets cmd.

server_ngircd()
{
	: >"$1/motd"
	cat >"$1/conf" <<-EOF
		[Global]
			Name = irc.test
			Info = test
			Listen = ::,0.0.0.0
			Ports = $IRC_PORT
			MotdFile = $1/motd
			ServerUID = nobody
			ServerGID = nogroup
		[Limits]
			MaxConnectionsIP = 0
			MaxNickLength = 20
		[Options]
			DNS = no
			Ident = no
			PAM = no
			SyslogFacility = local0
	EOF
	cmd=("$(irc_server_path ngircd)" -n -f "$1/conf")
}

# Idents and host names are looked up only by modules that aren't loaded.
server_inspircd()
{
	local lib
	lib=$(irc_server_dir inspircd)/usr/lib/inspircd

	: >"$1/motd"
	cat >"$1/conf" <<-EOF
		<server name="irc.test" description="test" network="test">
		<admin name="test" nick="test" email="test@example.org">
		<path configdir="$1" datadir="$1" logdir="$1" runtimedir="$1"
			moduledir="$lib/modules">
		<bind address="*" port="$IRC_PORT" type="clients">
		<connect name="main" allow="*" timeout="60" threshold="10"
			resolvehostnames="no" useident="no" localmax="100"
			globalmax="100" commandrate="100000" fakelag="no">
		<class name="none" commands="">
		<cidr ipv4clone="32" ipv6clone="128">
		<performance clonesonconnect="no">
		<options defaultmodes="">
		<log method="file" type="* -USERINPUT -USEROUTPUT"
			level="default" target="$1/log.inspircd">
		<maxlist chan="*" limit="100">
	EOF
	cmd=("$lib/../../sbin/inspircd" --nofork --nopid --runasroot
		--config "$1/conf")
}

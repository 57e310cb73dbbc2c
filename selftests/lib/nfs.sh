# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# NFS by version 3, and the Sun RPC that it needs: real servers and clients in the
# namespaces of lib/net.sh, and the firewall between them.
#
#	source "$SELFTESTS/lib/nfs.sh"
#
# A host that speaks RPC has, beside its network, a /run and a state of NFS of its own,
# or all of them would share the socket of one rpcbind: see nfs_host().

# What a server exports, and what is in its file "down"
NFS_EXPORT=/run/export
NFS_DOWN=$WORK/down
# What clients write to its file "up"
NFS_UP=$WORK/up
NFS_FILE_SIZE=1000000

# Where a client mounts it, in its own namespace
NFS_MOUNT=/run/mnt

# How long the kernel's server keeps locks for those who had them before its start
NFS_GRACE_S=10

# How long a server may take until it is registered, and what must work or may not
NFS_START_S=60
NFS_LIMIT_S=60
NFS_HOPELESS_S=8

RPC_PORT=111

# A process in each host, through which others get there
declare -A NFS_PID=()

# need_nfs: skip the script if a peer or the kernel's half of one is missing
need_nfs()
{
	need rpcbind rpcinfo showmount rpc.statd mount.nfs nfs-ls nfs-cat \
		ganesha.nfsd rpc.mountd rpc.nfsd exportfs /usr/bin/python3
	modprobe -a nfsd nfsv3 || skip_all "needs the kernel's nfsd and nfsv3"
}

# on_host NS CMD...
on_host()
{
	local pid=${NFS_PID[$1]}
	shift

	nsenter --target "$pid" --mount --net -- "$@"
}

# nfs_host NS: one with rpcbind, and the statd that locks need
nfs_host()
{
	local ns=$1

	nsenter --net="/run/netns/$ns" -- unshare --mount bash -c '
		mount -t tmpfs none /run &&
		mkdir -p /run/{rpcbind,lock,ganesha,export,mnt} &&
		mount -t tmpfs none /var/lib/nfs && cd /var/lib/nfs &&
		mkdir -p ganesha sm sm.bak v4recovery rpc_pipefs &&
		touch etab rmtab state xtab && chown -R statd . &&
		rpcbind -w && rpc.statd --no-notify && exec sleep infinity
		' </dev/null >"$WORK/$ns.host" 2>&1 &
	disown
	NFS_PID[$ns]=$!
	wait_for $NFS_START_S nfs_registered "$ns" status || {
		sed 's/^/# /' "$WORK/$ns.host"
		die "$ns: no rpcbind and statd"
	}
}

# nfs_registered NS SERVICE...: rpcbind knows all of them
nfs_registered()
{
	local ns=$1 name list
	shift

	list=$(on_host "$ns" rpcinfo -p 127.0.0.1 2>/dev/null) || return
	for name; do
		[[ $list == *" $name"* ]] || return
	done
}

# nfs_server NAME NS: ganesha or kernel, on a host
nfs_server()
{
	[ -e "$NFS_DOWN" ] || head -c $NFS_FILE_SIZE /dev/urandom >"$NFS_DOWN"
	[ -e "$NFS_UP" ] || head -c $NFS_FILE_SIZE /dev/urandom >"$NFS_UP"
	NFS_SERVER_LOG=$WORK/nfs_server.log
	on_host "$2" mount -t tmpfs none $NFS_EXPORT &&
		on_host "$2" cp "$NFS_DOWN" $NFS_EXPORT/down &&
		"nfs_server_$1" "$2" >"$NFS_SERVER_LOG" 2>&1 &&
		wait_for $NFS_START_S nfs_registered "$2" nfs mountd nlockmgr || {
		sed 's/^/# /' "$NFS_SERVER_LOG"
		die "NFS server $1 does not start"
	}
}

nfs_server_kernel()
{
	on_host "$1" bash -c "
		mount -t nfsd nfsd /proc/fs/nfsd &&
		exportfs -o rw,no_root_squash,fsid=1,insecure '*:$NFS_EXPORT' &&
		rpc.mountd && rpc.nfsd -G $NFS_GRACE_S -L $NFS_GRACE_S \
			--udp --tcp -N 4 2"
}

nfs_server_ganesha()
{
	cat >"$WORK/ganesha.conf" <<-EOF
		NFS_CORE_PARAM { Protocols = 3; Enable_NLM = true; Enable_RQUOTA = true;
			mount_path_pseudo = true; }
		NFSV4 { Graceless = true; }
		EXPORT { Export_Id = 1; Path = $NFS_EXPORT; Pseudo = $NFS_EXPORT;
			Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
			Protocols = 3; Transports = UDP,TCP; FSAL { Name = VFS; } }
		LOG { Default_Log_Level = WARN; }
	EOF
	on_host "$1" ganesha.nfsd -F -f "$WORK/ganesha.conf" \
		-L "$WORK/ganesha.log" -p /run/ganesha.pid \
		</dev/null >/dev/null 2>&1 &
	disown
}

# nfs_stop: every host, its mounts first, and the kernel's servers
nfs_stop()
{
	local ns

	for ns in "${!NFS_PID[@]}"; do
		on_host "$ns" umount -f -l $NFS_MOUNT 2>/dev/null
	done
	for ns in "${!NFS_PID[@]}"; do
		on_host "$ns" bash -c '! mountpoint -q /proc/fs/nfsd || rpc.nfsd 0'
		net_kill "$ns"
	done
	NFS_PID=()
}

# rpc_firewall CLIENT_DEV: what gw forwards are questions to rpcbind that come from
# there, by TCP and by UDP, and what conntrack calls established or related
rpc_firewall()
{
	local to=

	{
		if [[ $TARGET == "$(ip_of wan)" ]]; then
			to=$(ip_of in)
			echo "add rule inet test nat_in ip daddr $TARGET udp dport" \
				"$RPC_PORT dnat ip to $to"
		fi
		cat <<-EOF
			flush chain inet test forward
			add rule inet test forward meta l4proto { icmp, ipv6-icmp } accept
			add rule inet test forward ct state established,related counter accept
			add rule inet test forward iifname $1 ct state new meta l4proto { tcp, udp } th dport $RPC_PORT counter accept
			add rule inet test forward counter comment "dropped"
		EOF
	} | in_ns gw nft -f -
}

# nfs_do NS CMD...: there, within $NFS_LIMIT_S
nfs_do()
{
	local ns=$1
	shift

	on_host "$ns" timeout -s KILL "$(scaled "$NFS_LIMIT_S")" "$@"
}

# nfs_mount NS ADDRESS OPTIONS: by version 3; no second try, and an error rather than
# a process that waits for ever
nfs_mount()
{
	nfs_do "$1" mount -t nfs \
		-o "vers=3,soft,retry=0,timeo=50,retrans=2,$3" \
		"$2:$NFS_EXPORT" $NFS_MOUNT
}

nfs_umount()
{
	nfs_do "$1" umount $NFS_MOUNT
}

# same_file NS FILE WITH: the file as NS sees it, and one of ours
same_file()
{
	local sum

	sum=$(nfs_do "$1" sha256sum "$2") &&
		[ "${sum%% *}" = "$(sha256sum <"$3" | cut -d' ' -f1)" ]
}

# nfs_reads NS, nfs_writes NS SERVER: a file each, through the mount
nfs_reads()
{
	same_file "$1" $NFS_MOUNT/down "$NFS_DOWN"
}

nfs_writes()
{
	nfs_do "$1" cp "$NFS_UP" $NFS_MOUNT/up &&
		same_file "$2" $NFS_EXPORT/up "$NFS_UP"
}

# lock_start NS NAME [FILE]: somebody there wants to lock "down", and keeps it
lock_start()
{
	rm -f "$WORK/$2".*
	on_host "$1" /usr/bin/python3 -I -S "$SELFTESTS/peers/lock_file.py" \
		"${3:-$NFS_MOUNT/down}" "$WORK/$2" </dev/null >"$WORK/$2.log" 2>&1 &
	disown
}

# lock_has NAME: it has got it
lock_has()
{
	[ -e "$WORK/$1.locked" ]
}

# lock_release NAME: until it has given it back
lock_release()
{
	: >"$WORK/$1.release"
	wait_for "$NFS_LIMIT_S" test -e "$WORK/$1.released"
}

# server_locked NS: "down" is locked, as the server's own programs see it
server_locked()
{
	on_host "$1" /usr/bin/python3 -I -S "$SELFTESTS/peers/lock_file.py" \
		$NFS_EXPORT/down
	[ $? -eq 3 ]
}

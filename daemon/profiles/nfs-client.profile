title = "NFS, for clients inside"

entry portmapper {
	role = client
	proto = { tcp, udp }
	ports = 111
	helper = rpc
	why = "where mountd, locks and quotas are; those connections are what the helper has read"
}

entry nfs {
	role = client
	proto = tcp
	ports = 2049
	why = "files; all of NFS 4"
}

checks = { helper, blocked }

advice = "appgwd must run. NFS 4 asks no portmapper: port 2049 is enough for that.
Locks of NFS 3 are told of by the server as well: such a callback comes from outside, to
port 111, and is let in by policy alone. Without it clients ask again."

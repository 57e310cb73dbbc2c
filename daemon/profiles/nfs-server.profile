title = "NFS, for a server inside"

entry portmapper {
	role = server
	proto = tcp
	ports = 111
	helper = rpc
	why = "where mountd, locks and quotas are; those connections are what the helper has read"
}

entry nfs {
	role = server
	proto = tcp
	ports = 2049
	why = "files; all of NFS 4"
}

checks = { helper, blocked, port-clash }

advice = "appgwd must run. Say who may come, by their addresses: nobody has to prove who he is.
UDP 111 is left out: to a forged source, an answer of it is ten times what was asked.
For NFS 4 alone, leave port 111 out as well."

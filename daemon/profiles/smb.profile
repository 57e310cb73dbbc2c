# Windows networks: between networks inside, and never to the outside
title = "SMB and NetBIOS"

entry names {
	role = server
	direction = lan
	proto = udp
	ports = 137-138
	why = "NetBIOS names and datagrams, broadcasts as well, both ways"
}

entry shares {
	role = server
	direction = lan
	proto = tcp
	ports = { 139, 445 }
	why = "files and printers, and a server's callbacks to its clients"
}

entry webdav {
	role = server
	direction = lan
	proto = tcp
	ports = 80
	verdict = reject
	why = "Windows asks there as well: refused at once, or Explorer freezes for a minute"
}

checks = { blocked, port-80-dropped }

advice = "Broadcasts don't pass routers: between networks, names need WINS, DNS or lmhosts.
Answers to a broadcast come from another address than was asked: where the client is
behind this firewall, load nf_conntrack_netbios_ns.
Port 80 is refused between networks inside; where a web server is there, accept it before."

title = "BitTorrent"

entry peers-out {
	role = client
	proto = tcp
	ports = 6881-6889
	why = "to peers that have kept the usual ports"
}

entry peers-in {
	role = server
	proto = { tcp, udp }
	ports = 6881-6889
	why = "peers, to one host inside: without it there are no uploads, and few downloads"
}

checks = { blocked, port-clash }

advice = "Most peers listen on any port, so the client wants to connect to all of them.
Where the client knows UPnP or NAT-PMP, miniupnpd opens its port, and no rule is needed."

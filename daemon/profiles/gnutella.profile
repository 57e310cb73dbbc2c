title = "Gnutella, Shareaza"

entry peers-out {
	role = client
	proto = { tcp, udp }
	ports = 6346
	why = "to peers, and their searches"
}

entry peers-in {
	role = server
	proto = { tcp, udp }
	ports = 6346
	why = "peers, to one host inside"
}

checks = { blocked, port-clash }

advice = "Where the client knows UPnP, miniupnpd opens its port, and no rule is needed."

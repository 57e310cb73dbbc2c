title = "KaZaA"

entry peers-out {
	role = client
	proto = { tcp, udp }
	ports = 1214
	why = "to peers and supernodes"
}

entry peers-in {
	role = server
	proto = { tcp, udp }
	ports = 1214
	why = "peers, to one host inside"
}

checks = { blocked, port-clash }

advice = "Where the client knows UPnP, miniupnpd opens its port, and no rule is needed."

title = "eDonkey, eMule"

entry servers-out {
	role = client
	proto = tcp
	ports = 4661-4662
	why = "to servers and peers"
}

entry searches-out {
	role = client
	proto = udp
	ports = { 4665, 4672 }
	why = "to servers (4665), and to peers of eMule (4672)"
}

entry peers-in {
	role = server
	proto = tcp
	ports = 4662
	why = "peers, to one host inside: without it the server gives a low ID"
}

entry searches-in {
	role = server
	proto = udp
	ports = { 4665, 4672 }
	why = "answers and peers, to the same host"
}

checks = { blocked, udp-blocked, port-clash }

advice = "A low ID says that TCP port 4662 doesn't come in.
Where the client knows UPnP, miniupnpd opens its ports, and no rule is needed."

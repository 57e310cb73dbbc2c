# @TheOffice before 2.0
title = "@TheOffice before 2.0"

entry office-out {
	role = client
	proto = { tcp, udp }
	ports = 500
	why = "from here to other offices"
}

entry office-in {
	role = server
	proto = { tcp, udp }
	ports = 500
	why = "other offices, to the one inside"
}

checks = { blocked, udp-blocked, port-clash }

advice = "UDP port 500 is IKE's: on a router that ends IPsec itself, the redirection takes
its key exchange away. Use version 2, or another address."

# ExpeDat, CloudDat and SyncDat (Data Expedition): MTP over one UDP port
title = "ExpeDat, CloudDat, SyncDat"

entry transfer-out {
	role = client
	proto = udp
	ports = 8080
	no-limits = true
	needs-icmp = true
	udp-timeouts = { 60, 600 }
	why = "a client inside, and all of its transfers, to a server's UDP port"
}

entry transfer-in {
	role = server
	proto = udp
	ports = 8080
	no-limits = true
	needs-icmp = true
	udp-timeouts = { 60, 600 }
	why = "clients outside, to the server's UDP port"
}

checks = { udp-blocked, limit, icmp, udp-timeout, rp-filter }

advice = "MTP is one UDP port in both directions; servers may use another one than 8080.
It fills the line on purpose: a limit, meter or queue takes it for a flood.
A server with several addresses must answer from the one it was asked at: set
rp_filter=2 and a policy route for each address (ip rule add from ADDRESS table N).
Of notrack, only a server with a public address can make use: it excludes DNAT.
Load balancers, and VPNs over TCP or SSL, can't carry it; IPsec and VPNs over UDP can."

title = "Active Directory, for members"

entry names {
	role = client
	proto = { tcp, udp }
	ports = 53
	why = "the domain's names, by which its controllers are found"
}

entry kerberos {
	role = client
	proto = { tcp, udp }
	ports = { 88, 464 }
	why = "logging in (88), and changing passwords (464)"
}

entry directory {
	role = client
	proto = { tcp, udp }
	ports = 389
	why = "LDAP; by UDP it is asked which controller is near"
}

entry directory-more {
	role = client
	proto = tcp
	ports = { 636, 3268-3269 }
	why = "LDAP by TLS (636), and the global catalogue"
}

entry shares {
	role = client
	proto = tcp
	ports = 445
	why = "policies and scripts at login, from SYSVOL"
}

entry rpc {
	role = client
	proto = tcp
	ports = { 135, 49152-65535 }
	why = "RPC: the endpoint mapper, and what it sends clients to"
}

entry time {
	role = client
	proto = udp
	ports = 123
	why = "Kerberos refuses who is five minutes wrong"
}

checks = { blocked, udp-blocked, fragments }

advice = "Outside is where the domain controllers are, never the internet.
Tickets with many groups are longer than a packet: UDP 88 comes in fragments. Don't drop
fragments, or have clients use TCP (MaxPacketSize=1).
RPC's ports can be narrowed on the controller: netsh int ipv4 set dynamicport tcp."

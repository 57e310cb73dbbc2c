# @TheOffice 2.x and later
title = "@TheOffice 2 and 3"

entry gateway {
	role = client
	proto = tcp
	ports = 9555
	why = "from here to the gateway of others"
}

entry messages {
	role = client
	proto = tcp
	ports = 5222
	why = "messages of 3.x, which are much like XMPP"
}

entry media {
	role = client
	proto = udp
	ports = 1024-65535
	why = "sound and pictures, which any UDP port may carry"
}

entry own-gateway {
	role = server
	proto = tcp
	ports = 9555
	why = "others, to the gateway inside"
}

checks = { blocked, udp-blocked }

advice = "If 3.x can't connect, try any XMPP client on the same machine: if that fails as
well, the firewall is what is in the way. For versions before 2 see theoffice-old."

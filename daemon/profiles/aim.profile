title = "AIM, ICQ"

entry chat {
	role = client
	proto = tcp
	ports = 5190-5193
	why = "chat, and what goes by the server"
}

checks = { blocked }

advice = "Nothing here follows OSCAR's direct connections: have the client send files by the
server (proxy), or give it a port of its own and redirect that."

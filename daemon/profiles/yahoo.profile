title = "Yahoo Messenger"

entry chat {
	role = client
	proto = tcp
	ports = { 5050, 80 }
	why = "chat, and files by the server"
}

entry voice {
	role = client
	proto = { tcp, udp }
	ports = 5000-5001
	why = "voice: TCP 5001 where UDP doesn't pass"
}

entry webcam {
	role = client
	proto = tcp
	ports = 5100
	why = "webcams, by the server"
}

checks = { blocked, udp-blocked }

advice = "Direct transfers between users need TCP 5101 redirected to one host, by hand."

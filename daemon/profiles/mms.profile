title = "Windows Media (MMS)"

entry control {
	role = client
	proto = tcp
	ports = 1755
	why = "what is played and, if the player agrees, sound and pictures"
}

checks = { blocked, udp-blocked }

advice = "Nothing here follows MMS: have the player take TCP or HTTP (Options, Network), and
no port has to come in."

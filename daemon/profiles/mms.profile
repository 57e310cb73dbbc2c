title = "Windows Media (MMS)"

entry control {
	role = client
	proto = tcp
	ports = 1755
	helper = mms
	why = "what is played, and where sound and pictures go to"
}

checks = { helper, blocked, udp-blocked }

advice = "appgwd must run. Sound and pictures come by UDP, to the port that the helper has
read, or in the connection itself if the player agrees on TCP."

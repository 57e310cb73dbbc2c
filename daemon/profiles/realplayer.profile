title = "RealPlayer"

entry rtsp {
	role = client
	proto = tcp
	ports = { 554, 8554 }
	helper = rtsp
	why = "RTSP: what is played, and where sound and pictures go to"
}

entry pna {
	role = client
	proto = tcp
	ports = 7070
	helper = pna
	why = "the same in old RealAudio's PNA"
}

checks = { helper, blocked, udp-blocked }

advice = "appgwd must run. Sound and pictures come by UDP, to ports that the helper has read.
No range 6970-7170 has to be open."

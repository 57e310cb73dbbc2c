title = "MSN Messenger"

entry chat {
	role = client
	proto = tcp
	ports = 1863
	helper = msn
	why = "chat; direct file transfers come as connections that the helper has read"
}

entry nexus {
	role = client
	proto = tcp
	ports = 443
	why = "logging in"
}

checks = { helper, blocked }

advice = "appgwd must run. Without direct transfers files go by the switchboard, slowly."

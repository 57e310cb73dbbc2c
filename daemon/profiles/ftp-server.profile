title = "FTP, for a server inside"

entry control {
	role = server
	proto = tcp
	ports = 21
	helper = ftp
	why = "commands; what they announce is opened for one connection each"
}

entry passive {
	role = server
	proto = tcp
	ports = passive
	why = "passive transfers that nobody can read: those by TLS"
}

checks = { helper, blocked, port-clash }

advice = "Without TLS no range is needed; appgwctl policy set passive_ports=LOW-HIGH narrows the
public ports. With it: give the server a range, set ftps_ports to it, and redirect it.
Hosts inside connect to the server's inside address. Leave port triggering off."

title = "FTP, for clients"

entry control {
	role = client
	proto = tcp
	ports = 21
	helper = ftp
	why = "commands; what they announce is opened for one connection each"
}

checks = { helper, blocked }

advice = "Active and passive transfers work; no range of ports has to be open.
By TLS only passive ones do: appgwctl policy set ftps_ports=LOW-HIGH, as the server has it."

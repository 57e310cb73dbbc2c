#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In a namespace of one's own: a connection to port 21 passes conntrack.
#
#	own_ns.sh [POLICY=VALUE]
#
# Says "attached N" at the end, as the counters have it.

ip link set lo up || exit
nft -f - <<-EOF || exit
table inet t {
	chain c {
		type filter hook output priority 0;
		ct state new accept
	}
}
EOF
[ $# -eq 0 ] || appgwctl policy set "$1" || exit
/usr/bin/python3 -I -S -c '
import socket
s = socket.create_server(("127.0.0.1", 21))
c = socket.create_connection(("127.0.0.1", 21))
a = s.accept()[0]
a.send(b"220 x\r\n")
print(c.recv(9))'
# /proc is root's
appgwctl --json stats | grep -o '"attached": *[0-9]*' | tr -d '"' | tr : ' '

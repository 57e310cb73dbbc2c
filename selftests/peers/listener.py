# SPDX-License-Identifier: GPL-2.0-only
"""Accept TCP connections on the port given, IPv4 and IPv6, and drop them."""

import socket
import sys

s = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6,
                         dualstack_ipv6=True)
while True:
    s.accept()[0].close()

# SPDX-License-Identifier: GPL-2.0-only
"""What a service tells systemd: notify.py SOCKET prints each message, its
lines joined by blanks, until it is killed."""

import os
import socket
import sys

sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sock.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
while True:
    print(sock.recv(4096).decode().strip().replace("\n", " "), flush=True)

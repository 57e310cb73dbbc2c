# SPDX-License-Identifier: GPL-2.0-only
"""Datagrams to 127.0.0.1, counted.

datagrams.py send PORT COUNT SIZE
datagrams.py count PORT FILE	the number so far into FILE, after each burst
"""

import select
import socket
import sys

SO_RCVBUFFORCE = 33
QUIET_S = 0.2


def send(port, count, size):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(int(count)):
        sock.sendto(b"x" * int(size), ("127.0.0.1", int(port)))


def count(port, path):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
    sock.bind(("127.0.0.1", int(port)))
    number = 0
    while True:
        with open(path, "w", encoding="ascii") as file:
            file.write("%d\n" % number)
        sock.recv(65536)
        number += 1
        while select.select([sock], [], [], QUIET_S)[0]:
            sock.recv(65536)
            number += 1


{"send": send, "count": count}[sys.argv[1]](*sys.argv[2:])

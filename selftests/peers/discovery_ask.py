# SPDX-License-Identifier: GPL-2.0-only
"""Ask everybody, and print what comes, each line once.

discovery_ask.py [NAME=VALUE]... ADDRESS WORD...
	dev=DEV		that the question is to leave by
	from=ADDRESS	of it; port=PORT: of it, any by default
	to=PORT		another one than the service's
	good=N		end when so many hosts have been heard, and nothing else is
			left; without it, or if there are fewer, wait for the limit
	limit=SECONDS	2 by default
	later=N		have the hosts wait for N tenths of a second
	sockets=N	ask from so many, and don't listen
	times=N		ask so often
"""

import os
import select
import socket
import struct
import sys
import time

from discovery_words import WORDS

SLOWNESS = float(os.environ.get("APPGW_SLOWNESS", "100")) / 100


def asker(options, addr, port):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    index = socket.if_nametoindex(options["dev"]) if "dev" in options else 0
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 4)
    elif index:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                     struct.pack("=4s4sI", b"\0" * 4, b"\0" * 4, index))
    s.bind((options.get("from", ""), port))
    return s


def listen(socks, options):
    end = time.monotonic() + float(options.get("limit", 2)) * SLOWNESS
    good, heard = int(options.get("good", 0)), {}
    while time.monotonic() < end:
        for s in select.select(socks, [], [], end - time.monotonic())[0]:
            text = s.recvfrom(4096)[0].decode("latin-1")
            heard[text] = heard.get(text, 0) + 1
        if good and sum(n > 1 for text, n in heard.items()
                        if text.endswith(" good")) >= good:
            break
    for text in sorted(heard):
        print(text)


def main(*args):
    options = dict(a.split("=", 1) for a in args if "=" in a)
    addr, *words = (a for a in args if "=" not in a)
    later = b"later%02d" % int(options["later"]) if "later" in options else b""
    port = int(options.get("port", 0))
    # the host's answer to the port beside is to be seen if it comes
    while True:
        s = asker(options, addr, port)
        try:
            beside = asker(options, addr, s.getsockname()[1] + 1)
            break
        except (OSError, OverflowError):
            if port:
                raise
            s.close()
    socks = [s] + [asker(options, addr, 0)
                   for _ in range(int(options.get("sockets", 1)) - 1)]
    for _ in range(int(options.get("times", 1))):
        for word in words:
            to, text = WORDS[word]
            for s in socks:
                s.sendto(text + later, (addr, int(options.get("to", to))))
    if "sockets" not in options:
        listen([socks[0], beside], options)


main(*sys.argv[1:])

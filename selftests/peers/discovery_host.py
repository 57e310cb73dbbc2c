# SPDX-License-Identifier: GPL-2.0-only
"""A host that answers questions to everybody, as it should and as it shouldn't.

discovery_host.py NAME DEV FOREIGN4 FOREIGN6 READY

To each question it says what is to be let in nowhere, and then, twice, what is:
    NAME foreign	from an address outside the network
    NAME elsewhere	from another port than was asked
    NAME beside		to another port than it was asked from
    NAME good		from where it was asked
A question with "later" and a number at its end is answered as many tenths of a second
later.
"""

import select
import socket
import struct
import sys
import time

from discovery_words import WORDS

GROUPS4 = ("239.255.255.250", "224.0.0.251", "239.255.255.253")
GROUPS6 = ("ff02::c", "ff05::c", "ff02::fb", "ff05::116")
PORTS = sorted({port for port, _ in WORDS.values()})


def datagrams(family, addr, port):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((addr, port))
    return s


def join(s, index):
    if s.family == socket.AF_INET6:
        for group in GROUPS6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                         socket.inet_pton(socket.AF_INET6, group) +
                         struct.pack("=I", index))
    else:
        for group in GROUPS4:
            s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                         struct.pack("=4s4sI", socket.inet_aton(group),
                                     b"\0" * 4, index))


def send(s, text, to):
    try:
        s.sendto(text, to)
    except OSError as e:
        print(text, to, e, file=sys.stderr, flush=True)


def answer(s, name, peer, foreign):
    beside = (peer[0], peer[1] + 1) + peer[2:]
    with datagrams(s.family, "", 0) as other:
        with datagrams(s.family, foreign, s.getsockname()[1]) as f:
            send(f, name + b" foreign", peer)
        send(other, name + b" elsewhere", peer)
        send(s, name + b" beside", beside)
    for _ in range(2):
        send(s, name + b" good", peer)


def main(name, dev, foreign4, foreign6, ready):
    foreign = {socket.AF_INET: foreign4, socket.AF_INET6: foreign6}
    index = socket.if_nametoindex(dev)
    waiting = []
    socks = [datagrams(family, "", port) for port in PORTS
             for family in foreign]
    for s in socks:
        join(s, index)
    open(ready, "w").close()
    while True:
        limit = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for s in select.select(socks, [], [], limit)[0]:
            data, peer = s.recvfrom(4096)
            delay = int(data[-2:]) / 10 if data[-7:-2] == b"later" else 0
            waiting.append((time.monotonic() + delay, s, peer))
        waiting.sort(key=lambda w: w[0])
        while waiting and waiting[0][0] <= time.monotonic():
            _, s, peer = waiting.pop(0)
            answer(s, name.encode(), peer, foreign[s.family])


main(*sys.argv[1:])

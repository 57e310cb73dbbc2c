# SPDX-License-Identifier: GPL-2.0-only
"""Guests of an HTTP server that are no friends: python3 metrics_guests.py VERB ADDRESS PORT

crowd	1,000 connections at once, which are held until standard input ends
slow	a request that never ends, a byte at a time: how long until it is hung up on?
deaf	requests whose answers are not read
garbage	what is no request, in many ways; each must be answered by 4xx, or by nothing
"""

import random
import select
import socket
import sys
import time

CROWD = 1000
PATIENCE_S = 60


def dial(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family)
    s.settimeout(PATIENCE_S)
    s.connect((address, port))
    return s


def crowd(address, port):
    guests = []
    for i in range(CROWD):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((address, port))
        guests.append(s)
    print("there", flush=True)
    sys.stdin.read()


def slow(address, port):
    s = dial(address, port)
    began = time.monotonic()
    try:
        s.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
        while time.monotonic() - began < PATIENCE_S:
            s.sendall(b"x")
            if select.select([s], [], [], 0.5)[0] and not s.recv(4096):
                break
    except OSError:
        pass
    took = time.monotonic() - began
    print("hung up on after %.1f s" % took)
    return 3 < took < PATIENCE_S / 2


def deaf(address, port):
    guests = []
    for i in range(100):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        s.settimeout(PATIENCE_S)
        try:
            s.connect((address, port))
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        except OSError:
            pass
        guests.append(s)
    return True


def texts():
    rng = random.Random(1)
    head = b"GET /metrics HTTP/1.1\r\nHost: x\r\n"
    yield b"\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)
    yield b"GET /metrics\r\n\r\n"
    yield b"GET /metrics HTTP/9.9\r\n\r\n"
    yield b"GET  HTTP/1.1\r\n\r\n"
    yield b"GET /../../etc/shadow HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"GET //metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"GET /metrics/ HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"GET /metrics%00 HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"GET /%n%n%s%s HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"GET /" + b"A" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    yield head + b"X: " + b"A" * 100000 + b"\r\n\r\n"
    yield head + b"".join(b"X%d: y\r\n" % i for i in range(20000)) + b"\r\n"
    yield head.replace(b"GET", b"POST") + b"Content-Length: 99999999999999999999\r\n\r\n"
    yield head.replace(b"GET", b"POST") + b"Content-Length: -1\r\n\r\n"
    yield (head.replace(b"GET", b"POST") +
           b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx")
    yield head.replace(b"GET", b"POST") + b"Content-Length: 100000\r\n\r\n" + b"x" * 100000
    for verb in b"HEAD PUT DELETE OPTIONS TRACE CONNECT PATCH get BREW".split():
        yield head.replace(b"GET", verb) + b"\r\n"
    for i in range(20):
        yield bytes(rng.randrange(256) for j in range(rng.randrange(1, 2000)))
    for i in range(20):
        text = bytearray(head + b"Accept: */*\r\n\r\n")
        for j in range(3):
            text[rng.randrange(13)] = rng.randrange(256)
        yield bytes(text)


def answer_to(text, address, port):
    s = dial(address, port)
    got = b""
    try:
        s.sendall(text)
        s.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    try:
        while True:
            more = s.recv(65536)
            if not more:
                break
            got += more
    except ConnectionResetError:
        pass
    s.close()
    return got


def garbage(address, port):
    is_good = True
    for text in texts():
        got = answer_to(text, address, port)
        if got and got.split(b" ", 2)[1][:1] != b"4" and b"nf_appgw" in got:
            print("%r is answered: %r" % (text[:60], got[:60]))
            is_good = False
    return is_good


def main():
    verb, address, port = sys.argv[1:]
    verbs = {"crowd": crowd, "slow": slow, "deaf": deaf, "garbage": garbage}
    sys.exit(verbs[verb](address, int(port)) is False)


main()

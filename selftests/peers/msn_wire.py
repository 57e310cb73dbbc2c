# SPDX-License-Identifier: GPL-2.0-only
"""What both ends of an MSN connection read and write: lines, payloads by their
length, and fields of text.

Written from the protocol's descriptions alone, for the tests: strict in all it
receives. What has been verified is told on standard output, a line each.
"""

import os
import random
import re
import select
import socket
import sys
import time
import zlib

# Of the machine, where 1 is what limits are made for
SLOWNESS = float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
# Of a connection to an announced address: one that is let through comes up at
# once, but on an emulated machine that takes its time.
CONNECT_S = 5 * SLOWNESS
LINE_MAX = 1024
# The longest payload that servers took
PAYLOAD_MAX = 1664

TEXT = "text/plain"
INVITE = "text/x-msmsgsinvite"
P2P = "application/x-msnmsgrp2p"

# Fields that a router on the way may change, beside the ones about lengths.
# Windows Live Messenger 2009 writes names and values of some of them backwards.
MOVED = [b"IP-Address", b"IP-Address-Internal", b"Port", b"PortX",
         b"IPv4Internal-Addrs", b"IPv4Internal-Port",
         b"IPv4External-Addrs", b"IPv4External-Port"]
MOVED += [name[::-1] for name in MOVED[4:]]
MOVED += [b"IPv6-Addrs", b"IPv6-Port"]
REST = b"X-Rest"
VALUES = re.compile(rb"(?im)^((?:%s): ?)[^\r\n]*" %
                    b"|".join(MOVED + [b"Content-Length", REST]))


class Wrong(Exception):
    """Something came that must not, or did not come."""


def told(*words):
    """What was verified, or chosen"""
    print(*words, flush=True)


def demand(good, what):
    if not good:
        raise Wrong(what)


def same(what, got, want):
    demand(got == want, "%s: %s, but it is %s" % (what, got, want))
    told("ok:", what, got)


def fail(why):
    """The end of the program"""
    told("wrong:", why)
    sys.exit(1)


class Stream:
    """One end of a TCP connection. What is sent goes out in pieces of so many
    bytes, or, held back until an answer is needed, with what follows."""

    LIMIT_S = 20 * SLOWNESS

    def __init__(self, sock, split=0, coalesce=False):
        self.sock = sock
        self.split = split
        self.coalesce = coalesce
        self.held = b""
        self.buf = b""
        sock.settimeout(self.LIMIT_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.held += data
        if not self.coalesce:
            self.flush()

    def flush(self):
        data, self.held = self.held, b""
        size = self.split or max(1, len(data))
        for i in range(0, len(data), size):
            self.sock.sendall(data[i:i + size])

    def more(self):
        """False at the end of the stream"""
        self.flush()
        try:
            data = self.sock.recv(65536)
        except TimeoutError:
            raise Wrong("nothing more came behind %r" % self.buf[-80:])
        self.buf += data
        return bool(data)

    def exact(self, size):
        while len(self.buf) < size:
            demand(self.more(), "the stream ended %d bytes early" %
                   (size - len(self.buf)))
        data, self.buf = self.buf[:size], self.buf[size:]
        return data

    def line(self):
        """Its words; None at the end of the stream"""
        while b"\n" not in self.buf:
            demand(len(self.buf) < LINE_MAX, "no end of line in %r" %
                   self.buf[:80])
            if not self.more():
                demand(not self.buf, "the stream ended behind %r" % self.buf)
                return None
        line, self.buf = self.buf.split(b"\n", 1)
        demand(re.fullmatch(rb"[A-Z0-9]{3}( [!-~\x80-\xff]+)*\r", line),
               "not a command, framing is lost: %r" % line)
        return line[:-1].decode("latin-1").split(" ")

    def payload(self, words):
        """Of the command that these are the words of"""
        demand(len(words) > 1 and words[-1].isdigit(),
               "no length: %s" % " ".join(words))
        demand(int(words[-1]) <= PAYLOAD_MAX,
               "too long: %s" % " ".join(words))
        return self.exact(int(words[-1]))

    def close(self):
        self.flush()
        self.sock.close()


def fields(text):
    """Those of "name: value" lines, by their names in lower case"""
    found = {}
    for line in text.decode("utf-8").split("\r\n"):
        if line:
            name, colon, value = line.partition(":")
            demand(colon and "\n" not in line, "not a field: %r" % line)
            found[name.strip().lower()] = value.strip(" ")
    return found


def mime(kind, body, **more):
    """The payload of a MSG"""
    head = "MIME-Version: 1.0\r\nContent-Type: %s\r\n" % kind
    for name, value in more.items():
        head += "%s: %s\r\n" % (name.replace("_", "-"), value)
    return head.encode() + b"\r\n" + body


def parse_mime(payload):
    """Its kind, its headers and its body"""
    head, blank, body = payload.partition(b"\r\n\r\n")
    demand(blank, "no end of a MSG's headers: %r" % head[:80])
    head = fields(head)
    demand(head.get("mime-version") == "1.0", "no MIME version: %s" % head)
    kind = head.get("content-type", "").split(";")[0].lower()
    demand(kind, "no content type: %s" % head)
    return kind, head, body


def check_text(body):
    """The length of a MSG is right only if its text ends with a line."""
    demand(body.endswith(b"\r\n\r\n"),
           "an invitation that does not end with an empty line: %r" %
           body[-40:])
    demand(b"\r\n\r\n" not in body[:-4],
           "an invitation that goes on behind its end: %r" % body)


def rest_of(text):
    """A sum over all that no router may change"""
    return "%08x" % zlib.crc32(VALUES.sub(rb"\1", text))


def with_rest(text):
    """The sum written into a field that other clients would ignore"""
    blank = REST + b": 00000000"
    demand(text.count(blank) == 1, "no place for the sum")
    return text.replace(blank, b"%s: %s" % (REST, rest_of(text).encode()))


def check_rest(text):
    sums = re.findall(rb"(?m)^%s: ([0-9a-f]{8})\r$" % REST, text)
    demand(len(sums) == 1, "no sum of the rest in %r" % text)
    same("sum of all but addresses, ports and lengths", rest_of(text),
         sums[0].decode())


def number():
    """A cookie or an identifier, never 0, with room to count on"""
    return random.randrange(1 << 20, 1 << 31)


def listen(port):
    """For both families, where there are two"""
    try:
        if socket.has_dualstack_ipv6():
            return socket.create_server(("", port), family=socket.AF_INET6,
                                        dualstack_ipv6=True, backlog=8)
        return socket.create_server(("", port), backlog=8)
    except OSError as why:
        raise Wrong("port %d: %s" % (port, why.strerror))


def plain(addr):
    """An address of IPv4 as such"""
    return addr.removeprefix("::ffff:")


class Listener:
    """Waits for one connection on several ports; 0 is any port."""

    def __init__(self, ports):
        self.socks = [listen(port) for port in ports]
        self.ports = [sock.getsockname()[1] for sock in self.socks]

    def came(self, limit):
        return select.select(self.socks, [], [], limit)[0]

    def accept(self):
        ready = self.came(Stream.LIMIT_S)
        demand(ready, "nobody connected to port %s" % self.ports)
        sock, peer = ready[0].accept()
        told("connection from %s to port %d" % (
            plain(peer[0]), sock.getsockname()[1]))
        self.close()
        return Stream(sock)

    def close(self):
        for sock in self.socks:
            sock.close()


def reach(places):
    """A connection to the first of (name, address, port) that answers"""
    for name, addr, port in places:
        try:
            sock = socket.create_connection((addr, port), CONNECT_S)
        except OSError as why:
            told("no connection to %s %s port %d: %s" % (
                name, addr, port, why.strerror or "no answer"))
            continue
        told("connected to %s %s port %d" % (name, addr, port))
        return Stream(sock)
    raise Wrong("none of the announced addresses answers")


def dial(addr, port):
    """A connection to a server that may only be starting"""
    end = time.monotonic() + Stream.LIMIT_S
    while True:
        try:
            return socket.create_connection((addr, port), CONNECT_S)
        except ConnectionRefusedError as why:
            demand(time.monotonic() < end, "no server: %s" % why)
            time.sleep(0.05)
        except OSError as why:
            raise Wrong("no server: %s" % why)

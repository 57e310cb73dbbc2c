# SPDX-License-Identifier: GPL-2.0-only
"""Ends of TCP connections without a kernel's TCP behind them, for ftp_say.py."""

import random
import select
import socket
import struct
import time

from say_parts import (LIMIT_S, QUIET_S, No, inside, name_socket, named, options,
                       show, unescape)

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ETH_P_IP = 0x800
DF = 0x4000


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip_header(proto, src, dst, size, ident=None, frag=0, ttl=64):
    """A header of IPv4 in front of SIZE bytes, without its checksum: kernels fill
    that in"""
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + size,
                       random.getrandbits(16) if ident is None else ident,
                       frag, ttl, proto, 0, socket.inet_aton(src),
                       socket.inet_aton(dst))


class Raw:
    """One end of a TCP connection without a kernel's TCP behind it: IPv4, no
    options but those of MSS and SACK, and nothing is sent that the script doesn't
    say."""

    def __init__(self, ns, addr, port, dev):
        with inside(ns):
            self.tx = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                    socket.IPPROTO_RAW)
            self.rx = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                    socket.htons(ETH_P_IP))
        self.rx.bind((dev, ETH_P_IP))
        self.addr, self.port = addr, int(port)
        self.isn = random.getrandbits(32)
        self.peer = self.peer_isn = None
        self.heard = 0		# what ACKs say, an offset in the peer's stream
        self.said = 0		# where its own stream ends
        self.opts = b""		# of the last segment that came

    def close(self):
        self.tx.close()
        self.rx.close()

    def transmit(self, flags, seq, payload=b"", opts=b"", ttl=64, flaw=0):
        ack = (self.peer_isn + 1 + self.heard if flags & ACK else 0)
        src, dst = (socket.inet_aton(x) for x in (self.addr, self.peer[0]))
        tcp = struct.pack("!HHIIBBHHH", self.port, self.peer[1],
                          seq & 0xffffffff, ack & 0xffffffff,
                          (20 + len(opts)) << 2, flags, 64240, 0, 0)
        tcp += opts + payload
        pseudo = src + dst + struct.pack("!HH", socket.IPPROTO_TCP, len(tcp))
        total = checksum(pseudo + tcp) ^ flaw
        tcp = tcp[:16] + struct.pack("!H", total) + tcp[18:]
        ip = ip_header(socket.IPPROTO_TCP, self.addr, self.peer[0], len(tcp),
                       frag=DF, ttl=ttl)
        self.tx.sendto(ip + tcp, (self.peer[0], 0))

    def receive_ip(self, wanted, limit=LIMIT_S):
        """The next packet that is wanted, or None"""
        end = time.monotonic() + limit
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.rx], [], [], left)[0]:
                return None
            ip = self.rx.recv(1 << 17)
            if wanted(ip):
                return ip

    def receive(self, limit):
        """The next segment for us, or None: flags, seq, ack, payload"""
        end = time.monotonic() + limit
        while True:
            ip = self.receive_ip(
                lambda ip: ip[9] == socket.IPPROTO_TCP and
                ip[16:20] == socket.inet_aton(self.addr),
                end - time.monotonic())
            if not ip:
                return None
            head = (ip[0] & 15) * 4
            tcp = ip[head:struct.unpack("!H", ip[2:4])[0]]
            sport, dport, seq, ack, doff, flags = \
                struct.unpack("!HHIIBB", tcp[:14])
            if dport != self.port:
                continue
            who = (socket.inet_ntoa(ip[12:16]), sport)
            if self.peer and who != self.peer:
                continue
            self.peer = who
            self.opts = tcp[20:(doff >> 4) * 4]
            return flags, seq, ack, tcp[(doff >> 4) * 4:]

    def until(self, wanted, what):
        """The first segment that is wanted; all others are passed over."""
        end = time.monotonic() + LIMIT_S
        passed = []
        while True:
            seg = self.receive(end - time.monotonic())
            if not seg:
                raise No("no %s, but: %s" % (what, "; ".join(passed) or
                                             "nothing"))
            if wanted(*seg):
                return seg
            passed.append(self.describe(*seg))

    def describe(self, flags, seq, ack, payload):
        text = "flags %#x" % flags
        if self.peer_isn is not None:
            text += " at %d acks %d" % (
                self.signed(seq - self.peer_isn - 1),
                self.signed(ack - self.isn - 1))
        return text + (" " + show(payload) if payload else "")

    @staticmethod
    def signed(n):
        return (n + (1 << 31)) % (1 << 32) - (1 << 31)


NOP, SACK = 1, 5
# and SACK permitted (RFC 2018)
MSS = struct.pack("!BBHBBBB", 2, 4, 1460, NOP, NOP, 4, 2)


def cmd_raw(name, ns, addr, port, dev):
    """raw NAME NS ADDR PORT DEV: ADDR must not be the namespace's own"""
    name_socket(name, Raw(ns, addr, port, dev))


def cmd_handshake(client, server, addr, port):
    """handshake CLIENT SERVER ADDR PORT: two raw ends, connected"""
    c, s = named[client], named[server]
    c.peer = (addr, int(port))
    c.transmit(SYN, c.isn, opts=MSS)
    seg = s.until(lambda f, *_: f & (SYN | ACK) == SYN, "SYN")
    s.peer_isn = seg[1]
    s.transmit(SYN | ACK, s.isn, opts=MSS)
    seg = c.until(lambda f, *_: f & (SYN | ACK) == SYN | ACK, "SYN ACK")
    c.peer_isn = seg[1]
    c.transmit(ACK, c.isn + 1)
    s.until(lambda f, *_: f & (SYN | ACK) == ACK, "ACK")


def cmd_rebase(client, server, asked, answered):
    """rebase CLIENT SERVER ASKED ANSWERED: offsets count from here on, where
    the client has said ASKED bytes and the server ANSWERED"""
    c, s = named[client], named[server]
    for here, there, n in (c, s, int(asked)), (s, c, int(answered)):
        here.isn += n
        there.peer_isn += n
        here.said -= n
        there.heard -= n


def cmd_push(name, at, text, *words):
    """push NAME AT TEXT [ttl=N] [flaw=N]: a segment with TEXT at offset AT of
    its stream; "flaw" is what its checksum differs by"""
    s, data = named[name], unescape(text)
    s.said = max(s.said, int(at) + len(data))
    s.transmit(PSH | ACK, s.isn + 1 + int(at), data,
               **{k: int(v) for k, v in options(words).items()})


def cmd_flag(name, at, flag):
    """flag NAME AT fin|rst|syn: an empty segment with that flag"""
    s = named[name]
    s.transmit({"fin": FIN, "rst": RST, "syn": SYN}[flag] | ACK,
               s.isn + 1 + int(at))


def cmd_pulled(name, at, text):
    """pulled NAME AT TEXT: a segment with exactly TEXT at offset AT comes
    next, empty ones apart"""
    s = named[name]
    data = unescape(text)
    seg = s.until(lambda f, q, a, payload: payload, "data")
    where = s.signed(seg[1] - s.peer_isn - 1)
    if where != int(at) or seg[3] != data:
        raise No("came: at %d %s, not: at %s %s" %
                 (where, show(seg[3]), at, show(data)))


def cmd_pull(name):
    """pull NAME: the next segment that has payload: its offset and text"""
    s = named[name]
    seg = s.until(lambda f, q, a, payload: payload, "data")
    return "%d %s" % (s.signed(seg[1] - s.peer_isn - 1), show(seg[3]))


def cmd_nothing(name):
    """nothing NAME: no payload comes"""
    s = named[name]
    while True:
        seg = s.receive(QUIET_S)
        if not seg:
            return
        if seg[3]:
            raise No("came: " + s.describe(*seg))


def cmd_none_from(name, at):
    """none_from NAME AT: no payload comes that reaches beyond offset AT"""
    s = named[name]
    while True:
        seg = s.receive(QUIET_S)
        if not seg:
            return
        if seg[3] and s.signed(seg[1] + len(seg[3]) -
                               s.peer_isn - 1) > int(at):
            raise No("came: " + s.describe(*seg))


def cmd_heard(name, to):
    """heard NAME TO: acknowledge the peer's stream up to offset TO"""
    s = named[name]
    s.heard = int(to)
    s.transmit(ACK, s.isn + 1 + s.said)


def cmd_acked(name, to):
    """acked NAME TO: an ACK of its own stream up to TO comes"""
    s = named[name]
    s.until(lambda f, q, ack, p: f & ACK and
            s.signed(ack - s.isn - 1) == int(to), "ACK of " + to)


def cmd_sacked(name, to, *edges):
    """sacked NAME TO START END...: acknowledge the peer's stream up to offset TO,
    and what lies between each START and END"""
    s = named[name]
    s.heard = int(to)
    blocks = b"".join(struct.pack("!I", (s.peer_isn + 1 + int(edge)) & 0xffffffff)
                      for edge in edges)
    s.transmit(ACK, s.isn + 1 + s.said, opts=bytes((NOP, NOP, SACK,
                                                    2 + len(blocks))) + blocks)


def cmd_blocks(name, to, *edges):
    """blocks NAME TO START END...: what comes next acknowledges its own stream like
    that, and nothing else"""
    s = named[name]
    seg = s.until(lambda f, q, ack, p: f & ACK, "ACK")
    came = [s.signed(seg[2] - s.isn - 1)]
    at = 0
    while at < len(s.opts) and s.opts[at]:
        if s.opts[at] == NOP:
            at += 1
            continue
        size = s.opts[at + 1]
        if s.opts[at] == SACK:
            came += [s.signed(n[0] - s.isn - 1) for n in
                     struct.iter_unpack("!I", s.opts[at + 2:at + size])]
        at += size
    if came != [int(n) for n in (to,) + edges]:
        raise No("came: %s" % came)

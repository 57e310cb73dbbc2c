# SPDX-License-Identifier: GPL-2.0-only
"""Handshakes of TCP step by step, and ICMP errors about a connection, between the
raw ends of say_raw.py: for ftp_say.py."""

import socket
import struct

from say_parts import No, named, show, unescape
from say_raw import ACK, DF, FIN, MSS, RST, SYN, checksum, ip_header

ICMP_UNREACHABLE, ICMP_FRAG_NEEDED = 3, 4


def cmd_syn(name, addr, port, text=""):
    """syn NAME ADDR PORT [TEXT]: ask for a connection, TEXT comes with it"""
    s = named[name]
    s.peer, s.peer_isn = (addr, int(port)), None
    s.transmit(SYN, s.isn, unescape(text), opts=MSS)


def take_syn(s, flags, text, what):
    seg = s.until(lambda f, *_: f & (SYN | ACK) == flags, what)
    s.peer_isn = seg[1]
    if seg[3] != unescape(text):
        raise No("with it came: " + show(seg[3]))


def cmd_asked(name, text=""):
    """asked NAME [TEXT]: a SYN comes, with TEXT"""
    named[name].peer = None
    take_syn(named[name], SYN, text, "SYN")


def cmd_answer(name, took=0, text=""):
    """answer NAME [TOOK [TEXT]]: a SYN ACK for TOOK bytes of what came with the
    SYN; TEXT comes with it"""
    s = named[name]
    s.heard = int(took)
    s.transmit(SYN | ACK, s.isn, unescape(text), opts=MSS)


def cmd_answered(name, text=""):
    """answered NAME [TEXT]: a SYN ACK comes, with TEXT"""
    take_syn(named[name], SYN | ACK, text, "SYN ACK")


def cmd_anew(name, by):
    """anew NAME BY: its stream begins that much later than it did"""
    s = named[name]
    s.isn = (s.isn + int(by)) & 0xffffffff
    s.said = 0


def cmd_forge(name, at, flags, text=""):
    """forge NAME AT FLAGS [TEXT]: fin, rst, ack, or answer, which is a SYN ACK, at
    offset AT, with TEXT; it doesn't count as said"""
    s = named[name]
    bits = {"fin": FIN | ACK, "rst": RST, "ack": ACK, "answer": SYN | ACK}
    s.transmit(bits[flags], s.isn + 1 + int(at), unescape(text))


def quotation(s, at, ident, src, dst):
    """What a router quotes of a segment that came to @s: 28 bytes"""
    ip = ip_header(socket.IPPROTO_TCP, src, dst, 20 + 100, ident, DF, 60)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    seq = (s.peer_isn + 1 + int(at)) & 0xffffffff
    return ip + struct.pack("!HHI", s.peer[1], s.port, seq)


def cmd_complain(name, router, at, mtu="0", ident="1"):
    """complain NAME ROUTER AT [MTU [IDENT]]: a router at that address says that
    the segment which came to NAME at offset AT of its peer's stream was too
    long; its IP identifier was IDENT"""
    s = named[name]
    body = quotation(s, at, int(ident, 0), s.peer[0], s.addr)
    icmp = struct.pack("!BBHHH", ICMP_UNREACHABLE, ICMP_FRAG_NEEDED, 0, 0,
                       int(mtu)) + body
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    ip = ip_header(socket.IPPROTO_ICMP, router, s.peer[0], len(icmp))
    s.tx.sendto(ip + icmp, (s.peer[0], 0))


def cmd_complained(name):
    """complained NAME: an ICMP error comes about what NAME has sent: offset,
    MTU, source and destination, identifier"""
    s = named[name]
    ip = s.receive_ip(lambda ip: ip[9] == socket.IPPROTO_ICMP and
                      ip[16:20] == socket.inet_aton(s.addr))
    if not ip:
        raise No("no ICMP error")
    icmp = ip[20:struct.unpack("!H", ip[2:4])[0]]
    if checksum(icmp):
        raise No("its checksum is wrong")
    quoted = icmp[8:]
    seq = struct.unpack("!I", quoted[24:28])[0]
    return "%d %d %s %s %#x" % (
        s.signed(seq - s.isn - 1), struct.unpack("!H", icmp[6:8])[0],
        socket.inet_ntoa(quoted[12:16]), socket.inet_ntoa(quoted[16:20]),
        struct.unpack("!H", quoted[4:6])[0])

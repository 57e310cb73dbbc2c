# SPDX-License-Identifier: GPL-2.0-only
"""MSN's packets between clients: messages cut into chunks, and their
acknowledgements. Version 1 is little-endian, version 2 (from MSNP16 on) big.

A transport has "put(packet, app)"; what comes from it goes to "take". Packets
are without the footer that they have in a switchboard's MSG.
"""

import collections
import random
import struct

from msn_wire import Wrong, demand, number, same, told

CHUNK_MAX = 1202	# of data in a MSG
DIRECT_MAX = 1352	# in a direct connection
FLAG_ACK = 2
FLAG_HANDSHAKE = 0x100
FLAG_FILE = 0x1000030

V1 = struct.Struct("<IIQQIIIIQ")
V1_NAMES = "session id offset total length flags ack_id ack_uid ack_size"
Header = collections.namedtuple("Header", V1_NAMES)

V2 = struct.Struct(">BBHI")
V2_DATA = struct.Struct(">BBHI")
OP_NONE, OP_RAK, OP_SYN_RAK = 0, 2, 3
TF_FIRST, TF_FILE = 1, 6
TLV_PEER, TLV_ACK, TLV_LEFT = 1, 2, 1

FOOTER = struct.Struct(">I")


def parse_v1(packet):
    """Header and data of a packet whose length must fit"""
    demand(len(packet) >= V1.size, "P2P header of %d bytes" % len(packet))
    header = Header(*V1.unpack_from(packet))
    data = packet[V1.size:]
    demand(header.length == len(data),
           "P2P Length %d, but %d bytes of data" % (header.length, len(data)))
    if not header.flags & FLAG_ACK:
        demand(header.offset + header.length <= header.total,
               "P2P Offset %d and Length %d, but TotalSize %d" %
               (header.offset, header.length, header.total))
    return header, data


def tlvs(data):
    """By their types; they end with bytes of 0"""
    found = {}
    while data and data[0]:
        demand(len(data) >= 2 and len(data) >= 2 + data[1],
               "a TLV that is cut off: %r" % data)
        found[data[0]] = data[2:2 + data[1]]
        data = data[2 + data[1]:]
    demand(not any(data), "behind the TLVs: %r" % data)
    return found


def tlv(kind, value):
    """One that fills up to a multiple of four bytes"""
    data = bytes((kind, len(value))) + value
    return data + bytes(-len(data) % 4)


def parse_v2(packet):
    """The header, its TLVs, the data's header, its TLVs, data"""
    demand(len(packet) >= V2.size, "P2P header of %d bytes" % len(packet))
    header = V2.unpack_from(packet)
    demand(V2.size <= header[0] and header[0] + header[2] == len(packet),
           "P2P header of %d and message of %d bytes, but %d in all" %
           (header[0], header[2], len(packet)))
    outer = tlvs(packet[V2.size:header[0]])
    rest = packet[header[0]:]
    if not rest:
        return header, outer, None, {}, b""
    demand(len(rest) >= V2_DATA.size, "P2P data header of %d bytes" % len(rest))
    head = V2_DATA.unpack_from(rest)
    demand(V2_DATA.size <= head[0] <= len(rest),
           "P2P data header of %d bytes in %d" % (head[0], len(rest)))
    return header, outer, head, tlvs(rest[V2_DATA.size:head[0]]), \
        rest[head[0]:]


def check_lengths(packet):
    """Of either version"""
    faults = []
    for parse in parse_v1, parse_v2:
        try:
            parse(packet)
            return
        except Wrong as why:
            faults.append(str(why))
    raise Wrong("neither version of P2P: %s; %s" % tuple(faults))


def split_footer(body):
    """Packet and application of a MSG's body"""
    demand(len(body) >= FOOTER.size, "P2P packet of %d bytes" % len(body))
    return body[:-FOOTER.size], FOOTER.unpack(body[-FOOTER.size:])[0]


def chunks(body, size):
    """Offsets and data; of nothing there is one as well"""
    return [(i, body[i:i + size]) for i in range(0, len(body) or 1, size)]


def check_end(session, data, last):
    """Only the end of SLP's text is a NUL: so a wrong size is noticed at once,
    not when nothing more comes."""
    if session == 0:
        demand(data.endswith(b"\0") == last,
               "P2P sizes have the message %s" % (
                   "end before its NUL" if last else "go on behind its NUL"))


class LinkV1:
    def __init__(self):
        self.id = number()
        self.sent = {}		# by identifier: (unique id, size)
        self.coming = None	# first header and data so far

    def send(self, transport, body, chunk, session=0, flags=0, app=0):
        self.id += 1
        uid = random.randrange(1, 1 << 32)
        self.sent[self.id] = uid, len(body), session
        for offset, data in chunks(body, chunk):
            transport.put(V1.pack(session, self.id, offset, len(body),
                                  len(data), flags, uid, 0, 0) + data, app)

    def take(self, transport, packet, app):
        """(session, flags, body) if a message is complete, else None"""
        header, data = parse_v1(packet)
        if header.flags & FLAG_ACK:
            return self.take_ack(header)
        if not self.coming:
            same("Offset of the first chunk", header.offset, 0)
            self.coming = header, b""
        first, body = self.coming
        demand(header.id == first.id, "P2P Identifier %d, but %d goes on" %
               (header.id, first.id))
        same("Length %d, Offset" % header.length, header.offset, len(body))
        same("TotalSize", header.total, first.total)
        demand((header.session, header.flags, header.ack_id, header.ack_uid) ==
               (first.session, first.flags, first.ack_id, 0),
               "another session, flags or unique id: %s" % (header,))
        body += data
        self.coming = first, body
        check_end(header.session, data, len(body) == first.total)
        if len(body) < first.total:
            return None
        self.coming = None
        self.id += 1
        transport.put(V1.pack(first.session, self.id, 0, first.total, 0,
                              FLAG_ACK, first.id, first.ack_id, first.total),
                      app)
        return first.session, first.flags, body

    def take_ack(self, header):
        demand(header.length == 0 and header.offset == 0,
               "an ACK with data: %s" % (header,))
        demand(header.ack_id in self.sent, "ACK of %d, which was never sent" %
               header.ack_id)
        uid, size, session = self.sent.pop(header.ack_id)
        demand(header.session == session, "ACK in session %d" % header.session)
        same("AckUID", header.ack_uid, uid)
        same("AckSize", header.ack_size, size)
        if header.total != size:
            told("note: an ACK's TotalSize %d, not %d" % (header.total, size))

    def acked(self):
        return not self.sent


class LinkV2:
    """Each packet with data asks for its acknowledgement."""

    def __init__(self):
        self.base = number()
        self.said = False
        self.sent = []		# what ACKs have to say
        self.peer_base = None
        self.coming = None	# (session, flags), data so far, bytes left
        self.package = random.randrange(1, 1 << 15)

    def put(self, transport, op, outer, payload, app):
        transport.put(V2.pack(V2.size + len(outer), op, len(payload),
                              self.base) + outer + payload, app)
        self.base = (self.base + len(payload)) & 0xffffffff
        if payload:
            self.sent.append(self.base)

    def send(self, transport, body, chunk, session=0, flags=0, app=0):
        kind = TF_FILE if flags == FLAG_FILE else 0
        self.package += 1
        for offset, data in chunks(body, chunk):
            left = len(body) - offset - len(data)
            inner = tlv(TLV_LEFT, struct.pack(">Q", left)) if left else b""
            head = V2_DATA.pack(V2_DATA.size + len(inner),
                                kind | (0 if offset else TF_FIRST),
                                self.package if left or offset else 0, session)
            outer = b"" if self.said else tlv(TLV_PEER, bytes(12))
            self.put(transport, OP_RAK if self.said else OP_SYN_RAK, outer,
                     head + inner + data, app)
            self.said = True

    def take(self, transport, packet, app):
        header, outer, head, inner, data = parse_v2(packet)
        _, op, length, base = header
        if self.peer_base is not None:
            same("BaseID", base, self.peer_base)
        self.peer_base = (base + length) & 0xffffffff
        if TLV_ACK in outer:
            ack = int.from_bytes(outer[TLV_ACK], "big")
            demand(self.sent, "ACK of nothing: %#x" % ack)
            same("ACK's identifier", ack, self.sent.pop(0))
        if not head:
            return None
        if op & OP_RAK:
            self.put(transport, OP_NONE,
                     tlv(TLV_ACK, struct.pack(">I", self.peer_base)), b"", app)
        return self.take_data(head, inner, data)

    def take_data(self, head, inner, data):
        _, flags, _, session = head
        left = int.from_bytes(inner.get(TLV_LEFT, b""), "big")
        if flags & TF_FIRST:
            demand(not self.coming, "a message inside another")
            self.coming = (session, flags & ~TF_FIRST), b"", left + len(data)
        demand(self.coming, "no first chunk of a message")
        what, body, want = self.coming
        demand(what == (session, flags & ~TF_FIRST),
               "a chunk of another session or kind")
        same("remaining bytes behind %d" % (len(body) + len(data)), left,
             want - len(data))
        body += data
        check_end(session, data, left == 0)
        self.coming = what, body, left
        if left:
            return None
        self.coming = None
        return session, FLAG_FILE if what[1] & TF_FILE == TF_FILE else 0, body

    def acked(self):
        return not self.sent

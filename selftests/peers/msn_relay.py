# SPDX-License-Identifier: GPL-2.0-only
"""What stands between an MSN client and its peer, to see whether they notice
what it does.

msn_relay.py PORT TO_PORT [WORD...]

	from=TEXT to=TEXT	announced addresses are replaced, by a client of
				this port, and all lengths are corrected
	forget=FIELD		except this one
	spoil=FIELD		it is one more than it should be, the first time
	by=N			or so many more
	nth=N			the Nth time
	way=out|in		from the client, or to it
	byte=N			the Nth byte of that way is one more; nothing else
				is looked at
	plain=1			nothing at all is

Fields are "msg" and those of FIELDS and TEXTS; "msg", "length", "total",
"content" and "ack-size" can be forgotten. It is the status of the clients that
matters; here it is only whether there was something to spoil.
"""

import os
import re
import socket
import struct
import sys
import threading

# Python is told to keep its path short ("-I"), and may not write to the
# checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from msn_wire import dial

# Where they stand in a P2P packet, and how they are read
FIELDS = {
    "session": (0, "<I"), "id": (4, "<I"), "offset": (8, "<Q"),
    "total": (16, "<Q"), "length": (24, "<I"), "flags": (28, "<I"),
    "uid": (32, "<I"), "ack-id": (32, "<I"), "ack-uid": (36, "<I"),
    "ack-size": (40, "<Q"),
    "v2-header": (0, ">B"), "v2-message": (2, ">H"), "v2-base": (4, ">I"),
    "v2-ack": (10, ">I"), "v2-data-header": (8, ">B"),
    "v2-session": (12, ">I"), "v2-left": (18, ">Q"),
}
TEXTS = {
    "content": rb"(?<=Content-Length: )\d+(?=\r)",
    "cookie": rb"(?<=Invitation-Cookie: )\d+(?=\r)",
    "auth": rb"(?<=AuthCookie: )\d+(?=\r)",
    "nonce": rb"(?<=Hashed-Nonce: \{)[0-9A-F]",
    "chat": rb"(?<=IP-Address: )\d+(?=\.)",
    "branch": rb"(?<=branch=\{)[0-9A-F]",
    "port": rb"(?<=Port: )\d+(?=\r)",
}
MSG_HEAD = re.compile(rb"MSG [^\r\n]* (\d+)\r\n")
P2P_HEAD = re.compile(rb"\r\n(?=Content-Type: application/x-msnmsgrp2p\r\n)")
V1_SIZE = 48
FLAG_ACK = 2


def number(packet, field):
    at, form = FIELDS[field]
    return struct.unpack_from(form, packet, at)[0]


def put(packet, field, value):
    at, form = FIELDS[field]
    raw = struct.pack(form, value & ((1 << 8 * struct.calcsize(form)) - 1))
    return packet[:at] + raw + packet[at + len(raw):]


class Relay:
    def __init__(self, opt):
        self.opt = opt
        self.left = int(opt.get("nth", 1))
        self.by = int(opt.get("by", 1))
        self.sizes = {}		# as sent, of what was made longer
        self.seen = False

    def hit(self):
        """Whether this is the one to spoil"""
        self.left -= 1
        self.seen = self.seen or self.left == 0
        return self.left == 0

    def more(self, match):
        """Of a number; of a hexadecimal digit another one"""
        text = match[0]
        return b"%X" % ((int(text, 16) + 1) % 16) if len(text) == 1 else \
            b"%d" % (int(text) + self.by)

    # ---- units

    def pump(self, source, sink, way):
        change = self.bytes if {"byte", "plain"} & self.opt.keys() else \
            self.units
        try:
            change(source, sink, way)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def bytes(self, source, sink, way):
        at = int(self.opt.get("byte", -1)) if \
            way == self.opt.get("way") else -1
        while data := source.recv(65536):
            if 0 <= at < len(data):
                self.seen = True
                data = data[:at] + bytes(((data[at] + 1) & 255,)) + \
                    data[at + 1:]
            at -= len(data)
            sink.sendall(data)

    def units(self, source, sink, way):
        buf = b""
        while data := source.recv(65536):
            buf += data
            while b"\n" in buf:
                head = MSG_HEAD.match(buf)
                size = buf.index(b"\n") + 1
                if head:
                    size += int(head[1])
                    if len(buf) < size:
                        break
                unit, buf = buf[:size], buf[size:]
                if head:
                    unit = self.message(head[0], unit[head.end():], way)
                sink.sendall(unit)
        sink.sendall(buf)

    def message(self, head, payload, way):
        size = len(payload)
        mime, blank, body = payload.partition(b"\r\n\r\n")
        if P2P_HEAD.search(mime):
            body = self.packet(body, way)
        else:
            body = self.text(self.replaced(body, way), way)
        payload = mime + blank + body
        if self.opt.get("forget") != "msg":
            size = len(payload)
        if self.spoils("msg", way) and self.hit():
            size += self.by
        return re.sub(rb"\d+\r\n$", b"%d\r\n" % size, head) + payload

    def spoils(self, field, way):
        return self.opt.get("spoil") == field and \
            self.opt.get("way", "out") == way

    def replaced(self, body, way):
        old, new = self.opt.get("from"), self.opt.get("to")
        if not old or way != "out":
            return body
        return re.sub(rb"(?<=Addrs: )%s(?=\r)|(?<=IP-Address: )%s(?=\r)" %
                      (re.escape(old.encode()), re.escape(old.encode())),
                      new.encode(), body)

    def text(self, body, way):
        for field, pattern in TEXTS.items():
            if self.spoils(field, way) and re.search(pattern, body) and \
                    self.hit():
                body = re.sub(pattern, self.more, body, count=1)
        return body

    def packet(self, body, way):
        packet, footer = body[:-4], body[-4:]
        if len(packet) >= V1_SIZE and \
                number(packet, "length") == len(packet) - V1_SIZE:
            packet = self.packet_v1(packet, way)
        else:
            packet = self.text(packet, way)
        field = self.opt.get("spoil")
        if field in FIELDS and self.spoils(field, way) and \
                self.is_one(packet, field) and self.hit():
            packet = put(packet, field, number(packet, field) + self.by)
        return packet + footer

    def packet_v1(self, packet, way):
        if number(packet, "flags") & FLAG_ACK:
            size = self.sizes.pop(number(packet, "ack-id"), None)
            if size is not None and way == "in" and \
                    self.opt.get("forget") != "ack-size":
                packet = put(packet, "ack-size", size)
            return packet
        header, data = packet[:V1_SIZE], packet[V1_SIZE:]
        new = self.replaced(data, way)
        growth = len(new) - len(data)
        if growth and self.opt.get("forget") != "content":
            new = re.sub(TEXTS["content"], lambda m: b"%d" % (
                int(m[0]) + growth), new, count=1)
            growth = len(new) - len(data)
        if growth:
            self.sizes[number(header, "id")] = len(data)
            for field in "length", "total":
                if self.opt.get("forget") != field:
                    header = put(header, field, number(header, field) + growth)
        return header + self.text(new, way)

    @staticmethod
    def is_one(packet, field):
        """Whether the packet has it"""
        if field.startswith("v2-"):
            if field == "v2-ack":
                return packet[0] > 8 and packet[8] == 2
            inner = packet[0] < len(packet)
            if field == "v2-left":
                return inner and packet[0] == 8 and packet[8] > 8
            return inner and packet[0] == 8
        ack = bool(number(packet, "flags") & FLAG_ACK)
        return ack == field.startswith("ack-")


def main(port, to_port, *words):
    relay = Relay(dict(w.split("=", 1) for w in words))
    server = socket.create_server(("", int(port)), backlog=1)
    print("ready", flush=True)
    a, _ = server.accept()
    server.close()
    b = dial("127.0.0.1", int(to_port))
    for s in a, b:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pumps = [threading.Thread(target=relay.pump, args=args)
             for args in ((a, b, "out"), (b, a, "in"))]
    for thread in pumps:
        thread.start()
    for thread in pumps:
        thread.join()
    sys.exit("there was nothing to spoil" if not relay.seen and
             {"spoil", "byte"} & relay.opt.keys() else 0)


main(*sys.argv[1:])

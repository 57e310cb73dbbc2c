# SPDX-License-Identifier: GPL-2.0-only
"""An MMS server that has nothing to play: it says yes to everything, and sends
numbers where a client wants datagrams.

mms_server.py ADDRESS [from=PORT] [refuse=1]

	from=PORT	datagrams come from there, 5005 otherwise
	refuse=1	no to funnels for datagrams

Tells on standard output, a line each: "funnel NAME" of a request for one, "open"
when a client wants a file, "resend ADDRESS PORT" of a request for datagrams that
were lost, and "end" of a connection.
"""

import re
import select
import socket
import struct
import sys
import threading

PORT = 1755		# of both, TCP and UDP
INTERVAL_S = 0.05	# between datagrams
SESSION = 0xb00bface
RESEND = 0xbeeff00d
ID_AT = 36
FUNNEL_AT = 60
TO_CLIENT = 0x00040000

CONNECT, FUNNEL, REFUSED, OPEN, INFO = 0x01, 0x02, 0x03, 0x05, 0x18


def utf16(text):
    return (text + "\0").encode("utf-16-le")


def message(number, what, body):
    """One to the client, as long as its lengths say"""
    body += bytes(-len(body) % 8)
    size = 40 + len(body)
    return struct.pack("<III4sIIQII", 1, SESSION, size - 16, b"MMS ",
                       (size - 16) // 8, number, 0, (size - 32) // 8,
                       TO_CLIENT | what) + body


def tell(*words):
    print(*words, flush=True)


class Client:
    """One connection of a client's"""

    def __init__(self, conn, opt):
        self.conn = conn
        self.opt = opt
        self.number = 0
        self.ended = threading.Event()

    def say(self, what, body):
        self.conn.sendall(message(self.number, what, body))
        self.number += 1

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.conn.recv(size - len(data))
            if not part:
                raise ConnectionError("the end")
            data += part
        return data

    def media(self, address, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((self.opt["address"], int(self.opt.get("from", 5005))))
            number = 0
            while not self.ended.wait(INTERVAL_S):
                try:
                    s.sendto(b"number %d" % number, (address, port))
                except OSError:
                    pass
                number += 1

    def funnel(self, said):
        name = said[FUNNEL_AT:].decode("utf-16-le", "replace").split("\0")[0]
        tell("funnel", name)
        where = re.fullmatch(r"\\\\([0-9a-fA-F.:]+)\\UDP\\(\d{1,5})", name)
        if where and "refuse" in self.opt:
            self.say(REFUSED, bytes(8))
            return
        self.say(FUNNEL, struct.pack("<IIII", 0, 0, 0, 0) +
                 utf16("Funnel Of The Gods"))
        if where:
            threading.Thread(target=self.media, daemon=True,
                             args=(where[1], int(where[2]))).start()

    def answer(self, said):
        what = struct.unpack_from("<I", said, ID_AT)[0] & 0xffff
        if what == CONNECT:
            version = "9.0.0.0"
            self.say(CONNECT, struct.pack("<II", 0, 0xf0f0f0ef) +
                     bytes(32) + struct.pack("<IIII", len(version) + 1,
                                             0, 0, 0) + utf16(version))
        elif what == INFO:
            self.say(0x15, bytes(40))
        elif what == FUNNEL:
            self.funnel(said)
        elif what == OPEN:
            tell("open")

    def run(self):
        try:
            while True:
                head = self.read(16)
                length = struct.unpack_from("<I", head, 8)[0]
                self.answer(head + self.read(length))
        except OSError:
            pass
        self.ended.set()
        self.conn.close()
        tell("end")


def requests(s):
    """What clients want sent again"""
    while True:
        data, peer = s.recvfrom(65536)
        if len(data) >= 4 and struct.unpack_from("<I", data)[0] == RESEND:
            tell("resend", peer[0], peer[1])


def main():
    opt = dict(w.split("=", 1) for w in sys.argv[2:])
    opt["address"] = sys.argv[1]
    family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    udp.bind((sys.argv[1], PORT))
    threading.Thread(target=requests, args=(udp,), daemon=True).start()
    server = socket.create_server((sys.argv[1], PORT), family=family)
    tell("listening")
    while select.select([server], [], []):
        conn = server.accept()[0]
        threading.Thread(target=Client(conn, opt).run, daemon=True).start()


main()

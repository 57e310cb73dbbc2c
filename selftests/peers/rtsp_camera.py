# SPDX-License-Identifier: GPL-2.0-only
"""An RTSP server with the manners of cameras.

rtsp_camera.py PORT [WORD...]

	clip=FILE	MPEG-TS to play; without one it sends numbers
	source=ADDR	media come from there, and replies say so
	ports=odd	their ports begin with an odd one
	case=upper	header names: upper, lower
	fold=1		the Transport header of replies goes on in a second line
	split=1		replies are sent in pieces of a few bytes
	silent=1	replies name the source only, not the server's ports

What comes from a client is counted on standard output, a line a session.
"""

import os
import random
import re
import socket
import sys
import threading
import time

# Of MPEG-TS: seven packets of it a datagram, in RTP's type 33
DATAGRAM = 7 * 188
TYPE_TS = 33
INTERVAL_S = 0.02	# between datagrams of numbers
REPORT_EVERY = 25	# datagrams of media between two of RTCP
CLIP_S = 240		# how long "long.ts" takes
PIECE = 7		# bytes of a split reply

SDP = """v=0\r
o=- 1 1 IN IP4 0.0.0.0\r
s=camera\r
t=0 0\r
m=video 0 RTP/AVP 33\r
a=control:track1\r
"""


def bind_pair(family, addr, odd):
    """Sockets on two ports, one behind the other"""
    while True:
        port = random.randrange(20000, 60000, 2) + odd
        pair = []
        try:
            for i in range(2):
                s = socket.socket(family, socket.SOCK_DGRAM)
                pair.append(s)
                s.bind((addr, port + i))
            return pair
        except OSError:
            for s in pair:
                s.close()


class Session:
    """One stream to one client, from SETUP to TEARDOWN"""

    def __init__(self, opt, peer, family, local, ports):
        self.opt = opt
        self.to = [(peer, port) for port in ports]
        self.pair = bind_pair(family, opt.get("source", local),
                              opt.get("ports") == "odd")
        self.ports = [s.getsockname()[1] for s in self.pair]
        self.came = [0, 0]
        self.ended = threading.Event()
        self.threads = []

    def begin(self):
        for run in self.send, self.receive:
            self.threads.append(threading.Thread(target=run, daemon=True))
            self.threads[-1].start()

    def payload(self):
        """The datagrams, and the time between two of them"""
        if "clip" not in self.opt:
            for number in range(1 << 30):
                yield b"number %d" % number, INTERVAL_S
        size = os.path.getsize(self.opt["clip"])
        with open(self.opt["clip"], "rb") as file:
            while True:
                data = file.read(DATAGRAM)
                if not data:
                    return
                yield data, CLIP_S * DATAGRAM / size

    def tell(self, i, data):
        try:
            self.pair[i].sendto(data, self.to[i])
        except OSError:
            pass

    def send(self):
        start = time.monotonic()
        due = 0
        for number, (data, interval) in enumerate(self.payload()):
            header = bytes((0x80, TYPE_TS)) + \
                (number & 0xffff).to_bytes(2, "big") + \
                int(due * 90000 % (1 << 32)).to_bytes(4, "big") + b"came"
            self.tell(0, header + data)
            if number % REPORT_EVERY == 0:
                self.tell(1, bytes((0x80, 200, 0, 6)) + bytes(24))
            due += interval
            if self.ended.wait(max(0, start + due - time.monotonic())):
                return

    def receive(self):
        for s in self.pair:
            s.settimeout(0.1)
        while not self.ended.is_set():
            for i, s in enumerate(self.pair):
                try:
                    s.recv(65536)
                    self.came[i] += 1
                except OSError:
                    pass

    def end(self):
        self.ended.set()
        for t in self.threads:
            t.join()
        for s in self.pair:
            s.close()
        print("media %d control %d" % tuple(self.came), flush=True)


class Connection(threading.Thread):
    def __init__(self, sock, opt):
        super().__init__(daemon=True)
        self.sock = sock
        self.opt = opt
        self.session = None

    def name(self, header):
        case = self.opt.get("case")
        return header.upper() if case == "upper" else \
            header.lower() if case == "lower" else header

    def reply(self, status, cseq, headers=(), body=""):
        text = "RTSP/1.0 %s\r\n" % status
        for name, value in [("CSeq", cseq), *headers]:
            text += "%s: %s\r\n" % (self.name(name), value)
        if body:
            text += "%s: %d\r\n" % (self.name("Content-Length"), len(body))
        data = (text + "\r\n" + body).encode()
        size = PIECE if "split" in self.opt else len(data)
        for i in range(0, len(data), size):
            self.sock.sendall(data[i:i + size])

    def setup(self, cseq, transport):
        m = re.search(r"client_port=(\d+)-(\d+)", transport)
        if not m or "/TCP" in transport:
            return self.reply("461 Unsupported Transport", cseq)
        peer, local = self.sock.getpeername()[0], self.sock.getsockname()[0]
        self.session = Session(self.opt, peer, self.sock.family, local,
                               [int(p) for p in m.groups()])
        fields = ["RTP/AVP", "unicast", m.group()]
        if "source" in self.opt:
            fields.append("source=" + self.opt["source"])
        if "silent" not in self.opt:
            fields.append("server_port=%d-%d" % tuple(self.session.ports))
        fields.append("ssrc=63616D65")
        glue = ";\r\n\t" if "fold" in self.opt else ";"
        return self.reply("200 OK", cseq,
                          [("Transport", fields[0] + ";" + fields[1] + glue +
                            ";".join(fields[2:])),
                           ("Session", "camera1;timeout=60"),
                           ("com.ses.streamID", "1")])

    def answer(self, request):
        method = request.split(" ", 1)[0]
        headers = dict((k.strip().lower(), v.strip()) for k, v in
                       re.findall(r"^([^:\r\n]+):([^\r\n]*)", request, re.M))
        cseq = headers.get("cseq", "0")
        session = [("Session", "camera1")]
        if method == "OPTIONS":
            self.reply("200 OK", cseq, [("Public", "OPTIONS, DESCRIBE, SETUP, "
                                         "PLAY, TEARDOWN")])
        elif method == "DESCRIBE":
            self.reply("200 OK", cseq, [("Content-Type", "application/sdp")],
                       SDP)
        elif method == "SETUP" and not self.session:
            self.setup(cseq, headers.get("transport", ""))
        elif method == "PLAY" and self.session:
            self.reply("200 OK", cseq, session + [("Range", "npt=0-")])
            self.session.begin()
        elif method == "TEARDOWN" and self.session:
            self.session.end()
            self.session = None
            self.reply("200 OK", cseq, session)
        elif self.session:
            self.reply("200 OK", cseq, session)
        else:
            self.reply("455 Method Not Valid in This State", cseq)

    def run(self):
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buf = b""
        try:
            while True:
                data = self.sock.recv(65536)
                if not data:
                    break
                buf += data
                while b"\r\n\r\n" in buf:
                    request, buf = buf.split(b"\r\n\r\n", 1)
                    self.answer(request.decode("latin-1"))
        except OSError:
            pass
        if self.session:
            self.session.end()
        self.sock.close()


def main(port, *words):
    opt = dict(w.split("=", 1) for w in words)
    listeners = []
    for family, addr in (socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::"):
        s = socket.socket(family, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind((addr, int(port)))
        s.listen(8)
        listeners.append(s)

    def accept(s):
        while True:
            Connection(s.accept()[0], opt).start()

    threading.Thread(target=accept, args=(listeners[1],), daemon=True).start()
    accept(listeners[0])


main(*sys.argv[1:])

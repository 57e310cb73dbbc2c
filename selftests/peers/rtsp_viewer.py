# SPDX-License-Identifier: GPL-2.0-only
"""A client of rtsp_camera.py: sets a stream up, counts what comes, and holds
against the camera's reply where it comes from.

rtsp_viewer.py ADDRESS PORT SECONDS CLIENT_PORT [WORD...]

	source=ADDR	replies have to name that one
	want=N		so many datagrams of media, at least; none besides these
			may come with want=0

It tells what happened, and its status is 0 if all was right.
"""

import os
import re
import select
import socket
import sys
import time

LIMIT_S = 30 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
REPORT_S = 0.5	# between two datagrams of RTCP
EMPTY_RTP = bytes((0x80, 33)) + bytes(10)
EMPTY_RR = bytes((0x80, 201, 0, 1)) + bytes(4)


class Control:
    def __init__(self, addr, port):
        self.sock = socket.create_connection((addr, port), LIMIT_S)
        self.host = "[%s]" % addr if ":" in addr else addr
        self.url = "rtsp://%s:%d/av" % (self.host, port)
        self.cseq = 0

    def ask(self, method, track="", headers=""):
        """The reply's headers, by their names in lower case"""
        self.cseq += 1
        self.sock.sendall(("%s %s%s RTSP/1.0\r\nCSeq: %d\r\n%s\r\n" % (
            method, self.url, track, self.cseq, headers)).encode())
        buf = b""
        while b"\r\n\r\n" not in buf:
            data = self.sock.recv(65536)
            if not data:
                sys.exit("%s: the connection ended" % method)
            buf += data
        head, body = buf.split(b"\r\n\r\n", 1)
        head = re.sub(r"\r\n[ \t]+", " ", head.decode("latin-1"))
        if not head.startswith("RTSP/1.0 200 "):
            sys.exit("%s: %s" % (method, head))
        got = dict((k.lower(), v) for k, v in
                   re.findall(r"^([^:\r\n]+): ?([^\r\n]*)", head, re.M))
        if got["cseq"] != str(self.cseq):
            sys.exit("%s: an answer to CSeq %s" % (method, got["cseq"]))
        left = int(got.get("content-length", 0)) - len(body)
        while left > 0:
            left -= len(self.sock.recv(left))
        return got


def plain(addr):
    return addr.removeprefix("::ffff:")


def main(addr, port, seconds, client_port, *words):
    opt = dict(w.split("=", 1) for w in words)
    own = [int(client_port), int(client_port) + 1]
    pair = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in own]
    for s, p in zip(pair, own):
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        s.bind(("::", p))

    control = Control(addr, int(port))
    control.ask("OPTIONS")
    control.ask("DESCRIBE")
    reply = control.ask("SETUP", "/track1", "Transport: RTP/AVP;unicast;"
                        "client_port=%d-%d\r\n" % tuple(own))["transport"]
    print("the reply:", reply)
    said = dict(re.findall(r"([a-z_]+)=([^; ]+)", reply))
    faults = []
    if said["client_port"] != "%d-%d" % tuple(own):
        faults.append("another client_port")
    source = said.get("source", addr)
    if opt.get("source", source) != source:
        faults.append("another source")
    server = [int(p) for p in said.get("server_port", "0-0").split("-")]

    def tell():
        for s, text, to in zip(pair, (EMPTY_RTP, EMPTY_RR), server):
            where = source if ":" in source else "::ffff:" + source
            try:
                s.sendto(text, (where, to))
            except OSError:
                pass

    def hears():
        return select.select(pair, [], [], 0.05)[0]

    # Nobody waits for these: they are what opens a router from inside.
    if server[0]:
        tell()
    control.ask("PLAY", "", "Session: camera1\r\n")
    came = [0, 0]
    senders = set()
    numbers = []
    end = time.monotonic() + float(seconds)
    report = 0
    while time.monotonic() < end:
        if server[0] and time.monotonic() > report:
            report = time.monotonic() + REPORT_S
            tell()
        for s in hears():
            data, peer = s.recvfrom(65536)
            i = pair.index(s)
            came[i] += 1
            senders.add((plain(peer[0]), peer[1], i))
            if i == 0:
                numbers.append(int.from_bytes(data[2:4], "big"))
    control.ask("TEARDOWN", "", "Session: camera1\r\n")

    print("media %d control %d from %s" % (*came, sorted(senders)))
    want = int(opt.get("want", 10))
    if want == 0:
        if came != [0, 0]:
            faults.append("something came")
    elif came[0] < want or not came[1]:
        faults.append("too little came")
    if numbers != list(range(len(numbers))):
        faults.append("other numbers came: %s" % numbers)
    for peer, from_port, i in senders:
        if peer != source or server[i] not in (0, from_port):
            faults.append("%s port %d sent to %d" % (peer, from_port, own[i]))
    if faults:
        sys.exit("; ".join(faults))


main(*sys.argv[1:])

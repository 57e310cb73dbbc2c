# SPDX-License-Identifier: GPL-2.0-only
"""An RTSP server that has nothing itself: it says where it is.

rtsp_redirect.py ADDRESS PORT STATUS LOCATION

A Transport header in the reply is what such a server has no business to say.
"""

import re
import socket
import sys

FAULTY = "RTP/AVP;unicast;client_port=6000-6001;server_port=7000-7001"


def answer(request, status, location):
    method = request.split(" ", 1)[0]
    cseq = re.search(r"^CSeq:\s*(\d+)", request, re.M | re.I).group(1)
    print(request.split("\r\n")[0], flush=True)
    if method == "OPTIONS":
        lines = ["RTSP/1.0 200 OK", "CSeq: " + cseq,
                 "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"]
    else:
        lines = ["RTSP/1.0 %s Moved" % status, "CSeq: " + cseq,
                 "Location: " + location, "Transport: " + FAULTY]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def serve(sock, *where):
    buf = b""
    while True:
        data = sock.recv(65536)
        if not data:
            return
        buf += data
        while b"\r\n\r\n" in buf:
            request, buf = buf.split(b"\r\n\r\n", 1)
            sock.sendall(answer(request.decode("latin-1"), *where))


def main(address, port, *where):
    listener = socket.create_server((address, int(port)))
    print("listens", flush=True)
    while True:
        sock, _ = listener.accept()
        try:
            serve(sock, *where)
        except OSError:
            pass
        sock.close()


main(*sys.argv[1:])

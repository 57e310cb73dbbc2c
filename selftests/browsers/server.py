# SPDX-License-Identifier: GPL-2.0-only
"""The attacker's server: listens on each of the gateway's default ports, serves
the page, and keeps what browsers send to it.

	server.py FOLDER PORT,...

The page tells on port 8000 which trick is about to begin on which port, how it is
to be answered, and when it is over; what has come there meanwhile goes to a file
of FOLDER. Where nothing came, NOTHING has a line, with what the browser said.
"""

import base64
import hashlib
import json
import os
import select
import socket
import sys
import threading
import time
import urllib.parse

import lines
import recording

CONTROL = 8000
QUIET_S = 0.25			# nothing more will come
PATIENCE_S = 0.7		# nothing will come
LIMIT_S = 8

HERE = os.path.dirname(os.path.realpath(__file__))

# What a server of FTP's says that wants clients to announce a port, by the command
FTP_REPLIES = {
    b"USER": b"331 go on", b"PASS": b"230 come in", b"PWD": b'257 "/"',
    b"TYPE": b"200 ok", b"CWD": b"250 ok", b"PORT": b"200 ok",
    b"EPRT": b"200 ok", b"SYST": b"215 UNIX", b"SIZE": b"213 1",
    b"PASV": b"502 no", b"EPSV": b"502 no",
}

STUN_COOKIE = 0x2112a442
WS_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Trick:
    """What is going on, on one port."""

    def __init__(self, port, name, mode):
        self.port, self.name, self.mode = port, name, mode
        self.said = []		# a bytearray for each connection
        self.last = time.monotonic()


folder = sys.argv[1]
ports = [int(word) for word in sys.argv[2].split(",")]
lock = threading.Lock()
trick = None


def page(port):
    """From there the next one comes from the port behind it"""
    with open(os.path.join(HERE, "page.html"), encoding="ascii") as f:
        text = f.read()
    config = {name: getattr(lines, name) for name in
              ("HOST", "AT", "LINES", "METHODS", "PROTOCOL")}
    config["NEXT"] = dict(zip(ports, ports[1:])).get(port)
    return text.replace("@CONFIG@", json.dumps(config)).encode()


def http(body=b"", *headers, status="200 OK", kind="text/html"):
    head = ["HTTP/1.1 " + status, "Content-Type: " + kind,
            "Content-Length: %d" % len(body),
            "Access-Control-Allow-Origin: *", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def is_complete(data):
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        return False
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    return True


def stun_refusal(request, said):
    """401 to a request of TURN's, with the lines for a realm and a nonce"""
    def attribute(kind, value):
        return (kind.to_bytes(2, "big") + len(value).to_bytes(2, "big") +
                value + bytes(-len(value) % 4))
    body = (attribute(0x0009, b"\0\0\4\1no") + attribute(0x0014, said[:700]) +
            attribute(0x0015, said[:700]))
    return (b"\x01\x13" + len(body).to_bytes(2, "big") + request[4:20] + body)


class Talk:
    """A connection of a trick's."""

    def __init__(self, sock, now):
        self.sock, self.now = sock, now
        self.data = bytearray()
        self.protocol = lines.PROTOCOL[now.port]
        sock.settimeout(QUIET_S)

    def receive(self):
        """False if nothing comes for a while; raises EOFError at the end"""
        try:
            data = self.sock.recv(1 << 16)
        except TimeoutError:
            return False
        if not data:
            raise EOFError
        if not self.data:
            self.now.said.append(self.data)
        self.data += data
        self.now.last = time.monotonic()
        return True

    def run(self):
        try:
            getattr(self, self.now.mode)()
        except (EOFError, OSError):
            pass
        self.sock.close()

    def until_quiet(self):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            if not self.receive() and self.data:
                return

    def answer(self):
        """Answers one request as HTTP does"""
        begin = len(self.data)
        while not is_complete(self.data[begin:]):
            if not self.receive() and len(self.data) > begin:
                break
        request = bytes(self.data[begin:])
        key = [line.split(b":")[1].strip() for line in request.split(b"\r\n")
               if line.lower().startswith(b"sec-websocket-key:")]
        if not key:
            return http(b"x")
        accept = base64.b64encode(hashlib.sha1(key[0] + WS_GUID).digest())
        return (b"HTTP/1.1 101 go on\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept +
                b"\r\n\r\n")

    def http(self):
        answer = self.answer()
        self.sock.sendall(answer)
        if answer.startswith(b"HTTP/1.1 101"):
            self.until_quiet()
            self.receive()

    def keep(self):
        """Two requests in a connection"""
        self.sock.sendall(self.answer().replace(b"Connection: close\r\n", b""))
        self.sock.settimeout(PATIENCE_S)
        if self.receive():
            self.sock.sendall(self.answer())

    def greet(self):
        """As a server of the protocol's, who lets anybody in"""
        self.sock.sendall(lines.GREETING[self.protocol].encode("latin-1"))
        while self.receive() or not self.data:
            self.sock.sendall(lines.LETS_IN[self.protocol].encode("latin-1"))

    def ftp(self):
        """As a server of FTP's, line by line"""
        self.sock.sendall(b"220 hi\r\n")
        done = 0
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            self.receive()
            while b"\n" in self.data[done:]:
                line = self.data[done:self.data.index(b"\n", done)]
                done += len(line) + 1
                self.sock.sendall(FTP_REPLIES.get(
                    bytes(line[:4]).strip().upper(), b"550 no") + b"\r\n")

    def turn(self):
        self.until_quiet()
        said = lines.LINES[self.protocol].encode("latin-1")
        if self.data[4:8] == STUN_COOKIE.to_bytes(4, "big"):
            self.sock.sendall(stun_refusal(bytes(self.data), said))
            self.receive()
            self.until_quiet()

    def listen(self):
        self.until_quiet()


def serve_page(sock, port):
    sock.settimeout(LIMIT_S)
    data = b""
    while not is_complete(data):
        more = sock.recv(1 << 16)
        if not more:
            return
        data += more
    target = data.split(b" ")[1].decode()
    sock.sendall(http(page(port) if target.startswith("/page") else b"",
                      status="200 OK" if target.startswith("/page")
                      else "404 no"))


def on_port(sock, port):
    """Browsers connect before they know what for: it belongs to what is going on
    when something comes"""
    now = None
    while not select.select([sock], [], [], 0.05)[0]:
        now = trick
        if now and now.port == port and now.mode in ("greet", "ftp"):
            break
    now = trick
    try:
        if now and now.port == port:
            Talk(sock, now).run()
        else:
            serve_page(sock, port)
    except OSError:
        pass
    sock.close()


def finish(now, note):
    """Waits until nothing more comes, and keeps it"""
    begin = time.monotonic()
    while True:
        quiet = time.monotonic() - now.last
        if quiet > (QUIET_S if now.said else PATIENCE_S) or \
           time.monotonic() - begin > LIMIT_S:
            break
        time.sleep(0.02)
    # they try again and again with TLS
    for data in now.said[:1] if now.mode == "listen" else now.said:
        recording.add(os.path.join(folder, now.name), now.port, bytes(data))
    if not now.said:
        with open(os.path.join(folder, "NOTHING"), "a") as f:
            f.write("%s %d %s\n" % (now.name, now.port,
                                    note.splitlines()[0] if note else ""))


def control(sock, _port):
    global trick
    sock.settimeout(LIMIT_S)
    data = b""
    while not is_complete(data):
        data += sock.recv(1 << 16)
    url = urllib.parse.urlparse(data.split(b" ")[1].decode())
    word = dict(urllib.parse.parse_qsl(url.query))
    answer = http(b"ok")
    if url.path == "/begin":
        with lock:
            trick = Trick(int(word["port"]), word["trick"], word["mode"])
            if not trick.name.replace("-", "").replace("_", "").isalnum():
                raise ValueError(trick.name)
    elif url.path == "/end":
        now = trick
        if now:
            finish(now, word.get("note", ""))
        with lock:
            trick = None
    elif url.path == "/redirect":
        answer = http(b"", "Location: " + word["to"], status="307 there")
    elif url.path == "/done":
        open(os.path.join(folder, "DONE"), "w").close()
    elif url.path == "/refuses":
        with open(os.path.join(folder, "REFUSED"), "a") as f:
            f.write("%s %s\n" % (word["port"], word["note"]))
    elif url.path == "/log":
        print("#", word["text"], flush=True)
    sock.sendall(answer)
    sock.close()


def listen(port, serve):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", port))
    s.listen(64)
    while True:
        sock, _ = s.accept()
        threading.Thread(target=serve, args=(sock, port),
                         daemon=True).start()


for number in lines.PROTOCOL:
    threading.Thread(target=listen, args=(number, on_port),
                     daemon=True).start()
print("listening", flush=True)
listen(CONTROL, control)

# SPDX-License-Identifier: GPL-2.0-only
"""Endpoints that say exactly what they are told, in any network namespace.

One process plays all parts, so that a script pays for one interpreter only.
A command is a line of words with 0x1f between them, its answer a line that
begins with "ok" or "no". In texts a backslash means what it means in Python.
Sockets are named by the script; lib/say.sh has what scripts call.
"""

import errno
import hashlib
import os
import random
import select
import socket
import struct
import sys
import threading
import time

# Python is told to keep its path short ("-I"), and may not write to the checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import say_handshake
import say_raw
import say_udp
from say_parts import (LIMIT_S, QUIET_S, No, inside, name_socket, named, options,
                       show, unescape)

# A connection that is let through comes up in milliseconds, even on an emulated
# machine.
BLOCKED_S = 0.5

# Of those that are sent at once; less than TCP begins with
POUR_SEGMENTS = 8

# Bytes of frames, after which they begin anew
FRAMES_ANEW = 1 << 18
FRAME_TEXT = (b"SETUP rtsp://h/t RTSP/1.0\r\nCSeq: 99\r\n"
              b"Transport: RTP/AVP;client_port=5000-5001\r\n\r\n")


class Ended(Exception):
    """This thread has been told to end, while it waited."""


# Of a thread: ".end" can be read from when it has been told to end.
thread = threading.local()


def ready(reads, writes, limit):
    """Those of them that are, within the limit"""
    end = getattr(thread, "end", None)
    found = select.select(reads + [end] if end else reads, writes, [], limit)
    if end in found[0]:
        raise Ended
    return found[0], found[1]


def tcp(addr):
    s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET,
                      socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.setblocking(False)
    return s


def wildcard(addr):
    return "::" if ":" in addr else "0.0.0.0"


class Stream:
    """One end of a TCP connection, and what came that nobody asked for yet."""

    def __init__(self, sock):
        self.sock = sock
        self.buf = bytearray()
        self.ended = False

    def close(self):
        self.sock.close()

    def receive(self, limit):
        """False if nothing more comes within the limit, or ever."""
        if self.ended or not ready([self.sock], [], limit)[0]:
            return False
        data = self.sock.recv(1 << 20)
        self.ended = not data
        self.buf += data
        return not self.ended

    def fill(self, enough):
        end = time.monotonic() + LIMIT_S
        while not enough(self.buf):
            left = end - time.monotonic()
            if left <= 0 or not self.receive(left):
                return False
        return True

    def take(self, size):
        data = bytes(self.buf[:size])
        del self.buf[:size]
        return data

    def drain(self):
        while self.receive(QUIET_S):
            pass
        return self.take(len(self.buf))

    def send(self, data):
        end = time.monotonic() + LIMIT_S
        while data:
            left = end - time.monotonic()
            if left <= 0 or not ready([], [self.sock], left)[1]:
                raise No("can't send")
            data = data[self.sock.send(data):]

    def want(self, data):
        self.fill(lambda buf: len(buf) >= len(data))
        if self.buf[:len(data)] != data:
            raise No("came: %s, not: %s" % (show(self.drain()), show(data)))
        self.take(len(data))


def connect(ns, addr, port, limit, opt):
    with inside(ns):
        s = tcp(addr)
    try:
        if "bind" in opt or "from" in opt:
            s.bind((opt.get("bind", wildcard(addr)), int(opt.get("from", 0))))
        try:
            s.connect((addr, int(port)))
        except BlockingIOError:
            pass
        if not ready([], [s], limit)[1]:
            raise No("no answer")
        err = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if err:
            raise No(os.strerror(err))
    except (No, Ended, OSError):
        s.close()
        raise
    return s


def cmd_listen(name, ns, port, *words):
    """listen NAME NS PORT [bind=ADDR]; one that is there already stays"""
    if name in named:
        return str(named[name].getsockname()[1])
    addr = options(words).get("bind")
    with inside(ns):
        if addr:
            s = tcp(addr)
        else:
            s = tcp("::")
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind((addr or "::", int(port)))
    s.listen(64)
    name_socket(name, s)
    return str(s.getsockname()[1])


def cmd_dial(name, ns, addr, port, *words):
    """dial NAME NS ADDR PORT [bind=ADDR] [from=PORT]"""
    name_socket(name, Stream(connect(ns, addr, port, LIMIT_S,
                                     options(words))))


def cmd_blocked(ns, addr, port, *words):
    """blocked NS ADDR PORT [bind=ADDR] [from=PORT]: no connection comes up"""
    try:
        connect(ns, addr, port, BLOCKED_S, options(words)).close()
    except No as why:
        return str(why)
    except OSError as why:
        if why.errno not in (errno.EHOSTUNREACH, errno.ENETUNREACH,
                             errno.ECONNREFUSED):
            raise
        return str(why)
    raise No("connected")


def cmd_accept(name, listener):
    """accept NAME LISTENER: answers with the peer's address and port"""
    s = named[listener]
    if not select.select([s], [], [], LIMIT_S)[0]:
        raise No("nobody came")
    conn, peer = s.accept()
    conn.setblocking(False)
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name_socket(name, Stream(conn))
    return "%s %d" % (peer[0].removeprefix("::ffff:"), peer[1])


def cmd_nobody(listener):
    """nobody LISTENER: no connection waits there"""
    if select.select([named[listener]], [], [], QUIET_S)[0]:
        raise No("somebody came")


def cmd_send(name, text):
    """send NAME TEXT: one segment, if it fits one"""
    named[name].send(unescape(text))


def cmd_want(name, text):
    """want NAME TEXT: exactly these bytes come next"""
    named[name].want(unescape(text))


def cmd_quiet(name):
    """quiet NAME: nothing comes"""
    data = named[name].drain()
    if data:
        raise No("came: " + show(data))


def cmd_get(name):
    """get NAME: answers with the next line, without its CR and LF"""
    s = named[name]
    if not s.fill(lambda buf: b"\n" in buf):
        raise No("no line, only: " + show(s.drain()))
    return show(s.take(s.buf.index(b"\n") + 1).rstrip(b"\r\n"))


def cmd_hear(name, lines, seconds):
    """hear NAME N SECONDS: answers with what has come when N lines have, or
    by then"""
    s = named[name]
    end = time.monotonic() + float(seconds)
    while s.buf.count(b"\n") < int(lines):
        left = end - time.monotonic()
        if left <= 0 or not s.receive(left):
            break
    return show(s.take(len(s.buf)))


def cmd_end(name):
    """end NAME: the peer has closed, or reset, the connection"""
    s = named[name]
    end = time.monotonic() + LIMIT_S
    try:
        while not s.ended and time.monotonic() < end:
            s.receive(LIMIT_S)
    except ConnectionResetError:
        s.ended = True
    if not s.ended:
        raise No("still open")


def cmd_shut(name):
    """shut NAME: send a FIN, go on receiving"""
    named[name].sock.shutdown(socket.SHUT_WR)


def cmd_reset(name):
    """reset NAME: send an RST"""
    sock = named.pop(name).sock
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    sock.close()


def cmd_close(*names):
    """close [NAME...]: all of them if none is named"""
    for name in names or list(named):
        if name in named:
            named.pop(name).close()


def cmd_port(name):
    """port NAME: its own port"""
    s = named[name]
    return str((s if isinstance(s, socket.socket) else s.sock)
               .getsockname()[1])


def cmd_mss(name):
    """mss NAME: the most that one of its segments carries"""
    return str(named[name].sock.getsockopt(socket.IPPROTO_TCP,
                                           socket.TCP_MAXSEG))


def cmd_chat(a, b, lines):
    """chat A B N: N commands and N replies come through byte for byte"""
    a, b = named[a], named[b]
    for i in range(int(lines)):
        word = "%x" % random.getrandbits(8 * random.randint(1, 24))
        for src, dst, text in ((a, b, "NOOP %d %s\r\n" % (i, word)),
                               (b, a, "200 %s heard %d\r\n" % (word, i))):
            src.send(text.encode())
            dst.want(text.encode())


def transfer(a, b, data, want):
    """Both at once, because the buffers between them may not hold it all."""
    sent = memoryview(data)
    got = hashlib.sha256()
    left = len(want)
    end = time.monotonic() + 3 * LIMIT_S
    while left:
        reads, writes = ready([b.sock], [a.sock] if sent else [], 1)
        if writes:
            sent = sent[a.sock.send(sent[:1 << 16]):]
        if reads:
            if not b.receive(0):
                raise No("ended %d bytes too early" % left)
            got.update(b.buf[:left])
            left -= len(b.take(left))
        if time.monotonic() > end:
            raise No("%d of %d bytes did not come" % (left, len(want)))
    if got.digest() != hashlib.sha256(want).digest():
        raise No("other bytes came")
    b.want(b"")


def cmd_pump(a, b, size):
    """pump A B SIZE: so many random bytes come through, checksums equal"""
    data = os.urandom(int(size))
    transfer(named[a], named[b], data, data)


def cmd_frames(a, b, size):
    """frames A B SIZE: about so many bytes of RTSP's interleaved frames come
    through; some of them look like a request"""
    data = bytearray()
    while len(data) < min(int(size), FRAMES_ANEW):
        body = random.choice((FRAME_TEXT, os.urandom(random.randrange(1400))))
        data += struct.pack("!cBH", b"$", random.randrange(4), len(body)) + body
    data *= max(1, int(size) // len(data))
    transfer(named[a], named[b], data, data)


def in_full_segments(a, b, text, size):
    """At least so many bytes of TEXT, again and again, come through in segments of
    the largest size. No more are on their way than fit into any window: where it
    ends there would be a smaller one."""
    mss = a.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    step = POUR_SEGMENTS * mss
    data = text * ((int(size) + step) // len(text) + 1)
    for i in range(0, int(size), step):
        a.send(data[i:i + step])
        b.want(data[i:i + step])


def cmd_pour(a, b, size):
    """pour A B SIZE: large segments, and no line ends in them"""
    in_full_segments(named[a], named[b], b"x", size)


def cmd_list(a, b, size):
    """list A B SIZE: large segments of what a folder holds, then the end of the
    last line"""
    in_full_segments(named[a], named[b], b" -rw-r--r-- 1 ftp ftp 37 file\r\n",
                     size)
    named[a].send(b"\r\n")
    named[b].want(b"\r\n")


def some_lines(word, count):
    return "".join("%s %d %x\r\n" % (word, i, random.getrandbits(96))
                   for i in range(count)).encode()


def cmd_flood(a, b, lines):
    """flood A B N: N commands from A at once, then as many replies from B"""
    a, b = named[a], named[b]
    for src, dst, word in (a, b, "NOOP"), (b, a, "200"):
        data = some_lines(word, int(lines))
        transfer(src, dst, data, data)


def cmd_amid(a, b, lines, text, want):
    """amid A B N TEXT WANT: TEXT, sent between N commands before it and N
    behind, comes as WANT; in large pieces, answered when all is there"""
    a, b = named[a], named[b]
    before, behind = (some_lines("NOOP", int(lines)) for _ in "ab")
    sent = before + unescape(text) + behind
    transfer(a, b, sent, before + unescape(want) + behind)
    answer = some_lines("200", sent.count(b"\n"))
    transfer(b, a, answer, answer)


def cmd_full(a, b, head, tail, want):
    """full A B HEAD TAIL WANT: send a segment of exactly the largest size:
    HEAD, TAIL and as many "x" as fit between them. B must get WANT in the
    place of TAIL."""
    a, b = named[a], named[b]
    head, tail, want = unescape(head), unescape(tail), unescape(want)
    size = a.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    body = head + b"x" * (size - len(head) - len(tail) - 2) + b"\r\n"
    if a.sock.send(body + tail) != size:
        raise No("not sent in one piece")
    b.want(body + want)
    return "%d bytes" % size


class Churn(threading.Thread):
    """FTP sessions, one after the other, through a router that may or may not
    help them. Each announcement arrives as it was sent, or as the router's;
    with the latter a data connection is tried, and everything else must come
    through byte for byte."""

    def __init__(self, client, server, target, own, public, port):
        super().__init__(daemon=True)
        self.where = client, server, target
        self.own, self.public = own.replace(".", ","), public.replace(".", ",")
        self.port = int(port)
        self.rounds = self.helped = self.data = 0
        self.end, self.end_it = socket.socketpair()
        self.error = None
        self.listener = self.listen(server, 21)
        self.data_listener = self.listen(client, self.port)

    @staticmethod
    def listen(ns, port):
        with inside(ns):
            s = tcp("0.0.0.0")
        s.bind(("0.0.0.0", port))
        s.listen(64)
        return s

    @staticmethod
    def pair(ns, addr, port, listener, limit, own_port=False):
        """Both ends. With own_port, the one that connects is known by its
        port, and what came of attempts that were given up, or comes only
        now, is passed over."""
        a = Stream(connect(ns, addr, port, limit, {}))
        while ready([listener], [], LIMIT_S)[0]:
            conn, peer = listener.accept()
            if own_port and peer[1] != a.sock.getsockname()[1]:
                conn.close()
                continue
            conn.setblocking(False)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return a, Stream(conn)
        raise No("nobody came")

    def close(self):
        self.end_it.close()
        if self.is_alive():
            self.join()
        self.end.close()
        self.listener.close()
        self.data_listener.close()

    def session(self):
        client, server, target = self.where
        c, s = self.pair(client, target, 21, self.listener, LIMIT_S)
        try:
            for a, b, text in ((s, c, b"220 hello\r\n"),
                               (c, s, b"USER me\r\n"),
                               (s, c, b"230 welcome\r\n")):
                a.send(text)
                b.want(text)
            text = b"PORT %%s,%d,%d\r\n" % divmod(self.port, 256)
            c.send(text % self.own.encode())
            if not s.fill(lambda buf: b"\n" in buf):
                raise No("PORT did not come")
            line = s.take(s.buf.index(b"\n") + 1)
            if line != text % self.own.encode():
                if not line.startswith(b"PORT %s," % self.public.encode()):
                    raise No("came: " + show(line))
                self.helped += 1
                p = line.strip().split(b",")
                self.transfer(int(p[4]) * 256 + int(p[5]))
            s.send(b"200 ok\r\n")
            c.want(b"200 ok\r\n")
            # None of these is kept while it isn't complete: that part would
            # go with the module.
            for count in 1, 1, 1, 500:
                for a, b, word in (c, s, "NOOP"), (s, c, "150"):
                    data = some_lines(word, count)
                    transfer(a, b, data, data)
        finally:
            if self.rounds % 2:
                c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            c.close()
            s.close()

    def transfer(self, port):
        client, server, _ = self.where
        try:
            a, b = self.pair(server, self.public.replace(",", "."), port,
                             self.data_listener, 0.5, own_port=True)
        except No:
            return
        data = os.urandom(20000)
        transfer(a, b, data, data)
        self.data += 1
        a.close()
        b.close()

    def run(self):
        thread.end = self.end
        try:
            while True:
                self.session()
                self.rounds += 1
        except Ended:
            pass
        except (No, OSError, ValueError, IndexError) as why:
            self.error = "%s %s" % (type(why).__name__, why)


def cmd_churn(name, *words):
    """churn NAME CLIENT_NS SERVER_NS TARGET OWN PUBLIC PORT: begin it"""
    name_socket(name, Churn(*words))
    named[name].start()


def cmd_churned(name):
    """churned NAME: its rounds, those with help, those with data, so far"""
    t = named[name]
    if t.error:
        raise No("%d rounds, then: %s" % (t.rounds, t.error))
    return "%d %d %d" % (t.rounds, t.helped, t.data)


COMMANDS = {**vars(say_raw), **vars(say_handshake), **vars(say_udp),
            **globals()}


def main():
    for line in sys.stdin:
        verb, *words = line.rstrip("\n").split("\x1f")
        try:
            answer = COMMANDS["cmd_" + verb](*words)
            print("ok", answer or "", flush=True)
        except No as why:
            print("no", why, flush=True)
        except (OSError, KeyError, ValueError, TypeError) as why:
            print("no", type(why).__name__, str(why).replace("\n", " "),
                  flush=True)


main()

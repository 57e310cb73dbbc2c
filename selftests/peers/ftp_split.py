# SPDX-License-Identifier: GPL-2.0-only
"""Announcements cut at every byte, and how long they take.

	ftp_split.py without|with TIMES CLIENT_NS SERVER_NS TARGET PUBLIC CASE...

"without" the module every line must come as it was sent, and the times go to
the file TIMES; "with" it every line must come as the case says, a data
connection to PUBLIC must lead to the announcer, and no line may take much
longer than the same one in TIMES.

A CASE is NAME, SIDE, ASK, SENT and SEEN with tabs between them. SIDE is "c" if
the client announces, "s" if the server does when the client says ASK. In SEEN
"<port>" is any port. A NAME that begins with "moved" finds its port taken.

Output: NAME, "cut" and either "ok" or what is wrong with the text; the same
with "late" for the time and, once for each case, with "end" for ends of the
stream inside the line; and with "time" a summary.
"""

import ctypes
import fcntl
import itertools
import math
import os
import re
import socket
import struct
import sys
import termios
import time

LIMIT_S = 30 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
QUIET_S = 0.2
# By how much a line may come later than without the module, and how often one
# that does is tried, because it may be the machine that was slow.
LATE_S = 0.1
TRIES = 3
# Single bytes on their way at a time: fewer than the smallest congestion
# window, or the kernel would put the rest into one segment.
BYTES_IN_FLIGHT = 4
CONTROL_PORT = 21
DATA_PORT = 50001
# Where data connections come from: each from another port, because the router
# remembers for a while which ones were there.
SOURCE_PORTS = itertools.count(10000)

# struct tcp_info's tcpi_data_segs_out
TCP_INFO_LEN = 160
DATA_SEGS_OUT = 156

LIBC = ctypes.CDLL(None, use_errno=True)


class Wrong(Exception):
    """A line, or what belongs to it, did not come as it should."""


def setns(path):
    fd = os.open(path, os.O_RDONLY)
    if LIBC.setns(fd, 0):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


def make_socket(ns, addr):
    setns("/run/netns/" + ns)
    s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET,
                      socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.settimeout(LIMIT_S)
    return s


def wildcard(addr):
    return "::" if ":" in addr else "0.0.0.0"


def listen(ns, addr, port):
    s = make_socket(ns, addr)
    s.bind((wildcard(addr), port))
    s.listen(16)
    return s


def connect(ns, addr, port, listener, source=0):
    """Both ends."""
    a = make_socket(ns, addr)
    a.bind((wildcard(addr), source))
    try:
        a.connect((addr, port))
        b, _ = listener.accept()
    except OSError as why:
        raise Wrong("no connection to port %d: %s" % (port, why))
    b.settimeout(LIMIT_S)
    return a, b


def unacked(s):
    """Bytes that the peer has not acknowledged."""
    return struct.unpack("i", fcntl.ioctl(s, termios.TIOCOUTQ, b"\0" * 4))[0]


def data_segments(s):
    info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_LEN)
    return struct.unpack_from("I", info, DATA_SEGS_OUT)[0]


def set_nodelay(s, nodelay):
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, nodelay)


def drop(*socks):
    """Without a trace: TIME_WAIT would use up the ports."""
    for s in socks:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack("ii", 1, 0))
        s.close()


def read_line(s):
    data = b""
    while not data.endswith(b"\n"):
        try:
            more = s.recv(4096)
        except TimeoutError:
            more = b""
        if not more:
            raise Wrong("no more than %r came" % data)
        data += more
    return data


def pass_line(a, b, line):
    a.sendall(line)
    got = read_line(b)
    if got != line:
        raise Wrong("%r came as %r" % (line, got))


def median(values):
    return sorted(values)[len(values) // 2]


class Conversation:
    """A control connection after the login; "c" and "s" are its ends."""

    def __init__(self, place):
        self.c, self.s = connect(place.client, place.target, CONTROL_PORT,
                                 place.control)
        set_nodelay(self.c, True)
        set_nodelay(self.s, True)
        pass_line(self.s, self.c, b"220 ready\r\n")
        pass_line(self.c, self.s, b"USER me\r\n")
        pass_line(self.s, self.c, b"230 hi\r\n")

    def ask(self, case):
        if case.side == "s":
            pass_line(self.c, self.s, case.ask)

    def ends(self, case):
        return (self.c, self.s) if case.side == "c" else (self.s, self.c)

    def close(self):
        drop(self.c, self.s)


class Case:
    def __init__(self, text):
        self.name, self.side, ask, sent, seen = text.split("\t")
        self.ask, self.sent, self.seen = ask.encode(), sent.encode(), \
            seen.encode()
        self.moved = self.name.startswith("moved")

    def cuts(self):
        """Where the line is cut: at each byte in turn, then at all."""
        inner = range(1, len(self.sent))
        return [[i] for i in inner] + [list(inner)]

    def pieces(self, cut):
        return [self.sent[a:b] for a, b in
                zip([0] + cut, cut + [len(self.sent)])]


class Place:
    """The namespaces, the sockets in them, and what is said there."""

    def __init__(self, with_module, client, server, target, public):
        self.with_module = with_module
        self.client, self.server = client, server
        self.target, self.public = target, public
        self.control = listen(server, target, CONTROL_PORT)
        self.data = {"c": listen(client, target, DATA_PORT),
                     "s": listen(server, target, DATA_PORT)}

    def expected_port(self, case, line):
        """The port that the peer was told."""
        if not self.with_module:
            if line != case.sent:
                raise Wrong("%r came as %r" % (case.sent, line))
            return 0
        pattern = re.escape(case.seen).replace(b"<port>", rb"(\d+)")
        m = re.fullmatch(pattern, line)
        if not m:
            raise Wrong("%r came as %r, not %r" % (case.sent, line,
                                                   case.seen))
        port = int(m[1]) if m.groups() else DATA_PORT
        if case.moved and port == DATA_PORT:
            raise Wrong("the port was not taken")
        return port

    def transfer(self, case, port):
        """The announcer's peer connects to where it was told."""
        ns = self.server if case.side == "c" else self.client
        a, b = connect(ns, self.public, port, self.data[case.side],
                       next(SOURCE_PORTS))
        pass_line(a, b, b"there\n")
        pass_line(b, a, b"and back\n")
        drop(a, b)

    def announce(self, talk, case, cut, nodelay):
        """Seconds until the whole line was there; without end if the machine
        was so slow that the kernel sent pieces again, several in one segment."""
        talk.ask(case)
        a, b = talk.ends(case)
        set_nodelay(a, nodelay)
        pieces = case.pieces(cut)
        in_flight = 1 if not nodelay else BYTES_IN_FLIGHT
        before = data_segments(a)

        start = time.monotonic()
        for i, piece in enumerate(pieces):
            while len(pieces) > 2 and unacked(a) >= in_flight:
                if time.monotonic() - start > LIMIT_S:
                    raise Wrong("byte %d is not acknowledged" % (i - 1))
                time.sleep(0.0005)
            a.sendall(piece)
        line = read_line(b)
        took = time.monotonic() - start

        port = self.expected_port(case, line)
        if data_segments(a) - before < len(pieces):
            took = math.inf
        set_nodelay(a, True)
        if self.with_module:
            self.transfer(case, port)
        if case.side == "c":
            pass_line(talk.s, talk.c, b"200 ok\r\n")
        return took

    def times(self, talk, case, nodelay, before):
        """How long the line took, cut in each way in turn, until one takes
        too long."""
        times = []
        for i, cut in enumerate(case.cuts()):
            limit = LATE_S + (before[i] if before else 0)
            took = self.announce(talk, case, cut, nodelay)
            for _ in range(TRIES - 1):
                if took <= limit:
                    break
                took = min(took, self.announce(talk, case, cut, nodelay))
            if took == math.inf:
                raise Wrong("not sent in %d segments" % (len(cut) + 1))
            times.append(took)
            if before and took > limit:
                break
        return times

    def take_port(self, case):
        """Another conversation has the port until it ends."""
        talk = Conversation(self)
        if case.moved and self.with_module:
            talk.ask(case)
            a, b = talk.ends(case)
            pass_line(a, b, case.sent)
        return talk

    def run(self, case, nodelay, before):
        talk = Conversation(self)
        times = self.times(talk, case, nodelay, before)
        # nothing is left over
        pass_line(talk.c, talk.s, b"NOOP\r\n")
        pass_line(talk.s, talk.c, b"200 ok\r\n")
        talk.close()
        return times

    def cut_short(self, case, i, nodelay):
        """The sender ends the connection in the middle of the line: exactly
        what it said arrives, and its end. With i = 0, behind the line."""
        talk = Conversation(self)
        talk.ask(case)
        a, b = talk.ends(case)
        set_nodelay(a, nodelay)
        for piece in [case.sent[:i]] if i else [case.sent[:7], case.sent[7:]]:
            a.sendall(piece)
        start = time.monotonic()
        a.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while more := b.recv(4096):
                got += more
        except TimeoutError:
            raise Wrong("no end behind %r" % got)
        took = time.monotonic() - start
        if i and got != case.sent[:i]:
            raise Wrong("%r came as %r" % (case.sent[:i], got))
        if not i:
            self.expected_port(case, got)
        pass_line(b, a, b"200 bye\r\n" if case.side == "c" else b"QUIT\r\n")
        talk.close()
        return took

    def ends(self, case):
        """The end of the stream behind each byte of the line."""
        took = [self.cut_short(case, i, True)
                for i in range(1, len(case.sent))]
        took += [self.cut_short(case, 0, nodelay) for nodelay in (True, False)]
        if max(took) > LATE_S:
            raise Wrong("an end came after %.0f ms" % (1000 * max(took)))


def milliseconds(times):
    return "%.1f median, %.1f worst" % (1000 * median(times),
                                        1000 * max(times))


def attempt(what, *args):
    """What it returns and "ok", or None and what went wrong"""
    try:
        return what(*args), "ok"
    except (Wrong, OSError) as why:
        return None, str(why) or type(why).__name__


def report(*words):
    print("\t".join(words), flush=True)


def compare(name, before, after):
    """Each line with itself"""
    excess = [b - a for a, b in zip(before, after)]
    worst = max(range(len(excess)), key=excess.__getitem__)
    report(name, "late", "ok" if excess[worst] <= LATE_S else
           "way %d to cut it: %.0f ms later" % (worst, 1000 * excess[worst]))
    report(name, "time", "%d lines; ms without: %s; with: %s; "
           "later by at most %.1f" %
           (len(after), milliseconds(before), milliseconds(after),
            1000 * excess[worst]))


def read_times(path):
    with open(path, encoding="ascii") as f:
        return {name: list(map(float, times.split()))
                for name, times in (line.split("\t") for line in f)}


def main():
    mode, path, *where = sys.argv[1:7]
    cases = [Case(text) for text in sys.argv[7:]]
    place = Place(mode == "with", *where)
    known = read_times(path) if place.with_module else {}
    with open(os.devnull if known else path, "w", encoding="ascii") as f:
        for case in cases:
            other = place.take_port(case)
            for nodelay in True, False:
                name = "%s, %s" % (case.name,
                                   "TCP_NODELAY" if nodelay else "Nagle")
                times, outcome = attempt(place.run, case, nodelay,
                                         known.get(name))
                report(name, "cut", outcome)
                if not times:
                    continue
                f.write("%s\t%s\n" % (name, " ".join(map(repr, times))))
                if name in known:
                    compare(name, known[name], times)
            if place.with_module:
                report(case.name, "end", attempt(place.ends, case)[1])
            other.close()


main()

# SPDX-License-Identifier: GPL-2.0-only
"""Says again what browsers sent, to a server that wants to be let in by it; and
watches the gateway meanwhile.

	browser_replay.py CLIENT_NS SERVER_NS SERVER GATEWAY_NET

CLIENT_NS and SERVER_NS are namespaces, SERVER is the address, GATEWAY_NET the
gateway's /proc/PID/net. Commands come in lines of words with 0x1f between them;
each is answered with a line that begins with "ok" or "no".
"""

import fnmatch
import os
import re
import socket
import struct
import sys
import time

# Python is told to keep its path short ("-I"), and may not write to the checkout.
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
BROWSERS = os.path.join(os.path.dirname(HERE), "browsers")
sys.path[:0] = [HERE, BROWSERS]

import lines
import recording
from say_parts import LIMIT_S, SLOWNESS, No, inside, show

client_ns, server_ns, server, gateway_net = sys.argv[1:]
listeners = {}
recordings = recording.read_all(os.path.join(BROWSERS, "recorded"))

# Where a URL says whole lines of the protocol, which nothing tells from the
# program's own
LIMITS = {
    "ftp": ("curl-gopher", "lftp-ftp-*"), "irc": ("curl-gopher",),
    "rtsp": ("curl-gopher",), "pna": (), "msn": ("curl-gopher",),
    "mms": (),
}

# What is announced in these is a port of the program's own choice
CLIENTS = {"ftp": "wget-ftp-active*", "rtsp": "vlc-rtsp-*"}

# A piece may be kept back, or come as something else
CHANGES_S = 0.15


def listener(port):
    if port not in listeners:
        with inside(server_ns):
            listeners[port] = socket.create_server((server, port), backlog=64)
        listeners[port].settimeout(LIMIT_S)
    return listeners[port]


def expectations(port=""):
    """How many there are, for that port"""
    with open(gateway_net + "/nf_conntrack_expect") as f:
        return sum("dport=%s" % port in line for line in f)


def counters():
    with open(gateway_net + "/stat/nf_appgw") as f:
        names, values = (line.split() for line in f)
    return dict(zip(names, map(int, values)))


class Conversation:
    """Both ends of a connection."""

    def __init__(self, port):
        waiting = listener(port)
        with inside(client_ns):
            self.client = socket.socket()
        self.client.settimeout(LIMIT_S)
        self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # ends with RST, so that nothing of it stays
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
        self.client.connect((server, port))
        self.server, _ = waiting.accept()
        self.server.settimeout(LIMIT_S)
        self.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.client.close()
        self.server.close()

    @staticmethod
    def passes(sender, receiver, data):
        """It comes as it is"""
        sender.sendall(data)
        heard = b""
        while len(heard) < len(data):
            try:
                more = receiver.recv(len(data) - len(heard))
            except TimeoutError:
                more = b""
            if not more:
                break
            heard += more
        if heard != data:
            raise No("came: %s, not: %s" % (show(heard[:300]),
                                            show(data[:300])))

    @staticmethod
    def changes(sender, receiver, data):
        """It comes, as something else perhaps"""
        sender.sendall(data)
        receiver.settimeout(CHANGES_S * SLOWNESS)
        try:
            while receiver.recv(65536):
                pass
        except TimeoutError:
            pass
        receiver.settimeout(LIMIT_S)


def pieces(data, protocol):
    """As an attacker wants segments cut: a request's first line, the rest of its
    head, and each line behind that with which more of what follows counts"""
    head, blank, _ = data.partition(b"\r\n\r\n")
    at = [head.find(b"\n") + 1, len(head + blank)] if blank else []
    for match in re.finditer("^(%s)" % "|".join(lines.WORDS[protocol]),
                             data.decode("latin-1"), re.MULTILINE):
        at.append(match.start())
    at = sorted({0, *at, len(data)})
    return [data[begin:end] for begin, end in zip(at, at[1:])]


def say_all(port, data, comes):
    """Returns how many expectations there were in the end, and how many of them are
    the attacker's"""
    protocol = lines.PROTOCOL[port]
    greets, lets_in = (says[protocol].encode("latin-1")
                       for says in (lines.GREETING, lines.LETS_IN))
    with Conversation(port) as c:
        if greets:
            comes(c.server, c.client, greets)
        for piece in pieces(data, protocol):
            comes(c.client, c.server, piece)
            comes(c.server, c.client, lets_in)
        return expectations(), expectations("%d " % lines.PORT)


def refuse(port, data):
    before = counters()
    left, _ = say_all(port, data, Conversation.passes)
    after = counters()
    moved = [name for name in ("opened", "planned", "changed")
             if after[name] != before[name]]
    if left or moved:
        raise No("%d expectations, %s moved" %
                 (left, " ".join(moved) or "nothing"))


def refuse_wanted(port, data):
    _, wanted = say_all(port, data, Conversation.changes)
    if wanted:
        raise No("the port is open")


def is_limit(trick, protocol):
    return any(fnmatch.fnmatch(trick, name) for name in LIMITS[protocol])


def cmd_refused(engine, protocol):
    """refused ENGINE PROTOCOL: nothing of what it sent to any of the ports opens
    anything on that one, or on one of the protocol's, and all of it comes as it
    is; or if it is a client of the protocol, it may have its own ports"""
    count = 0
    for e, trick, recorded, data in recordings:
        if e != engine or is_limit(trick, protocol):
            continue
        port = recorded
        if lines.PROTOCOL[recorded] != protocol:
            port = lines.PORTS[protocol][-1]
        try:
            if fnmatch.fnmatch(trick, CLIENTS.get(protocol, "")):
                refuse_wanted(port, data)
            else:
                refuse(port, data)
        except (No, OSError) as why:
            raise No("%s/%s for port %d, to port %d: %s" %
                     (e, trick, recorded, port, why)) from why
        count += 1
    if not count:
        raise No("no recordings")
    return "%d connections" % count


def cmd_opens(*ports):
    """opens PORT...: what a client says opens something there"""
    for e, _, port, data in recordings:
        if e != "honest" or str(port) not in ports:
            continue
        before = counters()["opened"]
        left, wanted = say_all(port, data, Conversation.changes)
        if not wanted or counters()["opened"] == before:
            raise No("port %d: %d expectations" % (port, left))
        end = time.monotonic() + LIMIT_S
        while expectations():
            if time.monotonic() > end:
                raise No("port %d: they stay" % port)
            time.sleep(0.05)


for line in sys.stdin:
    verb, *words = line.rstrip("\n").split("\x1f")
    try:
        print("ok", globals()["cmd_" + verb](*words) or "", flush=True)
    except (No, OSError) as why:
        print("no", str(why).replace("\n", " "), flush=True)

# SPDX-License-Identifier: GPL-2.0-only
"""One conversation in one world: both ends of its control connection, its data
connections, and a third host. See ftp_talk.py for the worlds."""

import os
import random
import re
import select
import socket
import time

from ftp_talk_rules import PRIVILEGED, SHUT, port_of
from ftp_talk_steps import pattern, render
from say_parts import SLOWNESS, No, setns, show

CONTROL = 21
DATA_PORT = 20      # which servers connect from, some of them

# For what must come; and with the kernel's helper, which drops for ever what it takes
# for the beginning of an announcement
LIMIT_S = 15 * SLOWNESS
INTREE_LIMIT_S = 2 * SLOWNESS
# For a connection that is neither accepted nor reset; the first SYN may be lost
CONNECT_S = 4 * SLOWNESS

# Ports of a slot: so many conversations in turn, so many ports each; and where the
# first slot's begin. Each end has one more, which it never announces.
TURNS = 12
PORTS = 16
PORT_BASE = 10000
SPARE = {">": str(PORTS - 1), "<": str(PORTS - 2)}
PRIVILEGED_BASE = 600
SLOTS_MAX = 48

# Of a data connection's bytes, each way
DATA = 1, 3000

# What comes of a data connection that is not let through
SHUT_OUT = "no connection"

# Ends are called by what they do in a talk: the client says, the server answers.
OTHER = {">": "<", "<": ">"}

namespaces = {}


def inside(ns):
    """What this thread opens from now on is in that namespace."""
    if ns not in namespaces:
        namespaces[ns] = os.open("/run/netns/" + ns, os.O_RDONLY)
    setns(namespaces[ns])


def tcp(ns, addr, port=0):
    inside(ns)
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.bind((addr, port))
    return s


def listen(ns, addr, port):
    s = tcp(ns, addr, port)
    s.listen(8)
    s.settimeout(LIMIT_S)
    return s


def connect(ns, source, addr, port, own_port=0):
    """None if nothing is open there"""
    s = tcp(ns, source, own_port)
    s.settimeout(CONNECT_S)
    try:
        s.connect((addr, port))
    except OSError:
        s.close()
        return None
    s.settimeout(LIMIT_S)
    return s


class Place:
    """Where a conversation is held: addresses and ports of one slot's turn"""

    def __init__(self, slot, turn, topology):
        inner, outer = "10.0.1.%d" % slot, "198.18.1.%d" % slot
        near = {"in": "10.0.9.9", "out": "198.18.9.9"}
        self.sides = {">": "in", "<": "out"}
        self.own = {">": inner, "<": outer}
        self.seen = {">": "198.18.0.1", "<": outer}
        self.target = outer
        if topology == "dnat":
            self.sides = {">": "out", "<": "in"}
            self.own = {">": outer, "<": inner}
            self.seen = {">": outer, "<": "198.18.2.%d" % slot}
            self.target = self.seen["<"]
        self.near = {op: near[self.sides[op]] for op in OTHER}
        self.base = PORT_BASE + ((slot - 1) * TURNS + turn) * PORTS
        self.low = PRIVILEGED_BASE + slot

    def port(self, name):
        return self.low if name == PRIVILEGED else self.base + int(name)

    def names(self, op):
        """Of what an end says; see render()"""
        return {"C": self.own[">"], "S": self.own["<"], "G": self.seen[op],
                "F": self.near[op], "P": self.port}


def told(line):
    """(address or None, port) that a client or a server reads in a line"""
    numbers = re.search(rb"(\d+), ?(\d+), ?(\d+), ?(\d+), ?(\d+), ?(\d+)\D*$",
                        line)
    if line[:4] in (b"228 ", b"228-") or line[:4].upper() == b"LPRT":
        n = [int(x) for x in re.findall(rb"\d+", line)]
        n = n[n.index(4):]
        return ".".join(map(str, n[2:6])), n[7] * 256 + n[8]
    if numbers:
        n = [int(x) for x in numbers.groups()]
        addr = ".".join(map(str, n[:4]))
        return None if addr == "0.0.0.0" else addr, \
            (n[4] * 256 + n[5]) % 65536
    numbers = re.search(rb"(?:\d[^\w\s.]([\d.]+)[^\w\s.]|[^\w\s]{3})(\d+)[^\w\s]",
                        line)
    if not numbers:
        raise No("nothing to connect to in: " + show(line))
    addr, port = numbers.groups()
    return addr and addr.decode(), int(port)


class Leg:
    """One conversation in one world. Of each step it keeps what came of it."""

    def __init__(self, world, talk, place, foreseen):
        self.world, self.talk, self.place = world, talk, place
        self.foreseen = foreseen
        self.results = {}       # of steps: True, or why not
        self.stuck = None       # (step, why)
        self.foreign_text = None
        self.outsiders = []     # (step, which): not as it should be
        self.ends = {}
        self.buffers = {">": bytearray(), "<": bytearray()}
        self.heard = {}         # of ports: (who said it, the line as heard)
        self.listeners = {}
        self.tried = set()      # ports, whose connection the hosts still know
        self.at = -1            # the step that it has come to

    def ns(self, op):
        return self.place.sides[op] + "_" + self.world

    def run(self):
        try:
            self.listen()
            self.begin()
            for at, step in enumerate(self.talk.steps):
                self.at = at
                if step.op in OTHER:
                    self.say(step)
                else:
                    getattr(self, "do_" + step.op)(step)
        except (No, OSError) as why:
            self.stuck = self.at, "%s %s" % (type(why).__name__, why)
        finally:
            for s in (*self.ends.values(), *self.listeners.values()):
                s.close()

    def listen(self):
        self.control = self.listeners["control"] = listen(
            self.ns("<"), self.place.own["<"], CONTROL)
        for step in self.talk.steps:
            if step.op in "<>":
                for line in step.lines():
                    name = port_of(line)
                    if name and name not in self.listeners:
                        self.open_port(step.op, name)

    def open_port(self, op, name):
        self.listeners[name] = listen(self.ns(op), "", self.place.port(name))

    def begin(self):
        target = self.place.target
        if self.world == "direct":
            target = self.place.own["<"]
        self.target = target
        c = connect(self.ns(">"), self.place.own[">"], target, CONTROL)
        if not c:
            raise No("no control connection")
        self.ends[">"] = c
        self.ends["<"], peer = self.control.accept()
        s = self.ends["<"]
        self.origin = peer[0]
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.settimeout(LIMIT_S)

    # ---- the control connection

    def say(self, step):
        names = self.place.names(step.op)
        data = render(step.text, names)
        cuts = step.cuts
        if cuts == "*":
            cuts = range(1, len(data))
        at = 0
        for cut in [*(c for c in cuts if c < len(data)), len(data)]:
            self.ends[step.op].sendall(data[at:cut])
            at = cut
        lines = step.lines()
        heard = self.hear(OTHER[step.op], data)
        if self.foreign_text is None:
            self.compare(step, lines, heard, names)
        for line, came, verdict in zip(lines, heard,
                                       self.foreseen.said[self.at]):
            name = port_of(line)
            if name and (verdict != SHUT or name not in self.heard):
                self.heard[name] = step.op, came

    def hear(self, op, data):
        """As many lines as there are in data"""
        buf = self.buffers[op]
        end = time.monotonic() + (INTREE_LIMIT_S if self.world == "intree" else
                                  LIMIT_S)
        count = data.count(b"\n")
        whole = data.endswith(b"\n")
        while buf.count(b"\n") < count or \
                not whole and len(buf) < len(data):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.ends[op]], [], [], left)[0]:
                raise No("only this came: " + show(bytes(buf)))
            more = self.ends[op].recv(1 << 16)
            if not more:
                raise No("the connection ended behind: " + show(bytes(buf)))
            buf += more
        heard = re.findall(rb"[^\n]*\n|[^\n]+$", bytes(buf))
        buf.clear()
        return heard

    def compare(self, step, lines, heard, names):
        verdicts = self.foreseen.said[self.at]
        for i, line in enumerate(lines):
            want = render(line, names)
            came = heard[i] if i < len(heard) else b""
            if came == want:
                continue
            if i < len(verdicts) and verdicts[i] != SHUT and \
                    pattern(line, names).match(came):
                continue
            self.foreign_text = self.at, "%s came as %s" % (show(want),
                                                            show(came))
            return
        if len(heard) != len(lines):
            self.foreign_text = self.at, "more came: " + show(heard[-1])

    # ---- other steps

    def where(self, name):
        """(who connects, where)"""
        op, line = self.heard[name]
        addr, port = told(line.strip())
        return OTHER[op], addr or (
            self.target if op == "<" else self.origin), port

    def do_data(self, step):
        if step.text not in self.heard:
            return
        op, addr, port = self.where(step.text)
        own_port = 0
        if op == "<" and port % 2 and step.text not in self.tried:
            own_port = DATA_PORT
        self.tried.add(step.text)
        s = connect(self.ns(op), self.place.own[op], addr, port, own_port)
        if not s:
            self.results[self.at] = SHUT_OUT
            return
        with s:
            self.results[self.at] = self.transfer(s, step.text)

    def transfer(self, s, name):
        """True, or what went wrong"""
        try:
            peer, _ = self.listeners[name].accept()
        except OSError:
            return "somebody else was there"
        with peer:
            peer.settimeout(LIMIT_S)
            for a, b in (s, peer), (peer, s):
                data = random.randbytes(random.randint(*DATA))
                try:
                    a.sendall(data)
                    if self.receive(b, len(data)) != data:
                        return "other bytes came"
                except OSError as why:
                    return str(why)
        return True

    @staticmethod
    def receive(s, size):
        data = bytearray()
        while len(data) < size:
            more = s.recv(1 << 16)
            if not more:
                break
            data += more
        return data

    def do_outsider(self, step):
        """They get in without a router, or they would prove nothing."""
        if step.text not in self.heard:
            return
        op, addr, port = self.where(step.text)
        spare = SPARE[OTHER[op]]
        if spare not in self.listeners:
            self.open_port(OTHER[op], spare)
        for source, to, name in (
                (self.place.near[op], port, step.text),
                (self.place.own[op], self.place.port(spare), spare)):
            s = connect(self.ns(op), source, addr, to)
            if s:
                self.listeners[name].accept()[0].close()
                s.close()
            if bool(s) != (self.world == "direct"):
                self.outsiders.append((self.at, "%s to %s, %d" %
                                       (source, addr, to)))

    def do_bye(self, _):
        self.ends[">"].close()
        s = self.ends["<"]
        while s.recv(1 << 16):
            pass
        s.close()

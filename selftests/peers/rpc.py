# SPDX-License-Identifier: GPL-2.0-only
"""A client of rpcbind's, rpcbind itself, and the services that it names, in any
network namespace, with any flaw in what they say.

One process plays all parts, so that a script pays for one interpreter only. A
command is a line of words with 0x1f between them, its answer a line that begins
with "ok" or "no". Most words are NAME=VALUE; lib/rpc.sh has what scripts call.

Of a question: form (see rpc_wire.FORMS), by and for (udp or tcp), prog, vers, netid,
hint, owner, xid, cred (bytes of AUTH_SYS), trail (bytes behind), frags, empty (a
fragment that is), cut (places, or each).
Of an answer: port, host (own, dialled, zero, other, or any text), text (in place of
the universal address), verf, rtrail, rfrags, rempty, rcut, rxid, denied, stat,
entries (of a list besides), many (of the same family
besides), raw (must pass as it is), moved (port must change).
"""

import os
import select
import socket
import sys
import time

# Python is told to keep its path short ("-I"), and may not write to the checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import rpc_wire as wire
from rpc_ends import BLOCKED_S, KINDS, SIZE_MAX, WORLD, there_is, used
from rpc_talk import (Call, Reply, answer, arrives, ask, goes_on, number, send_all,
                      take_answer)
from say_parts import No, name_socket, named, options

# Of services, if none is given; each case has some of its own.
FIRST_PORT = 20000
PORT_STEP = 16
# Where what is dialled comes from, if nothing is said: any port, and one of those
# that only root may have
SOURCES = "0,898"
ports = iter(range(FIRST_PORT, 32000, PORT_STEP))


def cmd_world(*words):
    """world client=NS server=NS target=ADDR origin=ADDR own=ADDR nat=0|1"""
    for name in list(named):
        named.pop(name).close()
    WORLD.close()
    for name, value in options(words).items():
        setattr(WORLD, name, value)
    WORLD.nat = WORLD.nat == "1"


def cmd_limit(seconds):
    """limit SECONDS: for what must come"""
    WORLD.limit = float(seconds)


def cmd_port():
    """port: a new one, and fifteen behind it"""
    return str(next(ports))


# ---- step by step

def flow_of(opt):
    return KINDS[opt.get("by", "udp")](
        source=number(opt, "source"), bind=opt.get("bind", ""),
        client=opt.get("client"))


def cmd_flow(name, *words):
    """flow NAME by=udp|tcp [client=NS] [bind=ADDR] [source=PORT]: to rpcbind"""
    opt = options(words)
    flow = flow_of(opt)
    flow.by, flow.calls = opt.get("by", "udp"), []
    name_socket(name, flow)


def cmd_call(name, *words):
    """call NAME WORD...: arrives as it was sent; with lost=1 it never does"""
    flow, opt = named[name], options(words)
    call = Call(flow.by, opt, number(opt, "port", 0))
    if "lost" not in opt:
        ask(flow, call, opt)
    flow.calls.append(call)


def cmd_reply(name, *words):
    """reply NAME WORD...: to the last call, or with of=N the Nth; arrives, and
    answers with the ports that it names then"""
    flow, opt = named[name], options(words)
    reply = Reply(flow.calls[number(opt, "of", -1)], opt)
    return " ".join(str(e.port) for e in answer(flow, reply))


def cmd_spoof(name, addr, *words):
    """spoof NAME ADDR WORD...: the answer to the last call comes from another host's
    port 111"""
    flow = named[name]
    sock = WORLD.socket(WORLD.server, "udp", addr, 111)
    try:
        sock.sendto(Reply(flow.calls[-1], options(words)).message,
                    (flow.peer, flow.seen_by[1]))
    finally:
        sock.close()


def cmd_raw(name, end, data):
    """raw NAME c|s HEX: these bytes, sent from there, arrive"""
    flow, data = named[name], bytes.fromhex(data)
    flow.send(end, data)
    flow.want("s" if end == "c" else "c", data)


def cmd_reversed(name, *words):
    """reversed NAME WORD...: the server asks, the client answers; all of it
    arrives as it is"""
    flow, opt = named[name], options(words)
    call = Call(flow.by, opt, number(opt, "port"))
    for end, other, message in (
            ("s", "c", call.message),
            ("c", "s", Reply(call, {**opt, "raw": "1"}).message)):
        flow.send(end, flow.framed(message, {}))
        flow.want(other, flow.framed(message, {}))


def cmd_close(*names):
    """close [NAME...]: all of them if none is named"""
    for name in names or list(named):
        if name in named:
            named.pop(name).close()


def cmd_hold(name, ns, transport, port, addr=""):
    """hold NAME NS udp|tcp PORT [ADDR]: somebody has that port"""
    name_socket(name, WORLD.socket(ns, transport, addr, int(port)))
    if transport == "tcp":
        named[name].listen(1)


# ---- the services

def through(opt, transport, port, source):
    return KINDS[transport](
        to=opt.get("to"), port=port, at=number(opt, "at", port), source=source,
        bind=opt.get("bind", ""), client=opt.get("client"),
        server=opt.get("server"))


def cmd_data(transport, port, *words):
    """data udp|tcp PORT [at=PORT] [to=ADDR] [bind=ADDR] [client=NS]
    [server=NS] [sources=N,N]: the service answers there"""
    opt = options(words)
    for source in opt.get("sources", "0").split(","):
        flow = through(opt, transport, int(port), int(source))
        try:
            used(flow)
        finally:
            flow.close()


class Knock:
    """A try to get through, which is under way"""

    def __init__(self, opt, transport, port):
        self.what = "%s to %d" % (transport, port)
        self.tcp = transport == "tcp"
        self.s = WORLD.listener(opt.get("server", WORLD.server), transport,
                                number(opt, "at", port))
        while there_is(self.s, 0):
            self.take()
        self.c = WORLD.socket(opt.get("client", WORLD.client), transport,
                              opt.get("bind", ""), number(opt, "source"))
        try:
            self.c.connect((opt.get("to", WORLD.target), port))
            self.c.send(b"knock")
        except (BlockingIOError, ConnectionRefusedError, PermissionError):
            pass

    def take(self):
        if self.tcp:
            self.s.accept()[0].close()
        else:
            self.s.recv(SIZE_MAX)

    def got_through(self):
        """There, or with TCP anywhere"""
        if there_is(self.s, 0):
            self.take()
            return True
        return (self.tcp and bool(select.select([], [self.c], [], 0)[1]) and
                not self.c.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


def cmd_shut(transports, numbers, *words):
    """shut udp,tcp PORT,PORT, like data: nothing gets there; those that are open
    are the answer if it is no"""
    opt = options(words)
    knocks = [Knock(opt, transport, int(port)) for transport in transports.split(",")
              for port in numbers.split(",")]
    time.sleep(BLOCKED_S)
    found = [k.what for k in knocks if k.got_through()]
    for knock in knocks:
        knock.c.close()
    if found:
        raise No("open: " + ", ".join(found))


def cmd_talk(name, transport, port, *words):
    """talk NAME, like data: and this one stays; the second time it goes on"""
    if name not in named:
        named[name] = through(options(words), transport, int(port), 0)
    used(named[name])


# ---- all of it

class Case:
    """Questions on a flow, their answers, and data for each service that these
    name."""

    def __init__(self, words):
        self.opt = opt = options(words)
        self.by = opt.get("by", "udp")
        self.first = number(opt, "port") or next(ports)
        opt.pop("port", None)
        self.calls = [Call(self.by, opt, self.first + 2 * i)
                      for i in range(number(opt, "n", 1))]
        self.found = []
        self.flows = []
        self.rpcbind = flow_of(opt)

    def ask(self):
        opt, flow = self.opt, self.rpcbind
        again = number(opt, "again", 1)
        send_all(flow, "c", [flow.framed(c.message, opt) for c in self.calls] *
                 again, opt.get("cut", ""))
        for call in self.calls * again:
            arrives(flow, call, opt)

    def answer(self):
        """All of them; in TCP in one segment"""
        opt, flow = self.opt, self.rpcbind
        replies = [Reply(call, opt) for call in self.calls]
        if "swap" in opt:
            replies.reverse()
        # each reply may be repeated, as a server's to a question that is
        replies = [r for r in replies for _ in range(number(opt, "twice", 1))]
        send_all(flow, "s", [flow.framed(r.message, opt, "r") for r in replies],
                 opt.get("rcut", ""))
        before = {}
        for reply in replies:
            data, seen = take_answer(flow, reply)
            if reply.xid not in before:
                self.found += zip(reply.named, seen)
            if before.setdefault(reply.xid, data) != data:
                raise No("the second time %s became %s" %
                         (before[reply.xid].hex(), data.hex()))

    def leave(self):
        if self.by == "tcp":
            goes_on(self.rpcbind)
        if "keep" not in self.opt:
            self.rpcbind.close()

    def data(self):
        if "nothing" in self.opt:
            return
        for mine, seen in self.found:
            if not Reply.dialled(mine):
                continue
            transport = mine.netid.rstrip("6")
            for source in self.opt.get("sources", SOURCES).split(","):
                self.flows.append(used(KINDS[transport](
                    port=seen.port, at=mine.port, source=int(source))))
        for flow in self.flows:
            used(flow, b"again %d")

    def same(self):
        """From the socket that has asked, as rpcinfo does"""
        (mine, seen), = self.found
        sock = self.rpcbind.c
        flow = KINDS["udp"](port=seen.port, at=mine.port)
        sock.connect((WORLD.target, seen.port))
        self.flows.append(flow.with_client(sock))
        used(flow)

    def close(self):
        for flow in self.flows + [self.rpcbind]:
            flow.close()


def cmd_case(*words):
    """case WORD...: besides those of question and answer n (of them at once), swap
    and twice (the answers), again (the questions), keep (the flow), sources, same
    (socket), nothing (comes of it); answers with the ports"""
    case = Case(words)
    try:
        case.ask()
        case.answer()
        if "same" in case.opt:
            case.same()
        else:
            case.leave()
            case.data()
    finally:
        case.close()
    return " ".join(str(seen.port) for _, seen in case.found)


def cut_once(flow, opt, port, where):
    """A question and its answer, cut there, as far as they are that long"""
    call = Call("tcp", opt, port)
    for prefix, message in ("", call.message), ("r", Reply(call, opt).message):
        size = len(flow.framed(message, opt, prefix))
        opt[prefix + "cut"] = str(where) if where < size else ""
    if not opt["cut"] and not opt["rcut"]:
        return None
    ask(flow, call, opt)
    return answer(flow, Reply(call, opt))


def cmd_cuts(*words):
    """cuts WORD...: a question and its answer by TCP, cut at every place; at the
    first ones each on a connection of its own"""
    opt, port, where = options(words), next(ports), 0
    fresh = number(opt, "fresh", 30)
    flow = KINDS["tcp"]()
    try:
        seen = []
        while seen is not None:
            where += 1
            if where <= fresh:
                flow.close()
                flow = KINDS["tcp"]()
            try:
                seen = cut_once(flow, opt, port, where)
            except No as why:
                raise No("cut at %d: %s" % (where, why)) from None
            last = seen or last
        goes_on(flow)
    finally:
        flow.close()
    transport = Call("tcp", opt, port).transport
    return cmd_data(transport, last[0].port, "at=%d" % port) or str(where)


COMMANDS = {name[4:]: thing for name, thing in globals().items()
            if name.startswith("cmd_")}


def main():
    for line in sys.stdin:
        verb, *words = line.rstrip("\n").split("\x1f")
        try:
            print("ok", COMMANDS[verb](*words) or "", flush=True)
        except No as why:
            print("no", why, flush=True)
        except (OSError, KeyError, ValueError, TypeError, wire.Bad) as why:
            print("no", type(why).__name__, str(why).replace("\n", " "),
                  flush=True)


main()

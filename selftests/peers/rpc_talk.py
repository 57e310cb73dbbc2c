# SPDX-License-Identifier: GPL-2.0-only
"""Questions to rpcbind and its answers, with any flaw, and whether what comes of
them at the other end is what it should be."""

import ipaddress
import random

import rpc_wire as wire
from rpc_ends import WORLD
from say_parts import No

# Hosts that a server may write instead of its own address, for each family
NEVER = {4: {"zero": "0.0.0.0", "other": "192.168.77.5", "loop": "127.0.0.1"},
         6: {"zero": "::", "other": "fd99:1:2:3::5", "loop": "::1"}}
ELSEWHERE = {4: "2001:db8:7::7", 6: "10.77.0.1"}
MOUNTD = 100005


def version():
    return 6 if ":" in WORLD.target else 4


def number(opt, name, otherwise=0):
    return int(opt.get(name, otherwise))


class Call:
    """One question: its bytes, and what an answer is made of"""

    def __init__(self, by, opt, port):
        self.by = by
        self.form = opt.get("form", "getport")
        self.port = port
        self.xid = number(opt, "xid", random.getrandbits(32))
        self.transport = opt.get("for", by)
        if self.form in wire.ADDRESSED:
            # rpcbind answers for the transport that it was asked by
            self.transport = by
        six = "6" if version() == 6 else ""
        self.opt = {
            "prog": number(opt, "prog", MOUNTD), "vers": number(opt, "vers", 3),
            "transport": self.transport,
            "netid": opt.get("netid", by + six),
            "hint": opt.get("hint", wire.uaddr(WORLD.target, 111)),
            "owner": opt.get("owner", "libtirpc"),
            "cred": number(opt, "cred"), "trail": number(opt, "trail"),
            "rpcvers": number(opt, "rpcvers", 2),
            "to": number(opt, "to", wire.RPCBIND),
            "args": b"\x5a" * number(opt, "args"),
            "port": number(opt, "set", 0),
        }
        self.message = wire.call(self.xid, self.form, self.opt)

    def host(self, opt):
        host = opt.get("host", "own")
        if host == "own":
            return WORLD.own
        if host == "dialled":
            return WORLD.target
        return NEVER[version()].get(host, host)

    def endpoints(self, opt):
        """What the server names"""
        host, six = self.host(opt), "6" if version() == 6 else ""
        port = number(opt, "port", self.port)
        if self.form == "getaddrlist" or self.form.startswith("dump"):
            return (self.listed(host, six, port, number(opt, "entries")) +
                    [wire.Endpoint("udp" + six, port + i,
                                   wire.uaddr(host, port + i))
                     for i in range(4, 4 + number(opt, "many"))])
        text = None
        if self.form != "getport":
            text = opt.get("text", wire.uaddr(host, port))
        return [wire.Endpoint(self.transport + six, port, text)]

    def listed(self, host, six, port, more):
        """A port for UDP, the next one for TCP, two of the other family; before
        these some that nobody dials"""
        other = "" if six else "6"
        far = ELSEWHERE[version()]
        return [wire.Endpoint("local", 0, "/run/rpcbind.sock")] * more + [
            wire.Endpoint("udp" + six, port, wire.uaddr(host, port)),
            wire.Endpoint("udp" + other, port + 2, wire.uaddr(far, port + 2)),
            wire.Endpoint("tcp" + six, port + 1, wire.uaddr(host, port + 1)),
            wire.Endpoint("tcp" + other, port + 3, wire.uaddr(far, port + 3))]


class Reply:
    """An answer to a call: its bytes, and what the client may make of them"""

    def __init__(self, call, opt):
        self.call, self.opt = call, opt
        self.named = call.endpoints(opt)
        self.xid = number(opt, "rxid", call.xid)
        self.verf = number(opt, "verf")
        self.behind = b"\x5b" * number(opt, "rtrail")
        if "denied" in opt:
            self.message = wire.denied(self.xid, number(opt, "denied"))
        elif number(opt, "stat"):
            limits = wire.u32(2, 4) if opt["stat"] == "2" else b""
            self.message = wire.accepted(self.xid, number(opt, "stat"), limits)
        else:
            self.message = self.of(self.named)
        # one that must pass as it is
        self.plain = (call.form not in wire.ADDRESSED + ("getport", "getaddrlist") or
                      "raw" in opt or "denied" in opt or number(opt, "stat"))

    def of(self, endpoints):
        return wire.accepted(
            self.xid, 0, wire.results(self.call.form, endpoints, self.call.opt) +
            self.behind, self.verf)

    def as_seen(self, data):
        """The endpoints that the client is told, if nothing but these has
        changed, and as they should"""
        if self.plain:
            if data != self.message:
                raise No("%s became %s" % (self.message.hex(), data.hex()))
            return self.named
        try:
            xid, seen, _ = wire.read_reply(data, self.call.form)
        except (wire.Bad, ValueError) as why:
            raise No("%s became %s: %s" % (self.message.hex(), data.hex(),
                                           why)) from None
        if xid != self.xid or len(seen) != len(self.named):
            raise No("%s became %s" % (self.message.hex(), data.hex()))
        for mine, theirs in zip(self.named, seen):
            theirs.netid = mine.netid
            self.compare(mine, theirs)
        if self.of(seen) != data:
            raise No("%s became %s, which is not %s" %
                     (self.message.hex(), data.hex(), self.of(seen).hex()))
        return seen

    def compare(self, mine, theirs):
        if not self.dialled(mine) or not mine.port:
            if mine.text != theirs.text or mine.port != theirs.port:
                raise No("%s %s became %s %s" % (mine.text, mine.port,
                                                 theirs.text, theirs.port))
            return
        if theirs.text is not None:
            host = wire.from_uaddr(theirs.text)[0]
            want = WORLD.target if WORLD.nat else wire.from_uaddr(mine.text)[0]
            if ipaddress.ip_address(host) != ipaddress.ip_address(want):
                raise No("host %s, not %s" % (host, want))
        if (mine.port != theirs.port) != bool(number(self.opt, "moved")):
            raise No("port %d became %d" % (mine.port, theirs.port))

    @staticmethod
    def dialled(endpoint):
        """Is it of the family that the client has come by?"""
        return (endpoint.netid.rstrip("6") in ("udp", "tcp") and
                (endpoint.family() == "inet6") == (version() == 6))


def pieces(data, places):
    """Cut at these places: "3,17", or "each" """
    if places == "each":
        return [data[i:i + 1] for i in range(len(data))]
    cuts = [0] + [int(p) for p in places.split(",") if p] + [len(data)]
    return [data[a:b] for a, b in zip(cuts, cuts[1:]) if a < b]


def ask(flow, call, opt):
    """The question arrives as it was sent"""
    send_all(flow, "c", [flow.framed(call.message, opt)], opt.get("cut", ""))
    arrives(flow, call, opt)


def arrives(flow, call, opt):
    if call.by == "tcp":
        flow.want("s", flow.framed(call.message, opt))
    else:
        flow.want("s", call.message)


def answer(flow, reply):
    """The answer arrives as it should; endpoints that the client is told"""
    opt = reply.opt
    send_all(flow, "s", [flow.framed(reply.message, opt, "r")], opt.get("rcut", ""))
    return take_answer(flow, reply)[1]


def take_answer(flow, reply):
    """Its bytes, and the endpoints that the client is told; what says the same comes in
    the same fragments"""
    data = flow.message("c")
    seen = reply.as_seen(data)
    if hasattr(flow, "record") and data == reply.message:
        sent = flow.framed(data, reply.opt, "r")
        if flow.record != sent:
            raise No("%s became %s" % (sent.hex(), flow.record.hex()))
    return data, seen


def send_all(flow, end, messages, places):
    """Of TCP in one segment, but for the places where it is cut"""
    if hasattr(flow, "accept"):
        messages = pieces(b"".join(messages), places)
    for message in messages:
        flow.send(end, message)


def goes_on(flow):
    """What opens nothing passes: the stream is the same at both ends"""
    call = Call("tcp", {"form": "null2"}, 0)
    ask(flow, call, {})
    answer(flow, Reply(call, {}))

# SPDX-License-Identifier: GPL-2.0-only
"""A file from one MSN client to another by MSNSLP, in a direct connection."""

import base64

import msn_slp as slp
from msn_p2p import (CHUNK_MAX, DIRECT_MAX, FLAG_FILE, FLAG_HANDSHAKE, V1,
                     Header, LinkV1, LinkV2)
from msn_wire import Listener, demand, number, reach, same, told

NAMES = {"external": "IPv4External", "internal": "IPv4Internal",
         "ipv6": "IPv6"}
FOO = b"foo\0"
PACKET_MAX = V1.size + DIRECT_MAX
BRIDGES = "TRUDPv1 TCPv1 SBBridge TURNv1"


class Direct:
    """The transport of a direct connection"""

    def __init__(self, stream, link):
        self.stream = stream
        self.link = link

    def write(self, data):
        self.stream.send(len(data).to_bytes(4, "little") + data)

    def read(self):
        size = int.from_bytes(self.stream.exact(4), "little")
        demand(size <= PACKET_MAX, "a packet of %d bytes" % size)
        return self.stream.exact(size)

    def put(self, packet, _app):
        self.write(packet)

    def greet(self, nonce, connects):
        """The one who connects begins."""
        hello = V1.pack(0, number(), 0, 0, 0, FLAG_HANDSHAKE, 0, 0, 0)
        hello = hello[:-16] + nonce.own
        if connects:
            self.write(FOO)
            self.write(hello)
        else:
            same("direct connection's start", self.read(), FOO)
        packet = self.read()
        same("size of the handshake", len(packet), V1.size)
        header = Header(*V1.unpack(packet))
        same("flags of the handshake", header.flags, FLAG_HANDSHAKE)
        demand((header.offset, header.total, header.length) == (0, 0, 0),
               "a handshake with data: %s" % (header,))
        nonce.check(packet[-16:])
        if not connects:
            self.write(hello)


class Negotiation:
    def __init__(self, talk, opt):
        self.talk = talk
        self.opt = opt
        self.listens = opt.listener == opt.role
        self.link = LinkV2() if opt.p2p == 2 else LinkV1()
        self.call = slp.Call(talk.me, talk.peer)
        self.nonce = slp.Nonce(opt.nonce)
        self.listener = None
        self.session = number()
        self.size = None

    def say(self, text):
        self.link.send(self.talk, text, min(self.opt.chunk, CHUNK_MAX))

    def hear(self, start, kind):
        """The peer's next text"""
        got = None
        while not got:
            got = self.link.take(self.talk, *self.talk.take_packet())
        session, flags, text = got
        demand((session, flags) == (0, 0), "not SLP: session %d, flags %#x" %
               (session, flags))
        return self.call.hear(text, start, kind)

    def settle(self):
        """Until all that was said on the switchboard is acknowledged"""
        while not self.link.acked():
            demand(not self.link.take(self.talk, *self.talk.take_packet()),
                   "a message instead of an ACK")
        self.talk.stream.flush()

    # ---- what transports' bodies say

    def request(self):
        announces = self.opt.in_request and self.listens
        return [("Bridges", BRIDGES), ("NetID", "-1560261438"),
                ("Conn-Type", "Port-Restrict-NAT"), ("UPnPNat", "false"),
                ("ICF", "false"), *self.nonce.fields(announces),
                *(self.announcement() if announces else [])]

    def response(self, announces):
        return [("Bridge", "TCPv1"),
                ("Listening", "true" if announces else "false"),
                *self.nonce.fields(announces),
                *(self.announcement() if announces else [])]

    def announcement(self):
        self.listener = Listener([self.opt.port])
        pairs = []
        for kind, name in NAMES.items():
            addrs = self.opt.addresses(kind, self.talk.own)
            if addrs:
                pairs += [(name + "-Addrs", " ".join(addrs)),
                          (name + "-Port", self.opt.announced_port or
                           self.listener.ports[0])]
        pairs = [(name, str(value)) for name, value in pairs]
        return slp.mirrored(pairs) if self.opt.reversed else pairs

    def announced(self, message):
        found = slp.unmirrored(message.body)
        self.nonce.learn(found, True)
        places = []
        for kind in self.opt.order:
            name = NAMES[kind].lower()
            if name + "-addrs" in found:
                port = found[name + "-port"]
                demand(port.isdigit(), "port %r" % port)
                places += [(kind, addr, int(port)) for addr in
                           found[name + "-addrs"].split(" ") if addr]
        self.opt.check_places(places)
        return places

    # ---- the two ends

    def run(self):
        stream = self.invite() if self.opt.role == "inviter" else self.accept()
        self.settle()
        direct = Direct(stream, self.link)
        direct.greet(self.nonce, connects=not self.listens)
        if self.opt.role == "inviter":
            self.send_file(direct)
        else:
            self.take_file(direct)
        stream.close()

    def invite(self):
        """The direct connection"""
        context = base64.b64encode(len(self.opt.data).to_bytes(
            self.opt.context, "little")).decode()
        self.say(self.call.request("INVITE", slp.SESSION_BODY, [
            ("EUF-GUID", slp.FILE_GUID), ("SessionID", self.session),
            ("SChannelState", 0), ("AppID", slp.APP_FILE),
            ("Context", context)]))
        answer = self.hear("MSNSLP", slp.SESSION_BODY)
        same("SLP's session", answer.body.get("sessionid"), str(self.session))
        self.say(self.call.request("INVITE", slp.REQUEST_BODY, self.request()))
        answer = self.hear("MSNSLP", slp.RESPONSE_BODY)
        same("Bridge", answer.body.get("bridge"), "TCPv1")
        same("Listening", answer.body.get("listening"),
             "false" if self.listens else "true")
        if not self.listens:
            self.talk.stream.flush()
            return reach(self.announced(answer))
        self.nonce.learn(answer.body, False)
        if not self.opt.in_request:
            self.say(self.call.request("INVITE", slp.RESPONSE_BODY,
                                       self.response(True)))
        self.talk.stream.flush()
        return self.listener.accept()

    def accept(self):
        """The same, of who was invited"""
        invite = self.hear("INVITE", slp.SESSION_BODY)
        same("EUF-GUID", invite.body.get("euf-guid"), slp.FILE_GUID)
        self.session = int(invite.body["sessionid"])
        self.size = int.from_bytes(base64.b64decode(invite.body["context"]),
                                   "little")
        self.say(self.call.answer(slp.SESSION_BODY,
                                  [("SessionID", self.session)]))
        invite = self.hear("INVITE", slp.REQUEST_BODY)
        demand("TCPv1" in invite.body.get("bridges", "").split(" "),
               "no TCPv1: %s" % invite.body)
        places = None
        if self.opt.in_request:
            places = self.announced(invite)
        else:
            self.nonce.learn(invite.body, False)
        self.say(self.call.answer(slp.RESPONSE_BODY,
                                  self.response(self.listens)))
        self.talk.stream.flush()
        if self.listens:
            return self.listener.accept()
        if not self.opt.in_request:
            places = self.announced(self.hear("INVITE", slp.RESPONSE_BODY))
        self.settle()
        return reach(places)

    def send_file(self, direct):
        self.link.send(direct, self.opt.data, DIRECT_MAX, self.session,
                       FLAG_FILE)
        while not self.link.acked():
            demand(not self.link.take(direct, direct.read(), slp.APP_FILE),
                   "something else than an ACK")
        self.link.send(direct, self.call.request(
            "BYE", slp.CLOSE_BODY, [("SessionID", self.session)]), DIRECT_MAX)
        while not self.link.acked():
            demand(not self.link.take(direct, direct.read(), 0),
                   "something behind the BYE")

    def take_file(self, direct):
        got = None
        while not got:
            got = self.link.take(direct, direct.read(), slp.APP_FILE)
        session, flags, data = got
        same("session of the file", session, self.session)
        same("flags of the file", flags, FLAG_FILE)
        same("size of the file", len(data), self.size)
        self.opt.save(data)
        got = None
        while not got:
            got = self.link.take(direct, direct.read(), 0)
        self.call.hear(got[2], "BYE", slp.CLOSE_BODY)
        told("ok: the session is closed")

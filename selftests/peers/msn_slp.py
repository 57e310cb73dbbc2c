# SPDX-License-Identifier: GPL-2.0-only
"""MSNSLP: what MSN clients say inside P2P packets to agree on a session and on
a direct connection for it."""

import hashlib
import os
import re
import uuid

from msn_wire import REST, check_rest, demand, fields, same, told, with_rest

FILE_GUID = "{5D3E02AB-6190-11D3-BBBB-00C04F795683}"
APP_FILE = 2
SESSION_BODY = "application/x-msnmsgr-sessionreqbody"
CLOSE_BODY = "application/x-msnmsgr-sessionclosebody"
REQUEST_BODY = "application/x-msnmsgr-transreqbody"
RESPONSE_BODY = "application/x-msnmsgr-transrespbody"
START = re.compile(r"(INVITE|BYE) MSNMSGR:(\S+) MSNSLP/1\.0|MSNSLP/1\.0 200 OK")


def guid():
    return "{%s}" % str(uuid.uuid4()).upper()


class Message:
    """Text with its headers and the fields of its body"""

    def __init__(self, start, head, body):
        self.start = start
        self.head = head
        self.body = body
        self.kind = head.get("content-type")


def build(start, head, kind, pairs):
    """A NUL ends it, which Content-Length counts."""
    body = "".join("%s: %s\r\n" % pair for pair in pairs if
                   pair[1] is not None)
    body += "%s: 00000000\r\n\r\n" % REST.decode()
    text = start + "\r\n"
    for name, value in [*head, ("Content-Type", kind),
                        ("Content-Length", len(body.encode()) + 1)]:
        text += "%s: %s\r\n" % (name, value)
    return with_rest((text + "\r\n" + body).encode() + b"\0")


def parse(data):
    """With all lengths verified"""
    demand(data.endswith(b"\0") and data.count(b"\0") == 1,
           "SLP's NUL is not at its end: %r" % data[-40:])
    head, blank, body = data.partition(b"\r\n\r\n")
    demand(blank, "no end of SLP's headers: %r" % data)
    start, _, rest = head.decode().partition("\r\n")
    demand(START.fullmatch(start), "SLP's start: %s" % start)
    head = fields(rest.encode())
    same("SLP's Content-Length", head.get("content-length"), str(len(body)))
    demand(body.endswith(b"\r\n\r\n\0"), "SLP's end: %r" % body[-40:])
    check_rest(data)
    told("ok: SLP, %s, %s" % (start, head["content-type"]))
    return Message(start, head, fields(body[:-1]))


def mirrored(pairs):
    """As Windows Live Messenger 2009 writes addresses"""
    return [(name[::-1], value[::-1]) if name.startswith("IPv4") else
            (name, value) for name, value in pairs]


def unmirrored(found):
    """The same fields by their plain names"""
    plain = dict(found)
    for name, value in found.items():
        if name.endswith("4vpi"):
            plain[name[::-1]] = value[::-1]
    return plain


class Nonce:
    """What the connecting end has to know: in the listening one's announcement
    as it is, or each end's own by its hash. Or nothing at all."""

    def __init__(self, kind):
        self.kind = kind
        self.own = os.urandom(16) if kind != "none" else bytes(16)
        self.peer_hash = None

    @staticmethod
    def text(raw):
        return "{%s}" % str(uuid.UUID(bytes_le=raw)).upper()

    @staticmethod
    def hash(raw):
        return Nonce.text(hashlib.sha1(raw).digest()[:16])

    def fields(self, announces):
        """For a transport's body of this end"""
        if self.kind == "hashed":
            return [("Hashed-Nonce", self.hash(self.own))]
        if self.kind == "plain" and announces:
            return [("Nonce", self.text(self.own))]
        return []

    def learn(self, found, announces):
        """From a body of the peer's"""
        if self.kind == "hashed":
            self.peer_hash = found.get("hashed-nonce")
            demand(self.peer_hash, "no Hashed-Nonce: %s" % found)
        elif self.kind == "plain" and announces:
            demand("nonce" in found, "no Nonce: %s" % found)
            self.own = uuid.UUID(found["nonce"]).bytes_le

    def check(self, raw):
        """What came in the peer's handshake"""
        if self.kind == "hashed":
            same("hash of the peer's nonce", self.hash(raw), self.peer_hash)
        else:
            same("nonce", self.text(raw), self.text(self.own))


class Call:
    """The text of one session, said by either end"""

    def __init__(self, me, peer, call_id=None):
        self.me = me
        self.peer = peer
        self.id = call_id or guid()
        self.branch = guid()

    def head(self, cseq):
        return [("To", "<msnmsgr:%s>" % self.peer),
                ("From", "<msnmsgr:%s>" % self.me),
                ("Via", "MSNSLP/1.0/TLP ;branch=%s" % self.branch),
                ("CSeq", "%d " % cseq),
                ("Call-ID", self.id),
                ("Max-Forwards", "0")]

    def request(self, method, kind, pairs):
        self.branch = guid()
        return build("%s MSNMSGR:%s MSNSLP/1.0" % (method, self.peer),
                     self.head(0), kind, pairs)

    def answer(self, kind, pairs):
        return build("MSNSLP/1.0 200 OK", self.head(1), kind, pairs)

    def hear(self, data, start, kind):
        """A message of the peer's that begins and is as it should"""
        message = parse(data)
        demand(message.start.startswith(start), "SLP: %s, not %s" %
               (message.start, start))
        same("SLP's type", message.kind, kind)
        same("SLP's sender", message.head.get("from"),
             "<msnmsgr:%s>" % self.peer)
        branch = message.head.get("via", "").partition("branch=")[2]
        if start == "MSNSLP":
            same("SLP's call", message.head.get("call-id"), self.id)
            same("SLP's branch", branch, self.branch)
        else:
            self.id = message.head["call-id"]
            self.branch = branch
        return message

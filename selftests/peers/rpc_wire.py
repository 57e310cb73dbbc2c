# SPDX-License-Identifier: GPL-2.0-only
"""Sun RPC and rpcbind's messages as bytes: RFC 5531 sections 9 and 11, RFC 1833
sections 2 and 3, RFC 5665 section 5.2. Readers are strict: what is not as the RFC
has it is Bad."""

import struct

RPCBIND = 100000
LAST = 1 << 31

# Procedures of program 100000: version and number
FORMS = {
    "null2": (2, 0), "null3": (3, 0), "null4": (4, 0),
    "set2": (2, 1), "unset2": (2, 2), "set3": (3, 1), "unset3": (3, 2),
    "set4": (4, 1), "unset4": (4, 2),
    "getport": (2, 3), "dump2": (2, 4), "callit2": (2, 5),
    "getaddr3": (3, 3), "dump3": (3, 4), "callit3": (3, 5), "gettime3": (3, 6),
    "getaddr4": (4, 3), "dump4": (4, 4), "bcast": (4, 5),
    "getversaddr": (4, 9), "indirect": (4, 10), "getaddrlist": (4, 11),
    "getstat": (4, 12),
}
ADDRESSED = ("getaddr3", "getaddr4", "getversaddr")
CALLING = ("callit2", "callit3", "bcast", "indirect")
PROTOCOLS = {"tcp": 6, "udp": 17}


class Bad(Exception):
    """These are not the bytes of such a message."""


# ---- XDR

def u32(*numbers):
    return struct.pack("!%dI" % len(numbers), *numbers)


def opaque(data):
    return u32(len(data)) + data + bytes(-len(data) % 4)


def string(text):
    return opaque(text.encode("latin-1"))


class Reader:
    """Takes XDR apart."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, size):
        if size > len(self.data) - self.at:
            raise Bad("ends at %d, %d bytes too early" %
                      (len(self.data), self.at + size - len(self.data)))
        self.at += size
        return self.data[self.at - size:self.at]

    def u32(self):
        return struct.unpack("!I", self.take(4))[0]

    def opaque(self):
        size = self.u32()
        data = self.take(size)
        if any(self.take(-size % 4)):
            raise Bad("padding behind %r is not zero" % data)
        return data

    def string(self):
        return self.opaque().decode("latin-1")

    def rest(self):
        return self.take(len(self.data) - self.at)


# ---- universal addresses

def uaddr(host, port):
    return "%s.%d.%d" % (host, port >> 8, port & 255)


def from_uaddr(text):
    """Host and port; the host is not looked at"""
    host, high, low = text.rsplit(".", 2)
    for octet in high, low:
        if octet != str(int(octet)) or int(octet) > 255:
            raise Bad("an octet of %r" % text)
    return host, int(high) * 256 + int(low)


# ---- messages

def auth(size):
    """AUTH_NONE, or AUTH_SYS with a body of so many bytes (20 to 400)"""
    if not size:
        return u32(0, 0)
    name, gids = divmod(size - 20, 4)
    name = min(name * 4, 252)
    gids = (size - 20 - name) // 4
    body = u32(0x5eed) + opaque(b"h" * name) + u32(0, 0, gids)
    body += u32(*range(gids))
    return u32(1) + opaque(body)


def arguments(form, opt):
    """Of a call of that form; opt: prog, vers, transport, netid, hint, owner, args"""
    prog, vers = opt["prog"], opt["vers"]
    if form.startswith(("null", "dump", "gettime", "getstat")):
        return b""
    if form in CALLING:
        return u32(prog, vers, opt.get("proc", 0)) + opaque(opt.get("args", b""))
    if form in ("getport", "set2", "unset2"):
        return u32(prog, vers, PROTOCOLS[opt["transport"]], opt.get("port", 0))
    return (u32(prog, vers) + string(opt["netid"]) + string(opt["hint"]) +
            string(opt.get("owner", "libtirpc")))


def call(xid, form, opt):
    """opt, besides those of arguments(): cred, its size; trail, so many bytes behind"""
    vers, proc = FORMS[form]
    return (u32(xid, 0, opt.get("rpcvers", 2), opt.get("to", RPCBIND), vers, proc) +
            auth(opt.get("cred", 0)) + u32(0, 0) + arguments(form, opt) +
            bytes(opt.get("trail", 0)))


class Endpoint:
    """What a reply names: text is a universal address, or None where there is only
    a port."""

    def __init__(self, netid, port, text=None):
        self.netid = netid
        self.port = port
        self.text = text

    def family(self):
        if self.netid == "local":
            return "loopback"
        return "inet6" if self.netid.endswith("6") else "inet"

    def protocol(self):
        return "-" if self.netid == "local" else self.netid.rstrip("6")


def results(form, endpoints, opt):
    """Of a successful call"""
    if form == "getport":
        return u32(endpoints[0].port)
    if form in ADDRESSED:
        return string(endpoints[0].text)
    if form in ("dump2",):
        return b"".join(u32(1, opt["prog"], opt["vers"],
                            PROTOCOLS[e.netid.rstrip("6")], e.port)
                        for e in endpoints) + u32(0)
    if form in ("dump3", "dump4"):
        return b"".join(u32(1, opt["prog"], opt["vers"]) + string(e.netid) +
                        string(e.text) + string("superuser")
                        for e in endpoints) + u32(0)
    if form == "getaddrlist":
        return b"".join(u32(1) + string(e.text) + string(e.netid) +
                        u32(1 if e.netid.startswith("udp") else 3) +
                        string(e.family()) + string(e.protocol())
                        for e in endpoints) + u32(0)
    if form == "callit2":
        return u32(endpoints[0].port) + opaque(opt.get("args", b""))
    if form in CALLING:
        return string(endpoints[0].text) + opaque(opt.get("args", b""))
    if form.startswith(("set", "unset")):
        return u32(1)
    if form == "gettime3":
        return u32(1700000000)
    if form == "getstat":
        return bytes(640)
    return b""


def accepted(xid, stat, body, verf=0):
    return u32(xid, 1, 0) + auth(verf) + u32(stat) + body


def denied(xid, what=1):
    """AUTH_ERROR, or with 0 RPC_MISMATCH"""
    return u32(xid, 1, 1) + (u32(1, 5) if what else u32(0, 2, 2))


def read_results(form, r):
    """Endpoints that these results name"""
    if form == "getport":
        port = r.u32()
        return [Endpoint("", port)]
    if form in ADDRESSED:
        text = r.string()
        return [Endpoint("", from_uaddr(text)[1] if text else 0, text)]
    if form != "getaddrlist":
        return []
    found = []
    while r.u32():
        text, netid = r.string(), r.string()
        r.u32()
        r.string()
        r.string()
        port = from_uaddr(text)[1] if netid != "local" else 0
        found.append(Endpoint(netid, port, text))
    return found


def read_reply(data, form):
    """xid and endpoints of a successful reply, and what is behind it"""
    r = Reader(data)
    xid = r.u32()
    if r.u32() != 1 or r.u32() != 0:
        raise Bad("no accepted reply")
    r.u32()
    if len(r.opaque()) > 400:
        raise Bad("a verifier of more than 400 bytes")
    if r.u32() != 0:
        raise Bad("no success")
    return xid, read_results(form, r), r.rest()


# ---- record marks

def record(message, fragments=1, empty=False):
    """A message in so many fragments, or one that is empty before the last"""
    if fragments <= 1 and not empty:
        return u32(LAST | len(message)) + message
    size = max(1, len(message) // fragments)
    parts = [message[i:i + size] for i in range(0, len(message), size)]
    parts[fragments - 1:] = [b"".join(parts[fragments - 1:])]
    if empty:
        parts[-1:-1] = [b""]
    return b"".join(u32(len(p) | (LAST if i == len(parts) - 1 else 0)) + p
                    for i, p in enumerate(parts))


def take_record(buf):
    """A whole message from the beginning of a bytearray, or None"""
    at, message = 0, b""
    while len(buf) >= at + 4:
        mark = struct.unpack_from("!I", buf, at)[0]
        size = mark & ~LAST
        if len(buf) < at + 4 + size:
            return None
        message += bytes(buf[at + 4:at + 4 + size])
        at += 4 + size
        if mark & LAST:
            del buf[:at]
            return message
    return None

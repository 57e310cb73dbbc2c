# SPDX-License-Identifier: GPL-2.0-only
"""A listener as bad as one can be: it reads the queue in the daemon's place,
and its plans are good ones, bad ones and nonsense, its verdicts late, in any
order and now and then none at all; and it goes and comes back.

	irc_plan.py QUEUE SEED
	irc_plan.py QUEUE last-first|only-last|forms|datagrams

With a word in the place of the seed it does one thing only: of several
announcements it plans for the last one first, or has each one's edit made in
the last one, which are mistakes; has the new text written in the form that the
file is named by, one of FORMS; or asks about datagrams in turn with SCTP, of which no
helper is.

It goes on until SIGTERM, and then prints what became of its plans.
"""

import collections
import errno
import itertools
import os
import random
import re
import select
import signal
import socket
import struct
import sys
import time

NETLINK_NETFILTER, NETLINK_GENERIC = 12, 16
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLA_F_NESTED = 0x8000
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_FAMILY_ID, CTRL_FAMILY_NAME = 1, 2
ANSWER_LIMIT_S = 30 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100

# linux/netfilter/nfnetlink_queue.h
SUBSYS_QUEUE = 3
MSG_PACKET, MSG_VERDICT, MSG_CONFIG, MSG_VERDICT_BATCH = range(4)
PACKET_HDR, VERDICT_HDR, MARK, PAYLOAD = 1, 2, 3, 10
CFG_CMD, CFG_PARAMS, CFG_MASK, CFG_FLAGS = 1, 2, 4, 5
CMD_BIND, COPY_PACKET = 1, 2
FLAGS = 1 | 4			# on unread when it is full; GSO
DROP, ACCEPT = 0, 1

# include/uapi/linux/nf_appgw.h
LISTEN, PLAN, RELEASE, FLOW_GET, PINHOLE_GET, LISTENER_GET = range(5, 11)
ATTR_LISTEN, ATTR_PACKET, ATTR_PLAN = 4, 5, 6
LISTEN_HELPER, LISTEN_QUEUE, LISTEN_QUEUES = 1, 2, 3
P_PACKET, P_SEQ, P_KIND, P_ACTION, P_END, P_EDIT_SEQ, P_OLD, P_PARTS = \
    range(1, 9)
ACTIONS = 4
PART_TEXT, PART_ADDR, PART_NUMBER, PART_PORT = 1, 2, 3, 4
PART_VALUE = 14
PACKET_PROTO = 3

OFFER = re.compile(rb'\x01DCC (?:(RESUME|ACCEPT) (?:"[^"]*"|.*?)|'
                   rb'\w* (?:"[^"]*"|.*?) ([0-9a-f.:]+)) (\d+)',
                   re.IGNORECASE)

# what looks like one of an announcement that isn't there
NOTHING = OFFER.search(b"\x01DCC SEND f 1 2")

WORDS = LAST_FIRST, ONLY_LAST, FORMS_ONLY, DATAGRAMS = \
    "last-first", "only-last", "forms", "datagrams"

ended = []
became = collections.Counter()
only = None			# one of WORDS
others = itertools.cycle((socket.IPPROTO_UDP, socket.IPPROTO_SCTP))


def one_in(n):
    return not only and not random.randrange(n)


def attr(kind, data):
    size = 4 + len(data)
    return struct.pack("=HH", size, kind) + data + b"\0" * (-size % 4)


def nest(kind, *attrs):
    return attr(kind | NLA_F_NESTED, b"".join(attrs))


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3fff, data[4:size]
        data = data[size + 3 & ~3:]


def messages(data):
    while len(data) >= 16:
        size, kind = struct.unpack_from("=IH", data)
        yield kind, data[16:size]
        data = data[size + 3 & ~3:]


def message(kind, flags, body, seq=0):
    return struct.pack("=IHHII", 16 + len(body), kind, flags, seq, 0) + body


# enum appgw_value_attr: the type, and how its payload is packed
VALUE = {"what": (1, "=B"), "form": (2, "=B"), "code": (3, "=B"),
         "bytes": (4, "=B"), "little": (5, ""), "signed": (6, ""),
         "reversed": (7, ""), "number": (8, "=Q"), "bias": (9, "=i"),
         "divisor": (10, "=I"), "xor": (11, "=Q")}
ADDR, PORT, LENGTH, REST, FILL = range(5)
DECIMAL, BINARY = 1, 2
UTF16, BASE64 = 1, 2


def value(what, **others):
    """A part that is a value"""
    found = [attr(VALUE["what"][0], bytes([what]))]
    for name, number in others.items():
        kind, shape = VALUE[name]
        found.append(attr(kind, struct.pack(shape, number) if shape else b""))
    return nest(PART_VALUE, *found)


def text(plain):
    return attr(PART_TEXT, plain)


# How other protocols than this one write an address and a port
FORMS = {
    # 4 bytes and 2, and their complements, as in OSCAR
    b"bytes": lambda: [
        value(ADDR, form=BINARY), value(PORT, form=BINARY),
        value(ADDR, form=BINARY, xor=0xffffffff),
        value(PORT, form=BINARY, xor=0xffff)],
    # MMS's funnel
    b"utf16": lambda: [
        text("\\\\".encode("utf-16-le")), value(ADDR, code=UTF16, little=1),
        text("\\UDP\\".encode("utf-16-le")),
        value(PORT, code=UTF16, little=1), value(FILL, divisor=8)],
    # a universal address in XDR
    b"xdr": lambda: [
        value(REST, form=BINARY), value(ADDR), text(b"."),
        value(PORT, divisor=256), text(b"."), value(PORT, bytes=1),
        value(FILL, divisor=4), text(b"end")],
    # YMSG's
    b"signed": lambda: [
        value(ADDR, form=DECIMAL, code=BASE64, little=1, signed=1)],
    # text and port backwards, and a length of what was 7 and has not grown
    b"round": lambda: [
        value(ADDR, reversed=1), text(b":"), value(PORT, reversed=1),
        text(b"/"), value(LENGTH, number=7, bias=-2)],
    # what makes no sense
    b"sign": lambda: [value(ADDR, signed=1)],
    b"rests": lambda: [value(REST, form=BINARY), value(REST, form=BINARY),
                       value(PORT)],
    b"fill": lambda: [value(PORT), value(FILL, divisor=1000)],
    b"nothing": lambda: [nest(PART_VALUE)],
    b"unknown": lambda: [nest(PART_VALUE, attr(VALUE["what"][0], b"\0"),
                              attr(99, b""))],
}
FORM = re.compile(rb"\x01DCC SEND (\w+)")


def some_value():
    """A value of any kind, which makes sense or not"""
    some = random.sample([name for name in VALUE if name != "what"],
                         random.randrange(5))
    return value(random.randrange(6), **{
        name: random.choice((0, 1, 2, 8, random.randrange(1 << 8)))
        for name in some})


class Module:
    """The module's family; one that has called listen() is a listener."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.sock.settimeout(ANSWER_LIMIT_S)
        self.family = GENL_ID_CTRL
        found = self.ask(CTRL_CMD_GETFAMILY,
                         attr(CTRL_FAMILY_NAME, b"nf_appgw\0"))
        self.family = struct.unpack("=H", dict(attrs(found[0][4:]))
                                    [CTRL_FAMILY_ID])[0]

    def ask(self, cmd, body=b"", flags=NLM_F_ACK):
        self.sock.send(message(self.family, NLM_F_REQUEST | flags,
                               struct.pack("=BBH", cmd, 1, 0) + body))
        found = []
        while True:
            for kind, data in messages(self.sock.recv(1 << 17)):
                if kind not in (NLMSG_ERROR, NLMSG_DONE):
                    found.append(data)
                    continue
                code = -struct.unpack_from("=i", data)[0]
                if code:
                    raise OSError(code, os.strerror(code))
                return found

    def listen(self, queue, helper=b"irc"):
        self.ask(LISTEN, nest(ATTR_LISTEN, attr(LISTEN_HELPER, helper + b"\0"),
                              attr(LISTEN_QUEUE, struct.pack("=H", queue)),
                              attr(LISTEN_QUEUES, struct.pack("=H", 1))))


class Queue:
    def __init__(self, number):
        self.number = number
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_NETFILTER)
        self.sock.bind((0, 0))
        flags = struct.pack("!I", FLAGS)
        self.send(MSG_CONFIG, attr(CFG_CMD, struct.pack("!BxH", CMD_BIND, 0)) +
                  attr(CFG_PARAMS, struct.pack("!IB", 0xffff, COPY_PACKET)) +
                  attr(CFG_FLAGS, flags) + attr(CFG_MASK, flags))

    def send(self, kind, body):
        self.sock.send(message(SUBSYS_QUEUE << 8 | kind, NLM_F_REQUEST,
                               struct.pack("!BBH", 0, 0, self.number) + body))

    def packets(self, limit):
        """Numbers and contents"""
        if not select.select([self.sock], [], [], limit)[0]:
            return
        try:
            data = self.sock.recv(1 << 17)
        except OSError as why:
            if why.errno != errno.ENOBUFS:
                raise
            return
        for kind, body in messages(data):
            if kind == SUBSYS_QUEUE << 8 | MSG_PACKET:
                found = dict(attrs(body[4:]))
                yield (struct.unpack_from("!I", found[PACKET_HDR])[0],
                       found.get(PAYLOAD, b""))

    def verdict(self, number, verdict, batch=False, payload=None):
        body = attr(VERDICT_HDR, struct.pack("!II", verdict, number))
        if payload is not None:
            # not what the storm made any more: nothing is expected of it
            body += attr(MARK, struct.pack("!I", 0)) + attr(PAYLOAD, payload)
        self.send(MSG_VERDICT_BATCH if batch else MSG_VERDICT, body)


def end(kind, addr, port):
    parts = []
    if addr is not None:
        parts.append(attr(1, addr))
    if port is not None:
        parts.append(attr(2, struct.pack("!H", port)))
    return nest(kind, *parts)


class Segment:
    def __init__(self, data):
        if data[0] >> 4 == 4:
            head, self.src, self.dst = (data[0] & 15) * 4, data[12:16], \
                data[16:20]
        else:
            head, self.src, self.dst = 40, data[8:24], data[24:40]
        self.sport, self.dport, self.seq = struct.unpack_from("!HHI", data,
                                                              head)
        self.text = data[head + (data[head + 12] >> 4) * 4:]

    def packet(self, kind):
        addr, port = self.src, self.sport
        if one_in(200):
            addr = os.urandom(random.choice((0, 3, 4, 16)))
        if one_in(200):
            port = random.randrange(65536)
        proto = []
        if one_in(4) or only == DATAGRAMS:
            proto = [attr(PACKET_PROTO, bytes([
                next(others) if only == DATAGRAMS or one_in(20)
                else socket.IPPROTO_TCP]))]
        return nest(kind, end(1, addr, port), end(2, self.dst, self.dport),
                    *proto)


def some_text():
    return os.urandom(random.choice((0, 1, 5, 20, 95, 96, 97, 120)))


def some_parts(good):
    if not one_in(6):
        return good
    return [random.choice((attr(PART_TEXT, some_text()), attr(PART_ADDR, b""),
                           attr(PART_NUMBER, b""), attr(PART_PORT, b""),
                           attr(random.randrange(16), b""), some_value()))
            for _ in range(random.randrange(12))]


def plan(segment, found, other):
    """What to say of an announcement: mostly what the daemon would; now and
    then its edit is where another one is"""
    number = segment.seq + found.start()
    where = other if only == ONLY_LAST or one_in(20) else found
    port = int(found[3])
    if found[1]:
        action = 2 if found[1].upper() == b"RESUME" else 3
        parts = [attr(PART_PORT, b"")]
    else:
        action = 0 if port else 1
        parts = [attr(PART_ADDR if len(segment.src) == 16 or b"." in found[2]
                      else PART_NUMBER, b""),
                 attr(PART_TEXT, b" "), attr(PART_PORT, b"")]
        if only == FORMS_ONLY:
            parts = FORMS[FORM.match(found[0])[1]]()
    start = where.start(3 if where[1] else 2)
    old = segment.text[start:where.end()]
    if one_in(6):
        action = random.randrange(ACTIONS + 2)
    if one_in(20):
        number += random.randrange(-600, 600)
    at = segment.seq + start + (random.randrange(-600, 600) if one_in(20)
                                else 0)
    if one_in(12):
        old = some_text()
    if one_in(12):
        port = random.randrange(65536)
    addr = segment.src if not one_in(12) else \
        os.urandom(random.choice((3, 4, 16)))
    fields = [
        segment.packet(P_PACKET),
        attr(P_SEQ, struct.pack("=I", number & 0xffffffff)),
        attr(P_KIND, b"dcc_send\0" if not one_in(50) else
             os.urandom(8) + b"\0"),
        attr(P_ACTION, bytes([action])),
        end(P_END, addr, port & 0xffff),
    ]
    if not one_in(8):
        fields += [attr(P_EDIT_SEQ, struct.pack("=I", at & 0xffffffff)),
                   attr(P_OLD, old), nest(P_PARTS, *some_parts(parts))]
    if one_in(40):
        del fields[random.randrange(len(fields))]
    return nest(ATTR_PLAN, *fields)


def attempt(what, module, cmd, body=b"", flags=NLM_F_ACK):
    try:
        module.ask(cmd, body, flags)
        became[what, "done"] += 1
    except OSError as why:
        if why.errno is None:
            raise	# no answer at all
        became[what, errno.errorcode.get(why.errno, why.errno)] += 1


def read(module, data):
    segment = Segment(data)
    offers = list(OFFER.finditer(segment.text))
    last = offers[-1] if only and offers else None
    if only == LAST_FIRST or one_in(4):
        offers.reverse()
    for found in offers:
        if not one_in(10):
            attempt("plan", module, PLAN,
                    plan(segment, found, last or random.choice(offers)))
    if one_in(50):
        found = NOTHING
        attempt("plan", module, PLAN, plan(segment, found, found))
    if one_in(400):
        attempt("release", module, RELEASE, segment.packet(ATTR_PACKET))
    if one_in(200):
        attempt("dump", module, random.choice((FLOW_GET, PINHOLE_GET,
                                               LISTENER_GET)), b"", NLM_F_DUMP)


def decide(queue, waiting):
    number, data = waiting.pop(random.randrange(len(waiting))
                               if one_in(8) else 0)
    if one_in(300):
        return	# it waits until the queue goes
    if one_in(100):
        some = bytearray(data)
        at = random.randrange(len(some))
        some[at:at + 4] = os.urandom(random.choice((3, 4, 9)))
        queue.verdict(number, ACCEPT, payload=bytes(some))
    elif one_in(40):
        queue.verdict(number, DROP)
    elif one_in(8):
        queue.verdict(number, ACCEPT, batch=True)
        waiting[:] = [w for w in waiting if w[0] > number]
    else:
        queue.verdict(number, ACCEPT)


def life(number):
    """From one listening to the end of it"""
    module, queue, waiting = Module(), None, []
    try:
        if one_in(2):
            queue = Queue(number)
            module.listen(number)
        else:
            module.listen(number)
            queue = Queue(number)
        until = time.monotonic() + random.choice((0.2, 1, 5, 20))
        while not ended and (only or time.monotonic() < until):
            for packet in queue.packets(0.05):
                became["packet", "read"] += 1
                read(module, packet[1])
                waiting.append(packet)
            while waiting and (len(waiting) > 8 or not one_in(4)):
                decide(queue, waiting)
            if one_in(500):
                module.listen(number)
    finally:
        # one of them before the other
        ends = [module.sock] + ([queue.sock] if queue else [])
        random.shuffle(ends)
        for sock in ends:
            sock.close()


def main(number, seed):
    global only
    if seed in WORDS:
        only = seed
    random.seed(seed)
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    while not ended:
        try:
            life(int(number))
            became["life", "ended"] += 1
        except OSError as why:
            # no memory, or a listener that hasn't gone yet
            became["life", errno.errorcode.get(why.errno, str(why))] += 1
            time.sleep(0.05)
    print(" ".join("%s:%s=%d" % (*what, n)
                   for what, n in sorted(became.items())))


if __name__ == "__main__":
    main(*sys.argv[1:])

# SPDX-License-Identifier: GPL-2.0-only
"""The module's generic netlink family, asked in the namespace it runs in.

genl.py policy
genl.py set NAME=VALUE...	see set_policy() for the values
genl.py stats
genl.py events			until it is killed
genl.py serve			commands on standard input, see lib/genl.sh

What is answered is one JSON object a line; what the kernel refuses goes to
standard error as the name of the error and the kernel's words.
"""

import ctypes
import errno
import ipaddress
import json
import os
import select
import socket
import struct
import sys
import time

# How long to wait for an event that must come, and for those that must not.
LIMIT_S = 30 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
QUIET_S = 0.4

FAMILY, GROUP = "nf_appgw", "events"
NETLINK_GENERIC, SOL_NETLINK = 16, 270
NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK = 1, 11
NLM_F_REQUEST, NLM_F_ACK, NLM_F_CAPPED, NLM_F_ACK_TLVS = 1, 4, 0x100, 0x200
NLMSG_ERROR, NLMSGERR_ATTR_MSG = 2, 1
NLA_F_NESTED, NLA_TYPE_MASK = 0x8000, 0x3fff
SO_RCVBUFFORCE = 33

GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_FAMILY_ID, CTRL_FAMILY_NAME, CTRL_MCAST_GROUPS = 1, 2, 7
CTRL_GRP_NAME, CTRL_GRP_ID = 1, 2

# include/uapi/linux/nf_appgw.h
POLICY_GET, POLICY_SET, STATS_GET, EVENT = 1, 2, 3, 4
LISTEN = 5
ATTR_POLICY, ATTR_STAT, ATTR_EVENT, ATTR_LISTEN = 1, 2, 3, 4
LISTEN_HELPER, LISTEN_QUEUE = 1, 2
POLICY = ["", "login", "loose", "fix_pasv", "dry_run", "passive_ports",
          "ftps_ports", "quota_host", "quota_total", "dcc_ports", "fxp",
          "media_ports", "direct_ports", "bouncer_ports", "attach",
          "quota_ipv6_len", "media_source", "servers", "rpc_programs",
          "rpc_timeout", "rpc_calls", "discovery", "kernel_helpers",
          "rpc_callbacks"]
BYTES = POLICY[1:5] + POLICY[14:17] + POLICY[20:21] + POLICY[23:]
NUMBERS = POLICY[7:9] + POLICY[19:20] + POLICY[21:23]
FXP, SERVERS, PROGRAMS = 10, 17, 18
PORTS = POLICY[5:7] + POLICY[9:10] + POLICY[11:14]
FXP_RANGE, RANGE_ADDR, RANGE_LEN = 1, 1, 2
SERVERS_SERVER, SERVER_RANGE = 1, 1
SERVER = ["", "range", "loose", "passive_ports", "ftps_ports"]
STAT_NAME, STAT_VALUE = 1, 2
EVENT_TYPE = ["opened", "used", "expired", "closed", "refused", "stopped",
              "blocked"]
EVENT_ATTR = ["", "type", "time", "reason", "kind", "client", "server",
              "announced", "public", "peer", "lost", "dry_run", "",
              "taken", "expires", "came", "helper", "proto"]
END_ADDR, END_PORT = 1, 2


class Refused(Exception):
    """The kernel's answer is an error."""


class No(Exception):
    """The answer to a command is no."""


def attr(kind, data):
    size = 4 + len(data)
    return struct.pack("=HH", size, kind) + data + b"\0" * (-size % 4)


def nest(kind, *attrs):
    return attr(kind | NLA_F_NESTED, b"".join(attrs))


def attrs(data):
    """What is in an attribute or a message: type and payload, in order"""
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        if size < 4 or size > len(data):
            raise ValueError("attribute of %d bytes in %d" %
                             (size, len(data)))
        yield kind & NLA_TYPE_MASK, data[4:size]
        data = data[size + 3 & ~3:]


def string(data):
    return data.rstrip(b"\0").decode("ascii")


def number(data):
    return int.from_bytes(data, sys.byteorder)


class Netlink:
    """A socket in the namespace in which it is made."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.sock.bind((0, 0))
        self.seq = 0
        ctrl = dict(self.ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY,
                             attr(CTRL_FAMILY_NAME,
                                  FAMILY.encode() + b"\0")))
        self.family = number(ctrl[CTRL_FAMILY_ID])
        self.groups = {}
        for _, group in attrs(ctrl.get(CTRL_MCAST_GROUPS, b"")):
            group = dict(attrs(group))
            self.groups[string(group[CTRL_GRP_NAME])] = \
                number(group[CTRL_GRP_ID])

    def close(self):
        self.sock.close()

    def ask(self, family, cmd, body=b""):
        """The attributes of what comes before the acknowledgement"""
        self.seq += 1
        self.sock.sendto(struct.pack("=IHHII", 20 + len(body), family,
                                     NLM_F_REQUEST | NLM_F_ACK, self.seq, 0) +
                         struct.pack("=BBH", cmd, 1, 0) + body, (0, 0))
        found = []
        while True:
            for kind, flags, data in messages(self.sock.recv(1 << 16)):
                if kind != NLMSG_ERROR:
                    found += attrs(data[4:])
                    continue
                code = -struct.unpack_from("=i", data)[0]
                if not code:
                    return found
                raise Refused("%s: %s" % (errno.errorcode.get(code, code),
                                          complaint(flags, data)))

    def listen(self):
        try:
            self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
        except PermissionError:
            pass	# for real root only; the smaller one may do
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                             self.groups[GROUP])


def messages(data):
    while len(data) >= 16:
        size, kind, flags, _, _ = struct.unpack_from("=IHHII", data)
        yield kind, flags, data[16:size]
        data = data[size + 3 & ~3:]


def complaint(flags, data):
    """The kernel's words about a request, if it has any"""
    if not flags & NLM_F_ACK_TLVS:
        return ""
    request = struct.unpack_from("=I", data, 4)[0]
    start = 20 if flags & NLM_F_CAPPED else 4 + (request + 3 & ~3)
    return string(dict(attrs(data[start:])).get(NLMSGERR_ATTR_MSG, b""))


def show_range(data):
    found = dict(attrs(data))
    return "%s/%d" % (ipaddress.ip_address(found[RANGE_ADDR]),
                      number(found[RANGE_LEN]))


def show_ports(data):
    v = number(data)
    return "%d-%d" % (v >> 16, v & 0xffff) if v else ""


def show_server(data):
    """ADDR/LEN+NAME=VALUE..."""
    text = ""
    for kind, value in attrs(data):
        if kind == SERVER_RANGE:
            text = show_range(value)
        else:
            text += "+%s=%s" % (SERVER[kind], show_ports(value) if
                                SERVER[kind] in PORTS else number(value))
    return text


def show_policy(data):
    policy = {}
    for kind, value in attrs(data):
        name = POLICY[kind]
        if name in PORTS:
            policy[name] = show_ports(value)
        elif kind == FXP:
            policy[name] = ",".join(show_range(r) for _, r in attrs(value))
        elif kind == SERVERS:
            policy[name] = ",".join(show_server(s) for _, s in attrs(value))
        elif kind == PROGRAMS:
            policy[name] = ",".join(str(n) for n in
                                    struct.unpack("=%dI" % (len(value) // 4),
                                                  value))
        else:
            policy[name] = number(value)
    return policy


def show_end(data):
    """ADDR:PORT, ADDR alone, or :PORT"""
    found = dict(attrs(data))
    text = ""
    if END_ADDR in found:
        text = str(ipaddress.ip_address(found[END_ADDR]))
    if END_PORT in found:
        text = "[%s]" % text if ":" in text else text
        text += ":%d" % int.from_bytes(found[END_PORT], "big")
    return text


def show_event(data):
    event = {}
    for kind, value in attrs(data):
        if kind >= len(EVENT_ATTR):
            if any(value):
                event["attribute %d" % kind] = value.hex()
            continue
        name = EVENT_ATTR[kind]
        if name == "type":
            event[name] = EVENT_TYPE[number(value)]
        elif name in ("reason", "kind", "helper"):
            event[name] = string(value)
        elif name in ("dry_run", "taken"):
            event[name] = 1
        elif name in ("time", "lost", "expires", "came"):
            event[name] = number(value)
        elif name:
            event[name] = show_end(value)
    return event


def get_policy(nl):
    return show_policy(dict(nl.ask(nl.family, POLICY_GET))[ATTR_POLICY])


def get_stats(nl):
    stats = {}
    for kind, value in nl.ask(nl.family, STATS_GET):
        if kind == ATTR_STAT:
            found = dict(attrs(value))
            stats[string(found[STAT_NAME])] = number(found[STAT_VALUE])
    return stats


def pack_range(kind, text):
    addr, _, bits = text.partition("/")
    parts = []
    if addr.startswith("hex:"):
        parts.append(attr(RANGE_ADDR, bytes.fromhex(addr[4:])))
    elif addr:
        parts.append(attr(RANGE_ADDR, ipaddress.ip_address(addr).packed))
    if bits:
        parts.append(attr(RANGE_LEN, bytes([int(bits)])))
    return nest(kind, *parts)


def pack_ports(kind, text):
    lo, _, hi = (text or "0-0").partition("-")
    return attr(kind, struct.pack("=I", int(lo) << 16 | int(hi)))


def pack_server(text):
    address, *words = text.split("+")
    parts = [pack_range(SERVER_RANGE, address)] if address else []
    for word in words:
        name, _, value = word.partition("=")
        kind = SERVER.index(name)
        parts.append(pack_ports(kind, value) if name in PORTS else
                     attr(kind, bytes([int(value)])))
    return nest(SERVERS_SERVER, *parts)


def set_policy(nl, words):
    """NAME=VALUE...: a number; LO-HI, or nothing for no ports; ADDR/LEN,...
    for fxp, nothing for none, hex:BYTES/LEN for any bytes; ADDR/LEN+NAME=VALUE...,...
    for servers. Values are not checked here. The word "bare" alone leaves out the policy itself."""
    if words == ["bare"]:
        nl.ask(nl.family, POLICY_SET)
        return
    parts = []
    for word in words:
        name, _, value = word.partition("=")
        kind = POLICY.index(name) if name in POLICY else int(name)
        if name in PORTS:
            parts.append(pack_ports(kind, value))
        elif kind == FXP:
            parts.append(nest(kind, *[pack_range(FXP_RANGE, r) for r in
                                      value.split(",") if r]))
        elif kind == SERVERS:
            parts.append(nest(kind, *[pack_server(s) for s in
                                      value.split(",") if s]))
        elif kind == PROGRAMS:
            parts.append(attr(kind, b"".join(struct.pack("=I", int(n)) for n
                                             in value.split(",") if n)))
        elif name in NUMBERS:
            parts.append(attr(kind, struct.pack("=I", int(value))))
        else:
            parts.append(attr(kind, bytes([int(value)])))
    nl.ask(nl.family, POLICY_SET, nest(ATTR_POLICY, *parts))


class Listener:
    """Events of a namespace, and every byte in which they came."""

    def __init__(self):
        self.nl = Netlink()
        self.nl.listen()
        self.events = []
        self.raw = bytearray()

    def close(self):
        self.nl.close()

    def receive(self, limit):
        """False if nothing comes within the limit"""
        if not select.select([self.nl.sock], [], [], limit)[0]:
            return False
        data = self.nl.sock.recv(1 << 16)
        self.raw += data
        for kind, _, body in messages(data):
            if kind != self.nl.family or body[0] != EVENT:
                continue
            for inner, value in attrs(body[4:]):
                if inner == ATTR_EVENT:
                    self.events.append(show_event(value))
        return True

    def drain(self, quiet):
        while self.receive(quiet):
            pass


# The rest is for scripts that ask often, and in several namespaces.

LIBC = ctypes.CDLL(None, use_errno=True)
HOME = os.open("/proc/self/ns/net", os.O_RDONLY)
listeners = {}


def inside(ns, make):
    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
    try:
        if LIBC.setns(fd, 0):
            raise OSError(ctypes.get_errno(), "setns")
        return make()
    finally:
        LIBC.setns(HOME, 0)
        os.close(fd)


def request(ns, ask):
    nl = inside(ns, Netlink)
    try:
        return ask(nl)
    finally:
        nl.close()


def words_of(found):
    return " ".join("%s=%s" % pair for pair in found.items())


def cmd_policy(ns):
    """policy NS: answers with NAME=VALUE..."""
    return words_of(request(ns, get_policy))


def cmd_set(ns, *words):
    """set NS NAME=VALUE..."""
    request(ns, lambda nl: set_policy(nl, list(words)))


def cmd_stats(ns):
    """stats NS: answers with NAME=VALUE..."""
    return words_of(request(ns, get_stats))


def cmd_follow(name, ns):
    """follow NAME NS: collect the namespace's events from now on"""
    if name in listeners:
        listeners.pop(name).close()
    listeners[name] = inside(ns, Listener)


def listen(nl, helper, queue):
    nl.ask(nl.family, LISTEN,
           nest(ATTR_LISTEN, attr(LISTEN_HELPER, helper.encode() + b"\0"),
                attr(LISTEN_QUEUE, struct.pack("=H", int(queue)))))
    return nl


def cmd_listen(name, ns, helper, queue):
    """listen NAME NS HELPER QUEUE: as the daemon does, until it is closed"""
    nl = inside(ns, Netlink)
    try:
        listeners[name] = listen(nl, helper, queue)
    except Refused:
        nl.close()
        raise


def cmd_close(*names):
    """close [NAME...]: all of them if none is named"""
    for name in names or list(listeners):
        if name in listeners:
            listeners.pop(name).close()


def cmd_event(name, *words):
    """event NAME FIELD=VALUE...: the next event is like that. FIELD= is one
    that it must not have, FIELD=* one that it must, whatever its value."""
    listener = listeners[name]
    end = time.monotonic() + LIMIT_S
    while not listener.events:
        left = end - time.monotonic()
        if left <= 0 or not listener.receive(left):
            raise No("no event")
    event = listener.events.pop(0)
    for word in words:
        field, _, value = word.partition("=")
        is_there = str(event.get(field, ""))
        if is_there != value and not (value == "*" and is_there):
            raise No("%s is %r in %s" % (field, is_there, json.dumps(event)))
    return json.dumps(event)


def cmd_silent(name):
    """silent NAME: no event comes"""
    listener = listeners[name]
    listener.drain(QUIET_S)
    if listener.events:
        raise No("%d events, the first %s" % (len(listener.events),
                                              json.dumps(listener.events[0])))


def cmd_forget(name):
    """forget NAME: pass over the events that have come"""
    listeners[name].drain(0)
    listeners[name].events.clear()


def cmd_unsaid(name, text):
    """unsaid NAME TEXT: so far TEXT was nowhere in what came"""
    listener = listeners[name]
    listener.drain(0)
    if text.encode() in listener.raw:
        raise No("said")
    return "not in %d bytes" % len(listener.raw)


def cmd_tally(name):
    """tally NAME: answers with the number of events and the sum of those
    lost, and passes over them"""
    listener = listeners[name]
    listener.drain(QUIET_S)
    counts = len(listener.events), sum(e.get("lost", 0)
                                       for e in listener.events)
    listener.events.clear()
    return "%d %d" % counts


def cmd_now():
    """now: the time, as events have it"""
    return str(time.time_ns())


def serve():
    for line in sys.stdin:
        verb, *words = line.rstrip("\n").split("\x1f")
        try:
            print("ok", globals()["cmd_" + verb](*words) or "", flush=True)
        except (No, Refused) as why:
            print("no", why, flush=True)
        except (OSError, LookupError, ValueError, TypeError) as why:
            print("no", type(why).__name__, str(why).replace("\n", " "),
                  flush=True)


def main(verb, *words):
    if verb == "serve":
        return serve()
    nl = Netlink()
    if verb == "policy":
        print(json.dumps(get_policy(nl)))
    elif verb == "set":
        set_policy(nl, list(words))
    elif verb == "stats":
        print(json.dumps(get_stats(nl)))
    elif verb == "events":
        listener = Listener()
        print(json.dumps({"listening": GROUP}), flush=True)
        while True:
            listener.receive(None)
            for event in listener.events:
                print(json.dumps(event), flush=True)
            listener.events.clear()
    else:
        sys.exit(__doc__)


try:
    main(*(sys.argv[1:] or [""]))
except Refused as refusal:
    sys.exit(str(refusal))
except KeyboardInterrupt:
    pass
except OSError as failure:
    sys.exit("%s: %s" % (errno.errorcode.get(failure.errno, "?"), failure))

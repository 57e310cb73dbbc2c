# SPDX-License-Identifier: GPL-2.0-only
"""Both ends of what is said to rpcbind, and of what is said to the services that it
names, in any network namespace, without a thread: whatever is sent is waited for at
the other end at once."""

import select
import socket
import time

import rpc_wire as wire
from say_parts import LIMIT_S, QUIET_S, No, inside

RPCBIND_PORT = 111
SIZE_MAX = 65536
# A packet that is let through comes in milliseconds, even on an emulated machine.
BLOCKED_S = 0.5


class World:
    """Between whom all this is: what "world" has been told."""

    client = server = target = origin = own = None
    nat = False
    limit = LIMIT_S		# for what must come
    listeners = {}		# by namespace, transport and port

    def family(self):
        return socket.AF_INET6 if ":" in self.target else socket.AF_INET

    def close(self):
        for sock in self.listeners.values():
            sock.close()
        self.listeners.clear()

    def wildcard(self):
        return "::" if self.family() == socket.AF_INET6 else "0.0.0.0"

    def listener(self, ns, transport, port):
        """The socket that listens there, from now on if not yet"""
        where = ns, transport, port
        if where not in self.listeners:
            self.listeners[where] = s = self.socket(ns, transport, "::", port)
            if transport == "tcp":
                s.listen(64)
        return self.listeners[where]

    def socket(self, ns, transport, addr="", port=0):
        """One that is bound there"""
        kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
        addr = addr or self.wildcard()
        with inside(ns):
            s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET,
                              kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if addr == "::":
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if transport == "tcp":
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.bind((addr, port))
        s.setblocking(False)
        return s


WORLD = World()


def there_is(sock, limit):
    return bool(select.select([sock], [], [], limit)[0])


def plain(peer):
    return peer[0].removeprefix("::ffff:")


def quiet_errors(call, *args):
    """A packet's errors are those of earlier ones, or a firewall's"""
    try:
        return call(*args)
    except (ConnectionRefusedError, PermissionError):
        return None


class Tcp:
    """A connection whose both ends are ours: c and s."""

    def __init__(self, to=None, port=RPCBIND_PORT, source=0, at=RPCBIND_PORT,
                 bind="", client=None, server=None):
        listener = WORLD.listener(server or WORLD.server, "tcp", at)
        self.c = WORLD.socket(client or WORLD.client, "tcp", bind, source)
        self.s = None
        self.buf = {"c": bytearray(), "s": bytearray()}
        try:
            self.connect((to or WORLD.target, port), WORLD.limit)
            self.accept(listener, WORLD.limit)
        except (No, OSError):
            self.close()
            raise

    def connect(self, where, limit):
        try:
            self.c.connect(where)
        except BlockingIOError:
            pass
        if not select.select([], [self.c], [], limit)[1]:
            raise No("no connection to %s %d" % where)
        err = self.c.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if err:
            raise No("no connection to %s %d: %d" % (*where, err))

    def accept(self, listener, limit):
        if not there_is(listener, limit):
            raise No("connected, but to somebody else")
        self.s, peer = listener.accept()
        self.peer = plain(peer)
        self.s.setblocking(False)
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        for sock in self.c, self.s:
            if sock:
                sock.close()

    def send(self, end, data):
        sock, until = getattr(self, end), time.monotonic() + LIMIT_S
        while data:
            if not select.select([], [sock], [], until - time.monotonic())[1]:
                raise No("can't send")
            data = data[sock.send(data):]

    def more(self, end, limit):
        """False if nothing more comes"""
        sock = getattr(self, end)
        if limit < 0 or not there_is(sock, limit):
            return False
        data = sock.recv(SIZE_MAX)
        self.buf[end] += data
        return bool(data)

    def want(self, end, data):
        """These bytes come there"""
        until = time.monotonic() + WORLD.limit
        buf = self.buf[end]
        while len(buf) < len(data) and self.more(end, until - time.monotonic()):
            pass
        if buf[:len(data)] != data:
            raise No("%s got %s, not %s" % (end, buf.hex(), data.hex()))
        del buf[:len(data)]

    def message(self, end):
        """The next record's"""
        until = time.monotonic() + WORLD.limit
        while True:
            came = bytes(self.buf[end])
            message = wire.take_record(self.buf[end])
            if message is not None:
                self.record = came[:len(came) - len(self.buf[end])]
                return message
            if not self.more(end, until - time.monotonic()):
                raise No("%s got no record: %s" % (end, self.buf[end].hex()))

    def silent(self, end):
        while self.more(end, QUIET_S):
            pass
        if self.buf[end]:
            raise No("%s got %s" % (end, self.buf[end].hex()))

    # a message and what stands around it are two things here
    def framed(self, message, opt, prefix=""):
        return wire.record(message, int(opt.get(prefix + "frags", 1)),
                           bool(opt.get(prefix + "empty")))


class Udp:
    """A client's socket, and what comes to a server's port from there."""

    def __init__(self, to=None, port=RPCBIND_PORT, source=0, at=RPCBIND_PORT,
                 bind="", client=None, server=None):
        self.s = WORLD.listener(server or WORLD.server, "udp", at)
        self.c = WORLD.socket(client or WORLD.client, "udp", bind, source)
        self.c.connect((to or WORLD.target, port))
        self.peer = self.seen_by = None
        # what earlier ones have left there
        while there_is(self.s, 0):
            self.s.recv(SIZE_MAX)

    def close(self):
        self.c.close()

    def send(self, end, data):
        if end == "c":
            quiet_errors(self.c.send, data)
        else:
            quiet_errors(self.s.sendto, data, self.seen_by)

    def message(self, end):
        sock = getattr(self, end)
        if not there_is(sock, WORLD.limit):
            raise No("%s got no datagram" % end)
        if end == "c":
            data = sock.recv(SIZE_MAX)
        else:
            data, self.seen_by = sock.recvfrom(SIZE_MAX)
            self.peer = plain(self.seen_by)
        return data

    def want(self, end, data):
        got = self.message(end)
        if got != data:
            raise No("%s got %s, not %s" % (end, got.hex(), data.hex()))

    def silent(self, end):
        if there_is(getattr(self, end), QUIET_S):
            raise No("%s got %s" % (end, self.message(end).hex()))

    def framed(self, message, _opt, _prefix=""):
        return message

    def with_client(self, sock):
        """Of this one that the client has already, to where it likes"""
        self.c.close()
        self.c = sock
        return self


KINDS = {"tcp": Tcp, "udp": Udp}


def used(flow, what=b"data %d"):
    """Bytes pass both ways, and the service sees the peer that it should"""
    for i, (a, b) in enumerate((("c", "s"), ("s", "c"))):
        flow.send(a, what % i)
        flow.want(b, what % i)
    if WORLD.origin and flow.peer != WORLD.origin:
        raise No("the service sees %s, not %s" % (flow.peer, WORLD.origin))
    return flow

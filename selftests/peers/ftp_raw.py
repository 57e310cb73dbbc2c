# SPDX-License-Identifier: GPL-2.0-only
"""An FTP client as tolerant as those that people use, which says any line it is
told, whenever it is told.

It has its own idea of replies and addresses: nothing here comes from nf_appgw.
"""

import os
import re
import select
import socket
import time

from say_parts import SLOWNESS, inside

# For an answer, and for a data connection to come up
LIMIT_S = 40 * SLOWNESS
DATA_S = float(os.environ.get("FTP_STALL_S", "8")) * SLOWNESS
# For an answer that a server may not give; and silence, after which none comes
MAYBE_S = 3 * SLOWNESS
QUIET_S = 0.5 * SLOWNESS

# A window so small that a transfer lasts
SMALL_BUFFER = 16384

PASSIVE = ("pasv", "epsv")
ACTIVE = ("port", "eprt")

# Linux's: data in the SYN without having been there before. A server that doesn't
# know of it leaves them, and they are sent again in the moment it has answered, so
# before it can say anything.
TCP_FASTOPEN_NO_COOKIE = 34

REPLY = re.compile(rb"(\d\d\d)([ -])")
HOSTPORT = re.compile(r"(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)")
EXTENDED = re.compile(r"\((.)\1\1(\d+)\1\)")

# What ends a transfer, and what else may come late
DONE = (226, 250)
BROKEN = (425, 426, 450, 451, 452, 551, 552)

REFUSED, NO_DATA, OTHER_BYTES, NO_ANSWER, CLOSED = (
    "refused", "no data connection", "other bytes", "no answer", "closed")


class Failed(Exception):
    """What went wrong, one of those above, and how"""

    def __init__(self, kind, text=""):
        super().__init__(kind, text)
        self.kind, self.text = kind, text

    def __str__(self):
        return "%s: %s" % (self.kind, self.text) if self.text else self.kind


class Place:
    """Where a client is, and where it finds its server."""

    def __init__(self, ns, host, port, home):
        self.ns, self.host, self.port, self.home = ns, host, int(port), home
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET

    def socket(self):
        with inside(self.ns):
            return socket.socket(self.family)


class Session:
    def __init__(self, place, user, password, wait=True):
        """Unless it is to wait, the client connects with what it says first"""
        self.place, self.user, self.password = place, user, password
        self.buf = b""
        self.last = ""
        self.log = []
        self.start = time.monotonic()
        self.done = False	# the end of this transfer has been told
        self.dead = False	# no more answers are to be expected
        self.running = 0	# transfers whose end has not been told
        self.open = []
        self.sock = self.own(place.socket())
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connected = wait
        if wait:
            self.sock.settimeout(LIMIT_S)
            self.sock.connect((place.host, place.port))

    def own(self, sock):
        self.open.append(sock)
        return sock

    def close(self):
        for sock in self.open:
            sock.close()

    # What is said and heard

    def send(self, *lines, end="\r\n"):
        """In one segment, if they fit"""
        for line in lines:
            self.note("> " + line)
            self.last = line
        self.raw("".join(line + end for line in lines).encode("latin-1"))

    def note(self, line):
        self.log.append("%.2f %s" % (time.monotonic() - self.start, line))

    def raw(self, data, flags=0):
        if self.dead:
            raise Failed(NO_ANSWER, "to PWD")
        try:
            if self.connected:
                self.sock.send(data, flags)
            else:
                self.connect_with(data)
        except OSError as why:
            raise Failed(CLOSED, str(why)) from None

    def connect_with(self, data):
        self.connected = True
        self.sock.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1)
        self.sock.sendto(data, socket.MSG_FASTOPEN,
                         (self.place.host, self.place.port))
        self.sock.settimeout(LIMIT_S)

    def read(self, limit):
        """More of what the server says; False if nothing comes in time"""
        if not select.select([self.sock], [], [], max(0, limit))[0]:
            return False
        try:
            data = self.sock.recv(65536)
        except OSError as why:
            raise Failed(CLOSED, str(why)) from None
        if not data:
            raise Failed(CLOSED)
        self.buf += data
        return True

    def parsed(self):
        """Code and text of a reply that has come in full, or None"""
        lines = self.buf.split(b"\n")
        first = 0
        # what isn't a reply doesn't count
        while first < len(lines) - 1 and not REPLY.match(lines[first]):
            first += 1
        if first == len(lines) - 1:
            return None
        last = first
        code, more = REPLY.match(lines[first]).groups()
        if more == b"-":
            while not lines[last].startswith(code + b" "):
                last += 1
                if last >= len(lines) - 1:
                    return None
        text = b"\n".join(lines[first:last + 1]).decode("latin-1")
        self.buf = b"\n".join(lines[last + 1:])
        return int(code), text

    def reply(self, limit=LIMIT_S):
        """The next one; None if none comes in time"""
        end = time.monotonic() + limit
        while True:
            found = self.parsed()
            if found:
                break
            if not self.read(end - time.monotonic()):
                return None
        code, text = found
        self.note("< " + (text if len(text) < 600 else
                          text[:200] + " [...] " + text[-200:]))
        if code in (125, 150):
            self.running += 1
        elif self.running and code in DONE + BROKEN:
            self.running -= 1
        return code, text

    def answer(self, good, late=DONE + BROKEN, limit=LIMIT_S):
        """The reply with a good code, past those of what was before. A bad one
        ends the waiting, unless it may be a transfer's that was cancelled."""
        while True:
            found = self.reply(limit)
            if not found:
                raise Failed(NO_ANSWER, self.said())
            if found[0] in good:
                return found
            if found[0] >= 400 and found[0] not in late:
                raise Failed(REFUSED, found[1].strip())

    def said(self):
        return "to " + self.last

    def ask(self, line):
        """The code of the next reply, whatever that is"""
        self.send(line)
        found = self.reply()
        if not found:
            raise Failed(NO_ANSWER, self.said())
        return found[0]

    def settle(self):
        """All that was to come has come: no other command is answered by 257. A
        server may have taken the first PWD for a part of what was before."""
        for limit in MAYBE_S, MAYBE_S, LIMIT_S:
            self.send("PWD")
            end = time.monotonic() + limit
            while True:
                found = self.reply(end - time.monotonic())
                if not found:
                    break
                if found[0] in (257, 530):
                    while self.running and self.reply(MAYBE_S):
                        pass
                    self.running = 0
                    return
                if found[0] >= 500:
                    end = min(end, time.monotonic() + QUIET_S)
        self.dead = True
        raise Failed(NO_ANSWER, "to PWD")

    def login(self, user=None, password=None):
        """False if the server doesn't want to know"""
        self.send("USER " + (user or self.user))
        try:
            code, _ = self.answer((230, 331))
            if code == 331:
                self.send("PASS " + (password or self.password))
                self.answer((202, 230))
        except Failed as why:
            if why.kind != REFUSED:
                raise
            return False
        return True

    # Data connections

    def passive(self, mode, *before):
        """What "mode" asks for, with other commands in the same segment"""
        self.send(*before, mode.upper())
        return self.connect(self.announced(mode))

    def announced(self, mode):
        """Address and port of the reply"""
        _, text = self.answer((227 if mode == "pasv" else 229,))
        if mode == "pasv":
            found = HOSTPORT.search(text[4:])
            if found:
                n = [int(x) for x in found.groups()]
                return "%d.%d.%d.%d" % tuple(n[:4]), n[4] * 256 + n[5]
        else:
            found = EXTENDED.search(text)
            if found:
                return self.sock.getpeername()[0], int(found.group(2))
        raise Failed(REFUSED, text.strip())

    def connect(self, where):
        data = self.own(self.place.socket())
        data.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        data.settimeout(DATA_S)
        try:
            data.connect(where)
        except OSError as why:
            raise Failed(NO_DATA, "to %s %d: %s" % (*where, why)) from None
        return data

    def listen(self):
        listener = self.own(self.place.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        listener.bind((self.sock.getsockname()[0], 0))
        listener.listen()
        return listener

    def line_for(self, listener, mode):
        host, port = listener.getsockname()[:2]
        if mode == "port":
            return "PORT %s,%d,%d" % (host.replace(".", ","),
                                      *divmod(port, 256))
        return "EPRT |%d|%s|%d|" % (2 if ":" in host else 1, host, port)

    def active(self, mode):
        listener = self.listen()
        self.send(self.line_for(listener, mode))
        # some connect before they answer
        self.answer((200,), late=())
        return listener

    def begin(self, line, mode, data):
        """Data connection of a command: "data" or, in active mode, what comes
        to the listener that "data" is then"""
        self.send(line)
        return self.begun(mode, data)

    def begun(self, mode, data):
        listener = data if mode in ACTIVE else None
        begun = self.done = False
        end = time.monotonic() + (DATA_S if listener else LIMIT_S)
        while listener or not begun:
            # what comes after the end is another command's answer
            found = None if self.done else self.reply(0)
            if found and found[0] in (125, 150):
                begun = True
            elif found and begun and found[0] in DONE:
                self.done = True
            elif found and found[0] >= 400:
                raise Failed(NO_DATA if found[0] in (421, 425, 426) else
                             REFUSED, found[1].strip())
            if found:
                continue
            waiting = [] if self.done else [self.sock]
            if listener:
                waiting.append(listener)
            ready = select.select(waiting, [], [],
                                  max(0, end - time.monotonic()))[0]
            if not ready:
                raise Failed(NO_DATA if listener else NO_ANSWER, self.said())
            if listener in ready:
                data, peer = listener.accept()
                self.own(data)
                listener.close()
                listener = None
                end = time.monotonic() + LIMIT_S
                if peer[0] != self.sock.getpeername()[0]:
                    raise Failed(NO_DATA, "from " + peer[0])
            elif self.sock in ready:
                self.read(0)
        data.settimeout(LIMIT_S)
        return data

    def take(self, data, size=None):
        """What comes through a data connection, all or as much"""
        got = bytearray()
        try:
            while size is None or len(got) < size:
                part = data.recv(65536 if size is None else size - len(got))
                if not part:
                    break
                got += part
        except OSError as why:
            raise Failed(OTHER_BYTES, "after %d: %s" % (len(got), why)) from None
        return bytes(got)

    def finish(self):
        """The server says that a transfer is complete"""
        if not self.done:
            self.answer(DONE, late=())

    # Whole transfers

    def binary(self):
        self.send("TYPE I")
        self.answer((200,))

    def open_data(self, mode):
        return self.passive(mode) if mode in PASSIVE else self.active(mode)

    def get(self, mode, line):
        data = self.begin(line, mode, self.open_data(mode))
        got = self.take(data)
        data.close()
        self.finish()
        return got

    def fetch(self, mode, name, offset=0):
        """A file comes as it is"""
        got = self.get(mode, "RETR " + name)
        self.compare(got, name, offset)

    def compare(self, got, name, offset=0):
        with open(os.path.join(self.place.home, name), "rb") as f:
            f.seek(offset)
            want = f.read()
        if got != want:
            raise Failed(OTHER_BYTES, "%d instead of %d" % (len(got), len(want)))

    def store(self, mode, name, size=20000):
        """A file arrives as it was, and is no more"""
        content = os.urandom(size)
        data = self.begin("STOR " + name, mode, self.open_data(mode))
        try:
            data.sendall(content)
        except OSError as why:
            raise Failed(OTHER_BYTES, str(why)) from None
        data.close()
        self.finish()
        path = os.path.join(self.place.home, name)
        try:
            with open(path, "rb") as f:
                got = f.read()
            os.unlink(path)
        except OSError as why:
            raise Failed(OTHER_BYTES, str(why)) from None
        if got != content:
            raise Failed(OTHER_BYTES, "%d instead of %d" % (len(got), size))

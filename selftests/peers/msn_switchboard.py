# SPDX-License-Identifier: GPL-2.0-only
"""An MSN switchboard, and a notification server on the same port that is good
enough to get to it.

msn_switchboard.py [--port N] [--sessions N] [--split N] [--coalesce]
		   [--limit S] [--place ADDR:PORT]

It verifies all that it receives. What is wrong is told, and ends that
connection; the status after so many sessions is 0 if nothing was.
"""

import argparse
import os
import queue
import sys
import threading
import time

# Python is told to keep its path short ("-I"), and may not write to the
# checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from msn_talk import PROFILE, check_message
from msn_wire import (SLOWNESS, Stream, Wrong, demand, listen, mime, plain,
                      told)

TOGETHER_S = 0.05	# in which answers gather, to be sent at once
MODES = "UNAD"
# Those of a client to a notification server that have a payload
PAYLOADS = ("UUX", "QRY", "ADL", "RML", "FQY", "UUM", "UUN", "PUT", "SDG")


class Session:
    """Those who talk to each other"""

    def __init__(self):
        self.members = []
        self.called = set()
        self.had = 0


class Client(threading.Thread):
    def __init__(self, server, sock):
        super().__init__(daemon=True)
        self.server = server
        self.stream = Stream(sock, server.opt.split)
        self.name = "?"
        self.session = None
        self.out = queue.Queue()
        self.writer = threading.Thread(target=self.write, daemon=True)

    def write(self):
        data = b""
        while data is not None:
            data = self.out.get()
            if data and self.server.opt.coalesce:
                time.sleep(TOGETHER_S)
                while not self.out.empty() and self.out.queue[0]:
                    data += self.out.get()
            try:
                self.stream.send(data or b"")
            except OSError:
                pass

    def say(self, *words, payload=b""):
        if payload:
            words += (len(payload),)
        self.out.put(" ".join(map(str, words)).encode() + b"\r\n" + payload)

    def run(self):
        self.writer.start()
        try:
            self.serve()
        except Wrong as why:
            self.server.wrong("%s: %s" % (self.name, why))
        except ConnectionError as why:
            self.server.wrong("%s: %s" % (self.name, why.strerror))
        self.server.leave(self)
        self.out.put(None)
        self.writer.join()
        self.stream.sock.close()

    def serve(self):
        while words := self.stream.line():
            if words[0] == "OUT":
                told("ok: %s leaves" % self.name)
                return
            verb = getattr(self, "take_" + words[0].lower(), None)
            demand(verb, "no such command: %s" % " ".join(words))
            demand(len(words) > 1 and words[1].isdigit(),
                   "no transaction: %s" % " ".join(words))
            payload = self.stream.payload(words) if words[0] in PAYLOADS \
                else None
            try:
                if payload is None:
                    verb(*words[1:])
                else:
                    verb(words[1], payload)
            except TypeError:
                raise Wrong("other words: %s" % " ".join(words))
        told("ok: the connection of %s ended" % self.name)

    # ---- of the switchboard

    def take_usr(self, trid, *words):
        if words[0] == "TWN":
            self.login(trid, *words)
            return
        demand(len(words) == 2, "other words: USR %s" % (words,))
        self.name = words[0]
        self.session = self.server.open(self)
        self.say("USR", trid, "OK", self.name, "nick")

    def take_cal(self, trid, who):
        demand(self.session, "CAL before USR")
        self.say("CAL", trid, "RINGING", self.server.number(self.session))
        self.server.call(self, who)

    def take_ans(self, trid, name, _ticket, number):
        self.name = name
        self.session = self.server.find(name, number)
        others = self.session.members[:]
        for i, other in enumerate(others, 1):
            self.say("IRO", trid, i, len(others), other.name, "nick")
        self.say("ANS", trid, "OK")
        self.server.join(self)
        for other in others:
            other.say("JOI", name, "nick")

    def take_msg(self, trid, mode, length):
        payload = self.stream.payload([mode, length])
        demand(self.session, "MSG before USR or ANS")
        demand(mode in MODES, "MSG of mode %s" % mode)
        kind = check_message(payload)
        told("ok: MSG of %d bytes from %s, %s" % (len(payload), self.name,
                                                  kind))
        others = [m for m in self.session.members if m is not self]
        for other in others:
            other.say("MSG", self.name, "a%20nick", payload=payload)
        if mode in "AD" and others:
            self.say("ACK", trid)
        elif mode in "NAD" and not others:
            self.say("NAK", trid)

    # ---- of the notification server

    def take_ver(self, trid, *versions):
        demand(versions[-1] == "CVR0", "no CVR0: %s" % (versions,))
        self.say("VER", trid, versions[0], "CVR0")

    def take_cvr(self, trid, *words):
        demand(len(words) == 8, "CVR of %d words" % len(words))
        self.say("CVR", trid, *[words[5]] * 3, "http://h/i", "http://h")

    def login(self, trid, _, step, word):
        if step == "I":
            self.name = word
            self.say("USR", trid, "TWN", "S", "lc=1033,id=507,tw=40")
            return
        self.say("USR", trid, "OK", self.name, "nick", 1, 0)
        self.say("MSG", "Hotmail", "Hotmail", payload=mime(
            PROFILE + "; charset=UTF-8", b"LoginTime: 1\r\nClientIP: %s\r\n"
            b"ClientPort: 1\r\n\r\n" %
            plain(self.stream.sock.getpeername()[0]).encode()))

    def take_uux(self, trid, _payload):
        self.say("UUX", trid, 0)

    def take_chg(self, trid, *words):
        self.server.arrive(self)
        self.say("CHG", trid, *words)

    def take_png(self, *_):
        self.say("QNG", 60)

    def take_xfr(self, trid, kind):
        demand(kind == "SB", "XFR %s" % kind)
        self.say("XFR", trid, "SB", self.place(), "CKI", "ticket")

    def place(self):
        addr, port = self.stream.sock.getsockname()[:2]
        return self.server.opt.place or "%s:%d" % (plain(addr), port)


class Server:
    def __init__(self, opt):
        self.opt = opt
        self.lock = threading.Condition()
        self.sessions = {}
        self.present = {}
        self.faults = 0
        self.ended = 0

    def wrong(self, why):
        with self.lock:
            told("wrong:", why)
            self.faults += 1

    def open(self, client):
        with self.lock:
            session = Session()
            session.members.append(client)
            session.had = 1
            self.sessions[str(len(self.sessions) + 1)] = session
            return session

    def number(self, session):
        return [n for n, s in self.sessions.items() if s is session][0]

    def call(self, client, who):
        """Those who are not here to be called are waited for."""
        with self.lock:
            client.session.called.add(who)
            self.lock.notify_all()
            end = time.monotonic() + Stream.LIMIT_S
            while self.present and who not in self.present:
                demand(self.lock.wait(end - time.monotonic()),
                       "%s is not here" % who)
        if who in self.present:
            callee = self.present[who]
            callee.say("RNG", self.number(client.session), callee.place(),
                       "CKI", "ticket", client.name, "nick")

    def arrive(self, client):
        with self.lock:
            self.present[client.name] = client
            self.lock.notify_all()

    def find(self, name, number):
        """Where that name was called to; "0" is the first session that waits"""
        end = time.monotonic() + Stream.LIMIT_S
        with self.lock:
            while True:
                for n, session in self.sessions.items():
                    if number in ("0", n) and name in session.called:
                        session.called.remove(name)
                        return session
                demand(self.lock.wait(max(0, end - time.monotonic())),
                       "nobody called %s to session %s" % (name, number))

    def join(self, client):
        with self.lock:
            client.session.members.append(client)
            client.session.had += 1

    def leave(self, client):
        with self.lock:
            if self.present.get(client.name) is client:
                del self.present[client.name]
            session = client.session
            if not session or client not in session.members:
                return
            session.members.remove(client)
            for other in session.members:
                other.say("BYE", client.name)
            if not session.members:
                told("ok: a session of %d ended" % session.had)
                self.ended += 1
                self.lock.notify_all()

    def run(self):
        sock = listen(self.opt.port)
        told("ready on port %d" % sock.getsockname()[1])

        def accept():
            while True:
                Client(self, sock.accept()[0]).start()

        threading.Thread(target=accept, daemon=True).start()
        with self.lock:
            while not self.opt.sessions or self.ended < self.opt.sessions:
                self.lock.wait()
        return 1 if self.faults else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=1863)
    parser.add_argument("--sessions", type=int, default=0,
                        help="end after so many; 0: never")
    parser.add_argument("--split", type=int, default=0)
    parser.add_argument("--coalesce", action="store_true")
    parser.add_argument("--limit", type=float, default=60, help="seconds in "
                        "which a client has to say something")
    parser.add_argument("--place", help="what XFR and RNG name")
    opt = parser.parse_args()
    Stream.LIMIT_S = opt.limit * SLOWNESS
    sys.exit(Server(opt).run())


main()

# SPDX-License-Identifier: GPL-2.0-only
"""An MSN client's connections to servers: to the notification server, if it is
asked for, and to the switchboard, where two clients talk to each other."""

import zlib

from msn_p2p import FOOTER, check_lengths, split_footer
from msn_wire import (INVITE, P2P, TEXT, Stream, Wrong, check_rest, check_text,
                      demand, dial, fields, mime, parse_mime, same, told,
                      with_rest)

INVITER = "alice@example.com"
RECEIVER = "bob@example.com"
PROFILE = "text/x-msmsgsprofile"
QUOTE = ("Content-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
         "Invitation-Command: ACCEPT\r\nInvitation-Cookie: 4711\r\n"
         "IP-Address: %s\r\nIP-Address-Internal: %s\r\n"
         "Port: 6891\r\nPortX: 11178\r\n\r\n")


class Commands:
    """What is common to both kinds of servers"""

    def __init__(self, addr, port, opt):
        self.stream = Stream(dial(addr, port), opt.split, opt.coalesce)
        self.own = self.stream.sock.getsockname()[0]
        self.trid = 0

    def say(self, name, *words, payload=None):
        self.trid += 1
        words = [name, str(self.trid), *words]
        if payload is not None:
            words.append(str(len(payload)))
        self.stream.send(" ".join(words).encode() + b"\r\n" + (payload or b""))
        return str(self.trid)

    def hear(self):
        words = self.stream.line()
        demand(words, "the server is gone")
        demand(not words[0].isdigit(), "the server refuses: %s" %
               " ".join(words))
        return words

    def want(self, *want):
        """The next command begins with these; None is any word"""
        words = self.hear()
        for got, word in zip(words, want):
            demand(word in (None, got), "%s, not %s" % (
                " ".join(words), " ".join(w or "*" for w in want)))
        demand(len(words) >= len(want), "too short: %s" % " ".join(words))
        return words

    def ask(self, name, *words):
        """An answer of the same name and number"""
        return self.want(name, self.say(name, *words))


def split_place(text):
    """Address and port"""
    addr, colon, port = text.rpartition(":")
    demand(colon and port.isdigit(), "not an address and a port: %s" % text)
    return addr, int(port)


class Notification(Commands):
    """Logged in, with a switchboard to go to at the end"""

    def __init__(self, opt, me):
        super().__init__(*split_place(opt.notification), opt)
        demand(self.ask("VER", "MSNP9", "CVR0")[2] == "MSNP9", "no MSNP9")
        self.ask("CVR", "0x0409", "winnt", "5.1", "i386", "MSNMSGR",
                 "6.0.0602", "MSMSGS", me)
        demand(self.ask("USR", "TWN", "I", me)[3] == "S", "no challenge")
        demand(self.ask("USR", "TWN", "S", "t=secret&p=secret")[2] == "OK",
               "no login")
        self.payload("MSG", PROFILE)
        self.want("UUX", self.say(
            "UUX", payload=b"<Data><PSM>MSG 9 N 99</PSM></Data>"))
        self.ask("CHG", "NLN", "0")
        told("ok: logged in for notifications")

    def payload(self, name, kind):
        words = self.want(name)
        demand(parse_mime(self.stream.payload(words))[0] == kind,
               "%s of another kind" % name)

    def request(self):
        """Address and port of the switchboard, and the ticket"""
        words = self.ask("XFR", "SB")
        demand(words[2] == "SB" and words[4] == "CKI", " ".join(words))
        return [*split_place(words[3]), words[5]]

    def invited(self):
        """The same, with the session's number as well"""
        words = self.want("RNG")
        demand(words[3] == "CKI", " ".join(words))
        told("ok: called by", words[5])
        return [*split_place(words[2]), words[4], words[1]]

    def leave(self):
        self.stream.send(b"OUT\r\n")
        self.stream.close()


class Talk(Commands):
    """A switchboard session of two"""

    def __init__(self, opt):
        self.opt = opt
        self.inviter = opt.role == "inviter"
        self.me = INVITER if self.inviter else RECEIVER
        self.peer = RECEIVER if self.inviter else INVITER
        self.waiting = set()	# numbers of MSGs to be acknowledged
        self.gone = False
        self.notification = None
        place = [*split_place(opt.server), "ticket", "0"]
        if opt.notification:
            self.notification = Notification(opt, self.me)
            got = self.notification.request() if self.inviter else \
                self.notification.invited()
            told("note: switchboard %s:%d" % tuple(got[:2]))
            place[2:2 + len(got[2:])] = got[2:]
            if opt.follow:
                place[:2] = got[:2]
        super().__init__(place[0], place[1], opt)
        self.enter(*place[2:])

    def enter(self, ticket, session):
        if self.inviter:
            demand(self.ask("USR", self.me, ticket)[2] == "OK", "not let in")
            demand(self.ask("CAL", self.peer)[2] == "RINGING", "no ringing")
            self.want("JOI", self.peer)
        else:
            trid = self.say("ANS", self.me, ticket, session)
            words = self.want("IRO", trid, None, None, self.peer)
            demand(words[2] == words[3] == "1", "others: %s" % words)
            self.want("ANS", trid, "OK")
        told("ok: %s and %s are on the switchboard" % (self.me, self.peer))

    def message(self, mode, payload):
        trid = self.say("MSG", mode, payload=payload)
        if mode in "AD":
            self.waiting.add(trid)

    def invite(self, text):
        """Fields of an invitation, as text"""
        body = with_rest(text.encode())
        self.message(self.opt.mode, mime(INVITE + "; charset=UTF-8", body))

    def quote(self):
        """An announcement that somebody only talks about"""
        text = (QUOTE % (self.own, self.own)).encode()
        self.message("A", mime(TEXT + "; charset=UTF-8",
                               b"%08x %s" % (zlib.crc32(text), text)))

    def put(self, packet, app):
        """The transport of P2P packets"""
        self.message("D", mime(P2P, packet + FOOTER.pack(app),
                               P2P_Dest=self.peer))

    def take(self):
        """Kind and body of the next MSG, without chat; None if the peer left"""
        while not self.gone:
            words = self.hear()
            if words[0] == "MSG":
                kind, body = self.take_message(words)
                if kind != TEXT:
                    return kind, body
            elif words[0] == "BYE":
                same("who left", words[1], self.peer)
                self.gone = True
            else:
                self.take_ack(words)
        return None

    def take_message(self, words):
        demand(len(words) == 4, "MSG of %d words" % len(words))
        same("MSG from", words[1], self.peer)
        payload = self.stream.payload(words)
        kind, head, body = parse_mime(payload)
        told("ok: MSG of %d bytes, %s" % (len(payload), kind))
        if kind == INVITE:
            check_text(body)
            check_rest(body)
        elif kind == P2P:
            same("P2P-Dest", head.get("p2p-dest"), self.me)
        elif kind == TEXT:
            same("sum of chat", "%08x" % zlib.crc32(body[9:]),
                 body[:8].decode("latin-1"))
        else:
            raise Wrong("MSG of kind %s" % kind)
        return kind, body

    def take_ack(self, words):
        demand(words[0] == "ACK" and words[1] in self.waiting,
               "not waited for: %s" % " ".join(words))
        self.waiting.remove(words[1])

    def take_invite(self, cookie=None, command=None):
        """Fields of the next invitation"""
        got = self.take()
        demand(got, "the peer left")
        demand(got[0] == INVITE, "%s, not an invitation" % got[0])
        found = fields(got[1])
        if cookie:
            same("Invitation-Cookie", found.get("invitation-cookie"), cookie)
        if command:
            same("Invitation-Command", found.get("invitation-command"),
                 command)
        return found

    def take_packet(self):
        got = self.take()
        demand(got, "the peer left")
        demand(got[0] == P2P, "%s, not a P2P packet" % got[0])
        return split_footer(got[1])

    def leave(self):
        """When all is acknowledged. Who was invited leaves last."""
        while self.waiting:
            self.take_ack(self.hear())
        if not self.inviter:
            demand(self.take() is None, "something after the end")
        self.stream.send(b"OUT\r\n")
        self.stream.close()
        if self.notification:
            self.notification.leave()


def check_message(payload):
    """What a switchboard can know of a MSG's payload. Its kind"""
    kind, _, body = parse_mime(payload)
    if kind == INVITE:
        check_text(body)
        check_rest(body)
    elif kind == P2P:
        check_lengths(split_footer(body)[0])
    return kind

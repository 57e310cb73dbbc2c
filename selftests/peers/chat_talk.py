# SPDX-License-Identifier: GPL-2.0-only
"""What is said in the chats of chat_many.py, a class for each protocol.

PORT is the servers'; a line is whatever the protocol takes for one. opening() is
how a connection begins, with who says each line; chatter() and the rest are
lines of the client's or the server's, and are told from each other by their
numbers. offer() is one that names an address and a port, announced() is the
port in it, and length() how many bytes the first line in what was heard has, 0
if its end isn't there.
"""

import re
import socket
import struct

CLIENT, SERVER = "client", "server"

# An address of nobody's, and a port, in what servers pass on
FOREIGN = "192.168.1.1", 10000


class Irc:
    PORT = 6667
    ANNOUNCED = re.compile(rb" ([1-9]\d{0,4}) 1\x01\r\n$")

    @staticmethod
    def opening(number):
        return ((CLIENT, b"NICK n%d\r\nUSER me 0 * :me\r\n" % number),
                (SERVER, b":irc.test 001 me :Welcome\r\n"))

    @staticmethod
    def chatter(who, number, text):
        return b"%sPRIVMSG #chat :line %d %s\r\n" % (
            b":a!b@c " if who == SERVER else b"", number, text)

    @staticmethod
    def dcc(addr, port):
        return b"%d %d" % (*struct.unpack("!I", socket.inet_aton(addr)), port)

    @classmethod
    def offer(cls, number, addr, port):
        return b"PRIVMSG bob :\x01DCC SEND file.%d %s 1\x01\r\n" % (
            number, cls.dcc(addr, port))

    @classmethod
    def passed_on(cls, number):
        return b":a!b@c PRIVMSG me :\x01DCC SEND file.%d %s 1\x01\r\n" % (
            number, cls.dcc(*FOREIGN))

    @staticmethod
    def length(heard):
        return heard.find(b"\n") + 1


class Msn:
    """Of an invitation the length changes, too, which stands in front of it."""

    PORT = 1863
    ANNOUNCED = re.compile(rb"\r\nPort: ([1-9]\d{0,4})\r\n")
    SIZE = re.compile(rb"MSG (?:[^ \r\n]+ )+(\d+)\r\n")

    @staticmethod
    def opening(number):
        return ((CLIENT, b"USR 1 al%d@x.org 17262740.1050826919.32307\r\n" %
                 number),
                (SERVER, b"USR 1 OK al%d@x.org Al\r\n" % number),
                (CLIENT, b"CAL 2 bo@x.org\r\n"),
                (SERVER, b"CAL 2 RINGING 17262740\r\nJOI bo@x.org Bo\r\n"))

    @staticmethod
    def message(who, number, kind, body):
        text = b"MIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n%s" % (kind, body)
        return b"MSG %s %d\r\n%s" % (
            b"bo@x.org Bo" if who == SERVER else b"%d N" % number, len(text),
            text)

    @classmethod
    def chatter(cls, who, number, text):
        return cls.message(who, number, b"text/plain; charset=UTF-8",
                           b"line %d %s" % (number, text))

    @classmethod
    def accept(cls, who, number, addr, port):
        return cls.message(
            who, number, b"text/x-msmsgsinvite; charset=UTF-8",
            b"Invitation-Command: ACCEPT\r\nInvitation-Cookie: %d\r\n"
            b"IP-Address: %s\r\nPort: %d\r\nAuthCookie: 4171\r\n"
            b"Launch-Application: FALSE\r\nRequest-Data: IP-Address:\r\n\r\n" %
            (number, addr.encode(), port))

    @classmethod
    def offer(cls, number, addr, port):
        return cls.accept(CLIENT, number, addr, port)

    @classmethod
    def passed_on(cls, number):
        return cls.accept(SERVER, number, *FOREIGN)

    @classmethod
    def length(cls, heard):
        first = heard.find(b"\n") + 1
        size = cls.SIZE.match(heard)
        end = size.end() + int(size[1]) if size else first
        return end if len(heard) >= end else 0


TALKS = {"irc": Irc, "msn": Msn}

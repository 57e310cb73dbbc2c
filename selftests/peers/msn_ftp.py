# SPDX-License-Identifier: GPL-2.0-only
"""A file from one MSN client to another by an invitation and MSNFTP, and the
invitations of other programs whose port is known: those of NetMeeting."""

from msn_wire import REST, Listener, demand, number, reach, same, told

FILE_GUID = "{5D3E02AB-6190-11d3-BBBB-00C04F795683}"
MEETING_GUID = "{44BBA842-CC51-11CF-AAFA-00AA00B6015C}"
MEETING_SESSION = "{1A879604-D1B8-11D7-9066-0003FF431510}"
BLOCK = 2045
BYE_RECEIVED = 16777989
# In which nobody may connect after a CANCEL
CANCEL_S = 2


def text_of(pairs):
    lines = ["%s: %s\r\n" % pair for pair in pairs if pair[1] is not None]
    return "".join(lines) + "%s: 00000000\r\n\r\n" % REST.decode()


class Invitation:
    """Common to all: INVITE, ACCEPT without an address or with one, CANCEL"""

    def __init__(self, talk, opt):
        self.talk = talk
        self.opt = opt
        self.listens = opt.listener == opt.role
        self.cookie = str(number())
        self.auth = str(number())
        self.listener = None
        self.invite = None

    # ---- what differs in others

    def offer(self):
        return [("Application-Name", "File Transfer"),
                ("Application-GUID", FILE_GUID),
                ("Invitation-Command", "INVITE"),
                ("Invitation-Cookie", self.cookie),
                ("Application-File", "a file.bin"),
                ("Application-FileSize", str(len(self.opt.data))),
                ("Connectivity", None if self.listens else "N")]

    def accept(self, pairs=()):
        return [("Invitation-Command", "ACCEPT"),
                ("Invitation-Cookie", self.cookie), *pairs,
                ("Launch-Application", "FALSE"),
                ("Request-Data", "IP-Address:")]

    def announcement(self):
        """The fields of where this end listens"""
        ports = [self.opt.port]
        if self.opt.portx != self.opt.port:
            ports.append(self.opt.portx)
        self.listener = Listener(ports)
        port, portx = self.listener.ports[0], self.listener.ports[-1]
        external = self.opt.addresses("external", self.talk.own)
        internal = self.opt.addresses("internal", self.talk.own)
        pairs = [("AuthCookie", self.auth)]
        if external:
            pairs += [("IP-Address", external[0]),
                      ("Port", str(self.opt.announced_port or port))]
        if internal:
            pairs += [("IP-Address-Internal", internal[0]),
                      ("PortX", str(self.opt.announced_port or portx))]
        return pairs

    def announced(self, found):
        """(name, address, port) of each place, in the order they are tried"""
        self.auth = found.get("authcookie")
        places = {"external": ("ip-address", "port"),
                  "internal": ("ip-address-internal", "portx")}
        return [(name, found[places[name][0]], int(found[places[name][1]]))
                for name in self.opt.order
                if name in places and places[name][0] in found]

    # ---- what both ends say

    def run(self):
        if self.opt.role == "inviter":
            self.talk.invite(text_of(self.offer()))
        else:
            self.invite = self.talk.take_invite(command="INVITE")
            self.cookie = self.invite["invitation-cookie"]
            same("Application-GUID", self.invite["application-guid"],
                 dict(self.offer())["Application-GUID"])
        if self.listens:
            self.announce()
        else:
            self.connect()

    def announce(self):
        if self.opt.role == "inviter":
            found = self.talk.take_invite(self.cookie, "ACCEPT")
            same("Request-Data", found.get("request-data"), "IP-Address:")
            demand("ip-address" not in found, "an address came: %s" % found)
            self.talk.invite(text_of(self.accept(self.announcement())))
        else:
            self.talk.invite(text_of(self.accept(
                [("Sender-Connect", "TRUE"), *self.announcement()])))
        if self.opt.cancel:
            self.cancel()
            return
        self.talk.stream.flush()
        self.transfer(self.listener.accept())

    def connect(self):
        if self.opt.role == "receiver":
            self.talk.invite(text_of(self.accept()))
        found = self.talk.take_invite(self.cookie, "ACCEPT")
        if self.opt.role == "inviter":
            same("Sender-Connect", found.get("sender-connect"), "TRUE")
        places = self.announced(found)
        self.opt.check_places(places)
        if self.opt.cancel:
            self.cancelled(places)
            return
        self.transfer(reach(places))

    def cancel(self):
        self.talk.invite(text_of([("Invitation-Command", "CANCEL"),
                                  ("Invitation-Cookie", self.cookie),
                                  ("Cancel-Code", "TIMEOUT")]))
        demand(not self.listener.came(CANCEL_S),
               "somebody connected after the CANCEL")
        self.listener.close()

    def cancelled(self, places):
        found = self.talk.take_invite(self.cookie, "CANCEL")
        told("ok: cancelled,", found["cancel-code"])
        if self.opt.cancel != "tried":
            return
        for name, addr, port in places:
            self.opt.no_connection(name, addr, port)

    # ---- the file

    def transfer(self, stream):
        if self.opt.role == "inviter":
            self.send_file(stream)
        else:
            self.opt.save(self.take_file(stream))
        stream.close()

    def send_file(self, stream):
        data = self.opt.data
        same("MSNFTP's version", stream.line(), ["VER", "MSNFTP"])
        stream.send(b"VER MSNFTP\r\n")
        same("MSNFTP's user and AuthCookie", stream.line(),
             ["USR", self.talk.peer, self.auth])
        stream.send(b"FIL %d\r\n" % len(data))
        same("MSNFTP's start", stream.line(), ["TFR"])
        for i in range(0, len(data), BLOCK):
            block = data[i:i + BLOCK]
            stream.send(b"\0" + len(block).to_bytes(2, "little") + block)
        stream.send(b"\1\0\0")
        same("MSNFTP's end", stream.line(), ["BYE", str(BYE_RECEIVED)])

    def take_file(self, stream):
        stream.send(b"VER MSNFTP\r\n")
        same("MSNFTP's version", stream.line(), ["VER", "MSNFTP"])
        stream.send(b"USR %s %s\r\n" % (self.talk.me.encode(),
                                        self.auth.encode()))
        size = stream.line()
        same("MSNFTP's FIL", size, ["FIL",
                                    self.invite["application-filesize"]])
        stream.send(b"TFR\r\n")
        left = int(size[1])
        blocks = []
        while True:
            last, length = (head := stream.exact(3))[0], \
                int.from_bytes(head[1:], "little")
            demand(last in (0, 1), "block of kind %d" % last)
            if last:
                demand(length == 0 and left == 0,
                       "the end %d bytes early" % left)
                break
            demand(length == min(left, BLOCK), "block of %d bytes, %d left" %
                   (length, left))
            blocks.append(stream.exact(length))
            left -= length
        stream.send(b"BYE %d\r\n" % BYE_RECEIVED)
        told("ok: %d blocks of a file" % len(blocks))
        return b"".join(blocks)


class Meeting(Invitation):
    """An address without a port: that one is the program's own."""

    def offer(self):
        return [("Application-Name", "NetMeeting"),
                ("Application-GUID", MEETING_GUID),
                ("Session-Protocol", "SM1"),
                ("Invitation-Command", "INVITE"),
                ("Invitation-Cookie", self.cookie),
                ("Session-ID", MEETING_SESSION)]

    def accept(self, pairs=()):
        return [("Invitation-Command", "ACCEPT"),
                ("Invitation-Cookie", self.cookie), *pairs,
                ("Session-ID", MEETING_SESSION),
                ("Launch-Application", "TRUE" if pairs else "FALSE"),
                ("Request-Data", "IP-Address:")]

    def announcement(self):
        self.listener = Listener([self.opt.meeting_port])
        external = self.opt.addresses("external", self.talk.own)
        demand(external, "--external is needed")
        return [("IP-Address", external[0])]

    def announced(self, found):
        return [("external", found["ip-address"], self.opt.meeting_port)]

    def transfer(self, stream):
        if self.opt.role == "inviter":
            stream.send(len(self.opt.data).to_bytes(4, "big") + self.opt.data)
            same("NetMeeting's answer", stream.exact(2), b"ok")
        else:
            size = int.from_bytes(stream.exact(4), "big")
            self.opt.save(stream.exact(size))
            stream.send(b"ok")
        stream.close()

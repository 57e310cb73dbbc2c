# SPDX-License-Identifier: GPL-2.0-only
"""Many sessions of RTSP: both ends of each, in one process, so that every byte
that comes is compared with what was said, and their media.

	rtsp_many.py CLIENT_NS SERVER_NS SERVER OWN PUBLIC

Clients connect from CLIENT_NS to SERVER in SERVER_NS, and want media at their
address OWN; the servers must be told PUBLIC instead, if anybody helps.

Commands come in lines of words; each is answered with a line that begins with
"ok" or "no".
"""

import ctypes
import os
import re
import resource
import socket
import sys
import time

RTSP_PORT = 554

# How long to wait for what must come: TCP may have doubled its time-out often.
LIMIT_S = 20 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
QUIET_S = 0.4

# Sessions that say something before anybody listens
AT_ONCE = 25

# Of the clients and of the servers, two for each session
CLIENT_PORTS = 10000
SERVER_PORTS = 20000

# Of a session that sets up more and more, two each time
PILE_PORTS = 30000

# Between messages (RFC 2326 section 10.12): no header, whatever is in it
FRAME = b"$\x00\x00\x20" + b"\r\nTransport: RTP/AVP;port=5000\r\n"

BURST = 20
DATAGRAM = b"x" * 1200
SO_RCVBUFFORCE = 33

LIBC = ctypes.CDLL(None, use_errno=True)

# What must become of a SETUP
PUBLIC, OWN, EITHER = "public", "own", "either"


class No(Exception):
    """The answer to a command is no."""


def setns(ns):
    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
    if LIBC.setns(fd, 0):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


class End:
    """One end of a connection"""

    def __init__(self, sock, name):
        sock.settimeout(LIMIT_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock, self.name, self.buf = sock, name, b""

    def say(self, text):
        self.sock.sendall(text)

    def more(self, what):
        try:
            data = self.sock.recv(65536)
        except OSError as why:
            raise No("%s: no %s, only %r: %s" % (self.name, what, self.buf,
                                                 why)) from None
        if not data:
            raise No("%s: closed, no %s" % (self.name, what))
        self.buf += data

    def want(self, text):
        while len(self.buf) < len(text):
            self.more("%r" % text)
        if self.buf[:len(text)] != text:
            raise No("%s: %r came as %r" % (self.name, text, self.buf))
        self.buf = self.buf[len(text):]

    def head(self):
        while b"\r\n\r\n" not in self.buf:
            self.more("end of a message")
        head, self.buf = self.buf.split(b"\r\n\r\n", 1)
        return head + b"\r\n\r\n"


class Session:
    def __init__(self, all_, number, client, server):
        self.all, self.number = all_, number
        self.client = End(client, "client %d" % number)
        self.server = End(server, "server %d" % number)
        self.cseq = 0
        self.port = CLIENT_PORTS + 2 * number
        self.server_port = SERVER_PORTS + 2 * number
        self.tells_port = True
        self.public = None
        self.asked = None

    # ---- by TCP

    def options(self):
        self.cseq += 1
        self.client.say(b"OPTIONS * RTSP/1.0\r\nCSeq: %d\r\n\r\n" % self.cseq)

    def options_answered(self):
        text = b"OPTIONS * RTSP/1.0\r\nCSeq: %d\r\n\r\n" % self.cseq
        self.server.want(text)
        text = b"RTSP/1.0 200 OK\r\nCSeq: %d\r\n\r\n" % self.cseq
        self.server.say(text)
        self.client.want(text)

    def transport(self, addr, port):
        return (b"Transport: RTP/AVP;unicast;destination=%s;client_port=%d-%d" %
                (addr, port, port + 1))

    def ask(self):
        self.cseq += 1
        self.asked = (b"SETUP rtsp://h/%d RTSP/1.0\r\nCSeq: %d\r\n@\r\n\r\n" %
                      (self.number, self.cseq))
        self.client.say(self.asked.replace(
            b"@", self.transport(self.all.own, self.port)))

    def asked_as(self, mode):
        """The server hears it, and answers as it was asked"""
        heard = self.server.head()
        m = re.search(rb"destination=([^;]*);client_port=(\d+)-(\d+)", heard)
        addr, port = (m[1], int(m[2])) if m else (b"?", 0)
        if heard != self.asked.replace(b"@", self.transport(addr, port)):
            raise No("%s: %r came as %r" % (self.server.name, self.asked,
                                            heard))
        was = OWN if addr == self.all.own else PUBLIC
        if addr not in (self.all.own, self.all.public) or \
                (was == OWN and port != self.port) or mode not in (was, EITHER):
            raise No("%s: not %s: %r" % (self.server.name, mode, heard))
        self.all.became[was] += 1
        self.public = port if was == PUBLIC else None
        answer = (b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nSession: %d\r\n@" %
                  (self.cseq, self.number + 1))
        if self.tells_port:
            answer += b";server_port=%d-%d" % (self.server_port,
                                               self.server_port + 1)
        answer += b"\r\n\r\n"
        self.server.say(answer.replace(b"@", self.transport(addr, port)))
        return answer

    def answered(self, answer, mode):
        """Its own address and ports come back, whatever they were"""
        heard = self.client.head()
        own = self.transport(self.all.own, self.port)
        if heard != answer.replace(b"@", own) and mode != EITHER:
            raise No("%s: %r came as %r" % (self.client.name, answer, heard))

    def talk(self):
        """A keep-alive, and frames, both ways"""
        self.cseq += 1
        text = (b"GET_PARAMETER * RTSP/1.0\r\nCSeq: %d\r\nSession: %d\r\n\r\n" %
                (self.cseq, self.number + 1))
        self.client.say(text + FRAME)
        self.server.want(text + FRAME)
        text = b"RTSP/1.0 200 OK\r\nCSeq: %d\r\n\r\n" % self.cseq
        self.server.say(FRAME + text)
        self.client.want(FRAME + text)


class Media:
    """Datagrams of a session, from the server's port to the client's"""

    def __init__(self, all_, session, i=0):
        self.sent = self.came = 0
        setns(all_.client_ns)
        self.inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.inside.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.inside.bind((all_.own.decode(), session.port + i))
        self.inside.setblocking(False)
        setns(all_.server_ns)
        self.outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.outside.bind((all_.server, session.server_port + i))
        # waits: datagrams are its own until they are received, and may fill it
        self.outside.settimeout(LIMIT_S)
        self.to = all_.public.decode(), session.public + i
        self.back = all_.server, session.server_port + i

    def close(self):
        self.inside.close()
        self.outside.close()

    def burst(self, count):
        for _ in range(count):
            self.outside.sendto(DATAGRAM, self.to)
        self.sent += count
        self.take()

    def take(self):
        try:
            while self.inside.recv(65536):
                self.came += 1
        except BlockingIOError:
            pass

    def arrive(self, count, limit):
        end = time.monotonic() + limit
        while self.came < count and time.monotonic() < end:
            self.take()
        return self.came >= count

    def both_ways(self):
        self.outside.sendto(DATAGRAM, self.to)
        if not self.arrive(self.came + 1, LIMIT_S):
            return False
        self.inside.sendto(DATAGRAM, self.back)
        data, peer = self.outside.recvfrom(65536)
        return data == DATAGRAM and peer == self.to


class All:
    def __init__(self, client_ns, server_ns, server, own, public):
        self.client_ns, self.server_ns = client_ns, server_ns
        self.server, self.own, self.public = (server, own.encode(),
                                              public.encode())
        self.sessions = []
        self.became = {PUBLIC: 0, OWN: 0}
        self.media = None
        setns(server_ns)
        self.listener = socket.create_server((server, RTSP_PORT), backlog=64)

    def batches(self):
        for i in range(0, len(self.sessions), AT_ONCE):
            yield self.sessions[i:i + AT_ONCE]

    def cmd_open(self, count):
        """open N: so many more connections, on which all is as usual so far"""
        new = []
        for _ in range(int(count)):
            setns(self.client_ns)
            client = socket.create_connection((self.server, RTSP_PORT), LIMIT_S)
            server = self.listener.accept()[0]
            new.append(Session(self, len(self.sessions) + len(new), client,
                               server))
        for s in new:
            s.options()
        for s in new:
            s.options_answered()
        self.sessions += new

    def cmd_ask(self):
        """ask: every client says SETUP, and nobody listens yet"""
        for s in self.sessions:
            s.ask()

    def cmd_asked(self, mode):
        """asked public|own|either: what was asked comes, and is answered"""
        answers = [s.asked_as(mode) for s in self.sessions]
        for s, answer in zip(self.sessions, answers):
            s.answered(answer, mode)

    def cmd_setup(self, mode):
        """setup public|own|either: both, some of them at a time; meanwhile
        there is a burst of the media that flow for each"""
        for batch in self.batches():
            for s in batch:
                s.ask()
            answers = [s.asked_as(mode) for s in batch]
            for s, answer in zip(batch, answers):
                s.answered(answer, mode)
            if self.media:
                for _ in batch:
                    self.media.burst(BURST)

    def cmd_talk(self):
        """talk: every client and server, something that needs no help"""
        for s in self.sessions:
            s.talk()

    def cmd_heard(self):
        """heard: how many SETUPs came as public, and as own, since the last
        time"""
        text = "%d %d" % (self.became[PUBLIC], self.became[OWN])
        self.became = {PUBLIC: 0, OWN: 0}
        return text

    def cmd_flow(self, number):
        """flow N: the media of that session begin to flow, from the server"""
        self.media = Media(self, self.sessions[int(number)])
        if not self.media.both_ways():
            raise No("they don't come")

    def cmd_flows(self):
        """flows: and go on; answers with how many have been sent"""
        m = self.media
        m.burst(BURST)
        if not m.arrive(m.sent, 1) and m.came < m.sent * 0.9:
            raise No("%d of %d came" % (m.came, m.sent))
        return str(m.sent)

    def cmd_media(self):
        """media: of every session, but the one whose flow, come both ways"""
        for s in self.sessions[1 if self.media else 0:]:
            self.check_media(s)

    def check_media(self, session, i=0):
        m = Media(self, session, i)
        try:
            if not m.both_ways():
                raise No("session %d, port %d: nothing came" %
                         (session.number, session.public + i))
        finally:
            m.close()

    def cmd_pile(self, count):
        """pile N: SETUPs of one session, for new ports each time, to which
        media come; answers with how many were helped before one was not"""
        s = self.sessions[0]
        s.tells_port = False
        for n in range(int(count)):
            s.port = PILE_PORTS + 2 * n
            s.ask()
            s.answered(s.asked_as(EITHER), EITHER)
            if not s.public:
                return str(n)
            self.check_media(s, 0)
            self.check_media(s, 1)
        return count

    def cmd_end(self):
        """end: of all connections"""
        for s in self.sessions:
            s.client.sock.close()
            s.server.sock.close()
        self.sessions = []
        if self.media:
            self.media.close()
        self.media = None


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    everything = All(*sys.argv[1:])
    for line in sys.stdin:
        verb, *words = line.split()
        try:
            answer = getattr(everything, "cmd_" + verb)(*words)
            print("ok", answer or "", flush=True)
        except (No, OSError, TypeError) as why:
            print("no", str(why).replace("\n", " "), flush=True)


main()

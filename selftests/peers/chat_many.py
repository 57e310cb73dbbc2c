# SPDX-License-Identifier: GPL-2.0-only
"""A chat of many connections of IRC, or of MSN: both ends of each, in one
process, so that every byte that comes is compared with what was said.

	chat_many.py PROTOCOL CLIENT_NS SERVER_NS SERVER OWN PUBLIC

PROTOCOL is one of chat_talk.py. Clients connect from CLIENT_NS to SERVER in
SERVER_NS. What they offer is at their address OWN; the servers must be told
PUBLIC instead, and that port of it must let one connection in. What else is said
must come as it is.

Commands come in lines of words; each is answered with a line that begins with
"ok" or "no". Meanwhile the chat goes on.
"""

import collections
import ctypes
import errno
import os
import random
import resource
import select
import socket
import struct
import sys
import time

# Python is told to keep its path short ("-I"), and may not write to the checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from chat_talk import CLIENT, SERVER, TALKS

# How long to wait for what must come: TCP may have doubled its time-out often.
LIMIT_S = 60 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100

# Of the chat as a whole; fewer if the machine is slower.
LINES_PER_S = 300
LINES_AT_ONCE = 40
OFFER_EVERY = 8			# lines, of the clients'
SPLIT_EVERY = 4			# offers, if any
PASSED_ON_EVERY = 24		# lines, of the servers'
SECOND_PIECE_S = 0.05

# What has not arrived yet, for a direction. A connection may have eight
# pinholes, and those of lines that wait count.
WAITING_MAX = 6

# Ports that are offered, each once: conntrack remembers those that were used.
PORTS = 10000, 32000

TCP_INFO_LEN = 104
TCP_INFO_TOTAL_RETRANS = 100	# offset of tcpi_total_retrans

SO_RCVBUFFORCE = 33
WATCH_BUFFER = 8 << 20
ETH_P_IP = 0x0800
ETH_HLEN = 14

LIBC = ctypes.CDLL(None, use_errno=True)

# Modes: what must become of an offer
PUBLIC, OWN, EITHER = "public", "own", "either"


class No(Exception):
    """The answer to a command is no."""


def setns(ns):
    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
    if LIBC.setns(fd, 0):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


class Offer:
    """A line that is rewritten, or must not be."""

    def __init__(self, talk, number, own, port, mode):
        self.talk, self.number, self.mode = talk, number, mode
        self.text = talk.offer(number, own, port)

    def moved_to(self, public, line):
        """The port, if it has become LINE; or None"""
        found = self.talk.ANNOUNCED.search(line)
        if found and line == self.talk.offer(self.number, public,
                                             int(found[1])):
            return int(found[1])
        return None


class End:
    """One end of a connection: says lines and compares what it hears."""

    def __init__(self, chat, sock, name):
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.chat, self.sock, self.name = chat, sock, name
        self.coming = collections.deque()
        self.heard = b""
        self.said = 0
        self.peer = None
        self.rest = None	# second piece, and when to say it
        self.broken = None
        self.retired = False
        chat.register(sock, self.readable)

    def say(self, what):
        text = what.text if isinstance(what, Offer) else what
        self.peer.coming.append(what)
        self.send(text)

    def say_in_two(self, offer):
        # most of them inside the message, where a tail is kept
        at = random.randrange(1, len(offer.text))
        self.peer.coming.append(offer)
        self.rest = offer.text[at:], time.monotonic() + SECOND_PIECE_S
        self.chat.halves.append(self)
        self.send(offer.text[:at])

    def finish(self):
        text, self.rest = self.rest[0], None
        self.send(text)

    def send(self, text):
        try:
            sent = self.sock.send(text)
        except OSError as why:
            self.fail("can't send: %s" % why)
            return
        if sent != len(text):
            self.fail("sent %d bytes of %d" % (sent, len(text)))
        self.said += sent

    def fail(self, why):
        if not self.broken:
            self.broken = why
            self.chat.broken.append(self)

    def readable(self):
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError as why:
            data = b""
            self.fail("lost: %s" % why)
        if not data:
            self.fail("lost: closed")
            self.chat.unregister(self.sock)
            return
        self.heard += data
        if self.broken:
            self.heard = b""
        while self.heard and not self.broken and self.take():
            self.coming.popleft()
            self.chat.arrived += 1

    def take(self):
        """Is the first line that must come there?"""
        if not self.coming:
            self.fail("nobody said %r" % self.heard[:200])
            return False
        want = self.coming[0]
        if isinstance(want, Offer):
            end = self.chat.talk.length(self.heard)
            if end:
                line, self.heard = self.heard[:end], self.heard[end:]
                self.take_offer(want, line)
            return bool(end)
        n = len(want)
        if self.heard[:n] != want[:len(self.heard)]:
            self.fail("%r came as %r" % (want, self.heard[:n]))
            return False
        if len(self.heard) < n:
            return False
        self.heard = self.heard[n:]
        return True

    def take_offer(self, want, line):
        if line == want.text:
            mode = OWN
        else:
            mode = PUBLIC
            port = want.moved_to(self.chat.public, line)
            if not port:
                self.fail("%r came as %r" % (want.text, line))
                return
            if self.chat.knocking:
                Knock(self.chat, port)
        self.chat.became[mode] += 1
        if want.mode not in (mode, EITHER):
            self.fail("%r came as %r" % (want.text, line))

    def retransmitted(self):
        info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO,
                                    TCP_INFO_LEN)
        return struct.unpack_from("I", info, TCP_INFO_TOTAL_RETRANS)[0]


class Knock:
    """Uses a pinhole. Nobody listens inside, so its answer is a reset."""

    def __init__(self, chat, port):
        self.chat, self.port = chat, port
        self.end = time.monotonic() + LIMIT_S
        setns(chat.server_ns)
        self.sock = socket.socket()
        self.sock.setblocking(False)
        chat.knocks[self] = True
        chat.register(self.sock, self.answered, select.EPOLLOUT)
        self.sock.connect_ex((chat.public, port))

    def answered(self):
        error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error == errno.ECONNREFUSED:
            self.chat.let_in += 1
        else:
            self.chat.shut.append((self.port, os.strerror(error)))
        self.close()

    def give_up(self):
        self.chat.shut.append((self.port, "no answer"))
        self.close()

    def close(self):
        self.chat.unregister(self.sock)
        self.sock.close()
        del self.chat.knocks[self]


class Wire:
    """What comes to the servers' host, before anything there can drop it."""

    def __init__(self, chat):
        setns(chat.server_ns)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(ETH_P_IP))
        self.sock.bind(("eth0", ETH_P_IP))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, WATCH_BUFFER)
        self.sock.setblocking(False)
        self.port = chat.talk.PORT
        self.streams = {}	# by the client's port: bytes by their numbers
        self.again = set()	# segments that begin with a byte that was there
        self.clash = None
        chat.register(self.sock, self.readable)

    def readable(self):
        while True:
            try:
                frame = self.sock.recv(65536)
            except BlockingIOError:
                return
            ip = ETH_HLEN
            tcp = ip + (frame[ip] & 15) * 4
            source, target, seq = struct.unpack_from("!HHI", frame, tcp)
            end = ip + struct.unpack_from("!H", frame, ip + 2)[0]
            payload = frame[tcp + (frame[tcp + 12] >> 4) * 4:end]
            if target == self.port and payload:
                self.add(source, seq, payload)

    def add(self, source, seq, payload):
        bytes_at = self.streams.setdefault(source, {})
        if seq in bytes_at:
            self.again.add((source, seq))
        for i, byte in enumerate(payload):
            at = seq + i & 0xffffffff
            if bytes_at.setdefault(at, byte) != byte and not self.clash:
                self.clash = ("port %d: sent again with other bytes: %r" %
                              (source, payload))


class Chat:
    def __init__(self, protocol, client_ns, server_ns, server, own, public):
        self.talk = TALKS[protocol]
        self.client_ns, self.server_ns = client_ns, server_ns
        self.server = server
        self.own, self.public = own, public
        self.poll = select.epoll()
        self.reader = {}
        self.clients = []
        self.halves = collections.deque()
        self.broken = []
        self.knocks = {}
        self.shut = []
        self.became = collections.Counter()
        self.arrived = self.let_in = self.lines = self.next = 0
        self.ports = iter(range(*PORTS))
        self.going = False
        self.knocking = True
        self.splitting = True
        self.mode = PUBLIC
        self.wire = None
        self.due = 0.0
        self.last = time.monotonic()
        setns(server_ns)
        self.listener = socket.create_server((server, self.talk.PORT), backlog=64)

    def register(self, sock, reader, events=select.EPOLLIN):
        self.reader[sock.fileno()] = reader
        self.poll.register(sock, events)

    def unregister(self, sock):
        self.poll.unregister(sock)
        del self.reader[sock.fileno()]

    # ---- the chat

    def turn(self, wait_s=0.01):
        for fd, _ in self.poll.poll(wait_s):
            if fd in self.reader:
                self.reader[fd]()
        now = time.monotonic()
        while self.halves and self.halves[0].rest[1] <= now:
            self.halves.popleft().finish()
        # in the order of their ends
        while self.knocks and next(iter(self.knocks)).end <= now:
            next(iter(self.knocks)).give_up()
        if self.going:
            self.due += (now - self.last) * LINES_PER_S
            self.due = min(self.due, LINES_AT_ONCE)
            while self.due >= 2:
                self.due -= 2
                self.both_say()
        self.last = now

    def until(self, condition, what):
        end = time.monotonic() + LIMIT_S
        while not condition():
            if time.monotonic() > end:
                raise No("not in time: " + what)
            self.turn()

    def both_say(self):
        """The next client and its server say a line."""
        client = self.clients[self.next % len(self.clients)]
        self.next += 1
        if not self.next % len(self.clients):
            random.shuffle(self.clients)
        self.lines += 1
        text = b"x" * random.randrange(100)
        server = client.peer
        if client.rest or len(server.coming) >= WAITING_MAX:
            pass
        elif not self.lines % OFFER_EVERY:
            self.offer(client, self.splitting and
                       not self.lines % (OFFER_EVERY * SPLIT_EVERY))
        else:
            client.say(self.talk.chatter(CLIENT, self.lines, text))
        if len(client.coming) >= WAITING_MAX:
            return
        if not self.lines % PASSED_ON_EVERY:
            server.say(self.talk.passed_on(self.lines))
        else:
            server.say(self.talk.chatter(SERVER, self.lines, text))

    def offer(self, client, split):
        port = next(self.ports, None)
        if not port:
            self.ports = iter(range(*PORTS))
            port = next(self.ports)
        offer = Offer(self.talk, self.lines, self.own, port,
                      OWN if client.retired else self.mode)
        if split:
            client.say_in_two(offer)
        else:
            client.say(offer)

    def ends(self):
        for client in self.clients:
            yield client
            yield client.peer

    def waiting(self):
        return sum(bool(e.coming or e.heard or e.peer.rest)
                   for e in self.ends() if not e.broken)

    def check(self):
        """What is wrong is told once, so that it shows when it happened."""
        broken, self.broken = self.broken, []
        shut, self.shut = self.shut, []
        if broken:
            raise No("%d ends broken; %s: %s" % (len(broken), broken[0].name,
                                                 broken[0].broken))
        if shut:
            raise No("%d pinholes shut; port %d: %s" % (len(shut), *shut[0]))

    def settle(self):
        going, self.going = self.going, False
        end = time.monotonic() + LIMIT_S
        while not self.broken and (self.waiting() or self.knocks):
            if time.monotonic() > end:
                raise No("%d ends still wait, %d knocks" %
                         (self.waiting(), len(self.knocks)) + self.stalled())
            self.turn()
        self.check()
        self.going = going

    def stalled(self):
        for e in self.ends():
            if not e.broken and (e.coming or e.heard):
                return "; %s has %r, waits for %r" % (
                    e.name, e.heard[:200],
                    getattr(e.coming[0], "text", e.coming[0])
                    if e.coming else None)
        return ""

    # ---- commands

    def cmd_open(self, count):
        """open N: so many more connections, registered"""
        new = []
        for i in range(int(count)):
            setns(self.client_ns)
            sock = socket.create_connection((self.server, self.talk.PORT),
                                            LIMIT_S)
            port = sock.getsockname()[1]
            client = End(self, sock, "client %d" % port)
            server = End(self, self.listener.accept()[0], "server %d" % port)
            client.peer, server.peer = server, client
            new.append(client)
        self.clients += new
        for step in zip(*(self.talk.opening(i) for i in range(len(new)))):
            for client, (who, text) in zip(new, step):
                (client if who == CLIENT else client.peer).say(text)
            self.settle()

    def cmd_retire(self):
        """retire: what they offer will never be rewritten again"""
        for client in self.clients:
            client.retired = True

    def cmd_go(self):
        """go: the chat begins"""
        self.going = True
        self.last = time.monotonic()

    def cmd_halt(self):
        """halt: it ends, and all that was said has come"""
        self.settle()
        self.going = False

    def cmd_chat(self, lines):
        """chat LINES: go on until that many more have come"""
        want = self.arrived + int(lines)
        self.until(lambda: self.arrived >= want or self.broken, lines)
        self.check()

    def cmd_want(self, mode):
        """want public|own|either: offers from now on; all before have come"""
        self.settle()
        self.mode = mode

    def cmd_split(self, yes):
        """split yes|no: some offers in two pieces"""
        self.splitting = yes == "yes"

    def cmd_knock(self, yes):
        """knock yes|no: try the port in each line that was rewritten"""
        self.knocking = yes == "yes"

    def cmd_offer(self, count, more=None):
        """offer N|all [more]: that many clients say an offer, and a line behind
        it"""
        for client in self.clients[:None if count == "all" else int(count)]:
            if client.rest:
                self.halves.remove(client)
                client.finish()
            self.lines += 1
            self.offer(client, False)
            if more:
                client.say(self.talk.chatter(CLIENT, self.lines, b""))
            if not self.lines % LINES_AT_ONCE:
                self.turn(0)

    def cmd_came(self, mode):
        """came public|own: how many offers came so"""
        return self.became[mode]

    def cmd_settle(self):
        """settle: all that was said has come, and was right"""
        self.settle()

    def cmd_watch(self):
        """watch: remember what is on the wire"""
        self.wire = Wire(self)

    def cmd_seen(self, count):
        """seen N: that many clients have had something on the wire"""
        self.until(lambda: len(self.wire.streams) >= int(count),
                   "%s clients on the wire" % count)

    def cmd_again(self, count):
        """again N: from now on that many segments come again"""
        self.wire.again.clear()
        self.until(lambda: len(self.wire.again) >= int(count) or
                   self.wire.clash, "%s segments again" % count)

    def cmd_unwatch(self):
        """unwatch: no byte on the wire came again as another one"""
        wire, self.wire = self.wire, None
        self.unregister(wire.sock)
        wire.sock.close()
        if wire.clash:
            raise No(wire.clash)

    def cmd_report(self):
        """report: what has happened so far"""
        return ("%d connections: %d lines came, %d bytes, %d offers public, "
                "%d own, %d pinholes used, %d retransmissions" %
                (len(self.clients), self.arrived,
                 sum(e.said for e in self.ends()), self.became[PUBLIC],
                 self.became[OWN], self.let_in,
                 sum(e.retransmitted() for e in self.ends())))

    def command(self, line):
        verb, *words = line.split()
        try:
            answer = getattr(self, "cmd_" + verb)(*words)
            print("ok", "" if answer is None else answer, flush=True)
        except No as why:
            print("no", why, flush=True)
        except (OSError, AttributeError, TypeError, ValueError) as why:
            print("no", type(why).__name__, str(why).replace("\n", " "),
                  flush=True)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    chat = Chat(*sys.argv[1:])
    text = b""

    def commands():
        nonlocal text
        data = os.read(0, 4096)
        if not data:
            sys.exit()
        text += data

    chat.register(sys.stdin, commands)
    while True:
        chat.turn()
        while b"\n" in text:
            line, text = text.split(b"\n", 1)
            chat.command(line.decode())


main()

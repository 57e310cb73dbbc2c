# SPDX-License-Identifier: GPL-2.0-only
"""Makes up FTP conversations: clients as they are, servers as odd as can be, and
some of both that mean no good. The same ones for the same seed."""

import random

from ftp_talk_steps import TOPOLOGIES, Step, Talk

PORTS_MAX = 12      # that one talk names, so that slots of ports are enough
LENGTH = 2, 6       # blocks behind the login

GREETINGS = (
    ["220 ready"], ["220"], ["220 (vsFTPd 3.0.3)"],
    ["120 wait", "220 now"],
    ["220-hello", "220 ready"], ["220-hello", " 331 what?", "220 ready"],
    ["220-hello", "220-", "", "220 ready"],
    ["220-POST / HTTP/1.1", "USER you", "220"],
    ["Welcome to the machine", "220 ready"],
    ["", "220 ready"], ["220 ready", "220 and again"],
)
# Commands that nothing follows from, and good replies to them
HARMLESS = (
    ("TYPE I", "200 binary"), ("TYPE A", "200 ascii"), ("NOOP", "200 ok"),
    ("CWD /pub", "250 there"), ("PWD", '257 "/" is it'), ("MODE S", "200 ok"),
    ("STRU F", "200 ok"), ("SYST", "215 UNIX Type: L8"), ("CDUP", "250 up"),
    ("OPTS UTF8 ON", "200 on"), ("CLNT me 1.0", "200 noted"),
    ("ALLO 1000", "202 no need"), ("SITE UMASK 022", "200 ok"),
    ("SIZE f", "213 12345"), ("MDTM f", "213 20200101000000"),
    ("XFOO bar", "500 what?"), ("MLST", "502 no"), ("REST 0", "350 go on"),
    ("DELE f", "250 gone"), ("MKD d", '257 "d"'), ("CWD nowhere", "550 no"),
    ("HASH f", "504 no"), ("LANG en", "200 en"), ("HELP", "214 help yourself"),
    ("NOOP 227 (1,2,3,4,5,6)", "200 ok"), ("NOOP " + "x" * 600, "200 long"),
    ("PROT C", "200 ok"), ("PBSZ 0", "200 0"), ("ACCT x", "202 no need"),
    ("", "500 what?"), ("x-y.z", "500 what?"), ("  NOOP", "200 ok"),
)
TRANSFERS = ("RETR f", "STOR f", "LIST", "NLST -a", "APPE f", "MLSD", "STOU")
ABOR = "ABOR", "\xff\xf4\xff\xf2ABOR", "\xff\xf4ABOR", "abor"
HELLO = "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\n"


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.steps = []
        self.late = []          # replies that come behind the next ones
        self.ports = 0
        self.last = None
        self.used = {}          # ports that an end has announced last
        self.end_of = {op: self.pick(*8 * ["\r\n"], "\n", "\r\r\n")
                       for op in "<>"}
        self.cut = self.pick(0, 0, 0, 0.2, 0.6)
        self.odd = self.pick(0, 0.1, 0.3, 0.6)
        self.case = self.pick(str, str, str.lower, str.title)

    def chance(self, p):
        return self.r.random() < p

    def oddly(self, share=1):
        return self.chance(self.odd * share)

    def pick(self, *things):
        return self.r.choice(things)

    def say(self, op, *lines):
        """All of them at once"""
        end = self.end_of[op]
        text = "".join(line + end for line in lines)
        cuts = ()
        if self.chance(self.cut):
            size = len(text) + 8
            cuts = tuple(sorted({self.r.randrange(1, size)
                                 for _ in range(self.r.randint(1, 3))}))
            if self.chance(0.1) and len(text) < 200:
                cuts = "*"
        self.steps.append(Step(op, text, cuts))

    def c(self, *lines):
        self.say(">", *(self.spell(line) for line in lines))

    def spell(self, line):
        word, blank, rest = line.partition(" ")
        return (self.case(word) if word.isascii() else word) + blank + rest

    def s(self, *lines):
        lines = list(lines)
        if self.late and self.chance(0.6):
            at = self.pick(0, len(lines))
            lines[at:at] = self.late
            self.late = []
        if len(lines) > 1 and self.chance(0.3):
            at = self.r.randrange(1, len(lines))
            self.say("<", *lines[:at])
            lines = lines[at:]
        self.say("<", *lines)

    def op(self, op, *words):
        self.steps.append(Step(op, *words))

    def port(self):
        self.ports += 1
        return str(self.ports)

    def own_port(self, op):
        """Of those that an end may announce again"""
        if op not in self.used or self.chance(0.8):
            self.used[op] = self.port()
        return self.used[op]

    def full(self):
        return self.ports >= PORTS_MAX - 4

    def texts(self, code, evil=False):
        """A reply of several lines; and the port in it if it is evil"""
        lines = []
        port = None
        prefix = self.pick(" ", "", code + "-", "\t")
        for _ in range(self.r.randint(0, 4)):
            lines.append(prefix + self.pick(
                "text", "MDTM", "UTF8", "AUTH TLS", "", "-rw-r--r-- f",
                "USER me", "it's 5 o'clock", "x" * 100,
                "\xfcber \xc3\xbc", "\x00", "\xff\xff"))
        if self.oddly():
            lines.append(self.pick("250 fine", "230 hi", "500 no", "226 done",
                                   "220 ready", "200", "331 p"))
        if evil:
            port = self.port()
            lines.insert(self.r.randint(0, len(lines)), self.pick(
                "227 go ({S},{P%s})", " 227 go ({S},{P%s})",
                "229 go (|||{p%s}|)", "228 go (4,4,{S},2,{P%s})",
                "227 {S},{P%s}") % port)
        first = code + "-" + self.pick("here", "", "Features:")
        return [first, *lines, code + self.pick(" end", " ", " End.", "")], port

    def reply(self, text):
        """As it is, or the same in several lines"""
        if self.chance(0.15):
            lines, _ = self.texts(text[:3])
            return lines[:-1] + [text]
        return [text]

    def harmless(self):
        """(command, lines of its reply, a port that stands in them)"""
        if self.chance(0.3):
            command, code = self.pick(("FEAT", "211"), ("STAT", "211"),
                                      ("HELP", "214"), ("STAT d", "213"),
                                      ("SITE HELP", "214"), ("CWD d", "250"))
            lines, port = self.texts(code, not self.full() and
                                     self.chance(0.4))
            return command, lines, port
        command, text = self.pick(*HARMLESS)
        return command, self.reply(text), None

    def burst(self):
        """Keep-alives that nobody cares to answer, or all at once, or too often"""
        count = self.pick(1, 2, 5, 10, 15, 20)
        for _ in range(self.pick(1, count)):
            self.c(*["NOOP"] * count)
            if count > 5:
                break
        answers = self.pick(0, 0, 1, count, count + 1)
        if answers and self.chance(0.5):
            self.late += ["200 ok"] * answers
        elif answers:
            self.s(*["200 ok"] * answers)

    def idle(self):
        if self.oddly(0.3):
            self.burst()
            return
        if self.oddly(0.2):
            self.s(self.pick("no code at all", "", "  ", "22", "2000 x",
                             "200ok", "\xef\xbb\xbf200 ok"))
        command, lines, port = self.harmless()
        self.c(command)
        if self.oddly(0.4):
            if self.chance(0.5):
                self.late += [lines[-1]] if len(lines) == 1 else []
            return
        if self.oddly(0.3):
            lines += lines[-1:]
        self.s(*lines)
        if port:
            self.op("data", port)

    def ahead(self):
        """Harmless commands to be said in one segment with another, and what they
        are answered; with ports to be tried"""
        commands, replies, ports = [], [], []
        for _ in range(self.pick(0, 0, 0, 1, 1, 2)):
            command, lines, port = self.harmless()
            commands.append(command)
            if not self.oddly(0.5):
                replies += lines
                ports += [port] if port else []
        if replies and self.oddly(0.3):
            replies.append(replies[-1])
        return commands, replies, ports

    # ---- logging in

    def greet(self):
        self.s(*(self.pick(*GREETINGS) if self.chance(0.4) else ["220 ready"]))

    def before_login(self):
        kind = self.r.randrange(12)
        if kind == 0:
            self.c(self.pick("AUTH TLS", "AUTH SSL"))
            self.s(self.pick("500 what?", "502 no", "504 no", "530 no"))
        elif kind == 1:
            self.say(">", "\xef\xbb\xbfUSER me")
            self.s(self.pick("500 what?", "331 password"))
        elif kind == 2:
            self.c("PASV")
            self.s("530 log in first")
        elif kind == 3:
            port = self.port()
            self.c("PASV")
            self.s("227 go ({S},{P%s})" % port)
            self.op("data", port)
        elif kind == 4:
            port = self.port()
            if self.chance(0.8):
                self.c("SYST")
                self.s("215 UNIX")
            self.c("PORT {C},{P%s}" % port)
            self.s(self.pick("200 ok", "530 log in first"))
            self.op("data", port)
        elif kind == 5:
            self.c("HOST a.example")
            self.s("220 ok")
        elif kind == 6:
            self.c("USER nobody", "PASS x")
            self.s("331 password", "530 wrong")
        elif kind == 7:
            port = self.port()
            self.c("NOOP")
            self.s(self.pick("230 ha", "232 ha"))
            self.c("PORT {C},{P%s}" % port)
            self.s("200 ok")
            self.op("data", port)
        elif kind < 10:
            self.idle()

    def login(self):
        user, word = self.pick("USER me", "USER anonymous"), "PASS a@b"
        kind = self.r.randrange(17)
        if kind < 5:
            self.c(user)
            self.s(*self.reply("331 password"))
            self.c(word)
            self.s(*self.reply("230 welcome"))
        elif kind < 7:
            self.c(user)
            self.s(self.pick("230 welcome", "232 welcome"))
        elif kind == 7:
            self.c(user, word)
            self.s("331 password", "230 welcome")
        elif kind == 8:
            self.c(user, word)
            self.s("230 welcome", self.pick("230 again", "202 no need"))
        elif kind == 9:
            self.c(user, word)
            self.s("230 welcome")
        elif kind == 10:
            self.c(user)
            self.s("331 password")
            self.c(word)
            self.s(self.pick("202 no need", "200 ok", "250 in", "232 hi"))
        elif kind == 11:
            self.c(user)
            self.s("331 password")
            self.c(word)
            self.s("332 account")
            self.c("ACCT x")
            self.s(self.pick("230 welcome", "202 ok", "200 in"))
        elif kind == 12:
            self.c(user)
            self.s("331 password", "331 password")
            self.c(word)
            self.s("230 welcome", *self.pick([], ["230 welcome"]))
        elif kind == 13:
            self.c(user)
            self.s("331 password")
            self.c(word)
            self.s(*self.texts("230", not self.full())[0])
        elif kind == 14:
            self.c(user, word, "SYST")
            self.s("331 password", "230 welcome", "215 UNIX")
        elif kind == 15:
            port = self.own_port("<")
            self.c(user, word, "PASV")
            self.s("331 password", "230 welcome", "227 go ({S},{P%s})" % port)
            self.told(port)
        else:
            self.c(user)
            self.s("332 account")
            self.c("ACCT x")
            self.s("230 welcome")

    # ---- transfers

    def transfer(self, port):
        command = self.pick(*TRANSFERS)
        kind = self.r.randrange(14)
        if kind < 4:
            self.c(command)
            self.s(*self.reply(self.pick("150 go", "125 go", "150 go")))
            self.op("data", port)
            self.s(*self.reply(self.pick("226 done", "250 done")))
        elif kind == 4:
            self.op("data", port)
            self.c(command)
            self.s("150 go", "226 done")
        elif kind == 5:
            self.c(command)
            self.op("data", port)
            self.s("226 done")
        elif kind == 6:
            self.c("REST 5", command)
            self.s("350 at 5", "150 go")
            self.op("data", port)
            self.s("226 done")
        elif kind == 7:
            self.c(command)
            self.s("150 go")
            self.op("data", port)
            self.late.append("226 done")
        elif kind == 8:
            self.c(command)
            self.s("150 go")
            self.op("data", port)
            self.s("226 done", "226 done")
        elif kind == 9:
            self.c(command)
            self.s("150 go")
            self.op("data", port)
            self.c(self.pick(*ABOR))
            self.s(*self.pick(["426 broken", "226 aborted"], ["226 done"],
                              ["225 nothing", "226 done"], ["426 broken"],
                              ["226 done", "225 nothing"],
                              ["426 a", "225 b", "226 c"]))
        elif kind == 10:
            self.c(command)
            self.s("150 go")
            self.c("NOOP")
            self.op("data", port)
            self.s(*self.pick(["226 done", "200 ok"], ["200 ok", "226 done"],
                              ["226 done"]))
        elif kind == 11:
            self.c(command)
            self.s(self.pick("553-no", "550-what", "226-text"), "150 go")
            self.op("data", port)
            self.s("226 done")
        elif kind == 12:
            self.c(command)
            self.s(self.pick("550 no", "450 busy", "530 no", "425 no"))
            self.op("data", port)
        else:
            self.c(command)
            self.s("150 go")
            self.op("data", port)
        if self.chance(0.2):
            self.op("data", port)

    def told(self, port):
        if self.chance(0.3):
            self.op("outsider", port)
        if self.chance(0.1):
            self.last = port
            return
        if self.chance(0.1):
            self.idle()
        self.transfer(port)

    def passive_reply(self, kind, port):
        if self.oddly(0.3):
            kind = self.pick("PASV", "EPSV")
        if kind == "EPSV":
            form = self.pick(*4 * ["229 Entering (|||{p%s}|)"],
                             "229 (|||{p%s}|).", "229 ok (!!!{p%s}!)",
                             "229 Extended Passive Mode OK (|||{p%s}|)")
        elif kind == "LPSV":
            form = "228 Entering Long Passive Mode (4,4,{S},2,{P%s})"
        else:
            form = "227 Entering Passive Mode ({S},{P%s})"
            if self.chance(0.4):
                form = self.pick(
                    "227 Entering Passive Mode ({S},{P%s}).",
                    "227 Entering Passive Mode {S},{P%s}",
                    "227 Entering Passive Mode. {S},{P%s}",
                    "227 =({S},{P%s})", "227 ={S},{P%s}",
                    "227 ok (0,0,0,0,{P%s})",
                    "227 Entering Passive Mode ({S_}, {P%s_})",
                    "227 ({S},{P%s})", "227 {S},{P%s}",
                    "227 Entering Passive Mode ({G},{P%s})",
                    "227 Passive mode [{S},{P%s}]")
        form %= port
        if self.chance(0.1):
            return ["%s-%s" % (form[:3], self.pick("here", "")),
                    self.pick(" text", ""), form]
        return [form]

    def passive(self):
        kind = self.pick("PASV", "PASV", "PASV", "EPSV", "EPSV", "EPSV",
                         "P@SW", "LPSV")
        port = self.own_port("<")
        if self.oddly(0.3):
            self.c("EPSV" if kind != "EPSV" else "EPSV 1")
            self.s(self.pick("500 what?", "502 no", "522 no (1)"))
        commands, replies, ports = self.ahead()
        behind = self.pick(*3 * [[]], *3 * [["NOOP"]]) if self.oddly() else []
        telnet = "\xff\xf1" if self.oddly(0.1) else ""
        self.c(*commands, telnet + kind, *behind)
        replies += self.passive_reply(kind, port)
        if self.oddly(0.3):
            ports.append(self.port())
            replies += self.passive_reply(kind, ports[-1])
        if behind and not self.oddly():
            replies.append("200 ok")
        self.s(*replies)
        for other in ports:
            self.op("data", other)
        self.told(port)

    def active(self):
        port = self.own_port(">")
        form = self.pick("PORT {C},{P%s}", "PORT {C},{P%s}", "PORT {C},{P%s}",
                         "EPRT |1|{c}|{p%s}|", "EPRT |1|{c}|{p%s}|",
                         "EPRT !1!{c}!{p%s}!", "LPRT 4,4,{C},2,{P%s}",
                         "PORT {G},{P%s}", "PORT {C},{P%s} ") % port
        commands, replies, ports = self.ahead()
        behind = ["TYPE I"] if self.oddly(0.3) else []
        self.c(*commands, form, *behind)
        kind = self.r.randrange(8)
        if kind == 0:
            replies.append(self.pick("500 what?", "501 no", "425 no", "530 no",
                                     "522 no", "502 no", "504 no"))
        elif not self.oddly(0.2):
            replies += self.reply(self.pick("200 PORT ok", "200 ok", "250 ok"))
        if behind:
            replies.append("200 ok")
        if replies:
            self.s(*replies)
        for other in ports:
            self.op("data", other)
        if kind == 0:
            self.op("data", port)
        else:
            self.told(port)

    def several(self):
        """Announcements that the other end hasn't answered yet when more come"""
        first, second = self.port(), self.port()
        kind = self.r.randrange(6)
        if kind == 0:
            self.c("PORT {C},{P%s}" % first, "PORT {C},{P%s}" % second)
            self.s(*self.pick(["500 no", "200 ok"], ["200 ok", "200 ok"],
                              ["200 ok", "500 no"]))
        elif kind == 1:
            self.c("PORT {C},{P%s}" % first, "PASV")
            self.s(self.pick("200 ok", "500 no"),
                   "227 go ({S},{P%s})" % second)
        elif kind == 2:
            self.c("PASV", "EPRT |1|{c}|{p%s}|" % second)
            self.s("227 go ({S},{P%s})" % first, self.pick("200 ok", "522 no"))
        else:
            self.c("PASV", "EPSV")
            replies = ["227 go ({S},{P%s})" % first,
                       "229 go (|||{p%s}|)" % second]
            if kind == 3:
                replies = [self.pick("500 no", "502 no"), replies[1]]
            elif kind == 4:
                replies.reverse()
            self.s(*replies)
        self.op("data", second)
        self.op("data", first)

    # ---- what must not open

    def no_good(self):
        port = self.port()
        self.pick(self.unasked, self.foreign, self.refused_first,
                  self.privileged, self.wrong_end)(port)

    def unasked(self, port):
        if self.chance(0.5):
            self.c(self.pick("NOOP", "STAT", "RETR 227"))
        self.s(self.pick("227 go ({S},{P%s})", "229 go (|||{p%s}|)",
                         "228 go (4,4,{S},2,{P%s})") % port)
        self.op("data", port)

    def foreign(self, port):
        if self.chance(0.5):
            self.c(self.pick("PORT {F},{P%s}", "EPRT |1|{f}|{p%s}|",
                             "LPRT 4,4,{F},2,{P%s}",
                             "PORT {C},{W%s}") % port)
            self.s(self.pick("200 ok", "500 no", "501 no"))
        else:
            self.c("PASV")
            self.s(self.pick("227 go ({F},{P%s})", "227 go ({S},{W%s})",
                             "228 go (4,4,{F},2,{P%s})") % port)
        self.op("data", port)

    def wrong_end(self, port):
        """A line of one end's that looks like one of the other's, or almost"""
        if self.chance(0.5):
            self.c(self.pick("227 go ({C},{P%s})", "229 go (|||{p%s}|)",
                             "NOOP PORT {C},{P%s}", "XPORT {C},{P%s}",
                             "PORTS {C},{P%s}") % port)
            self.s("500 what?")
        else:
            if self.chance(0.5):
                self.c("PASV")
            self.s(self.pick("PORT {S},{P%s}", " 227 go ({S},{P%s})",
                             "EPRT |1|{s}|{p%s}|", "x227 go ({S},{P%s})",
                             "2270 go ({S},{P%s})", "527 go ({S},{P%s})",
                             "427 go ({S},{P%s})") % port)
        self.op("data", port)

    def privileged(self, _):
        if self.chance(0.5):
            self.c(self.pick("PORT {C},{P0}", "EPRT |1|{c}|{p0}|"))
            self.s(self.pick("200 ok", "500 no"))
        else:
            self.c("EPSV")
            self.s("229 go (|||{p0}|)")
        self.op("data", "0")

    def refused_first(self, port):
        self.c("PASV")
        self.s("500 no", "227 go ({S},{P%s})" % port)
        self.op("data", port)

    def session(self):
        kind = self.r.randrange(8)
        if kind < 2:
            self.c("REIN")
            self.s(*self.pick(["220 again"], ["120 wait", "220 again"],
                              ["200 ok"], ["500 no"]))
            if self.chance(0.3):
                self.no_good()
            self.login()
        elif kind < 4:
            self.c("USER other")
            if self.chance(0.5):
                self.s("530 no change")
            else:
                self.s("331 password")
                self.c("PASS x")
                self.s(self.pick("230 hi", "530 wrong"))
        elif kind < 6:
            self.c("EPSV ALL")
            self.s(self.pick("200 ok", "200 EPSV ALL ok", "500 no", "504 no"))
        elif kind == 6:
            self.c("AUTH TLS")
            self.s(self.pick("504 no", "500 what?", "534 no"))
        else:
            self.c("QUIT")
            self.s("500 not now")

    def last_words(self):
        kind = self.r.randrange(12)
        if kind == 0:
            self.c(self.pick("AUTH TLS", "AUTH SSL"))
            self.s(self.pick("234 go", "200 go"))
            if self.chance(0.5):
                self.say(">", HELLO[:-1])
        elif kind == 1:
            self.say(">", HELLO[:-1])
        elif kind == 2:
            self.say(">", "GET / HTTP/1.0")
        elif kind == 3:
            self.c("AUTH GSSAPI")
            self.s("334 go on")
            self.c("ADAT YQ==")
            self.s("235 ADAT=YQ==")
        if kind < 4:
            self.pick(self.active, self.passive)()
        if self.chance(0.6):
            self.c("QUIT")
            self.s("221 bye")
            self.op("bye")
            if self.last:
                self.op("data", self.last)

    def talk(self, name):
        self.greet()
        for _ in range(self.pick(0, 0, 1, 2)):
            self.before_login()
        self.login()
        for _ in range(self.r.randint(*LENGTH)):
            if self.full():
                break
            self.pick(*6 * [self.passive], *4 * [self.active], *3 * [self.idle],
                      *2 * [self.no_good], *2 * [self.session],
                      self.several)()
        self.last_words()
        return Talk(name, self.pick(*TOPOLOGIES), self.steps)


def make(seed, number):
    """The talk of that number"""
    return Maker("%s/%d" % (seed, number)).talk("seed %s, %d" % (seed, number))

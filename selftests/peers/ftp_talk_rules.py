# SPDX-License-Identifier: GPL-2.0-only
"""FTP: which announcements of a conversation may be connected to, and which not.

RFC 959, RFC 2428 and RFC 1639 read anew, from the steps of a conversation
(ftp_talk_steps.py) instead of from its bytes: where a line names an address and
a port they stand there by name, so nothing is parsed. Where the rules leave room
the answer is EITHER, which no check fails for.
"""

import re

SHUT, EITHER, OPEN = range(3)
NAMES = "shut", "either", "open"

KINDS = {
    "USER": "login", "PASS": "login", "ACCT": "login", "REIN": "rein",
    "AUTH": "auth", "ADAT": "auth",
    "PORT": "active", "EPRT": "active", "LPRT": "active",
    "PASV": "pasv", "P@SW": "pasv", "EPSV": "epsv", "LPSV": "lpsv",
    "RETR": "transfer", "STOR": "transfer", "APPE": "transfer",
    "STOU": "transfer", "LIST": "transfer", "NLST": "transfer",
    "MLSD": "transfer",
}
ASKS = "pasv", "lpsv", "epsv"
# What a session may begin with: what was said before is left open
OPENING = ("USER", "AUTH", "ADAT", "REIN", "FEAT", "HOST", "SYST", "OPTS", "NOOP",
           "QUIT", "HELP", "STAT", "CLNT", "LANG", "SITE", "PBSZ", "PROT")
CODES = {"227": "pasv", "228": "lpsv", "229": "epsv"}

# How an announcement looks if it is in order. Of an EPRT's and a 229's delimiter
# RFC 2428 says that it may be any character.
GOOD = [re.compile(form, re.I) for form in (
    r"PORT +\{[CG]_?\}, ?\{P\d+_?\} *$",
    r"EPRT +([^\w\s])1\1\{[cg]\}\1\{p\d+\}\1 *$",
    r"LPRT +4,4,\{[CG]\},2,\{P\d+\} *$",
    r"227 [^\d{]*(\{[SG]_?\}|0,0,0,0), ?\{P\d+_?\}[^\d{]*$",
    r"228 [^\d{]*4,4,\{[SG]\},2,\{P\d+\}[^\d{]*$",
    r"229 [^\d{(]*\(([^\w\s])\1\1\{p\d+\}\1\)[^\d{]*$")]
# Codes that refuse what announces: whether others do is left open
REFUSALS = "421", "425", "500", "501", "502", "503", "504", "521", "522", "530"

# With these transfers end, and nothing else
ENDS = "225", "226", "426", "450", "451", "452", "551", "552", "553"

PORT_NAME = re.compile(r"\{[PpW](\d+)_?\}")

# The port that is below 1024
PRIVILEGED = "0"


def port_of(line):
    """The name of the port that a line names, if any"""
    found = PORT_NAME.search(line)
    return found and found.group(1)


def form_of(line):
    """As far as its form and its address go"""
    if port_of(line) == PRIVILEGED or re.search(r"\{([Ff]_?|W\d+)\}", line):
        return SHUT
    return OPEN if any(form.match(line) for form in GOOD) else EITHER


class Command:
    def __init__(self, kind, turn, port=None, sure=True):
        self.kind = kind
        self.turn = turn
        self.port = port
        self.sure = sure    # not answered, as far as can be told


class Rules:
    """What has been said so far, and which ports follow from it."""

    def __init__(self):
        self.greeted = False
        self.opened = False     # the client has said what sessions begin with
        self.login = SHUT
        self.named = False      # the client has said who it is
        self.epsv_all = SHUT    # OPEN if it was agreed on
        self.over = SHUT        # OPEN if nothing counts any more
        self.pending = []
        self.turn = 0           # of the client's, between replies
        self.answered = False   # in this turn, if with no more than a line
        self.skewed = False     # replies and commands have lost each other
        self.text = None        # code of the multi-line reply under way
        self.spoken = False     # and the client has said something since then
        self.begun = False      # and in it a transfer has begun
        self.ports = {}

    def verdict(self, port):
        return self.ports.get(port, SHUT)

    def used(self, port):
        if self.verdict(port) == OPEN:
            self.ports[port] = SHUT

    def stop(self):
        self.over = OPEN
        self.ports = dict.fromkeys(self.ports, SHUT)

    def has(self, *kinds):
        return any(c.kind in kinds for c in self.pending)

    def announce(self, line, cover, extended=False):
        """Returns what it comes to."""
        port = port_of(line)
        if not port:
            return SHUT
        may = min(cover, form_of(line), self.login, OPEN - self.over)
        if not extended:
            may = min(may, OPEN - self.epsv_all)
            if self.has("epsv all"):
                may = min(may, EITHER)
        if self.has("rein", "auth", "maybe login"):
            may = min(may, EITHER)
        if may == SHUT:
            self.ports.setdefault(port, SHUT)
            return may
        for other, verdict in self.ports.items():
            self.ports[other] = min(verdict, EITHER)
        self.ports[port] = may
        return may

    def client(self, line):
        """A line of the client's; as announce()"""
        self.turn += self.answered
        self.answered = False
        self.skewed &= bool(self.pending)
        if self.over == OPEN:
            return self.announce(line, SHUT)
        if not self.greeted:
            self.over = EITHER
        if self.text:
            self.spoken = True
            if self.begun:
                self.text = None
                self.skewed = True
        bare = re.sub(r"^(\xff[\xf0-\xfa\xff])+", "", line)
        bom = bare.startswith("\xef\xbb\xbf")
        words = bare[3 * bom:].upper().split()
        if not words:
            # which some servers answer
            self.pending.append(Command("other", self.turn))
            self.skewed = True
            return SHUT
        if words[-1].startswith("HTTP/") or bare.startswith("\x16\x03"):
            self.stop()
            return SHUT
        kind = KINDS.get(words[0], "other")
        self.opened |= words[0] in OPENING
        if kind == "active" and not self.opened:
            # what a web page has a browser say may begin so, but no client does
            self.over = EITHER
        if bom:
            kind = "maybe login" if kind == "login" else "other"
        if kind == "login":
            kind = "user" if words[0] == "USER" else "pass"
            self.named |= kind == "user"
        if words[:2] == ["EPSV", "ALL"]:
            kind = "epsv all"
        may = SHUT
        if kind == "active":
            may = self.announce(bare, OPEN if bare == line else EITHER)
        self.pending.append(Command(kind, self.turn, port_of(line), self.opened))
        return may

    def server(self, line):
        """A line of the server's; as announce()"""
        self.answered = True
        found = re.match(r"([1-5]\d\d)($|[ -])", line)
        code = found and found.group(1)
        if self.text:
            if not code or code != self.text or found.group(2) == "-":
                if not code or found.group(2) == "-":
                    self.begun = False
                elif code[0] == "1" and self.has("transfer"):
                    self.begun = True
                return self.announce(line,
                                     EITHER if self.spoken else SHUT)
            self.text = None
        elif code and found.group(2) == "-":
            self.text = code
            self.spoken = self.begun = False
            return self.announce(line, EITHER)
        if not code or code[0] == "1":
            return SHUT
        if not self.greeted:
            self.greeted = True
            if code[0] != "2":
                self.over = EITHER
            return self.announce(line, SHUT)
        if self.over == OPEN:
            return self.announce(line, SHUT)
        if code in CODES:
            return self.announce(line, *self.asked(CODES[code]))
        self.answer(code)
        return SHUT

    def asked(self, kind):
        """A reply to such a command has come: was there one? And do both know of
        EPSV?"""
        sure = [c for c in self.pending if c.kind in ASKS and c.sure]
        own = [c for c in sure if c.kind == kind]
        if sure:
            which = (own or sure)[0]
            at = self.pending.index(which)
            self.skewed |= at > 0
            if any(c.kind == "rein" for c in self.pending[:at]):
                self.login = min(self.login, EITHER)
            if any(c.kind == "epsv all" for c in self.pending[:at]):
                self.epsv_all = max(self.epsv_all, EITHER)
            passed = [c for c in self.pending[:at] if c.kind in ASKS]
            for c in passed:
                c.sure = False
            self.pending[:at + 1] = passed
            long = "lpsv" in (which.kind, kind)
            return (EITHER if long and which.kind != kind else OPEN,
                    which.kind == kind == "epsv")
        for c in self.pending:
            if c.kind in ASKS:
                self.pending.remove(c)
                return EITHER, c.kind == kind == "epsv"
        self.skewed |= bool(self.pending)
        return SHUT, False

    def answer(self, code):
        """A final reply that announces nothing"""
        if not self.pending:
            return
        head = self.pending[0]
        # A client that goes on mostly has its answers.
        self.skewed |= head.turn != self.pending[-1].turn
        if code in ("230", "232"):
            for c in self.pending:
                if c.kind in ("user", "pass", "maybe login"):
                    sure = c.kind != "maybe login" and self.named
                    self.login = max(self.login, OPEN if sure else EITHER)
                    at = self.pending.index(c)
                    self.skewed |= at > 0
                    # they may get an answer yet, or none any more
                    passed = [c for c in self.pending[:at] if c.kind in ASKS]
                    for c in passed:
                        c.sure = False
                    self.pending[:at + 1] = passed
                    return
        if code == "331":
            # nothing else has such an answer
            for c in self.pending:
                if c.kind == "user":
                    self.skewed |= c is not head
                    self.pending.remove(c)
                    return
        if code in ENDS:
            self.end(head)
            return
        if code == "522":
            # by its code it is of one of these, whose turn it may not be
            head = next((c for c in self.pending if c.kind in ("epsv", "active")),
                        head)
            self.skewed |= head is not self.pending[0]
        if code[0] in "45":
            self.refusal(head, code in REFUSALS)
        else:
            self.agreement(head, code)

    def end(self, head):
        """Of a transfer, or of one that has been told before"""
        ended = next((c for c in self.pending if c.kind == "transfer"), head)
        self.skewed |= ended is not head
        if ended.kind in ("transfer", "other"):
            self.pending.remove(ended)
        else:
            self.skewed = True

    def agreement(self, head, code):
        # That is no answer to PASV, whatever it is one to.
        self.skewed |= head.kind in ASKS
        alone = not self.skewed
        if self.has("auth") and code[0] == "2":
            if head.kind == "auth" and alone:
                self.stop()
                return
            self.over = EITHER
        if self.has("pass") and code[0] == "2":
            sure = head.kind == "pass" and alone and self.named
            self.login = max(self.login, OPEN if sure else EITHER)
        if head.kind == "rein" or self.skewed and self.has("rein"):
            self.login = SHUT if alone else min(self.login, EITHER)
            self.epsv_all = min(self.epsv_all, SHUT if alone else EITHER)
        if head.kind == "epsv all" or self.skewed and self.has("epsv all"):
            self.epsv_all = OPEN if alone else EITHER
        if head.kind not in ASKS:
            self.pending.pop(0)
        for c in self.pending:
            if c.kind == "active" and self.skewed:
                c.sure = False

    def refusal(self, head, plain):
        alone = len(self.pending) == 1
        for c in self.pending:
            mine = c is head and not self.skewed or alone and c.sure
            again = [o for o in self.pending if o.port == c.port]
            if c.kind == "active" and (mine or alone or self.skewed):
                self.ports[c.port] = min(
                    self.verdict(c.port),
                    SHUT if mine and plain and len(again) == 1 else EITHER)
            if c.kind in ASKS and (c is head or self.skewed):
                c.sure = False
        if head.kind not in ASKS or alone and plain:
            self.pending.remove(head)

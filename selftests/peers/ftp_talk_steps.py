# SPDX-License-Identifier: GPL-2.0-only
"""FTP conversations as steps, and as the text that cases are kept in.

A case is a line "= NAME", one with the topology, and a line for each step:

	> TEXT		the client says it, and the server hears it
	< TEXT		the other way round
	data PORT	the end that was told a port connects to it, as it was told,
			and if it gets through, bytes go both ways
	outsider PORT	a third host tries that port, and the end that was told it
			another port
	bye		the control connection ends

A backslash means what it means in Python. ">@3,9 TEXT" cuts the text behind those
bytes, ">@* TEXT" behind each one. In braces stand

	C S		client's and server's address, as PORT has it (c s: as EPRT has)
	G		the one of the end that speaks, as the other one knows it
	F		that of a host beside it
	P1 (p1)		port 1; port 0 is one below 1024
	W1		port 1 with its upper byte 256 too large

and with "_" behind it there is a blank behind each comma.
"""

import re

TOPOLOGIES = "masq", "dnat"


class Step:
    def __init__(self, op, text="", cuts=()):
        self.op = op
        self.text = text        # or the port's name
        self.cuts = cuts        # "*" or numbers

    def __str__(self):
        if self.op not in "<>":
            return " ".join((self.op, self.text)).strip()
        cuts = self.cuts and "@" + (
            "*" if self.cuts == "*" else ",".join(map(str, self.cuts))) or ""
        return "%s%s %s" % (self.op, cuts,
                            self.text.encode("unicode_escape").decode())

    def lines(self):
        return re.findall(r"[^\n]*\n|[^\n]+$", self.text)


class Talk:
    def __init__(self, name, topology, steps):
        self.name = name
        self.topology = topology
        self.steps = steps

    def __str__(self):
        return "\n".join(["= " + self.name, self.topology,
                          *map(str, self.steps)])

    def with_steps(self, steps):
        return Talk(self.name, self.topology, steps)


def parse_step(line):
    found = re.match(r"([<>])(?:@(\*|[\d,]+))? (.*)$", line)
    if found:
        op, cuts, text = found.groups()
        if cuts and cuts != "*":
            cuts = tuple(map(int, cuts.split(",")))
        return Step(op, text.encode("latin-1").decode("unicode_escape"),
                    cuts or ())
    if re.match(r"((data|outsider) \d+|bye)$", line):
        return Step(*line.split())
    raise ValueError("what is this step? " + line)


def parse_cases(text):
    """The talks that a file holds"""
    talks = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("= "):
            talks.append(Talk(line[2:], None, []))
        elif line in TOPOLOGIES:
            talks[-1].topology = line
        else:
            talks[-1].steps.append(parse_step(line))
    return talks


def render(text, names):
    """With addresses and ports in it; names is by letter, and "P" a function"""
    def one(found):
        letter, number, blanks = found.groups()
        if number:
            port = names["P"](number)
            hi, lo = divmod(port, 256)
            if letter == "p":
                return str(port)
            said = "%d,%d" % (hi + 256 * (letter == "W"), lo)
        else:
            said = names[letter.upper()]
            if letter.isupper():
                said = said.replace(".", ",")
        return said.replace(",", ", ") if blanks else said

    return re.sub(r"\{([CSGFcsgfPpW])(\d*)(_?)\}", one, text).encode("latin-1")


def pattern(text, names):
    """What a line that names a port may have become: other numbers, in the same
    form"""
    first = re.search(r"0,0,0,0|\{", text)
    end = text.rindex("}") + 1
    return re.compile(re.escape(render(text[:first.start()], names)) +
                      rb"[\d,. |]*" +
                      rb"(?:[^\w\s]?[\d.]*[^\w\s]?)?\d+" +
                      re.escape(render(text[end:], names)) + b"$", re.S)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check who may know whom in kmod: nothing goes up, and nothing goes round.

	layers.py OBJECTS

A folder is a layer. A file includes and calls what is in its own folder and in
those further down, and within a folder no two files need each other. Parsers
include nothing of the kernel's. A protocol is named in protocols/ alone. Calls are
those that the compiler has left: OBJECTS is where the module was built, as
.build/6.1. Each offence is printed; silence is content.
"""

import os
import re
import subprocess
import sys

LAYERS = ["core", "stream", "helper", "pinhole", "gate", "protocols", "control",
          "."]
# Parsers, beside the files that begin with a protocol's name and "_"
PARSER = r"protocols/framed|gate/value|stream/(seqmap|stream)"
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)', re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
ROOT = "kmod"


def sources():
    for folder, _, names in os.walk(ROOT):
        for name in sorted(names):
            if name.endswith((".c", ".h")) and not name.endswith(".mod.c"):
                yield os.path.relpath(os.path.join(folder, name), ROOT)


def read(name):
    with open(os.path.join(ROOT, name)) as f:
        return COMMENT.sub("", f.read())


def included(name):
    """What a source includes: (is the kernel's, path)"""
    for mark, path in INCLUDE.findall(read(name)):
        yield mark == "<", path


def resolve(name, path, known):
    """The source of ours that NAME includes as PATH; None if it is none."""
    beside = os.path.normpath(os.path.join(os.path.dirname(name), path))
    return next((p for p in (beside, path) if p in known), None)


def symbols(obj):
    """What an object defines for others, and what it needs of them"""
    defines, needs = set(), set()
    out = subprocess.run(["nm", "-g", obj], capture_output=True, text=True,
                         check=True).stdout
    for line in out.splitlines():
        *_, kind, symbol = line.split()
        (needs if kind == "U" else defines).add(symbol)
    return defines, needs


def uses(objects, known):
    """{(source, other source): why}, by includes and by symbols"""
    why = {}
    for name in known:
        for kernels, path in included(name):
            other = None if kernels else resolve(name, path, known)
            if other:
                why.setdefault((name, other), set()).add("#include")
    of = {name: symbols(os.path.join(objects, ROOT, name[:-2] + ".o"))
          for name in known if name.endswith(".c")}
    where = {symbol: name for name, (defines, _) in of.items()
             for symbol in defines}
    for name, (_, needs) in of.items():
        for symbol in needs:
            other = where.get(symbol)
            if other and other != name:
                why.setdefault((name, other), set()).add(symbol)
    return why


def layer(name):
    return LAYERS.index(os.path.dirname(name) or ".")


def circles(edges):
    """Sets of modules, of which each needs all the others"""
    reach = {}

    def walk(start):
        seen, todo = set(), [start]
        while todo:
            for other in edges.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen

    for module in edges:
        reach[module] = walk(module)
    found = {frozenset(o for o in reach[m] if m in reach.get(o, ()))
             for m in reach if m in reach[m]}
    return sorted(sorted(c) for c in found)


def protocols():
    with open("include/appgw/protocols.h") as f:
        return re.findall(r"^APPGW_PROTOCOL\((\w+)\)", f.read(), re.M)


def kernels_own(name, known, seen=()):
    """The headers of the kernel's that a source includes, itself or by others"""
    for kernels, path in included(name):
        other = None if kernels else resolve(name, path, known)
        if kernels:
            yield path
        elif other and other not in seen:
            yield from kernels_own(other, known, (*seen, other))


def main(objects):
    known = set(sources())
    wrong = []
    edges = {}
    for (name, other), why in sorted(uses(objects, known).items()):
        if layer(name) < layer(other):
            wrong.append("%s goes up to %s: %s" %
                         (name, other, ", ".join(sorted(why))))
        elif name[:-2] != other[:-2]:
            edges.setdefault(name[:-2], set()).add(other[:-2])
    for circle in circles(edges):
        wrong.append("a circle: " + ", ".join(circle))
    named = re.compile(r"\b(%s)_|\bAPPGW_PROTOCOL_(?!\w*COUNT)" %
                       "|".join(protocols()), re.I)
    parser = re.compile(r"(protocols/(%s)_\w+|%s)\.c$" %
                        ("|".join(["discovery", "ftp", *protocols()]), PARSER))
    for name in sorted(known):
        if parser.match(name):
            wrong += ["%s, a parser, needs <%s>" % (name, path)
                      for path in sorted(set(kernels_own(name, known)))]
        if os.path.dirname(name) != "protocols" and named.search(read(name)):
            wrong.append("%s names a protocol: %s" %
                         (name, named.search(read(name))[0]))
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(bool(wrong) or not known)


main(*sys.argv[1:])

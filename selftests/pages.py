#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check that README.md and what it shows are up to date.

The picture has the labels and edges of its source, whatever drew it. The cast is one
of asciinema's and ends as the demo does today; what README quotes is in it, whatever the
numbers. README's figures are those of the bench's baseline. Each file that a page for
newcomers names is there. Each offence is printed; silence is content.
"""

import glob
import html
import json
import os
import re
import subprocess
import xml.etree.ElementTree

PICTURES = glob.glob("kmod/*.dot")
CAST = "selftests/demo/demo.cast"
CAST_MAX = 60000
REPORT = "selftests/bench/report.py"
BASELINE = "selftests/bench/baseline.json"
PAGES = ["README.md", "CONTRIBUTING.md"]
README_LINES_MAX = 300
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"\b[0-9a-f]{12}\b|\d+")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def read(path):
    with open(path) as f:
        return f.read()


def picture_offences(source):
    """A label or an edge that only one of source and picture has"""
    picture = source[:-len("dot")] + "svg"
    text = re.sub(r"^\s*//.*", "", read(source), flags=re.M)
    labels, edges = [], []
    for label in re.findall(r'\blabel="((?:[^"\\]|\\.)*)"', text):
        labels += label.replace('\\"', '"').split(r"\n")
    for chain in re.findall(r"^\s*(\w+(?: -> \w+)+)", text, re.M):
        nodes = chain.split(" -> ")
        edges += map("->".join, zip(nodes, nodes[1:]))

    svg = xml.etree.ElementTree.fromstring(read(picture))
    drawn = [t.text for t in svg.iter(SVG + "text")]
    joined = [html.unescape(g.find(SVG + "title").text)
              for g in svg.iter(SVG + "g") if g.get("class") == "edge"]
    for what, ours, theirs in (("labels", labels, drawn), ("edges", edges, joined)):
        if sorted(ours) != sorted(theirs):
            differ = sorted(set(ours) ^ set(theirs)) or "how often"
            yield f"{picture}: other {what} than {source}: {differ}: make pictures"


def demo_ends():
    """What the demo says at its end if all is well: in the machine, and on the host"""
    return [re.findall(pattern, read("selftests/demo/" + name))[-1]
            for name, pattern in (
                ("guest.sh", r"""printf '\\n  %s(.*)%s\\n' \\\s+"\$green"""),
                ("run", r"""printf '\\n(\w.*)\\n'"""))]


def cast_text(offences):
    """What the cast prints, without colours"""
    head, *events = [json.loads(line) for line in read(CAST).splitlines()]
    if head["version"] != 2 or head["width"] > 100:
        offences.append(f"{CAST}: not of version 2, or too wide")
    times = [time for time, kind, _ in events if kind == "o"]
    if len(times) != len(events) or times != sorted(times):
        offences.append(f"{CAST}: other events than output, or not in order")
    if os.path.getsize(CAST) > CAST_MAX:
        offences.append(f"{CAST}: more than {CAST_MAX} bytes")
    text = ESCAPE.sub("", "".join(out for _, _, out in events)).split("\r\n")
    last = "\n".join(text[-head["height"]:])
    for end in demo_ends():
        if end not in last:
            offences.append(f"{CAST}: doesn't end with \"{end}\": make cast")
    return text


def page_offences(page, cast):
    text = read(page)
    cast = {NUMBER.sub("0", line) for line in cast}
    if page == "README.md" and text.count("\n") >= README_LINES_MAX:
        yield f"{page}: {README_LINES_MAX} lines or more"
    for quoted in re.findall(r"^```text\n(.*?)^```", text, re.M | re.S):
        for line in quoted.splitlines():
            if NUMBER.sub("0", line) not in cast:
                yield f"{page}: not in {CAST}: {line}"
    names = re.findall(r"\]\(([^:)]+)\)", text)
    names += re.findall(r"\b(?:kmod|daemon|include|selftests)/[\w./-]*\w", text)
    for name in names:
        if not os.path.exists(name):
            yield f"{page}: there is no {name}"


def cost_offences():
    """Figures in README that the bench has not measured"""
    figures = subprocess.run([REPORT, "readme", BASELINE], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    if figures not in read("README.md"):
        yield f"README.md: other figures than {BASELINE}: {REPORT} readme {BASELINE} README.md"


def main():
    offences = list(cost_offences())
    for source in PICTURES:
        offences += picture_offences(source)
    cast = cast_text(offences)
    for page in PAGES:
        offences += page_offences(page, cast)
    print("\n".join(offences), end="\n" if offences else "")


main()

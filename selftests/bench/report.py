#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What to make of the figures that the bench's router counts.

usage: report.py figures FILE...	JSON of the figures of several boots
       report.py table JSON		for people
       report.py readme JSON [README]	README's table and what is said below it, in place there
       report.py plot JSON		SVG, by gnuplot
       report.py plot-peers JSON	SVG of other ways to do it beside ours, likewise
       report.py compare JSON BASELINE	fails, if something costs more than it did
       report.py renew [JSON]		makes that the baseline, .build/bench/cost's by default,
					with what other scripts of "make bench" have measured
       report.py self-test

A figure is instructions from one device of the router to the other. What a configuration
adds is its figure less that without a helper, of the same boot; of several boots the median
counts, and the spread is from the lowest to the highest.
"""

import json
import os
import statistics
import subprocess
import sys
import textwrap

BENCH = os.path.dirname(os.path.realpath(__file__))
BASELINE = os.path.join(BENCH, "baseline.json")
BUILD = os.path.join(BENCH, "../../.build/bench")
LAST = os.path.join(BUILD, "cost/cost.json")

# Figures of other scripts, "NAME NUMBER" a line
MORE = ["dcc.more", "flows.more", "crowd.more"]

# What is worse than the baseline: by more than so many per cent, and by more than the
# border of a slab costs, which an allocation meets or doesn't
WORSE_PERCENT = 5
WORSE_MIN = 24

OURS = ["ours", "listening"]


class Row:
    """What is measured

    tree: which of the kernel's helpers stands beside it; base: the row that it is
    compared with where nobody rewrites; goal, listening: what we may add, without
    appgwd and with it, if there is a goal.
    """

    def __init__(self, name, what, tree="ftp", base=None, goal=None, listening=None):
        self.name, self.what, self.tree = name, what, tree
        self.base = base or name
        self.goals = {"ours": goal, "listening": listening}


ROWS = [
    Row("command", "FTP command", goal=450, listening=500),
    Row("reply", "FTP reply", goal=450, listening=500),
    Row("ack", "acknowledgement", goal=255),
    Row("list", "FTP reply, 12 lines of 80 bytes", goal=1000),
    Row("long", "FTP reply, a line of 1000 bytes", goal=900),
    Row("port", "PORT, rewritten", base="command", goal=5000),
    Row("command_after", "command behind a PORT", base="command", goal=700),
    Row("reply_after", "reply behind a PORT", base="reply", goal=700),
    Row("ack_after", "acknowledgement behind a PORT", base="ack"),
    Row("list_after", "12 lines behind a PORT", base="list"),
    Row("chat", "IRC, client's chat", "irc"),
    Row("told", "IRC, others' chat", "irc"),
    Row("chats", "IRC, 12 lines of 80 bytes", "irc", listening=2500),
    Row("dcc", "DCC, with its pinhole", "irc", base="chat"),
    Row("chat_after", "client's chat behind a DCC", "irc", base="chat", listening=850),
    Row("told_after", "others' chat behind a DCC", "irc", base="told", listening=850),
    Row("chats_after", "12 lines behind a DCC", "irc", base="chats", listening=2500),
    Row("interleaved", "RTSP, media within", None, listening=100),
    Row("media", "RTSP, media by UDP", None, listening=50),
    Row("stray", "a datagram beside it, dropped", None),
    Row("setup", "RTSP SETUP, with its pinholes", None, listening=70000),
    Row("setup_reply", "its reply, with the server's", None, listening=70000),
    Row("syn", "SYN of another service", goal=70),
    Row("segment", "segment of another service", goal=25, listening=40),
    Row("datagram", "datagram of another service"),
    Row("flow", "datagram, the first of a flow"),
    Row("question", "question to a portmapper", None),
]

# README's rows: what it says, and what is measured
README = [
    ("FTP: a command; a reply", ["command", "reply"]),
    ("behind a `PORT`", ["command_after", "reply_after"]),
    ("an acknowledgement; behind a `PORT`", ["ack", "ack_after"]),
    ("a reply of 12 lines of 80 bytes; a line of 1,000", ["list", "long"]),
    ("IRC: a client's line of chat; others'; 12 lines", ["chat", "told", "chats"]),
    ("behind a DCC offer", ["chat_after", "told_after", "chats_after"]),
    ("`PORT`, rewritten; a DCC offer, with its pinhole", ["port", "dcc"]),
    ("RTSP: media within; by UDP. A question to a portmapper",
     ["interleaved", "media", "question"]),
    ("RTSP `SETUP` and its reply, with their pinholes", ["setup", "setup_reply"]),
    ("others: a SYN; a segment; a datagram; the first of a flow",
     ["syn", "segment", "datagram", "flow"]),
]


README_HEAD = "| | in-tree | nf_appgw | with `appgwd` |"
README_WIDTH = 105

# Other ways to do it, which are no helpers in the kernel: what the table calls them, what
# README says of a row of theirs
PEERS = {"queue": "a bare queue", "socat": "socat", "conntrackd": "conntrackd"}
README_PEERS = [
    ("queue", "chat", "a queue to a program that accepts all {}"),
    ("socat", "chat", "socat as a proxy, which rewrites nothing, {}"),
    ("conntrackd", "command", "conntrackd's helper, which is there for FTP only, {}"),
    ("conntrackd", "port", "a `PORT` rewritten by that {}"),
]
# Rows of the plot of these, and its bars
PLOT_PEERS = ["command", "port", "chat", "dcc"]
PLOT_PEERS_BARS = {"queue": "bare queue", "socat": "socat, unrewritten",
                   "conntrackd": "conntrackd's helper"}


def key(config, row):
    return config + " " + row


def read_figures(files):
    """Figures of one boot a file, as "CONFIG ROW INSTRUCTIONS" and "kernel RELEASE\""""
    kernels, figures = set(), {}
    for path in files:
        with open(path) as f:
            for line in f:
                words = line.split()
                if words[0] == "kernel":
                    kernels.add(words[1])
                    continue
                config, row, count = words
                figures.setdefault(key(config, row), []).append(int(count))
    if any(len(counts) != len(files) for counts in figures.values()):
        sys.exit("a boot lacks figures that another has")
    return {"kernel": " ".join(sorted(kernels)), "boots": len(files), "figures": figures}


def read_more(files):
    """What other scripts have measured; those that weren't run lack"""
    more = {}
    for path in filter(os.path.exists, files):
        with open(path) as f:
            more.update((name, int(value)) for name, value in map(str.split, f))
    return more


def write(report, to=sys.stdout):
    """A line for each figure, so that a new baseline shows what has changed"""
    lines = [f'  {json.dumps(k)}: {json.dumps(v)}' for k, v in report["figures"].items()]
    head = {k: v for k, v in report.items() if k != "figures"}
    print(json.dumps(head)[:-1] + ', "figures": {\n' + ",\n".join(lines) + "\n}}", file=to)


def load(path):
    with open(path) as f:
        return json.load(f)


def added_each(report, config, row):
    """What config adds to row in each boot; nothing, if that wasn't measured"""
    if not config:
        return []
    ours = report["figures"].get(key(config, row.name), [])
    none = report["figures"].get(key("none", row.base), [])
    return [a - b for a, b in zip(ours, none)]


def added(report, config, row):
    each = added_each(report, config, row)
    return round(statistics.median(each)) if each else None


def spread(report, row):
    """The largest of all configurations"""
    each = [added_each(report, c, row) for c in OURS + [row.tree]]
    return max((max(e) - min(e) for e in each if e), default=0)


def missed(report, row):
    """Goals that a row misses; None, if it has none that was measured"""
    judged = [(added(report, c, row), goal) for c, goal in row.goals.items() if goal]
    judged = [(have, goal) for have, goal in judged if have is not None]
    return sum(have > goal for have, goal in judged) if judged else None


def is_worse(now, was):
    return now - was > max(WORSE_MIN, abs(was) * WORSE_PERCENT / 100)


def worse(report, baseline):
    """A sentence for each figure of ours that is worse, or has none to compare it with"""
    said = []
    for row in ROWS:
        for config in OURS:
            now, was = added(report, config, row), added(baseline, config, row)
            if now is None:
                continue
            if was is None:
                said.append(f"{row.name}, {config}: the baseline hasn't got it")
            elif is_worse(now, was):
                said.append(f"{row.name}, {config}: +{now:,}, not +{was:,}")
    return said


def signed(value):
    return "" if value is None else f"{value:+,}"


def table(report):
    lines = [f'instructions on {report["kernel"]}, median of boots: {report["boots"]}']
    form = "%-32s %8s %8s %9s %10s %7s %14s %s"
    lines.append(form % ("", "without", "in-tree", "nf_appgw", "listening", "spread",
                         "goal", ""))
    for row in ROWS:
        none = report["figures"].get(key("none", row.base))
        goals = [f"{row.goals['ours']:,}" if row.goals["ours"] else "",
                 f"[{row.goals['listening']:,}]" if row.goals["listening"] else ""]
        verdict = {None: "", 0: "met"}.get(missed(report, row), "missed")
        lines.append(form % (
            row.what, f"{round(statistics.median(none)):,}" if none else "",
            signed(added(report, row.tree, row)),
            signed(added(report, "ours", row)), signed(added(report, "listening", row)),
            spread(report, row) or "", " ".join(filter(None, goals)), verdict))
    lines.append("[]: with appgwd listening")
    return [line.rstrip() for line in lines + peers_table(report)]


def peers_table(report):
    form = "%-32s %12s %10s %7s"
    lines = [form % ("other ways", "", "", "spread")]
    for config, what in PEERS.items():
        for row in ROWS:
            each = added_each(report, config, row)
            if each:
                lines.append(form % (row.what, what, signed(added(report, config, row)),
                                     max(each) - min(each) or ""))
    return lines if lines[1:] else []


def cell(values):
    if not any(v is not None for v in values):
        return "–"
    return "; ".join(signed(v) or "–" for v in values)


def readme(report):
    named = {row.name: row for row in ROWS}
    lines = []
    for what, names in README:
        rows = [named[name] for name in names]
        cells = [cell([added(report, row.tree, row) for row in rows])]
        cells += [cell([added(report, c, row) for row in rows]) for c in OURS]
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return [README_HEAD, "|---|---|---|---|"] + lines + [""] + readme_text(report)


def readme_text(report):
    """What is said below the table"""
    named = {row.name: row for row in ROWS}
    more = report.get("more", {})
    said = [(text, added(report, config, named[name])) for config, name, text in README_PEERS]
    said = [text.format(signed(value)) for text, value in said if value is not None]
    text = f"Other ways, for a line: {'; '.join(said)}. " if said else ""
    if "dcc_latency" in more:
        text += ("A DCC line through `appgwd` takes "
                 f"{more['dcc_latency'] / 100:.2f} times what it takes if all that is queued is "
                 "accepted unread. ")
    if "many" in more:
        times = max(more["many_chat"] / more["few_chat"], more["many_dcc"] / more["few_dcc"])
        text += (f"With {more['many']:,} connections a segment costs {times:.2f} times what it "
                 f"costs with {more['few']:,}. ")
    if "crowd_ftp_ours" in more:
        text += (
            f"On two emulated processors a lock is found taken {more['crowd_ftp_ours']:,} times "
            f"in a million segments of FTP, {more['crowd_ftp_none']:,} times without a helper, and "
            f"{more['crowd_ftp_tree']:,} with the kernel's, which has one for all. ")
    text += "`make bench` measures it again, with goals and the spread of boots."
    return textwrap.wrap(text, README_WIDTH, break_long_words=False, break_on_hyphens=False)


def readme_renew(report, path):
    """Put table and text where they are in README."""
    with open(path) as f:
        lines = f.read().split("\n")
    begin = lines.index(README_HEAD)
    end = next(i for i in range(begin, len(lines)) if lines[i].startswith("## "))
    lines[begin:end] = readme(report) + [""]
    with open(path, "w") as f:
        f.write("\n".join(lines))


def plot(report, names, bars):
    """Bars, on a logarithmic scale: the largest is a thousand times the smallest."""
    titles = ["in-tree", "nf_appgw", "with appgwd listening"] + list(bars.values())
    script = ["$rows << end"]
    for row in ROWS:
        values = [added(report, c, row) for c in [row.tree] + OURS + list(bars)]
        values = ["NaN" if not v or v < 1 else str(v) for v in values]
        if row.name in names:
            script.append(f'"{row.name}" ' + " ".join(values))
    script += [
        "end",
        "set terminal svg noenhanced size 1000,480 font 'sans,12' background rgb 'white'",
        f"set title 'instructions a packet more, {report['kernel']}'",
        "set style data histogram", "set style histogram clustered gap 1",
        "set style fill solid 0.9", "set logscale y", "set yrange [10:*]",
        "set grid ytics", "set key outside top center horizontal", "set xtics rotate by 45 right",
        "plot " + ", ".join(f"$rows using {i}:xtic(1) title \"{title}\""
                            for i, title in enumerate(titles, 2)),
    ]
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)


def compare(report, baseline):
    if report["kernel"] != baseline["kernel"]:
        print(f'{report["kernel"]}, the baseline is of {baseline["kernel"]}')
    said = worse(report, baseline)
    print("\n".join(said))
    return bool(said)


def renew(path=LAST):
    report = load(path)
    if not any(k.startswith("ftp ") for k in report["figures"]):
        sys.exit(f"{path}: not of all configurations")
    report["more"] = read_more([os.path.join(BUILD, name) for name in MORE])
    with open(BASELINE, "w") as to:
        write(report, to)


def self_test():
    row = Row("port", "", base="command", goal=100, listening=10)
    report = {"figures": {"none command": [1000, 1010, 1005], "none port": [0, 0, 0],
                          "ours port": [1090, 1120, 1101], "ftp port": [1500, 1500, 1501]}}
    assert added_each(report, "ours", row) == [90, 110, 96]
    assert added(report, "ours", row) == 96
    assert added(report, "ftp", row) == 496
    assert added(report, "listening", row) is None
    assert spread(report, row) == 20
    # a goal of what wasn't measured is neither met nor missed
    assert missed(report, row) == 0
    report["figures"]["listening port"] = [1011, 1021, 1016]
    assert missed(report, row) == 1
    assert missed(report, Row("port", "", base="command")) is None
    # by more than 5 % and by more than 24
    assert not is_worse(1050, 1000) and is_worse(1051, 1000)
    assert not is_worse(44, 20) and is_worse(45, 20)
    assert not is_worse(900, 1000) and not is_worse(-40, -20)
    assert not worse(report, report)
    without = {"figures": {"none command": [1000]}}
    assert len(worse(report, without)) == 2
    cheaper = {"figures": dict(report["figures"], **{"ours port": [1066, 1086, 1071]})}
    assert worse(report, cheaper) == ["port, ours: +96, not +66"]
    assert not worse(cheaper, report)
    assert signed(1234) == "+1,234" and signed(-5) == "-5" and signed(None) == ""
    assert cell([None, None]) == "–" and cell([5, None]) == "+5; –"
    assert len({row.name for row in ROWS}) == len(ROWS)
    named = [row.name for row in ROWS]
    assert all(name in named for _, names in README for name in names)
    assert all(name in named and config in PEERS for config, name, _ in README_PEERS)
    report = {"figures": {"none chat": [1000], "queue chat": [2234]},
              "more": {"dcc_latency": 141, "few": 100, "many": 1000, "few_chat": 100,
                       "many_chat": 101, "few_dcc": 200, "many_dcc": 210}}
    text = " ".join(readme_text(report))
    assert "accepts all +1,234. A DCC" in text and "1.41 times" in text
    assert "With 1,000 connections a segment costs 1.05 times" in text
    assert peers_table(report)[1].split()[-1] == "+1,234"


def main():
    command, args = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if command == "figures" and args:
        write(read_figures(args))
    elif command in ("table", "readme") and len(args) == 1:
        print("\n".join({"table": table, "readme": readme}[command](load(args[0]))))
    elif command == "readme" and len(args) == 2:
        readme_renew(load(args[0]), args[1])
    elif command == "plot" and len(args) == 1:
        plot(load(args[0]), [row.name for row in ROWS], {})
    elif command == "plot-peers" and len(args) == 1:
        plot(load(args[0]), PLOT_PEERS, PLOT_PEERS_BARS)
    elif command == "compare" and len(args) == 2:
        sys.exit(compare(load(args[0]), load(args[1])))
    elif command == "renew" and len(args) < 2:
        renew(*args)
    elif command == "self-test" and not args:
        self_test()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-2.0-only
"""FTP conversations, each held three times: without a router, through one with the
kernel's helper, and through one with ours. What works in the first two works in
the third, its text comes byte for byte but for what it announces, and nothing
else opens there (ftp_talk_rules.py).

	ftp_talk.py [--count N] [--seed N] [--first N] [--jobs N] [--shrink N]
	            [--cases FILE] [--show] [--no-help]

ftp_differential.sh builds the worlds, "direct", "intree" and "ours": in namespaces
in_W, gw_W and out_W, with these addresses, hosts by number from 1 on:

	10.0.1.N	hosts inside		10.0.9.9	one more
	198.18.1.N	hosts outside		198.18.9.9	one more
	198.18.2.N	what the router takes for 10.0.1.N, port 21
	198.18.0.1	what hosts inside are seen as

A firewall that has something against a connection resets it. Results are KTAP's
lines; those that fail are followed by the conversation, without what it fails
without too.
"""

import argparse
import collections
import os
import queue
import re
import sys
import threading
import time

# Python is told to keep its path short ("-I"), and may not write to the checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import ftp_talk_gen
from ftp_talk_leg import SHUT_OUT, SLOTS_MAX, TURNS, Leg, Place, inside
from ftp_talk_rules import EITHER, NAMES, OPEN, SHUT, Rules, port_of
from ftp_talk_steps import Step, parse_cases

WORLDS = "direct", "intree", "ours"

# What is checked of conversations that were made up, and which faults that is about
CHECKS = (
    ("works as it should without a router", "stuck direct", "text direct",
     "outsider direct"),
    ("what should work does", "refused"),
    ("nothing else opens", "opened", "outsider ours"),
    ("the text comes as it was said", "stuck ours", "text ours"),
)

# How often a conversation is tried without a part of it
SHRINK_TRIES = 200

# So many failures of a kind are told
TOLD_MAX = 40

# Said of a fault that the kernel's own helper doesn't have
BOTH = " and with the kernel's helper"


class Foreseen:
    """What the rules make of a talk: of each step of data a verdict, of each that
    says something one for each of its lines"""

    def __init__(self, talk):
        rules = Rules()
        self.data, self.said = {}, {}
        for at, step in enumerate(talk.steps):
            if step.op == "data":
                self.data[at] = rules.verdict(step.text)
                rules.used(step.text)
            elif step.op == "bye":
                rules.stop()
            elif step.op in "<>":
                said = rules.client if step.op == ">" else rules.server
                self.said[at] = [said(line.rstrip("\r\n"))
                                 for line in step.lines()]


class Trial:
    """A talk in all the worlds, and what is wrong with ours then"""

    def __init__(self, talk, slot, turn, worlds):
        self.talk = talk
        self.foreseen = Foreseen(talk)
        place = Place(slot, turn, talk.topology)
        self.legs = {}
        for world in worlds:
            leg = self.legs[world] = Leg(world, talk, place, self.foreseen)
            leg.run()
        self.faults = sorted(self.find_faults())    # (step, kind, what)

    def worked(self, world, at):
        leg = self.legs.get(world)
        return leg is None or leg.results.get(at) is True

    def find_faults(self):
        for world in "direct", "ours":
            leg = self.legs.get(world)
            if leg and leg.stuck:
                yield leg.stuck[0], "stuck " + world, leg.stuck[1]
            if leg and leg.foreign_text:
                yield (leg.foreign_text[0], "text " + world,
                       leg.foreign_text[1])
            for at, what in leg.outsiders if leg else ():
                yield at, "outsider " + world, what
        leg = self.legs["ours"]
        for at, result in leg.results.items():
            verdict = self.foreseen.data[at]
            if not self.worked("direct", at):
                yield at, "stuck direct", str(
                    self.legs["direct"].results.get(at))
            elif verdict == SHUT and result != SHUT_OUT:
                yield at, "opened", "must stay shut"
            elif verdict == OPEN and result is not True or \
                    verdict == EITHER and result not in (True, SHUT_OUT):
                also = "intree" in self.legs and self.worked("intree", at)
                yield at, "refused", "%s; works without a router%s" % (
                    result, BOTH if also else "")

    def show(self):
        """The talk, and with it what came of it"""
        faults = collections.defaultdict(list)
        for at, kind, what in self.faults:
            faults[at].append("%s: %s" % (kind, what))
        out = ["= " + self.talk.name, self.talk.topology]
        for at, step in enumerate(self.talk.steps):
            out.append(str(step))
            if at in self.foreseen.data:
                out.append("# %s; %s" % (
                    NAMES[self.foreseen.data[at]],
                    ", ".join("%s %s" % (w, leg.results[at] is True and "yes"
                                         or leg.results[at])
                              for w, leg in self.legs.items()
                              if at in leg.results)))
            out += ["# !! " + fault for fault in faults.get(at, [])]
        return out + ["# !! " + fault for fault in faults.get(-1, [])]


def reductions(steps, size):
    """What is left of them without so many at a time and, last of all, without
    cuts and without lines"""
    for at in range(len(steps) - size, -1, -1):
        yield steps[:at] + steps[at + size:]
    if size > 1:
        return
    for at, step in enumerate(steps):
        if step.op not in "<>":
            continue
        lines = step.lines()
        texts = [(step.text, ())] if step.cuts else []
        if len(lines) > 1:
            texts += [("".join(lines[:i] + lines[i + 1:]), step.cuts)
                      for i in range(len(lines))]
        for text, cuts in texts:
            yield steps[:at] + [Step(step.op, text, cuts)] + steps[at + 1:]


def step_of(trial, fault):
    """What is said or done at a fault; of a text no more than that it is one"""
    at = fault[0]
    step = at >= 0 and trial.talk.steps[at]
    return step and (step.op if step.op in "<>" else str(step))


class Crowd:
    """Many talks at a time, each in a slot of its own"""

    def __init__(self, jobs, shrink, worlds):
        self.jobs, self.shrink_max, self.worlds = jobs, shrink, worlds
        self.lock = threading.Lock()
        self.slots = queue.Queue()
        for slot in range(1, jobs + 1):
            self.slots.put((slot, 0))
        self.count = collections.Counter()
        self.failed = collections.defaultdict(list)    # trials, by number
        self.shrunk = {}
        self.undecided = []     # steps that only the kernel's helper allows

    def trial(self, talk, worlds=None):
        slot, turn = self.slots.get()
        try:
            trial = Trial(talk, slot, turn, worlds or self.worlds)
        finally:
            self.slots.put((slot, (turn + 1) % TURNS))
        with self.lock:
            for said in trial.foreseen.said.values():
                self.count["said"] += sum(v != SHUT for v in said)
        return trial

    def one(self, number, talk):
        trial = self.trial(talk)
        with self.lock:
            self.take(trial)
        if not trial.faults:
            return
        key = self.story(trial)
        with self.lock:
            self.failed[number].append(trial)
            like = [k for k in self.shrunk if k[0] == key[0]]
            if key in like or len(like) >= self.shrink_max:
                return
            self.shrunk[key] = trial
        self.shrunk[key] = self.shrink(trial)

    @staticmethod
    def story(trial):
        """Faults that are probably the same have the same one."""
        at, kind, _ = trial.faults[0]
        port = at >= 0 and trial.talk.steps[at].text
        said = [re.sub(r"\d+_?\}", "}", line.strip()) for s in trial.talk.steps
                if s.op in "<>" for line in s.lines() if port_of(line) == port]
        return kind, said[0] if said else ""

    def take(self, trial):
        self.count["talks"] += 1
        for world, leg in trial.legs.items():
            self.count[world, "stuck"] += bool(leg.stuck)
            self.count[world, "text"] += bool(leg.foreign_text)
            self.count[world, "outsiders"] += len(leg.outsiders)
            for at, verdict in trial.foreseen.data.items():
                if at in leg.results:
                    self.count[world, verdict] += 1
                    self.count[world, verdict, True] += \
                        leg.results[at] is True
        for at, verdict in trial.foreseen.data.items():
            if verdict == EITHER and trial.worked("intree", at) and \
                    not trial.worked("ours", at):
                self.undecided.append("%s, step %d" % (trial.talk.name, at))

    def shrink(self, trial):
        """Without as much as it fails without in the same way"""
        def fault_of(trial):
            """Of each fault what doesn't change when steps go"""
            return [(step_of(trial, f), *f[1:]) for f in trial.faults]

        fault = fault_of(trial)[0]
        worlds = self.worlds if BOTH in fault[-1] else \
            [w for w in self.worlds if w != "intree"]
        left = SHRINK_TRIES
        at = trial.faults[0][0]
        if at >= 0:
            less = self.trial(trial.talk.with_steps(
                trial.talk.steps[:at + 1]), worlds)
            if fault in fault_of(less):
                trial = less
        size = max(1, len(trial.talk.steps) // 2)
        while size:
            smaller = False
            for steps in reductions(trial.talk.steps, size):
                left -= 1
                if left < 0:
                    return trial
                less = self.trial(trial.talk.with_steps(steps), worlds)
                if fault in fault_of(less):
                    trial = less
                    smaller = True
                    break
            if not smaller:
                size //= 2
        return trial

    def run(self, talks):
        todo = queue.Queue()
        for item in talks:
            todo.put(item)

        def work():
            while True:
                try:
                    number, talk = todo.get_nowait()
                except queue.Empty:
                    return
                try:
                    self.one(number, talk)
                except Exception as why:    # the test's own fault
                    with self.lock:
                        self.count["broken"] += 1
                        print("# %s: %r" % (talk.name, why), flush=True)
                    raise

        self.count["opened"] -= counter("opened")
        threads = [threading.Thread(target=work)
                   for _ in range(self.jobs)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.count["opened"] += counter("opened")


def counter(name):
    """Of the router of ours"""
    inside("gw_ours")
    with open("/proc/thread-self/net/stat/nf_appgw") as f:
        names, values = (line.split() for line in f)
    return int(values[names.index(name)])


def find_failures(crowd, trials, *kinds):
    """(Trials that have a fault of these kinds, or of any, with the first such one;
    those of them that were made short)"""
    found = [(t, fault) for t in trials
             for fault in [f for f in t.faults
                           if not kinds or f[1] in kinds][:1]]
    names = [t.talk.name for t, _ in found]
    return found, [t for t in crowd.shrunk.values()
                   if t.talk.name in names and
                   (not kinds or t.faults[0][1] in kinds)]


def report_failures(found, shrunk):
    for t in shrunk:
        print("\n".join("# " + line for line in t.show()))
    for t, (at, kind, what) in found[:TOLD_MAX]:
        print("# %s, step %d: %s: %s" % (t.talk.name, at, kind, what))
    if len(found) > TOLD_MAX:
        print("# and %d more" % (len(found) - TOLD_MAX))


def numbers(crowd):
    c = crowd.count
    for w in crowd.worlds:
        print("# %s: %s; %d stuck, %d with other text, %d outsiders" % (
            w, ", ".join("%s %d of %d" % (NAMES[v], c[w, v, True], c[w, v])
                         for v in (OPEN, EITHER, SHUT)),
            c[w, "stuck"], c[w, "text"], c[w, "outsiders"]))
    print("# either, and the kernel's helper alone opens it: %d" %
          len(crowd.undecided))
    for which in crowd.undecided[:TOLD_MAX]:
        print("#   " + which)


class Results:
    """KTAP's lines"""

    def __init__(self, crowd):
        self.crowd = crowd
        self.count = 0
        self.trials = [t for number in sorted(crowd.failed)
                       for t in crowd.failed[number]]

    def say(self, good, name):
        self.count += 1
        print("%sok %d %s" % ("" if good and not self.crowd.count["broken"]
                              else "not ", self.count, name), flush=True)

    def cases(self, talks):
        for number, talk in talks:
            trials = self.crowd.failed.get(number, [])
            self.say(not trials, "%s: %s" % (talk.topology, talk.name))
            report_failures(*find_failures(self.crowd, trials))

    def made_up(self, title):
        for name, *kinds in CHECKS:
            found, shrunk = find_failures(self.crowd, self.trials, *kinds)
            self.say(not found, "%s, %d conversations: %s" %
                     (title, self.crowd.count["talks"], name))
            report_failures(found, shrunk)
        c = self.crowd.count
        self.say(c["intree", OPEN, True] and c["intree", SHUT, True],
                 "%s: the kernel's helper opens what it should, and more" %
                 title)
        self.say(c["opened"] <= c["said"],
                 "%s: %d announcements opened, of %d that may" %
                 (title, c["opened"], c["said"]))

    def no_help(self, title):
        c = self.crowd.count
        self.say(c["ours", OPEN] and not c["ours", OPEN, True],
                 "%s: without a helper none of %d transfers works" %
                 (title, c["ours", OPEN]))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--count", type=int, default=150)
    p.add_argument("--seed", default="1")
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--jobs", type=int, default=32)
    p.add_argument("--shrink", type=int, default=3)
    p.add_argument("--cases")
    p.add_argument("--show", action="store_true")
    p.add_argument("--no-help", action="store_true")
    args = p.parse_args()
    args.jobs = min(args.jobs, SLOTS_MAX)

    begin = time.monotonic()
    if args.cases:
        with open(args.cases) as f:
            talks = list(enumerate(parse_cases(f.read())))
    else:
        talks = [(i, ftp_talk_gen.make(args.seed, i))
                 for i in range(args.first, args.first + args.count)]
    if args.show:
        print("\n\n".join(str(talk) for _, talk in talks))
        return
    crowd = Crowd(args.jobs, args.shrink, WORLDS[-1:] if args.no_help else
                  WORLDS)
    crowd.run(talks)
    results = Results(crowd)
    if args.no_help:
        results.no_help("seed " + args.seed)
    elif args.cases:
        results.cases(talks)
    else:
        results.made_up("seed " + args.seed)
    numbers(crowd)
    print("# %d conversations in %.0f s" % (crowd.count["talks"],
                                            time.monotonic() - begin))


main()

# SPDX-License-Identifier: GPL-2.0-only
"""Sessions with one FTP server in which a client does what people do, and moves
files in every mode after that.

	ftp_habits.py NS HOST PORT SERVER_NS OWN_HOST USER PASS HOME FOLDER
		      AT_A_TIME helped|blocked [WORD]...
	ftp_habits.py --count|--stops [WORD]...

A client in NS finds the server at HOST. What goes wrong there is asked of the
server directly, from SERVER_NS at OWN_HOST: if it goes wrong there as well, the
server can't do it. "blocked": data connections must fail, but not directly; so must those
of habits that end the gateway's help. Only habits that have each WORD in their
names, or not if "!" is before it.

Output: a line for each habit, "ok NAME", "no NAME" or "itself NAME", and after a
tab what went wrong, and what of that is the server's own. What was said is
in FOLDER/N, N counting lines from 0. "--count" says how many habits that makes, and
"--stops" which counters of the gateway they move, a line for each.
"""

import os
import queue
import sys
import threading

# Python is told to keep its path short ("-I"), and may not write to the checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from ftp_habit_list import (FILE, MODES, before_login, ends_help, habits,
                            impatient, stops)
from ftp_raw import CLOSED, NO_DATA, REFUSED, Failed, Place, Session

# A server that sometimes does what it is told, and sometimes not, has so many
# occasions to show that.
TRIES = 4


def attempt(results, part, do):
    try:
        do()
        results[part] = None
    except Failed as why:
        results[part] = why
    except OSError as why:
        results[part] = Failed(NO_DATA, "%s %s" % (type(why).__name__, why))


def move(s, mode, number):
    s.binary()
    if mode in ("epsv", "eprt"):
        s.store(mode, "up.%d.%s" % (number, mode))
    else:
        s.fetch(mode, FILE)


def enter(s, name):
    if name not in impatient:
        s.answer((220,))
    if name not in before_login and not s.login():
        raise Failed(REFUSED, "login")


def live(s, name):
    habits[name](s)
    s.settle()


def session(place, account, name, number, log):
    """What came of each part: None if it went well"""
    results = {}
    modes = [m for m in MODES if ":" not in place.host or m[0] == "e"]
    try:
        s = Session(place, *account, name not in impatient)
    except OSError as why:
        return {"login": Failed(CLOSED, str(why))}
    attempt(results, "login", lambda: enter(s, name))
    if results["login"] is None:
        attempt(results, "habit", lambda: live(s, name))
        if results["habit"] is not None:
            attempt({}, "", s.settle)
        for mode in modes:
            attempt(results, mode, lambda m=mode: move(s, m, number))
            if results[mode] is not None:
                attempt({}, "", s.settle)
    s.close()
    log += s.log
    return results


def wrong(results):
    return {part: why for part, why in results.items() if why is not None}


def told(results):
    return "; ".join("%s: %s" % x for x in results.items())


def chosen(words):
    return [n for n in habits
            if all(w[1:] not in n if w[0] == "!" else w in n for w in words)]


class Judge:
    def __init__(self, args):
        ns, host, port, server_ns, own_host, user, password, home = args[:8]
        self.folder, at_a_time, expected = args[8:11]
        self.places = (Place(ns, host, port, home),
                       Place(server_ns, own_host, port, home))
        self.account = user, password
        self.blocked = expected == "blocked"
        self.names = chosen(args[11:])
        self.work = queue.SimpleQueue()
        for job in enumerate(self.names):
            self.work.put(job)
        self.lines = [None] * len(self.names)
        self.at_a_time = int(at_a_time)
        self.lock = threading.Lock()
        self.shown = 0

    def judge(self, name, number, log):
        through, direct = self.places
        bad = wrong(session(through, self.account, name, number, log))
        shut = MODES if self.blocked else ends_help.get(name, ())
        if not bad and not shut:
            return "ok", ""
        # nor what the habit itself moves
        unasked = {*shut, "habit"} if shut else set()
        own_bad = {}
        for _ in range(TRIES):
            log.append("directly:")
            own = session(direct, self.account, name, 1000 + number, log)
            # what it can't do, it need not fail at in the same session
            own_bad.update(wrong(own))
            if not set(bad) - set(own_bad) - unasked:
                break
        if "habit" in own_bad:
            shut, unasked = (), set()
        works = [m for m in MODES if m in own and own[m] is None]
        still = [m for m in works if m in shut and
                 (m not in bad or bad[m].kind not in (NO_DATA, REFUSED))]
        if still:
            return "no", "not shut: %s; %s" % (" ".join(still), told(bad))
        # of a session that ended, the rest
        ours = {part: why for part, why in bad.items()
                if part not in own_bad and part not in unasked}
        if ours:
            return "no", told(ours)
        return "ok" if works else "itself", told(
            {part: why for part, why in own_bad.items() if part in bad})

    def show(self, number, line):
        """In the order of the habits, as soon as may be"""
        with self.lock:
            self.lines[number] = line.replace("\n", " ").replace("\r", "")
            while self.shown < len(self.lines) and self.lines[self.shown]:
                print(self.lines[self.shown], flush=True)
                self.shown += 1

    def run(self):
        while True:
            try:
                number, name = self.work.get_nowait()
            except queue.Empty:
                return
            log = []
            verdict, text = "no", "the client died"
            try:
                verdict, text = self.judge(name, number, log)
            finally:
                with open(os.path.join(self.folder, str(number)), "w",
                          encoding="latin-1", errors="replace") as f:
                    f.writelines(line + "\n" for line in log)
                self.show(number, "%s %s\t%s" % (verdict, name, text))

    def all(self):
        threads = [threading.Thread(target=self.run)
                   for _ in range(self.at_a_time)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()


if sys.argv[1] == "--count":
    print(len(chosen(sys.argv[2:])))
elif sys.argv[1] == "--stops":
    print("\n".join(sorted(stops[n] for n in chosen(sys.argv[2:]) if n in stops)))
else:
    Judge(sys.argv[1:]).all()

# SPDX-License-Identifier: GPL-2.0-only
"""What people and their clients do in FTP sessions, beside moving files. Each of
these leaves the session so that files can be moved."""

import socket
import time

from ftp_raw import MAYBE_S, NO_ANSWER, OTHER_BYTES, REFUSED, SLOWNESS, Failed

# Telnet's, RFC 854
IP, DM, IAC = b"\xf4", b"\xf2", b"\xff"

# A file that doesn't fit into buffers, one that takes a while, one more
BIG, MIDDLE, FILE = "big", "middle", "down"
OFFSET = 12345

MODES = "pasv", "epsv", "port", "eprt"

# By name; the names of those that log in themselves, and don't wait for the server
# to speak first; in which modes those have no help any more, by decision, that look
# like another protocol's or say so themselves, and the gateway's counter of that
habits = {}
before_login = set()
impatient = set()
ends_help = {}
stops = {}


def habit(name, login=True, wait=True, ends=(), stop=None):
    def keep(run):
        habits[name] = run
        if not login:
            before_login.add(name)
        if not wait:
            impatient.add(name)
        if ends:
            ends_help[name] = ends
        if stop:
            stops[name] = stop
        return run
    return keep


def asked(s, *lines):
    """Some lines are never answered by some servers"""
    for line in lines:
        s.send(line)
        s.reply(MAYBE_S)


def half_done(s, mode="pasv", name=BIG):
    """A download that is under way"""
    s.binary()
    data = s.begin("RETR " + name, mode, s.open_data(mode))
    return data, s.take(data, 5000)


@habit("nothing beside moving files")
def nothing(_):
    pass


# Transfers that somebody cancels

@habit("download cancelled, connection closed")
def get_closed(s):
    half_done(s)[0].close()


@habit("active download cancelled, connection closed")
def get_closed_active(s):
    half_done(s, "port")[0].close()


def drain(s, data):
    """As clients do that wait until a cancelled download has ended"""
    try:
        s.take(data)
    except Failed:
        pass
    data.close()


@habit("ABOR")
def abor(s):
    data, _ = half_done(s)
    s.send("ABOR")
    drain(s, data)


@habit("ABOR, connection closed first")
def abor_closed(s):
    data, _ = half_done(s)
    data.close()
    s.send("ABOR")


@habit("ABOR of an active download")
def abor_active(s):
    data, _ = half_done(s, "port")
    s.send("ABOR")
    drain(s, data)


@habit("ABOR with Telnet's interrupt and synch")
def abor_telnet(s):
    data, _ = half_done(s)
    s.raw(IAC + IP + IAC, socket.MSG_OOB)
    s.raw(DM + b"ABOR\r\n")
    drain(s, data)


@habit("ABOR with Telnet's interrupt and synch, all urgent")
def abor_telnet_urgent(s):
    data, _ = half_done(s)
    s.raw(IAC + IP)
    s.raw(IAC + DM, socket.MSG_OOB)
    s.raw(b"ABOR\r\n")
    drain(s, data)


@habit("ABOR as urgent data")
def abor_urgent(s):
    """As Python's ftplib does: the line's end may get lost"""
    data, _ = half_done(s)
    s.raw(b"ABOR\r\n", socket.MSG_OOB)
    drain(s, data)


@habit("ABOR and PASV at once")
def abor_hasty(s):
    data, _ = half_done(s)
    s.send("ABOR", "PASV")
    data.close()
    s.connect(s.announced("pasv")).close()


@habit("ABOR with nothing under way")
def abor_idle(s):
    asked(s, "ABOR", "ABOR")


@habit("ABOR after the end")
def abor_late(s):
    s.binary()
    data = s.begin("RETR " + FILE, "pasv", s.passive("pasv"))
    s.compare(s.take(data), FILE)
    s.send("ABOR")
    data.close()


@habit("ABOR at once")
def abor_early(s):
    s.binary()
    data = s.passive("pasv")
    s.send("RETR " + BIG)
    s.send("ABOR")
    drain(s, data)


@habit("upload cancelled, connection closed")
def put_closed(s):
    s.binary()
    data = s.begin("STOR half", "pasv", s.passive("pasv"))
    data.sendall(b"x" * 3000)
    data.close()
    s.settle()
    asked(s, "DELE half")


@habit("upload cancelled by ABOR")
def put_abor(s):
    s.binary()
    data = s.begin("STOR half", "epsv", s.passive("epsv"))
    data.sendall(b"x" * 3000)
    s.send("ABOR")
    data.close()
    s.settle()
    asked(s, "DELE half")


# While a transfer is under way

def meanwhile(s, lines, pipelined):
    """Say something in the middle of a download that goes on"""
    data, got = half_done(s, name=MIDDLE)
    if pipelined:
        s.send(*lines)
    for line in () if pipelined else lines:
        s.send(line)
        s.reply(0)
        got += s.take(data, 50000)
    s.compare(got + s.take(data), MIDDLE)
    data.close()


@habit("NOOPs during a download")
def noops(s):
    meanwhile(s, ["NOOP"] * 3, False)


@habit("NOOPs during a download, at once")
def noops_at_once(s):
    meanwhile(s, ["NOOP"] * 5, True)


@habit("STAT during a download")
def stat_during(s):
    meanwhile(s, ["STAT"], False)


@habit("NOOPs during an upload")
def noops_put(s):
    s.binary()
    data = s.begin("STOR noops", "pasv", s.passive("pasv"))
    for _ in range(3):
        data.sendall(b"y" * 10000)
        s.send("NOOP")
        s.reply(0)
    data.close()
    s.settle()
    asked(s, "DELE noops")


@habit("PASV before 226 is read")
def hasty(s):
    s.binary()
    data = s.begin("RETR " + FILE, "pasv", s.passive("pasv"))
    s.compare(s.take(data), FILE)
    data.close()
    data = s.begin("RETR " + FILE, "pasv", s.passive("pasv"))
    s.compare(s.take(data), FILE)


@habit("PASV and PORT during a download")
def announced_during(s):
    data, got = half_done(s, name=MIDDLE)
    s.send("PASV", s.line_for(s.listen(), "port"))
    s.compare(got + s.take(data), MIDDLE)
    data.close()


# Logging in, again and again

@habit("login again")
def relogin(s):
    s.login()


@habit("login as somebody else")
def other_user(s):
    s.login(s.user + "2")
    s.settle()


@habit("USER alone, again")
def user_alone(s):
    if s.ask("USER " + s.user) == 331:
        s.ask("CWD .")
        s.login()


@habit("REIN")
def rein(s):
    if s.ask("REIN") < 300:
        s.login()


@habit("a wrong password first", login=False)
def bad_password(s):
    s.login(None, "wrong")
    if not s.login():
        raise Failed(REFUSED, "the right password")


@habit("a wrong user later")
def bad_user(s):
    s.login("nobody-like-this", "wrong")
    s.login()


@habit("other commands before the login", login=False)
def unknown_yet(s):
    asked(s, "SYST", "FEAT", "PASV", "PORT 1,2,3,4,5,6", "OPTS UTF8 ON", "NOOP",
          "AUTH GSSAPI", "AUTH NONSENSE")
    s.login()


@habit("login without waiting for answers", login=False, wait=False, ends=MODES,
       stop="stopped_client_first")
def hurried_login(s):
    s.send("USER " + s.user, "PASS " + s.password, "TYPE I", "PWD")
    s.answer((257,), late=range(400, 600))


@habit("login and PASV in one segment", login=False, wait=False, ends=MODES,
       stop="stopped_client_first")
def hurried_pasv(s):
    s.send("USER " + s.user, "PASS " + s.password, "TYPE I", "PASV")
    data = s.connect(s.announced("pasv"))
    s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)


# Commands that fail

@habit("files that aren't there")
def missing(s):
    s.binary()
    for mode in ("pasv", "port", "epsv"):
        s.open_data(mode)
        asked(s, "RETR not.there", "SIZE not.there")
        s.open_data(mode)
        asked(s, "LIST not.there")
        s.settle()


@habit("commands that fail")
def failing(s):
    asked(s, "CWD nowhere", "XYZZY", "RETR", "SIZE many", "SIZE", "MDTM x",
          "DELE nothing", "RMD nothing", "MKD many", "RNTO nothing",
          "RNFR nothing", "TYPE Q", "STRU R", "MODE Z", "REST x", "ALLO y",
          "SITE NONSENSE", "OPTS NONSENSE", "PASV x", "HELP nonsense",
          "SMNT x", "XPWD", "MLST nothing")


@habit("commands of other protocols", ends=MODES, stop="stopped_not_client")
def foreign(s):
    asked(s, "HELO me", "OPTIONS *", "HEAD x", "PUT x", "NICK me", "GET x")


@habit("PORT with rubbish")
def bad_port(s):
    asked(s, "PORT", "PORT 1,2,3", "PORT a,b,c,d,e,f", "PORT 300,1,1,1,1,1",
          "PORT 127,0,0,1,0,22", "PORT 10,9,8,7,200,1", "EPRT", "EPRT |1|x|1|",
          "EPRT |3|10.9.8.7|5000|", "EPRT |1|10.9.8.7|5000|", "LPRT 4,4,1")


@habit("EPSV that is refused")
def bad_epsv(s):
    asked(s, "EPSV 2" if s.sock.family == socket.AF_INET else "EPSV 1",
          "EPSV 9", "EPSV x")


@habit("EPSV refused, then PASV")
def epsv_then_pasv(s):
    if s.ask("EPSV 9") >= 400:
        s.binary()
        data = s.passive("pasv")
        s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)
        s.finish()


@habit("transfers that nothing was announced for")
def unannounced(s):
    for line in "RETR " + FILE, "LIST", "STOR half":
        # some wait for a connection
        if s.ask(line) < 200:
            s.passive("pasv").close()
        s.settle()


@habit("PORT where nobody listens")
def nobody_listens(s):
    listener = s.active("port")
    listener.close()
    s.send("RETR " + FILE)


# Listings

@habit("listings by STAT")
def stat(s):
    asked(s, "STAT", "STAT .", "STAT many", "STAT -l", "STAT not.there")


@habit("listings of every kind")
def listings(s):
    for mode, line in (("pasv", "LIST"), ("epsv", "NLST"), ("port", "LIST -al"),
                       ("eprt", "NLST none"), ("pasv", "MLSD"),
                       ("pasv", "LIST none/*")):
        try:
            s.get(mode, line)
        except Failed as why:
            # a server may not know this one
            if why.kind != REFUSED:
                raise
            s.settle()


@habit("listings of thousands of files")
def long_lists(s):
    for mode, line in (("pasv", "LIST many"), ("port", "NLST many")):
        got = s.get(mode, line)
        if b"f.1999" not in got:
            raise Failed(OTHER_BYTES, "%d" % len(got))


@habit("a listing cancelled")
def list_cancelled(s):
    data = s.begin("LIST many", "pasv", s.passive("pasv"))
    s.take(data, 100)
    data.close()


# Several commands at once

@habit("commands and PASV in one segment")
def pipelined(s):
    data = s.passive("pasv", "TYPE I", "PWD", "NOOP", "SYST")
    s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)


@habit("30 NOOPs and EPSV in one segment")
def pipelined_many(s):
    data = s.passive("epsv", "TYPE I", *["NOOP"] * 30)
    s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)


@habit("PASV and RETR in one segment")
def pasv_retr(s):
    s.binary()
    s.send("PASV", "RETR " + FILE)
    data = s.connect(s.announced("pasv"))
    s.compare(s.take(s.begun("pasv", data)), FILE)


@habit("PORT and RETR in one segment")
def port_retr(s):
    s.binary()
    listener = s.listen()
    s.send(s.line_for(listener, "port"), "RETR " + FILE)
    s.compare(s.take(s.begun("port", listener)), FILE)


@habit("two transfers in one segment")
def two_pipelined(s):
    s.binary()
    listener = s.listen()
    s.send(s.line_for(listener, "port"), "RETR " + FILE, "PASV")
    s.compare(s.take(s.begun("port", listener)), FILE)
    data = s.connect(s.announced("pasv"))
    s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)


# Announcements without a transfer

@habit("PASV, and no transfer")
def pasv_unused(s):
    for mode in ("pasv", "epsv", "pasv"):
        s.send(mode.upper())
        s.announced(mode)
        asked(s, "NOOP", "CWD .")


@habit("PORT, and no transfer")
def port_unused(s):
    for mode in ("port", "eprt", "port"):
        s.active(mode)
        asked(s, "NOOP", "CWD .")


@habit("PASV twice, the second is used")
def pasv_twice(s):
    s.binary()
    for first, second in (("pasv", "pasv"), ("epsv", "pasv"), ("pasv", "epsv")):
        s.send(first.upper())
        s.announced(first)
        data = s.passive(second)
        s.compare(s.take(s.begin("RETR " + FILE, second, data)), FILE)
        s.finish()


@habit("PASV twice in one segment")
def pasv_twice_pipelined(s):
    s.binary()
    s.send("PASV", "PASV")
    s.announced("pasv")
    data = s.connect(s.announced("pasv"))
    s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)


@habit("PORT, then PASV after all, and the other way")
def change_mind(s):
    s.binary()
    s.active("port")
    s.fetch("pasv", FILE)
    s.send("PASV")
    s.announced("pasv")
    s.fetch("port", FILE)


@habit("EPSV ALL", ends=("pasv", "port", "eprt"))
def epsv_all(s):
    code = s.ask("EPSV ALL")
    if code >= 400:
        raise Failed(REFUSED, str(code))


# What else there is

@habit("keep-alives while idle")
def idle(s):
    for line in ("NOOP", "PWD", "TYPE A", "NOOP", "REST 0", "STAT"):
        time.sleep(0.4 * SLOWNESS)
        s.ask(line)


@habit("empty lines")
def empty(s):
    s.send("", "", " ")
    s.reply(MAYBE_S / 3)
    s.reply(MAYBE_S / 3)


@habit("TYPE and REST")
def type_rest(s):
    s.send("TYPE A")
    s.answer((200,))
    s.get("pasv", "LIST")
    s.binary()
    for mode in ("pasv", "port"):
        data = s.open_data(mode)
        s.send("REST %d" % OFFSET)
        s.answer((350,))
        data = s.begin("RETR " + FILE, mode, data)
        s.compare(s.take(data), FILE, OFFSET)
        s.finish()
    asked(s, "REST 77", "REST 0")


@habit("chores")
def chores(s):
    name = "chore.%d" % s.sock.getsockname()[1]
    asked(s, "MKD " + name, "CWD " + name, "CDUP", "RNFR " + name,
          "RNTO %s.2" % name, "RMD %s.2" % name, "MDTM " + FILE, "SIZE " + FILE,
          "ALLO 1000", "SITE CHMOD 644 " + FILE, "SITE UMASK 022", "MLST " + FILE,
          "STRU F", "MODE S")


@habit("questions with long answers")
def long_answers(s):
    asked(s, "FEAT", "HELP", "SITE HELP", "SYST", "OPTS UTF8 ON", "CLNT me",
          "HELP PASV", "STAT")


@habit("names that look like replies")
def odd_names(s):
    for name in ("227 Entering Passive Mode (9,9,9,9,99,99)",
                 "a \"quoted\" name", "\xc3\xa4\xe4 \xff\xff",
                 "PORT 9,9,9,9,99,99"):
        if s.ask("MKD " + name) < 400:
            asked(s, "CWD " + name, "PWD", "CDUP")
        asked(s, "STAT " + name, "CWD %s/none" % name)
    s.settle()


@habit("lower case and blanks")
def lower_case(s):
    s.send("type i")
    s.answer((200,))
    s.send("pasv ")
    data = s.connect(s.announced("pasv"))
    s.compare(s.take(s.begin("retr " + FILE, "pasv", data)), FILE)
    s.finish()
    listener = s.listen()
    if s.ask(s.line_for(listener, "port").replace("PORT ", "pOrT  ")) < 300:
        s.compare(s.take(s.begin("RETR " + FILE, "port", listener)), FILE)


@habit("lines that end in LF")
def bare_lf(s):
    s.send("NOOP", end="\n")
    if s.reply(MAYBE_S) is None:
        s.send("")
        return
    s.binary()
    s.send("PASV", end="\n")
    data = s.connect(s.announced("pasv"))
    s.compare(s.take(s.begin("RETR " + FILE, "pasv", data)), FILE)


@habit("commands in two segments")
def split(s):
    s.binary()
    for mode in ("pasv", "port"):
        listener = s.listen()
        line = s.line_for(listener, "port") if mode == "port" else "PASV"
        s.send(line[:3], end="")
        time.sleep(0.05 * SLOWNESS)
        s.send(line[3:])
        if mode == "pasv":
            listener = s.connect(s.announced("pasv"))
        else:
            s.answer((200,))
        s.compare(s.take(s.begin("RETR " + FILE, mode, listener)), FILE)
        s.finish()


@habit("all day long")
def all_day(s):
    """What a file manager does that is left open"""
    for run in (long_answers, chores, get_closed, listings, missing, pasv_unused,
                failing, abor_idle, port_unused, stat, noops, abor, type_rest,
                hasty, pipelined):
        try:
            run(s)
        except Failed as why:
            if why.kind not in (REFUSED, NO_ANSWER):
                raise
        s.settle()

# SPDX-License-Identifier: GPL-2.0-only
"""Many FTP sessions, several at a time, in one process.

	ftp_many.py HOST PORT USER PASS HOME active|passive SESSIONS AT_A_TIME

Each one logs in, gets a file, puts it back under another name, and looks at
what HOME holds then. Every second one says each command in two segments.

Output: a line for each session that fails, with how far it came, when, and why;
then how many went well, and how long they took.
"""

import ftplib
import hashlib
import os
import random
import socket
import sys
import threading
import time

# The kernel gives up after many minutes only; nothing that is merely lost takes
# so long.
LIMIT_S = 300 * float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
SIZES = 20000, 100000
FILES = 8


class Halting(ftplib.FTP):
    """Cuts what it says somewhere."""

    def putline(self, line):
        data = line.encode(self.encoding) + b"\r\n"
        at = random.randrange(1, len(data))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(data[:at])
        self.sock.sendall(data[at:])


class Session:
    def __init__(self, number, args):
        self.number = number
        self.host, self.port, self.user, self.password, self.home, mode = args
        self.passive = mode == "passive"
        self.step = "connect"

    def run(self, name, digest):
        back = "back.%d" % self.number
        ftp = (Halting if self.number % 2 else ftplib.FTP)(timeout=LIMIT_S)
        # the address in a 227 reply counts, so that a wrong one shows
        ftp.trust_server_pasv_ipv4_address = True
        ftp.connect(self.host, int(self.port))
        self.step = "login"
        ftp.login(self.user, self.password)
        ftp.set_pasv(self.passive)
        self.step = "get"
        data = bytearray()
        ftp.retrbinary("RETR " + name, data.extend)
        if hashlib.sha256(data).digest() != digest:
            raise ValueError("%d other bytes came" % len(data))
        self.step = "put"
        with open(os.path.join(self.home, name), "rb") as f:
            ftp.storbinary("STOR " + back, f)
        with open(os.path.join(self.home, back), "rb") as f:
            if hashlib.sha256(f.read()).digest() != digest:
                raise ValueError("other bytes arrived")
        self.step = "quit"
        ftp.quit()


def make_files(home):
    files = []
    for i in range(FILES):
        name = "file.%d" % i
        data = os.urandom(random.randint(*SIZES))
        with open(os.path.join(home, name), "wb") as f:
            f.write(data)
        files.append((name, hashlib.sha256(data).digest()))
    return files


def main():
    args = sys.argv[1:7]
    sessions, at_a_time = map(int, sys.argv[7:9])
    files = make_files(args[4])
    numbers = iter(range(sessions))
    took = []
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            session = Session(number, args)
            start = time.monotonic()
            try:
                session.run(*files[number % FILES])
                took.append(time.monotonic() - start)
            except (*ftplib.all_errors, ValueError) as why:
                print("session %d, %s, after %.1f s: %s %s" %
                      (number, session.step, time.monotonic() - start,
                       type(why).__name__, why), flush=True)

    begin = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(at_a_time)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took.sort()
    print("%d of %d sessions in %.0f s" % (len(took), sessions,
                                           time.monotonic() - begin), end="")
    if took:
        print("; s each: %.1f median, %.1f worst" %
              (took[len(took) // 2], took[-1]), end="")
    print(flush=True)
    sys.exit(len(took) != sessions)


main()

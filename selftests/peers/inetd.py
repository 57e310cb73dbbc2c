# SPDX-License-Identifier: GPL-2.0-only
"""Start a server for each connection to a port, as inetd does, IPv4 and IPv6:

	inetd.py PORT COMMAND...
"""

import os
import select
import signal
import socket
import subprocess
import sys


def reap(*_):
    """Not by SIG_IGN, which servers would inherit: theirs must not vanish"""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


signal.signal(signal.SIGCHLD, reap)
listeners = [socket.create_server(("", int(sys.argv[1]))),
             socket.create_server(("::", int(sys.argv[1])),
                                  family=socket.AF_INET6)]
while True:
    for listener in select.select(listeners, [], [])[0]:
        with listener.accept()[0] as conn:
            subprocess.Popen(sys.argv[2:], stdin=conn, stdout=conn,
                             stderr=subprocess.DEVNULL)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Lock a file, as by fcntl(2), and say so by files whose names begin with NAME.

usage: lock_file.py FILE NAME	lock, make NAME.locked, wait for NAME.release, unlock,
				make NAME.released
       lock_file.py FILE	exit status 3 if it is locked
"""

import fcntl
import os
import sys
import time

LOCKED = 3


def touch(name):
    with open(name, "w"):
        pass


def main():
    path = sys.argv[1]
    with open(path, "r+b") as f:
        if len(sys.argv) == 2:
            try:
                fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit(LOCKED)
            return
        name = sys.argv[2]
        fcntl.lockf(f, fcntl.LOCK_EX)
        touch(name + ".locked")
        while not os.path.exists(name + ".release"):
            time.sleep(0.1)
        fcntl.lockf(f, fcntl.LOCK_UN)
        touch(name + ".released")


main()

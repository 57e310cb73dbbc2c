# SPDX-License-Identifier: GPL-2.0-only
"""Files of recorded bytes: for each connection a line "port N bytes M", those
bytes, and an LF. Of files of the same trick and engine there is one."""

import os
import re

HEAD = re.compile(rb"port (\d+) bytes (\d+)\n")


def read(path):
    """[(port, bytes)]"""
    with open(path, "rb") as f:
        data = f.read()
    found, at = [], 0
    while at < len(data):
        head = HEAD.match(data, at)
        if not head:
            raise ValueError("%s: no record at %d" % (path, at))
        at = head.end() + int(head[2])
        found.append((int(head[1]), data[head.end():at]))
        if data[at:at + 1] != b"\n":
            raise ValueError("%s: a record is cut off" % path)
        at += 1
    return found


def read_all(folder):
    """[(engine, trick, port, bytes)], in order"""
    return [(engine, trick, *record)
            for engine in sorted(os.listdir(folder))
            if os.path.isdir(os.path.join(folder, engine))
            for trick in sorted(os.listdir(os.path.join(folder, engine)))
            if not trick.isupper()
            for record in read(os.path.join(folder, engine, trick))]


def add(path, port, data):
    with open(path, "ab") as f:
        f.write(b"port %d bytes %d\n%s\n" % (port, len(data), data))

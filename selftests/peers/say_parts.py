# SPDX-License-Identifier: GPL-2.0-only
"""What endpoints have in common that say what they are told: network namespaces,
names, texts, and the answer "no"."""

import ctypes
import os

# Of the machine, where 1 is what limits are made for
SLOWNESS = float(os.environ.get("APPGW_SLOWNESS", "100")) / 100
# How long to wait for what must come, and for what must not
LIMIT_S = float(os.environ.get("SAY_LIMIT_S", "30")) * SLOWNESS
QUIET_S = 0.4

HOME = os.open("/proc/self/ns/net", os.O_RDONLY)
LIBC = ctypes.CDLL(None, use_errno=True)
named = {}


class No(Exception):
    """The answer to a command is no."""


def setns(fd):
    if LIBC.setns(fd, 0):
        raise OSError(ctypes.get_errno(), "setns")


class inside:
    """Sockets made in this context belong to a namespace for ever."""

    def __init__(self, ns):
        self.fd = os.open("/run/netns/" + ns, os.O_RDONLY)

    def __enter__(self):
        setns(self.fd)

    def __exit__(self, *exc):
        setns(HOME)
        os.close(self.fd)


def unescape(text):
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def show(data):
    return data.decode("latin-1").encode("unicode_escape").decode("ascii")


def options(words):
    return dict(w.split("=", 1) for w in words)


def name_socket(name, thing):
    if name in named:
        named[name].close()
    named[name] = thing

# SPDX-License-Identifier: GPL-2.0-only
"""Keep one thread of a process from running, until this program ends.

	hold.py THREAD_ID
"""

import ctypes
import os
import signal
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long
PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
WALL = 0x40000000


def ptrace(request, thread):
    if LIBC.ptrace(request, thread, None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace %d" % request)


# A thread that is interrupted, and not sent a signal, goes on with its tracer's end.
ptrace(PTRACE_SEIZE, int(sys.argv[1]))
ptrace(PTRACE_INTERRUPT, int(sys.argv[1]))
os.waitpid(int(sys.argv[1]), WALL)
print("holds", flush=True)
signal.pause()

# SPDX-License-Identifier: GPL-2.0-only
"""Have a process make one system call: inject.py PID NUMBER ARG1 ARG2 ARG3

Its first thread is stopped where it waits, is given the registers for the call
at the instruction of its own last one, and afterwards those that it had. For
x86-64. Prints what the call returns; a process that dies of it is let die.
"""

import ctypes
import os
import sys

PTRACE_SINGLESTEP, PTRACE_GETREGS, PTRACE_SETREGS = 9, 12, 13
PTRACE_ATTACH, PTRACE_DETACH = 16, 17
SYSCALL_LEN = 2

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                        ctypes.c_void_p]


class Regs(ctypes.Structure):
    """struct user_regs_struct"""
    _fields_ = [(name, ctypes.c_ulong) for name in (
        "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax "
        "rip cs eflags rsp ss fs_base gs_base ds es fs gs").split()]


def ptrace(request, pid, data=None):
    if LIBC.ptrace(request, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), "ptrace %d" % request)


def stopped(pid):
    """False if it has ended"""
    status = os.waitpid(pid, 0x40000000)[1]	# __WALL
    if os.WIFSTOPPED(status):
        return True
    print("ended by signal %d" % os.WTERMSIG(status))
    return False


def main():
    pid, number, *args = (int(word) for word in sys.argv[1:])
    ptrace(PTRACE_ATTACH, pid)
    stopped(pid)
    old, regs = Regs(), Regs()
    ptrace(PTRACE_GETREGS, pid, ctypes.addressof(old))
    ptrace(PTRACE_GETREGS, pid, ctypes.addressof(regs))
    regs.rip -= SYSCALL_LEN
    regs.rax, regs.orig_rax = number, ctypes.c_ulong(-1).value
    regs.rdi, regs.rsi, regs.rdx = (ctypes.c_ulong(a).value for a in args)
    ptrace(PTRACE_SETREGS, pid, ctypes.addressof(regs))
    ptrace(PTRACE_SINGLESTEP, pid)
    if not stopped(pid):
        return
    ptrace(PTRACE_GETREGS, pid, ctypes.addressof(regs))
    print("returned %d" % ctypes.c_long(regs.rax).value)
    # Where it waited it waits again: an interrupted poll is not an error.
    ptrace(PTRACE_SETREGS, pid, ctypes.addressof(old))
    ptrace(PTRACE_DETACH, pid)


main()

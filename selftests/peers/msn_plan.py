# SPDX-License-Identifier: GPL-2.0-only
"""A listener that dies while it plans: of each MSG that names an address and a
port it has the first plans made only, and lets it go on.

	msn_plan.py QUEUE PLANS

PLANS is how many there are of the address, the port and the MSG's length.
Goes on until SIGTERM.
"""

import os
import re
import signal
import socket
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import irc_plan
from irc_plan import (ACCEPT, ATTR_PLAN, P_ACTION, P_EDIT_SEQ, P_END, P_KIND,
                      P_OLD, P_PACKET, P_PARTS, P_SEQ, PART_ADDR, PART_PORT,
                      PLAN, Module, Queue, Segment, attr, end, nest)

# include/uapi/linux/nf_appgw.h
OPEN, ADDRESS, TEXT = 0, 1, 4
PART_LENGTH = 7

INVITATION = re.compile(rb"MSG \d+ [NUAD] (\d+)\r\n.*?"
                        rb"IP-Address: ([0-9.]+)\r\nPort: (\d+)\r\n", re.DOTALL)


def plan(segment, found, group, action, endpoint, part):
    at = found.start(group)
    return nest(ATTR_PLAN, segment.packet(P_PACKET),
                attr(P_SEQ, struct.pack("=I", segment.seq + found.start())),
                attr(P_KIND, b"msnftp\0"), attr(P_ACTION, bytes([action])),
                end(P_END, *endpoint),
                attr(P_EDIT_SEQ, struct.pack("=I", segment.seq + at)),
                attr(P_OLD, found[group]), nest(P_PARTS, part))


def plans(segment, found):
    addr = socket.inet_aton(found[2].decode())
    return [plan(segment, found, 2, ADDRESS, (addr, None),
                 attr(PART_ADDR, b"")),
            plan(segment, found, 3, OPEN, (addr, int(found[3])),
                 attr(PART_PORT, b"")),
            plan(segment, found, 1, TEXT, (None, None),
                 attr(PART_LENGTH, struct.pack("=I", int(found[1]))))]


def main(number, count):
    irc_plan.only = "half"		# and nothing by chance
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    module, queue = Module(), Queue(int(number))
    module.listen(int(number), b"msn")
    while True:
        for packet, data in queue.packets(1):
            segment = Segment(data)
            for found in INVITATION.finditer(segment.text):
                for each in plans(segment, found)[:int(count)]:
                    module.ask(PLAN, each)
            queue.verdict(packet, ACCEPT)


main(*sys.argv[1:])

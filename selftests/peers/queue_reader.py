#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""queue_reader.py QUEUE: bind to a queue of nfnetlink_queue, say so, and wait."""

import os
import signal
import socket
import struct
import sys

NETLINK_NETFILTER = 12
NFQNL_MSG_CONFIG = 3 << 8 | 2
NFQA_CFG_CMD = 1
NFQNL_CFG_CMD_BIND = 1
NLM_F_REQUEST_ACK = 1 | 4

sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
sock.bind((0, 0))
body = struct.pack(">BBH", 0, 0, int(sys.argv[1]))
body += struct.pack("=HH", 8, NFQA_CFG_CMD)
body += struct.pack(">BBH", NFQNL_CFG_CMD_BIND, 0, 0)
sock.send(struct.pack("=IHHII", 16 + len(body), NFQNL_MSG_CONFIG,
                      NLM_F_REQUEST_ACK, 1, 0) + body)
error = struct.unpack_from("=i", sock.recv(4096), 16)[0]
if error:
    sys.exit(os.strerror(-error))
print("reading", flush=True)
signal.pause()

# SPDX-License-Identifier: GPL-2.0-only
"""What the conntrack tool can't ask of ctnetlink, in the namespace it runs in.

ctnetlink.py unhelp SRC SPORT DST DPORT
	take the helper away from a TCP connection
ctnetlink.py restore SRC SPORT DST DPORT HELPER
	enter a TCP connection that is established, without NAT, as conntrackd
	does on the router that takes over
ctnetlink.py churn COUNT SERVER DPORT
	COUNT times: connect to the server, take the helper away from the
	connection, reset it
ctnetlink.py expect SRC SPORT DST DPORT FROM TO PORT FN
	expect one from address FROM to TO and PORT, for that connection, and
	have the function called FN look after it

SRC to DPORT are the connection's original direction; IPv4 only.
"""

import os
import socket
import struct
import sys

NETLINK_NETFILTER = 12
NFNL_SUBSYS_CTNETLINK, NFNL_SUBSYS_CTNETLINK_EXP = 1, 2
NLM_F_REQUEST, NLM_F_ACK, NLM_F_EXCL, NLM_F_CREATE = 1, 4, 0x200, 0x400
NLA_F_NESTED = 0x8000
CTA_TUPLE_ORIG, CTA_TUPLE_REPLY, CTA_STATUS, CTA_PROTOINFO = 1, 2, 3, 4
CTA_HELP, CTA_HELP_NAME, CTA_TIMEOUT = 5, 1, 7
CTA_PROTOINFO_TCP, CTA_PROTOINFO_TCP_STATE = 1, 1
CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, CTA_PROTOINFO_TCP_FLAGS_REPLY = 4, 5
IPS_SEEN_REPLY, IPS_ASSURED, IPS_CONFIRMED = 2, 4, 8
TCP_CONNTRACK_ESTABLISHED, IP_CT_TCP_FLAG_BE_LIBERAL = 3, 8
CTA_EXPECT_MASTER, CTA_EXPECT_TUPLE, CTA_EXPECT_MASK = 1, 2, 3
CTA_EXPECT_TIMEOUT, CTA_EXPECT_FN = 4, 11


def attr(kind, data):
    size = 4 + len(data)
    return struct.pack("=HH", size, kind) + data + b"\0" * (-size % 4)


def nest(kind, *attrs):
    return attr(kind | NLA_F_NESTED, b"".join(attrs))


def tup(kind, src, sport, dst, dport):
    return nest(kind,
                nest(1, attr(1, socket.inet_aton(src)),
                     attr(2, socket.inet_aton(dst))),
                nest(2, attr(1, bytes([socket.IPPROTO_TCP])),
                     attr(2, struct.pack("!H", int(sport))),
                     attr(3, struct.pack("!H", int(dport)))))


def ask(subsys, flags, *attrs):
    body = struct.pack("!BBH", socket.AF_INET, 0, 0) + b"".join(attrs)
    head = struct.pack("=IHHII", 16 + len(body), subsys << 8,
                       NLM_F_REQUEST | NLM_F_ACK | flags, 1, 0)
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    s.sendto(head + body, (0, 0))
    err = -struct.unpack("=i", s.recv(4096)[16:20])[0]
    if err:
        sys.exit(os.strerror(err))


def unhelp(*connection):
    ask(NFNL_SUBSYS_CTNETLINK, 0, tup(CTA_TUPLE_ORIG, *connection),
        nest(CTA_HELP, attr(CTA_HELP_NAME, b"\0")))


def restore(src, sport, dst, dport, helper):
    liberal = bytes([IP_CT_TCP_FLAG_BE_LIBERAL] * 2)
    ask(NFNL_SUBSYS_CTNETLINK, NLM_F_CREATE | NLM_F_EXCL,
        tup(CTA_TUPLE_ORIG, src, sport, dst, dport),
        tup(CTA_TUPLE_REPLY, dst, dport, src, sport),
        attr(CTA_TIMEOUT, struct.pack("!I", 300)),
        attr(CTA_STATUS, struct.pack("!I", IPS_SEEN_REPLY | IPS_ASSURED |
                                     IPS_CONFIRMED)),
        nest(CTA_PROTOINFO, nest(
            CTA_PROTOINFO_TCP,
            attr(CTA_PROTOINFO_TCP_STATE, bytes([TCP_CONNTRACK_ESTABLISHED])),
            attr(CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, liberal),
            attr(CTA_PROTOINFO_TCP_FLAGS_REPLY, liberal))),
        nest(CTA_HELP, attr(CTA_HELP_NAME, helper.encode() + b"\0")))


def churn(count, server, dport):
    for _ in range(int(count)):
        with socket.create_connection((server, int(dport)), 10) as s:
            unhelp(*s.getsockname(), server, dport)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         struct.pack("ii", 1, 0))


def expect(*args):
    connection, (src, dst, port, fn) = args[:4], args[4:]
    ask(NFNL_SUBSYS_CTNETLINK_EXP, NLM_F_CREATE | NLM_F_EXCL,
        tup(CTA_EXPECT_MASTER, *connection),
        tup(CTA_EXPECT_TUPLE, src, 0, dst, port),
        tup(CTA_EXPECT_MASK, "255.255.255.255", 0, "255.255.255.255", 65535),
        attr(CTA_EXPECT_TIMEOUT, struct.pack("!I", 60)),
        attr(CTA_EXPECT_FN, fn.encode() + b"\0"))


{"unhelp": unhelp, "restore": restore, "churn": churn,
 "expect": expect}[sys.argv[1]](*sys.argv[2:])

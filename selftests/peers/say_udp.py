# SPDX-License-Identifier: GPL-2.0-only
"""Datagrams, for endpoints that say what they are told."""

import select
import socket

from say_parts import (LIMIT_S, QUIET_S, No, inside, name_socket, named, options,
                       show, unescape)

SIZE_MAX = 65536


def is_there(sock, limit):
    return bool(select.select([sock], [], [], limit)[0])


def receive(sock, limit):
    """What came and from where, in the words of "heard" """
    if not is_there(sock, limit):
        return None, None
    data, peer = sock.recvfrom(SIZE_MAX)
    return data, "%s %d" % (peer[0].removeprefix("::ffff:"), peer[1])


def cmd_udp(name, ns, port, *words):
    """udp NAME NS PORT [bind=ADDR]: a socket there, 0 for any port"""
    addr = options(words).get("bind", "::")
    with inside(ns):
        s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET,
                          socket.SOCK_DGRAM)
    if addr == "::":
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind((addr, int(port)))
    s.setblocking(False)
    name_socket(name, s)
    return str(s.getsockname()[1])


def cmd_tell(name, addr, port, text):
    """tell NAME ADDR PORT TEXT: one datagram"""
    s = named[name]
    if s.family == socket.AF_INET6 and ":" not in addr:
        addr = "::ffff:" + addr
    try:
        s.sendto(unescape(text), (addr, int(port)))
    except (ConnectionRefusedError, PermissionError):
        # what came of an earlier one, or a firewall of its own
        pass


def cmd_told(name, text):
    """told NAME TEXT: exactly this comes next; answers with its sender's
    address and port"""
    data, peer = receive(named[name], LIMIT_S)
    if data is None:
        raise No("nothing came")
    if data != unescape(text):
        raise No("came: %s from %s" % (show(data), peer))
    return peer


def cmd_silent(name):
    """silent NAME: nothing comes"""
    data, peer = receive(named[name], QUIET_S)
    if data is not None:
        raise No("came: %s from %s" % (show(data), peer))

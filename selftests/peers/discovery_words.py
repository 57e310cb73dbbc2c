# SPDX-License-Identifier: GPL-2.0-only
"""Questions of each service, and what is sent to the same ports without being one."""

import struct


def dns(flags, name, kind, klass):
    labels = b"".join(bytes([len(part)]) + part for part in name.split(b"."))
    return (struct.pack(">6H", 7, flags, 1, 0, 0, 0) + labels + b"\0" +
            struct.pack(">HH", kind, klass))


def m_search(mx):
    return ("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
            "MAN: \"ssdp:discover\"\r\nMX: %d\r\nST: ssdp:all\r\n\r\n" %
            mx).encode()


def wsd(action):
    name = action.rsplit("/", 1)[-1]
    return ("<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope "
            "xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\" "
            "xmlns:wsa=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
            "xmlns:wsd=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">"
            "<soap:Header><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/"
            "discovery/%s</wsa:Action></soap:Header><soap:Body><wsd:%s/>"
            "</soap:Body></soap:Envelope>" % (action, name)).encode()


NETBIOS_ALL = b"CK" + b"A" * 30		# "*", as RFC 1001 section 14.1 writes it

WORDS = {
    # service, and the datagram
    "netbios": (137, dns(0x0110, NETBIOS_ALL, 32, 1)),
    # a node's status, not marked as a broadcast
    "netbios-status": (137, dns(0, NETBIOS_ALL, 33, 1)),
    "netbios-answer": (137, dns(0x8500, NETBIOS_ALL, 32, 1)),
    "ssdp": (1900, m_search(1)),
    "ssdp-mx2": (1900, m_search(2)),
    "ssdp-notify": (1900, b"NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n"),
    "ssdp-garbage": (1900, b"x" * 40),
    "mdns": (5353, dns(0, b"_ipp._tcp.local", 12, 1)),
    "mdns-qu": (5353, dns(0, b"_ipp._tcp.local", 12, 0x8001)),
    "mdns-answer": (5353, dns(0x8400, b"_ipp._tcp.local", 12, 0x8001)),
    "wsd": (3702, wsd("Probe")),
    "wsd-resolve": (3702, wsd("Resolve")),
    "wsd-hello": (3702, wsd("Hello")),
    "slp": (427, bytes.fromhex("0201000031200000000000010002656e") +
            b"\0\0\0\x15service:printer.x:lpr\0\0\0\0\0\0"),
    "slp-reply": (427, bytes.fromhex("02020000140000000000000100026e6e00000000")),
    "snmp": (161, bytes.fromhex("302602010004067075626c6963a119020101020100"
                                "020100300e300c06082b060102010101000500")),
    "snmp-trap": (161, bytes.fromhex("302602010104067075626c6963a719020101020100"
                                     "020100300e300c06082b060102010101000500")),
}

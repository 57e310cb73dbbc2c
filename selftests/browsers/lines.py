# SPDX-License-Identifier: GPL-2.0-only
"""What an attacker's page wants said, for each protocol: what a client of it would
say itself, on its way to announce a port of its own host's. And what a server
says that lets anybody in.

ADDRESS is that of "in" in ../lib/net.sh, so that what was recorded can be said
again there as it is.
"""

import struct

ADDRESS = "10.0.1.2"
PORT = 5432			# to be opened; RTSP's next one, too
HOST = "evil.test"
AT = "203.0.113.2"		# the attacker's address, "out" in ../lib/net.sh

# The module's defaults
PORTS = {
    "ftp": [21],
    "irc": [*range(6660, 6670), 7000],
    "rtsp": [554, 8554],
    "pna": [7070],
    "msn": [1863],
    "mms": [1755],
}
PROTOCOL = {port: name for name, ports in PORTS.items() for port in ports}


def msn_invitation():
    body = ("MIME-Version: 1.0\r\n"
            "Content-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
            "Invitation-Command: ACCEPT\r\nInvitation-Cookie: 1917\r\n"
            f"IP-Address: {ADDRESS}\r\nPort: {PORT}\r\nAuthCookie: 4171\r\n"
            "Launch-Application: FALSE\r\nRequest-Data: IP-Address:\r\n\r\n")
    return f"MSG 3 N {len(body)}\r\n{body}"


def mms_message(what, body):
    """As a string of bytes"""
    body += bytes(-len(body) % 8)
    size = 40 + len(body)
    return (struct.pack("<III4sIIQII", 1, 0xb00bface, size - 16, b"MMS ",
                        (size - 16) // 8, 0, 0, (size - 32) // 8, what) +
            body).decode("latin-1")


MMS_FUNNEL = bytes(20) + f"\\\\{ADDRESS}\\UDP\\{PORT}\0".encode("utf-16-le")
DCC_ADDRESS = int.from_bytes(bytes(map(int, ADDRESS.split("."))), "big")
SIX = f"{ADDRESS.replace('.', ',')},{PORT >> 8},{PORT & 255}"

LINES = {
    "ftp": f"USER a\r\nPASS b\r\nPORT {SIX}\r\nEPRT |1|{ADDRESS}|{PORT}|\r\n",
    "irc": ("NICK a\r\nUSER a 0 * :a\r\n"
            f"PRIVMSG b :\x01DCC SEND f {DCC_ADDRESS} {PORT} 1\x01\r\n"),
    "rtsp": (f"OPTIONS rtsp://{HOST}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"
             f"SETUP rtsp://{HOST}/ RTSP/1.0\r\nCSeq: 2\r\n"
             f"Transport: RTP/AVP;unicast;client_port={PORT}-{PORT + 1}"
             "\r\n\r\n"),
    "pna": ("PNA\0\x0b\0\x01\0\x02" + chr(PORT >> 8) + chr(PORT & 255) +
            "\0\0"),
    "msn": ("USR 1 a@x.org 17262740.1050826919.32307\r\nCAL 2 b@x.org\r\n" +
            msn_invitation()),
    "mms": mms_message(0x00030001, bytes(8)) +
           mms_message(0x00030002, MMS_FUNNEL),
}

# Before the client says anything, and whenever it has said something: of FTP what
# answers USER, PASS and PORT alike, of RTSP the answers to both requests.
GREETING = {
    "ftp": "220 hi\r\n",
    "irc": ":s NOTICE * :hi\r\n",
    "rtsp": "",
    "pna": "",
    "msn": "",
    "mms": "",
}
LETS_IN = {
    "ftp": "230 come in\r\n",
    "irc": ":s 001 a :hi\r\n",
    "rtsp": "".join(
        f"RTSP/1.0 200 OK\r\nCSeq: {n}\r\nSession: 1\r\n"
        f"Transport: RTP/AVP;unicast;client_port={PORT}-{PORT + 1};"
        "server_port=6256-6257\r\n\r\n" for n in (1, 2)),
    "pna": "PNA\0\x0b\x01\x02\x03\x04\x05\x06\0\x07\x18\x70",
    "msn": ("USR 1 OK a@x.org a\r\nCAL 2 RINGING 1\r\nJOI b@x.org b\r\n"),
    "mms": mms_message(0x00040002, bytes(16)),
}

# Where each of the lines begins that matter.
WORDS = {
    "ftp": ["USER", "PASS", "PORT", "EPRT"],
    "irc": ["NICK", "USER", "PRIVMSG"],
    "rtsp": ["OPTIONS", "SETUP", "Transport"],
    "pna": ["PNA"],
    "msn": ["USR", "CAL", "MSG"],
    "mms": ["\x01\0\0\0\xce\xfa\x0b\xb0"],
}

# First words that a request of HTTP may have for its method, both real commands
# of the protocol and what comes near to them.
METHODS = {
    "ftp": ["USER", "PASS", "PORT", "EPRT", "PASV", "AUTH", "FEAT", "NOOP",
            "user"],
    "irc": ["NICK", "USER", "PASS", "CAP", "JOIN", "PRIVMSG", "NOTICE",
            "PING", "QUIT", "nick"],
    "rtsp": ["SETUP", "OPTIONS", "DESCRIBE", "ANNOUNCE", "PLAY",
             "GET_PARAMETER", "setup"],
    "pna": ["PNA", "pna"],
    "msn": ["VER", "USR", "ANS", "CAL", "MSG", "PNG", "OUT", "CVR", "usr"],
    "mms": ["MMS"],
}

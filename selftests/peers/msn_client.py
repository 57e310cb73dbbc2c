# SPDX-License-Identifier: GPL-2.0-only
"""An MSN client that sends a file to another one, or receives it.

msn_client.py --role inviter|receiver --method msnftp|slp|netmeeting
	      --server ADDR:PORT [OPTION...] FILE

The inviter sends FILE, the receiver writes it. Both need the same --listener,
--nonce, --p2p, --in-request, --cancel and --meeting-port. What was verified, and the checksum,
is told; what is wrong ends the client with a line that begins with "wrong:".
"""

import argparse
import hashlib
import os
import sys

# Python is told to keep its path short ("-I"), and may not write to the
# checkout.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from msn_direct import Negotiation
from msn_ftp import Invitation, Meeting
from msn_p2p import CHUNK_MAX
from msn_talk import Talk
from msn_wire import SLOWNESS, Stream, Wrong, demand, fail, reach, told

METHODS = {"msnftp": Invitation, "slp": Negotiation, "netmeeting": Meeting}
PORTS = {"msnftp": (6891, 11178), "slp": (0, 0), "netmeeting": (0, 0)}


class Options(argparse.Namespace):
    """What was asked for, and what both methods do with it"""

    def complete(self):
        self.listener = self.listener or \
            ("receiver" if self.method == "slp" else "inviter")
        self.order = [w for w in self.connect_to.split(",") if w]
        port, portx = PORTS[self.method]
        self.port = port if self.port is None else self.port
        self.portx = portx if self.portx is None else self.portx
        if self.external is None:
            self.external = "none" if self.method == "slp" else "self"
        if self.internal is None:
            self.internal = "self" if self.method == "slp" else "none"
        Stream.LIMIT_S = self.limit * SLOWNESS
        self.data = b""
        if self.role == "inviter":
            with open(self.file, "rb") as file:
                self.data = file.read()
            self.tell_sum(self.data)

    def addresses(self, kind, own):
        """Those to announce; "self" is the one that the server is talked to
        from"""
        words = getattr(self, kind).split(",")
        return [own if w == "self" else w for w in words
                if w not in ("none", "")]

    def check_places(self, places):
        for kind, addr, port in places:
            told("announced: %s %s port %d" % (kind, addr, port))
            demand(0 < port < 65536, "port %d" % port)
            demand(self.want in (None, addr), "announced %s, not %s" %
                   (addr, self.want))
        demand(places, "nothing was announced")

    def no_connection(self, *place):
        try:
            stream = reach([place])
        except Wrong:
            return
        stream.close()
        raise Wrong("%s %s port %d can be reached after the CANCEL" % place)

    def save(self, data):
        with open(self.file, "wb") as file:
            file.write(data)
        self.tell_sum(data)

    def tell_sum(self, data):
        told("sha256 %s %d bytes" % (hashlib.sha256(data).hexdigest(),
                                     len(data)))


def arguments():
    parser = argparse.ArgumentParser()
    add = parser.add_argument
    add("--role", choices=("inviter", "receiver"), required=True)
    add("--method", choices=METHODS, required=True)
    add("--server", required=True, help="ADDR:PORT of the switchboard")
    add("--notification", help="ADDR:PORT to be told of a switchboard by")
    add("--follow", action="store_true", help="go where that one says")
    add("--listener", choices=("inviter", "receiver"),
        help="who listens; the receiver by MSNFTP: Sender-Connect")
    add("--port", type=int, help="to listen on; 0: any")
    add("--portx", type=int, help="the second one of MSNFTP")
    add("--announced-port", type=int, help="another one than that")
    add("--external", help="to announce: ADDR,... with \"self\"; or none")
    add("--internal", help="the same for internal addresses")
    add("--ipv6", default="none", help="addresses of IPv6; by MSNSLP only")
    add("--connect-to", default="internal,external,ipv6",
        help="which announced addresses to try, in which order")
    add("--want", metavar="ADDR", help="what the peer has to announce")
    add("--meeting-port", type=int, default=1503)
    add("--mode", choices="UNAD", default="N", help="of MSGs that invite")
    add("--quote", action="store_true", help="begin with chat that quotes an "
        "invitation")
    add("--cancel", choices=("told", "tried"), help="what was announced; "
        "the peer tries whether it can be reached")
    add("--p2p", type=int, choices=(1, 2), default=1)
    add("--chunk", type=int, default=CHUNK_MAX, help="bytes of SLP in a MSG")
    add("--context", type=int, default=574, help="bytes of SLP's Context")
    add("--nonce", choices=("plain", "hashed", "none"), default="hashed")
    add("--in-request", action="store_true", help="the inviter announces in "
        "its transreqbody")
    add("--reversed", action="store_true", help="names and values of addresses "
        "backwards")
    add("--split", type=int, default=0, help="send to servers in pieces of so "
        "many bytes")
    add("--coalesce", action="store_true", help="hold back until an answer is "
        "needed")
    add("--limit", type=float, default=20, help="seconds to wait for anything")
    add("file")
    opt = parser.parse_args(namespace=Options())
    opt.complete()
    return opt


def main():
    opt = arguments()
    try:
        talk = Talk(opt)
        if opt.quote:
            talk.quote()
        METHODS[opt.method](talk, opt).run()
        talk.leave()
    except Wrong as why:
        fail(why)
    except KeyError as why:
        fail("no field %s" % why)
    except (OSError, ValueError) as why:
        fail("%s: %s" % (type(why).__name__, why))
    told("done")


main()

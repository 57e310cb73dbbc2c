# SPDX-License-Identifier: GPL-2.0-only
"""Debian's python3-pyftpdlib as a server:

	ftp_pyftpdlib.py HOST PORT PASV_LO PASV_HI HOME ANNOUNCE USER:PASS...
"""

import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import MultiprocessFTPServer

host, port, low, high, home, announce, *users = sys.argv[1:]

FTPHandler.authorizer = DummyAuthorizer()
for user in users:
    FTPHandler.authorizer.add_user(*user.split(":"), home, perm="elradfmwMT")
FTPHandler.passive_ports = range(int(low), int(high) + 1)
FTPHandler.masquerade_address = announce or None
FTPHandler.auth_failed_timeout = 1
# The poller of one process for all sessions loses data connections now and then
# whose number was another's a moment ago.
MultiprocessFTPServer((host, int(port)), FTPHandler).serve_forever()

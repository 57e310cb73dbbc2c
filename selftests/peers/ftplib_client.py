# SPDX-License-Identifier: GPL-2.0-only
"""One FTP session: HOST PORT USER PASS MODE [get|put|list FROM TO]..."""

import ftplib
import sys

host, port, user, password, mode = sys.argv[1:6]
actions = sys.argv[6:]

ftp = ftplib.FTP()
ftp.set_debuglevel(1)
# the address in a 227 reply counts, so that a wrong one shows
ftp.trust_server_pasv_ipv4_address = True
ftp.connect(host, int(port))
ftp.login(user, password)
ftp.set_pasv(mode in ("pasv", "epsv"))

while actions:
    verb, source, target = actions[:3]
    del actions[:3]
    if verb == "put":
        with open(source, "rb") as f:
            ftp.storbinary("STOR " + target, f)
    else:
        command = "LIST" if verb == "list" else "RETR " + source
        with open(target, "wb") as f:
            ftp.retrbinary(command, f.write)
ftp.quit()

title = "SOCKS"

checks = { proxy }

advice = "A client of SOCKS needs no help: its proxy makes the connections, and what it
announces is the proxy's own address. On a proxy behind NAT, UDP ASSOCIATE needs its range
of UDP ports redirected; TCP port 1080 is all else. Don't open 1080 to the outside."

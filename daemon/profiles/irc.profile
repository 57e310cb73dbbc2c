title = "IRC"

entry chat {
	role = client
	proto = tcp
	ports = { 6660-6669, 7000 }
	helper = irc
	why = "chat; files and private chats (DCC) come as connections that the helper has read"
}

checks = { helper, blocked }

advice = "appgwd must run. By TLS (port 6697) nobody can read what DCC announces: use passive DCC.
Some servers ask back at TCP 113 (ident): reject it, don't drop it."

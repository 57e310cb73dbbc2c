# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The router between two devices whose other ends are a program's; see tun.h.

BENCH=$SELFTESTS/../.build/bench
# shellcheck disable=SC2034 # read by scripts
NEIGHBOURS=$BENCH/neighbours

# large_tables: conntrack's, for all that a program opens at a time
large_tables()
{
	modprobe nf_conntrack hashsize=65536 expect_hashsize=1024 ||
		die "no conntrack"
	sysctl -q net.netfilter.nf_conntrack_max=65536 \
		net.netfilter.nf_conntrack_expect_max=16384 || die "no sysctl"
}

# scene [RULES]: the router "gw", which masquerades, with these parts of a table besides.
# Any router's firewall has chains for what it forwards and what is for itself, and what
# is the first one in a place bears the cost of the place, too.
scene()
{
	ip netns add gw || die "can't make a namespace"
	in_ns gw sysctl -q net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv4.ip_forward=1
	ip -n gw -batch - <<-EOF || die "can't set up gw"
		link set lo up
		tuntap add dev lan mode tun
		tuntap add dev wan mode tun
		link set lan up txqueuelen 1000
		link set wan up txqueuelen 1000
		addr add 10.0.0.1/8 dev lan
		addr add 203.0.113.1/24 dev wan
	EOF
	in_ns gw nft -f - <<-EOF || die "no rules"
		table inet test {
			${1:-}
			chain nat_out {
				type nat hook postrouting priority 100;
				oifname wan masquerade
			}
			chain forward {
				type filter hook forward priority 0;
			}
			chain input {
				type filter hook input priority 0;
				iifname wan drop
			}
		}
	EOF
}

# helper NAME PORT: the rule that gives connections to PORT the kernel's helper
helper()
{
	echo "ct helper h { type \"$1\" protocol tcp; l3proto inet; };
		chain pre {
			type filter hook prerouting priority 0;
			tcp dport $2 ct helper set \"h\"
		}"
}

# listen: appgwd, for as many announcements as a program makes up
listen()
{
	appgwd_start --queue 3 || die "appgwd does not listen"
	unlimited
}

unlimited()
{
	ctl policy set quota_host=0 quota_total=0 >/dev/null || die "no policy"
}

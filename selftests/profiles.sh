#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What appgwctl renders for firewalls is read by those firewalls' own readers, and says
# what the profile says; and what makes no sense is refused in one line. No kernel
# takes any of it here: that is profiles_packets.sh's part.
#
# usage: profiles.sh	on the host; "make daemon" and "setup peers" before

set -u
SELFTESTS=$(dirname "$(readlink -f "$0")")
source "$SELFTESTS/lib/tap.sh"

APPGW_CACHE=${APPGW_CACHE:-/var/cache/nf_appgw}
PROFILES=$SELFTESTS/../daemon/profiles
CTL=$SELFTESTS/../.build/daemon/appgwctl
PYTHON=usr/lib/python3/dist-packages
SHOREWALL=$APPGW_CACHE/peers/shorewall

make -s -C "$SELFTESTS/../daemon" || exit 1
need /usr/bin/python3 perl
for name in python3-firewall ufw shorewall shorewall-core; do
	[ -d "$APPGW_CACHE/peers/$name" ] || skip_all "needs $name"
done
WORK=$(mktemp -d) || exit 1
trap 'rc=$?; rm -rf "$WORK"; tap_finish $rc; exit' EXIT
SHIPPED=$WORK/shipped

diagnose()
{
	:
}

profile()
{
	"$CTL" profile --profiles "$PROFILES" "$@"
}

# names [all]: of the profiles, but for the one that opens nothing
names()
{
	local file name

	for file in "$PROFILES"/*.profile; do
		name=$(basename "$file" .profile)
		[ "$name" = socks ] && [ $# -eq 0 ] || echo "$name"
	done
}

# ---- readers

# python PACKAGE TEXT: that program, with what was unpacked of the package
python()
{
	/usr/bin/python3 -B -I -c "
import glob, gettext, json, os, sys
sys.path.insert(0, '$APPGW_CACHE/peers/$1/$PYTHON')
$2" "$SHIPPED" "$CTL" "$PROFILES"
}

# All of a profile's ports with that role, as appgwctl's JSON has them
WANTED='
def wanted(name):
    p = json.loads(os.popen("%s profile --profiles %s --json show %s" %
                            (sys.argv[2], sys.argv[3], name)).read())
    role = "client"
    if any(e["role"] == "server" for e in p["entries"]):
        role = "server"
    return sorted((port, proto) for e in p["entries"] for proto in e["proto"]
                  for port in e["ports"] if e["role"] == role and
                  e["verdict"] == "accept" and port != "passive")
'

firewalld_services()
{
	python python3-firewall "$WANTED
from firewall.core.io.service import service_reader
d = sys.argv[1] + '/firewalld/services'
files = sorted(os.listdir(d))
for f in files:
    s = service_reader(f, d)
    name = s.name.removeprefix('appgw-')
    print(name, s.ports, s.helpers)
    assert sorted(s.ports) == wanted(name), wanted(name)
    assert s.short and s.description
assert len(files) == $(names | wc -l)
assert service_reader('appgw-ftp-client.xml', d).helpers == ['appgw-ftp']"
}

firewalld_helpers()
{
	python python3-firewall "
from firewall.core.io.helper import helper_reader
from firewall.functions import get_nf_conntrack_short_name
d = sys.argv[1] + '/firewalld/helpers'
files = sorted(os.listdir(d))
for f in files:
    h = helper_reader(f, d)
    print(h.name, h.module, h.ports)
    assert h.module == 'nf_conntrack_' + h.name.replace('-', '_')
    assert get_nf_conntrack_short_name(h.module) == h.name
assert files == ['appgw-%s.xml' % n for n in ('ftp', 'irc', 'mms', 'msn', 'pna',
                                             'rpc', 'rtsp')]
assert ('21', 'tcp') in helper_reader('appgw-ftp.xml', d).ports"
}

# A reader that takes anything proves nothing.
firewalld_refuses()
{
	sed -i 's/nf_conntrack_appgw_irc/nf_appgw/' \
		"$SHIPPED/firewalld/helpers/appgw-irc.xml"
	firewalld_helpers
}

ufw_applications()
{
	python ufw "$WANTED
gettext.install('ufw')
from ufw.applications import get_profiles, verify_profile
found = get_profiles(sys.argv[1] + '/ufw')
for name, p in found.items():
    print(name, p)
    assert verify_profile(name, p)
    ports = sorted(tuple(w.replace(':', '-').split('/'))
                   for w in p['ports'].split('|'))
    assert ports == wanted(name.removeprefix('appgw-')), ports
assert len(found) == $(names | wc -l)"
}

# shorewall_prepare: both packages in one place, and a router of two networks that
# has each macro in a rule
shorewall_prepare()
{
	local root=$WORK/shorewall conf=$WORK/conf macro

	mkdir -p "$root" "$conf" "$WORK/etc/shorewall" "$WORK/var" &&
		cp -a "$SHOREWALL/." "$SHOREWALL-core/." "$root" || return
	sed "s,^PREFIX=.*,PREFIX=$root/usr,; s,^CONFDIR=.*,CONFDIR=$WORK/etc,
		s,^VARLIB=.*,VARLIB=$WORK/var," \
		"$root/usr/share/shorewall/shorewallrc" >"$WORK/shorewallrc"
	cp "$root/etc/shorewall/shorewall.conf" "$conf"
	printf '%s\n' 'fw firewall' 'net ipv4' 'loc ipv4' >"$conf/zones"
	printf '%s\n' '?FORMAT 2' 'net wan' 'loc lan' >"$conf/interfaces"
	printf '%s\n' 'net all DROP' 'all all REJECT' >"$conf/policy"
	# what a kernel might lack is not asked for
	{
		sed -n '/%capdesc = (/,/);/p' \
			"$root/usr/share/shorewall/Shorewall/Config.pm" |
			grep -oE '\b[A-Z][A-Z0-9_]+ *=>' | sed 's/ *=>/=Yes/'
		printf '%s\n' CAPVERSION=50200 KERNELVERSION=60100
	} >"$conf/capabilities"
	cp "$SHIPPED"/shorewall/* "$conf"
	echo '?SECTION NEW' >"$conf/rules"
	for macro in "$conf"/macro.*; do
		printf '%s\n' "${macro##*/macro.}(ACCEPT) loc net" \
			"${macro##*/macro.}(DNAT) net loc:192.168.1.2"
	done >>"$conf/rules"
}

shorewall_compiles()
{
	local share=$WORK/shorewall/usr/share/shorewall

	perl "$share/compiler.pl" --export --directory="$WORK/conf" \
		--verbose=0 --shorewallrc="$WORK/shorewallrc" \
		--shorewallrc1="$WORK/shorewallrc" \
		--config_path="$WORK/conf:$share" "$WORK/compiled"
}

shorewall_has_rules()
{
	# it puts ports together that have the same said of them
	grep -E -- '-A loc-net -p 17 .*[ ,]8080[ ,].*-j ACCEPT' "$WORK/compiled" &&
		grep -E -- '-A net_dnat -p 17 .*[ ,]8080[ ,].*-j DNAT' \
			"$WORK/compiled"
}

shorewall_refuses()
{
	printf 'PARAM\t-\t-\ttcp\t99999\n' >>"$WORK/conf/macro.Appgw_irc"
	shorewall_compiles
}

# ---- what appgwctl says

lists()
{
	[ "$(profile list | cut -d' ' -f1)" = "$(names all | sort)" ] &&
		[ "$(profile --json list | /usr/bin/python3 -I -c '
import json, sys
print(len(json.load(sys.stdin)))')" -eq "$(names all | wc -l)" ]
}

shows()
{
	profile show expedat | grep 'udp 8080, before any limit, with ICMP errors' &&
		profile show socks | grep 'Don.t open 1080'
}

passive()
{
	profile render ftp-server --as nft --inside lan --outside wan \
		--passive-ports 50000-50009 | grep 'tcp dport 50000-50009 accept' &&
		! profile render ftp-server --as nft --inside lan \
			--outside wan | grep 50000
}

# refused TEXT ARG...: nothing but one line with TEXT, and status 1
refused()
{
	local said text=$1 rc
	shift

	said=$("$CTL" "$@" 2>&1 >"$WORK/out")
	rc=$?
	echo "$rc: $said"
	[ $rc -eq 1 ] && [ ! -s "$WORK/out" ] &&
		[ "$(wc -l <<<"$said")" -eq 1 ] &&
		[[ $said == "appgwctl: "*"$text"* ]]
}

# no_render TEXT ARG...: of a good call, made bad by ARG
no_render()
{
	refused "$1" profile --profiles "$PROFILES" render "${@:2}"
}

usage()
{
	"$CTL" profile "$@" >"$WORK/said" 2>&1
	[ $? -eq 2 ] && grep -q '^usage:' "$WORK/said"
}

# broken TEXT LINE: a folder with a profile of that text
broken()
{
	mkdir -p "$WORK/broken"
	printf '%b' "$1" >"$WORK/broken/a.profile"
	refused "a.profile:$2: " profile --profiles "$WORK/broken" show a &&
		refused "a.profile:$2: " profile --profiles "$WORK/broken" list
}

huge()
{
	mkdir -p "$WORK/huge"
	head -c 100000 /dev/zero | tr '\0' '#' >"$WORK/huge/a.profile"
	refused "a.profile:1: " profile --profiles "$WORK/huge" show a
}

ROUTER=(--inside lan --outside wan)

refusals()
{
	local word

	check "smb: not to the outside, and why" \
		no_render "inside alone" smb --as nft "${ROUTER[@]}"
	check "nor in other forms" no_render "inside alone" smb --as firewalld \
		--outside wan
	check "nor among others" no_render "smb: " ftp-client smb --as iptables \
		"${ROUTER[@]}"
	check "socks: advice only" no_render "advice" socks --as nft \
		"${ROUTER[@]}"
	check "no --outside" no_render "--outside" ftp-client --as nft \
		--inside lan
	check "no --inside" no_render "--inside" ftp-client --as nft \
		--outside wan
	check "no --as" no_render "--as" ftp-client "${ROUTER[@]}"
	check "unknown profile" no_render "ftq.profile" ftq --as nft \
		"${ROUTER[@]}"
	check "two services at once" no_render "one profile" irc msn --as firewalld
	for word in 'wan"' 'wan;' $'wan\n' 'w an' '-j' '' 'wan*' '$(id)' 'wan{' \
		'abcdefghijklmnop'; do
		check "interface $(printf %q "$word")" no_render "--outside" \
			irc --as nft --inside lan --outside="$word"
	done
	for word in '10.0.0.1;' 10.0.0.0/24 0.0.0.0 ff02::1 $'10.0.0.1\n' x; do
		check "server $(printf %q "$word")" no_render "--server" \
			ftp-server --as nft "${ROUTER[@]}" --server="$word"
	done
	for word in 80-90 1024-70000 5000-4000 '5000;' '5000-' ''; do
		check "ports $(printf %q "$word")" no_render "--passive-ports" \
			ftp-server --as nft "${ROUTER[@]}" \
			--passive-ports="$word"
	done
	for word in '../smb' 'a;b' 'A' $'a\nb' '/etc/passwd'; do
		check "profile $(printf %q "$word")" no_render "no name" "$word" \
			--as nft "${ROUTER[@]}"
	done
	check "zone br-lan" no_render "zone" irc --as fw4 --inside br-lan \
		--outside wan
	check "table x;y" no_render "--table" irc --as nft "${ROUTER[@]}" \
		--table 'x;y'
}

plan 58
check "all is rendered" "$PROFILES/generate" "$CTL" "$SHIPPED"
check "firewalld reads the services" firewalld_services
check "and the helpers" firewalld_helpers
check_fails "but no module of another name" firewalld_refuses
check "ufw reads the applications" ufw_applications
check "Shorewall has the macros" shorewall_prepare
check "and compiles rules of them" shorewall_compiles
check "which say the same" shorewall_has_rules
check_fails "but no port that there isn't" shorewall_refuses
check "list" lists
check "show" shows
check "a passive range only with its ports" passive
refusals
check "a profile without its last bracket" \
	broken 'title = t\nadvice = a\nentry a {\n role = client\n' 3
check "with an unknown key" broken '# c\n\ntitle = t\ncolour = red\n' 4
check "with what would be a rule" broken 'title = "t\\n drop"\n' 1
check "huge" huge
check "no folder" refused "no profiles" profile --profiles /nowhere list
check "no word: usage" usage
check "an unknown one: usage" usage paint
check "unknown option: usage" usage --colour list

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# On a Debian 12 that has apt and nothing else, selftests/setup installs what its
# groups are for, and the second time has nothing to do; with that of group build the
# daemon is built and tested.
#
# usage: setup_bare.sh [GROUP...]	setup's, build alone by default, or "all" of them;
#					on the host, as root

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
here=$PWD/selftests
# shellcheck source=selftests/vm/common.sh
. selftests/vm/common.sh
# shellcheck source=selftests/lib/report.sh
. selftests/lib/report.sh
# shellcheck source=selftests/lib/apt.sh
. selftests/lib/apt.sh
# shellcheck source=selftests/lib/fetched.sh
. selftests/lib/fetched.sh
# Not as a part of the "make" that may have started this
unset MAKEFLAGS MFLAGS MAKELEVEL

RELEASE=bookworm
# Where the checkout is, and what setup keeps, as seen from there
AT=/srv/nf_appgw
CACHE=/var/cache/nf_appgw
# Those tests of the daemon that take no time
UNIT_TESTS="config kmod_plan packet msn_parse"

# What each group is for: programs, or files below CACHE
declare -A BRINGS=(
[build]="gcc gcc-12 make pkg-config bc bison flex modprobe cpio pahole rsync xz zstd"
[lint]="clang git mandoc shellcheck sparse spatch aarch64-linux-gnu-gcc-12
	arm-linux-gnueabihf-gcc-12"
[everywhere]="aarch64-linux-gnu-gcc arm-linux-gnueabihf-gcc i686-linux-gnu-gcc
	s390x-linux-gnu-gcc mmdebstrap musl-gcc qemu-s390x-static"
[fuzz]="clang llvm-cov llvm-profdata"
[machine]="busybox mmdebstrap qemu-system-x86_64 sqfstar"
[network]="conntrack ethtool ip iptables-legacy nfct nft tc tcpdump"
[clients]="curl irssi lftp ncftp node python3 tmux tnftp weechat-headless wget
	peers/basic-ftp/version"
[media]="ffmpeg gst-launch-1.0 cvlc media/av.frames gst.registry"
[nfs]="rpcbind rpcinfo showmount mount.nfs nfs-ls nfs-cat rpc.nfsd rpc.statd
	ganesha.nfsd"
[dkms]="dkms"
[packaging]="bsdtar fakeroot makepkg pacman rpm2cpio rpmbuild rpmlint"
[packages]="dpkg-buildpackage dh dh_dkms fakeroot lintian mksquashfs zsh"
[judges]="ebtables-legacy iperf3 ipvsadm nc ping socat judges/nft_nat.sh
	judges/nf-queue kselftest/tools/testing/selftests/run_kselftest.sh"
[bench]="gnuplot python3 socat peers/conntrackd/usr/sbin/conntrackd"
[peers]="peers/vsftpd/usr/sbin/vsftpd peers/proftpd-core/usr/sbin/proftpd
	dbus-daemon peers/firewalld/usr/sbin/firewalld
	peers/inspircd/usr/sbin/inspircd peers/ngircd/usr/sbin/ngircd
	peers/ufw/usr/sbin/ufw peers/shorewall/usr/share/shorewall/compiler.pl"
)

# MB while it lasts: the root, the packages of some groups, or of all
SPACE=2000 SPACE_ALL=8000

# report NAME CMD...
report()
{
	"${@:2}" >"$tmp/out" 2>&1
	tap_report $? "$1" "$tmp/out"
}

# bare CMD...: in there, with processes and mounts of its own; of the host's
# environment only what leads to the net
bare()
{
	local name keep=()

	for name in http_proxy https_proxy no_proxy; do
		[ -z "${!name:-}" ] || keep+=("$name=${!name}")
	done
	# shellcheck disable=SC2016
	env -i "${keep[@]}" HOME=/root LC_ALL=C.UTF-8 \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		unshare --mount --pid --fork --kill-child bash -c '
		mount -t proc proc "$1/proc" && exec chroot "$@"
	' bash "$root" "$@"
}

# Certificates that the host has beside Debian's, one a file, for ca-certificates to
# find when that is installed
trust_as_here()
{
	local bundle=/etc/ssl/certs/ca-certificates.crt
	local dir=$root/usr/local/share/ca-certificates

	[ -e $bundle ] && mkdir -p "$dir" || return 0
	cat /usr/share/ca-certificates/*/*.crt 2>/dev/null |
		awk -v dir="$dir" 'BEGIN { RS = "-----END CERTIFICATE-----\n" }
		known	{ debian[$0]; next }
		/BEGIN/ && !($0 in debian) {
			printf "%s%s", $0, RS >(dir "/host-" ++n ".crt")
		}' known=1 - known= $bundle
}

made()
{
	make_root $RELEASE "$root" --dpkgopt=force-unsafe-io || return
	# names of the host's are looked up there as here
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/" && trust_as_here
}

copied()
{
	git ls-files -co --exclude-standard -z |
		rsync -a --from0 --files-from=- ./ "$root$AT/"
}

# without: what all those groups are to bring is not there
without()
{
	local name

	for name; do
		! bare bash -c 'type -P "$1"' bash "$name" || return
	done
}

# brought GROUP
brought()
{
	local name

	for name in ${BRINGS[$1]}; do
		case $name in
		*/* | gst.registry)
			[ -s "$root$CACHE/$name" ] ;;
		*)	bare bash -c 'type -P "$1"' bash "$name" ;;
		esac || {
			echo "no $name"
			return 1
		}
	done
}

setup()
{
	bare "$AT/selftests/setup" "$@"
}

# What keeps services from being started must not stay.
installed()
{
	setup "$@" && [ ! -e "$root/usr/sbin/policy-rc.d" ]
}

# nothing_changes GROUP...: but locks, and what GStreamer has found, which is always
# looked for
nothing_changes()
{
	local said

	touch "$tmp/since"
	said=$(setup "$@" 2>&1)
	echo "$said"
	[ "$said" = "setup: all there: $*" ] &&
		! find "$root" -xdev -newer "$tmp/since" -type f \
			! -name '*.lock' ! -name gst.registry | grep .
}

daemon_built()
{
	bare make -C $AT daemon && bare $AT/.build/daemon/appgwd --help |
		grep -e --queue
}

unit_tests()
{
	bare make -s -C $AT/selftests/unit TESTS="$UNIT_TESTS" run
}

need_root
groups=$(sed -n 's/^groups="\(.*\)"$/\1/p' selftests/setup)
[ -n "$groups" ] || die "setup has no groups"
[ $# -gt 0 ] || set -- build
# shellcheck disable=SC2086 # a list
[ "$*" != all ] || { set -- $groups; SPACE=$SPACE_ALL; }
for g; do
	[ -n "${BRINGS[$g]:-}" ] || die "$g: what is it for?"
done
command -v mmdebstrap >/dev/null || selftests/setup machine || exit

lock_fetch "$APPGW_CACHE/bare"
need_space "$APPGW_CACHE" $SPACE
begin_fetch "$APPGW_CACHE/bare"
root=$tmp/root
apt_init "$tmp/apt" $RELEASE $RELEASE-security && apt-get -qq update || {
	echo "1..0 # SKIP no mirror of Debian's can be reached"
	exit 4
}

with_build=
[[ " $* " != *" build "* ]] || with_build=y

plan $((5 + $# + 2 * ${#with_build}))
report "a Debian 12 with nothing but apt" made
report "it can't build anything" without gcc make pkg-config git
report "a copy of the checkout" copied
report "setup $*" installed "$@"
for g; do
	report "$g: what it is for is there" brought "$g"
done
report "the second time nothing changes" nothing_changes "$@"
if [ -n "$with_build" ]; then
	report "the daemon is built" daemon_built
	report "its unit tests pass" unit_tests
fi
note "took $SECONDS s"
tap_finish 0

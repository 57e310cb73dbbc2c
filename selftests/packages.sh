#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "make deb" makes packages that Debian takes: lintian is content, DKMS builds the
# module for each kernel there is and for one that comes later, a machine has module
# and daemon at work after an installation, an upgrade and a reboot, and a purge leaves
# nothing behind.
#
# Compilers run on the host, where they take seconds: in a Debian 12 of its own, which
# apt installs the packages in. The test machine then boots the same Debian, with
# systemd, and installs, upgrades and removes them: see packages_boot.sh.
#
# usage: packages.sh [built]	what takes no machine, or all; on the host, as root

set -u
SELFTESTS=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/vm/common.sh
. "$SELFTESTS/vm/common.sh"
need_root
[ "${APPGW_PACKAGES:-}" = 1 ] ||
	APPGW_PACKAGES=1 exec unshare --mount --propagation private "$0" "$@"
unset APPGW_PACKAGES
# shellcheck source=selftests/lib/tap.sh
. "$SELFTESTS/lib/tap.sh"
cd "$SELFTESTS/.." || exit 1
repo=$PWD
KERNEL=6.1

# There is no router here to be looked at.
diagnose()
{
	:
}

# In the checkout, which the test machine shares
mkdir -p .build || exit 1
WORK=$(mktemp -d "$repo/.build/packages.XXXXXX") || exit 1
trap 'umount -q "$ROOT" "$WORK/cover" 2>/dev/null; rm -rf --one-file-system "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
NEXT=$version.1
"$SELFTESTS/vm/fetch" $KERNEL || exit
base=$APPGW_CACHE/kernels/$KERNEL
VER=$(cat "$base/version")
ROOT=$WORK/root
PACKAGES="nf-appgw-dkms appgwd"

# ---- the packages

# build_packages FROM TO
build_packages()
{
	"$1/packaging/deb" "$2" && [ "$(find "$2" -name '*.deb' | wc -l)" -eq 2 ]
}

# A checkout of the version behind this one, which git knows nothing of
next_sources()
{
	local to=$WORK/next

	mkdir "$to" && git -c safe.directory="$repo" ls-files -z |
		tar -c --null -T - | tar -x -C "$to" &&
		sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$NEXT\"/" \
			"$to/dkms.conf" &&
		sed -i "1s/($version)/($NEXT)/" "$to/packaging/debian/changelog"
}

next_packages()
{
	next_sources && build_packages "$WORK/next" "$WORK/debs/next"
}

# Silence is content, of warnings as well.
lintian_content()
{
	local said

	said=$(lintian --allow-root --fail-on error,warning \
		"$WORK"/debs/this/*.changes 2>&1)
	[ $? -eq 0 ] && [ -z "$said" ] || {
		echo "$said"
		return 1
	}
}

# A version that package and sources disagree on is told, and nothing built.
refuses_other_version()
{
	local said

	sed -i "1s/(.*)/(0.0.1)/" "$WORK/next/packaging/debian/changelog"
	said=$("$WORK/next/packaging/deb" "$WORK/none" 2>&1) && return 1
	echo "$said"
	[[ $said == *"is not about $NEXT"* ]] && [ ! -e "$WORK/none" ]
}

# ---- a Debian in which they are installed

# With the packages in /srv; what is written there ends with this script.
make_root()
{
	local debian cover=$WORK/cover

	debian=$("$SELFTESTS/vm/debian") && mkdir -p "$cover" "$ROOT" &&
		mount -t tmpfs tmpfs "$cover" && mkdir "$cover"/{upper,work} &&
		mount -t overlay -o "lowerdir=$debian,upperdir=$cover/upper" \
			-o "workdir=$cover/work" overlay "$ROOT" &&
		mkdir -p "$ROOT$base" &&
		cp -R "$WORK/debs" "$ROOT/srv/" || die "no Debian to install in"
}

# in_root CMD...: with processes, mounts and a network of its own
in_root()
{
	# shellcheck disable=SC2016
	env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		unshare --mount --net --pid --fork --kill-child bash -c '
		mount -t proc proc "$1/proc" && mount --bind "$2" "$1$2" &&
			cd / && root=$1 && shift 2 && exec chroot "$root" "$@"
	' bash "$ROOT" "$base" "$@"
}

# What packages leave behind; DKMS makes a key for itself, and sysusers a lock and
# copies of the files it changes.
list_files()
{
	in_root find / -xdev \( -path /proc -o -path /srv -o -path /tmp \
		-o -path /var/cache -o -path /var/log -o -path /var/lib/dpkg \
		-o -path /var/lib/apt \) -prune -o -print |
		grep -vE '^/var/lib/dkms/mok|^/etc/(\.pwd\.lock|g?shadow-|passwd-|group-)' |
		sort
}

apt_installs()
{
	in_root sh -c 'apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends \
		install /srv/debs/this/*.deb'
}

# By DKMS, of this version
module_built()
{
	local file=$ROOT/lib/modules/$VER/updates/dkms/nf_appgw.ko

	in_root dkms status nf_appgw
	[ "$(modinfo -F version "$file")" = "$version" ] &&
		[[ $(modinfo -F vermagic "$file") == "$VER "* ]] &&
		[ "$(in_root dkms status nf_appgw)" = \
			"nf_appgw/$version, $VER, x86_64: installed" ]
}

# Each has a manual, and nothing in /etc is overwritten by an upgrade.
manuals_and_conffiles()
{
	local name

	for name in man4/nf_appgw.4 man7/nf_appgw.7 man5/appgwd.conf.5 man8/appgw{d,ctl}.8; do
		[ -s "$ROOT/usr/share/man/$name.gz" ] || { echo "$name"; return 1; }
	done
	diff <(printf '%s\n' /etc/appgwd.conf /etc/modprobe.d/nf_appgw.conf \
			/etc/ufw/applications.d/appgw) \
		<(in_root dpkg-query -W -f '${Conffiles}\n' $PACKAGES |
			awk 'NF { print $1 }' | sort)
}

# What is commented out would be understood.
options_known()
{
	local file=$ROOT/etc/modprobe.d/nf_appgw.conf names

	names=$(sed -n 's/^#options nf_appgw //p' "$file" | tr ' ' '\n' |
		sed 's/=.*//' | sort -u)
	! grep -v '^#\|^$' "$file" && [ "$(wc -l <<<"$names")" -ge 5 ] &&
		! comm -23 <(echo "$names") <(modinfo -p \
			"$ROOT/lib/modules/$VER/updates/dkms/nf_appgw.ko" |
			sed 's/:.*//' | sort) | grep .
}

# What linux-headers and linux-image would bring
kernel_comes()
{
	mkdir -p "$ROOT/lib/modules" &&
		cp -a "$base/lib/modules/$VER" "$ROOT/lib/modules/" &&
		ln -sfn "$base/headers" "$ROOT/lib/modules/$VER/build"
}

# As its postinst does
hook_builds()
{
	kernel_comes && in_root run-parts --exit-on-error --arg="$VER" \
		--arg="/boot/vmlinuz-$VER" /etc/kernel/postinst.d && module_built
}

purged()
{
	# shellcheck disable=SC2086 # a list
	in_root dpkg --purge $PACKAGES || return
	rm -rf "$ROOT/lib/modules"
	diff "$WORK/before" <(list_files)
}

# ---- the machine

# In place of make: the compiler would take minutes there. Other sources than those
# that the host has built the module of are not answered.
make_answers()
{
	cat <<-'MAKE'
	#!/bin/bash
	# What the host's compiler has made of these sources
	for arg; do
		case $arg in
		M=*)	at=${arg#M=} ;;
		clean)	exit 0 ;;
		esac
	done
	for name in Kbuild kmod include; do
		diff -rq "$at/$name" "/srv/built/source/$name" || exit 1
	done
	cp /srv/built/nf_appgw.ko "$at/"
	MAKE
}

keep_built()
{
	local built=$ROOT/srv/built

	mkdir -p "$built/headers/include" "$built/source" &&
		cp -R "$ROOT/usr/src/nf_appgw-$version/." "$built/source/" &&
		cp "$ROOT/lib/modules/$VER/updates/dkms/nf_appgw.ko" "$built/" &&
		cp "$base/headers/.config" "$built/headers/"
}

make_image()
{
	rmdir "$ROOT$base"
	make_answers >"$ROOT/usr/local/sbin/make" &&
		chmod 755 "$ROOT/usr/local/sbin/make" && kernel_comes &&
		ln -sfn /srv/built/headers "$ROOT/lib/modules/$VER/build" &&
		printf '%032x\n' $$ >"$ROOT/etc/machine-id" &&
		mksquashfs "$ROOT" "$WORK/image" -quiet -no-progress -no-xattrs \
			-noI -noD -noF -noX >&2 || die "can't make an image"
}

# boot WHAT...: the machine, and in it packages_boot.sh
boot()
{
	"$SELFTESTS/vm/run" -k $KERNEL -d "$WORK/image" -t "$(scaled 300)" -- \
		selftests/packages_boot.sh "$@" >"$WORK/boot" 2>&1
}

# Two boots of it
in_machine()
{
	make_image
	boot first
	status=$?
	tap_relay 9 <"$WORK/boot"
	[ $status -eq 0 ] || return
	boot second
	status=$?
	tap_relay 7 <"$WORK/boot"
}

for tool in dpkg-buildpackage dh dh_dkms lintian mksquashfs modinfo gcc; do
	need $tool
done
[ -e "$base/headers/Makefile" ] ||
	skip_all "needs the headers of $VER, for this host's compiler"
case ${1:-} in
'')	plan $((9 + 9 + 7)) ;;
built)	plan 9 ;;
*)	die "$1: no such part (known: built)" ;;
esac

check "make deb" build_packages "$repo" "$WORK/debs/this"
check "lintian has nothing to say" lintian_content
check "the next version, from an archive" next_packages
check "another version in debian/changelog is refused" refuses_other_version

make_root
list_files >"$WORK/before"
check "apt installs both" apt_installs
check "manuals and conffiles are there" manuals_and_conffiles
check "a kernel that comes later: its hook has DKMS build the module" hook_builds
check "options in modprobe.d are the module's" options_known
keep_built || die "no module was built"
check "purge: nothing is left" purged

status=0
[ "${1:-}" = built ] || in_machine
note "took $SECONDS s"
tap_finish $status

# shellcheck shell=bash
# Shared by setup and the test machine's scripts; sourced, never run.

# shellcheck source=selftests/lib/limits.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/limits.sh"

# Everything fetched lives here, outside the checkout: it is large, the same
# for every checkout, and "make clean" must not cost a download.
APPGW_CACHE=$(realpath -m "${APPGW_CACHE:-/var/cache/nf_appgw}")

say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	say "$@"
	exit 1
}

need_root()
{
	[ "$(id -u)" -eq 0 ] || die "must be run as root"
}

# need_space DIR MB: DIR need not exist yet
need_space()
{
	local dir=$1 want=$2 free

	while [ ! -d "$dir" ]; do
		dir=$(dirname "$dir")
	done
	free=$(df -Pm "$dir" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$want" ] ||
		die "$1: $want MB needed, only $free MB free"
}

# in_chroot KERNEL DIR CMD...: in the release that kernel has, with this checkout at
# /mnt, read-only, and DIR at /build
in_chroot()
{
	local chroot=$APPGW_CACHE/kernels/$1/chroot dir=$2
	local repo=${BASH_SOURCE[0]%/*}/../..
	shift 2

	# shellcheck disable=SC2016
	unshare -m bash -c '
		chroot=$1 dir=$2 repo=$3
		shift 3
		mount -t proc proc "$chroot/proc" &&
		mount --bind /dev "$chroot/dev" &&
		mount --bind "$repo" "$chroot/mnt" &&
		mount -o remount,bind,ro "$chroot/mnt" &&
		mount --bind "$dir" "$chroot/build" || exit 1
		PATH=/usr/sbin:/usr/bin exec chroot "$chroot" "$@"
	' bash "$chroot" "$dir" "$repo" "$@"
}

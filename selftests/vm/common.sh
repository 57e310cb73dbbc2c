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

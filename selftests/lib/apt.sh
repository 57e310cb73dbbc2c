# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Packages of other suites of Debian's than the host's, with their signatures
# verified and nothing of the host's touched.

# What the daemon, and its unit tests, are built with
daemon_libraries="
	libc6-dev libcap-ng-dev libconfuse-dev libjansson-dev libmicrohttpd-dev
	libmnl-dev libncurses-dev libnetfilter-conntrack-dev libnetfilter-queue-dev
	libnftables-dev libnl-3-dev libnl-genl-3-dev libseccomp-dev libsmartcols-dev"
daemon_packages="gcc make pkg-config $daemon_libraries"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The host's mirror for Debian or, with "security", for its updates
mirror()
{
	local uri=

	# shellcheck disable=SC2016
	uri=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk -v security="${1:-}" '
		$2 !~ /^(https?|file):/	{ next }
		$1 ~ /-security$/	{ if (security) { print $2; exit }; next }
		security		{ next }
		$1 ~ /^(bookworm|trixie|forky|sid|(old)*stable|testing|unstable)(-updates|-backports)?$/ {
			print $2; exit
		}')
	uri=${uri%/}
	echo "${uri:-http://deb.debian.org/debian${1:+-security}}"
}

# apt_download DIR PACKAGE...: into DIR
apt_download()
{
	local dir=$1 p
	shift

	mkdir -p "$dir" || return 1
	for p; do
		say "downloading $p"
		(cd "$dir" && apt-get -qq download "$p" >&2) || {
			say "can't download $p"
			return 1
		}
	done
}

# can_install PACKAGE: of that very name; apt takes one with a full stop for a pattern
can_install()
{
	local policy

	policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null)
	[[ $policy == "$1:"*"Candidate: "* && $policy != *"Candidate: (none)"* ]]
}

# old_package PACKAGE: into the current folder; from Debian 12 if the host's own
# release has none
old_package()
{
	local dir rc

	if can_install "$1"; then
		apt-get -qq -o APT::Sandbox::User=root download "$1" >&2
		return
	fi
	dir=$(mktemp -d) || return
	(apt_init "$dir" bookworm bookworm-security &&
		apt-get -qq update && apt-get -qq download "$1") >&2
	rc=$?
	rm -rf "$dir"
	return $rc
}

# kernel_source TAR_ARG...: what tar takes then of the source of Debian's kernel 6.1,
# into the current folder
kernel_source()
{
	local deb=linux-source-6.1

	old_package "$deb" &&
		dpkg-deb --fsys-tarfile "$deb"_*.deb |
		tar -xO "./usr/src/$deb.tar.xz" | tar -xJ "$@" &&
		rm -f "$deb"_*.deb
}

# Configure apt to work below $1 only. The host's settings (a proxy, say) are
# taken over, without the commands it runs after an update.
apt_init()
{
	local dir=$1 suite uri

	# of an earlier call
	unset APT_CONFIG
	mkdir -p "$dir"/{lists,archives}/partial || return 1
	: >"$dir/status"
	: >"$dir/sources.list"
	shift
	for suite in "$@"; do
		case $suite in
		*-security)	uri=$(mirror security) ;;
		*)		uri=$(mirror) ;;
		esac
		echo "deb [signed-by=$keyring] $uri $suite main" \
			>>"$dir/sources.list"
	done

	(
		umask 077
		apt-config dump | grep -Ev '^[^ ]*-Invoke' >"$dir/apt.conf"
		cat >>"$dir/apt.conf" <<-CONF
		Dir::State "$dir";
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Sandbox::User "root";
		APT::Update::Error-Mode "any";
		Acquire::Retries "3";
		CONF
	)
	export APT_CONFIG=$dir/apt.conf
}

# make_root RELEASE DIR ARG...: of the RELEASE that apt_init was called for, a root in
# DIR with nothing but apt, and what ARGs to mmdebstrap add
make_root()
{
	local release=$1 dir=$2 apt=${APT_CONFIG%/*} sources
	shift 2

	mapfile -t sources < <(sed 's/ \[[^]]*\]//' "$apt/sources.list")
	grep -E '^Acquire::(http|https|Check-|Retries)' "$APT_CONFIG" \
		>"$apt/root.conf"
	# Mounts that an interrupted mmdebstrap leaves behind end with the
	# namespace.
	env -u APT_CONFIG unshare -m mmdebstrap --quiet --mode=root \
		--variant=apt --keyring="$keyring" --aptopt="$apt/root.conf" \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		"$@" "$release" "$dir" "${sources[@]}" >&2
}

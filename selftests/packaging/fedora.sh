# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Fedora: made by rpmbuild and read by rpm, both of Debian's, with what Fedora has
# besides in place of its own: macros for systemd, and kmodtool.

FEDORA=$WORK/fedora

# What systemd-rpm-macros says, as far as it is used; scripts only name what they do.
fedora_prepare()
{
	mkdir -p "$FEDORA"/{SOURCES,bin} && cp "$WORK/$ARCHIVE" "$FEDORA/SOURCES/" ||
		return
	cat >"$FEDORA/macros" <<-END
	%_topdir $FEDORA
	%_tmppath $FEDORA
	%_dbpath $FEDORA/db
	%optflags $CFLAGS_QUICK
	%_unitdir %{_prefix}/lib/systemd/system
	%_sysusersdir %{_prefix}/lib/sysusers.d
	%_modulesloaddir %{_prefix}/lib/modules-load.d
	%systemd_post() : post %{?*}
	%systemd_preun() : preun %{?*}
	%systemd_postun_with_restart() : postun %{?*}
	END
	cat >"$FEDORA/bin/kmodtool" <<-END
	#!/bin/sh
	echo "\$*" >$FEDORA/asked
	cat <<-SAID
	%global kmodinstdir_prefix /usr/lib/modules
	%global kmodinstdir_postfix extra/nf-appgw
	%global kernel_versions 6.1.0___/headers
	%package -n akmod-nf-appgw
	Summary: module
	%description -n akmod-nf-appgw
	module
	SAID
	END
	chmod 755 "$FEDORA/bin/kmodtool"
}

# fedora PROGRAM ARG...: rpm's
fedora()
{
	local macros

	macros=$(rpm --showrc | sed -n 's/^Macro path: //p')
	PATH=$FEDORA/bin:$PATH "$1" --macros="$macros:$FEDORA/macros" "${@:2}"
}

fedora_builds()
{
	fedora rpmbuild --nodeps -bb "$repo/packaging/fedora/appgwd.spec" 2>&1
}

fedora_ask()
{
	fedora rpm -qp "$@" "$FEDORA"/RPMS/*/"$PACKAGE-$VERSION"-*.rpm
}

# fedora_has PACKAGE FILE...: these and no others, but for what rpm adds
fedora_has()
{
	local PACKAGE=$1

	diff <(printf '/%s\n' "${@:2}" | sort) \
		<(fedora_ask --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' |
			sed -n '/^d/d; /\/\(\.build-id\|licenses\|doc\)\(\/\|$\)/d
			s/\.gz$//; s/^[^ ]* //p' | sort)
}

# What is edited stays, services are known to systemd, and the module comes first
fedora_fields()
{
	local PACKAGE=appgwd scripts

	scripts=$(fedora_ask --scripts)
	echo "$scripts"
	[ "$(fedora_ask --configfiles | tr '\n' ' ')" = \
		'/etc/appgwd.conf /etc/ufw/applications.d/appgw ' ] &&
		[ "$(grep -cE '^: (post|preun|postun) appgwd.service' <<<"$scripts")" \
			-eq 3 ] &&
		fedora_ask --requires |
		grep -x "nf-appgw-kmod-common >= $VERSION" || return
	PACKAGE=nf-appgw-kmod-common
	fedora_ask --requires | grep -x "nf-appgw-kmod >= $VERSION"
}

# fedora_needs PROGRAM: what it is linked with is named by what rpm builds from
fedora_needs()
{
	local file=$FEDORA/program

	(cd "$FEDORA" && rpm2cpio RPMS/*/"appgwd-$VERSION"-*.rpm |
		cpio -i --quiet --to-stdout "*bin/$1" >"$file") &&
		covers pkgconfig "$file" "$(fedora rpmspec -q --buildrequires \
		"$repo/packaging/fedora/appgwd.spec" |
		sed -n 's/^pkgconfig(\(.*\))$/\1/p')"
}

# It is asked for the module's packages, and the module goes where they have it.
fedora_kmod()
{
	local spec

	spec=$(fedora rpmspec -P "$repo/packaging/fedora/nf-appgw-kmod.spec") ||
		return
	echo "$spec"
	grep -x -e '--target [^ ]* --kmodname nf-appgw-kmod --akmod' \
		"$FEDORA/asked" &&
		grep -q '^%package -n akmod-nf-appgw' <<<"$spec" &&
		grep -q '/usr/lib/modules/[^ ]*/extra/nf-appgw/nf_appgw.ko' \
			<<<"$spec" &&
		grep -q 'M="$PWD/_kmod_build_${kernel%___\*}" modules' <<<"$spec"
}

# A Source is no address, as nobody offers the archive yet; firewalld reads that folder
# on all machines.
fedora_rpmlint()
{
	! rpmlint "$repo"/packaging/fedora/*.spec 2>&1 |
		grep -E ': [EW]: ' | grep -vE 'invalid-url|no-buildroot-tag|prefix}/lib/firewalld'
}

FEDORA_CHECKS=8
check_fedora()
{
	fedora_prepare || die "can't prepare for rpmbuild"
	check "fedora: rpmbuild" fedora_builds
	# shellcheck disable=SC2046 # names
	check "fedora: appgwd" fedora_has appgwd etc/appgwd.conf \
		usr/bin/appgwctl usr/sbin/appgwd \
		usr/lib/systemd/system/appgwd.service \
		usr/lib/systemd/system/appgwd@.service \
		usr/lib/systemd/system/nf_appgw-policy.service \
		usr/share/bash-completion/completions/appgwctl \
		usr/share/zsh/site-functions/_appgwctl $(profile_files) \
		usr/lib/sysusers.d/appgwd.conf usr/share/man/man5/appgwd.conf.5 \
		usr/share/man/man8/appgwd.8 usr/share/man/man8/appgwctl.8
	check "fedora: nf-appgw-kmod-common" fedora_has nf-appgw-kmod-common \
		etc/modprobe.d/nf_appgw.conf \
		usr/lib/modules-load.d/nf_appgw.conf \
		usr/share/man/man4/nf_appgw.4 usr/share/man/man7/nf_appgw.7
	check "fedora: fields and scripts" fedora_fields
	check "fedora: what appgwd needs" fedora_needs appgwd
	check "fedora: what appgwctl needs" fedora_needs appgwctl
	check "fedora: what akmods builds" fedora_kmod
	check "fedora: nothing for rpmlint" fedora_rpmlint
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Arch Linux: made by makepkg and read by pacman, both of Debian's.

ARCH=$WORK/arch

# It will not be run by root.
arch_makes()
{
	mkdir "$ARCH" &&
		cp "$repo"/packaging/arch/* "$WORK/$ARCHIVE" "$ARCH/" &&
		chown -R nobody "$ARCH" || return
	sed "s/^C\(XX\)*FLAGS=.*/C\1FLAGS=\"$CFLAGS_QUICK\"/" /etc/makepkg.conf \
		>"$ARCH/makepkg.conf" &&
		cd "$ARCH" && HOME=$ARCH PKGEXT=.pkg.tar \
		setpriv --reuid=nobody --regid=nogroup --clear-groups \
		makepkg --config "$ARCH/makepkg.conf" --nodeps --nocolor
}

# arch_files PACKAGE: none that is a folder
arch_files()
{
	pacman --dbpath "$ARCH" -Qlpq "$ARCH/$1-$VERSION"-*.pkg.tar |
		grep -v '/$' | sort
}

# arch_has PACKAGE FILE...: these and no others
arch_has()
{
	diff <(printf '/%s\n' "${@:2}" | sort) <(arch_files "$1")
}

# What "make dkms-install" puts there is what DKMS is tried with in dkms.sh.
arch_dkms()
{
	local src=/usr/src/nf_appgw-$VERSION

	diff <({ printf '/%s\n' etc/modprobe.d/nf_appgw.conf \
			usr/lib/modules-load.d/nf_appgw.conf \
			usr/share/man/man4/nf_appgw.4.gz \
			usr/share/man/man7/nf_appgw.7.gz
		cd "$repo" && find Kbuild dkms.conf kmod include \
			\( -name '*.[ch]' ! -name '*.mod.c' -o -name Kbuild \
			-o -name dkms.conf \) -printf "$src/%p\n"; } | sort) \
		<(arch_files nf-appgw-dkms)
}

# arch_says FIELD PACKAGE: of what pacman knows of it
arch_says()
{
	LC_ALL=C pacman --dbpath "$ARCH" -Qip "$ARCH/$2-$VERSION"-*.pkg.tar |
		sed -n "s/^$1 *: //p"
}

arch_fields()
{
	local package

	for package in appgwd nf-appgw-dkms; do
		[ "$(arch_says Version $package)" = "$VERSION-1" ] &&
			[ "$(arch_says 'Install Script' $package)" = Yes ] ||
			return
	done
	[ "$(arch_says 'Depends On' nf-appgw-dkms)" = dkms ] &&
		shellcheck -S warning -s bash "$repo"/packaging/arch/*
}

# The unit starts what is there; what its user has edited stays.
arch_unit()
{
	local unit=$ARCH/pkg/appgwd/usr/lib/systemd/system

	grep -x 'ExecStart=/usr/bin/appgwd' "$unit/appgwd.service" &&
		grep '^ExecStart=/usr/bin/appgwd --control' "$unit/appgwd@.service" &&
		! grep /usr/sbin "$unit"/*.service &&
		tar -xOf "$ARCH/appgwd-$VERSION"-*.pkg.tar .PKGINFO |
		grep -x 'backup = etc/appgwd.conf'
}

arch_needs()
{
	covers arch "$ARCH/pkg/appgwd/usr/bin/$1" \
		"$(arch_says 'Depends On' appgwd | tr -s ' ' '\n')"
}

ARCH_CHECKS=7
check_arch()
{
	check "arch: makepkg" arch_makes
	# shellcheck disable=SC2046 # names
	check "arch: appgwd" arch_has appgwd etc/appgwd.conf usr/bin/appgwd \
		usr/bin/appgwctl usr/lib/systemd/system/appgwd.service \
		usr/lib/systemd/system/appgwd@.service \
		usr/lib/systemd/system/nf_appgw-policy.service \
		usr/lib/sysusers.d/appgwd.conf \
		usr/share/bash-completion/completions/appgwctl \
		usr/share/zsh/site-functions/_appgwctl \
		usr/share/man/man5/appgwd.conf.5.gz \
		usr/share/man/man8/appgwd.8.gz usr/share/man/man8/appgwctl.8.gz \
		$(profile_files)
	check "arch: nf-appgw-dkms" arch_dkms
	check "arch: fields" arch_fields
	check "arch: unit and configuration" arch_unit
	check "arch: what appgwd needs" arch_needs appgwd
	check "arch: what appgwctl needs" arch_needs appgwctl
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# OpenWrt: the Makefile under a build system in place of its own (packaging/openwrt),
# and what it installs, in a root with busybox, under a procd in place of its own.

OPENWRT=$repo/packaging/openwrt/nf-appgw
OPENWRT_OUT=$WORK/openwrt
ROUTER=$WORK/router

# openwrt_make TARGET: the kernel's build system is not part of it
openwrt_make()
{
	local build=$OPENWRT_OUT/build/nf-appgw-$VERSION

	make -s -C "$OPENWRT" TOPDIR="$SELFTESTS/packaging/openwrt" \
		OUT="$OPENWRT_OUT" TARGET_CFLAGS="$CFLAGS_QUICK" \
		KERNEL_MAKE="echo >$build/kernel_make" "$@" </dev/null 2>&1
}

# The module is asked for, from what was prepared; it is not compiled here.
openwrt_compiles()
{
	local build=$OPENWRT_OUT/build/nf-appgw-$VERSION

	openwrt_make compile || return
	[ "$(cat "$build/kernel_make")" = "M=$build modules" ] &&
		[ -s "$build/Kbuild" ] && touch "$build/nf_appgw.ko"
}

# openwrt_has PACKAGE FILE...: these and no others
openwrt_has()
{
	local package=$1
	shift

	openwrt_make "root-$package" || return
	diff <(printf '%s\n' "$@" | sort) \
		<(cd "$OPENWRT_OUT/$package" && find . -type f -printf '%P\n' |
			sort)
}

# openwrt_depends PACKAGE: a name a line, without marks
openwrt_depends()
{
	openwrt_make "fields-$1" | cut -d '|' -f 5 | tr -d + | tr ' ' '\n'
}

# openwrt_needs PACKAGE PROGRAM: a package for each library
openwrt_needs()
{
	covers openwrt "$OPENWRT_OUT/$1/$2" "$(openwrt_depends "$1")"
}

# As many names as packages, and none of ours that isn't made here
openwrt_fields()
{
	local package fields

	for package in kmod-nf-appgw appgwd appgwctl; do
		fields=$(openwrt_make "fields-$package")
		echo "$fields"
		[[ $fields == "$package|$VERSION-1|"?*'|'?*'|+'* ]] || return 1
	done
	[[ $fields != *'|appgw:appgw' ]] &&
		[[ $(openwrt_make fields-appgwd) == *'|appgw:appgw' ]]
}

# What our own programs would be told on a router: each call a line in /log
router_programs()
{
	local name

	for name in logger rmmod insmod appgwctl; do
		rm -f "$ROUTER/bin/$name" "$ROUTER"/*/*bin/"$name"
		cat >"$ROUTER/bin/$name" <<-PROGRAM
		#!/bin/sh
		echo "$name \$*" >>/log
		case "$name \$*" in
		*=*refused*)	exit 1 ;;
		rmmod*)		rmdir /sys/module/nf_appgw ;;
		insmod*)	mkdir /sys/module/nf_appgw ;;
		esac
		PROGRAM
		chmod 755 "$ROUTER/bin/$name"
	done
}

router_make()
{
	local lib

	mkdir -p "$ROUTER"/{bin,usr/sbin,sys/module/nf_appgw,dev,var} &&
		cp "$BUSYBOX" "$ROUTER/bin/busybox" &&
		chroot "$ROUTER" /bin/busybox --install -s /bin &&
		cp -R "$OPENWRT_OUT/appgwd/." "$ROUTER/" || return
	for lib in $(ldd "$ROUTER/usr/sbin/appgwd" | grep -o '/[^ ]*'); do
		install -D "$lib" "$ROUTER$lib" || return
	done
	printf '%s\n' root:x:0:0::/:/bin/sh appgw:x:1:1::/:/bin/false \
		>"$ROUTER/etc/passwd"
	cp "$SELFTESTS/packaging/openwrt/functions.sh" "$ROUTER/lib/"
	install "$SELFTESTS/packaging/openwrt/rc.common" "$ROUTER/etc/"
	router_programs
}

# router COMMAND...
router()
{
	chroot "$ROUTER" /bin/env -i PATH=/usr/sbin:/bin "$@"
}

# router_new: has just been booted, with the configuration of standard input
router_new()
{
	rm -rf "${ROUTER:?}"/log "${ROUTER:?}"/var/*
	mkdir -p "$ROUTER/sys/module/nf_appgw"
	router_config
}

router_config()
{
	cat >"$ROUTER/etc/config/appgw"
}

# router_starts: what procd is told is in $WORK/procd
router_starts()
{
	: >"$ROUTER/log"
	router /bin/sh /etc/rc.common /etc/init.d/appgwd start >"$WORK/procd"
}

# logged LINE...: these are the calls since, in this order
logged()
{
	diff <([ $# -eq 0 ] || printf '%s\n' "$@") "$ROUTER/log"
}

told_procd()
{
	diff - "$WORK/procd" <<-END
	procd_open_instance
	procd_set_param command /usr/sbin/appgwd --config /var/etc/appgwd.conf
	procd_set_param file /var/etc/appgwd.conf
	procd_set_param respawn
	procd_set_param stderr 1
	procd_close_instance
	END
}

conf_is()
{
	diff - "$ROUTER/var/etc/appgwd.conf"
}

openwrt_as_shipped()
{
	router_new <"$OPENWRT/files/etc/config/appgw" &&
		router_starts && told_procd && logged && conf_is <<-'END'
	# made from /etc/config/appgw
	log = "stderr"
	user = "appgw"
	queue = "3"
	buffer = "1M"
	batch = "8"
	END
}

openwrt_all_options()
{
	router_new <<-'END'
	config appgwd 'daemon'
		option queue '3:6'
		list protocols 'irc'
		list protocols 'msn'
		option log_level 'notice'
		option user 'root'
	config module 'module'
		list ports '21'
		list ports '2121-2129'
		option irc_ports '6667, 7000'
	config policy 'policy'
		option attach '0'
		list fxp '192.0.2.0/24'
		list fxp '2001:db8::/32'
		option passive_ports '50000-50999'
	END
	router_starts && told_procd && conf_is <<-'END' &&
	# made from /etc/config/appgw
	log = "stderr"
	queue = "3:6"
	protocols = "irc,msn"
	log-level = "notice"
	user = "root"
	END
	logged "rmmod nf_appgw" \
		"insmod nf_appgw ports=21,2121-2129 irc_ports=6667,7000" \
		"appgwctl policy set attach=0 fxp=192.0.2.0/24,2001:db8::/32 passive_ports=50000-50999"
}

# A value is no place for another option, a program or a second line.
openwrt_bad_values()
{
	router_new <<-'END'
	config appgwd 'daemon'
		option queue '3'
		option control '/run/x" user = "root'
		option log_level 'info
	user = root'
	config module 'module'
		option ports '$(touch /pwned)'
		option irc_ports '6667;reboot'
	config policy 'policy'
		option fxp "192.0.2.0/24'"
		option login '0'
	END
	router_starts && told_procd && conf_is <<-'END' &&
	# made from /etc/config/appgw
	log = "stderr"
	user = "appgw"
	queue = "3"
	END
	logged "logger -t appgw -p daemon.err module: ports has a bad value" \
		"logger -t appgw -p daemon.err module: irc_ports has a bad value" \
		"logger -t appgw -p daemon.err policy: fxp has a bad value" \
		"appgwctl policy set login=0" \
		"logger -t appgw -p daemon.err daemon: log_level has a bad value" \
		"logger -t appgw -p daemon.err daemon: control has a bad value" &&
		[ ! -e "$ROUTER/pwned" ]
}

# with_queue N: a configuration that has nothing else
with_queue()
{
	printf "config appgwd 'daemon'\n\toption queue '%s'\n" "$1"
}

# That which runs goes on; nothing starts that never ran.
openwrt_refused_config()
{
	router_new < <(with_queue none)
	! router_starts || return
	[ ! -s "$WORK/procd" ] || return
	router_new < <(with_queue 7) && router_starts || return
	router_config < <(with_queue none)
	router_starts && told_procd &&
		logged "logger -t appgw -p daemon.err /etc/config/appgw: not used" &&
		grep -x 'queue = "7"' "$ROUTER/var/etc/appgwd.conf"
}

# with_ports PORTS
with_ports()
{
	with_queue 3
	printf "config module 'module'\n\toption ports '%s'\n" "$1"
}

openwrt_ports_change()
{
	router_new < <(with_ports 21,2121)
	router_starts && logged "rmmod nf_appgw" \
		"insmod nf_appgw ports=21,2121" &&
		router_starts && logged || return
	router_config < <(with_ports refused)
	router_starts && logged "rmmod nf_appgw" \
		"insmod nf_appgw ports=refused" \
		"logger -t appgw -p daemon.err the module takes no such ports: has its own" \
		"insmod nf_appgw" && router_starts && logged && told_procd || return
	router_config < <(with_queue 3)
	router_starts && logged "rmmod nf_appgw" "insmod nf_appgw"
}

# with_policy NAME VALUE
with_policy()
{
	with_ports 2121
	printf "config policy 'policy'\n\toption %s '%s'\n" "$1" "$2"
}

# A policy that is named no more has the module's own value again.
openwrt_policy_goes()
{
	local start="insmod nf_appgw ports=2121"

	router_new < <(with_policy login 0)
	router_starts && logged "rmmod nf_appgw" "$start" \
		"appgwctl policy set login=0" || return
	router_config < <(with_policy login 1)
	router_starts && logged "appgwctl policy set login=1" || return
	router_config < <(with_policy loose 1)
	router_starts && logged "rmmod nf_appgw" "$start" \
		"appgwctl policy set loose=1"
}

openwrt_disabled()
{
	router_new <<-'END'
	config appgwd 'daemon'
		option enabled '0'
	config policy 'policy'
		option quota_host '8'
	END
	router_starts && logged "appgwctl policy set quota_host=8" &&
		[ ! -s "$WORK/procd" ] || return
	[ "$(router /bin/sh /etc/rc.common /etc/init.d/appgwd triggers)" = \
		"procd_add_reload_trigger appgw" ]
}

# same_names: what two commands have written to $WORK/ours and $WORK/theirs
same_names()
{
	diff "$WORK/ours" "$WORK/theirs" && [ -s "$WORK/ours" ]
}

# names_of VARIABLE...: of the script's, one a line
names_of()
{
	router /bin/sh -c ". /lib/functions/appgw.sh; printf '%s\n' ${*/#/\$}" |
		sort >"$WORK/ours"
}

# Each option of the daemon's, but for that which the script sets
openwrt_daemon_names()
{
	names_of APPGW_DAEMON_OPTIONS
	router appgwd --help | sed '1,/^Options that may/d' |
		sed -n 's/^ *--\([a-z-]*\).*/\1/p' | tr - _ | grep -vx log |
		sort >"$WORK/theirs"
	same_names
}

# Each of the module's, as its manual has them
openwrt_module_names()
{
	names_of APPGW_MODULE_OPTIONS APPGW_POLICY_OPTIONS
	sed -n '/^\.Sh PARAMETERS/,/^\.Sh NETLINK/p' "$repo/kmod/nf_appgw.4" |
		awk '/^\.It Xo/ { list = 1 }
		/^\.Xc/ { list = 0 }
		/^\.Cm/ && list { print $2 }
		/^\.It Cm [a-z0-9_]+ Ns/ { print $3 }' | sort >"$WORK/theirs"
	same_names
}

# Each has all that fw4 asks for, and there is one for each protocol.
openwrt_fw4_helpers()
{
	local protocols

	protocols="ftp $(sed -n 's/^APPGW_PROTOCOL(\([a-z0-9]*\)).*/\1/p' \
		"$repo/include/appgw/protocols.h")"
	# shellcheck disable=SC2086 # names
	printf 'appgw-%s nf_appgw any tcp\n' $protocols | sort >"$WORK/theirs"
	tr -d "'" <"$repo/packaging/openwrt/fw4-helpers" | awk '
		function helper() {
			if (value["port"] > 0)
				print value["name"], value["module"],
					value["family"], value["proto"]
			delete value
		}
		$1 == "config" { helper(); if ($2 != "helper") exit 1 }
		$1 == "option" { value[$2] = $3 }
		END { helper() }' | sort >"$WORK/ours"
	same_names
}

OPENWRT_CHECKS=19
check_openwrt()
{
	check "openwrt: three packages" openwrt_fields
	check "openwrt: compiles" openwrt_compiles
	check "openwrt: kmod-nf-appgw" openwrt_has kmod-nf-appgw \
		etc/modules.d/nf-appgw lib/modules/nf_appgw.ko
	check "openwrt: appgwd" openwrt_has appgwd usr/sbin/appgwd \
		etc/init.d/appgwd etc/config/appgw lib/functions/appgw.sh
	# shellcheck disable=SC2046 # names
	check "openwrt: appgwctl" openwrt_has appgwctl usr/bin/appgwctl \
		$(profile_files | grep /profiles/)
	check "openwrt: what appgwd needs" openwrt_needs appgwd usr/sbin/appgwd
	check "openwrt: what appgwctl needs" openwrt_needs appgwctl \
		usr/bin/appgwctl
	check "openwrt: its scripts are POSIX's" shellcheck -S warning -s dash \
		-e SC1008,SC1091 "$OPENWRT"/files/lib/functions/*.sh \
		"$OPENWRT"/files/etc/init.d/*
	check "openwrt: a router" router_make
	check "openwrt: each option of the daemon's" openwrt_daemon_names
	check "openwrt: each of the module's" openwrt_module_names
	check "openwrt: as it is shipped" openwrt_as_shipped
	check "openwrt: all kinds of options" openwrt_all_options
	check "openwrt: values that are none" openwrt_bad_values
	check "openwrt: a configuration that is refused" openwrt_refused_config
	check "openwrt: other ports" openwrt_ports_change
	check "openwrt: a policy that goes" openwrt_policy_goes
	check "openwrt: disabled, and its trigger" openwrt_disabled
	check "openwrt: helpers for fw4" openwrt_fw4_helpers
}

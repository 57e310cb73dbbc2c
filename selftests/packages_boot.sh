#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The second half of packages.sh, on the machine, whose systemd is process 1:
# installed packages have module and daemon at work, through an upgrade and a reboot;
# when they are removed, the daemon ends and the configuration stays, and a purge
# leaves nothing.
#
# usage: packages_boot.sh first|second	before and after the reboot

SELFTESTS=$(dirname "$(readlink -f "$0")")
WORK=$(mktemp -d)
mkfifo "$WORK/pause"
exec {PAUSE_FD}<>"$WORK/pause"
# shellcheck source=selftests/lib/tap.sh
source "$SELFTESTS/lib/tap.sh"

export DEBIAN_FRONTEND=noninteractive
UNIT=appgwd.service
VER=$(uname -r)
KEPT=/var/lib/packages_test
ASKED=modprobe@nf_appgw.service
# Edited by the administrator
LINE="log-level = debug"
OPTION="options nf_appgw ports=21,2121"

diagnose()
{
	systemctl --no-pager --failed
	systemctl --no-pager -l status $UNIT
	journalctl -q --no-pager -n 20
	find /var/lib/dkms -name make.log -exec tail -n 20 {} +
}

# property NAME: of the daemon's unit
property()
{
	systemctl show -p "$1" --value "${2:-$UNIT}"
}

# What packages leave behind; sysusers makes a lock, and copies of what it changes.
list_files()
{
	find / -xdev \( -path /srv -o -path /tmp -o -path /var/cache \
		-o -path /var/log -o -path /var/lib/dpkg -o -path $KEPT \
		-o -path "${SELFTESTS%/*}" \) -prune -o -print |
		grep -vE '^/var/lib/dkms/mok|^/etc/(\.pwd\.lock|g?shadow-|passwd-|group-)' |
		grep -vE '^/lib/modules/.*/modules\.|^/var/lib/systemd/(timers|random-seed|catalog)' |
		sort
}

module_loaded()
{
	[ -d /sys/module/nf_appgw ]
}

# The daemon runs as its user, and says that all is well.
daemon_well()
{
	[ "$(property ActiveState)" = active ] &&
		[ "$(stat -c %U "/proc/$(property MainPID)")" = appgw ] &&
		wait_for 20 appgwctl status
}

# dkms_has VERSION: installed for this kernel, and no other
dkms_has()
{
	local status

	status=$(dkms status nf_appgw)
	echo "$status"
	[ "$(wc -l <<<"$status")" -eq 1 ] &&
		[[ $status == "nf_appgw/$1, $VER, "*": installed" ]] &&
		modinfo -n nf_appgw | grep "^/lib/modules/$VER/updates/"
}

this_version()
{
	dpkg-deb -f /srv/debs/"$1"/appgwd_*.deb Version
}

installs()
{
	dpkg -i /srv/debs/"$1"/*.deb
}

# The administrator's changes, and a daemon in another namespace
configured()
{
	echo "$LINE" >>/etc/appgwd.conf
	echo "$OPTION" >>/etc/modprobe.d/nf_appgw.conf
	ip netns add blue && systemctl -q enable --now appgwd@blue &&
		systemctl reload $UNIT
}

conffiles_kept()
{
	grep -x "$LINE" /etc/appgwd.conf &&
		grep -x "$OPTION" /etc/modprobe.d/nf_appgw.conf
}

# Both daemons are other ones, of the new version.
replaced()
{
	[ "$(property MainPID)" != "$1" ] &&
		[ "$(property MainPID appgwd@blue)" != "$2" ] &&
		systemctl is-active $UNIT appgwd@blue &&
		[ "$(appgwd --version)" = "appgwd $(this_version next)" ] &&
		[ "/proc/$(property MainPID)/exe" -ef /usr/sbin/appgwd ]
}

first()
{
	local pid blue

	plan 9
	mkdir -p $KEPT
	list_files >$KEPT/before
	check_fails "no nf_appgw before" modprobe -n nf_appgw
	check "dpkg -i installs both" installs this
	check "the module is loaded" module_loaded
	check "the daemon runs as its user, appgwctl status is content" daemon_well
	check "DKMS has the module" dkms_has "$(this_version this)"
	check "an administrator's changes" configured
	pid=$(property MainPID) blue=$(property MainPID appgwd@blue)
	check "dpkg -i upgrades both" installs next
	check "DKMS has the new module, and that alone" eval \
		'dkms_has "$(this_version next)" && conffiles_kept'
	check "both daemons are new ones" eval \
		'replaced "$pid" "$blue" && daemon_well'
	# At the next boot the daemon can't ask for the module.
	systemctl -q mask $ASKED
}

# By modules-load.d, with the administrator's option
loaded_at_boot()
{
	module_loaded && grep -x 21,2121 /sys/module/nf_appgw/parameters/ports &&
		journalctl -q --no-pager -o cat -t systemd-modules-load |
		grep "Inserted module 'nf_appgw'"
}

removed()
{
	ip netns add blue && systemctl start appgwd@blue &&
		dpkg -r appgwd nf-appgw-dkms || return
	! systemctl is-active $UNIT && ! systemctl is-active appgwd@blue &&
		! pgrep_appgwd && ! modinfo -n nf_appgw
}

pgrep_appgwd()
{
	local exe

	for exe in /proc/[0-9]*/exe; do
		[[ $(readlink "$exe") != */appgwd* ]] || return 0
	done
	return 1
}

purged()
{
	systemctl -q unmask $ASKED && dpkg -P appgwd nf-appgw-dkms &&
		diff $KEPT/before <(list_files)
}

second()
{
	plan 7
	check "after a reboot the module is there, as configured" loaded_at_boot
	check "and the daemon" daemon_well
	check "nothing has failed" eval '[ -z "$(systemctl --failed --plain -q)" ]'
	check "remove: daemons are stopped, the module is out of the tree" removed
	check "the configuration stays" conffiles_kept
	check "what is loaded stays, too" module_loaded
	check "purge: nothing is left" purged
}

"$1"
tap_finish 0

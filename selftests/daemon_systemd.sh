#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A real systemd runs the unit as it is installed: the daemon is ready when it
# says so, works inside all of the unit's restrictions, and is started again when
# it dies or hangs.
#
#	in ---- gw (nf_appgw, systemd with appgwd) ---- out	see lib/net.sh
#
# systemd is process 1 of its own namespaces for processes, mounts and control
# groups, as in a container, and knows no other units than those needed to get
# there.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"

SYSTEMD=/lib/systemd/systemd
UNIT=appgwd.service
UNITS=$WORK/units
NET_ADMIN=0000000000001000
# In tenths, as systemd-analyze takes it
EXPOSURE_MAX=15

# Units of systemd's own that it takes to start one like ours, and its log
OTHERS="basic.target sysinit.target sockets.target timers.target paths.target
	slices.target multi-user.target network-pre.target shutdown.target
	umount.target final.target"
JOURNAL="systemd-journald.socket systemd-journald-dev-log.socket
	systemd-journald.service"

pid1=

# cover DIR: what is written there ends with this script
cover()
{
	local dir=$WORK/cover$1

	mkdir -p "$dir/upper" "$dir/work" && mount -t overlay overlay \
		-o "lowerdir=$1,upperdir=$dir/upper,workdir=$dir/work" "$1"
}

# All that "make install-daemon" puts there
install_daemon()
{
	cover /usr && cover /etc || return
	make -s -C "$SELFTESTS/.." install-daemon && getent passwd appgw
}

collect_units()
{
	local unit

	mkdir -p "$UNITS" "$WORK/none"
	for unit in $OTHERS $JOURNAL $UNIT appgwd@.service $POLICY modprobe@.service; do
		ln -s "/usr/lib/systemd/system/$unit" "$UNITS/" || return
	done
}

# In $WORK everybody may go: the unit's user, too.
systemd_start()
{
	nsenter --net=/run/netns/gw -- \
		unshare --mount --pid --cgroup --uts --ipc --fork --kill-child \
		--mount-proc -- bash -c '
		mount -t tmpfs -o mode=755 tmpfs /run &&
			mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
			exec env -i container=appgw PATH="$PATH" \
			SYSTEMD_UNIT_PATH="$1" SYSTEMD_GENERATOR_PATH="$2" \
			SYSTEMD_LOG_TARGET=console \
			"$3" --system --unit=multi-user.target \
			--show-status=no' \
		- "$UNITS" "$WORK/none" $SYSTEMD \
		</dev/null >"$WORK/systemd.log" 2>&1 &
	disown
	wait_for 20 systemd_found $! && wait_for 60 systemd_is_up &&
		sctl start $JOURNAL || {
		cat "$WORK/systemd.log"
		return 1
	}
}

# systemd_found PID: sets pid1 to the only child of that, when it is systemd
systemd_found()
{
	pid1=$(cat "/proc/$1/task/$1/children") && pid1=${pid1% } &&
		[ "$(readlink "/proc/$pid1/exe")" -ef $SYSTEMD ]
}

# at_systemd CMD...: where systemd is
at_systemd()
{
	nsenter -t "$pid1" --mount --pid --cgroup --uts --ipc --net -- "$@"
}

sctl()
{
	at_systemd systemctl --no-ask-password "$@"
}

systemd_is_up()
{
	sctl is-active -q multi-user.target
}

# property NAME: of our unit
property()
{
	sctl show -p "$1" --value $UNIT
}

# property_is NAME VALUE
property_is()
{
	local value

	value=$(property "$1")
	[ "$value" = "$2" ] || {
		echo "$1 is $value, not $2"
		return 1
	}
}

# main_status FIELD: as in /proc, where systemd sees it
main_status()
{
	at_systemd awk -v want="$1:" '$1 == want { $1 = ""; print }' \
		"/proc/$(property MainPID)/status"
}

logged()
{
	at_systemd journalctl -q --no-pager -o cat -u $UNIT | grep -cE -e "$1"
}

show()
{
	sctl status --no-pager -l $UNIT
	at_systemd journalctl -q --no-pager -n 30
	tail -n 20 "$WORK/systemd.log"
}

# or_show CMD...
or_show()
{
	"$@" || {
		show
		return 1
	}
}

# ---- what the unit says

# Of ten; of both units
exposure()
{
	local unit

	for unit in $UNIT appgwd@.service; do
		systemd-analyze security --no-pager --offline=true \
			--threshold=$EXPOSURE_MAX "/usr/lib/systemd/system/$unit" ||
			return
	done
}

starts()
{
	sctl start $UNIT && property_is ActiveState active &&
		property_is Type notify &&
		property_is StatusText "listening at queue 3"
}

# It is ready with its queues, and not before: a unit that says nothing would
# be "activating" until it fails.
logs()
{
	wait_for 20 logged 'module: listening at queue 3$' &&
		! logged 'libcap-ng|[Ff]ailed|[Ee]rror'
}

privileges()
{
	local field

	for field in CapEff CapPrm CapBnd; do
		echo "$field$(main_status $field)"
		[ "$(main_status $field)" = " $NET_ADMIN" ] || return
	done
	[ "$(main_status Uid)" = "$(id -u appgw | sed 's/.*/ & & & &/')" ] &&
		[ "$(main_status NoNewPrivs)" = " 1" ] &&
		[ "$(main_status Seccomp)" = " 2" ]
}

# in_unit CMD...: as root, but in the unit's view of the file system
in_unit()
{
	at_systemd nsenter -t "$(property MainPID)" --mount -- "$@"
}

# The file system is to be read, and homes, others' temporary files and devices
# are not there.
confined()
{
	local hidden

	touch "$HOME/secret"
	for hidden in "$HOME/secret" "$WORK" /dev/kmsg; do
		at_systemd test -e "$hidden" && ! in_unit test -e "$hidden" ||
			return
	done
	! in_unit touch /usr/x 2>&1 && ! in_unit touch /etc/x 2>&1 &&
		! in_unit touch /var/x 2>&1 && in_unit test -e /dev/null &&
		in_unit test -S /run/appgwd/control
}

works()
{
	irc_login && pass c s "${SENT}DCC SEND f $IN $PORT 1$END" \
		"${SENT}DCC SEND f $WAN $PORT 1$END" && expect_count 1 $PORT &&
		data_through out "$WAN" $PORT data
}

# field MATCH... NAME=VALUE: the last entry of the journal with those has that
field()
{
	local last=${*: -1} name

	name=${last%%=*}
	set -- "${@:1:$#-1}"
	at_systemd journalctl -q --no-pager -o json -n 1 "$@" |
		/usr/bin/python3 -I -S -c '
import json, sys
d = json.load(sys.stdin)
print(sys.argv[1], "is", d.get(sys.argv[1]))
sys.exit(d.get(sys.argv[1]) != sys.argv[2])' "$name" "${last#*=}"
}

# What a client says that is refused, and what the journal has about it, by all that one
# may ask for
tells_journal()
{
	local about word

	irc_login && pass c s "${SENT}DCC SEND f $(dcc_addr 10.9.9.9) $PORT 1$END" ||
		return
	about=(APPGW_CLIENT="${IP4[in]}" APPGW_TYPE=refused)
	wait_for 20 field "${about[@]}" APPGW_REASON=refused_foreign || return
	for word in APPGW_SERVER="${IP4[out]}" APPGW_SERVER_PORT=$IRC_PORT \
		APPGW_HELPER=irc APPGW_KIND=dcc_send APPGW_ANNOUNCED=10.9.9.9 \
		APPGW_ANNOUNCED_PORT=$PORT PRIORITY=6 \
		SYSLOG_IDENTIFIER=appgwd _SYSTEMD_UNIT=$UNIT \
		MESSAGE_ID="$(sed -n 's/.*JOURNAL_MESSAGE_ID.*"\(.*\)"/\1/p' \
			"$SELFTESTS/../daemon/journal.h")"; do
		field "${about[@]}" "$word" || return
	done
	# the same for people; and nothing of what went well
	in_journal MESSAGE="${IP4[in]}:$(say port c) > ${IP4[out]}:$IRC_PORT: refused (refused_foreign) dcc_send 10.9.9.9:$PORT: names somebody else's address" &&
		! in_journal APPGW_TYPE=opened
}

in_journal()
{
	[ -n "$(at_systemd journalctl -q --no-pager -o cat "$@")" ]
}

explains()
{
	at_systemd appgwctl explain 10.9.9.9 |
		grep -F 'remedy: nothing to be done on the router: have the program'
}

ctl_answers()
{
	at_systemd appgwctl --json status | /usr/bin/python3 -I -S -c '
import json, sys
d = json.load(sys.stdin)
sys.exit(d["daemon"]["pid"] != int(sys.argv[1]))' "$(property MainPID)"
}

# ---- what comes to it

# The time of its last ping
pinged()
{
	property WatchdogTimestampMonotonic
}

ping_is_not()
{
	[ "$(pinged)" != "$1" ]
}

pings()
{
	local i was

	property_is WatchdogUSec 15s || return
	for i in 1 2 3; do
		was=$(pinged)
		wait_for 20 ping_is_not "$was" || return
	done
}

# reloads LEVEL PATTERN: another one of the log; that is what it says of it
reloads()
{
	local pid

	pid=$(property MainPID)
	sed -i '/^log-level/d' /etc/appgwd.conf
	echo "log-level = $1" >>/etc/appgwd.conf
	! logged "$2" && sctl reload $UNIT && wait_for 20 logged "$2" &&
		property_is ActiveState active && property_is MainPID "$pid"
}

# refuses_reload LINE PATTERN: of a file that ends with the line; that is what is said
# of it, and the process does not hear of it
refuses_reload()
{
	local pid rc

	pid=$(property MainPID)
	echo "$1" >>/etc/appgwd.conf
	sctl reload $UNIT
	rc=$?
	sed -i '$d' /etc/appgwd.conf
	[ $rc -ne 0 ] && wait_for 20 logged "$2" && ! logged 'config: refused' &&
		property_is ActiveState active && property_is MainPID "$pid"
}

# main_is_not PID: another one is ready
main_is_not()
{
	[ "$(property MainPID)" != "$1" ] && property_is ActiveState active &&
		property_is StatusText "listening at queue 3"
}

# comes_back SIGNAL SECONDS RESTARTS
comes_back()
{
	local pid

	pid=$(property MainPID)
	at_systemd kill "-$1" "$pid" && wait_for "$2" main_is_not "$pid" &&
		property_is NRestarts "$3"
}

stops()
{
	sctl stop $UNIT && property_is ActiveState inactive &&
		property_is Result success && property_is ExecMainStatus 0 &&
		! at_systemd test -e /run/appgwd &&
		in_ns gw appgwctl --json status | grep -q '"listeners": *\[\]'
}

# ---- metrics, and the policy at boot

METRICS=127.0.0.1:9617
DROPIN=$UNITS/$UNIT.d/metrics.conf

# The unit has no sockets that reach a network; the file that is shipped gives them.
serves_with_dropin()
{
	echo "metrics = \"$METRICS\"" >>/etc/appgwd.conf
	! sctl restart $UNIT && wait_for 20 logged "metrics: $METRICS: Address family" &&
		install -D -m 644 \
		"$SELFTESTS/../packaging/prometheus/appgwd-metrics.conf" "$DROPIN" &&
		sctl daemon-reload && sctl reset-failed $UNIT && sctl restart $UNIT &&
		at_systemd curl -sS --max-time 20 "http://$METRICS/metrics" |
		grep -x 'nf_appgw_daemon_up 1'
	set -- $?
	sed -i '/^metrics/d' /etc/appgwd.conf
	rm -f "$DROPIN" && sctl daemon-reload && sctl restart $UNIT &&
		property_is ActiveState active || return
	return "$1"
}

POLICY=nf_appgw-policy.service
policy_state()
{
	[ "$(sctl show -p "$1" --value $POLICY)" = "$2" ] || {
		sctl show $POLICY
		return 1
	}
}

# In its order: after the module, before the network
loads_policy()
{
	policy_is_ordered && in_ns gw appgwctl policy set quota_host=0 &&
		sctl start $POLICY && policy_state ActiveState inactive || return
	mkdir -p /etc/nf_appgw && echo 'quota_host = 21' >/etc/nf_appgw/policy.conf &&
		sctl start $POLICY && policy_state ActiveState active &&
		in_ns gw appgwctl policy diff &&
		echo 'quota_host = 22' >/etc/nf_appgw/policy.conf &&
		sctl reload $POLICY && in_ns gw appgwctl policy get |
		grep -x quota_host=22
}

policy_is_ordered()
{
	sctl show -p After --value $POLICY | grep -F modprobe@nf_appgw.service |
		grep -F systemd-modules-load.service &&
		sctl show -p Before --value $POLICY | grep -F network-pre.target &&
		[ "$(sctl show -p DefaultDependencies --value $POLICY)" = no ]
}

refuses_policy()
{
	echo 'colour = red' >/etc/nf_appgw/policy.conf
	! sctl restart $POLICY && policy_state ActiveState failed &&
		at_systemd journalctl -q --no-pager -o cat -u $POLICY |
		grep -F 'policy.conf:1: colour=red' &&
		in_ns gw appgwctl policy get | grep -x quota_host=22
	set -- $?
	rm -f /etc/nf_appgw/policy.conf
	sctl reset-failed $POLICY
	return "$1"
}

# ---- another network namespace, and what make does

# Its own control socket, which is the one that is found there
another_namespace()
{
	at_systemd ip netns add blue && sctl start appgwd@blue &&
		at_systemd ip netns exec blue appgwctl status &&
		at_systemd appgwctl status && sctl stop $UNIT || return
	at_systemd appgwctl status
	[ $? -eq 2 ] && at_systemd ip netns exec blue appgwctl status
}

make_at_systemd()
{
	at_systemd make -s -C "$SELFTESTS/.." "$@" 2>&1
}

# A new one takes over from the one that ran.
installs_again()
{
	local pid other

	sctl start $UNIT || return
	pid=$(property MainPID)
	other=$(sctl show -p MainPID --value appgwd@blue)
	make_at_systemd install-daemon && main_is_not "$pid" &&
		[ "$(sctl show -p MainPID --value appgwd@blue)" != "$other" ] &&
		sctl is-active appgwd@blue
}

uninstalls()
{
	sctl enable $UNIT $POLICY && make_at_systemd uninstall || return
	! sctl is-active $UNIT && ! sctl is-active appgwd@blue &&
		! sctl is-enabled $UNIT &&
		! ls -d /usr/sbin/appgwd /usr/lib/systemd/system/*appgw* \
			"$UNITS"/*.wants 2>&1
}

need_checkout
need nft conntrack nsenter ip make pkg-config systemctl journalctl $SYSTEMD
plan 26
say_start
scene masq
load_appgw
say listen data in $PORT >/dev/null
check "the units are installed, and the user made" install_daemon
check "systemd finds nothing to complain of in it" \
	systemd-analyze verify --man=no /usr/lib/systemd/system/$UNIT
check "nor in that of the policy" \
	systemd-analyze verify --man=no /usr/lib/systemd/system/$POLICY
check "nor in what is left open: exposure is 1.5 at most" exposure
collect_units || die "no units"
check "systemd is up" systemd_start
check "the unit starts, and is ready when it listens" or_show starts
check "its log is in the journal" or_show logs
check "user, capabilities, no_new_privs, seccomp filter" or_show privileges
check "its view of the file system" or_show confined
check "a line is read, and its pinhole works" or_show works
check "appgwctl gets an answer" ctl_answers
check "what was refused is in the journal, with fields" or_show tells_journal
check "appgwctl explains it" or_show explains
check "the watchdog is pinged, again and again" or_show pings
check "reload: the configuration is read, by the same process" \
	or_show reloads debug 'config: read again$'
check "reload of a bad one fails, it goes on" or_show refuses_reload \
	'log-level = nonsense' 'log-level: "nonsense" is not LEVEL'
check "of an unknown user as well" or_show refuses_reload 'user = nonesuch' \
	'no such user: nonesuch'
sed -i '/^log-level/d' /etc/appgwd.conf
check "kill -9: another one is started" or_show comes_back KILL 20 1
check "it hangs: the watchdog has another one started" \
	or_show comes_back STOP 60 2
check "metrics are served with the file that is shipped, and only then" \
	or_show serves_with_dropin
check "the policy is loaded before the network is there" or_show loads_policy
check "a bad one is refused, and told in the journal" or_show refuses_policy
check "in another namespace, appgwd@ is another one" or_show another_namespace
check "installed once more: both are the new one" or_show installs_again
check "stop: status 0, nothing is left" or_show stops
check "make uninstall: stopped, disabled, gone" or_show uninstalls
note "took $SECONDS s"

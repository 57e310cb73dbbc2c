# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# firewalld in a gateway, with a bus of its own: the program as Debian has it, unpacked
# beside the system (setup, group peers).

FIREWALLD_ROOT=$APPGW_CACHE/peers/firewalld
FIREWALLD_LIB=$APPGW_CACHE/peers/python3-firewall/usr/lib/python3/dist-packages
FIREWALLD_ETC=$WORK/firewalld
FIREWALLD_LOG=$WORK/firewalld.log
FIREWALLD_PID=

need_firewalld()
{
	need dbus-daemon nft
	[ -s "$FIREWALLD_ROOT/usr/sbin/firewalld" ] && [ -d "$FIREWALLD_LIB" ] &&
		python3 -c 'import dbus, gi, nftables' 2>/dev/null ||
		skip_all "needs firewalld: selftests/setup peers"
}

# firewalld_run PROGRAM ARG...: one of its programs, in the gateway
firewalld_run()
{
	in_ns gw env PYTHONPATH="$FIREWALLD_LIB" PYTHONDONTWRITEBYTECODE=1 \
		DBUS_SYSTEM_BUS_ADDRESS="unix:path=$WORK/bus" \
		python3 "$@" </dev/null
}

# fw ARG...: firewall-cmd, which must be content
fw()
{
	firewalld_run "$FIREWALLD_ROOT/usr/bin/firewall-cmd" "$@"
}

# A bus on which root may do everything, and there is nobody else
firewalld_bus()
{
	cat >"$WORK/bus.conf" <<-END
	<busconfig>
	  <type>system</type>
	  <listen>unix:path=$WORK/bus</listen>
	  <policy user="root">
	    <allow own="*"/><allow send_destination="*"/><allow eavesdrop="true"/>
	  </policy>
	</busconfig>
	END
	dbus-daemon --nofork --nopidfile --config-file="$WORK/bus.conf" \
		</dev/null >>"$FIREWALLD_LOG" 2>&1 &
	wait_for 20 test -S "$WORK/bus"
}

# firewalld_start: with what is in $FIREWALLD_ETC
firewalld_start()
{
	firewalld_bus && mkdir -p /run/firewalld || return
	firewalld_run "$FIREWALLD_ROOT/usr/sbin/firewalld" --nofork --nopid \
		--default-config "$FIREWALLD_ROOT/usr/lib/firewalld" \
		--system-config "$FIREWALLD_ETC" \
		--log-target console >>"$FIREWALLD_LOG" 2>&1 &
	FIREWALLD_PID=$!
	# all rules come at once, and asking it takes seconds on an emulated machine
	wait_for 60 in_ns gw nft list chain inet firewalld filter_FORWARD \
		>/dev/null 2>&1 && fw --state
}

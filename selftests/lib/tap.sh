# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Checks in the foreground, and checks in parallel.

# shellcheck source=selftests/lib/report.sh
source "$(dirname "${BASH_SOURCE[0]}")/report.sh"
# shellcheck source=selftests/lib/limits.sh
source "$(dirname "${BASH_SOURCE[0]}")/limits.sh"

# Only the first failures are diagnosed: the rest are mostly the same story.
TAP_DIAGNOSED_MAX=4

# Where results go, while a check has its own output kept; and that check's name
exec {TAP_OUT}>&1
tap_checking=

# Checks that run in parallel: names in the order started, pids still running.
bg_names=()
bg_pids=()
BG_JOBS=${BG_JOBS:-4}

# skip_all WHY: this script can't run here; that is never a pass
skip_all()
{
	printf 'TAP version 13\n1..0 # SKIP %s\n' "$*"
	exit 4
}

# die WHY: the test itself is broken, as opposed to a check that fails. A check
# that it happens in has failed, with what led to it. It is said, and so are the
# totals, even if what the script does just then is kept quiet.
die()
{
	if [ "$BASHPID" = $$ ]; then
		exec >&"$TAP_OUT"
		[ -z "$tap_checking" ] ||
			tap_report 1 "$tap_checking" "$WORK/check.out"
	fi
	printf 'Bail out! %s\n' "$*"
	tap_fail=$((tap_fail + 1))
	exit 1
}

# need TOOL...: skip the script if one of them is missing
need()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null || skip_all "needs $tool"
	done
}

# tap_run CMD...: run it, and say on failure what the routers look like
tap_run()
{
	local rc
	local seen=("$WORK"/diagnosed.*)

	"$@" </dev/null
	rc=$?
	if [ $rc -ne 0 ]; then
		echo "exit status $rc: $*"
		if [ ${#seen[@]} -le $TAP_DIAGNOSED_MAX ]; then
			: >"$WORK/diagnosed.$BASHPID.$SRANDOM"
			diagnose
		fi
	fi
	return $rc
}

tap_fails()
{
	! "$@"
}

# check NAME CMD...: passes if CMD succeeds
check()
{
	local name=$1 rc
	shift

	tap_checking=$name
	tap_run "$@" >"$WORK/check.out" 2>&1
	rc=$?
	tap_checking=
	tap_report $rc "$name" "$WORK/check.out"
}

# check_fails NAME CMD...: passes if CMD fails
check_fails()
{
	local name=$1
	shift

	check "$name" tap_fails "$@"
}

bg_reap()
{
	local pid gone

	wait -n -p gone "${bg_pids[@]}"
	for pid in "${!bg_pids[@]}"; do
		[ "${bg_pids[pid]}" = "$gone" ] && unset "bg_pids[pid]"
	done
}

# check_bg NAME CMD...: like check, beside up to BG_JOBS - 1 others; the
# results appear with check_wait, in the order in which they were started
check_bg()
{
	local name=$1 out=$WORK/bg.${#bg_names[@]}
	shift

	while [ ${#bg_pids[@]} -ge "$BG_JOBS" ]; do
		bg_reap
	done

	bg_names+=("$name")
	{
		tap_run "$@" >"$out" 2>&1
		echo $? >"$out.rc"
	} &
	bg_pids+=($!)
}

check_wait()
{
	local i rc

	while [ ${#bg_pids[@]} -gt 0 ]; do
		bg_reap
	done
	for i in "${!bg_names[@]}"; do
		rc=$(cat "$WORK/bg.$i.rc" 2>/dev/null)
		tap_report "${rc:-1}" "${bg_names[i]}" "$WORK/bg.$i"
	done
	bg_names=()
	rm -f "$WORK"/bg.*
}

# A pause without a program: nothing is ever written to this pipe. In a shell of its
# own: bash 5.2's "read -t" blocks whatever signals it finds on its stack if the
# time is over before it has begun to wait, as it is on a machine that is stopped
# for a moment. Without SIGCHLD no child's end would ever be noticed again.
pause()
(
	read -r -t "$1" -u "$PAUSE_FD" _
)

# wait_for LIMIT_S CMD...: until CMD succeeds, at most that long, or longer on a
# slow machine
wait_for()
{
	local deadline=$((${EPOCHREALTIME/./} +
		$1 * 10000 * ${APPGW_SLOWNESS:-100}))
	shift

	until "$@"; do
		[ "${EPOCHREALTIME/./}" -lt "$deadline" ] || return 1
		pause 0.1
	done
	return 0
}

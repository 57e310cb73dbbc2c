# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Many connections, both ends of each in one process: a script of peers/ that
# answers each line that it is told with one that begins with "ok" or "no".
#
#	source "$SELFTESTS/lib/many.sh"

# How long an answer may take
MANY_LIMIT_S=${MANY_LIMIT_S:-300}
MANY=

# many_start SCRIPT ARG...: one at a time
many_start()
{
	MANY=$1
	rm -f "$WORK/many.in" "$WORK/many.out"
	mkfifo "$WORK/many.in" "$WORK/many.out" || die "no pipes"
	/usr/bin/python3 -I -S "$SELFTESTS/peers/$MANY" "${@:2}" \
		<"$WORK/many.in" >"$WORK/many.out" 2>"$WORK/many.err" &
	disown
	exec {MANY_IN}>"$WORK/many.in" {MANY_OUT}<"$WORK/many.out"
}

# many VERB WORD...: see there; what comes back is printed; false if it is "no"
many()
{
	local answer

	echo "$*" >&"$MANY_IN"
	if ! IFS= read -r -t "$MANY_LIMIT_S" answer <&"$MANY_OUT"; then
		sed 's/^/# /' "$WORK/many.err" >&2
		die "$MANY is gone"
	fi
	[ "$answer" = "ok " ] || printf '%s\n' "${answer#* }"
	[ "${answer%% *}" = ok ] || {
		echo "that was: $*"
		return 1
	}
}

many_stop()
{
	exec {MANY_IN}>&- {MANY_OUT}<&-
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Processes that play a part of a script's, in the background: a script of peers/
# answers each line that it is told, words with 0x1f between them, with a line
# that begins with "ok" or "no".
#
#	source "$SELFTESTS/lib/partner.sh"

declare -A PARTNER_IN PARTNER_OUT

# partner_start NAME SCRIPT ARG...: known by that name from now on
partner_start()
{
	local pipe=$WORK/$1 in out

	need /usr/bin/python3
	rm -f "$pipe.in" "$pipe.out"
	mkfifo "$pipe.in" "$pipe.out" || die "no pipes"
	/usr/bin/python3 -I -S "$SELFTESTS/peers/$2" "${@:3}" \
		<"$pipe.in" >"$pipe.out" 2>"$pipe.err" &
	disown
	exec {in}>"$pipe.in" {out}<"$pipe.out"
	PARTNER_IN[$1]=$in PARTNER_OUT[$1]=$out
}

# partner_told NAME LIMIT_S VERB WORD...: what comes back is printed; false if it
# is "no"
partner_told()
{
	local IFS=$'\x1f' name=$1 answer
	local limit=$(($2 * ${APPGW_SLOWNESS:-100} / 100))
	shift 2

	printf '%s\n' "$*" >&"${PARTNER_IN[$name]}"
	if ! IFS= read -r -t "$limit" answer <&"${PARTNER_OUT[$name]}"; then
		sed 's/^/# /' "$WORK/$name.err" >&2
		die "$name is gone"
	fi
	[ "$answer" = "ok " ] || printf '%s\n' "${answer#* }"
	[ "${answer%% *}" = ok ] || {
		IFS=' '
		printf '%s\n' "that was: $name $*"
		return 1
	}
}

# partner_stop NAME: it ends by itself
partner_stop()
{
	local in=${PARTNER_IN[$1]} out=${PARTNER_OUT[$1]}

	exec {in}>&- {out}<&-
	unset "PARTNER_IN[$1]" "PARTNER_OUT[$1]"
}

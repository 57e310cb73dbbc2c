# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Policy and events through generic netlink: see peers/genl.py for the verbs.
#
#	source "$SELFTESTS/lib/say.sh"
#	source "$SELFTESTS/lib/genl.sh"
#	say_start
#	genl_start

genl_start()
{
	partner_start genl genl.py serve
}

# genl VERB WORD...: what comes back is printed; false if it is "no"
genl()
{
	partner_told genl 100 "$@"
}

# act NAME: a scene that nobody listens in yet either
act()
{
	genl close >/dev/null
	scene "$1"
}

# policy NS NAME=VALUE...: is set
policy()
{
	genl set "$@"
}

# policy_is NS NAME=VALUE...: those, and the others may be anything
policy_is()
{
	local all word

	all=$(genl policy "$1") || { echo "$all"; return 1; }
	for word in "${@:2}"; do
		[[ " $all " == *" $word "* ]] || {
			echo "no $word in: $all"
			return 1
		}
	done
}

# policy_refused NS ERROR WORD...: with that error and words of the kernel's
# about it, and all of it stays as it was
policy_refused()
{
	local before after said

	before=$(genl policy "$1")
	if said=$(genl set "$1" "${@:3}"); then
		echo "accepted, now: $(genl policy "$1")"
		return 1
	fi
	after=$(genl policy "$1")
	echo "$said"
	[ "$after" = "$before" ] || {
		echo "was: $before"
		echo "is:  $after"
		return 1
	}
	[[ ${said%%$'\n'*} == "$2: "?* ]]
}

# genl_as NS CMD... -- VERB WORD...: genl.py under CMD, which changes user
genl_as()
{
	local ns=$1 cmd=()
	shift

	while [ "$1" != -- ]; do
		cmd+=("$1")
		shift
	done
	shift
	# read here: the other user may have no way into the checkout
	in_ns "$ns" "${cmd[@]}" /usr/bin/python3 -I -S - "$@" 2>&1 \
		<"$SELFTESTS/peers/genl.py"
}

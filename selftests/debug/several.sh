#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Run scenarios one after the other in one test machine, because on the debug
# kernel the boot and the search for lost memory cost as much as many a scenario.
#
# usage: several.sh SCRIPT...	each with its arguments, in one word

here=$(dirname "$(readlink -f "$0")")
export SAY_LIMIT_S=60
rc=0
for script; do
	echo "# $script"
	# shellcheck disable=SC2086 # a script and its arguments
	"$here"/../$script
	case $? in
	0 | 4)	;;
	*)	rc=1 ;;
	esac
done
exit $rc

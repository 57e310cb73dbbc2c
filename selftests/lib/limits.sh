# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Limits are there to end what hangs, not to judge a slow machine.

# scaled SECONDS: as long on a machine that is slower than the one that limits are
# made for; selftests/run measures how slow this one is, in per cent
scaled()
{
	echo $(($1 * ${APPGW_SLOWNESS:-100} / 100))
}

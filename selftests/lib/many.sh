# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Many connections, both ends of each in one process.
#
#	source "$SELFTESTS/lib/many.sh"

# shellcheck source=selftests/lib/partner.sh
source "$SELFTESTS/lib/partner.sh"

# How long an answer may take
MANY_LIMIT_S=${MANY_LIMIT_S:-300}

# many_start SCRIPT ARG...: one at a time
many_start()
{
	partner_start many "$@"
}

# many VERB WORD...: see there; what comes back is printed; false if it is "no"
many()
{
	partner_told many "$MANY_LIMIT_S" "$@"
}

many_stop()
{
	partner_stop many
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What every scenario script sources first:
#
#	source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#
# It starts the script over in mount and process namespaces of its own, so
# that whatever the script mounts, starts or forgets ends with it. Scripts load
# modules and read the kernel's log all the same, so outside the test machine
# they refuse to run unless APPGW_FORCE=1, or kselftest runs them.

set -u

SELFTESTS=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
APPGW_CACHE=${APPGW_CACHE:-/var/cache/nf_appgw}
export APPGW_CACHE

# shellcheck source=selftests/lib/tap.sh
source "$SELFTESTS/lib/tap.sh"
# shellcheck source=selftests/lib/sandbox.sh
source "$SELFTESTS/lib/sandbox.sh"
# shellcheck source=selftests/lib/net.sh
source "$SELFTESTS/lib/net.sh"
# shellcheck source=selftests/lib/appgw.sh
source "$SELFTESTS/lib/appgw.sh"

sandbox_enter "$0" "$@"

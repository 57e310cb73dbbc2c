#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What "make demo" shows, inside the test machine. A story, not a test: it is
# told in plain text instead of KTAP. Its exit status can be relied on.
#
#	in ---- lan gw wan ---- out		see lib/net.sh

here=$(dirname "${BASH_SOURCE[0]}")
# The library's variables are upper case, like some of our own.
# shellcheck disable=SC2153
# shellcheck source=selftests/lib.sh
source "$here/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"
source "$SELFTESTS/lib/msn.sh"
source "$SELFTESTS/lib/msn_peers.sh"
source "$SELFTESTS/lib/nfs.sh"
source "$SELFTESTS/peers/ftp_server.sh"
source "$SELFTESTS/peers/ftp_client.sh"
source "$SELFTESTS/peers/irc_server.sh"
source "$SELFTESTS/peers/irc_client.sh"
source "$here/page.sh"
source "$here/wire.sh"
source "$here/ftp.sh"
source "$here/irc.sh"
source "$here/msn.sh"
source "$here/nfs.sh"

FILE_SIZE=1000000

declare -A total=()
unexpected=0

# Each topology has a router of its own: add up what they have counted.
add_counters()
{
	local name value

	[ "$1" = with ] || return 0
	while read -r name value; do
		total[$name]=$((${total[$name]:-0} + value))
	done < <(counters)
}

show_counters()
{
	local name other=''

	printf '\n  What the router counted, in /proc/net/stat/nf_appgw:\n\n'
	printf '  %6d  control connections attached\n' "${total[attached]}"
	printf '  %6d  lines read\n' "${total[lines]}"
	printf '  %6d  plans of the daemon carried out\n' "${total[planned]}"
	printf '  %6d  pinholes opened\n' "${total[opened]}"
	printf '  %6d  of them used by their data connection\n' "${total[used]}"
	for name in "${!total[@]}"; do
		case $name in
		attached | lines | queued | planned | opened | used)
			continue ;;
		esac
		[ "${total[$name]}" -eq 0 ] ||
			other+=" $name ${total[$name]}"
	done
	printf '  %6s  %s\n' "${other:+more:}" "${other:-everything else is 0}"
}

need ip nsenter nft conntrack tcpdump curl appgwd
need_server vsftpd
need_irc_server ngircd
need_irc_client irssi weechat
need_nfs
! appgw_loaded || die "nf_appgw is loaded already"

test_account
head -c $FILE_SIZE /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"

title "FTP without nf_appgw, Linux $(uname -r)"
ftp_round without

title "FTP with nf_appgw"
echo
echo "  The same machines, the same rules. One command more:"
prompt router modprobe nf_appgw
# shellcheck disable=SC2119
load_appgw
ftp_round with

title "IRC: a file by DCC, without the daemon and with it"
echo
echo "  The module stays. It changes nothing in IRC until there is a daemon that"
echo "  reads what is offered."
dcc_round

title "MSN Messenger: a file, without the daemon and with it"
echo
echo "  The lengths of the message, too, are right when it has another address in it."
first_msn=$((${#FTP_TRANSFERS[@]} + ${#DCC_TRANSFERS[@]} + 1))
msn_round $first_msn

title "NFS: a mount, without the daemon and with it"
echo
echo "  Ports are not in a line of text here, but in the answers of Sun RPC's rpcbind."
first_nfs=$((first_msn + ${#MSN_TRANSFERS[@]}))
nfs_round $first_nfs

title "In short"
ftp_table
dcc_table
msn_table $first_msn
nfs_table $first_nfs
show_counters
if [ $unexpected -eq 0 ]; then
	printf '\n  %sEvery transfer failed without help, and worked with it.%s\n' \
		"$green" "$plain"
else
	printf '\n  %sNot as it should be: see above.%s\n' "$red" "$plain"
fi
printf '  %s\n' "This took $SECONDS seconds in the machine."
exit $unexpected

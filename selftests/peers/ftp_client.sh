# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# FTP clients: the same session spoken by each of them.
#
# A session logs in at $TARGET from the namespace $CLIENT and carries out
# actions, three words each: get REMOTE LOCAL, put LOCAL REMOTE, and
# list - LOCAL. A mode says how the data connection is agreed on: port and
# eprt are active, pasv and epsv passive.

# Read, called or set by the scripts.
# shellcheck disable=SC2034,SC2153,SC2317

FTP_CLIENTS="curl lftp tnftp ftplib wget ncftp inetutils basicftp"

# Where selftests/setup puts what is no package of Debian's
BASIC_FTP=$APPGW_CACHE/peers/basic-ftp

# How long a session may take from its first to its last byte, and how long
# it may do nothing after it has announced a data connection.
FTP_LIMIT_S=${FTP_LIMIT_S:-$(scaled 60)}
FTP_STALL_S=${FTP_STALL_S:-$(scaled 20)}

# What ftp_session returns.
FTP_OK=0
FTP_DATA_FAILED=2
FTP_LOGIN_FAILED=3
FTP_OTHER_MODE=4

# ftp_modes CLIENT FAMILY: those that the client knows
ftp_modes()
{
	case $1/$2 in
	curl/4 | tnftp/4 | inetutils/4) echo port eprt pasv epsv ;;
	lftp/4) echo port pasv epsv ;;
	ftplib/4 | wget/4 | ncftp/4) echo port pasv ;;
	basicftp/4) echo pasv epsv ;;
	basicftp/6) echo epsv ;;
	ncftp/6) ;;
	*/6) echo eprt epsv ;;
	esac
}

# ftp_puts CLIENT: it can send files, too
ftp_puts()
{
	[ "$1" != wget ]
}

need_client()
{
	local client

	for client; do
		case $client in
		ftplib) need /usr/bin/python3 ;;
		curl | lftp | tnftp | wget) need "$client" ;;
		ncftp) need ncftpget ncftpput ncftpls ;;
		inetutils) need inetutils-ftp ;;
		basicftp)
			need node
			[ -e "$BASIC_FTP/package.json" ] ||
				skip_all "needs basic-ftp"
			;;
		*) die "no FTP client called $client" ;;
		esac
	done
}

is_active()
{
	[ "$1" = port ] || [ "$1" = eprt ]
}

ftp_url()
{
	if [ "$FAMILY" = 4 ]; then
		echo "ftp://$TARGET:$CONTROL_PORT"
	else
		echo "ftp://[$TARGET]:$CONTROL_PORT"
	fi
}

# bsd_actions ACTION...: as the clients that come from BSD's are told
bsd_actions()
{
	while [ $# -gt 0 ]; do
		case $1 in
		get) echo "get $2 $3" ;;
		put) echo "put $2 $3" ;;
		list) echo "ls . $3" ;;
		esac
		shift 3
	done
	echo bye
}

# Each client_* sets cmd, and stdin where a script is read from there, from
# the mode and the actions.

client_curl()
{
	local mode=$1 url opts
	shift

	url=$(ftp_url)

	# curl would use the control connection's address instead of the
	# one in a 227 reply, and so hide a wrong one
	opts=(-u "$TEST_USER:$TEST_PASS" --no-ftp-skip-pasv-ip)
	case $mode in
	port) opts+=(--disable-eprt -P -) ;;
	eprt) opts+=(-P -) ;;
	pasv) opts+=(--disable-epsv) ;;
	esac

	cmd=(curl -q -sS -v -g --fail-early)
	while [ $# -gt 0 ]; do
		cmd+=("${opts[@]}")
		case $1 in
		get) cmd+=(-o "$3" "$url/$2") ;;
		put) cmd+=(-T "$2" "$url/$3") ;;
		list) cmd+=(-o "$3" "$url/") ;;
		esac
		shift 3
		[ $# -eq 0 ] || cmd+=(--next)
	done
}

client_lftp()
{
	local mode=$1 script url
	shift

	url=$(ftp_url)

	# fix-pasv-address would hide a wrong address in a 227 reply
	script="debug 9; set cmd:fail-exit yes; set ftp:ssl-allow no"
	script+="; set net:max-retries 1; set net:persist-retries 0"
	script+="; set net:timeout $FTP_LIMIT_S; set net:idle 1h"
	script+="; set ftp:fix-pasv-address no; set ftp:auto-passive-mode no"
	script+="; set ftp:use-mdtm no; set ftp:use-size no"
	script+="; set xfer:clobber yes"
	case $mode in
	port | eprt) script+="; set ftp:passive-mode off" ;;
	pasv) script+="; set ftp:passive-mode on; set ftp:prefer-epsv off" ;;
	epsv) script+="; set ftp:passive-mode on; set ftp:prefer-epsv on" ;;
	esac
	script+="; open -u $TEST_USER,$TEST_PASS $url"
	while [ $# -gt 0 ]; do
		case $1 in
		get) script+="; get $2 -o $3" ;;
		put) script+="; put $2 -o $3" ;;
		list) script+="; ls >$3" ;;
		esac
		shift 3
	done
	cmd=(lftp --norc -c "$script; bye")
}

client_tnftp()
{
	local mode=$1 passive=-p
	shift

	is_active "$mode" && passive=-A
	cmd=(stdbuf -oL tnftp -d -i -n -v "$passive" "$TARGET" "$CONTROL_PORT")
	stdin=$dir/script
	{
		echo "user $TEST_USER $TEST_PASS"
		echo binary
		case $mode in
		port | pasv) echo "epsv4 off" ;;
		esac
		bsd_actions "$@"
	} >"$stdin"
}

client_ftplib()
{
	local mode=$1
	shift

	cmd=(/usr/bin/python3 -I -S -u "$SELFTESTS/peers/ftplib_client.py"
		"$TARGET" "$CONTROL_PORT" "$TEST_USER" "$TEST_PASS" "$mode" "$@")
}

# It speaks a session for each file, and leaves what was listed where it is.
client_wget()
{
	local opts=(-d -S -nv --tries=1 --timeout=0 --no-glob
		"--user=$TEST_USER" "--password=$TEST_PASS")
	local url script="cd $dir"

	url=$(ftp_url)
	! is_active "$1" || opts+=(--no-passive-ftp)
	shift
	while [ $# -gt 0 ]; do
		case $1 in
		get) script+=" && wget ${opts[*]} -O $3 $url/$2" ;;
		list) script+=" && wget ${opts[*]} -O $3 $url/" ;;
		esac
		shift 3
	done
	cmd=(bash -c "$script")
}

# One program for each kind of action
client_ncftp()
{
	local common="-d stdout -u $TEST_USER -p $TEST_PASS -P $CONTROL_PORT"
	local script=true

	if is_active "$1"; then
		common+=" -E"
	else
		common+=" -F"
	fi
	shift
	while [ $# -gt 0 ]; do
		case $1 in
		get) script+=" && ncftpget $common -V -C $TARGET $2 $3" ;;
		put) script+=" && ncftpput $common -V -C $TARGET $2 $3" ;;
		list) script+=" && ncftpls $common ftp://$TARGET/ | tee $3" ;;
		esac
		shift 3
	done
	cmd=(bash -c "${script#true && }")
}

client_inetutils()
{
	local mode=$1 passive=-p
	shift

	is_active "$mode" && passive=-A
	cmd=(stdbuf -oL inetutils-ftp -d -i -n -v "$passive" "$TARGET"
		"$CONTROL_PORT")
	stdin=$dir/script
	{
		echo "user $TEST_USER $TEST_PASS"
		echo binary
		case $mode/$FAMILY in
		eprt/4 | epsv/4) echo epsv4 ;;
		esac
		bsd_actions "$@"
	} >"$stdin"
}

client_basicftp()
{
	local mode=$1
	shift

	cmd=(node "$SELFTESTS/peers/basic_ftp_client.js" "$BASIC_FTP"
		"$TARGET" "$CONTROL_PORT" "$TEST_USER" "$TEST_PASS" "$mode" "$@")
}

# How the clients show what they sent and what they received.
FTP_SENT_RE="^(> |---> |--> |Cmd: |\*cmd\* ')(PORT|EPRT|PASV|EPSV)(.*)"
FTP_RECEIVED_RE="^(< |<--- |\*resp\* ')?(226[ :]|226-.*\\\\n226 |227[ :]|229[ :]|230)(.*)"
FTP_HOSTPORT_RE="[0-9]+,[0-9]+,[0-9]+,[0-9]+,([0-9]+),([0-9]+)"
FTP_EXTENDED_RE="\|([0-9]+)\|[^|]*$"

# ftp_read LOG: what was said in a session, without starting a process
ftp_read()
{
	local line text=()

	said_login=		# the server let the client in
	said_done=0		# transfers that the server calls complete
	said_modes=		# the modes that were tried
	said_port=		# the last port announced, by either side
	mapfile -t text <"$1"
	for line in "${text[@]}"; do
		if [[ $line =~ $FTP_SENT_RE ]]; then
			line=${BASH_REMATCH[3]}
			said_modes+=${BASH_REMATCH[2],,}
		elif [[ $line =~ $FTP_RECEIVED_RE ]]; then
			line=${BASH_REMATCH[3]}
			case ${BASH_REMATCH[2]} in
			226*) said_done=$((said_done + 1)) ;;
			230) said_login=1 ;;
			esac
		else
			continue
		fi
		if [[ $line =~ $FTP_HOSTPORT_RE ]]; then
			said_port=$((BASH_REMATCH[1] * 256 + BASH_REMATCH[2]))
		elif [[ $line =~ $FTP_EXTENDED_RE ]]; then
			said_port=${BASH_REMATCH[1]}
		fi
	done
}

# ftp_watch PID LOG: until the client ends, or has taken FTP_LIMIT_S, or
# nothing has come for FTP_STALL_S after a data connection was announced. The
# clients' own limits count from the start and would hit a login on a busy
# machine.
ftp_watch()
{
	local start=$SECONDS since=$SECONDS lines=0 announced='' text=()
	local limit=$FTP_LIMIT_S stall=$FTP_STALL_S

	while kill -0 "$1" 2>/dev/null; do
		mapfile -t -s $lines text <"$2"
		if [ ${#text[@]} -gt 0 ]; then
			lines=$((lines + ${#text[@]}))
			since=$SECONDS
			! ftp_announces "${text[@]}" || announced=1
		fi
		if ((SECONDS - start > limit)) ||
			{ [ "$announced" ] && ((SECONDS - since > stall)); }
		then
			kill "$1"
			wait_for 2 ftp_is_gone "$1" || kill -KILL "$1"
			return
		fi
		pause 0.1
	done
}

ftp_announces()
{
	local line

	for line; do
		[[ $line =~ $FTP_SENT_RE ]] && return 0
	done
	return 1
}

ftp_is_gone()
{
	! kill -0 "$1" 2>/dev/null
}

# ftp_session CLIENT MODE LOG ACTION...: $FTP_OK if everything was done, and
# in that mode. Sets what ftp_read sets; LOG tells the rest.
ftp_session()
{
	local client=$1 mode=$2 log=$3 wanted=$(($# / 3 - 1))
	local dir=$3.d cmd=() stdin=/dev/null pid
	shift 3

	mkdir "$dir"
	: >"$log"
	"client_$client" "$mode" "$@"

	HOME=$dir nsenter --net="/run/netns/$CLIENT" -- "${cmd[@]}" \
		<"$stdin" >"$log" 2>&1 &
	pid=$!
	ftp_watch $pid "$log"
	wait $pid

	ftp_read "$log"
	[ "$said_login" ] || return $FTP_LOGIN_FAILED
	[ "$said_done" -ge "$wanted" ] || return $FTP_DATA_FAILED
	# some clients quietly try another mode if the first one fails
	[ -z "${said_modes//$mode/}" ] || return $FTP_OTHER_MODE
	return $FTP_OK
}

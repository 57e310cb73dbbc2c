# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# IRC clients that send and receive by DCC, driven in the same way each.
#
# A client is called by its nick, and all that it has is in $WORK/nick.NICK:
# what it receives in "got", what it tells its user in "logs". It takes what
# others offer without asking, and goes on where a file ends that it has part
# of.

# shellcheck disable=SC2034 # read by the scripts
IRC_CLIENTS="irssi weechat"

declare -A IRC_KIND=()	# what kind of client a nick is

need_irc_client()
{
	local client

	for client; do
		case $client in
		irssi) need irssi tmux ;;
		weechat) need weechat-headless ;;
		*) die "no IRC client called $client" ;;
		esac
	done
}

irc_dir()
{
	echo "$WORK/nick.$1"
}

# irc_told NICK TEXT: the client has told its user that
irc_told()
{
	grep -qrF -e "$2" "$(irc_dir "$1")/logs" 2>/dev/null
}

# irc_told_of_chat NICK PEER: the peer has offered one
irc_told_of_chat()
{
	grep -qriE "CHAT (request )?from $2 " "$(irc_dir "$1")/logs"
}

# irc_do NICK COMMAND: as its user would type it
irc_do()
{
	"${IRC_KIND[$1]}_do" "$1" "$2"
}

# irc_say_chat NICK PEER TEXT: in the chat that is open between them
irc_say_chat()
{
	"${IRC_KIND[$1]}_say_chat" "$@"
}

# irc_end_chat NICK PEER
irc_end_chat()
{
	"${IRC_KIND[$1]}_end_chat" "$@"
}

# irc_part NICK FILE: where it looks for the part of a file that it has
irc_part()
{
	"${IRC_KIND[$1]}_part" "$@"
}

# start_irc_client KIND NS NICK ADDRESS: connected to ADDRESS and let in
start_irc_client()
{
	local dir
	dir=$(irc_dir "$3")

	rm -rf "$dir"
	mkdir -p "$dir/got" "$dir/logs"
	IRC_KIND[$3]=$1
	"${1}_start" "$2" "$3" "$4" "$dir"
	wait_for 60 irc_is_in "$3" || {
		find "$dir" -name '*log*' -type f -exec sed 's/^/# /' {} +
		die "$1 does not connect to $4"
	}
}

irc_is_in()
{
	"${IRC_KIND[$1]}_is_in" "$1"
}

# ---- irssi, in a terminal that nobody sees

irssi_start()
{
	local ns=$1 nick=$2 address=$3 dir=$4

	cat >"$dir/config" <<-EOF
		servers = ({
			address = "$address"; chatnet = "t"; port = "$IRC_PORT";
			autoconnect = "yes"; use_tls = "no";
		});
		chatnets = { t = { type = "IRC"; nick = "$nick"; }; };
		settings = {
			core = {
				nick = "$nick"; user_name = "$nick";
				real_name = "$nick"; resolve_prefer_ipv6 = "no";
			};
			"irc/core" = { cmd_queue_speed = "1msec"; };
			"irc/dcc" = {
				dcc_autoget = "yes"; dcc_autoresume = "yes";
				dcc_autochat_masks = "*!*@*";
				dcc_download_path = "$dir/got";
			};
		};
		logs = { "$dir/logs/all" = {
			auto_open = "yes"; level = "ALL";
		}; };
	EOF
	in_ns "$ns" tmux -S "$dir/tmux" -f /dev/null new-session -d \
		-x 200 -y 50 "irssi --home=$dir 2>$dir/log.irssi" </dev/null
}

irssi_is_in()
{
	irc_told "$1" "Welcome to the"
}

irssi_do()
{
	local tmux
	tmux=$(irc_dir "$1")/tmux

	tmux -S "$tmux" send-keys -l "$2" && tmux -S "$tmux" send-keys Enter
}

irssi_say_chat()
{
	irssi_do "$1" "/msg =$2 $3"
}

irssi_end_chat()
{
	irssi_do "$1" "/dcc close chat $2"
}

irssi_part()
{
	echo "$(irc_dir "$1")/got/$2"
}

# ---- WeeChat, without a terminal

weechat_start()
{
	local ns=$1 nick=$2 address=$3 dir=$4 set commands=
	local settings=(
		"fifo.file.path $dir/fifo"
		"logger.file.path $dir/logs"
		"logger.file.flush_delay 0"
		"irc.server_default.anti_flood_prio_high 0"
		"irc.server_default.anti_flood_prio_low 0"
		"xfer.file.auto_accept_files on"
		"xfer.file.auto_accept_chats on"
		"xfer.file.auto_resume on"
		"xfer.file.use_nick_in_filename off"
		"xfer.file.download_path $dir/got"
	)

	for set in "${settings[@]}"; do
		commands+="/set $set;"
	done
	commands+="/fifo enable;"
	commands+="/server add t $address/$IRC_PORT -notls -nicks=$nick;"
	commands+="/connect t"
	in_ns "$ns" weechat-headless --stdout -d "$dir" -s \
		-P irc,xfer,fifo,logger -r "$commands" \
		</dev/null >"$dir/log.weechat" 2>&1 &
	disown
}

weechat_is_in()
{
	irc_told "$1" "Welcome to the" && [ -p "$(irc_dir "$1")/fifo" ]
}

weechat_do()
{
	echo "irc.server.t */${2#/}" >"$(irc_dir "$1")/fifo"
}

weechat_say_chat()
{
	echo "xfer.irc_dcc.t.$2 *$3" >"$(irc_dir "$1")/fifo"
}

weechat_end_chat()
{
	echo "xfer.irc_dcc.t.$2 */buffer close" >"$(irc_dir "$1")/fifo"
}

weechat_part()
{
	echo "$(irc_dir "$1")/got/$2.part"
}

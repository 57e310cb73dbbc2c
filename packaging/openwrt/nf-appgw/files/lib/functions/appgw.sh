# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# From /etc/config/appgw to what appgwd, the module and appgwctl read. Wants
# /lib/functions.sh, and that "config_load appgw" was called.

APPGW_DAEMON_OPTIONS="queue protocols wait log_level log_events metrics
	control control_group user queue_length buffer batch"
APPGW_MODULE_OPTIONS="ports irc_ports rtsp_ports pna_ports msn_ports rpc_ports mms_ports"
APPGW_POLICY_OPTIONS="attach login loose fxp fix_pasv passive_ports ftps_ports
	dcc_ports media_ports media_source direct_ports bouncer_ports rpc_programs
	rpc_timeout rpc_calls rpc_callbacks discovery kernel_helpers quota_host
	quota_total quota_ipv6_len dry_run"

# appgw_each SECTION FUNCTION OPTION...: FUNCTION OPTION VALUE for those that are
# set, of lists with commas between. What no option's value has is refused: a quote
# would end one, and a line that follows be another option.
appgw_each()
{
	local section=$1 function=$2 option value
	shift 2

	for option; do
		config_get value "$section" "$option"
		[ -n "$value" ] || continue
		# what separates values, of lists and in what people write
		value=$(echo "$value" | tr -s ' \t' ',,')
		case $value in
		*[!A-Za-z0-9._:/,-]*)
			logger -t appgw -p daemon.err \
				"$section: $option has a bad value"
			continue
			;;
		esac
		"$function" "$option" "$value"
	done
}

appgw_conf_line()
{
	echo "$(echo "$1" | tr _ -) = \"$2\""
}

appgw_assignment()
{
	echo "$1=$2"
}

# appgw_conf: appgwd.conf
appgw_conf()
{
	local user

	echo "# made from /etc/config/appgw"
	# procd reads it, and has the time
	echo 'log = "stderr"'
	config_get user daemon user
	[ -n "$user" ] || echo 'user = "appgw"'
	# shellcheck disable=SC2086 # names
	appgw_each daemon appgw_conf_line $APPGW_DAEMON_OPTIONS
}

# appgw_ports: what the module is loaded with, NAME=VALUE a line
appgw_ports()
{
	# shellcheck disable=SC2086 # names
	appgw_each module appgw_assignment $APPGW_MODULE_OPTIONS
}

# appgw_policy: what "appgwctl policy set" takes, NAME=VALUE a line
appgw_policy()
{
	# shellcheck disable=SC2086 # names
	appgw_each policy appgw_assignment $APPGW_POLICY_OPTIONS
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In place of OpenWrt's /lib/functions.sh: what packaging/openwrt calls of it. What
# "uci export" prints, and files in /etc/config mostly are, is a shell script of
# "config", "option" and "list".

config_load()
{
	# shellcheck disable=SC1090 # a configuration
	. "/etc/config/$1"
}

config()
{
	SECTION=$2
}

option()
{
	eval "CONFIG_${SECTION}_$1=\$2"
}

# values with blanks between, as in the original
list()
{
	eval "CONFIG_${SECTION}_$1=\${CONFIG_${SECTION}_$1:+\$CONFIG_${SECTION}_$1 }\$2"
}

# config_get VARIABLE SECTION OPTION [DEFAULT]
config_get()
{
	eval "$1=\${CONFIG_${2}_$3:-\$4}"
}

config_get_bool()
{
	config_get "$@"
	eval "case \$$1 in
	1|on|true|yes|enabled)		$1=1 ;;
	0|off|false|no|disabled)	$1=0 ;;
	*)				$1=$4 ;;
	esac"
}

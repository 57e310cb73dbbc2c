# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# bash: complete appgwctl's commands and options, as its own --help lists them.

# What may follow these words of a command
_appgwctl_next()
{
	appgwctl --help 2>/dev/null | awk -v said="$*" '
	/^  [a-z]/ {
		line = substr($0, 3)
		sub(/  .*/, "", line)
		n = split(said, before, " ")
		split(line, word, " ")
		for (i = 1; i <= n && word[i] == before[i]; i++)
			;
		if (i > n && word[i] ~ /^[a-z][a-z-]*$/ && !seen[word[i]]++)
			print word[i]
	}'
}

# _appgwctl_options [COMMAND]: its options or, without one, all
_appgwctl_options()
{
	appgwctl --help 2>/dev/null | awk -v command="$1" '
	/^  -/ {
		n = split(substr($0, 1, 30), word, /[ ,]+/)
		whose = substr($0, 31)
		if (command && whose ~ /^[a-z, ]+: /) {
			sub(/: .*/, "", whose)
			if (!index(", " whose ",", ", " command ","))
				next
		}
		for (i = 1; i <= n; i++)
			if (word[i] ~ /^--[a-z]/)
				print word[i]
	}'
}

# _appgwctl_valued OPTION: its value is the next word
_appgwctl_valued()
{
	appgwctl --help 2>/dev/null | awk -v option="$1" '
	/^  -.*[a-z] [A-Z]/ {
		n = split(substr($0, 1, 30), word, /[ ,]+/)
		for (i = 1; i <= n; i++)
			found = found || word[i] == option
	}
	END { exit !found }'
}

_appgwctl_policy()
{
	appgwctl policy get 2>/dev/null | sed -n 's/^\([a-z_]*=\).*/\1/p'
}

_appgwctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]}
	local i words said=()

	COMPREPLY=()
	case $last in
	--control | --profiles)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-*)
		! _appgwctl_valued "$last" || return 0
		;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*)	! _appgwctl_valued "${COMP_WORDS[i]}" || i=$((i + 1)) ;;
		*)	said+=("${COMP_WORDS[i]}") ;;
		esac
	done

	if [[ $cur == -* ]]; then
		words=$(_appgwctl_options "${said[0]:-}")
	elif [ "${said[*]:0:2}" = "policy set" ]; then
		words=$(_appgwctl_policy)
		compopt -o nospace 2>/dev/null
	else
		words=$(_appgwctl_next "${said[@]}")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _appgwctl appgwctl

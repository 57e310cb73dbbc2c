# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# bash: complete appgwctl's commands and options, as its own --help lists them.

# _appgwctl_next WORD...: what may follow these words of a command
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

_appgwctl_options()
{
	appgwctl --help 2>/dev/null | grep '^  -' | cut -c -30 |
		grep -oE -- '--[a-z-]+'
}

_appgwctl_policy()
{
	appgwctl policy get 2>/dev/null | sed -n 's/^\([a-z_]*=\).*/\1/p'
}

_appgwctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} i words said=()

	COMPREPLY=()
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	--control)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-o | --output)
		return
		;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-o | --output | --control)	i=$((i + 1)) ;;
		-*)				;;
		*)				said+=("${COMP_WORDS[i]}") ;;
		esac
	done

	if [[ $cur == -* ]]; then
		words=$(_appgwctl_options)
	elif [ "${said[*]:0:2}" = "policy set" ]; then
		words=$(_appgwctl_policy)
		compopt -o nospace 2>/dev/null
	else
		words=$(_appgwctl_next "${said[@]}")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _appgwctl appgwctl

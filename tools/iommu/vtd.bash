# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of vtd for bash-completion.
_vtd()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' word
	local common="--root --json --help"

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		preflight | explain | groups | status) command=$word ;;
		esac
	done
	case $prev in
	--root)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return ;;
	--table | --madt | --dmesg | --config | --lspci)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	--append | --cmdline)
		return ;;
	esac
	case $command in
	preflight) word="$common --table --madt --dmesg --config --append --cmdline --log" ;;
	explain) word="$common --lspci - $(compgen -f -- "$cur")" ;;
	groups) word="$common $(cd /sys/bus/pci/devices 2>/dev/null && echo *)" ;;
	status) word=$common ;;
	*) word="preflight explain groups status $common" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$word" -- "$cur")
	# A colon parts words for readline
	type __ltrim_colon_completions >/dev/null 2>&1 && __ltrim_colon_completions "$cur"
	return 0
}
complete -F _vtd vtd

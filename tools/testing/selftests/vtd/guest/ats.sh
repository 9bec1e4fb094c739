# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Is a device's translation cache on?  Sourced after lib.sh.

# The offset of an extended capability in a device's configuration space.
ext_cap() {
	at=256
	while [ "$at" -ge 256 ]; do
		word=$(od -An -tx4 -j "$at" -N 4 "/sys/bus/pci/devices/$1/config" | tr -d ' ')
		[ -n "$word" ] || return 1
		[ $((0x$word & 0xffff)) != $(($2)) ] || { echo "$at"; return; }
		at=$((0x$word >> 20))
	done
	return 1
}

# ATS control, bit 15, in the upper half of the second word.
ats_on() {
	at=$(ext_cap "$1" 0x0f) || { echo "no ATS capability"; return 1; }
	word=$(od -An -tx4 -j $((at + 4)) -N 4 "/sys/bus/pci/devices/$1/config" | tr -d ' ')
	echo "ATS at $at: $word"
	[ $((0x$word >> 31)) = 1 ]
}

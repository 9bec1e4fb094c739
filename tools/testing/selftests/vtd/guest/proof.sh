# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The proof by DMA.  Sourced after lib.sh.

proof_part() {
	dev=$(pci_find 1234:11e8 | head -n 1)
	if [ -z "$dev" ]; then
		skip edu "no edu device in this machine"
		return
	fi
	edu_start || { not_ok edu "the module does not load"; return; }
	trace_on
	say "  $dev, group $(group_of "$dev"), $(type_of "$dev")"
	edu coherent
	edu stream
	edu_refused never
	case $(type_of "$dev") in
	DMA-FQ) edu lazy ;;
	*) edu_refused unmapped ;;
	esac
	edu_refused readonly
}

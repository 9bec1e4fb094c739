# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Remapped interrupts: what there is, and the proof by interrupt.  Sourced after
# lib.sh.

intel=/sys/kernel/debug/iommu/intel

# Entries given out, all units together.
entries() {
	sed -n 's/.*mode, \([0-9]*\) of 65536 entries.*/\1/p' $intel/status |
		awk '{ n += $1 } END { print n + 0 }'
}

# Interrupts of chips whose name begins with "IR-" and ends with $1.
remapped() { grep -c "IR-$1" /proc/interrupts; }

# The entries of a requester as "index source target", e.g. entries_of 01:00.1
entries_of() { awk -v s="$1" '$3 == s && $1 ~ /^[0-9]+$/' $intel/interrupts; }

interrupt_part() {
	head_line "Interrupts"
	awk '/^dmar/ { unit = $1 } /interrupt remapping:/ { sub(/^ */, ""); print "  " unit ": " $0 }' \
		$intel/status
	say "  remapped: $(remapped IO-APIC) of IOAPICs, $(remapped PCI-MSI-) MSI, $(remapped PCI-MSIX) MSI-X"
}

# Lines of the log about refused interrupts.
refused_lines() { dmesg | sed -n 's/^\(<[0-9]*>\)\?\[[^]]*\] \(DMAR: .*\(INTR-REMAP\|interrupt refused\).*\)/      log:   \2/p'; }

refused_said() {
	said=$(refused_lines)
	echo "$said" | grep -q 'INTR-REMAP' && echo "$said" | grep -q 'interrupt refused'
}

# edu_forged TEST [DEVICE [COUNT]]: nothing arrives that should not, and the log says so.
edu_forged() {
	fault_mark
	edu "$@"
	case $line in "ok "*) ;; *) return ;; esac
	[ "$(param vtd.qemu)" = newer ] && patience=120 || patience=1
	if wait_within "$patience" refused_said; then
		ok "edu-$1-reported"
	elif [ "$(param vtd.qemu)" = newer ]; then
		not_ok "edu-$1-reported" "no line about it in the log"
	else
		skip "edu-$1-reported" "this QEMU's unit refuses without a record"
	fi
	echo "$said" | head -n "${shown:-2}"
}

# A device's own interrupt arrives; with a message that is not its own, nothing.
interrupt_proof() {
	head_line "Proof by interrupt (the edu device)"
	if [ "$(remapped PCI)" = 0 ]; then
		say "  interrupts are not remapped here"
		return
	fi
	edu_start || { not_ok edu "the module does not load"; return; }
	edu_forged forge-dma
	edu_forged forge
}

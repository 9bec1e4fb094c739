// SPDX-License-Identifier: GPL-2.0
/*
 * The table: kinds of lines of the stock driver, of ours, and of those who use them.
 * The first one that fits counts, so what is special stands above what is general.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "explanations.h"

#define SETUP	"look for a firmware update; if all works, leave it"

static const struct explanation table[] = {
	/* Devices that cannot be assigned */
	{ "rmrr-refused", { "ineligible for IOMMU domain attach due to platform RMRR" }, WEIGHT_BAD,
	  "the device cannot be given to a virtual machine: firmware reserves memory that it shares with the device (RMRR)",
	  "firmware setup or the vendor's tool may take the reservation away (HP: \"shared memory\" of the slot, conrep or BIOS setup); with this project's driver: intel_iommu.keep_rmrr=DEVICE keeps the memory mapped, intel_iommu.relax_rmrr=DEVICE gives it up" },
	{ "rmrr-refused", { "requested this device have a 1:1 IOMMU mapping" }, WEIGHT_BAD,
	  "the device cannot be given to a virtual machine: firmware reserves memory that it shares with the device (RMRR)",
	  "firmware setup or the vendor's tool may take the reservation away; with this project's driver: intel_iommu.keep_rmrr=DEVICE or intel_iommu.relax_rmrr=DEVICE" },
	{ "rmrr-refused", { "cannot be assigned: firmware and" }, WEIGHT_BAD,
	  "the device cannot be given to a virtual machine: firmware reserves memory that it, or a device of its group, shares with firmware (RMRR)",
	  "intel_iommu.keep_rmrr= as the line below it says; intel_iommu.relax_rmrr= only if nothing of firmware needs the memory" },
	{ "rmrr-relaxed", { "may be assigned AGAINST FIRMWARE'S WISH" }, WEIGHT_LOOK,
	  "relax_rmrr was given: once the device is assigned, what firmware does through its memory fails",
	  "watch whether the management controller still reads sensors; if not: intel_iommu.keep_rmrr=" },
	{ "not-viable", { "group", "is not viable" }, WEIGHT_BAD,
	  "a device of the same group still has a driver of the host: a group is assigned whole",
	  "vtd groups DEVICE says why they are together; bind all of them to vfio-pci, or move the card to another slot" },
	{ "unsafe-interrupts", { "No interrupt remapping support" }, WEIGHT_BAD,
	  "VFIO gives no device away, because interrupts are not remapped: the device could raise any interrupt",
	  "vtd preflight says why; switch it on in firmware setup (\"VT-d\", \"x2apic\", \"interrupt remapping\") and take intremap=off away" },

	/* Interrupt remapping */
	{ "ioapic-unmapped", { "has no mapping iommu, interrupt remapping will be disabled" }, WEIGHT_LOOK,
	  "firmware's tables number the interrupt controller (IOAPIC) differently: interrupts are not remapped",
	  "a firmware update; until then devices cannot safely be assigned" },
	{ "ioapic-unmapped", { "IOAPIC", "is under no unit" }, WEIGHT_LOOK,
	  "firmware's tables number the interrupt controller (IOAPIC) differently: interrupts are not remapped",
	  "a firmware update; until then devices cannot safely be assigned" },
	{ "remapping-erratum", { "chipset that contains an erratum making that feature unstable" }, WEIGHT_LOOK,
	  "interrupt remapping does not work reliably on this chipset (5500, 5520, X58) and stays off",
	  "switch it off in firmware setup, too, so that the line goes; devices cannot safely be assigned" },
	{ "remapping-failed", { "Failed to enable irq remapping" }, WEIGHT_LOOK,
	  "interrupts are not remapped: a device could raise any interrupt",
	  "the line above it says why; a firmware update, or \"VT-d\" in firmware setup" },
	{ "remapping-off", { "firmware says that interrupts cannot be remapped" }, WEIGHT_LOOK,
	  "firmware does not offer interrupt remapping",
	  "look for \"interrupt remapping\" or \"x2apic\" in firmware setup" },
	{ "x2apic-opt-out", { "x2apic", "opt out" }, WEIGHT_HARMLESS,
	  "firmware asks not to use x2apic mode; interrupts are remapped in xapic mode",
	  "nothing below 255 processors; else intremap=no_x2apic_optout" },
	{ "nosid", { "SOURCE OF INTERRUPTS IS NOT VERIFIED" }, WEIGHT_BAD,
	  "intremap=nosid: any device can raise any interrupt", "take intremap=nosid away" },

	/* Storms: what is not in the log */
	{ "storm", { "faults too fast: recording of its faults pauses" }, WEIGHT_BAD,
	  "a device faults so often that its faults are not recorded for a while; its requests stay refused",
	  "what the faults of this device before it ask for; unbind its driver if nothing helps" },
	{ "storm", { "too many faults of requesters that are no device here" }, WEIGHT_BAD,
	  "many requester ids that no device here has fault: they are not recorded for a while, and stay refused",
	  "what is behind the bridge of these buses (lspci -t); distrust it" },

	/* Hardware that does not obey */
	{ "device-silent", { "does not answer, invalidation sent again" }, WEIGHT_LOOK,
	  "a device did not confirm in time that it forgot translations (ATS); it is asked again",
	  "nothing, if no line follows that it was shut out; else pci=noats, or take the device out" },
	{ "malfunction", { "DMAR hardware is malfunctioning" }, WEIGHT_BAD,
	  "a unit did not answer in time; the stock driver stops the machine here",
	  "a firmware update; if it happens at suspend or with one card: without that card; this project's driver leaves such a unit off and goes on" },
	{ "queue-timeout", { "Invalidation Time-out Error" }, WEIGHT_BAD,
	  "a device did not confirm in time that it forgot translations (ATS): it hangs, was unplugged, or lost its power",
	  "pci=noats, or take the device that hangs out; check its slot and firmware" },
	{ "queue-error", { "Invalidation Queue Error" }, WEIGHT_BAD,
	  "a unit refused a command of the kernel", "report it with the whole log: it is a bug of the driver or the unit" },
	{ "unit-lost", { "bus mastering of its devices is off" }, WEIGHT_BAD,
	  "a unit does not answer any more; its devices were cut off so that they reach no memory",
	  "reboot; if it comes again, a firmware update" },
	{ "ones", { "registers read as all ones" }, WEIGHT_LOOK,
	  "firmware lists a unit where there is none; it is left off", SETUP },
	{ "ones", { "returns all ones" }, WEIGHT_LOOK,
	  "firmware lists a unit where there is none; it is left off", SETUP },
	{ "not-translated", { "not translated: its DMA remapping unit" }, WEIGHT_LOOK,
	  "the device is not translated, because its unit is off: it reaches all memory, and cannot be assigned",
	  "the line about that unit says why" },

	/* Firmware's table */
	{ "zero-base", { "DMAR reported at address 0" }, WEIGHT_LOOK,
	  "firmware says that a unit is at address 0: the stock driver then gives VT-d up",
	  "a firmware update, or switching VT-d on in firmware setup; this project's driver leaves only that unit off" },
	{ "zero-base", { "DMAR reported at address zero" }, WEIGHT_LOOK,
	  "firmware says that a unit is at address 0: the stock driver then gives VT-d up",
	  "a firmware update, or switching VT-d on in firmware setup; this project's driver leaves only that unit off" },
	{ "zero-base", { "register base is 0" }, WEIGHT_LOOK,
	  "firmware says that a unit is at address 0; that unit is left off", SETUP },
	{ "rmrr-not-reserved", { "No firmware reserved region can cover this RMRR" }, WEIGHT_LOOK,
	  "firmware shares memory with a device (RMRR) that its own memory map gives to the kernel", SETUP },
	{ "rmrr-not-reserved", { "memory map does not reserve the reserved region" }, WEIGHT_LOOK,
	  "firmware shares memory with a device (RMRR) that its own memory map gives to the kernel", SETUP },
	{ "rmrr-broken", { "RMRR", "is broken - applying workaround" }, WEIGHT_LOOK,
	  "a reserved region (RMRR) of firmware makes no sense and was corrected", SETUP },
	{ "rmrr-broken", { "BIOS is broken; RMRR" }, WEIGHT_LOOK,
	  "a reserved region (RMRR) of firmware makes no sense", SETUP },
	{ "rhsa", { "RHSA refers to non-existent" }, WEIGHT_HARMLESS,
	  "firmware tells the place of a unit that does not exist; nothing follows", "nothing" },
	{ "scope-type", { "Device scope type does not match" }, WEIGHT_HARMLESS,
	  "firmware calls a bridge a device or the other way round; it is accepted", "nothing" },
	{ "andd", { "Failed to find handle for ACPI object" }, WEIGHT_HARMLESS,
	  "firmware names a device that this board has not got", "nothing" },
	{ "andd", { "ANDD", "name ignored" }, WEIGHT_HARMLESS,
	  "firmware names a device that this board has not got", "nothing" },
	{ "shadow-gtt", { "no shadow GTT" }, WEIGHT_LOOK,
	  "firmware gave graphics no memory for translation: graphics is not translated",
	  "more graphics memory in firmware setup, if graphics shall be assigned" },
	{ "igfx-off", { "IGFX off" }, WEIGHT_HARMLESS,
	  "firmware or this chipset keeps integrated graphics from being translated", "nothing" },
	{ "unknown-type", { "Unknown DMAR structure type" }, WEIGHT_HARMLESS,
	  "firmware's table is newer than the driver; what it does not know is skipped", "nothing" },
	{ "firmware", { "Firmware Bug", "at offset" }, WEIGHT_LOOK,
	  "firmware's DMAR table has a mistake; the line says what was done about it", SETUP },
	{ "firmware", { "DMAR", "Firmware Bug" }, WEIGHT_LOOK,
	  "firmware's DMAR table has a mistake", SETUP },
	{ "firmware", { "DMAR", "Firmware Warn" }, WEIGHT_LOOK,
	  "firmware's DMAR table has a mistake", SETUP },
	{ "firmware", { "Your BIOS is broken; D" }, WEIGHT_LOOK,
	  "firmware's DMAR table has a mistake", SETUP },

	/* Mappings */
	{ "width", { "iommu width", "is not sufficient for the mapped address" }, WEIGHT_BAD,
	  "an address beyond what the unit translates was to be mapped: client processors have 39 bits, 512 GiB",
	  "give the guest fewer address bits (QEMU: -cpu host,host-phys-bits-limit=39), a smaller BAR or less memory" },
	{ "pte-set", { "DMA PTE for vPFN", "already set" }, WEIGHT_BAD,
	  "the same address of a device was mapped twice: a bug of a kernel driver",
	  "a newer kernel; report it with the name of the device" },
	{ "no-identity", { "swiotlb buffer is full" }, WEIGHT_LOOK,
	  "a device that reaches only low memory has no room to copy through",
	  "take iommu=pt away, or swiotlb= with a larger number" },

	/* The state */
	{ "off", { "DMAR: off: " }, WEIGHT_BAD,
	  "no DMA is translated; the line says why", "vtd preflight says the rest" },
	{ "opt-in", { "force enabled due to platform opt in" }, WEIGHT_HARMLESS,
	  "firmware asks for protection of external ports, so VT-d is on without an option", "nothing" },
	{ "inconsistent", { "IOMMU feature", "inconsistent" }, WEIGHT_HARMLESS,
	  "units of this machine differ, which is normal", "nothing" },
	{ "option", { "DMAR: intel_iommu" }, WEIGHT_LOOK,
	  "a kernel parameter was not understood, or means no device", "correct it as the line says" },
};

static bool has_words(const char *line, const char * const *words)
{
	for (; *words; words++) {
		line = strstr(line, *words);
		if (!line)
			return false;
		line += strlen(*words);
	}
	return true;
}

/**
 * explain_line - what a line that is no fault means
 * @line: any text
 *
 * Return: NULL if there is nothing to say about it.
 */
const struct explanation *explain_line(const char *line)
{
	unsigned int i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (has_words(line, table[i].words))
			return &table[i];
	return NULL;
}

static void explain_interrupt(const struct fault_line *f, struct explanation *e)
{
	e->key = "interrupt-refused";
	e->means = "an interrupt of the device was refused";
	e->first = "a newer driver or firmware of that device";
	if (f->reason == 0x26) {
		e->means = "the device sent an interrupt that was set up for another one";
		e->first = "if it is an IOAPIC or HPET that the firmware describes wrongly: a firmware update, or intremap=nosid with the loss of protection that this means";
	} else if (f->reason == 0x22) {
		e->means = "the device sent an interrupt that nobody has set up, or not any more";
		e->first = "once at boot or after kexec: left over from before, leave it; else a newer driver of the device";
	} else if (f->reason == 0x25) {
		e->means = "an interrupt in the old format, from firmware or an earlier kernel";
		e->first = "once at boot: leave it";
	}
}

static const char not_mapped_means[] =
	"the device used memory that its driver had not given it, or had taken back";
static const char not_mapped_first[] =
	"a newer kernel and firmware of the device; if it begins before its driver: firmware left it running, and may have forgotten a reserved region (this project's driver: intel_iommu.rmrr=). To find out: does it stop with iommu=pt? Then the device works, and its driver or firmware is wrong";

/**
 * explain_fault - what a fault means
 * @f: the fault, its reason is known
 * @e: filled
 */
void explain_fault(const struct fault_line *f, struct explanation *e)
{
	*e = (struct explanation) {
		.key = "dma-refused", .weight = WEIGHT_BAD,
		.means = not_mapped_means, .first = not_mapped_first,
	};
	if (f->interrupt || (f->reason >= 0x20 && f->reason <= 0x27)) {
		explain_interrupt(f, e);
		return;
	}
	switch (f->reason) {
	case 0x01:
	case 0x02:
	case 0x39:
	case 0x41:
		e->means = "the device was active, and nobody had set it up: firmware or an earlier kernel left it running, or it uses another device's address";
		e->first = "once at boot or in a crash kernel: leave it; if it goes on: what is the device (lspci)? For SATA and SAS controllers that use a second function: a newer kernel, which knows them";
		break;
	case 0x04:
	case 0x84:
		e->means = "the device used an address beyond what its unit translates";
		e->first = "a bug of the device or its driver; report it there";
		break;
	case 0x05:
	case 0x85:
		e->means = "the device wrote to memory that it may not write: never given, taken back, or given for reading only";
		break;
	case 0x0c:
	case 0x7a:
		e->means = "the unit refused an entry of its page tables; Haswell does so with large pages that it announces";
		e->first = "intel_iommu=sp_off; if that does not end it, report it";
		break;
	case 0x0d:
		e->means = "the device used translations of its own (ATS), which it may not";
		e->first = "pci=noats, and a firmware update of the device";
		break;
	case 0x0e:
	case 0x87:
		e->means = "the device took the address of interrupts for memory";
		e->first = "a bug of the device or its driver";
		break;
	case 0x06:
	case 0x86:
	case 0x79:
		break;
	default:
		e->means = "the unit could not use its tables";
		e->first = "report it with the whole log; check the memory of the machine";
	}
}

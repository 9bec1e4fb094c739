// SPDX-License-Identifier: GPL-2.0
/* Images of interrupt remapping entries, and what decides about them.  Pure. */

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "hw/interrupts.h"
#include "irq/ir_entry.h"

static u64 source_word(const struct vtd_ir_source *source)
{
	return FIELD_PREP(VTD_IRTE_SVT, source->svt) |
	       FIELD_PREP(VTD_IRTE_SQ, source->sq) |
	       FIELD_PREP(VTD_IRTE_SID, source->sid);
}

/**
 * vtd_ir_remapped - an entry that sends an interrupt to a processor (9.9)
 * @entry: filled in
 * @vector: at the processor
 * @dest: APIC id, or logical destination
 * @logical: which of the two
 * @x2apic: the unit is in x2apic mode; otherwise @dest has 8 bits
 * @source: who may use it
 *
 * Always edge: what is level at the pin of an IOAPIC is told to the IOAPIC, so
 * that moving the interrupt is a change of this entry only.  No redirection
 * hint: there is one destination.
 *
 * Context: any.
 */
void vtd_ir_remapped(struct vtd_irte *entry, u8 vector, u32 dest, bool logical,
		     bool x2apic, const struct vtd_ir_source *source)
{
	entry->lo = VTD_IRTE_P | FIELD_PREP(VTD_IRTE_V, vector) |
		    FIELD_PREP(VTD_IRTE_DM, logical);
	entry->lo |= x2apic ? FIELD_PREP(VTD_IRTE_DST, dest) :
		     FIELD_PREP(VTD_IRTE_DST_XAPIC, dest & 0xff);
	entry->hi = source_word(source);
}

/**
 * vtd_ir_posted - an entry that posts an interrupt (9.10)
 * @entry: filled in
 * @vector: bit in the descriptor: the guest's vector
 * @descriptor: physical address of the posted-interrupt descriptor, a multiple
 *	of 64
 * @source: who may use it
 *
 * Context: any.
 */
void vtd_ir_posted(struct vtd_irte *entry, u8 vector, u64 descriptor,
		   const struct vtd_ir_source *source)
{
	entry->lo = VTD_IRTE_P | VTD_IRTE_IM | FIELD_PREP(VTD_IRTE_V, vector) |
		    FIELD_PREP(VTD_IRTE_PDAL, (u32)descriptor >> 6);
	entry->hi = source_word(source) |
		    FIELD_PREP(VTD_IRTE_PDAH, descriptor >> 32);
}

/**
 * vtd_ir_pci_source - under which ids the messages of a PCI device come
 * @a: the requester ids that it may show
 *
 * Behind a bridge to conventional PCI requests carry the number of its secondary
 * bus or of one below: the buses are verified.  Several ids on one bus stand for
 * a device that sends from functions of its choice (non-transparent bridges):
 * the bus again.  A bridge that takes over as a device on another bus has one
 * id, which is verified.  Any other alias is an erratum of the DMA engine, and
 * says nothing about messages: they come under the device's own id.
 *
 * Context: any.
 * Return: never VTD_SVT_NONE, which only intremap=nosid leads to.
 */
struct vtd_ir_source vtd_ir_pci_source(const struct vtd_ir_aliases *a)
{
	u8 own_bus = a->own >> 8, alias_bus = a->last >> 8;
	u8 first = alias_bus < own_bus ? alias_bus : own_bus;
	u8 last = alias_bus < own_bus ? own_bus : alias_bus;

	if (alias_bus != a->last_bus)
		return (struct vtd_ir_source) { VTD_SVT_BUS, VTD_SQ_ALL, first << 8 | last };
	if (a->count > 1 && a->one_bus)
		return (struct vtd_ir_source) { VTD_SVT_BUS, VTD_SQ_ALL, own_bus << 8 | own_bus };
	if (a->last_bus != own_bus)
		return (struct vtd_ir_source) { VTD_SVT_ID, VTD_SQ_ALL, a->last };
	return (struct vtd_ir_source) { VTD_SVT_ID, VTD_SQ_ALL, a->own };
}

/**
 * vtd_ir_source_of - who may use an entry
 * @entry: remapped or posted
 *
 * Context: any.
 */
struct vtd_ir_source vtd_ir_source_of(const struct vtd_irte *entry)
{
	return (struct vtd_ir_source) {
		.svt = FIELD_GET(VTD_IRTE_SVT, entry->hi),
		.sq = FIELD_GET(VTD_IRTE_SQ, entry->hi),
		.sid = FIELD_GET(VTD_IRTE_SID, entry->hi),
	};
}

/**
 * vtd_ir_source_takes - would an interrupt pass the check (9.9, SVT and SQ)
 * @source: what is verified
 * @sid: who sends it
 *
 * Context: any.
 */
bool vtd_ir_source_takes(const struct vtd_ir_source *source, u16 sid)
{
	/* SQ: all bits; but bit 2; but bits 2:1; but bits 2:0 */
	static const u16 ignored[] = { 0, 4, 6, 7 };

	switch (source->svt) {
	case VTD_SVT_NONE:
		return true;
	case VTD_SVT_ID:
		return !((sid ^ source->sid) & ~ignored[source->sq & 3]);
	case VTD_SVT_BUS:
		return sid >> 8 >= source->sid >> 8 && sid >> 8 <= (source->sid & 0xff);
	default:
		return false;
	}
}

/**
 * vtd_ir_message - the request that names an entry (5.1.2.2)
 * @index: entry, or first entry of several
 * @subhandle: what is added to it; a device with several messages counts here
 * @address: low word of the address
 * @data: data
 *
 * Context: any.
 */
void vtd_ir_message(u16 index, u16 subhandle, u32 *address, u32 *data)
{
	*address = VTD_REQUEST_BASE | VTD_REQUEST_FORMAT | VTD_REQUEST_SHV |
		   FIELD_PREP(VTD_REQUEST_INDEX, index & 0x7fff) |
		   FIELD_PREP(VTD_REQUEST_INDEX_15, index >> 15);
	*data = FIELD_PREP(VTD_REQUEST_SUBHANDLE, subhandle);
}

/**
 * vtd_ir_use_x2apic - does the machine get x2apic mode
 * @f: what is known
 * @why_not: a phrase for the log; NULL if there is nothing to tell
 *
 * Context: any.
 */
bool vtd_ir_use_x2apic(const struct vtd_ir_facts *f, const char **why_not)
{
	*why_not = NULL;
	if (!f->cpu_x2apic)
		return false;
	if (f->opt_out && !f->override)
		*why_not = "firmware opts out (intremap=no_x2apic_optout overrides that)";
	else if (!f->units_x2apic)
		*why_not = "a unit lacks extended interrupt mode";
	return !*why_not;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * From a machine to what the driver would do: the facts are gathered here, the
 * decisions are boot/policy.c's, boot/summary.c's and irq/ir_entry.c's.
 */
#include <stdio.h>
#include <string.h>
#include <linux/iommu.h>

#include "domain/stage.h"
#include "irq/ir_entry.h"
#include "pgtable/pgtable.h"
#include "predict.h"
#include "unit/errata.h"

#define CLASS_DISPLAY	0x03
#define CLASS_USB	0x0c03

/* GMCH graphics control, as unit/quirks.c has it */
#define AT_GGC		0x52
#define GGC_VT_ENABLED	0x08	/* of the second byte */

static u32 errata_of(const struct pci_function *f)
{
	return f->removable ? 0 : vtd_errata_of(f->vendor, f->device, f->class);
}

static u32 all_errata(const struct machine *m)
{
	u32 errata = 0;
	unsigned int i;

	for (i = 0; i < m->pci.count; i++)
		errata |= errata_of(&m->pci.function[i]);
	return errata;
}

static bool has_shadow(const struct machine *m)
{
	bool has = true;
	unsigned int i;

	for (i = 0; i < m->pci.count; i++) {
		const struct pci_function *f = &m->pci.function[i];

		if ((errata_of(f) & VTD_QUIRK_SHADOW_GTT) && f->config_size > AT_GGC + 1)
			has &= !!(f->config[AT_GGC + 1] & GGC_VT_ENABLED);
	}
	return has;
}

static bool skip_graphics(const struct machine *m)
{
	u32 errata = all_errata(m);

	if (errata & VTD_QUIRK_SKIP_GRAPHICS) {
		machine_log("DMAR: erratum: graphics of this chipset does not work translated");
		return true;
	}
	if ((errata & VTD_QUIRK_SHADOW_GTT) && !has_shadow(m)) {
		machine_log("DMAR: firmware gave graphics no memory for translation (shadow GTT)");
		return true;
	}
	return false;
}

static bool has_removable(const struct machine *m)
{
	unsigned int i;

	for (i = 0; i < m->pci.count; i++)
		if (m->pci.function[i].removable)
			return true;
	return false;
}

static bool has_caching_mode(const struct machine *m)
{
	unsigned int i;

	for (i = 0; i < m->units; i++)
		if (!m->unit[i].off && m->unit[i].known && m->unit[i].caps.caching_mode)
			return true;
	return false;
}

/* The steps of boot/remap.c, in its order; NULL: nothing is against it */
static const char *remap_obstacle(struct machine *m)
{
	const struct cmdline *c = &m->cmdline;
	unsigned int i;

	if (c->intremap_off)
		return "intremap=off";
	if (c->noapic)
		return "noapic";
	for (i = 0; i < m->pci.count; i++) {
		const struct pci_function *f = &m->pci.function[i];

		/* The 5500 and 5520: x86 looks for these before anything else */
		if (f->vendor == 0x8086 && f->revision <= 0x13 &&
		    (f->device == 0x3403 || f->device == 0x3405 || f->device == 0x3406))
			return "an erratum of this chipset makes interrupt remapping unstable";
	}
	if (!m->units)
		return "there is no usable table of remapping units";
	if (!(m->dmar.flags & VTD_TABLE_INTR_REMAP)) {
		machine_log("DMAR-IR: firmware says that interrupts cannot be remapped");
		return "firmware says that interrupts cannot be remapped";
	}
	return NULL;
}

static const char *units_obstacle(struct machine *m, struct prediction *p)
{
	unsigned int i;

	for (i = 0; i < m->units; i++) {
		const struct unit *unit = &m->unit[i];

		if (unit->unusable) {
			machine_log("DMAR-IR: unit at 0x%llx cannot be used: no interrupt is remapped",
				    (unsigned long long)unit->base);
			snprintf(p->why_room, sizeof(p->why_room),
				 "the unit at 0x%llx cannot be used",
				 (unsigned long long)unit->base);
			return p->why_room;
		}
		if (unit->known && !unit->caps.int_remap) {
			machine_log("DMAR-IR: %s cannot remap interrupts: none is remapped",
				    unit->name);
			snprintf(p->why_room, sizeof(p->why_room),
				 "%s (0x%llx) cannot remap interrupts", unit->name,
				 (unsigned long long)unit->base);
			return p->why_room;
		}
	}
	return NULL;
}

static unsigned int count_scopes(const struct machine *m, u8 id)
{
	unsigned int i, k, count = 0;

	for (i = 0; i < m->units; i++)
		for (k = 0; k < m->unit[i].scopes.count; k++)
			count += m->unit[i].scopes.scope[k].type == VTD_SCOPE_IOAPIC &&
				 m->unit[i].scopes.scope[k].id == id;
	return count;
}

static void say_ioapic(const struct machine *m, u8 id, const char *what)
{
	machine_log("DMAR-IR: [Firmware Bug]: IOAPIC %u %s. Machine: %s", id, what, m->name);
}

static void say_strangers(const struct machine *m)
{
	unsigned int i, k;

	for (i = 0; i < m->units; i++)
		for (k = 0; k < m->unit[i].scopes.count; k++) {
			const struct dmar_dev_scope *scope = &m->unit[i].scopes.scope[k];

			if (scope->type == VTD_SCOPE_IOAPIC &&
			    !memchr(m->ioapic, scope->id, m->ioapics))
				say_ioapic(m, scope->id, "is not in the MADT: not used");
		}
}

static const char *ioapic_obstacle(struct machine *m, struct prediction *p)
{
	const char *why = NULL;
	unsigned int i, found;

	if (!m->has_madt)
		return NULL;
	for (i = 0; i < m->ioapics; i++) {
		found = count_scopes(m, m->ioapic[i]);
		if (!found) {
			say_ioapic(m, m->ioapic[i], "is under no unit: no interrupt is remapped");
			snprintf(p->why_room, sizeof(p->why_room),
				 "IOAPIC %u of the MADT is under no unit", m->ioapic[i]);
			why = p->why_room;
		} else if (found > 1) {
			say_ioapic(m, m->ioapic[i],
				   "is named more than once: the first one counts; if it is silent: intremap=off");
		}
	}
	say_strangers(m);
	return why;
}

static void predict_remap(struct machine *m, struct prediction *p)
{
	struct vtd_ir_facts facts = {
		.cpu_x2apic = m->x2apic && !m->cmdline.nox2apic,
		.opt_out = m->dmar.flags & VTD_TABLE_X2APIC_OPT_OUT,
		.override = m->cmdline.override_x2apic,
		.units_x2apic = true,
	};
	const char *why_not;
	unsigned int i;

	p->why_not = remap_obstacle(m);
	if (!p->why_not)
		p->why_not = units_obstacle(m, p);
	if (!p->why_not)
		p->why_not = ioapic_obstacle(m, p);
	p->remap = !p->why_not;
	if (!p->remap)
		return;
	for (i = 0; i < m->units; i++)
		facts.units_x2apic &= !m->unit[i].known || m->unit[i].caps.x2apic;
	p->x2apic = vtd_ir_use_x2apic(&facts, &why_not);
	if (why_not)
		machine_log("DMAR-IR: x2apic mode is not used: %s", why_not);
	machine_log("DMAR-IR: Enabled IRQ remapping in %s mode", p->x2apic ? "x2apic" : "xapic");
}

static void decide(const struct machine *m, struct prediction *p)
{
	const struct cmdline *c = &m->cmdline;
	const struct vtd_facts facts = {
		.options = c->options,
		.config = c->config,
		.scalable_config = c->scalable,
		.crash_reserved = c->crash_reserved,
		.no_iommu = c->no_iommu,
		.platform_opt_in = m->dmar.flags & VTD_TABLE_OPT_IN,
		.platform_opt_out = m->dmar.flags & VTD_TABLE_OPT_OUT,
		.external_ports = has_removable(m),
		.core_identity = c->passthrough,
		.core_strict = c->strict,
		.core_strict_given = c->strict_given,
		.caching_mode = has_caching_mode(m),
		.graphics_quirk = skip_graphics(m),
		.strict_quirk = all_errata(m) & VTD_QUIRK_SHADOW_GTT,
		.unverified = p->remap && c->nosid,
	};

	p->policy = vtd_policy_decide(&facts);
}

/**
 * predict_translates - will a unit translate
 * @p: the prediction
 * @unit: the unit
 */
bool predict_translates(const struct prediction *p, const struct unit *unit)
{
	return p->policy.enable && !unit->off &&
	       (!unit->graphics || p->policy.translate_graphics);
}

/* The kernel's %#llx writes 0x0, this C library's 0 */
static void mend_zero(char *line, size_t size)
{
	static const char zero[] = "unit at 0 ";
	char *at = strstr(line, zero);
	size_t len = strlen(line);

	if (!at || len + 3 > size)
		return;
	at += sizeof(zero) - 3;
	memmove(at + 2, at, len + 1 - (at - line));
	memcpy(at, "0x", 2);
}

static void summarize_stage(const struct unit *unit, struct vtd_unit_facts *facts)
{
	struct vtd_pt_config cfg;

	facts->first_stage = vtd_stage_choose(&unit->caps, facts->scalable, false) ==
			     VTD_STAGE_FIRST;
	if (!facts->first_stage)
		return;
	vtd_stage_config(&unit->caps, VTD_STAGE_FIRST, &cfg);
	facts->max_leaf = cfg.max_leaf;
	facts->width = cfg.width;
}

static void summarize(struct machine *m, struct prediction *p)
{
	static struct vtd_unit_facts facts[MACHINE_UNITS];
	unsigned int i;

	p->exact = true;
	for (i = 0; i < m->units; i++) {
		const struct unit *unit = &m->unit[i];
		const char *legacy;

		facts[i] = (struct vtd_unit_facts) {
			.name = unit->name[0] ? unit->name : NULL,
			.base = unit->base,
			.translating = predict_translates(p, unit),
			.why_off = unit->why_off ? unit->why_off :
				   unit->graphics ? p->policy.why_graphics : NULL,
			.max_leaf = unit->caps.max_leaf,
			.width = unit->caps.width,
			.coherent = unit->caps.coherent,
			.pass_through = unit->caps.pass_through,
			.scalable = vtd_policy_scalable(&p->policy, &unit->caps,
							VTD_FOUND_NOTHING, &legacy),
		};
		if (facts[i].scalable)
			facts[i].coherent = unit->caps.snoop_walks;
		summarize_stage(unit, &facts[i]);
		p->on += facts[i].translating;
		p->exact &= unit->known || unit->unusable;
	}
	if (m->units && p->exact) {
		vtd_policy_summary(p->summary, sizeof(p->summary), &p->policy, facts,
				   m->units);
		mend_zero(p->summary, sizeof(p->summary));
		machine_log("DMAR: %s", p->summary);
	}
}

static struct vtd_choice choice_of(const struct pci_function *f)
{
	return (struct vtd_choice) {
		.segment = f->segment, .rid = f->bus << 8 | f->devfn,
		.vendor = f->vendor, .device = f->device, .class = f->class,
	};
}

static void check_choice(const struct machine *m, const char *name, const struct vtd_choice *c)
{
	char text[VTD_CHOICE_TEXT];
	unsigned int i;

	for (i = 0; i < m->pci.count; i++) {
		struct vtd_choice what = choice_of(&m->pci.function[i]);

		if (m->pci.function[i].segment <= 0xffff && vtd_choice_is(c, &what))
			return;
	}
	vtd_choice_text(c, text, sizeof(text));
	machine_log("DMAR: intel_iommu.%s=: no device here is %s; it counts only for one that comes later",
		    name, text);
}

static void check_list(const struct machine *m, const char *name, const struct vtd_choices *list)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		check_choice(m, name, &list->choice[i]);
}

/* Entries that mean no device of this machine */
static void check_exceptions(const struct machine *m)
{
	const struct vtd_user_regions *regions = &m->cmdline.regions;
	unsigned int i;

	if (!m->pci.readable)
		return;
	check_list(m, "relax_rmrr", &m->cmdline.relaxed);
	check_list(m, "keep_rmrr", &m->cmdline.kept);
	check_list(m, "identity", &m->cmdline.identity);
	check_list(m, "translate", &m->cmdline.translate);
	for (i = 0; i < regions->count; i++)
		check_choice(m, "rmrr", &(struct vtd_choice) {
			.kind = VTD_CHOICE_ADDRESS, .segment = regions->region[i].segment,
			.rid = regions->region[i].rid,
		});
}

/**
 * predict - what the driver would do
 * @m: read and built
 * @p: filled
 */
void predict(struct machine *m, struct prediction *p)
{
	*p = (struct prediction) { 0 };
	if (!m->usable)
		p->why_not = "there is no unit that can be used";
	else
		predict_remap(m, p);
	decide(m, p);
	if (m->usable)
		summarize(m, p);
	if (p->on) {
		check_exceptions(m);
		machine_log("DMAR: IOMMU enabled");
		machine_log("DMAR: Intel(R) Virtualization Technology for Directed I/O");
	}
}

static bool is_named(const struct vtd_choices *list, const struct pci_function *f)
{
	struct vtd_choice what = choice_of(f);

	return list->count && f->segment <= 0xffff && vtd_choice_match(list, &what);
}

/* Identity through tables ends at the width */
static bool identity_works(const struct machine *m, const struct unit *unit)
{
	u64 top = 0;
	unsigned int i;

	if (!unit->known || unit->caps.pass_through)
		return true;
	for (i = 0; i < m->map.nr_entries; i++)
		if (m->map.entries[i].type == E820_TYPE_RAM)
			top = m->map.entries[i].addr + m->map.entries[i].size - 1;
	return !(top >> (unit->caps.width < 64 ? unit->caps.width : 63));
}

/**
 * predict_domain - which default domain a device would get
 * @m: the machine
 * @p: the prediction
 * @unit: the unit that serves the device and translates
 * @f: the device
 *
 * Return: IOMMU_DOMAIN_DMA or IOMMU_DOMAIN_IDENTITY.
 */
int predict_domain(const struct machine *m, const struct prediction *p,
		   const struct unit *unit, const struct pci_function *f)
{
	const struct vtd_device_facts facts = {
		.untrusted = f->removable,
		.integrated_graphics = f->class >> 16 == CLASS_DISPLAY &&
				       f->vendor == 0x8086 && !pci_above(&m->pci, f),
		.wants_identity = is_named(&m->cmdline.identity, f),
		.wants_translation = is_named(&m->cmdline.translate, f),
		.identity_works = identity_works(m, unit),
	};
	int type = vtd_policy_domain_type(&p->policy, &facts);

	if (type)
		return type;
	return p->policy.identity ? IOMMU_DOMAIN_IDENTITY : IOMMU_DOMAIN_DMA;
}

/**
 * predict_rmrr - what a device's reserved regions mean for assigning it
 * @m: the machine
 * @f: the device that firmware names
 */
enum rmrr_use predict_rmrr(const struct machine *m, const struct pci_function *f)
{
	if (is_named(&m->cmdline.kept, f))
		return RMRR_KEPT;
	if (f->class >> 16 == CLASS_DISPLAY || f->class >> 8 == CLASS_USB)
		return RMRR_QUIET;
	if (m->cmdline.options.relax_rmrr || is_named(&m->cmdline.relaxed, f))
		return RMRR_RELAXED;
	return RMRR_FIRM;
}

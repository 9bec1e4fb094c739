// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt domain of a unit.  Its parent gives vectors; its children are
 * the IOAPICs, the HPET, and one domain for each PCI device with messages.
 */
#define pr_fmt(fmt) "DMAR-IR: " fmt

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include <asm/hw_irq.h>
#include <asm/irq_remapping.h>
#include <asm/irqdomain.h>

#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "acpi/table.h"
#include "core/core.h"
#include "irq/ir_chip.h"
#include "irq/ir_domain.h"
#include "irq/ir_scope.h"
#include "irq/ir_table.h"
#include "irq/posted.h"
#include "unit/unit.h"

/* Who asks */
static int find_source(const struct irq_alloc_info *info, struct vtd_ir_irq *irq)
{
	struct intel_iommu *unit;
	int ret;

	switch (info->type) {
	case X86_IRQ_ALLOC_TYPE_IOAPIC:
		irq->subhandle = info->ioapic.pin;
		ret = vtd_ir_scope_find(&dmar_drhd_units, VTD_SCOPE_IOAPIC, info->devid,
					&unit, &irq->source);
		break;
	case X86_IRQ_ALLOC_TYPE_HPET:
		ret = vtd_ir_scope_find(&dmar_drhd_units, VTD_SCOPE_HPET, info->devid,
					&unit, &irq->source);
		break;
	case X86_IRQ_ALLOC_TYPE_PCI_MSI:
	case X86_IRQ_ALLOC_TYPE_PCI_MSIX:
		irq->source = vtd_ir_scope_pci(msi_desc_to_pci_dev(info->desc));
		irq->message = true;
		return 0;
	default:
		return -EINVAL;
	}
	return ret ?: unit == irq->iommu ? 0 : -EINVAL;
}

/* The user's word: what firmware says of sources is wrong on this board */
static void forget_source(struct vtd_ir_irq *irq)
{
	if (irq->iommu->ir->unverified)
		irq->source = (struct vtd_ir_source) { .svt = VTD_SVT_NONE };
}

static void ir_free_one(struct irq_domain *domain, unsigned int virq)
{
	struct irq_data *data = irq_domain_get_irq_data(domain, virq);
	struct vtd_ir_irq *irq = data ? data->chip_data : NULL;

	if (!irq)
		return;
	if (irq->count)
		vtd_ir_free(irq->iommu, irq->first, irq->count);
	irq_domain_reset_irq_data(data);
	kfree(irq);
}

static void ir_free_irqs(struct irq_domain *domain, unsigned int virq,
			 unsigned int count)
{
	unsigned int i;

	/* The first one has the entries: it goes last */
	for (i = count; i--;)
		ir_free_one(domain, virq + i);
	irq_domain_free_irqs_common(domain, virq, count);
}

static int ir_set_up_one(struct irq_domain *domain, unsigned int virq,
			 const struct vtd_ir_irq *model, unsigned int i)
{
	struct irq_data *data = irq_domain_get_irq_data(domain, virq + i);
	struct vtd_ir_irq *irq;

	if (!data || !irqd_cfg(data))
		return -EINVAL;
	irq = kmemdup(model, sizeof(*model), GFP_KERNEL);
	if (!irq)
		return -ENOMEM;
	irq->index = model->first + i;
	irq->subhandle += i;
	irq->count = i ? 0 : model->count;
	data->hwirq = irq->index;
	data->chip_data = irq;
	irq->posted_host = vtd_ir_posted_here(irq->message);
	data->chip = vtd_ir_chip_for(irq);
	/* Safe at any time: the device does not see it */
	vtd_core_irq_moves_anywhere(virq + i);
	return 0;
}

/* Entries are taken, and given back by the first interrupt that is set up */
static int ir_set_up(struct irq_domain *domain, unsigned int virq,
		     unsigned int count, const struct irq_alloc_info *info)
{
	struct vtd_ir_irq model = { .iommu = domain->host_data, .count = count };
	unsigned int i;
	int ret;

	ret = find_source(info, &model);
	if (ret)
		return ret;
	forget_source(&model);
	ret = vtd_ir_alloc(model.iommu, count);
	if (ret < 0) {
		pr_warn("%s: no room for %u interrupts (%d)\n", model.iommu->name,
			count, ret);
		return ret;
	}
	model.first = ret;
	ret = 0;
	for (i = 0; i < count && !ret; i++)
		ret = ir_set_up_one(domain, virq, &model, i);
	/* It failed before anybody had them */
	if (ret && i == 1)
		vtd_ir_free(model.iommu, model.first, count);
	return ret;
}

static int ir_alloc_irqs(struct irq_domain *domain, unsigned int virq,
			 unsigned int count, void *arg)
{
	struct irq_alloc_info *info = arg;
	int ret;

	if (!info || (count > 1 && info->type != X86_IRQ_ALLOC_TYPE_PCI_MSI))
		return -EINVAL;
	ret = irq_domain_alloc_irqs_parent(domain, virq, count, arg);
	if (ret < 0)
		return ret;
	ret = ir_set_up(domain, virq, count, info);
	if (ret)
		ir_free_irqs(domain, virq, count);
	return ret;
}

static int ir_activate(struct irq_domain *domain, struct irq_data *data,
		       bool reserve)
{
	return vtd_ir_update(data, true);
}

static void ir_deactivate(struct irq_domain *domain, struct irq_data *data)
{
	static const struct vtd_irte none;
	struct vtd_ir_irq *irq = data->chip_data;

	irq->posted_vcpu = false;
	if (vtd_ir_install(irq->iommu, irq->index, &none))
		pr_warn_ratelimited("%s: interrupt %u may still come\n",
				    irq->iommu->name, data->irq);
}

/* Asked for the parent of an IOAPIC or of the HPET */
static int ir_select(struct irq_domain *domain, struct irq_fwspec *fwspec,
		     enum irq_domain_bus_token token)
{
	struct vtd_ir_source source;
	struct intel_iommu *iommu;
	u8 type;

	if (x86_fwspec_is_ioapic(fwspec))
		type = VTD_SCOPE_IOAPIC;
	else if (x86_fwspec_is_hpet(fwspec))
		type = VTD_SCOPE_HPET;
	else
		return 0;
	return !vtd_ir_scope_find(&dmar_drhd_units, type, fwspec->param[0], &iommu,
				  &source) && iommu == domain->host_data;
}

static const struct irq_domain_ops vtd_ir_domain_ops = {
	.select = ir_select,
	.alloc = ir_alloc_irqs,
	.free = ir_free_irqs,
	.activate = ir_activate,
	.deactivate = ir_deactivate,
};

static const struct msi_parent_ops vtd_ir_msi_ops = {
	.supported_flags = X86_VECTOR_MSI_FLAGS_SUPPORTED | MSI_FLAG_MULTI_PCI_MSI,
	.prefix = "IR-",
	.init_dev_msi_info = msi_parent_init_dev_msi_info,
};

/**
 * vtd_ir_domain_create - make a unit's domain
 * @iommu: the unit, with table
 *
 * Context: may sleep; phase 2 of the boot.
 * Return: 0 or -ENOMEM.
 */
int vtd_ir_domain_create(struct intel_iommu *iommu)
{
	struct irq_domain *domain;
	struct fwnode_handle *node;

	node = irq_domain_alloc_named_id_fwnode("INTEL-IR", iommu->seq_id);
	if (!node)
		return -ENOMEM;
	domain = irq_domain_create_hierarchy(arch_get_ir_parent_domain(), 0, 0, node,
					     &vtd_ir_domain_ops, iommu);
	if (!domain) {
		irq_domain_free_fwnode(node);
		return -ENOMEM;
	}
	irq_domain_update_bus_token(domain, DOMAIN_BUS_DMAR);
	domain->flags |= IRQ_DOMAIN_FLAG_MSI_PARENT;
	/* VFIO and iommufd ask for this: a user's device reaches its own entries only */
	if (!iommu->ir->unverified)
		domain->flags |= IRQ_DOMAIN_FLAG_ISOLATED_MSI;
	domain->msi_parent_ops = &vtd_ir_msi_ops;
	iommu->ir->domain = domain;
	return 0;
}

/**
 * vtd_ir_domain_remove - undo vtd_ir_domain_create()
 * @iommu: the unit; no new interrupt comes into its domain
 *
 * Context: may sleep.
 * Return: 0; -EBUSY if an interrupt is left in the domain, which stays then.
 */
int vtd_ir_domain_remove(struct intel_iommu *iommu)
{
	struct irq_domain *domain = iommu->ir ? iommu->ir->domain : NULL;
	struct fwnode_handle *node;

	if (!domain)
		return 0;
	if (domain->mapcount)
		return -EBUSY;
	node = domain->fwnode;
	iommu->ir->domain = NULL;
	irq_domain_remove(domain);
	irq_domain_free_fwnode(node);
	return 0;
}

/**
 * vtd_ir_add_device - let a PCI device's messages go through its unit
 * @pdev: a device that has no interrupts yet
 *
 * One whose messages another domain takes (VMD) is left alone.
 *
 * Context: PCI enumeration or hotplug.
 */
void vtd_ir_add_device(struct pci_dev *pdev)
{
	struct dmar_drhd_unit *unit;
	u8 bus, devfn;

	if (!pci_dev_has_default_msi_parent_domain(pdev))
		return;
	unit = dmar_find_dmaru(&pdev->dev, &bus, &devfn);
	if (unit && unit->iommu && vtd_ir_live(unit->iommu))
		dev_set_msi_domain(&pdev->dev, unit->iommu->ir->domain);
}

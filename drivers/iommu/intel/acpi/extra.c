// SPDX-License-Identifier: GPL-2.0
/* Reserved regions that the user adds to those of firmware's table. */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/cleanup.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include <asm/e820/api.h>

#include "acpi/extra.h"
#include "acpi/inventory.h"
#include "acpi/memory_map.h"
#include "acpi/table.h"

/**
 * vtd_inventory_add_region - add a region that firmware forgot
 * @base: first byte
 * @end: last byte
 * @segment: PCI segment of the device that needs it
 * @rid: its bus, device and function
 *
 * Context: late init, before dmar_dev_scope_init(); takes dmar_inventory_lock.
 * Return: 0 or -ENOMEM; an impossible region is named and left out.
 */
int vtd_inventory_add_region(u64 base, u64 end, u16 segment, u16 rid)
{
	enum vtd_defect defect = vtd_table_fit_region(&base, &end);
	struct dmar_rmrr_unit *rmrr;
	u64 bare;

	if (defect && defect != VTD_REGION_UNALIGNED) {
		pr_warn("intel_iommu.rmrr=: %#llx-%#llx ignored: %s\n", base, end,
			vtd_defect_text(defect));
		return 0;
	}
	rmrr = kzalloc(sizeof(*rmrr), GFP_KERNEL);
	if (!rmrr)
		return -ENOMEM;
	rmrr->scopes.scope = kzalloc(sizeof(*rmrr->scopes.scope), GFP_KERNEL);
	if (!rmrr->scopes.scope) {
		kfree(rmrr);
		return -ENOMEM;
	}
	rmrr->from_user = true;
	rmrr->segment = segment;
	rmrr->base = base;
	rmrr->end = end;
	rmrr->scopes.count = 1;
	rmrr->scopes.scope[0] = (struct dmar_dev_scope) {
		.type = VTD_SCOPE_ENDPOINT, .bus = PCI_BUS_NUM(rid), .depth = 1,
		.path = { rid & 0xff },
	};
	pr_info("RMRR base: %#016llx end: %#016llx from intel_iommu.rmrr= for %04x:%02x:%02x.%x%s\n",
		base, end, segment, PCI_BUS_NUM(rid), PCI_SLOT(rid), PCI_FUNC(rid),
		defect ? ", made whole pages" : "");
	bare = vtd_memory_unreserved(e820_table, base, end);
	if (bare <= end)
		pr_warn("intel_iommu.rmrr=: %#llx-%#llx is not all memory that firmware reserves (%#llx is not): the device will reach what others use\n",
			base, end, bare);
	guard(rwsem_write)(&dmar_inventory_lock);
	list_add_tail_rcu(&rmrr->list, &dmar_rmrr_units);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The queue's descriptors executed through CCMD, IVA and IOTLB (specification
 * section 6.5.1), interrupt entries through SIRTP, for units that have no queue or
 * whose queue does not start.
 *
 * The unit answers with what it did, which may be more than was asked for; 0 says
 * that it took the request for a wrong one and did nothing (sections 11.4.6.1 and
 * 11.4.6.2).  It is asked for everything then, which no field can make wrong.  A
 * unit that answers 0 to that, too, does not keep the field: it is not given up
 * for it, the log has a line.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include "hw/registers.h"
#include "unit/reginval.h"
#include "unit/unit.h"

/* From this major version on the registers do nothing (section 6.5) */
#define VTD_VER_NO_REGISTERS	6u

/**
 * vtd_reginval_works - do the registers invalidate anything
 * @iommu: the unit
 *
 * In scalable mode they do not, whatever the version, and none of them ever
 * invalidated a PASID cache.
 *
 * Context: any.
 */
bool vtd_reginval_works(const struct intel_iommu *iommu)
{
	return !iommu->scalable &&
	       FIELD_GET(VTD_VER_MAX, iommu->version) < VTD_VER_NO_REGISTERS;
}

static int reginval_doubtful(struct intel_iommu *iommu, const char *cache)
{
	/* With gate_lock: a network console would come back for it */
	printk_deferred_enter();
	pr_warn_ratelimited("%s: says that it did not invalidate its %s, taken as done: nothing more can be asked for\n",
			    iommu->name, cache);
	printk_deferred_exit();
	return 0;
}

/* Returns what was done, VTD_INV_*, or 0, or -errno */
static int reginval_context(struct intel_iommu *iommu,
			    const struct vtd_desc *desc)
{
	u64 gran = FIELD_GET(VTD_DESC_CC_G, desc->lo);
	int ret;

	/* A request on top of another one is undefined (section 11.4.6.1) */
	ret = vtd_wait64(&iommu->regs, VTD_CCMD, VTD_CCMD_ICC, 0);
	if (ret)
		return ret;
	vtd_write64(&iommu->regs, VTD_CCMD,
		    VTD_CCMD_ICC | FIELD_PREP(VTD_CCMD_CIRG, gran) |
		    FIELD_PREP(VTD_CCMD_FM, FIELD_GET(VTD_DESC_CC_FM, desc->lo)) |
		    FIELD_PREP(VTD_CCMD_SID, FIELD_GET(VTD_DESC_CC_SID, desc->lo)) |
		    FIELD_PREP(VTD_CCMD_DID, FIELD_GET(VTD_DESC_CC_DID, desc->lo)));
	ret = vtd_wait64(&iommu->regs, VTD_CCMD, VTD_CCMD_ICC, 0);
	if (ret)
		return ret;
	return FIELD_GET(VTD_CCMD_CAIG, vtd_read64(&iommu->regs, VTD_CCMD));
}

/* As reginval_context() */
static int reginval_iotlb(struct intel_iommu *iommu,
			  const struct vtd_desc *desc)
{
	u32 reg = iommu->caps.iotlb_offset + VTD_IOTLB_OFFSET;
	u32 iva = iommu->caps.iotlb_offset + VTD_IVA_OFFSET;
	u64 gran = FIELD_GET(VTD_DESC_IOTLB_G, desc->lo);
	int ret;

	ret = vtd_wait64(&iommu->regs, reg, VTD_IOTLB_IVT, 0);
	if (ret)
		return ret;
	/* IVA has address, hint and mask where the descriptor's high word has them */
	if (gran == VTD_INV_SELECTIVE)
		vtd_write64(&iommu->regs, iva, desc->hi);
	vtd_write64(&iommu->regs, reg,
		    VTD_IOTLB_IVT | FIELD_PREP(VTD_IOTLB_IIRG, gran) |
		    (desc->lo & VTD_DESC_IOTLB_DR ? VTD_IOTLB_DR : 0) |
		    (desc->lo & VTD_DESC_IOTLB_DW ? VTD_IOTLB_DW : 0) |
		    FIELD_PREP(VTD_IOTLB_DID,
			       FIELD_GET(VTD_DESC_IOTLB_DID, desc->lo)));
	ret = vtd_wait64(&iommu->regs, reg, VTD_IOTLB_IVT, 0);
	if (ret)
		return ret;
	return FIELD_GET(VTD_IOTLB_IAIG, vtd_read64(&iommu->regs, reg));
}

/*
 * Interrupt entries have no register.  But a unit with CAP.ESIRTPS forgets them all
 * when it takes the pointer to their table (section 11.4.2), so it is given the
 * same one again.
 */
static int reginval_entries(struct intel_iommu *iommu)
{
	if (!iommu->caps.table_flushes)
		return -EOPNOTSUPP;
	return vtd_unit_set_interrupt_table(iommu, vtd_read64(&iommu->regs, VTD_IRTA));
}

static int reginval_one(struct intel_iommu *iommu,
			const struct vtd_desc *desc)
{
	const struct vtd_desc all_contexts = vtd_desc_context(VTD_INV_GLOBAL, 0, 0);
	const struct vtd_desc all = vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain);
	int ret;

	switch (FIELD_GET(VTD_DESC_TYPE, desc->lo)) {
	case VTD_DESC_CONTEXT:
		ret = reginval_context(iommu, desc) ?:
		      reginval_context(iommu, &all_contexts) ?:
		      reginval_doubtful(iommu, "context cache");
		return min(ret, 0);
	case VTD_DESC_IOTLB:
		ret = reginval_iotlb(iommu, desc) ?:
		      reginval_iotlb(iommu, &all) ?:
		      reginval_doubtful(iommu, "IOTLB");
		return min(ret, 0);
	default:
		/* Device TLBs need the queue */
		return -EOPNOTSUPP;
	}
}

/**
 * vtd_reginval_execute - execute descriptors through registers
 * @iommu: the unit
 * @desc: the descriptors, without a wait
 * @count: how many
 *
 * In order, each finished before the next; stops at the first error.  Interrupt
 * entries are forgotten all at once, by units with CAP.ESIRTPS only.
 *
 * Context: any; takes gate_lock, spins for four VTD_REG_TIMEOUT_US at most for
 * a descriptor that fails.
 * Return: 0, -EOPNOTSUPP for what registers cannot do, -ENODEV if the unit is
 * gone, -ETIMEDOUT.
 */
int vtd_reginval_execute(struct intel_iommu *iommu, const struct vtd_desc *desc,
			 unsigned int count)
{
	unsigned long flags;
	int ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++) {
		if (FIELD_GET(VTD_DESC_TYPE, desc[i].lo) == VTD_DESC_IEC) {
			ret = reginval_entries(iommu);
			continue;
		}
		if (!vtd_reginval_works(iommu))
			return -EOPNOTSUPP;
		raw_spin_lock_irqsave(&iommu->gate_lock, flags);
		ret = reginval_one(iommu, &desc[i]);
		raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
	}
	return ret;
}

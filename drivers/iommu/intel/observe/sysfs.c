// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/class/iommu/dmarN/intel-iommu/, see
 * Documentation/ABI/testing/sysfs-class-iommu-intel-iommu.  Programs parse
 * these files: the format of each is fixed.
 */
#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/sysfs.h>

#include "boot/start.h"
#include "context/did.h"
#include "hw/registers.h"
#include "observe/words.h"
#include "unit/fault.h"
#include "unit/unit.h"

/* The core sets the pointer just after the files appear */
static struct intel_iommu *unit_of(struct device *dev)
{
	struct iommu_device *handle = dev_get_drvdata(dev);

	return handle ? container_of(handle, struct intel_iommu, iommu) : NULL;
}

/* One file: @args after @fmt may use iommu */
#define UNIT_ATTR(name, fmt, ...)						\
static ssize_t name##_show(struct device *dev, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	struct intel_iommu *iommu = unit_of(dev);				\
										\
	return iommu ? sysfs_emit(buf, fmt "\n", __VA_ARGS__) : -ENODEV;	\
}										\
static DEVICE_ATTR_RO(name)

UNIT_ATTR(version, "%lu:%lu", FIELD_GET(VTD_VER_MAX, (unsigned long)iommu->version),
	  FIELD_GET(VTD_VER_MIN, (unsigned long)iommu->version));
UNIT_ATTR(address, "%llx", iommu->regs.phys);
UNIT_ATTR(cap, "%llx", iommu->cap);
UNIT_ATTR(ecap, "%llx", iommu->ecap);
UNIT_ATTR(domains_supported, "%u", iommu->caps.domain_ids);
UNIT_ATTR(domains_used, "%u", vtd_did_used(iommu));
UNIT_ATTR(width, "%u", iommu->caps.width);
UNIT_ATTR(page_sizes, "%s", vtd_words_pages(iommu));
UNIT_ATTR(coherent, "%d", iommu->caps.coherent);
UNIT_ATTR(state, "%s", vtd_words_state(iommu));

static ssize_t faults_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct intel_iommu *iommu = unit_of(dev);
	struct vtd_fault_counts counts = { 0 };

	if (!iommu)
		return -ENODEV;
	if (iommu->faults)
		vtd_faults_counts(iommu, &counts);
	return sysfs_emit(buf, "%llu %llu\n", counts.recorded, counts.lost);
}
static DEVICE_ATTR_RO(faults);

static struct attribute *unit_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_width.attr,
	&dev_attr_page_sizes.attr,
	&dev_attr_coherent.attr,
	&dev_attr_faults.attr,
	&dev_attr_address.attr,
	&dev_attr_version.attr,
	&dev_attr_domains_used.attr,
	&dev_attr_domains_supported.attr,
	&dev_attr_ecap.attr,
	&dev_attr_cap.attr,
	NULL,
};

static const struct attribute_group unit_group = {
	.name = "intel-iommu",
	.attrs = unit_attrs,
};

static const struct attribute_group *unit_groups[] = {
	&unit_group,
	NULL,
};

/* Before rootfs_initcall(), in which late init registers the units */
static int __init offer_groups(void)
{
	vtd_start_groups = unit_groups;
	return 0;
}
arch_initcall(offer_groups);

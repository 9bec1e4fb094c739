// SPDX-License-Identifier: GPL-2.0
/*
 * iommufd's page tables as objects, the way QEMU asks for them: what the unit is, a
 * table of one's own, kinds that this driver does not have.
 *
 *	vfio_tables iommufd BITS DEVICE DEVICE
 */
#include <errno.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define IOVA	0x40000000ull

static struct space space;
static struct user_device dev[2];
static struct user_device *const one = &dev[0], *const two = &dev[1];
static uint8_t *memory;

static uint64_t sysfs_hex(const char *name)
{
	char path[160], text[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu/intel-iommu/%s",
		 one->address, name);
	f = fopen(path, "r");
	if (!f || !fgets(text, sizeof(text), f))
		die(path);
	fclose(f);
	return strtoull(text, NULL, 16);
}

static void what_the_unit_is(unsigned int bits)
{
	struct iommu_hw_info_vtd vtd = { };
	struct iommu_hw_info info = {
		.size = sizeof(info), .dev_id = one->id, .data_len = sizeof(vtd),
		.data_uptr = (uintptr_t)&vtd,
	};
	int ret = ioctl(space.fd, IOMMU_GET_HW_INFO, &info);

	check(!ret && info.out_data_type == IOMMU_HW_INFO_TYPE_INTEL_VTD, "the unit is VT-d");
	check(vtd.cap_reg == sysfs_hex("cap") && vtd.ecap_reg == sysfs_hex("ecap"),
	      "cap and ecap are those in sysfs");
	check((vtd.cap_reg >> 16 & 63) + 1 == bits, "%u bits", bits);
	check(!(info.out_capabilities & IOMMU_HW_CAP_DIRTY_TRACKING),
	      "no dirty tracking is promised");
}

static int table(uint32_t flags, uint32_t *id)
{
	struct iommu_hwpt_alloc alloc = {
		.size = sizeof(alloc), .flags = flags, .dev_id = one->id, .pt_id = space.ioas,
	};

	if (ioctl(space.fd, IOMMU_HWPT_ALLOC, &alloc))
		return errno;
	*id = alloc.out_hwpt_id;
	return 0;
}

static int attach(struct user_device *dev, uint32_t id)
{
	struct vfio_device_attach_iommufd_pt to = { .argsz = sizeof(to), .pt_id = id };

	return ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &to) ? errno : 0;
}

static bool carries(struct user_device *dev)
{
	return edu_carries(dev, IOVA, memory, 0, 1);
}

static int destroy(uint32_t id)
{
	struct iommu_destroy gone = { .size = sizeof(gone), .id = id };

	return ioctl(space.fd, IOMMU_DESTROY, &gone) ? errno : 0;
}

int main(int argc, char **argv)
{
	uint32_t own = 0, none;
	int err;

	if (argc != 5)
		return 2;
	memory = scattered(2 * PAGE);
	if (!memory || space_open(&space, true) ||
	    device_pair(&space, dev, argv + 3, IOVA, memory, 2 * PAGE))
		die("attach and map");
	what_the_unit_is(strtoul(argv[2], NULL, 0));

	check(carries(one) && carries(two), "both devices on the space's own table");
	err = table(0, &own);
	check(!err, "a second table of the same space: %s", strerror(err));
	err = attach(one, own);
	check(!err, "a device moves to it: %s", strerror(err));
	check(carries(one), "it reaches what was mapped before");
	check(carries(two), "so does the other one, on the first");
	check(destroy(own) == EBUSY, "a table in use is not destroyed");

	/* A range is in all tables of a space */
	err = space_unmap(&space, IOVA, 2 * PAGE);
	check(!err && !carries(one) && !carries(two), "unmapped for both");
	err = space_map(&space, IOVA, memory, 2 * PAGE, MAY_BOTH);
	check(!err && carries(one) && carries(two), "mapped for both");
	err = attach(one, space.ioas);
	check(!err && carries(one), "back on the first: %s", strerror(err));
	check(!destroy(own), "now it is destroyed");

	check(table(IOMMU_HWPT_ALLOC_DIRTY_TRACKING, &none) == EOPNOTSUPP, "no dirty tracking");
	check(table(IOMMU_HWPT_ALLOC_NEST_PARENT, &none) == EOPNOTSUPP, "no nested tables");
	check(carries(one), "nothing was changed by that");
	device_close(one);
	device_close(two);
	return failures ? 1 : 0;
}

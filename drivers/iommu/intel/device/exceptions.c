// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters that name devices, and the question whether one is meant.  The
 * handlers run in parse_args() and only store.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/cache.h>
#include <linux/init.h>
#include <linux/pci.h>
#include <linux/printk.h>

#include "device/choice.h"
#include "device/exceptions.h"

static struct vtd_choices relaxed __ro_after_init;
static struct vtd_choices kept __ro_after_init;
static struct vtd_choices identity __ro_after_init;
static struct vtd_choices translate __ro_after_init;
static struct vtd_user_regions regions __ro_after_init;
static bool relax_all __ro_after_init;

static void __init exception_complain(const char *line)
{
	pr_warn("%s\n", line);
}

static int __init take_relaxed(char *text)
{
	vtd_choice_parse(&relaxed, "relax_rmrr", false, text, exception_complain);
	return 1;
}
__setup("intel_iommu.relax_rmrr=", take_relaxed);

static int __init take_kept(char *text)
{
	vtd_choice_parse(&kept, "keep_rmrr", false, text, exception_complain);
	return 1;
}
__setup("intel_iommu.keep_rmrr=", take_kept);

static int __init take_identity(char *text)
{
	vtd_choice_parse(&identity, "identity", true, text, exception_complain);
	return 1;
}
__setup("intel_iommu.identity=", take_identity);

static int __init take_translate(char *text)
{
	vtd_choice_parse(&translate, "translate", true, text, exception_complain);
	return 1;
}
__setup("intel_iommu.translate=", take_translate);

static int __init take_regions(char *text)
{
	vtd_choice_parse_regions(&regions, text, exception_complain);
	return 1;
}
__setup("intel_iommu.rmrr=", take_regions);

static bool exception_device(struct pci_dev *pdev, struct vtd_choice *what)
{
	/* VMD numbers its domains from 0x10000; no entry can mean these */
	if (pci_domain_nr(pdev->bus) > U16_MAX)
		return false;
	what->segment = pci_domain_nr(pdev->bus);
	what->rid = pci_dev_id(pdev);
	what->vendor = pdev->vendor;
	what->device = pdev->device;
	what->class = pdev->class;
	return true;
}

static bool exception_names(const struct vtd_choices *list, struct device *dev)
{
	struct vtd_choice what = { };

	if (!list->count || !dev_is_pci(dev))
		return false;
	return exception_device(to_pci_dev(dev), &what) && vtd_choice_match(list, &what);
}

static void __init exception_check(const char *name, const struct vtd_choice *c)
{
	struct vtd_choice what = { };
	struct pci_dev *pdev = NULL;
	char text[VTD_CHOICE_TEXT];

	for_each_pci_dev(pdev) {
		if (exception_device(pdev, &what) && vtd_choice_is(c, &what)) {
			pci_dev_put(pdev);
			return;
		}
	}
	vtd_choice_text(c, text, sizeof(text));
	pr_warn("intel_iommu.%s=: no device here is %s; it counts only for one that comes later\n",
		name, text);
}

static void __init exception_check_list(const char *name, const struct vtd_choices *list)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		exception_check(name, &list->choice[i]);
}

/**
 * vtd_exceptions_check - name the entries that mean no device of this machine
 *
 * A wrong number in an address is well-formed.
 *
 * Context: late init, PCI has been enumerated.
 */
void __init vtd_exceptions_check(void)
{
	unsigned int i;

	exception_check_list("relax_rmrr", &relaxed);
	exception_check_list("keep_rmrr", &kept);
	exception_check_list("identity", &identity);
	exception_check_list("translate", &translate);
	for (i = 0; i < regions.count; i++)
		exception_check("rmrr", &(struct vtd_choice) {
			.kind = VTD_CHOICE_ADDRESS,
			.segment = regions.region[i].segment,
			.rid = regions.region[i].rid,
		});
}

/**
 * vtd_exception_relax_all - intel_iommu=relax_rmrr was given
 *
 * Context: parse_args().
 */
void __init vtd_exception_relax_all(void)
{
	relax_all = true;
}

/**
 * vtd_exception_relaxed - are a device's reserved regions to be relaxed
 * @dev: device
 */
bool vtd_exception_relaxed(struct device *dev)
{
	return relax_all || exception_names(&relaxed, dev);
}

/**
 * vtd_exception_kept - are a device's reserved regions to stay in every domain
 * @dev: device
 *
 * Counts before vtd_exception_relaxed().
 */
bool vtd_exception_kept(struct device *dev)
{
	return exception_names(&kept, dev);
}

/**
 * vtd_exception_identity - shall a device have physical addresses
 * @dev: device
 */
bool vtd_exception_identity(struct device *dev)
{
	return exception_names(&identity, dev);
}

/**
 * vtd_exception_translate - shall a device be translated
 * @dev: device
 */
bool vtd_exception_translate(struct device *dev)
{
	return exception_names(&translate, dev);
}

/**
 * vtd_exception_regions - regions that the command line adds
 * @list: set to the first of them
 *
 * Return: how many there are.
 */
unsigned int vtd_exception_regions(const struct vtd_user_region **list)
{
	*list = regions.region;
	return regions.count;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters themselves.  Both handlers run in parse_args(), so they only
 * store; the variables stay for hotplug and for the status files.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/cache.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>

#include "boot/options.h"
#include "device/exceptions.h"

static struct vtd_options options __ro_after_init;
static struct vtd_overrides overrides __ro_after_init;
static bool core_strict __ro_after_init = IS_ENABLED(CONFIG_IOMMU_DEFAULT_DMA_STRICT);
static bool core_strict_given __ro_after_init;

static void __init complain(const char *line)
{
	pr_warn("%s\n", line);
}

static void __init confirm(const char *line)
{
	pr_info("%s\n", line);
}

static int __init take_words(char *text)
{
	const struct vtd_options old = options;

	vtd_options_parse(&options, text, complain);
	vtd_options_confirm(&old, &options, confirm);
	if (options.relax_rmrr)
		vtd_exception_relax_all();
	return 1;
}
__setup("intel_iommu=", take_words);

static int __init take_units(char *text)
{
	vtd_options_parse_drhd(&overrides, text, complain);
	return 1;
}
__setup("intel_iommu.drhd=", take_units);

/*
 * The core keeps its choice to itself and acts on this parameter too; it is
 * read here as well so that the summary can be true.
 */
static int __init note_core_strict(char *text)
{
	bool strict;

	if (text && !kstrtobool(text, &strict)) {
		core_strict = strict;
		core_strict_given = true;
	}
	return 0;
}
early_param("iommu.strict", note_core_strict);

/**
 * vtd_options - words of intel_iommu= that the command line has
 *
 * Context: any, from parse_args() on.
 */
const struct vtd_options *vtd_options(void)
{
	return &options;
}

/**
 * vtd_options_overrides - units that the command line declares
 * @list: set to the first of them
 *
 * Context: any, from parse_args() on.
 * Return: how many there are; 0 when firmware's table is to be used.
 */
unsigned int vtd_options_overrides(const struct dmar_override **list)
{
	*list = overrides.unit;
	return overrides.count;
}

/**
 * vtd_options_core_strict - the core was told or built to flush at once
 * @given: set to whether it was told (iommu.strict=)
 *
 * Does not know of iommu_set_dma_strict(), which only policy makes us call.
 *
 * Context: any, from parse_early_param() on.
 */
bool vtd_options_core_strict(bool *given)
{
	*given = core_strict_given;
	return core_strict;
}

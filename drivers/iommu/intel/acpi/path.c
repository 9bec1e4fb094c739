// SPDX-License-Identifier: GPL-2.0
/* Paths of device scopes (specification section 8.3.1).  Pure. */
#include <linux/errno.h>

#include "acpi/path.h"

/**
 * vtd_path_resolve - where a path leads
 * @scope: the path: a bus number, then a device and function for each hop
 * @secondary: tells which bus is behind a bridge
 * @context: handed to @secondary
 * @bus: bus of the last hop
 * @devfn: device and function of the last hop
 *
 * Each hop must lead to a higher bus, as PCI numbers them; so a loop of
 * bridges cannot be followed.
 *
 * Return: 0; what @secondary returned for a bridge that is not there;
 * -EINVAL for a path without hops, too long or leading back.
 */
int vtd_path_resolve(const struct dmar_dev_scope *scope, vtd_secondary_fn secondary,
		     void *context, u8 *bus, u8 *devfn)
{
	unsigned int i;
	int here = scope->bus;

	if (!scope->depth || scope->depth > VTD_PATH_MAX)
		return -EINVAL;
	for (i = 0; i + 1 < scope->depth; i++) {
		int next = secondary(context, here, scope->path[i]);

		if (next < 0)
			return next;
		if (next <= here || next > 255)
			return -EINVAL;
		here = next;
	}
	*bus = here;
	*devfn = scope->path[i];
	return 0;
}

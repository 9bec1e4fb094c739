/* SPDX-License-Identifier: GPL-2.0 */
/* Single devices that the command line treats in their own way. */
#ifndef VTD_DEVICE_EXCEPTIONS_H
#define VTD_DEVICE_EXCEPTIONS_H

#include <linux/types.h>

struct device;
struct vtd_user_region;

void vtd_exception_relax_all(void);
bool vtd_exception_relaxed(struct device *dev);
bool vtd_exception_kept(struct device *dev);
bool vtd_exception_identity(struct device *dev);
bool vtd_exception_translate(struct device *dev);
void vtd_exceptions_check(void);
unsigned int vtd_exception_regions(const struct vtd_user_region **list);

#endif /* VTD_DEVICE_EXCEPTIONS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The devices that one structure names. */
#ifndef VTD_ACPI_SCOPE_H
#define VTD_ACPI_SCOPE_H

#include <linux/types.h>

#include "acpi/path.h"

struct device;
struct pci_dev;
struct vtd_scope_cursor;

/**
 * struct dmar_scopes - the device scopes of a structure
 * @count: how many
 * @cut: firmware names more, but they cannot be read
 * @scope: array of @count
 */
struct dmar_scopes {
	unsigned int count;
	bool cut;
	struct dmar_dev_scope *scope;
};

int dmar_alloc_dev_scope(const struct vtd_scope_cursor *cursor, u16 segment,
			 struct dmar_scopes *scopes);
bool vtd_scopes_same(const struct vtd_scope_cursor *cursor,
		     const struct dmar_scopes *scopes);
void vtd_scopes_free(struct dmar_scopes *scopes);

/* A device comes, goes; context: the lists are locked for writing */
void dmar_insert_dev_scope(const struct dmar_scopes *scopes, u16 segment,
			   struct pci_dev *pdev, const char *what);
unsigned int vtd_scopes_remove(const struct dmar_scopes *scopes, struct device *dev);
void vtd_scopes_forget(const struct dmar_scopes *scopes);

#endif /* VTD_ACPI_SCOPE_H */

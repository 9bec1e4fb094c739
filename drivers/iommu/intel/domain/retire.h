/* SPDX-License-Identifier: GPL-2.0 */
/* From unlinked tables to the allocator. */
#ifndef VTD_DOMAIN_RETIRE_H
#define VTD_DOMAIN_RETIRE_H

struct dmar_domain;
struct list_head;
struct vtd_flush;

void vtd_retire_later(struct dmar_domain *d, struct list_head *retired);
void vtd_retire_lazy(struct dmar_domain *d, const struct vtd_flush *flush);
void vtd_retire_tables(struct dmar_domain *d, const struct vtd_flush *flush,
		       struct list_head *retired);

#endif /* VTD_DOMAIN_RETIRE_H */

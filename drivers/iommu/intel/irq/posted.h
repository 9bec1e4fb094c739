/* SPDX-License-Identifier: GPL-2.0 */
/* Posted interrupts: can they be had, and the entry of one that is the host's. */
#ifndef VTD_IRQ_POSTED_H
#define VTD_IRQ_POSTED_H

#include <linux/types.h>

struct irq_data;
struct vtd_ir_source;
struct vtd_irte;

bool vtd_ir_can_post(void);
bool vtd_ir_posted_here(bool message);
void vtd_ir_posted_host(struct irq_data *data, const struct vtd_ir_source *source,
			struct vtd_irte *entry);

#endif /* VTD_IRQ_POSTED_H */

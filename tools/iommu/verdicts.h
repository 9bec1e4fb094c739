/* SPDX-License-Identifier: GPL-2.0 */
/* What the second line of a fault means, which this project's driver prints.  Pure. */
#ifndef VTD_VERDICTS_H
#define VTD_VERDICTS_H

#include "explanations.h"

/**
 * struct verdict - one verdict of the driver (unit/fault_text.c)
 * @says: how it ends the line
 * @weight: how bad it is
 * @means: in words, as in the administrator's guide
 * @first: what to do first, as there
 */
struct verdict {
	const char *says;
	enum weight weight;
	const char *means;
	const char *first;
};

const struct verdict *verdict_of_line(const char *line);

#endif /* VTD_VERDICTS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What lines of the log mean.  Pure.  How to add one: README.rst. */
#ifndef VTD_EXPLANATIONS_H
#define VTD_EXPLANATIONS_H

#include <linux/types.h>

#include "faultline.h"

/* How bad it is */
enum weight { WEIGHT_HARMLESS, WEIGHT_LOOK, WEIGHT_BAD };

/**
 * struct explanation - one kind of line
 * @key: for programs; does not change
 * @words: parts that a line must have, in this order, NULL behind the last
 * @weight: how bad it is
 * @means: in words
 * @first: what to try first
 */
struct explanation {
	const char *key;
	const char *words[3];
	enum weight weight;
	const char *means;
	const char *first;
};

const struct explanation *explain_line(const char *line);
void explain_fault(const struct fault_line *f, struct explanation *e);

#endif /* VTD_EXPLANATIONS_H */

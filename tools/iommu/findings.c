// SPDX-License-Identifier: GPL-2.0
/* Collects what the lines of a log mean.  Pure. */
#include <stdio.h>
#include <string.h>

#include "findings.h"
#include "verdicts.h"

static bool same_device(const struct finding *a, const struct finding *b)
{
	if (a->has_device != b->has_device)
		return false;
	return !a->has_device ||
	       (a->segment == b->segment && a->bus == b->bus && a->devfn == b->devfn);
}

static bool same(const struct finding *a, const struct finding *b)
{
	if (strcmp(a->what.key, b->what.key) || a->is_fault != b->is_fault || !same_device(a, b))
		return false;
	/* Verdicts of one meaning are of one row of the table */
	if (strcmp(a->what.means, b->what.means))
		return false;
	return !a->is_fault || (a->fault.reason == b->fault.reason &&
				a->fault.write == b->fault.write);
}

static void add(struct findings *f, const struct finding *new)
{
	unsigned int i;

	for (i = 0; i < f->count; i++) {
		struct finding *old = &f->finding[i];

		if (!same(old, new))
			continue;
		old->count++;
		if (new->low < old->low)
			old->low = new->low;
		if (new->high > old->high)
			old->high = new->high;
		return;
	}
	if (f->count < FINDINGS_MAX)
		f->finding[f->count++] = *new;
	else
		f->dropped++;
}

static void add_fault(struct findings *f, const struct fault_line *fault, const char *line)
{
	struct finding new = {
		.is_fault = true, .fault = *fault, .has_device = fault->has_device,
		.segment = fault->segment, .bus = fault->bus, .devfn = fault->devfn,
		.count = 1, .low = fault->address, .high = fault->address,
	};

	explain_fault(fault, &new.what);
	snprintf(new.line, sizeof(new.line), "%s", line);
	if (fault->has_reason) {
		f->waiting = new;
		f->has_waiting = true;
	} else {
		add(f, &new);
	}
}

static void judge(struct finding *finding, const struct verdict *v)
{
	finding->verdict = v->says;
	finding->what.weight = v->weight;
	finding->what.means = v->means;
	finding->what.first = v->first;
}

static void end_waiting(struct findings *f)
{
	if (f->has_waiting)
		add(f, &f->waiting);
	f->has_waiting = false;
}

/* The second line of a fault; lines of others may stand between the two */
static bool take_verdict(struct findings *f, const char *line)
{
	const struct verdict *v = verdict_of_line(line);
	struct finding new = { .count = 1 };

	if (!v)
		return false;
	if (f->has_waiting) {
		judge(&f->waiting, v);
		end_waiting(f);
		return true;
	}
	/* Of a log that begins between the two */
	new.what.key = strstr(line, "interrupt refused") ? "interrupt-refused" : "dma-refused";
	judge(&new, v);
	new.has_device = fault_line_device(line, &new.segment, &new.bus, &new.devfn);
	snprintf(new.line, sizeof(new.line), "%s", line);
	add(f, &new);
	return true;
}

/* A device whose reason never came */
static void end_pending(struct findings *f)
{
	if (!f->has_pending)
		return;
	f->has_pending = false;
	add_fault(f, &f->pending, "");
}

/* Older kernels: the device in one line, the reason in the next */
static bool take_fault(struct findings *f, const char *line)
{
	struct fault_line fault;

	if (!fault_line_parse(&fault, line))
		return false;
	end_waiting(f);
	if (fault.has_device && !fault.has_reason) {
		end_pending(f);
		f->pending = fault;
		f->has_pending = true;
		return true;
	}
	if (!fault.has_device && f->has_pending) {
		f->pending.has_reason = true;
		f->pending.reason = fault.reason;
		fault = f->pending;
		f->has_pending = false;
	}
	add_fault(f, &fault, line);
	return true;
}

/**
 * findings_line - the next line of a log
 * @f: the findings
 * @line: any text without newline
 */
void findings_line(struct findings *f, const char *line)
{
	const struct explanation *e;
	struct finding new = { .count = 1 };

	f->lines++;
	if (take_verdict(f, line) || take_fault(f, line))
		return;
	e = explain_line(line);
	if (!e)
		return;
	new.what = *e;
	new.has_device = fault_line_device(line, &new.segment, &new.bus, &new.devfn);
	snprintf(new.line, sizeof(new.line), "%s", line);
	add(f, &new);
}

/**
 * findings_end - there are no more lines
 * @f: the findings
 */
void findings_end(struct findings *f)
{
	end_pending(f);
	end_waiting(f);
}

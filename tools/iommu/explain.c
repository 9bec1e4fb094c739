// SPDX-License-Identifier: GPL-2.0
/* vtd explain: what a kernel log says about DMA remapping, in words. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "findings.h"
#include "pci.h"
#include "report.h"
#include "unit/fault_text.h"
#include "vtd.h"

/* A longer line is cut; no driver prints one */
#define LINE_ROOM	2048
#define KMSG_ROOM	8192

static struct findings findings;

/* Bytes of a line so far; the rest of a long one is passed over */
struct line {
	char text[LINE_ROOM];
	size_t length;
};

static void take_byte(struct line *l, int byte)
{
	if (byte == '\n') {
		l->text[l->length] = 0;
		findings_line(&findings, l->text);
		l->length = 0;
	} else if (l->length + 1 < sizeof(l->text)) {
		l->text[l->length++] = byte ? byte : ' ';
	}
}

static void read_stream(FILE *in)
{
	static struct line l;
	int byte;

	while ((byte = getc(in)) != EOF)
		take_byte(&l, byte);
	if (l.length)
		take_byte(&l, '\n');
	findings_end(&findings);
}

/* Each read is a record: numbers, a semicolon, the text, and lines of properties */
static bool read_kernel(void)
{
	static char record[KMSG_ROOM];
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	char *text;
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = 0;
		text = strchr(record, ';');
		if (!text)
			continue;
		text[strcspn(text, "\n")] = 0;
		findings_line(&findings, text + 1);
	}
	close(fd);
	findings_end(&findings);
	return true;
}

static bool read_log(const struct choices *c)
{
	FILE *in;

	if (!c->argument)
		return read_kernel();
	if (!strcmp(c->argument, "-")) {
		read_stream(stdin);
		return true;
	}
	in = fopen(c->argument, "rb");
	if (!in)
		return false;
	read_stream(in);
	fclose(in);
	return true;
}

/* "00:1f.2 SATA controller: ..." of lspci, for a log of another machine */
static bool words_of_lspci(const char *lspci, const struct finding *f, char *buf, size_t size)
{
	const char *line;
	u32 segment;
	u8 bus, devfn;
	size_t skip;
	char address[32];

	for (line = lspci; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		skip = strcspn(line, "\n ");
		if (skip >= sizeof(address) || line[skip] != ' ')
			continue;
		snprintf(address, sizeof(address), "%.*s", (int)skip, line);
		if (!pci_parse(address, &segment, &bus, &devfn) || segment != f->segment ||
		    bus != f->bus || devfn != f->devfn)
			continue;
		snprintf(buf, size, "%.*s", (int)strcspn(line + skip + 1, "\n"),
			 line + skip + 1);
		return true;
	}
	return false;
}

/* A device that is not there, beside one that is, uses the wrong address */
static void words_of_absent(const struct pci *pci, const struct finding *f, char *buf,
			    size_t size)
{
	const struct pci_function *first = pci_find(pci, f->segment, f->bus, f->devfn & ~7);

	if (!pci->count)
		buf[0] = 0;
	else if (f->devfn & 7 && first)
		snprintf(buf, size, "not on this machine, but %s (%s, %04x:%04x) is: it may use an address that is not its own",
			 first->name, pci_kind(first->class), first->vendor, first->device);
	else
		snprintf(buf, size, "not on this machine");
}

static void words_of_device(const struct pci *pci, const char *lspci, const struct finding *f,
			    char *buf, size_t size)
{
	const struct pci_function *p = pci_find(pci, f->segment, f->bus, f->devfn);

	if (lspci) {
		if (!words_of_lspci(lspci, f, buf, size))
			snprintf(buf, size, "not in that list");
	} else if (p) {
		snprintf(buf, size, "%s, %04x:%04x, driver %s", pci_kind(p->class), p->vendor,
			 p->device, p->driver[0] ? p->driver : "none");
	} else {
		words_of_absent(pci, f, buf, size);
	}
}

static void tell_fault(struct report *r, const struct finding *f)
{
	if (f->fault.has_reason) {
		report_item(r, "    reason 0x%02x: %s", f->fault.reason,
			    vtd_fault_reason(f->fault.reason));
		report_number(r, "reason", f->fault.reason);
	} else {
		report_item(r, "    the line with the reason is not there");
	}
	report_item(r, f->low == f->high ? "    %s 0x%llx" : "    %s 0x%llx to 0x%llx",
		    f->fault.interrupt ? "entry" : f->fault.write ? "write to" : "read of",
		    (unsigned long long)f->low, (unsigned long long)f->high);
	report_hex(r, "low", f->low);
	report_hex(r, "high", f->high);
}

static void tell(struct report *r, const struct finding *f, const struct pci *pci,
		 const char *lspci)
{
	char address[32] = "", words[256] = "";

	if (f->has_device) {
		snprintf(address, sizeof(address), "%04x:%02x:%02x.%x", f->segment, f->bus,
			 f->devfn >> 3, f->devfn & 7);
		words_of_device(pci, lspci, f, words, sizeof(words));
	}
	report_item(r, "%lu x %s%s%s%s%s%s", f->count, address, words[0] ? " (" : "", words,
		    words[0] ? ")" : "", address[0] ? ": " : "", f->what.means);
	report_text(r, "key", f->what.key);
	report_number(r, "count", f->count);
	report_text(r, "device", f->has_device ? address : NULL);
	report_text(r, "device_words", words);
	report_text(r, "weight", f->what.weight == WEIGHT_HARMLESS ? "harmless" :
				 f->what.weight == WEIGHT_LOOK ? "look" : "bad");
	report_text(r, "first", f->what.first);
	report_text(r, "line", f->line);
	report_text(r, "verdict", f->verdict);
	if (f->is_fault)
		tell_fault(r, f);
	else
		report_item(r, "    said: %.160s", f->line);
	if (f->is_fault && f->verdict)
		report_item(r, "    the driver's verdict: %s", f->verdict);
	report_item(r, "    try first: %s", f->what.first);
	if (f->what.weight != WEIGHT_HARMLESS)
		report_status(r, VTD_EXIT_ATTENTION);
}

static void tell_all(struct report *r, const struct pci *pci, const char *lspci)
{
	int weight;
	unsigned int i;

	report_section(r, "findings", "What the log says");
	for (weight = WEIGHT_BAD; weight >= WEIGHT_HARMLESS; weight--)
		for (i = 0; i < findings.count; i++)
			if (findings.finding[i].what.weight == weight)
				tell(r, &findings.finding[i], pci, lspci);
	if (!findings.count)
		report_item(r, "nothing to explain in %lu lines", findings.lines);
	if (findings.dropped)
		report_item(r, "%lu more lines of kinds and devices for which there was no room",
			    findings.dropped);
	report_section(r, "unknown", "What this program cannot know");
	report_item(r, "what the kernel's rate limit swallowed, and what the device meant to do");
	report_number(r, "lines", findings.lines);
}

/**
 * vtd_explain - the command
 * @c: what was asked for; the argument is a log, "-" standard input, none the
 *	running kernel's
 *
 * Return: exit status, VTD_EXIT_*.
 */
int vtd_explain(const struct choices *c)
{
	char *lspci = NULL;
	struct report r;
	struct pci pci;
	size_t size;

	if (!read_log(c)) {
		fprintf(stderr, "vtd: %s: %s%s\n", c->argument ? c->argument : "/dev/kmsg",
			strerror(errno), c->argument ? "" : "; try: journalctl -k | vtd explain -");
		return VTD_EXIT_UNKNOWN;
	}
	if (c->lspci) {
		lspci = source_file(c->lspci, &size);
		if (!lspci) {
			fprintf(stderr, "vtd: %s: %s\n", c->lspci, strerror(errno));
			return VTD_EXIT_UNKNOWN;
		}
	}
	pci_read(&pci, &c->source);
	report_begin(&r, stdout, c->json, "explain");
	tell_all(&r, &pci, lspci);
	pci_free(&pci);
	free(lspci);
	return report_end(&r);
}

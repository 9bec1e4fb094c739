/* SPDX-License-Identifier: GPL-2.0 */
/* QEMU's edu device as an engine that does DMA to any address one names. */
#ifndef VTD_EDU_H
#define VTD_EDU_H

#include <linux/atomic.h>
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/types.h>

/*
 * What one DMA carries.  The buffer inside the device has 4096 bytes, but QEMU
 * before 8.2 takes a DMA that ends with the last of them for an overrun.
 */
#define EDU_LEN 4080

/* One page of the caller's memory that the device must or must not change. */
struct edu_page {
	struct page *page;
	u8 *va;
	phys_addr_t pa;
};

struct edu {
	struct pci_dev *pdev;
	void __iomem *bar;
	int index;
	struct edu_page held;	/* for who uses edu_hold() */
	dma_addr_t held_at;
	atomic_t arrived;	/* interrupts since the last edu_raise() */
};

/* The text a sub-test leaves, read back through debugfs. */
struct edu_result {
	char text[512];
	size_t len;
	bool failed;
	bool skipped;
};

struct edu_test {
	const char *name;
	void (*run)(struct edu *edu, struct edu_result *res, u64 arg);
};

extern const struct edu_test edu_basic_tests[];
extern const struct edu_test edu_reach_tests[];
extern const struct edu_test edu_direct_tests[];
extern const struct edu_test edu_irq_tests[];

struct edu *edu_by_index(int index);

int edu_to_device(struct edu *edu, dma_addr_t from, u32 len);
int edu_from_device(struct edu *edu, dma_addr_t to, u32 len);

/* Load a known pattern into the device's buffer, through a mapping. */
int edu_load(struct edu *edu, u8 seed);

/* Load one word at the start of it. */
int edu_load_word(struct edu *edu, u32 word);

void edu_pattern(u8 *buf, u8 seed, size_t len);
bool edu_is_pattern(const u8 *buf, u8 seed, size_t len);

int edu_page_get(struct edu_page *p, gfp_t gfp, u8 seed);
void edu_page_put(struct edu_page *p);

/* True when no translation stands between the device and memory. */
bool edu_is_direct(struct edu *edu);
bool edu_is_mapped(struct edu *edu, dma_addr_t addr);

/*
 * What a report looks at a moment later stays as it is until "settle", or until the
 * next test: @release undoes it then, and says there what is wrong.
 */
void edu_hold(struct edu *edu, void (*release)(struct edu *edu, struct edu_result *res));

void __printf(2, 3) edu_say(struct edu_result *res, const char *fmt, ...);
void __printf(2, 3) edu_fail(struct edu_result *res, const char *fmt, ...);
void __printf(2, 3) edu_skip(struct edu_result *res, const char *fmt, ...);

#endif

// SPDX-License-Identifier: GPL-2.0
/*
 * Driver for QEMU's edu device that proves what an IOMMU does.
 *
 * /sys/kernel/debug/vtd_edu/run takes "test[ device[ argument]]", runs the test
 * to its end, and gives the result when read: "ok test: ...", "not ok test: ..."
 * or "skip test: ...".  "list" names the tests, "settle" ends what the last one left
 * for a report to look at.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "edu.h"

#define EDU_BUFFER	0x40000
#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_CMD_START	BIT(0)
#define EDU_CMD_TO_RAM	BIT(1)

/* The device starts 100 ms of guest time later; an emulator may be slow. */
#define EDU_TIMEOUT	(30 * HZ)
#define EDU_MAX		8

static struct edu *edus[EDU_MAX];
static void (*edu_release)(struct edu *edu, struct edu_result *res);
static struct edu *edu_holder;
static DEFINE_MUTEX(edu_lock);
static struct edu_result edu_last;
static struct dentry *edu_dir;

struct edu *edu_by_index(int index)
{
	return index >= 0 && index < EDU_MAX ? edus[index] : NULL;
}

static int edu_dma(struct edu *edu, u64 src, u64 dst, u32 len, u64 dir)
{
	unsigned long end = jiffies + EDU_TIMEOUT;

	if (len > EDU_LEN)
		return -EINVAL;
	writeq(src, edu->bar + EDU_DMA_SRC);
	writeq(dst, edu->bar + EDU_DMA_DST);
	writeq(len, edu->bar + EDU_DMA_COUNT);
	writeq(EDU_CMD_START | dir, edu->bar + EDU_DMA_CMD);
	while (readq(edu->bar + EDU_DMA_CMD) & EDU_CMD_START) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		msleep(20);
	}
	return 0;
}

int edu_to_device(struct edu *edu, dma_addr_t from, u32 len)
{
	return edu_dma(edu, from, EDU_BUFFER, len, 0);
}

int edu_from_device(struct edu *edu, dma_addr_t to, u32 len)
{
	return edu_dma(edu, EDU_BUFFER, to, len, EDU_CMD_TO_RAM);
}

void edu_pattern(u8 *buf, u8 seed, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = seed + i * 7 + (i >> 8);
}

bool edu_is_pattern(const u8 *buf, u8 seed, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (buf[i] != (u8)(seed + i * 7 + (i >> 8)))
			return false;
	}
	return true;
}

static int edu_load_from(struct edu *edu, void (*fill)(u8 *va, u32 arg), u32 arg, u32 len)
{
	struct device *dev = &edu->pdev->dev;
	dma_addr_t addr;
	int ret;
	u8 *va;

	va = dma_alloc_coherent(dev, len, &addr, GFP_KERNEL);
	if (!va)
		return -ENOMEM;
	fill(va, arg);
	ret = edu_to_device(edu, addr, len);
	dma_free_coherent(dev, len, va, addr);
	return ret;
}

static void edu_fill_pattern(u8 *va, u32 seed)
{
	edu_pattern(va, seed, EDU_LEN);
}

int edu_load(struct edu *edu, u8 seed)
{
	return edu_load_from(edu, edu_fill_pattern, seed, EDU_LEN);
}

static void edu_fill_word(u8 *va, u32 word)
{
	memcpy(va, &word, sizeof(word));
}

int edu_load_word(struct edu *edu, u32 word)
{
	return edu_load_from(edu, edu_fill_word, word, sizeof(word));
}

int edu_page_get(struct edu_page *p, gfp_t gfp, u8 seed)
{
	p->page = alloc_page(GFP_KERNEL | gfp);
	if (!p->page)
		return -ENOMEM;
	p->va = page_address(p->page);
	p->pa = page_to_phys(p->page);
	edu_pattern(p->va, seed, EDU_LEN);
	return 0;
}

void edu_page_put(struct edu_page *p)
{
	if (p->page)
		__free_page(p->page);
	p->page = NULL;
}

bool edu_is_direct(struct edu *edu)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(&edu->pdev->dev);

	return !domain || domain->type == IOMMU_DOMAIN_IDENTITY;
}

bool edu_is_mapped(struct edu *edu, dma_addr_t addr)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(&edu->pdev->dev);

	return !domain || iommu_iova_to_phys(domain, addr);
}

static void edu_vsay(struct edu_result *res, const char *fmt, va_list args)
{
	if (res->len)
		res->len += scnprintf(res->text + res->len,
				      sizeof(res->text) - res->len, "; ");
	res->len += vscnprintf(res->text + res->len,
			       sizeof(res->text) - res->len, fmt, args);
}

void edu_say(struct edu_result *res, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	edu_vsay(res, fmt, args);
	va_end(args);
}

void edu_fail(struct edu_result *res, const char *fmt, ...)
{
	va_list args;

	res->failed = true;
	va_start(args, fmt);
	edu_vsay(res, fmt, args);
	va_end(args);
}

void edu_skip(struct edu_result *res, const char *fmt, ...)
{
	va_list args;

	res->skipped = true;
	va_start(args, fmt);
	edu_vsay(res, fmt, args);
	va_end(args);
}

static void edu_list(struct edu_result *res)
{
	const struct edu_test *t;

	for (t = edu_basic_tests; t->name; t++)
		edu_say(res, "%s", t->name);
	for (t = edu_reach_tests; t->name; t++)
		edu_say(res, "%s", t->name);
	for (t = edu_direct_tests; t->name; t++)
		edu_say(res, "%s", t->name);
	for (t = edu_irq_tests; t->name; t++)
		edu_say(res, "%s", t->name);
}

static const struct edu_test *edu_find(const char *name)
{
	const struct edu_test *t;

	for (t = edu_basic_tests; t->name; t++) {
		if (!strcmp(t->name, name))
			return t;
	}
	for (t = edu_reach_tests; t->name; t++) {
		if (!strcmp(t->name, name))
			return t;
	}
	for (t = edu_direct_tests; t->name; t++) {
		if (!strcmp(t->name, name))
			return t;
	}
	for (t = edu_irq_tests; t->name; t++) {
		if (!strcmp(t->name, name))
			return t;
	}
	return NULL;
}

void edu_hold(struct edu *edu, void (*release)(struct edu *edu, struct edu_result *res))
{
	edu_holder = edu;
	edu_release = release;
}

static void edu_settle(struct edu_result *res)
{
	if (edu_release)
		edu_release(edu_holder, res);
	edu_release = NULL;
}

static void edu_run(const char *name, int index, u64 arg)
{
	struct edu_result *res = &edu_last;
	const struct edu_test *t = edu_find(name);
	struct edu *edu = edu_by_index(index);

	memset(res, 0, sizeof(*res));
	edu_settle(res);
	if (!strcmp(name, "settle") || res->failed)
		return;
	if (!strcmp(name, "list"))
		edu_list(res);
	else if (!edu)
		edu_skip(res, "no edu device %d", index);
	else if (!t)
		edu_fail(res, "no such test");
	else
		t->run(edu, res, arg);
}

static ssize_t edu_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *pos)
{
	char line[64] = "", name[32] = "";
	char text[sizeof(edu_last.text)];
	const char *word;
	u64 arg = 0;
	int index = 0;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	if (sscanf(line, "%31s %d %lli", name, &index, (long long *)&arg) < 1)
		return -EINVAL;

	mutex_lock(&edu_lock);
	edu_run(name, index, arg);
	word = edu_last.failed ? "not ok" : edu_last.skipped ? "skip" : "ok";
	strscpy(text, edu_last.text, sizeof(text));
	edu_last.len = scnprintf(edu_last.text, sizeof(edu_last.text),
				 "%s %s: %s\n", word, name, text);
	pr_info("%s", edu_last.text);
	mutex_unlock(&edu_lock);
	return count;
}

static ssize_t edu_read(struct file *file, char __user *buf, size_t count,
			loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&edu_lock);
	ret = simple_read_from_buffer(buf, count, pos, edu_last.text,
				      edu_last.len);
	mutex_unlock(&edu_lock);
	return ret;
}

static const struct file_operations edu_fops = {
	.owner = THIS_MODULE,
	.read = edu_read,
	.write = edu_write,
	.llseek = default_llseek,
};

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu;
	int i, ret;

	for (i = 0; i < EDU_MAX && edus[i]; i++)
		;
	if (i == EDU_MAX)
		return -ENOSPC;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	edu = devm_kzalloc(&pdev->dev, sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	edu->bar = pcim_iomap(pdev, 0, 0);
	if (!edu->bar)
		return -ENOMEM;
	pci_set_master(pdev);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);
	edu->pdev = pdev;
	edu->index = i;
	mutex_lock(&edu_lock);
	edus[i] = edu;
	mutex_unlock(&edu_lock);
	pci_set_drvdata(pdev, edu);
	pci_info(pdev, "edu device %d\n", i);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	mutex_lock(&edu_lock);
	if (edu_holder == edu)
		edu_settle(&edu_last);
	edus[edu->index] = NULL;
	mutex_unlock(&edu_lock);
}

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name = "vtd_edu",
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
	/* A test takes the group for itself, which only such a driver may */
	.driver_managed_dma = true,
};

static int __init edu_init(void)
{
	int ret = pci_register_driver(&edu_driver);

	if (ret)
		return ret;
	edu_dir = debugfs_create_dir("vtd_edu", NULL);
	debugfs_create_file("run", 0600, edu_dir, NULL, &edu_fops);
	return 0;
}
module_init(edu_init);

static void __exit edu_exit(void)
{
	debugfs_remove_recursive(edu_dir);
	pci_unregister_driver(&edu_driver);
}
module_exit(edu_exit);

MODULE_DESCRIPTION("DMA tests with QEMU's edu device");
MODULE_LICENSE("GPL");

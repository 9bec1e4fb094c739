// SPDX-License-Identifier: GPL-2.0
/*
 * Driver for vtdtest, the endpoint of tools/testing/qemu, that lets it ask for pages: what
 * comes of a request, of one that nobody answers, of a flood, of a reset meanwhile.
 *
 * /sys/kernel/debug/vtd_pages takes the name of a test, runs it to its end, and gives the
 * result when read: "ok: ..." or "not ok: ...".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "core/core.h"

/* Registers, commands and answers: vtdtest.h has them */
#define R_IOVA		0x08
#define R_LEN		0x10
#define R_PASID		0x14
#define R_FLAGS		0x18
#define R_PRGI		0x1c
#define R_CMD		0x20
#define R_STATUS	0x24
#define R_RESP		0x3c
#define R_NRESP		0x60
#define R_NREQ		0x64
#define R_BUF		0x1000
#define F_WRITE		BIT(0)
#define F_LAST		BIT(3)
#define P_USED		BIT(31)
#define C_PRI		3
#define C_SVA_DMA	5
#define C_FLUSH		6
#define C_STOP		7
#define C_FLOOD		9
#define S_DONE		0
#define S_BUSY		1
#define S_PRIERR	0x80000004
#define S_RESPBAD	0x80000005
#define S_LOOP		0x80000008

#define PASID		5u
#define IOVA		0x123456000ul
#define BYTES		(2 * PAGE_SIZE)
#define PAGES		2u
#define FROM_DEVICE	0xd7
#define FROM_US		0x3c
#define ROUNDS		16
/* More than the ring holds */
#define MANY		4096u
/* A busy machine gets its share; in the time of no test that passes */
#define PATIENCE	(20 * HZ)

/* What is done with a request */
enum policy {
	MAP,		/* the page is mapped */
	REFUSE,
	KEEP,		/* nobody answers */
};

struct pages {
	struct pci_dev *pdev;
	void __iomem *bar;
	struct page *page;
	u8 *va;
	struct iommu_domain *domain;
	struct iommu_attach_handle handle;
	enum policy policy;
	struct iopf_group *kept;
	u32 asked;
	u32 prgi;
	char text[256];
	size_t len;
	bool failed;
};

struct pages_test {
	const char *name;
	void (*run)(struct pages *p);
};

static struct pages *pages;
static DEFINE_MUTEX(pages_lock);
static struct dentry *pages_file;

static void __printf(2, 3) say(struct pages *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	p->len += scnprintf(p->text + p->len, sizeof(p->text) - p->len, "%s", p->len ? "; " : "");
	p->len += vscnprintf(p->text + p->len, sizeof(p->text) - p->len, fmt, args);
	va_end(args);
}

static void expect(struct pages *p, const char *what, u32 is, u32 must)
{
	if (is == must)
		return;
	p->failed = true;
	say(p, "%s is %#x, not %#x", what, is, must);
}

static u32 look(struct pages *p, u32 reg)
{
	return readl(p->bar + reg);
}

static void start(struct pages *p, u32 cmd, u64 addr, u32 len, u32 flags)
{
	writeq(addr, p->bar + R_IOVA);
	writel(len, p->bar + R_LEN);
	writel(PASID | P_USED, p->bar + R_PASID);
	writel(flags, p->bar + R_FLAGS);
	writel(p->prgi++ % 512, p->bar + R_PRGI);
	writel(cmd, p->bar + R_CMD);
}

static u32 wait(struct pages *p)
{
	unsigned long end = jiffies + PATIENCE;

	while (look(p, R_STATUS) == S_BUSY && time_before(jiffies, end))
		usleep_range(100, 1000);
	return look(p, R_STATUS);
}

/* Until the core has entered what was attached it is told to look again, and gives up */
static u32 dma(struct pages *p)
{
	unsigned long end = jiffies + PATIENCE;
	u32 status;

	do {
		start(p, C_SVA_DMA, IOVA, BYTES, F_WRITE);
		status = wait(p);
	} while (status == S_LOOP && time_before(jiffies, end));
	return status;
}

static int pages_map(struct pages *p, u64 addr)
{
	u64 i = (addr - IOVA) / PAGE_SIZE;

	if (addr < IOVA || i >= PAGES)
		return -EFAULT;
	return iommu_map(p->domain, addr, page_to_phys(p->page) + i * PAGE_SIZE, PAGE_SIZE,
			 IOMMU_READ | IOMMU_WRITE, GFP_KERNEL);
}

static int pages_handler(struct iopf_group *group)
{
	struct pages *p = pages;
	int ret = -EFAULT;

	WRITE_ONCE(p->asked, p->asked + 1);
	if (p->policy == KEEP && !p->kept) {
		WRITE_ONCE(p->kept, group);
		return 0;
	}
	if (p->policy == MAP)
		ret = pages_map(p, group->last_fault.fault.prm.addr);
	iopf_group_response(group, ret ? IOMMU_PAGE_RESP_INVALID : IOMMU_PAGE_RESP_SUCCESS);
	iopf_free_group(group);
	return 0;
}

static bool take(struct pages *p, enum policy policy)
{
	struct device *dev = &p->pdev->dev;
	const struct iommu_ops *ops = dev->iommu->iommu_dev->ops;
	int ret;

	p->domain = vtd_core_alloc_flags(ops, dev, 0);
	expect(p, "domain", PTR_ERR_OR_ZERO(p->domain), 0);
	if (IS_ERR(p->domain))
		return false;
	p->policy = policy;
	p->kept = NULL;
	p->asked = 0;
	p->domain->owner = ops;
	p->domain->iopf_handler = pages_handler;
	memset(p->va, FROM_US, BYTES);
	memset_io(p->bar + R_BUF, FROM_DEVICE, BYTES);
	ret = iommu_attach_device_pasid(p->domain, dev, PASID, &p->handle);
	expect(p, "attach", ret, 0);
	if (!ret)
		return true;
	iommu_domain_free(p->domain);
	return false;
}

static void drop(struct pages *p)
{
	iommu_detach_device_pasid(p->domain, &p->pdev->dev, PASID);
	iommu_domain_free(p->domain);
	p->domain = NULL;
}

static void expect_written(struct pages *p, bool must)
{
	u8 *wrong = memchr_inv(p->va, must ? FROM_DEVICE : FROM_US, BYTES);

	if (wrong) {
		p->failed = true;
		say(p, "byte %#lx is %#x", (unsigned long)(wrong - p->va), *wrong);
	}
	memset(p->va, FROM_US, BYTES);
}

/* Page by page on demand, and again after each unmap */
static void rounds(struct pages *p)
{
	for (u32 i = 0; i < ROUNDS && !p->failed; i++) {
		u32 before = READ_ONCE(p->asked);

		expect(p, "write on demand", dma(p), S_DONE);
		expect_written(p, true);
		expect(p, "pages asked for", READ_ONCE(p->asked) - before, PAGES);
		expect(p, "unmapped", iommu_unmap(p->domain, IOVA, BYTES), BYTES);
	}
}

static void test_page(struct pages *p)
{
	if (!take(p, MAP))
		return;
	rounds(p);
	drop(p);
	start(p, C_SVA_DMA, IOVA, BYTES, F_WRITE);
	if (wait(p) == S_DONE)
		expect(p, "write after detach", S_DONE, S_RESPBAD);
	expect_written(p, false);
}

/* Nobody has the page: the device is told so, and memory stays as it is */
static void test_refused(struct pages *p)
{
	if (!take(p, REFUSE))
		return;
	expect(p, "write", dma(p), S_RESPBAD);
	expect_written(p, false);
	drop(p);
}

/* Nobody answers: a detach does, and waits for nobody */
static void test_unanswered(struct pages *p)
{
	unsigned long end = jiffies + PATIENCE;

	if (!take(p, KEEP))
		return;
	while (!READ_ONCE(p->kept) && time_before(jiffies, end)) {
		start(p, C_SVA_DMA, IOVA, BYTES, F_WRITE);
		while (look(p, R_STATUS) == S_BUSY && !READ_ONCE(p->kept) &&
		       time_before(jiffies, end))
			usleep_range(100, 1000);
	}
	expect(p, "state before the answer", look(p, R_STATUS), S_BUSY);
	drop(p);
	expect(p, "state after the detach", look(p, R_STATUS), S_RESPBAD);
	expect_written(p, false);
}

/* It is off after that, until it is given up; the ring may be full for a moment, too */
static void expect_braked(struct pages *p)
{
	unsigned long end = jiffies + PATIENCE;
	u32 in_a_row = 0;

	while (in_a_row < ROUNDS && time_before(jiffies, end)) {
		start(p, C_PRI, IOVA, 0, F_WRITE | F_LAST);
		in_a_row = wait(p) == S_PRIERR ? in_a_row + 1 : 0;
		usleep_range(1000, 5000);
	}
	expect(p, "page requests in a row that are refused", in_a_row, ROUNDS);
}

static void flood(struct pages *p, u32 flags)
{
	u32 before = look(p, R_NREQ);

	if (!take(p, REFUSE))
		return;
	start(p, C_FLOOD, IOVA, MANY, F_WRITE | flags);
	say(p, "%u of %u requests fitted in", look(p, R_NREQ) - before, MANY);
	expect_braked(p);
	drop(p);
	/* Its user has given it up: the next one is served */
	test_page(p);
}

/* Groups without end */
static void test_flood(struct pages *p)
{
	flood(p, 0);
}

/* Requests that want an answer, more than the ring has room for */
static void test_overflow(struct pages *p)
{
	flood(p, F_LAST);
}

/* In the middle of a request; page requests go on after it, for the same user */
static void test_reset(struct pages *p)
{
	if (!take(p, MAP))
		return;
	start(p, C_SVA_DMA, IOVA, BYTES, F_WRITE);
	expect(p, "reset", pci_reset_function(p->pdev), 0);
	memset_io(p->bar + R_BUF, FROM_DEVICE, BYTES);
	iommu_unmap(p->domain, IOVA, BYTES);
	memset(p->va, FROM_US, BYTES);
	rounds(p);
	drop(p);
}

static const struct pages_test tests[] = {
	{ "page", test_page },
	{ "refused", test_refused },
	{ "unanswered", test_unanswered },
	{ "flood", test_flood },
	{ "overflow", test_overflow },
	{ "reset", test_reset },
};

static ssize_t pages_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t ret = -EINVAL;
	char name[32] = "";
	unsigned int i;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	mutex_lock(&pages_lock);
	for (i = 0; pages && i < ARRAY_SIZE(tests); i++) {
		if (strcmp(strim(name), tests[i].name))
			continue;
		pages->failed = false;
		pages->len = 0;
		pages->text[0] = 0;
		start(pages, C_STOP, 0, 0, 0);
		start(pages, C_FLUSH, 0, 0, 0);
		tests[i].run(pages);
		ret = count;
	}
	mutex_unlock(&pages_lock);
	return ret;
}

static ssize_t pages_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char line[300] = "not ok: no device\n";
	size_t len = strlen(line);

	mutex_lock(&pages_lock);
	if (pages)
		len = scnprintf(line, sizeof(line), "%s: %s\n", pages->failed ? "not ok" : "ok",
				pages->text);
	mutex_unlock(&pages_lock);
	return simple_read_from_buffer(buf, count, pos, line, len);
}

static const struct file_operations pages_fops = {
	.owner = THIS_MODULE,
	.read = pages_read,
	.write = pages_write,
	.llseek = default_llseek,
};

static int pages_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pages *p;
	int ret;

	if (pages)
		return -EBUSY;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	p = devm_kzalloc(&pdev->dev, sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	p->pdev = pdev;
	p->bar = pcim_iomap(pdev, 0, 0);
	p->page = p->bar ? alloc_pages(GFP_KERNEL, 1) : NULL;
	if (!p->page)
		return -ENOMEM;
	p->va = page_address(p->page);
	pci_set_master(pdev);
	mutex_lock(&pages_lock);
	pages = p;
	mutex_unlock(&pages_lock);
	return 0;
}

static void pages_remove(struct pci_dev *pdev)
{
	struct pages *p;

	mutex_lock(&pages_lock);
	p = pages;
	pages = NULL;
	mutex_unlock(&pages_lock);
	__free_pages(p->page, 1);
}

static const struct pci_device_id pages_ids[] = {
	{ PCI_DEVICE(0x1234, 0x5654) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pages_ids);

static struct pci_driver pages_driver = {
	.name = "vtd_pages",
	.id_table = pages_ids,
	.probe = pages_probe,
	.remove = pages_remove,
};

static int __init pages_init(void)
{
	int ret = pci_register_driver(&pages_driver);

	if (!ret)
		pages_file = debugfs_create_file("vtd_pages", 0600, NULL, NULL, &pages_fops);
	return ret;
}
module_init(pages_init);

static void __exit pages_exit(void)
{
	debugfs_remove(pages_file);
	pci_unregister_driver(&pages_driver);
}
module_exit(pages_exit);

MODULE_DESCRIPTION("What becomes of page requests of a device");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/*
 * Driver for vtdtest, the endpoint of tools/testing/qemu that keeps translations of its
 * own: what becomes of them when they are unmapped, and the device obeys or does not.
 *
 * /sys/kernel/debug/vtd_endpoint takes the name of a test, runs it to its end, and gives
 * the result when read: "ok NAME: ..." or "not ok NAME: ...".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/dma-mapping.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "endpoint.h"

/*
 * Longest unmap: a device that is silent is asked three times, and QEMU's unit says at
 * once that no answer came.  A busy machine gets its share.
 */
#define UNMAP_MS	30000

struct endpoint_test {
	const char *name;
	void (*run)(struct endpoint *ep);
};

static struct endpoint *endpoint;
static DEFINE_MUTEX(endpoint_lock);
static struct dentry *endpoint_file;

void say(struct endpoint *ep, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ep->len += scnprintf(ep->text + ep->len, sizeof(ep->text) - ep->len, "%s",
			     ep->len ? "; " : "");
	ep->len += vscnprintf(ep->text + ep->len, sizeof(ep->text) - ep->len, fmt, args);
	va_end(args);
}

/* A number that is not the one that must be */
void expect(struct endpoint *ep, const char *what, u32 is, u32 must)
{
	if (is == must)
		return;
	ep->failed = true;
	say(ep, "%s is %#x, not %#x", what, is, must);
}

u32 look(struct endpoint *ep, u32 reg)
{
	return readl(ep->bar + reg);
}

/* The device writes BYTES to an address; it has ended when the write of R_CMD has. */
u32 command(struct endpoint *ep, u32 cmd, u64 addr)
{
	writeq(addr, ep->bar + R_IOVA);
	writel(BYTES, ep->bar + R_LEN);
	writel(ep->pasid ? ep->pasid | P_USED : 0, ep->bar + R_PASID);
	writel(ep->reads ? 0 : F_WRITE, ep->bar + R_FLAGS);
	writel(cmd, ep->bar + R_CMD);
	return look(ep, R_STATUS);
}

/* Did the device's bytes come to the page, all or none of them? */
void expect_written(struct endpoint *ep, bool must)
{
	u8 byte = must ? FROM_DEVICE : FROM_US;
	u8 *wrong = memchr_inv(ep->va, byte, BYTES);

	if (wrong) {
		ep->failed = true;
		say(ep, "memory has %#x, not %#x", *wrong, byte);
	}
	memset(ep->va, FROM_US, PAGE_SIZE);
}

static bool map(struct endpoint *ep)
{
	struct device *dev = &ep->pdev->dev;

	ep->addr = dma_map_page(dev, ep->page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	ep->mapped = !dma_mapping_error(dev, ep->addr);
	expect(ep, "mapped", ep->mapped, true);
	return ep->mapped;
}

/* Unmapped, within the bound; the page is still ours and must not change any more. */
static void unmap(struct endpoint *ep)
{
	ktime_t begin = ktime_get();
	s64 ms;

	dma_unmap_page(&ep->pdev->dev, ep->addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
	ep->mapped = false;
	ms = ktime_ms_delta(ktime_get(), begin);
	if (ms <= UNMAP_MS)
		return;
	ep->failed = true;
	say(ep, "not unmapped before %lld ms", ms);
}

/* A page in the device's TLB, through which it has written */
static bool hold(struct endpoint *ep)
{
	if (!map(ep))
		return false;
	expect(ep, "translation request", command(ep, C_ATS, ep->addr), S_DONE);
	expect(ep, "entries of its TLB", look(ep, R_NATC), 1);
	expect(ep, "translated write", command(ep, C_ATS_DMA, ep->addr), S_DONE);
	expect_written(ep, true);
	return !ep->failed;
}

static void expect_forgotten(struct endpoint *ep)
{
	expect(ep, "entries of its TLB", look(ep, R_NATC), 0);
	expect(ep, "translated write", command(ep, C_ATS_DMA, ep->addr), S_NOATC);
	expect_written(ep, false);
}

/* One that obeys has nothing in its TLB when the unmap returns. */
void test_cached(struct endpoint *ep)
{
	u32 before = look(ep, R_NINV);

	if (!hold(ep))
		return;
	unmap(ep);
	if (look(ep, R_NINV) == before)
		expect(ep, "invalidations", 0, 1);
	expect_forgotten(ep);
}

/* One that never answers keeps what it has, and must not get to memory with it. */
static void test_silent(struct endpoint *ep)
{
	if (!hold(ep))
		return;
	writel(M_SILENT, ep->bar + R_MODE);
	unmap(ep);
	expect(ep, "entries of its TLB", look(ep, R_NATC), 1);
	/* As from its TLB; its ATS may be off by now, and that it would obey */
	expect(ep, "translated write", command(ep, C_RAW, page_to_phys(ep->page)), S_FAULT);
	expect_written(ep, false);
	say(ep, "%u invalidations not answered", look(ep, R_NLOST));
}

/* One that answers when it is asked again */
static void test_late(struct endpoint *ep)
{
	u32 before = look(ep, R_NLOST);

	if (!hold(ep))
		return;
	writel(M_LATE, ep->bar + R_MODE);
	unmap(ep);
	expect(ep, "lost invalidations", look(ep, R_NLOST), before + 1);
	expect_forgotten(ep);
}

/* ... each time */
static void test_some(struct endpoint *ep)
{
	u32 before = look(ep, R_NLOST);
	unsigned int i;

	writel(M_SOME, ep->bar + R_MODE);
	for (i = 0; i < ROUNDS && hold(ep); i++) {
		unmap(ep);
		expect_forgotten(ep);
	}
	writel(M_WORKS, ep->bar + R_MODE);
	expect(ep, "lost invalidations", look(ep, R_NLOST), before + ROUNDS);
}

/* One that is not there any more is not waited for. */
static void test_gone(struct endpoint *ep)
{
	if (!hold(ep))
		return;
	writel(M_GONE, ep->bar + R_MODE);
	unmap(ep);
	expect(ep, "number of entries", look(ep, R_NATC), U32_MAX);
	expect_written(ep, false);
}

/* As somebody else: one who is not there, and what would be its own second function */
static void test_stranger(struct endpoint *ep)
{
	const u32 self = pci_dev_id(ep->pdev);
	const u32 id[] = { PCI_DEVID(0, PCI_DEVFN(0x1e, 3)), self ^ 1, self ^ BIT(7) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(id) && map(ep); i++) {
		writel(id[i] | SID_USED, ep->bar + R_SID);
		expect(ep, "write as another", command(ep, C_DMA, ep->addr), S_FAULT);
		expect(ep, "translated write as another",
		       command(ep, C_RAW, page_to_phys(ep->page)), S_FAULT);
		expect_written(ep, false);
		writel(0, ep->bar + R_SID);
		expect(ep, "write as itself", command(ep, C_DMA, ep->addr), S_DONE);
		expect_written(ep, true);
		unmap(ep);
	}
}

/* One that claims to have translated what nobody let it translate */
static void test_hostile(struct endpoint *ep)
{
	expect(ep, "translated write", command(ep, C_RAW, page_to_phys(ep->page)), S_FAULT);
	expect_written(ep, false);
	if (!map(ep))
		return;
	expect(ep, "untranslated write", command(ep, C_DMA, ep->addr), S_DONE);
	expect_written(ep, true);
}

/* After a reset it works again, without a TLB. */
static void test_reset(struct endpoint *ep)
{
	expect(ep, "reset", pci_reset_function(ep->pdev), 0);
	memset_io(ep->bar + R_BUF, FROM_DEVICE, BYTES);
	test_hostile(ep);
}

/*
 * One that resets itself and is in it when its page is unmapped.  Its TLB is gone, and
 * so is its ATS: it goes on without when it is back, and what it had is not let through.
 */
static void test_in_reset(struct endpoint *ep)
{
	if (!hold(ep))
		return;
	writel(M_RESET, ep->bar + R_MODE);
	unmap(ep);
	expect(ep, "number of entries", look(ep, R_NATC), U32_MAX);
	writel(M_WORKS, ep->bar + R_MODE);
	expect(ep, "entries of its TLB", look(ep, R_NATC), 0);
	expect(ep, "translated write", command(ep, C_ATS_DMA, ep->addr), S_NOCAP);
	test_hostile(ep);
}

static const struct endpoint_test tests[] = {
	{ "cached", test_cached },
	{ "silent", test_silent },
	{ "late", test_late },
	{ "some", test_some },
	{ "gone", test_gone },
	{ "hostile", test_hostile },
	{ "reset", test_reset },
	{ "in-reset", test_in_reset },
	{ "stranger", test_stranger },
	{ "pasid", test_pasid },
	{ "pasids", test_pasids },
	{ "pasid-silent", test_pasid_silent },
	{ "pasid-race", test_pasid_race },
	{ "dirty", test_dirty },
};

static ssize_t endpoint_write(struct file *file, const char __user *buf, size_t count,
			      loff_t *pos)
{
	struct endpoint *ep;
	ssize_t ret = -EINVAL;
	char name[32] = "";
	unsigned int i;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	mutex_lock(&endpoint_lock);
	ep = endpoint;
	for (i = 0; ep && i < ARRAY_SIZE(tests); i++) {
		if (strcmp(strim(name), tests[i].name))
			continue;
		ep->failed = false;
		ep->pasid = 0;
		ep->reads = false;
		ep->len = 0;
		ep->text[0] = 0;
		memset(ep->va, FROM_US, PAGE_SIZE);
		tests[i].run(ep);
		if (ep->mapped)
			unmap(ep);
		ret = count;
	}
	mutex_unlock(&endpoint_lock);
	return ret;
}

static ssize_t endpoint_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char line[300] = "not ok: no device\n";
	size_t len = strlen(line);

	mutex_lock(&endpoint_lock);
	if (endpoint)
		len = scnprintf(line, sizeof(line), "%s: %s\n",
				endpoint->failed ? "not ok" : "ok", endpoint->text);
	mutex_unlock(&endpoint_lock);
	return simple_read_from_buffer(buf, count, pos, line, len);
}

static const struct file_operations endpoint_fops = {
	.owner = THIS_MODULE,
	.read = endpoint_read,
	.write = endpoint_write,
	.llseek = default_llseek,
};

static int endpoint_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct endpoint *ep;
	int ret;

	if (endpoint)
		return -EBUSY;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ep = devm_kzalloc(&pdev->dev, sizeof(*ep), GFP_KERNEL);
	if (!ep)
		return -ENOMEM;
	ep->pdev = pdev;
	ep->bar = pcim_iomap(pdev, 0, 0);
	if (!ep->bar)
		return -ENOMEM;
	pci_set_master(pdev);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	ep->page = alloc_page(GFP_KERNEL);
	if (!ep->page)
		return -ENOMEM;
	ep->va = page_address(ep->page);
	memset_io(ep->bar + R_BUF, FROM_DEVICE, BYTES);
	mutex_lock(&endpoint_lock);
	endpoint = ep;
	mutex_unlock(&endpoint_lock);
	return 0;
}

static void endpoint_remove(struct pci_dev *pdev)
{
	struct endpoint *ep;

	mutex_lock(&endpoint_lock);
	ep = endpoint;
	endpoint = NULL;
	mutex_unlock(&endpoint_lock);
	__free_page(ep->page);
}

static const struct pci_device_id endpoint_ids[] = {
	{ PCI_DEVICE(0x1234, 0x5654) },
	{ }
};
MODULE_DEVICE_TABLE(pci, endpoint_ids);

static struct pci_driver endpoint_driver = {
	.name = "vtd_endpoint",
	.id_table = endpoint_ids,
	.probe = endpoint_probe,
	.remove = endpoint_remove,
};

static int __init endpoint_init(void)
{
	int ret = pci_register_driver(&endpoint_driver);

	if (!ret)
		endpoint_file = debugfs_create_file("vtd_endpoint", 0600, NULL, NULL,
						    &endpoint_fops);
	return ret;
}
module_init(endpoint_init);

static void __exit endpoint_exit(void)
{
	debugfs_remove(endpoint_file);
	pci_unregister_driver(&endpoint_driver);
}
module_exit(endpoint_exit);

MODULE_DESCRIPTION("What becomes of translations that a device keeps");
MODULE_LICENSE("GPL");

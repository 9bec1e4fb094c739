// SPDX-License-Identifier: GPL-2.0
/*
 * A user who maps memory when the device asks for it: iommufd's fault queue, and vtdtest,
 * the endpoint of tools/testing/qemu.
 *
 *	vfio_pages DEVICE serve|leave
 *
 * serve: page by page, again after unmap, then a request that is answered by giving the
 * domain up.  leave: ends with a request that nobody has answered.
 */
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "memory.h"
#include "result.h"

/* vtdtest.h has them */
#define R_IOVA		0x08
#define R_LEN		0x10
#define R_PASID		0x14
#define R_FLAGS		0x18
#define R_CMD		0x20
#define R_STATUS	0x24
#define R_BUF		0x1000
#define F_WRITE		1u
#define C_SVA_DMA	5u
#define S_DONE		0u
#define S_BUSY		1u
#define S_RESPBAD	0x80000005u
#define S_LOOP		0x80000008u

#define IOVA		0x40000000ull
#define PAGES		3u
#define ROUNDS		8u
#define FROM_DEVICE	0xd7
#define FROM_US		0x3c
/* A busy machine gets its share; in the time of no test that passes */
#define PATIENCE_MS	20000

static struct user_device dev;
static struct space space;
static uint8_t *memory;
static int faults;
static uint32_t hwpt;
static unsigned int asked;

static void put(unsigned int reg, uint64_t value)
{
	if (reg == R_IOVA)
		*(volatile uint64_t *)(dev.bar + reg) = value;
	else
		*(volatile uint32_t *)(dev.bar + reg) = value;
}

static uint32_t status(void)
{
	return *(volatile uint32_t *)(dev.bar + R_STATUS);
}

static void start(void)
{
	put(R_IOVA, IOVA);
	put(R_LEN, PAGES * PAGE);
	put(R_PASID, 0);
	put(R_FLAGS, F_WRITE);
	put(R_CMD, C_SVA_DMA);
}

static void attach_to(uint32_t id)
{
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach), .pt_id = id };

	if (ioctl(dev.fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		die("attach");
}

/* The same address space, with somebody who looks for pages */
static void listen(void)
{
	struct iommu_fault_alloc queue = { .size = sizeof(queue) };
	struct iommu_hwpt_alloc alloc = {
		.size = sizeof(alloc), .flags = IOMMU_HWPT_FAULT_ID_VALID, .dev_id = dev.id,
		.pt_id = space.ioas,
	};

	if (ioctl(space.fd, IOMMU_FAULT_QUEUE_ALLOC, &queue))
		die("fault queue");
	faults = queue.out_fault_fd;
	alloc.fault_id = queue.out_fault_id;
	if (ioctl(space.fd, IOMMU_HWPT_ALLOC, &alloc))
		die("hwpt");
	hwpt = alloc.out_hwpt_id;
	attach_to(hwpt);
}

/* The next request; false if the device has come to its end before */
static bool next_fault(struct iommu_hwpt_pgfault *fault)
{
	struct pollfd poll_for = { .fd = faults, .events = POLLIN };

	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (poll(&poll_for, 1, 1) == 1)
			return read(faults, fault, sizeof(*fault)) == sizeof(*fault);
		if (status() != S_BUSY)
			return false;
	}
	return false;
}

static void answer(const struct iommu_hwpt_pgfault *fault)
{
	struct iommu_hwpt_page_response response = {
		.cookie = fault->cookie, .code = IOMMUFD_PAGE_RESP_SUCCESS,
	};
	uint64_t at = fault->addr - IOVA;
	int err = EFAULT;

	if (at < PAGES * PAGE)
		err = space_map(&space, fault->addr, memory + at, PAGE, MAY_BOTH);
	if (err)
		response.code = IOMMUFD_PAGE_RESP_INVALID;
	if (write(faults, &response, sizeof(response)) != sizeof(response))
		die("answer");
	asked++;
}

/* As long as the kernel opens for it, the device is told to look again, and gives up */
static bool first_fault(struct iommu_hwpt_pgfault *fault)
{
	for (int i = 0; i < PATIENCE_MS; i++) {
		start();
		if (next_fault(fault))
			return true;
		if (status() != S_LOOP)
			return false;
	}
	return false;
}

static void serve(unsigned int round)
{
	struct iommu_hwpt_pgfault fault;
	unsigned int before = asked;

	memset(memory, FROM_US, PAGES * PAGE);
	if (!check(first_fault(&fault), "pages: round %u: a request comes", round))
		return;
	check(fault.dev_id == dev.id && fault.addr == IOVA && !fault.pasid &&
	      fault.flags == IOMMU_PGFAULT_FLAGS_LAST_PAGE &&
	      fault.perm == IOMMU_PGFAULT_PERM_WRITE, "pages: round %u: it says who and what",
	      round);
	do
		answer(&fault);
	while (next_fault(&fault));
	check(status() == S_DONE, "pages: round %u: the device has written: %#x", round, status());
	check(asked - before == PAGES, "pages: round %u: %u pages asked for", round,
	      asked - before);
	for (unsigned int i = 0; i < PAGES * PAGE; i++)
		if (memory[i] != FROM_DEVICE) {
			check(false, "pages: round %u: byte %#x is %#x", round, i, memory[i]);
			break;
		}
	for (unsigned int i = 0; i < PAGES; i++)
		check(!space_unmap(&space, IOVA + i * PAGE, PAGE), "pages: unmap");
}

/* It is in users' hands, and answered when its domain goes */
static void give_up(void)
{
	struct iommu_hwpt_pgfault fault;
	int ms;

	memset(memory, FROM_US, PAGES * PAGE);
	check(first_fault(&fault), "pages: a request that stays without an answer");
	attach_to(space.ioas);
	for (ms = 0; ms < PATIENCE_MS && status() == S_BUSY; ms++)
		usleep(1000);
	check(status() == S_RESPBAD, "pages: the detach answers: %#x", status());
	check(memory[0] == FROM_US, "pages: nothing was written");
}

int main(int argc, char **argv)
{
	struct iommu_hwpt_pgfault fault;
	int err;

	if (argc != 3)
		return 2;
	memory = scattered(PAGES * PAGE);
	if (!memory)
		die("memory");
	err = space_open(&space, true) ?: device_open(&dev, &space, argv[1]);
	if (!check(!err, "pages: attach: %s", strerror(err)))
		return 1;
	for (unsigned int i = 0; i < PAGES * PAGE; i++)
		dev.bar[R_BUF + i] = FROM_DEVICE;
	listen();
	for (unsigned int i = 0; i < ROUNDS && !failures; i++)
		serve(i);
	if (!strcmp(argv[2], "leave")) {
		check(first_fault(&fault), "pages: a request that stays without an answer");
		return failures ? 1 : 0;
	}
	give_up();
	/* And once more for the next who listens */
	attach_to(hwpt);
	serve(ROUNDS);
	device_close(&dev);
	space_close(&space);
	return failures ? 1 : 0;
}

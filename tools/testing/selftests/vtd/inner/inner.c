// SPDX-License-Identifier: GPL-2.0
/*
 * All there is in the virtual machine of "make nested".  It finds the edu device
 * that was assigned to it, copies memory of its own through the device, and then
 * aims the device outside of its memory, at the addresses that outside= and
 * beyond= on the command line name.  Lines go to the serial port; returns 0 when
 * all was as it must be.
 */
#include <stdint.h>

#define EDU_ID		0x11e81234
#define EDU_BUFFER	0x40000
#define EDU_SRC		0x80
#define EDU_DST		0x88
#define EDU_COUNT	0x90
#define EDU_CMD		0x98
#define EDU_START	1
#define EDU_TO_RAM	2

/* QEMU before 8.2 takes a DMA that ends with the buffer for an overrun. */
#define LEN		4080
#define PAGE		4096
/* Some minutes of an emulator inside an emulator; the device needs 100 ms. */
#define POLLS		20000000
#define SECRET		"of the outer machine"

struct multiboot {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
};

static uint8_t from[PAGE] __attribute__((aligned(PAGE)));
/* A page before and a page after, which must stay as they are. */
static uint8_t to[3 * PAGE] __attribute__((aligned(PAGE)));
static uint32_t edu;
static int failures;

static inline void port_put8(uint16_t port, uint8_t v)
{
	asm volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static inline void port_put(uint16_t port, uint32_t v)
{
	asm volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}

static inline uint32_t port_get(uint16_t port)
{
	uint32_t v;

	asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

/* Registers of edu: one access of 32 bits each, in this order. */
static inline void reg_put(uint32_t reg, uint32_t v)
{
	asm volatile("movl %0, (%1)" : : "r"(v), "r"(edu + reg) : "memory");
}

static inline uint32_t reg_get(uint32_t reg)
{
	uint32_t v;

	asm volatile("movl (%1), %0" : "=r"(v) : "r"(edu + reg) : "memory");
	return v;
}

static void text(const char *s)
{
	while (*s)
		port_put8(0x3f8, *s++);
}

static void hex(uint32_t v)
{
	text("0x");
	for (int shift = 28; shift >= 0; shift -= 4)
		port_put8(0x3f8, "0123456789abcdef"[v >> shift & 15]);
}

static void result(int good, const char *name, uint32_t where, const char *why)
{
	failures += !good;
	text(good ? "ok inner-" : "not ok inner-");
	text(name);
	text(" # ");
	hex(where);
	text(" ");
	text(why);
	text("\n");
}

static uint32_t config(uint32_t devfn, uint32_t reg)
{
	port_put(0xcf8, 0x80000000 | devfn << 8 | reg);
	return port_get(0xcfc);
}

static int find_edu(void)
{
	for (uint32_t devfn = 0; devfn < 256; devfn++) {
		if (config(devfn, 0) != EDU_ID)
			continue;
		edu = config(devfn, 0x10) & ~15u;
		/* memory and bus master on; the upper half clears nothing */
		uint32_t command = config(devfn, 4) & 0xffff;

		port_put(0xcfc, command | 6);
		result(edu && reg_get(0) == 0x010000ed, "device", edu,
		       "registers of edu on the PCI bus");
		return edu && reg_get(0) == 0x010000ed;
	}
	result(0, "device", 0, "no edu on the PCI bus");
	return 0;
}

static int dma(uint32_t src, uint32_t dst, uint32_t command)
{
	reg_put(EDU_SRC, src);
	reg_put(EDU_DST, dst);
	reg_put(EDU_COUNT, LEN);
	reg_put(EDU_CMD, command | EDU_START);
	for (uint32_t i = 0; i < POLLS; i++) {
		if (!(reg_get(EDU_CMD) & EDU_START))
			return 1;
	}
	result(0, "dma", src, "does not end");
	return 0;
}

static int load(const void *p)
{
	return dma((uint32_t)p, EDU_BUFFER, 0);
}

static int store(void *p)
{
	return dma(EDU_BUFFER, (uint32_t)p, EDU_TO_RAM);
}

static void fill(uint8_t *p, uint8_t seed)
{
	for (uint32_t i = 0; i < PAGE; i++)
		p[i] = seed + i * 7 + (i >> 8);
}

/* Through the device and back, every byte compared, and those around it. */
static void inside(const char *name, uint8_t seed)
{
	int good;

	fill(from, seed);
	for (uint32_t i = 0; i < sizeof(to); i++)
		to[i] = 0xee;
	good = load(from) && store(to + PAGE);
	for (uint32_t i = 0; i < sizeof(to); i++) {
		int copied = i >= PAGE && i < PAGE + LEN;

		good &= to[i] == (copied ? from[i - PAGE] : 0xee);
	}
	result(good, name, (uint32_t)(to + PAGE),
	       "has what the device read elsewhere, nothing around it changed");
}

static int has_secret(const uint8_t *p)
{
	static const char secret[] = SECRET;

	for (uint32_t i = 0; i + sizeof(secret) <= LEN; i++) {
		uint32_t n = 0;

		while (secret[n] && p[i + n] == (uint8_t)secret[n])
			n++;
		if (!secret[n])
			return 1;
	}
	return 0;
}

/* What the outer machine saw of it is the outer machine's to say. */
static void outside(const char *name, uint32_t addr)
{
	int good;

	fill(from, 0x31);
	good = load(from) && dma(EDU_BUFFER, addr, EDU_TO_RAM) &&
	       dma(addr, EDU_BUFFER, 0) && store(to + PAGE);
	result(good && !has_secret(to + PAGE), name, addr,
	       "aimed at, nothing of the outer machine came in");
}

static uint32_t option(const char *line, const char *name)
{
	for (; *line; line++) {
		const char *p = line, *n = name;
		uint32_t v = 0;

		while (*n && *p == *n)
			p++, n++;
		if (*n)
			continue;
		for (p += 2; *p && *p != ' '; p++)
			v = v << 4 | (*p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10);
		return v;
	}
	return 0;
}

int inner(const struct multiboot *info)
{
	const char *line = (const char *)info->cmdline;

	if (!find_edu())
		return 1;
	inside("inside", 0x11);
	outside("outside", option(line, "outside="));
	outside("beyond", option(line, "beyond="));
	inside("inside-again", 0x77);
	text("end\n");
	return failures != 0;
}

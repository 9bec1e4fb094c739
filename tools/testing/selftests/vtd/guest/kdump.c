// SPDX-License-Identifier: GPL-2.0
/*
 * Both sides of a crash:
 *	kdump load KERNEL INITRD "COMMAND LINE"	a kernel for the crash
 *	kdump mark				fill a page, print where it is, stay
 *	kdump page ADDRESS			is that page in the dump, as it was filled
 *	kdump find TEXT				how often is it in the dump
 *	kdump send NUMBER TEXT			so many broadcasts to 10.9.0.255
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096
#define ON_CRASH 2	/* KEXEC_FILE_ON_CRASH */

static int die(const char *what)
{
	perror(what);
	return 1;
}

static void fill(unsigned char *page)
{
	unsigned int x = 12345;

	for (int i = 0; i < PAGE; i++) {
		x = x * 1103515245 + 12345;
		page[i] = x >> 16;
	}
}

static int load(char **argv)
{
	int kernel = open(argv[0], O_RDONLY), initrd = open(argv[1], O_RDONLY);

	if (kernel < 0 || initrd < 0)
		return die("open");
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[2]) + 1, argv[2], ON_CRASH))
		return die("kexec_file_load");
	return 0;
}

static int mark(void)
{
	unsigned char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/pagemap", O_RDONLY);
	unsigned long long entry;

	if (page == MAP_FAILED || fd < 0 || mlock(page, PAGE))
		return die("mark");
	fill(page);
	if (pread(fd, &entry, 8, (unsigned long)page / PAGE * 8) != 8)
		return die("pagemap");
	printf("0x%llx\n", (entry & ((1ull << 55) - 1)) * PAGE);
	fflush(stdout);
	if (fork())
		return 0;
	close(0);
	close(1);
	close(2);
	for (;;)
		pause();
}

/* A number of 8 bytes at most in a file, 0 if there is none */
static unsigned long long number(int fd, off_t at, size_t size)
{
	unsigned long long value = 0;

	return pread(fd, &value, size, at) == (ssize_t)size ? value : 0;
}

/* Where a physical address is in the dump: by the loadable segments of an ELF core */
static off_t offset_of(int fd, unsigned long long address)
{
	off_t segment = number(fd, 32, 8);
	unsigned long long first, size;

	for (int left = number(fd, 56, 2); left--; segment += 56) {
		first = number(fd, segment + 24, 8);
		size = number(fd, segment + 40, 8);
		if (number(fd, segment, 4) == 1 && address >= first && address - first < size)
			return number(fd, segment + 8, 8) + (address - first);
	}
	return -1;
}

static int compare(const char *where)
{
	unsigned char want[PAGE], got[PAGE];
	int fd = open("/proc/vmcore", O_RDONLY);
	off_t at = offset_of(fd, strtoull(where, NULL, 0));

	fill(want);
	if (fd < 0 || at < 0 || pread(fd, got, PAGE, at) != PAGE)
		return die("vmcore");
	if (memcmp(got, want, PAGE))
		return fputs("the page differs\n", stderr), 1;
	printf("%s is what it was\n", where);
	return 0;
}

static int find(const char *text)
{
	size_t len = strlen(text), keep = 0, size = 1 << 20, count = 0;
	char *buffer = malloc(size + len), *at;
	int fd = open("/proc/vmcore", O_RDONLY);
	ssize_t got;

	if (fd < 0 || !buffer)
		return die("vmcore");
	while ((got = read(fd, buffer + keep, size)) > 0) {
		size_t have = keep + got;

		for (at = buffer; (at = memmem(at, have - (at - buffer), text, len)); at += len)
			count++;
		keep = have < len - 1 ? have : len - 1;
		memmove(buffer, buffer + have - keep, keep);
	}
	printf("%zu\n", count);
	return got < 0 ? die("read") : 0;
}

static int send_some(int count, const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	to.sin_addr.s_addr = inet_addr("10.9.0.255");
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)))
		return die("socket");
	while (count--) {
		if (sendto(fd, text, strlen(text), 0, (void *)&to, sizeof(to)) < 0)
			return die("sendto");
		usleep(10000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "load"))
		return load(argv + 2);
	if (argc == 2 && !strcmp(argv[1], "mark"))
		return mark();
	if (argc == 3 && !strcmp(argv[1], "page"))
		return compare(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "find"))
		return find(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "send"))
		return send_some(atoi(argv[2]), argv[3]);
	return 2;
}

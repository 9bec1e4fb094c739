// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the test guest: mounts what a test looks at, runs the program that
 * vtd.test= on the kernel command line names (a file in /guest), and sends what
 * it prints and how it ended through the second serial port.  The console stays
 * free for the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PORT "/dev/ttyS1"

static void mount_one(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		fprintf(stderr, "init: mount %s: %s\n", where, strerror(errno));
}

static void mount_all(void)
{
	mount_one("proc", "/proc");
	mount_one("sysfs", "/sys");
	mount_one("devtmpfs", "/dev");
	mount_one("tmpfs", "/tmp");
	mount_one("debugfs", "/sys/kernel/debug");
	mount_one("tracefs", "/sys/kernel/tracing");
	mkdir("/dev/pts", 0755);
	mount_one("devpts", "/dev/pts");
}

/* The value of name= on the command line, in a static buffer, or NULL. */
static const char *cmdline_get(const char *name)
{
	static char line[4096];
	size_t len = strlen(name);
	char *word, *save;
	ssize_t n;
	int fd;

	fd = open("/proc/cmdline", O_RDONLY);
	if (fd < 0)
		return NULL;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n <= 0)
		return NULL;
	line[n] = 0;
	for (word = strtok_r(line, "\n ", &save); word;
	     word = strtok_r(NULL, "\n ", &save)) {
		if (!strncmp(word, name, len) && word[len] == '=')
			return word + len + 1;
	}
	return NULL;
}

/* Bytes go through as they are: no carriage returns added, no echo. */
static int open_port(void)
{
	struct termios tio;
	int fd = open(PORT, O_RDWR | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (!tcgetattr(fd, &tio)) {
		cfmakeraw(&tio);
		cfsetspeed(&tio, B115200);
		tcsetattr(fd, TCSANOW, &tio);
	}
	return fd;
}

static void run_child(const char *path, int port)
{
	char *const argv[] = { (char *)path, NULL };

	setsid();
	setenv("PATH", "/bin:/sbin:/guest", 1);
	setenv("HOME", "/tmp", 1);
	setenv("PS1", "guest# ", 1);
	if (chdir("/guest"))
		_exit(126);
	if (port >= 0)
		dup2(port, STDOUT_FILENO);
	execv(path, argv);
	printf("not ok start # %s: %s\n", path, strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* Reap orphans too; return how the test ended, as a shell would say it. */
static int wait_for(pid_t child)
{
	int status;
	pid_t pid;

	do {
		pid = wait(&status);
		if (pid < 0 && errno != EINTR)
			return 127;
	} while (pid != child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(void)
{
	char path[256] = "/guest/report";
	const char *test;
	int port = -1, status;
	pid_t child;

	mount_all();
	test = cmdline_get("vtd.test");
	if (test)
		snprintf(path, sizeof(path), "/guest/%s", test);
	/* A shell talks to the console, everything else to the port. */
	if (strcmp(path, "/guest/shell")) {
		port = open_port();
		if (port < 0)
			fprintf(stderr, "init: %s: %s\n", PORT, strerror(errno));
	}
	if (port >= 0)
		dprintf(port, "start %s\n", path);
	child = fork();
	if (!child)
		run_child(path, port);
	status = child > 0 ? wait_for(child) : 127;
	if (port >= 0) {
		dprintf(port, "verdict %s status=%d\n",
			status ? "FAIL" : "PASS", status);
		tcdrain(port);
	}
	sync();
	/*
	 * The power switch of q35 is deaf once the machine has slept; a machine
	 * without ACPI has none.  A reset ends QEMU as well under -no-reboot.
	 */
	test = cmdline_get("vtd.end");
	if (!test || strcmp(test, "reset"))
		reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

// SPDX-License-Identifier: GPL-2.0
/* NVMe Virtualization Management: nvme_virt DEVICE CONTROLLER RESOURCE ACTION COUNT */
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#define OPCODE_VIRT_MGMT 0x1c

int main(int argc, char **argv)
{
	struct nvme_admin_cmd cmd = { .opcode = OPCODE_VIRT_MGMT };
	int fd, ret;

	if (argc != 6)
		return 2;
	cmd.cdw10 = atoi(argv[2]) << 16 | atoi(argv[3]) << 8 | atoi(argv[4]);
	cmd.cdw11 = atoi(argv[5]);
	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	ret = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &cmd);
	if (ret)
		printf("virtualization management: status %#x\n", ret);
	return ret != 0;
}

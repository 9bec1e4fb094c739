# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Programs of the machine that the guest runs on: its root file system arrives
# read-only over 9p, what a program writes goes to memory.  Sourced after lib.sh;
# the case has to share the file system under the tag "host".

host_root() {
	mkdir -p /host /dev/shm
	# Nothing changes there while the guest runs: what was read once is kept.
	mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144 host /host ||
		return 1
	mount -t tmpfs none /dev/shm
	for d in proc sys dev tmp; do
		mount -o bind /$d /host/$d || return 1
	done
	mount -t tmpfs none /host/run
}

# in_host PROGRAM...: /tmp and the devices are those of the guest.
in_host() {
	chroot /host /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C "$@"
}

# huge_pages COUNT: of 2 MiB, mounted at /tmp/huge for the programs of the host.
huge_pages() {
	echo "$1" >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
	got=$(cat /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages)
	mkdir -p /tmp/huge
	mount -t hugetlbfs -o pagesize=2M none /tmp/huge
	mount -o bind /tmp/huge /host/tmp/huge
	[ "$got" = "$1" ] || { echo "$got of $1 pages"; return 1; }
	echo "$1 of 2 MiB"
}

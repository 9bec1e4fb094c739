# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Disk and network I/O with every byte compared.  Sourced after lib.sh.

io_bytes=$((2 * 1024 * 1024))

pci_of_block() { readlink -f "/sys/block/$1/device" | grep -o '[0-9a-f]\{4\}:[0-9a-f:]*\.[0-7]' | tail -n 1; }

# Write a random pattern, drop the cache, read it back; the host looks at the
# image afterwards ("disk NAME SHA256" on the port).
disk_one() {
	dev=/dev/$1
	dd if=/dev/urandom of=/tmp/pattern bs=64k count=$((io_bytes / 65536)) 2>/dev/null
	sum=$(sha256sum </tmp/pattern | cut -d' ' -f1)
	dd if=/tmp/pattern of="$dev" bs=64k conv=fsync 2>/dev/null ||
		{ not_ok "disk-$1" "write failed"; return; }
	echo 3 >/proc/sys/vm/drop_caches
	back=$(dd if="$dev" bs=64k count=$((io_bytes / 65536)) 2>/dev/null | sha256sum | cut -d' ' -f1)
	where=$(pci_of_block "$1")
	if [ "$sum" = "$back" ]; then
		ok "disk-$1" "$io_bytes bytes written and read back, equal; $where $(driver_of "$where"), $(type_of "$where")"
		echo "disk $(cat "/sys/block/$1/serial" "/sys/block/$1/device/serial" 2>/dev/null | tr -d ' ' | head -n 1) $sum"
	else
		not_ok "disk-$1" "read back differs; $where"
	fi
}

# A file from the host over TFTP, and its checksum as the host counted it.
# Each card has a network of its own behind it with the same addresses, so one
# is up at a time.
net_one() {
	[ -e "/sys/class/net/$1/device" ] || return 0
	where=$(basename "$(readlink -f "/sys/class/net/$1/device")")
	case $where in virtio*) where=$(basename "$(dirname "$(readlink -f "/sys/class/net/$1/device")")") ;; esac
	ip link set "$1" up
	wait_until 10 grep -qx 1 "/sys/class/net/$1/carrier"
	ip addr add "10.0.2.15/24" dev "$1"
	rm -f /tmp/payload
	tftp -g -b 1400 -r payload -l /tmp/payload "10.0.2.2" >/dev/null 2>&1
	sum=$(sha256sum </tmp/payload 2>/dev/null | cut -d' ' -f1)
	if [ -n "$sum" ] && [ "$sum" = "$(param vtd.payload)" ]; then
		ok "net-$1" "$(wc -c </tmp/payload) bytes fetched, checksum equal; $where $(driver_of "$where"), $(type_of "$where")"
	else
		not_ok "net-$1" "fetched ${sum:-nothing}; $where"
	fi
	ip addr flush dev "$1"
	ip link set "$1" down
}

io_part() {
	head_line "Input and output through the IOMMU"
	disks=$(ls /sys/block | grep '^nvme\|^vd\|^sd' || true)
	for b in $disks; do disk_one "$b"; done
	nics=$(ls /sys/class/net | grep '^eth' || true)
	for n in $nics; do net_one "$n"; done
	[ -n "$disks$nics" ] || say "  no disk, no network device"
}

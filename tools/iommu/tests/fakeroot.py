# SPDX-License-Identifier: GPL-2.0
"""A root with a /sys and /proc of a machine that is made up: devices, units, a memory
map, tables of firmware."""
import os
import re
import shlex
import struct


def put(root, path, data):
    full = root + path
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def config(vendor, device, header=0, secondary=0, subordinate=0, caps=(), acs=None):
    """Configuration space: caps is a list of (id, bytes), acs (cap, ctrl) or None."""
    space = bytearray(4096)
    struct.pack_into("<HH", space, 0, vendor, device)
    space[0x0e] = header
    space[0x19], space[0x1a] = secondary, subordinate
    at, link = 0x40, 0x34
    for ident, body in caps:
        space[6] |= 0x10
        space[link] = at
        space[at] = ident
        space[at + 2:at + 2 + len(body)] = body
        link, at = at + 1, at + 64
    if acs is not None:
        struct.pack_into("<IHH", space, 0x100, 0x1000d, *acs)
    return bytes(space)


def express(kind):
    """The PCI Express capability of a device of a type (0 endpoint, 4 root port ...)."""
    return (0x10, struct.pack("<H", kind << 4 | 2))


class Root:
    def __init__(self, path):
        self.path = path
        os.makedirs(path + "/sys/bus/pci/devices", exist_ok=True)

    def put(self, path, data):
        put(self.path, path, data)

    def device(self, name, vendor, device, cls, group=None, driver=None, privileged=True,
               revision=0, **space):
        where = "/sys/bus/pci/devices/%s/" % name
        self.put(where + "vendor", "0x%04x\n" % vendor)
        self.put(where + "device", "0x%04x\n" % device)
        self.put(where + "class", "0x%06x\n" % cls)
        self.put(where + "revision", "0x%02x\n" % revision)
        data = config(vendor, device, **space)
        self.put(where + "config", data if privileged else data[:64])
        if group is not None:
            self.link("/sys/kernel/iommu_groups/%d" % group, where + "iommu_group")
            self.put("/sys/kernel/iommu_groups/%d/type" % group, "DMA\n")
            os.makedirs(self.path + "/sys/kernel/iommu_groups/%d/devices" % group,
                        exist_ok=True)
        if driver:
            self.link("/sys/bus/pci/drivers/" + driver, where + "driver")

    def link(self, target, path):
        os.symlink("../../../.." + target, self.path + path)

    def unit(self, name, base, cap, ecap, version="1:0"):
        where = "/sys/class/iommu/%s/intel-iommu/" % name
        self.put(where + "address", "%x\n" % base)
        self.put(where + "cap", "%x\n" % cap)
        self.put(where + "ecap", "%x\n" % ecap)
        self.put(where + "version", version + "\n")

    def cpu(self, bits=40, flags="fpu x2apic", family=6, model=94, vendor="GenuineIntel"):
        self.put("/proc/cpuinfo", "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %d\n"
                 "model\t\t: %d\nmodel name\t: made up\nflags\t\t: %s\n"
                 "address sizes\t: %d bits physical, 48 bits virtual\n"
                 % (vendor, family, model, flags, bits))

    def memory(self, entries):
        for i, (start, end, kind) in enumerate(entries):
            where = "/sys/firmware/memmap/%d/" % i
            self.put(where + "start", "0x%x\n" % start)
            self.put(where + "end", "0x%x\n" % end)
            self.put(where + "type", kind + "\n")

    def madt(self, ids):
        body = b"".join(struct.pack("<BBBBII", 1, 12, i, 0, 0xfec00000, 0) for i in ids)
        head = struct.pack("<4sIBB6s8sI4sIII", b"APIC", 44 + len(body), 1, 0, b"BOCHS ",
                           b"BXPC    ", 1, b"BXPC", 1, 0xfee00000, 1)
        self.put("/sys/firmware/acpi/tables/APIC", head + body)


# What firmware gives a guest of 2 GiB; memmap= is the kernel's own addition to it
GUEST_MEMORY = [(0x0, 0x9fbff, "System RAM"), (0x9fc00, 0x9ffff, "Reserved"),
                (0xf0000, 0xfffff, "Reserved"), (0x100000, 0x7ffdffff, "System RAM"),
                (0x7ffe0000, 0x7fffffff, "Reserved")]


KINDS = {"edu": (0x1234, 0x11e8, 0x00ff00), "e1000e": (0x8086, 0x10d3, 0x020000),
         "nvme": (0x1b36, 0x0010, 0x010802), "VGA": (0x1234, 0x1111, 0x030000),
         "virtio-blk-pci": (0x1af4, 0x1042, 0x010000),
         "virtio-net-pci": (0x1af4, 0x1041, 0x020000),
         "qemu-xhci": (0x1b36, 0x000d, 0x0c0330),
         "pcie-root-port": (0x1b36, 0x000c, 0x060400)}


def q35(root, devices):
    """What a case's QEMU options put on the board, as far as tables speak of it."""
    root.device("0000:00:00.0", 0x8086, 0x29c0, 0x060000)
    root.device("0000:00:1f.0", 0x8086, 0x2918, 0x060100, header=0x80)
    root.device("0000:00:1f.2", 0x8086, 0x2922, 0x010601)
    root.device("0000:00:1f.3", 0x8086, 0x2930, 0x0c0500)
    words = shlex.split(devices)
    buses, bus = {}, 1
    given = [b for a, b in zip(words, words[1:]) if a == "-device"]
    taken = {int(n, 16) for n in re.findall(r"addr=([0-9a-f]+)", " ".join(given))}
    for word in given:
        kind, *rest = word.split(",")
        settings = dict(r.split("=", 1) for r in rest if "=" in r)
        if kind not in KINDS:
            continue
        here = buses.get(settings.get("bus"), 0)
        free = 0 if here else min(set(range(1, 31)) - taken)
        where = settings.get("addr", "%x" % free)
        device = int(where.split(".")[0], 16)
        taken |= set() if here else {device}
        name = "0000:%02x:%02x.%s" % (here, device, (where.split(".") + ["0"])[1])
        if kind == "pcie-root-port":
            buses[settings["id"]] = bus
            root.device(name, *KINDS[kind], header=1, secondary=bus, subordinate=bus)
            bus += 1
        else:
            root.device(name, *KINDS[kind])

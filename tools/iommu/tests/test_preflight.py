# SPDX-License-Identifier: GPL-2.0
"""Machines that are made up, and tables of real ones."""
import glob
import os

import fakeroot
import tap
from tap import in_root, mkdmar, vtd, vtd_json

# Units of a Skylake laptop, as its sysfs showed them: graphics, and all the rest
LAPTOP = [("dmar0", 0xfed90000, 0x1c0000c40660462, 0x7e3ff0505e),
          ("dmar1", 0xfed91000, 0xd2008c40660462, 0xf050da)]
TABLES = "/sys/firmware/acpi/tables"


def laptop(root, *items, flags=1):
    os.makedirs(root.path + TABLES, exist_ok=True)
    mkdmar(root.path + TABLES + "/DMAR", "table width=39 flags=%d" % flags,
           "drhd base=0xfed90000 ep=0/2.0", "drhd base=0xfed91000 all ioapic=f0/1f.0@id=2",
           *items)
    for unit in LAPTOP:
        root.unit(*unit)
    root.cpu(bits=39, model=0x5e)
    root.madt([2])
    root.memory([(0, 0x9ffff, "System RAM"), (0x100000, 0x7fffffff, "System RAM"),
                 (0x8a000000, 0x8fffffff, "Reserved")])
    root.device("0000:00:00.0", 0x8086, 0x1904, 0x060000)
    root.device("0000:00:02.0", 0x8086, 0x1916, 0x030000, group=1)
    root.device("0000:00:14.0", 0x8086, 0x9d2f, 0x0c0330, group=4)
    root.device("0000:00:1c.0", 0x8086, 0x9d10, 0x060400, group=5, header=1, secondary=1,
                subordinate=1)
    root.device("0000:01:00.0", 0x14e4, 0x1657, 0x020000, group=6)
    root.device("0000:01:00.1", 0x14e4, 0x1657, 0x020000, group=6)
    root.put("/proc/cmdline", "BOOT_IMAGE=/vmlinuz ro quiet\n")


def texts(section):
    return "\n".join(i["text"] for i in section)


@in_root
def all_is_well(root):
    laptop(root)
    status, s = vtd_json("preflight", "--root", root.path, "--append", "intel_iommu=on")
    assert status == 0
    assert texts(s["verdict"]) == (
        "on: 2 of 2 units translating; why: intel_iommu=on; default domain: translated, "
        "lazy; address bits 39; large pages 2M 1G; table walks not coherent"), s["verdict"]
    assert [u["translates"] for u in s["units"] if "base" in u] == [True, True]
    assert s["interrupts"][0]["mode"] == "x2apic"
    assert not [i for i in s["unprotected"] if "device" in i]


@in_root
def options_leave_graphics_out(root):
    laptop(root)
    status, s = vtd_json("preflight", "--root", root.path, "--append",
                         "intel_iommu=on,igfx_off intremap=off")
    assert status == 1
    assert "dmar0 off: intel_iommu=igfx_off" in texts(s["verdict"])
    assert [i["device"] for i in s["unprotected"] if "device" in i] == ["0000:00:02.0"]
    assert s["interrupts"][0]["why_not"] == "intremap=off"


@in_root
def identity(root):
    laptop(root)
    _, s = vtd_json("preflight", "--root", root.path, "--append",
                    "intel_iommu=on iommu=pt intel_iommu.translate=01:00.0")
    free = [i["device"] for i in s["unprotected"] if "device" in i]
    assert "0000:01:00.0" not in free and "0000:01:00.1" in free and len(free) == 5, free


@in_root
def who_cannot_be_assigned(root):
    laptop(root, "rmrr 0x8b000000 0x8b7fffff ep=0/2.0",
           "rmrr 0x8a000000 0x8a01ffff ep=0/1c.0/0.0")
    _, s = vtd_json("preflight", "--root", root.path)
    found = {i["device"]: i["assignable"] for i in s["reserved"] if "device" in i}
    # The other function is in the group of the one that firmware names
    assert found == {"0000:00:02.0": True, "0000:01:00.0": False,
                     "0000:01:00.1": False}, found
    _, s = vtd_json("preflight", "--root", root.path, "--append",
                    "intel_iommu.keep_rmrr=01:00.0")
    found = {i["device"]: i["assignable"] for i in s["reserved"] if "device" in i}
    assert found == {"0000:00:02.0": True, "0000:01:00.0": True}, found


@in_root
def all_of_a_group_are_named(root):
    """One of two whom firmware means is not enough, and is not told to be."""
    laptop(root, "rmrr 0x8a000000 0x8a01ffff ep=0/1c.0/0.0 ep=0/1c.0/0.1")
    for named, want in (("01:00.0", False), ("01:00.0,01:00.1", True)):
        _, s = vtd_json("preflight", "--root", root.path, "--append",
                        "intel_iommu.keep_rmrr=" + named)
        said = {(i["device"], i["assignable"]) for i in s["reserved"] if "device" in i}
        assert said == {("0000:01:00.0", want), ("0000:01:00.1", want)}, s["reserved"]
        assert ("as long as 0000:01:00.1 of its group is not excepted" in
                texts(s["reserved"])) != want, s["reserved"]


@in_root
def haswell_has_small_pages(root):
    laptop(root)
    root.cpu(bits=39, model=0x3c)
    _, s = vtd_json("preflight", "--root", root.path)
    assert "large pages none" in texts(s["verdict"]), s["verdict"]


@in_root
def broadwell_graphics_are_left_out(root):
    laptop(root)
    root.put("/sys/bus/pci/devices/0000:00:02.0/device", "0x1616\n")
    _, s = vtd_json("preflight", "--root", root.path)
    assert "dmar0 off: graphics quirk of this machine" in texts(s["verdict"]), s["verdict"]


@in_root
def remapping_and_why_not(root):
    laptop(root, flags=0)
    _, s = vtd_json("preflight", "--root", root.path)
    assert s["interrupts"][0]["why_not"] == "firmware says that interrupts cannot be remapped"
    laptop_tables = root.path + TABLES + "/DMAR"
    mkdmar(laptop_tables, "table flags=1", "drhd base=0xfed91000 all")
    _, s = vtd_json("preflight", "--root", root.path)
    assert s["interrupts"][0]["why_not"] == "IOAPIC 2 of the MADT is under no unit"
    mkdmar(laptop_tables, "table flags=3", "drhd base=0xfed91000 all ioapic=f0/1f.0@id=2")
    _, s = vtd_json("preflight", "--root", root.path)
    assert s["interrupts"][0]["mode"] == "xapic"
    _, text = vtd("preflight", "--root", root.path, "--log")
    assert "x2apic mode is not used: firmware opts out" in text
    root.device("0000:00:13.0", 0x8086, 0x3403, 0x060000, revision=0x13)
    _, s = vtd_json("preflight", "--root", root.path)
    assert "erratum" in s["interrupts"][0]["why_not"]


@in_root
def configuration_of_the_distribution(root):
    laptop(root)
    config = root.path + "/config"
    with open(config, "w") as f:
        f.write("# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n"
                "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n"
                "CONFIG_IOMMU_DEFAULT_DMA_LAZY=y\n")
    _, s = vtd_json("preflight", "--root", root.path, "--config", config)
    assert "integrated graphics: identity" in texts(s["verdict"])
    assert [i["device"] for i in s["unprotected"] if "device" in i] == ["0000:00:02.0"]
    with open(config, "w") as f:
        f.write("CONFIG_INTEL_IOMMU_DEFAULT_OFF=y\n")
    vtd("preflight", "--root", root.path, "--config", config, want=2)


@in_root
def nothing_to_see(root):
    status, s = vtd_json("preflight", "--root", root.path)
    assert status == 2 and "switched off in firmware setup" in texts(s["verdict"])
    with open("/proc/self/status") as f:
        if "CapEff:\t0000000000000000" not in f.read():
            return
    os.makedirs(root.path + TABLES)
    open(root.path + TABLES + "/DMAR", "w").close()
    os.chmod(root.path + TABLES + "/DMAR", 0)
    vtd("preflight", "--root", root.path, want=3)


@in_root
def registers_from_a_log(root):
    laptop(root)
    for name in ("dmar0", "dmar1"):
        os.rename(root.path + "/sys/class/iommu/" + name, root.path + "/" + name)
    _, s = vtd_json("preflight", "--root", root.path)
    assert "registers of 2 units" in texts(s["unknown"])
    log = root.path + "/log"
    with open(log, "w") as f:
        f.writelines("[    0.012] DMAR: %s: reg_base_addr %x ver 1:0 cap %x ecap %x\n" % u
                     for u in LAPTOP)
    _, s = vtd_json("preflight", "--root", root.path, "--dmesg", log)
    assert "registers of" not in texts(s["unknown"])
    assert "address bits 39" in texts(s["verdict"])


def usage():
    vtd("preflight", "--no-such", want=64)
    vtd("preflight", "extra", want=64)
    vtd(want=64)
    vtd("fly", want=64)
    assert "usage: vtd" in vtd("--help", want=0)[1]


def corpus():
    where = os.environ.get("DMAR_CORPUS") or os.path.join(tap.REPO, "../shared/data/dmar")
    files = sorted(glob.glob(where + "/*.dmar"))
    index = os.environ.get("DMAR_INDEX", where + "/../dmar-INDEX.tsv")
    if not files or not os.path.isfile(index):
        raise tap.Skip("DMAR_CORPUS does not name a folder with tables")
    with open(index) as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    columns = {name: i for i, name in enumerate(rows[0])}
    want = {row[0]: row for row in rows[1:] if len(row) > 3}
    for path in files:
        row = want[os.path.basename(path)]
        _, log = vtd("preflight", "--root", "/nonexistent", "--table", path, "--log")
        for kind in ("DRHD", "RMRR"):
            count = log.count("DMAR: %s base: 0x" % kind)
            assert count == int(row[columns[kind]]), (path, kind, count)
        status, s = vtd_json("preflight", "--root", "/nonexistent", "--table", path,
                             "--cmdline", "intel_iommu=on")
        units = [u for u in s["units"] if "base" in u]
        assert (status in (0, 1)) == s["verdict"][0]["translates"] == bool(
            [u for u in units if u["translates"]]), path
    return "%d tables" % len(files)


@in_root
def any_bytes(root):
    """Files of firmware and of sysfs with anything in them: no crash."""
    laptop(root, "rmrr 0x8b000000 0x8b7fffff ep=0/2.0")
    with open(root.path + TABLES + "/DMAR", "rb") as f:
        table = f.read()
    with open(root.path + TABLES + "/APIC", "rb") as f:
        madt = f.read()
    for i in range(0, len(table), 3):
        fakeroot.put(root.path, TABLES + "/DMAR", table[:i] + b"\xff\x00"[i % 2:] + table[i:])
        fakeroot.put(root.path, TABLES + "/APIC", madt[:i] + b"\x01" + madt[i + 2:])
        vtd_json("preflight", "--root", root.path)
    root.put("/sys/class/iommu/dmar0/intel-iommu/cap", b"\xff\xfezz")
    root.put("/sys/bus/pci/devices/0000:00:02.0/class", b"")
    root.put("/sys/bus/pci/devices/0000:00:02.0/config", b"\1" * 20)
    root.put("/sys/bus/pci/devices/zz:1/class", b"")
    root.put("/sys/class/dmi/id/sys_vendor", b"\x1b[31m\"\\\xff\n")
    root.put("/proc/cpuinfo", b"flags")
    root.put("/proc/cmdline", b"\"" * 5000 + b" memmap=$,$$,1K$,9999999999T$1 iommu= intel_iommu=,,")
    vtd_json("preflight", "--root", root.path)
    assert "\x1b" not in vtd("preflight", "--root", root.path)[1]


TESTS = [all_is_well, options_leave_graphics_out, identity, who_cannot_be_assigned,
         all_of_a_group_are_named, haswell_has_small_pages, broadwell_graphics_are_left_out,
         remapping_and_why_not, configuration_of_the_distribution, nothing_to_see,
         registers_from_a_log, usage, corpus, any_bytes]

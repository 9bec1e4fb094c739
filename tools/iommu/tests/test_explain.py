# SPDX-License-Identifier: GPL-2.0
"""Lines like those of public reports, rewritten: kernels of many years, and ours."""
import random

import tap
from tap import in_root, vtd, vtd_json

NOWHERE = ("--root", "/nonexistent")


def explain(text, *words):
    data = text if isinstance(text, bytes) else text.encode()
    status, s = vtd_json("explain", "-", *(words or NOWHERE), stdin=data)
    return status, [i for i in s["findings"] if "key" in i], s["findings"]


def one(text, *words):
    _, found, every = explain(text, *words)
    assert len(found) == 1, found
    return found[0], every


# The same fault as seven kernels tell it: device 0000:03:00.1, write to 0xfff5e000, 0x05
AGES = [
    "DMAR:[DMA Write] Request device [03:00.1] fault addr fff5e000 \n"
    "DMAR:[fault reason 05] PTE Write access is not set",
    "[   12.5] dmar: DMAR:[DMA Write] Request device [03:00.1] fault addr fff5e000 \n"
    "[   12.5] DMAR:[fault reason 05] PTE Write access is not set",
    "<3>[ 12.345678] DMAR: [DMA Write] Request device [03:00.1] fault addr fff5e000 "
    "[fault reason 05] PTE Write access is not set",
    "Nov  2 10:11:12 box kernel: DMAR: [DMA Write] Request device [03:00.1] PASID ffffffff "
    "fault addr fff5e000 [fault reason 05] PTE Write access is not set",
    "2024-01-02T10:11:12.5+0100 box kernel: DMAR: [DMA Write NO_PASID] Request device "
    "[03:00.1] fault addr 0xfff5e000 [fault reason 0x05] PTE Write access is not set",
    "kern  :err   : [Tue Jan  2 10:11:12 2024] DMAR: [DMA Write NO_PASID] Request device "
    "[0000:03:00.1] fault addr 0xfff5e000 [fault reason 0x05] PTE Write access is not set",
    "3,812,9001,-;DMAR: [DMA Write NO_PASID] Request device [03:00.1] fault addr "
    "0xfff5e000 [fault reason 0x05] PTE Write access is not set",
]


def faults_of_all_ages():
    for text in AGES:
        f, every = one(text)
        assert (f["key"], f["device"], f["count"]) == ("dma-refused", "0000:03:00.1", 1), f
        assert [i["reason"] for i in every if "reason" in i] == [5], text
        assert [i["low"] for i in every if "low" in i] == ["0xfff5e000"], text
    f, _ = one("\n".join(AGES))
    assert f["count"] == len(AGES)


def interrupts_of_all_ages():
    for text, entry in (
            ("INTR-REMAP: Request device [[f0:1f.7] fault index 22\nINTR-REMAP:[fault reason "
             "38] Blocked an interrupt request due to source-id verification failure", "0x22"),
            ("DMAR: [INTR-REMAP] Request device [f0:1f.7] fault index 22 [fault reason 38] "
             "Blocked an interrupt request due to source-id verification failure", "0x22"),
            ("DMAR: [INTR-REMAP] Request device [f0:1f.7] fault index 0x22 [fault reason 0x26] "
             "Interrupt comes from a device that the entry is not for", "0x22")):
        f, every = one(text)
        assert f["key"] == "interrupt-refused" and f["device"] == "0000:f0:1f.7", f
        assert [i["reason"] for i in every if "reason" in i] == [0x26], every
        assert [i["low"] for i in every if "low" in i] == [entry], every


def a_thousand_lines():
    lines = ["[%d.0] DMAR: [DMA Read NO_PASID] Request device [04:00.0] fault addr 0x%x "
             "[fault reason 0x06] PTE Read access is not set" % (i, 0x10000 + (i << 12))
             for i in range(1000)]
    f, every = one("\n".join(lines))
    assert f["count"] == 1000
    span = [i for i in every if "low" in i][0]
    assert (span["low"], span["high"]) == ("0x10000", "0x3f7000"), span


# key, line: one of each kind that people ask about
KINDS = [
    ("rmrr-refused", "vfio-pci 0000:07:00.0: Device is ineligible for IOMMU domain attach due "
     "to platform RMRR requirement.  Contact your platform vendor."),
    ("rmrr-refused", "vfio-pci 0000:07:00.0: Firmware has requested this device have a 1:1 IOMMU "
     "mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform "
     "vendor."),
    ("rmrr-refused", "vfio-pci 0000:07:00.0: DMAR: cannot be assigned: firmware and 0000:07:00.0 "
     "use memory 0x7000-0x7fff (4 KiB) together (RMRR, structure 1 of firmware's DMAR table)"),
    ("not-viable", "vfio: error opening /dev/vfio/11: group 11 is not viable"),
    ("unsafe-interrupts", "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use "
     "the module param \"allow_unsafe_interrupts\" to enable VFIO IOMMU support"),
    ("ioapic-unmapped", "DMAR-IR: [Firmware Bug]: ioapic 8 has no mapping iommu, interrupt "
     "remapping will be disabled"),
    ("ioapic-unmapped", "DMAR-IR: [Firmware Bug]: IOAPIC 0 is under no unit: no interrupt is "
     "remapped. Machine: A B, BIOS C 1"),
    ("remapping-erratum", "This system BIOS has enabled interrupt remapping on a chipset that "
     "contains an erratum making that feature unstable.  To maintain system stability interrupt "
     "remapping is being disabled."),
    ("remapping-failed", "DMAR-IR: Failed to enable irq remapping. You are vulnerable to "
     "irq-injection attacks."),
    ("x2apic-opt-out", "DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit."),
    ("malfunction", "Kernel panic - not syncing: DMAR hardware is malfunctioning"),
    ("queue-timeout", "DMAR: VT-d detected Invalidation Time-out Error: SID 300"),
    ("queue-error", "DMAR: VT-d detected Invalidation Queue Error: Reason f"),
    ("ones", "WARNING: Your BIOS is broken; DMAR reported at address fed90000 returns all ones!"),
    ("zero-base", "Your BIOS is broken; DMAR reported at address 0!"),
    ("zero-base", "DMAR: [Firmware Bug]: DRHD at offset 0x30: register base is 0 (0x0): unit "
     "left off. Machine: A B, BIOS C 1"),
    ("rmrr-not-reserved", "DMAR: [Firmware Bug]: No firmware reserved region can cover this RMRR "
     "[0x00000000cc000000-0x00000000cfffffff], contact BIOS vendor for fixes"),
    ("rmrr-broken", "DMAR: [Firmware Bug]: RMRR entry for device 02:00.0 is broken - applying "
     "workaround"),
    ("rmrr-broken", "Your BIOS is broken; RMRR ends before it starts!"),
    ("rhsa", "Your BIOS is broken; RHSA refers to non-existent DMAR unit at fbffe000"),
    ("scope-type", "pci 0000:00:17.0: Device scope type does not match for 0000:00:17.0"),
    ("andd", "DMAR: Failed to find handle for ACPI object \\_SB.PCI0.UA01"),
    ("andd", "DMAR: ANDD 1: \\_SB.PCI0.UA01 is not in the ACPI namespace: name ignored"),
    ("shadow-gtt", "DMAR: BIOS has allocated no shadow GTT; disabling IOMMU for graphics"),
    ("width", "DMAR: intel_iommu_map: iommu width (39) is not sufficient for the mapped address "
     "(383fe0000000)"),
    ("pte-set", "DMAR: ERROR: DMA PTE for vPFN 0xf5000 already set (to f5000003 not 1f5000003)"),
    ("no-identity", "ahci 0000:00:1f.2: swiotlb buffer is full (sz: 65536 bytes)"),
    ("opt-in", "DMAR: Intel-IOMMU force enabled due to platform opt in"),
    ("inconsistent", "DMAR: IOMMU feature pgsel_inv inconsistent"),
    ("not-translated", "e1000e 0000:00:02.0: not translated: its DMA remapping unit at 0xfed91000 "
     "is off"),
    ("off", "DMAR: off: 0 of 1 units translating; although: intel_iommu=on; dmar0 off: none of "
     "its devices is there"),
    ("option", "DMAR: intel_iommu=: unknown word \"onn\", did you mean \"on\"?"),
    ("firmware", "DMAR: [Firmware Bug]: RMRR at offset 0x40: structure ends behind the table "
     "(0xc8): rest of the table ignored. Machine: A B, BIOS C 1"),
]


def every_kind():
    for key, line in KINDS:
        f, _ = one("[    1.5] " + line)
        assert f["key"] == key, "%s, not %s: %s" % (f["key"], key, line)
        assert f["first"] and f["text"]
    assert one(KINDS[0][1])[0]["device"] == "0000:07:00.0"
    return "%d lines" % len(KINDS)


def a_healthy_boot():
    status, found, _ = explain("""
[    0.000000] Linux version 6.12.9 (x@y) #1 SMP Tue Jan 12 10:00:00.7 UTC 2025
[    0.010000] ACPI: DMAR 0x000000008CBE1000 0000A8 (v01 INTEL  EDK2     00000002)
[    0.010000] DMAR: IOMMU enabled
[    0.020000] DMAR: Host address width 39
[    0.020000] DMAR: DRHD base: 0x000000fed90000 flags: 0x0
[    0.020000] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 1c0000c40660462 ecap 19e2ff0505e
[    0.020000] DMAR: RMRR base: 0x0000008c9ea000 end: 0x0000008ca09fff
[    0.020000] DMAR-IR: IOAPIC id 2 under DRHD base  0xfed91000 IOMMU 1
[    0.020000] DMAR-IR: Enabled IRQ remapping in x2apic mode
[    0.500000] DMAR: No ATSR found
[    0.500000] pci 0000:00:02.0: Adding to iommu group 0
[    0.500000] DMAR: Intel(R) Virtualization Technology for Directed I/O
""")
    assert status == 0 and not found, found


@in_root
def which_device(root):
    root.device("0000:03:00.0", 0x1b4b, 0x9230, 0x010601, driver="ahci")
    f, _ = one(AGES[0], "--root", root.path)
    assert "0000:03:00.0 (SATA controller, 1b4b:9230) is" in f["device_words"], f
    f, _ = one(AGES[0].replace("03:00.1", "03:00.0"), "--root", root.path)
    assert f["device_words"] == "SATA controller, 1b4b:9230, driver ahci", f
    lspci = root.path + "/lspci"
    with open(lspci, "w") as out:
        out.write("00:00.0 Host bridge: X\n0000:03:00.1 IDE interface: Y (rev 11)\n")
    f, _ = one(AGES[0], "--lspci", lspci)
    assert f["device_words"] == "IDE interface: Y (rev 11)", f


def half_a_fault():
    f, every = one("DMAR:[DMA Read] Request device [03:00.1] fault addr fff5e000 ")
    assert "the line with the reason is not there" in [i["text"].strip() for i in every]
    f, _ = one("DMAR:[fault reason 06] PTE Read access is not set")
    assert f["device"] is None


def hostile():
    rng = random.Random(7)
    noise = [rng.randbytes(5000), b"\0" * 9000, b"x" * 3000000, b"\n" * 5000,
             b"DMAR: [DMA Read] Request device [" + b"9" * 100000 + b"\n",
             b"Request device [[[[[ff:1f.7] fault addr ffffffffffffffffffffff [fault reason 999]",
             b"\x1b[2J\x1b]0;x\x07 DMAR: [Firmware Bug]: \xff\xfe\"\\ 00:02.0\n"]
    for piece in noise:
        explain(piece)
    explain(b"".join(noise))
    _, text = vtd("explain", "-", *NOWHERE, stdin=b"".join(noise))
    assert "\x1b" not in text and "\x07" not in text
    many = "".join("DMAR: [DMA Read] Request device [%02x:%02x.%d] fault addr 1000 [fault reason "
                   "06] x\n" % (i >> 8, i >> 3 & 31, i & 7) for i in range(3000))
    _, found, every = explain(many)
    assert len(found) == 256 and "2744 more lines" in every[-1]["text"], every[-1]


def exit_statuses():
    """0 for a log with nothing or only what is harmless in it, 1 for all else."""
    of = {key: line for key, line in KINDS}
    for key, want in ((None, 0), ("rhsa", 0), ("opt-in", 0), ("firmware", 1),
                      ("rmrr-refused", 1), ("malfunction", 1)):
        data = (of[key] if key else "usb 1-1: new device").encode()
        for words in ((), ("--json",)):
            vtd("explain", "-", *NOWHERE, *words, stdin=data, want=want)
    vtd("explain", "one", "two", want=64)


def no_such_log():
    vtd("explain", "/nonexistent/log", want=3)
    vtd("explain", "-", "--lspci", "/nonexistent/list", want=3)


TESTS = [faults_of_all_ages, interrupts_of_all_ages, a_thousand_lines, every_kind,
         a_healthy_boot, which_device, half_a_fault, hostile,
         exit_statuses, no_such_log]

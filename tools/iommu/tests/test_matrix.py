# SPDX-License-Identifier: GPL-2.0
"""The boot matrix's own tables: what preflight foretells has in it what the case wants
to see in the guest's log, and nothing that it forbids there."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import fakeroot
import tap

sys.path.insert(0, os.path.join(tap.REPO, "tools/testing/selftests/vtd"))
import vtdguest     # noqa: E402
import vtdmatrix    # noqa: E402

# QEMU's unit, as cases have it
CAP, ECAP, ECAP_IR, ECAP_EIM = 0xd2008c22260206, 0xf00f42, 0xf00f4a, 0xf00f5a

# Expectations that no table decides: what a guest's programs and drivers print, and why
RUN_TIME = [
    (r"^edu|edu \d|edu-|\bgroup |status:|^status|ok |entries|interrupt_", "a program in the guest"),
    (r"\[fault reason|no unit that works serves|bus \d\d instead|is a bridge", "seen while running"),
    (r"early detect|Machine|BIOS", "other words than the table's"),
    (r"ACPI namespace|ANDD \d|ACPI device|no device that is there", "the ACPI namespace"),
    (r"cannot be assigned|may be assigned|to assign it|nothing needs", "said when a device is bound"),
    (r"no windows of the host bridge|switching it off|was left on|not the unit", "other tables, registers"),
    (r"cannot be set up|did not|cannot be used|not brought up|lost|does not", "a unit that disobeys"),
    (r"IR-|IO-APIC|remapped:|reg_base_addr|posting", "a program in the guest"),
]


def wanted(case):
    """Cases whose table is made here and whose unit is QEMU's plain one."""
    guest = case.guest
    return "mkdmar" in case.prepare and "dmar.aml" in guest.acpi and \
        guest.driver == "ours" and guest.qemu in ("installed", "newer") and \
        guest.iommu.startswith("intel-iommu") and " -device loader" not in " " + guest.machine \
        and "iasl" not in case.prepare


def board(root, case):
    guest = case.guest
    fakeroot.q35(root, guest.devices)
    root.cpu(bits=40, flags="fpu x2apic" if "x2apic" in guest.cpu else "fpu",
             family=6, model=6, vendor="AuthenticAMD")
    root.madt([0])
    root.memory(fakeroot.GUEST_MEMORY)
    ecap = ECAP
    if "intremap=on" in guest.iommu:
        ecap = ECAP_EIM if "eim=on" in guest.iommu else ECAP_IR
    if "pt=off" in guest.iommu:
        ecap &= ~0x40
    cap = CAP | (0x80 if "caching-mode=on" in guest.iommu else 0)
    root.unit("dmar0", 0xfed90000, cap, ecap)
    # What is at these places on the board is no unit
    for other in (0xfed91000, 0xfed92000, 0xfed95000):
        root.unit("dmar%x" % other, other, 0, 0, "0:0")
    root.unit("dmar-ones", 0xb00e8000, (1 << 64) - 1, (1 << 64) - 1, "15:15")
    root.unit("dmar-hpet", 0xfed00000, 0x1234, 0x8086, "0:1")


def predicted(case):
    with tempfile.TemporaryDirectory() as where:
        env = dict(os.environ, VTD_REPO=tap.REPO, VTD_BUILD=vtdguest.BUILD)
        subprocess.run(["sh", "-euc", case.prepare], cwd=where, env=env, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        board(fakeroot.Root(where + "/fake"), case)
        tables = where + "/fake/sys/firmware/acpi/tables/DMAR"
        # Another maker's table does not replace QEMU's: there are two
        for number in "12" if "oem=" in case.prepare else ("",):
            shutil.copy(where + "/dmar.aml", tables + number)
        return tap.vtd("preflight", "--log", "--root", where + "/fake",
                       "--config", tap.REPO + "/configs/vtd.config",
                       "--cmdline", case.guest.append)[1]


def compare(case, bad):
    """Lines that were looked for; what is wrong is added to bad."""
    log, seen = predicted(case), 0
    for line in case.guest.expect:
        line = line.strip()
        if any(re.search(p, line) for p, _ in RUN_TIME):
            continue
        if not re.search(line, log):
            bad.append("%s: nothing like %r in\n%s" % (case.name, line, log))
        seen += 1
    for line in case.guest.forbid:
        found = re.search(line.strip(), log)
        if found:
            bad.append("%s: %r is in\n%s" % (case.name, found.group(), log))
    return seen


def expectations():
    cases, bad = [c for c in vtdmatrix.load([]) if wanted(c)], []
    seen = sum(compare(c, bad) for c in cases)
    assert not bad, "%d wrong\n%s" % (len(bad), "\n".join(bad))
    assert len(cases) > 60 and seen > 70, "%d cases, %d lines" % (len(cases), seen)
    return "%d cases, %d lines of their logs foretold" % (len(cases), seen)


TESTS = [expectations]

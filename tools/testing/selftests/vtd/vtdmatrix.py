# SPDX-License-Identifier: GPL-2.0
"""The boot matrix: cases/*.ini, one section a case; see README.rst."""
import concurrent.futures
import configparser
import fnmatch
import glob
import os
import re
import subprocess

import vtdguest

LISTS = ("expect", "forbid", "allow", "strict", "violates")
NUMBERS = ("timeout",)


class Case:
    def __init__(self, name, fields, driver=None):
        self.name = name
        self.prepare = fields.pop("prepare", "")
        self.needs = fields.pop("needs", "").split()
        self.selftest = fields.pop("selftest", "")      # a folder of the kernel's own
        self.group = fields.pop("group", "matrix")      # of scripts/run-tests
        self.dir = os.path.join(vtdguest.BUILD, "run", name)
        settings = {}
        for key, value in fields.items():
            if key in LISTS:
                settings[key] = [l for l in value.split("\n") if l.strip()]
            elif key in NUMBERS:
                settings[key] = int(value)
            elif key == "devices" and value.strip() == "none":
                settings[key] = ""
            else:
                settings[key] = " ".join(value.split("\n")).strip()
        if driver:
            settings["driver"] = driver
        self.guest = vtdguest.Guest(self.dir, **settings)

    def rename(self, name):
        self.name = name
        self.dir = os.path.join(vtdguest.BUILD, "run", name)
        self.guest.place(self.dir)

    def lacks(self):
        """Symbols that the kernel would need for this case and does not have."""
        have = vtdguest.read_text(os.path.join(
            vtdguest.REPO, vtdguest.kernel_of(self.guest.driver), ".config"))
        return [s for s in self.needs if "\nCONFIG_%s=y\n" % s not in have]

    def has_selftest(self):
        return os.path.exists(os.path.join(
            vtdguest.BUILD, "linux" + vtdguest.LINE, "tools/testing/selftests", self.selftest))

    def run(self):
        """(passed, reasons, log); passed is None for a case that cannot run."""
        if self.selftest and not self.has_selftest():
            return None, ["this kernel has no tools/testing/selftests/" + self.selftest], ""
        if self.lacks():
            return None, ["kernel without " + " ".join("CONFIG_" + s for s in self.lacks())], ""
        os.makedirs(self.dir, exist_ok=True)
        if self.prepare:
            env = dict(os.environ, VTD_REPO=vtdguest.REPO, VTD_BUILD=vtdguest.BUILD)
            made = subprocess.run(["sh", "-euc", self.prepare], cwd=self.dir, env=env,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False)
            if made.returncode:
                return False, ["prepare: " + made.stdout.strip()[-500:]], ""
        passed = self.guest.run()
        return passed, self.guest.reasons, self.guest.console


def load(patterns, driver=None):
    cases = []
    for path in sorted(glob.glob(os.path.join(vtdguest.HERE, "cases", "*.ini"))):
        # A key stands alone on its line; values may hold any character.
        parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",),
                                              empty_lines_in_values=False)
        parser.optionxform = str
        with open(path) as f:
            parser.read_file(f)
        for name in parser.sections():
            if not patterns or any(fnmatch.fnmatch(name, p) for p in patterns):
                cases.append(Case(name, dict(parser[name]), driver))
    return cases


# What a strict unit is made besides, and what in a case does not go with it.
STRICT_VARIANTS = (
    ("", "", r"$^"),
    ("48", "aw-bits=48", r"aw-bits|vtd\.words=39|beyond the width|address bits 39"),
    ("coherent", "x-ecap-set=1", r"snoop-control|coherent"),
    ("caching", "caching-mode=on", r"caching-mode|DMA-FQ|iommu\.strict=0|translated, lazy"),
)
# Programs that map and unmap a lot: these see each variant, all others one.
STRICT_DEEP = ("io", "vfio", "unplug", "rebind", "hotplug", "sriov", "gains")


def strict(want):
    """Every case with a unit of QEMU's, on the unit that forgives nothing."""
    cases = []
    for name, add, against in STRICT_VARIANTS:
        for case in load([]):
            guest = case.guest
            if not guest.iommu.startswith("intel-iommu") or guest.driver != "ours" or \
                    "x-strict" in guest.iommu or guest.test == "fault" or \
                    guest.qemu == "newest":
                continue
            if name and guest.test not in STRICT_DEEP:
                continue
            if re.search(against, " ".join([guest.iommu, guest.append] + guest.expect)):
                continue
            case.rename("%s@%s" % (case.name, name or "as-it-is"))
            guest.iommu += ("," + add if add else "") + ",x-strict=on"
            if "aw-bits" not in guest.iommu:
                guest.iommu += ",aw-bits=39"    # what QEMU 7.2 means without
            guest.qemu = "bench"
            guest.cpu += ",+clflushopt"
            guest.timeout *= 2
            if want(case.name):
                cases.append(case)
    return cases


def scalable(want):
    """Every case with a unit of QEMU's, in scalable mode."""
    cases = []
    for case in load([]):
        guest = case.guest
        # What a crash leaves in scalable mode is not taken over: a case of its own says so
        if not guest.iommu.startswith("intel-iommu") or guest.driver != "ours" or \
                "x-scalable-mode" in guest.iommu or "x-strict" in guest.iommu or \
                guest.test == "crash":
            continue
        case.rename("%s@scalable" % case.name)
        guest.iommu += ",x-scalable-mode=on"
        guest.append = "intel_iommu=sm_on " + guest.append
        if want(case.name):
            cases.append(case)
    return cases


# What says most about a kernel that is not the default one, in some minutes
CORE = ("default", "option-*", "iommu-*", "unit-*", "device-*", "vfio-map-*", "vfio-walk*",
        "remap-*", "rmrr-*", "groups-*", "scalable-pasid*", "suspend-s3")


def core():
    """The heart of the matrix, and the kernel's own tests."""
    return [c for c in load([]) if c.group == "core" or c.group == "matrix" and
            any(fnmatch.fnmatch(c.name, p) for p in CORE)]


def without_qemu(cases):
    """Find the QEMUs first, outside of any case's time; the cases that have none."""
    lacking = {}
    for which in sorted({c.guest.qemu for c in cases}):
        try:
            vtdguest.program(which)
        except vtdguest.NoSource as e:
            lacking[which] = str(e)
        except (OSError, ValueError):
            pass                        # each case says so, and fails
    for which, why in lacking.items():
        print("== NOT RUN: %d cases need qemu = %s. %s" % (
            len([c for c in cases if c.guest.qemu == which]), which, why), flush=True)
    return [c for c in cases if c.guest.qemu in lacking]


def run_all(cases, report, workers=2):
    """report(case, passed, reasons, log) for each as it ends."""
    skipped = without_qemu(cases)
    for case in skipped:
        report(case, None, ["no qemu = %s, see above" % case.guest.qemu], "")
    cases = [c for c in cases if c not in skipped]
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(c.run): c for c in cases}
        for job in concurrent.futures.as_completed(jobs):
            case = jobs[job]
            try:
                passed, reasons, log = job.result()
            except Exception as e:          # a broken case is a failed case
                passed, reasons, log = False, ["%s: %s" % (type(e).__name__, e)], ""
            report(case, passed, reasons, log)

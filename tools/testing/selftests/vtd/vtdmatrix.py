# SPDX-License-Identifier: GPL-2.0
"""The boot matrix: cases/*.ini, one section a case; see README.rst."""
import concurrent.futures
import configparser
import fnmatch
import glob
import os
import subprocess

import vtdguest

LISTS = ("expect", "forbid", "allow")
NUMBERS = ("timeout",)


class Case:
    def __init__(self, name, fields, driver=None):
        self.name = name
        self.prepare = fields.pop("prepare", "")
        self.needs = fields.pop("needs", "").split()
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

    def lacks(self):
        """Symbols that the kernel would need for this case and does not have."""
        have = vtdguest.read_text(os.path.join(
            vtdguest.REPO, vtdguest.kernel_of(self.guest.driver), ".config"))
        return [s for s in self.needs if "\nCONFIG_%s=y\n" % s not in have]

    def run(self):
        """(passed, reasons, log); passed is None for a case that cannot run."""
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


def run_all(cases, report, workers=2):
    """report(case, passed, reasons, log) for each as it ends."""
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(c.run): c for c in cases}
        for job in concurrent.futures.as_completed(jobs):
            case = jobs[job]
            try:
                passed, reasons, log = job.result()
            except Exception as e:          # a broken case is a failed case
                passed, reasons, log = False, ["%s: %s" % (type(e).__name__, e)], ""
            report(case, passed, reasons, log)

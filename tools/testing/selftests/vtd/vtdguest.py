# SPDX-License-Identifier: GPL-2.0
"""One guest: its QEMU command line, its run with a time limit, its verdict.

The guest's PID 1 sends results through a second serial port, a file here.  A
case passes when the port says PASS, no result line is "not ok", nothing on the
list of forbidden lines is on the console, and everything expected is there.
"""
import fcntl
import hashlib
import os
import random
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.abspath(os.path.join(HERE, "../../../.."))
BUILD = os.path.join(REPO, "build")
# The line of kernels, as scripts/common.sh has it: what names end with
LINE = "-" + os.environ["KERNEL"] if os.environ.get("KERNEL", "6.12") != "6.12" else ""

# Never on the console of a healthy guest, whatever the case.
FORBIDDEN = [
    r"\bBUG:", r"\bWARNING:", r"\bOops\b", r"Call Trace", r"soft lockup",
    r"DMAR hardware is malfunctioning", r"KASAN", r"UBSAN", r"Kernel panic",
    r"general protection fault", r"unable to handle", r"rcu.*detected stall",
    r"blocked for more than", r"nobody cared", r"possible recursive locking",
    r"list_(add|del) corruption", r"scheduling while atomic",
    r"suspicious RCU usage", r"circular locking", r"inconsistent lock state",
    r"ODEBUG:", r"DMA-API: .*(error|not|leak|exceed)", r"irqs? .*unsafe.* lock",
]
# Programs in scripts/ that print where such a QEMU is.
QEMUS = {"newer": ["fetch-qemu"], "newest": ["fetch-qemu", "newest"], "bench": ["build-qemu"]}
FOUND = {}
QEMU_LOCK = threading.Lock()
STRICT_TOTALS = "vtd-strict: totals:"

# What a kernel says of a processor that waits in "halt" for its own timer, which does not
# come: a local APIC's, so it passes no IOMMU.  Seen in one of some thousand guests, with
# QEMU 7.2 and 10.2, all under TCG.  Such a guest is started once more, which is told; a
# third one in a run is a failure.
LOST_TIMER = r"Possible timer handling issue on cpu=|timer wakeup didn't happen"
HALTED = r"RIP: 0010:pv_native_safe_halt"
LOST_TIMERS = []
LOST_TIMERS_TOLD = 2

# A guest on a machine that does other things takes longer, and is not hung.
PATIENCE = 5
MONITOR_SECONDS = 60
DISK_BYTES = 16 << 20
COMPARED = 2 << 20

# Two edu devices, a disk and a network card of each common kind, every virtio
# device behind the IOMMU.
DEFAULT_DEVICES = """
-drive file={nvme},if=none,id=d0,format=raw,cache=unsafe -device nvme,drive=d0,serial=nvme
-drive file={vblk},if=none,id=d1,format=raw,cache=unsafe
-device virtio-blk-pci,drive=d1,serial=vblk,iommu_platform=on,disable-legacy=on
-netdev user,id=n0,restrict=on,tftp={tftp} -device e1000e,netdev=n0
-netdev user,id=n1,restrict=on,tftp={tftp}
-device virtio-net-pci,netdev=n1,iommu_platform=on,disable-legacy=on
-device edu,dma_mask=0xffffffffffffffff -device edu,dma_mask=0xffffffffffffffff
"""


def read_text(path):
    try:
        with open(path, errors="replace") as f:
            return f.read()
    except FileNotFoundError:
        return ""


def sha256_head(path, count):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read(count)).hexdigest()


class Guest:
    """What to boot.  Every field may be set by keyword."""

    def __init__(self, directory, **kw):
        self.place(directory)
        self.driver = "ours"
        self.test = "report"
        self.append = ""
        self.iommu = "intel-iommu"      # -device; "none" for a machine without
        self.devices = DEFAULT_DEVICES
        self.machine = ""               # more QEMU options
        self.memory = "2G"
        self.cpus = 2
        self.cpu = "qemu64,+pdpe1gb"
        self.timeout = 120
        self.acpi = ""                  # tables for the initrd, space separated
        self.expect = []
        self.forbid = []
        self.allow = []                 # forbidden lines that this case may have
        self.qemu = "installed"         # or a key of QEMUS
        self.strict = []                # what the strict unit must have seen
        self.violates = []              # lines that it must print; none without
        self.interactive = False
        self.hasty = False              # over at the first thing that fails the case
        self.accel = None
        for key, value in kw.items():
            if not hasattr(self, key):
                raise ValueError("no such guest setting: " + key)
            setattr(self, key, value)
        self.lines = []
        self.reasons = []
        self.said = ""                  # beside the verdict

    def place(self, directory):
        self.dir = directory
        self.console = os.path.join(directory, "console.log")
        self.port = os.path.join(directory, "port.log")

    # --- files the guest works on ------------------------------------------

    def prepare(self):
        os.makedirs(os.path.join(self.dir, "tftp"), exist_ok=True)
        for name in (self.console, self.port):
            open(name, "w").close()
        for name in ("nvme", "vblk", "ahci", "usb", "extra"):
            with open(self.path(name), "wb") as f:
                f.truncate(DISK_BYTES)
        payload = self.path("tftp/payload")
        with open(payload, "wb") as f:
            f.write(random.Random(os.path.basename(self.dir)).randbytes(300000))
        self.payload = sha256_head(payload, 300000)
        self.initrd = self.make_initrd()

    def path(self, name):
        return os.path.join(self.dir, name)

    def fill(self, text):
        names = {n: self.path(n)
                 for n in ("tftp", "nvme", "vblk", "ahci", "usb", "extra")}
        names.update(dir=self.dir, build=BUILD)
        return text.format_map(names)

    def make_initrd(self):
        """Tables go in front, uncompressed, where the kernel looks for them."""
        base = os.path.join(BUILD, "guest-" + self.driver + LINE, "initramfs.cpio.gz")
        if not self.acpi:
            return base
        tree = self.path("acpi-tree")
        shutil.rmtree(tree, ignore_errors=True)
        where = os.path.join(tree, "kernel/firmware/acpi")
        os.makedirs(where)
        for table in self.fill(self.acpi).split():
            shutil.copy(table, where)
        names = "".join(os.path.relpath(os.path.join(d, f), tree) + "\n"
                        for d, subs, files in os.walk(tree) for f in subs + files)
        cpio = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=tree,
                              input=names.encode(), stdout=subprocess.PIPE, check=True)
        target = self.path("initrd")
        with open(target, "wb") as out, open(base, "rb") as f:
            out.write(cpio.stdout)
            out.write(b"\0" * (-len(cpio.stdout) % 512))
            shutil.copyfileobj(f, out)
        return target

    # --- the command -----------------------------------------------------------

    def command(self):
        out = kernel_of(self.driver)
        accel = self.accel or accelerator()
        cmd = [program(self.qemu), "-machine", "q35,kernel-irqchip=split",
               "-accel", accel,
               "-cpu", "host" if accel == "kvm" else self.cpu,
               "-smp", str(self.cpus), "-m", self.memory,
               "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
               "-kernel", os.path.join(REPO, out, "arch/x86/boot/bzImage"),
               "-initrd", self.initrd,
               "-append", "console=ttyS0 panic=-1 watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60 "
               "clocksource=hpet no_timer_check vtd.test=%s "
               "vtd.driver=%s vtd.qemu=%s vtd.payload=%s %s" % (
                   self.test, self.driver,
                   "installed" if self.qemu == "installed" else "newer",
                   self.payload, self.append)]
        if self.interactive:
            cmd += ["-serial", "mon:stdio"]
        else:
            cmd += ["-serial", "file:" + self.console]
        cmd += ["-serial", "file:" + self.port]
        # The socket's path has to be short: 108 bytes is all a socket takes.
        cmd += ["-chardev", "socket,id=mon,path=mon,server=on,wait=off",
                "-mon", "chardev=mon,mode=readline"]
        if self.iommu != "none":
            cmd += ["-device", self.iommu]
        return cmd + shlex.split(self.fill(self.devices)) + \
            shlex.split(self.fill(self.machine))

    # --- the run -----------------------------------------------------------------

    def run(self):
        """Boot and wait; True when the case passed."""
        try:
            # One guest a directory: a second run waits for the first.
            os.makedirs(self.dir, exist_ok=True)
            lock = open(self.path(".lock"), "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.prepare()
            cmd = self.command()
        except (OSError, KeyError, ValueError, subprocess.CalledProcessError) as e:
            self.reasons.append("cannot start: %s" % e)
            return False
        with open(self.path("command"), "w") as f:
            f.write(" ".join(shlex.quote(c) for c in cmd) + "\n")
        if self.interactive:
            return subprocess.call(cmd, cwd=self.dir) == 0
        status = self.once(cmd)
        if self.lost_timer() and len(LOST_TIMERS) < LOST_TIMERS_TOLD:
            LOST_TIMERS.append(self.dir)
            self.said = ", started again: the emulator lost a timer"
            print("== %s%s" % (os.path.basename(self.dir), self.said), flush=True)
            self.reasons = []
            self.prepare()
            status = self.once(cmd)
        self.judge(status)
        return not self.reasons

    def once(self, cmd):
        start = time.time()
        with open(self.path("qemu.log"), "w") as log:
            proc = subprocess.Popen(cmd, cwd=self.dir, stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log)
            try:
                status = self.watch(proc, start)
            finally:
                if proc.poll() is None:
                    proc.kill()
                    proc.wait()
        self.seconds = time.time() - start
        return status

    def lost_timer(self):
        text = read_text(self.console)
        return bool(re.search(LOST_TIMER, text) and re.search(HALTED, text))

    def watch(self, proc, start):
        """Pass on what the guest asks of the monitor, until the end."""
        asked, later = 0, []
        while proc.poll() is None:
            if time.time() - start > self.timeout * PATIENCE:
                self.reasons.append("not done after %d s" % (self.timeout * PATIENCE))
                proc.kill()
                proc.wait()
                break
            port = read_text(self.port)
            if self.lost_timer():
                self.reasons.append("a timer was lost, see LOST_TIMER in vtdguest.py")
                proc.kill()
                proc.wait()
                break
            if self.hasty and self.has_failed(port):
                proc.kill()
                proc.wait()
                break
            wishes = re.findall(r"^host(|-asleep|-done) (.*)\n", port, re.M)
            later += wishes[asked:]
            asked = len(wishes)
            later = [w for w in later if not self.fulfil(port, *w)]
            time.sleep(0.1)
        return proc.returncode

    def has_failed(self, port):
        """True when no end of the run could make the verdict a good one."""
        said = read_text(self.path("qemu.log")) if not self.violates else ""
        return bool(re.search(r"^not ok", port, re.M) or
                    re.search(r"^vtd-strict: (?!totals)", said, re.M) or
                    re.search(r"^\[ *[\d.]+\] +not ok \d+ ", read_text(self.console), re.M))

    def fulfil(self, port, when, line):
        """True when it was time for the wish."""
        if when == "-done" and not re.search(r"^verdict .*\n", port, re.M):
            return False
        if when == "-asleep" and "suspended" not in self.monitor("info status"):
            return False
        answer = self.monitor(line)
        with open(self.path("monitor.log"), "a") as f:
            f.write("> %s\n%s\n" % (line, answer))
        return True

    def monitor(self, line):
        """Type a line; what the monitor says until it prompts again, or is gone."""
        answer = b""
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(MONITOR_SECONDS)
        fd = os.open(self.dir, os.O_RDONLY)
        try:
            # A path through /proc stays short enough for AF_UNIX.
            sock.connect("/proc/self/fd/%d/mon" % fd)
            sock.sendall(self.fill(line).encode() + b"\n")
            while answer.count(b"(qemu) ") < 2:
                more = sock.recv(65536)
                if not more:
                    break
                answer += more
        except OSError as e:
            answer += ("monitor: %s" % e).encode()
        finally:
            sock.close()
            os.close(fd)
        return answer.decode(errors="replace")

    # --- the verdict -----------------------------------------------------------------

    def judge(self, status):
        console, port = read_text(self.console), read_text(self.port)
        self.lines = port.splitlines()
        if status and status > 0:
            self.reasons.append("QEMU ended with %d: %s" % (
                status, read_text(self.path("qemu.log")).strip()[-300:]))
        if "terminating on signal" in read_text(self.path("qemu.log")):
            self.reasons.append("QEMU was ended from outside")
        if not self.lines:
            self.reasons.append("the guest never reached user space")
        elif not any(l.startswith("verdict PASS") for l in self.lines):
            self.reasons.append("the guest's verdict is not PASS")
        self.reasons += [l for l in self.lines if l.startswith("not ok")]
        forbidden = [f for f in FORBIDDEN if f not in self.allow]
        for pattern in forbidden + self.forbid:
            hit = re.search("^.*(?:%s).*$" % pattern, console + port, re.M)
            if hit:
                self.reasons.append("must not appear: %s" % hit.group(0).strip())
        for pattern in self.expect:
            if not re.search(pattern, console + port, re.M):
                self.reasons.append("missing: %s" % pattern)
        self.check_disks()
        if "x-strict=on" in self.iommu:
            self.check_strict()

    def check_disks(self):
        """The image holds what the guest says it wrote."""
        for line in self.lines:
            word = line.split()
            if len(word) == 3 and word[0] == "disk" and os.path.exists(self.path(word[1])):
                if sha256_head(self.path(word[1]), COMPARED) != word[2]:
                    self.reasons.append("image %s differs from what the guest wrote" % word[1])


    def check_strict(self):
        """The unit that forgives nothing has counted nothing, and has looked."""
        lines = [l for l in read_text(self.path("qemu.log")).splitlines()
                 if l.startswith("vtd-strict: ")]
        totals = lines[-1] if lines and lines[-1].startswith(STRICT_TOTALS) else ""
        if not totals:
            self.reasons += ["the strict unit gave no count"] + lines[:5]
        elif not self.violates and not totals.startswith(STRICT_TOTALS + " clean;"):
            self.reasons += [totals] + lines[:-1][:5]
        for pattern in self.violates:
            if not any(re.search(pattern, l) for l in lines[:-1]):
                self.reasons.append("the strict unit did not say: " + pattern)
        for name in self.strict:
            if not re.search(r"[ ,]%s [1-9]" % re.escape(name), totals):
                self.reasons.append("the strict unit saw no %s: %s" % (name, totals))


def kernel_of(driver):
    return "build/kernel" + {"ours": "", "debug": "-debug", "stock": "-stock"}[driver] + LINE


class NoSource(Exception):
    """A QEMU that cannot be had on this machine: no mistake of anybody's."""


def program(which):
    """The QEMU that a case wants."""
    if which == "installed":
        return "qemu-system-x86_64"
    if which not in QEMUS:
        raise ValueError("qemu is installed or one of %s, not %s" % (list(QEMUS), which))
    with QEMU_LOCK:
        if which not in FOUND:
            script, *words = QEMUS[which]
            got = subprocess.run([os.path.join(REPO, "scripts", script)] + words, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            why = got.stderr.strip()[-500:]
            FOUND[which] = got.stdout.strip() if not got.returncode else \
                NoSource(why.splitlines()[-1]) if got.returncode == 3 else OSError(why)
    if isinstance(FOUND[which], Exception):
        raise FOUND[which]
    return FOUND[which]


def accelerator():
    """KVM only where a guest proved it, TCG else.  Remembered under build/."""
    memo = os.path.join(BUILD, "accel")
    known = read_text(memo).strip()
    if known in ("kvm", "tcg"):
        return known
    found = "tcg"
    if os.access("/dev/kvm", os.R_OK | os.W_OK):
        for driver in ("ours", "stock"):
            if not os.path.exists(os.path.join(BUILD, "guest-" + driver + LINE)):
                continue
            trial = Guest(os.path.join(BUILD, "run/kvm-trial"), driver=driver,
                          test="trial", devices="", iommu="none", memory="256M",
                          timeout=10, accel="kvm")
            if trial.run():
                found = "kvm"
            break
    with open(memo, "w") as f:
        f.write(found + "\n")
    return found


def tail(path, count=25):
    return "\n".join(read_text(path).splitlines()[-count:])


def main():
    print("a library; see README.rst", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

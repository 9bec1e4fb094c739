# SPDX-License-Identifier: GPL-2.0
"""The manual page and the completion know what the program knows, and no more."""
import os
import re
import shlex
import shutil
import subprocess
import tempfile

import tap

TOOL = os.path.join(tap.REPO, "tools/iommu")


def read(name):
    with open(os.path.join(TOOL, name)) as f:
        return f.read()


def options():
    known = set(re.findall(r'^\t\{ "(\w+)", (?:required|no)_argument', read("vtd.c"), re.M))
    manual = set(re.findall(r"^--(\w+)", read("vtd.8.rst"), re.M)) | {"help"}
    completion = set(re.findall(r"--([a-z]\w*)", read("vtd.bash")))
    assert known == manual == completion, (known ^ manual, known ^ completion)
    assert len(known) > 8


def commands():
    known = set(re.findall(r'^\t\{ "(\w+)", vtd_', read("vtd.c"), re.M))
    usage = set(re.findall(r"vtd (\w+)", tap.vtd("--help", want=0)[1])) - {"for"}
    manual = set(re.findall(r"^\| \*\*vtd (\w+)\*\*", read("vtd.8.rst"), re.M))
    assert known == manual and known <= usage, (known, manual, usage)


def complete(*words):
    script = 'source %s/vtd.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vtd; ' \
             'echo "${COMPREPLY[@]}"' % TOOL
    return subprocess.run(["bash", "-c", script, "bash"] + list(words), check=True,
                          text=True, stdout=subprocess.PIPE).stdout.split()


def completion():
    assert complete("vtd", "") [:4] == ["preflight", "explain", "groups", "status"]
    assert complete("vtd", "pre") == ["preflight"]
    assert complete("vtd", "preflight", "--app") == ["--append"]
    assert complete("vtd", "explain", "--ls") == ["--lspci"]
    assert complete("vtd", "explain", "--app") == []


def page():
    try:
        import docutils.core
    except ImportError:
        raise tap.Skip("docutils is not installed")
    text = docutils.core.publish_string(
        read("vtd.8.rst"), writer_name="manpage",
        settings_overrides={"report_level": 2, "halt_level": 2}).decode()
    assert text.count(".SH") >= 6 and "vtd preflight" in text


def statuses():
    """The manual lists those of the program, and "usage" says where to look."""
    known = re.findall(r"^#define VTD_EXIT_\w+\s+(\d+)", read("report.h"), re.M)
    part = read("vtd.8.rst").split("EXIT STATUS\n")[1].split("EXAMPLES\n")[0]
    manual = re.findall(r"^(\d+) {1,3}\w", part, re.M)
    assert known == manual and len(known) == 5, (known, manual)


def examples():
    """Each command of the manual's examples is one that the program understands."""
    part = read("vtd.8.rst").split("EXAMPLES\n")[1]
    words = [shlex.split(l.split("|")[-1]) for l in re.findall(r"^    (.*vtd .*)$", part, re.M)]
    assert len(words) >= 3, part
    for line in words:
        with tempfile.TemporaryDirectory() as empty:
            line = [w for w in line[1:] if not w.startswith("#")]
            line = [os.devnull if "." in w and "/" not in w and not re.match(r"[\da-f:]+\.\d", w)
                    else w for w in line]
            assert tap.vtd(*line, "--root", empty)[0] != 64, line


def installed():
    """The program, its page and its completion, where they belong, and nothing else."""
    if not shutil.which("rst2man"):
        raise tap.Skip("docutils is not installed")
    with tempfile.TemporaryDirectory() as where:
        # The program is the one that is tested: none is compiled for this
        os.makedirs(where + "/build")
        shutil.copy(tap.PROGRAM, where + "/build/vtd")
        subprocess.run(["make", "-s", "-C", TOOL, "install", "O=%s/build" % where,
                        "DESTDIR=%s/dest" % where, "-o", "%s/build/vtd" % where, "KTREE=/nowhere"],
                       check=True, stdout=subprocess.DEVNULL)
        found = sorted(os.path.relpath(os.path.join(d, f), where + "/dest")
                       for d, _, files in os.walk(where + "/dest") for f in files)
        assert found == ["usr/sbin/vtd", "usr/share/bash-completion/completions/vtd",
                         "usr/share/man/man8/vtd.8"], found
        run = subprocess.run([where + "/dest/usr/sbin/vtd", "--help"], stdout=subprocess.PIPE)
        assert run.returncode == 0 and b"usage: vtd" in run.stdout


TESTS = [options, commands, completion, page, statuses, examples, installed]

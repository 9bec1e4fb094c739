# SPDX-License-Identifier: GPL-2.0
"""The manual page and the completion know what the program knows, and no more."""
import os
import re
import subprocess

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


TESTS = [options, commands, completion, page]

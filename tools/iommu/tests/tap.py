# SPDX-License-Identifier: GPL-2.0
"""One line for each test, and what a test calls."""
import json
import os
import subprocess
import tempfile
import traceback

from fakeroot import Root

PROGRAM = os.environ.get("VTD", "vtd")
HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.abspath(os.path.join(HERE, "../../.."))
MKDMAR = os.path.join(REPO, "tools/testing/selftests/vtd/tables/mkdmar")


class Skip(Exception):
    pass


def vtd(*words, stdin=b"", want=None):
    """(status, text); a crash or a sanitizer's complaint fails."""
    done = subprocess.run([PROGRAM] + list(words), input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)
    text = done.stdout.decode("utf-8", "replace")
    error = done.stderr.decode("utf-8", "replace")
    assert done.returncode in (0, 1, 2, 3, 64), "status %d\n%s" % (done.returncode,
                                                                   error[-2000:])
    assert "Sanitizer" not in error and "runtime error" not in error, error[-2000:]
    if want is not None:
        assert done.returncode == want, "status %d, not %d\n%s%s" % (
            done.returncode, want, text[-1500:], error[-500:])
    return done.returncode, text


def vtd_json(*words, **kw):
    """(status, sections)."""
    status, text = vtd(*(words + ("--json",)), **kw)
    report = json.loads(text)
    assert report["status"] == status
    return status, report["sections"]


def mkdmar(path, *items):
    subprocess.run([MKDMAR, path] + list(items), check=True)


def in_root(test):
    """Give a test a root of its own."""
    def run():
        with tempfile.TemporaryDirectory() as where:
            test(Root(where))
    run.__name__ = test.__name__
    return run


def run_all(suite, tests):
    bad = 0
    for test in tests:
        name = "%s.%s" % (suite, test.__name__)
        try:
            said = test()
            print("ok %s%s" % (name, " # %s" % said if said else ""), flush=True)
        except Skip as why:
            print("skip %s # %s" % (name, why), flush=True)
        except Exception:
            bad += 1
            print("# " + traceback.format_exc().replace("\n", "\n# "))
            print("not ok %s" % name, flush=True)
    return bad

# SPDX-License-Identifier: GPL-2.0
"""vtd groups and vtd status, on made up machines; the sentences are the driver's."""
from fakeroot import express
from tap import in_root, vtd, vtd_json


def texts(items):
    return "\n".join(i["text"] for i in items)


def port(root, name, bus, group, acs, device=0x000c):
    root.device(name, 0x1b36, device, 0x060400, group=group, header=1, secondary=bus,
                subordinate=bus, caps=[express(4)], acs=acs)


@in_root
def alone(root):
    port(root, "0000:00:01.0", 1, 1, (0x1d, 0x1d))
    root.device("0000:01:00.0", 0x10de, 0x1234, 0x030000, group=2, caps=[express(0)])
    status, s = vtd_json("groups", "--root", root.path)
    assert status == 0 and texts(s["groups"]).count("  alone") == 2, s


@in_root
def port_without_acs(root):
    port(root, "0000:00:01.0", 1, 1, None)
    root.device("0000:01:00.0", 0x10de, 0x1234, 0x030000, group=1, caps=[express(0)])
    _, s = vtd_json("groups", "01:00.0", "--root", root.path)
    text = texts(s["groups"])
    assert "no isolation on the way up: 0000:00:01.0 has no ACS capability" in text, text
    assert "to split: another slot, or firmware that offers ACS there" in text, text


@in_root
def port_that_can_be_set(root):
    port(root, "0000:00:01.0", 1, 1, (0x1d, 0x10))
    root.device("0000:01:00.0", 0x10de, 0x1234, 0x030000, group=1, caps=[express(0)])
    _, s = vtd_json("groups", "0000:01:00.0", "--root", root.path)
    text = texts(s["groups"])
    assert "ACS without Source Validation, Request Redirect, Completion Redirect" in text, text
    assert "to split: pci=config_acs=x11x1@0000:00:01.0" in text, text


@in_root
def functions_and_bridge(root):
    for fn in (0, 2, 3):
        root.device("0000:00:1f.%d" % fn, 0x8086, 0x2918 + fn, 0x060100, group=7, header=0x80)
    root.device("0000:00:1e.0", 0x8086, 0x244e, 0x060401, group=8, header=1, secondary=2,
                subordinate=2)
    root.device("0000:02:01.0", 0x1102, 0x0007, 0x040100, group=8)
    _, s = vtd_json("groups", "--root", root.path)
    text = texts(s["groups"])
    assert "functions of one device: 0000:00:1f.0 has no ACS capability" in text, text
    assert "shared requester id: behind conventional bridge 0000:00:1e.0" in text, text


@in_root
def what_only_the_kernel_knows(root):
    """Registers promise nothing, the kernel's groups differ: an ACS quirk, or an alias."""
    for fn, group in ((0, 1), (1, 2)):
        root.device("0000:00:03.%d" % fn, 0x15b3, 0x1015, 0x020000, group=group, header=0x80,
                    caps=[express(0)])
    port(root, "0000:00:01.0", 1, 3, None)
    root.device("0000:01:00.0", 0x10de, 0x1234, 0x030000, group=4, caps=[express(0)])
    port(root, "0000:00:02.0", 2, 5, (0x1d, 0x1d))
    root.device("0000:02:00.0", 0x10de, 0x1234, 0x030000, group=6, caps=[express(0)])
    # Two devices that nothing in their registers ties
    for device in (4, 5):
        root.device("0000:00:%02x.0" % device, 0x1b4b, 0x9230, 0x010601, group=7,
                    caps=[express(9)])
    status, s = vtd_json("groups", "--root", root.path)
    pairs = [(i["device"], i["other"]) for i in s["quirks"] if i["kind"] == "acs-quirk"]
    assert sorted(pairs) == [("0000:00:03.0", "0000:00:03.1"),
                             ("0000:01:00.0", "0000:00:01.0")], s["quirks"]
    assert "not explained: why here is " in texts(s["groups"]), s["groups"]
    assert [i for i in s["quirks"] if i["kind"] == "limit" and "DMA aliases" in i["text"]]
    _, s = vtd_json("groups", "02:00.0", "--root", root.path)
    assert not [i for i in s["quirks"] if i["kind"] == "acs-quirk"], s["quirks"]


@in_root
def not_for_everybody(root):
    for name, space in (("0000:00:01.0", {"header": 1, "secondary": 1, "subordinate": 1}),
                        ("0000:01:00.0", {})):
        root.device(name, 0x8086, 0x1901, 0x060400, group=1, privileged=False, **space)
    status, s = vtd_json("groups", "--root", root.path)
    assert status == 3 and "only root may read that" in texts(s["groups"]), s


@in_root
def no_group(root):
    vtd("groups", "--root", root.path, want=2)
    root.device("0000:00:02.0", 0x8086, 0x1916, 0x030000)
    vtd("groups", "00:02.0", "--root", root.path, want=2)
    vtd("groups", "00:03.0", "--root", root.path, want=3)
    vtd("groups", "what", "--root", root.path, want=64)
    vtd("status", "--root", root.path, want=2)


@in_root
def status(root):
    root.unit("dmar0", 0xfed90000, 0xd2008c40660462, 0xf050da)
    root.device("0000:00:02.0", 0x8086, 0x1916, 0x030000, group=1)
    root.device("0000:00:14.0", 0x8086, 0x9d2f, 0x0c0330, group=2)
    root.put("/sys/kernel/iommu_groups/2/type", "identity\n")
    root.put("/proc/interrupts", " 120:  1  IR-PCI-MSI-0000:00:14.0  0-edge  xhci_hcd\n")
    code, s = vtd_json("status", "--root", root.path)
    assert code == 0, s
    state = s["state"][0]
    assert state["on"] and (state["strict"], state["identity"], state["none"]) == (1, 1, 0)
    assert s["units"][0]["width"] == 39 and s["interrupts"][0]["remapped"]
    assert [i["device"] for i in s["unprotected"]] == ["0000:00:14.0"]
    root.device("0000:00:1f.0", 0x8086, 0x9d48, 0x060100)
    vtd("status", "--root", root.path, want=1)


TESTS = [alone, port_without_acs, port_that_can_be_set, functions_and_bridge,
         what_only_the_kernel_knows, not_for_everybody, no_group, status]

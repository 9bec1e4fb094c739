# SPDX-License-Identifier: GPL-2.0
"""The driver's verdicts: each is explained, in the words of the administrator's guide."""
import os
import re

import tap
from tap import vtd_json

DRIVER = os.path.join(tap.REPO, "drivers/iommu/intel/unit/fault_text.c")
GUIDE = os.path.join(tap.REPO, "Documentation/admin-guide/intel-iommu.rst")
DMA = "DMAR: [DMA Write NO_PASID] Request device [02:00.0] fault addr 0x%x [fault reason 0x05] " \
      "PTE Write access is not set"
DMA_VERDICT = "DMAR: dmar1: 0000:02:00.0 driver nvme group 14 domain DMA: %s"
INTERRUPT = "DMAR: [INTR-REMAP] Request device [00:05.0] fault index 0x1c [fault reason 0x26] " \
            "Interrupt comes from a device that the entry is not for"
INTERRUPT_VERDICT = "DMAR: dmar0: IOAPIC 2 interrupt refused, entry 28 is free: %s"


def explain(*lines):
    _, s = vtd_json("explain", "-", "--root", "/nonexistent",
                    stdin="".join("[    7.25] %s\n" % l for l in lines).encode())
    return [i for i in s["findings"] if "key" in i]


def of_driver():
    """(verdicts on DMA, on interrupts)."""
    with open(DRIVER) as f:
        text = f.read()
    text = text[text.index("vtd_no_driver[]"):]
    dma, interrupts = text.split("vtd_interrupt_verdict - ")
    strings = re.compile(r'^(?!#).*?"([a-z][^"]+)"', re.M)
    return strings.findall(dma), strings.findall(interrupts)


def cell(text):
    """Without markup and line breaks."""
    return re.sub(r"\s+", " ", text.replace("``", "").replace("*interrupts:* ", "")).strip()


def of_guide():
    """{verdict: (what it means, what to do first)}."""
    with open(GUIDE) as f:
        text = f.read()
    table = text.split("What the verdict asks of you\n----")[1].split("\n``vtd explain``")[0]
    rows = re.findall(r"^   \* - (.*?)\n     - (.*?)\n     - (.*?)(?=\n   \* - |\Z)", table,
                      re.M | re.S)
    return {verdict: (cell(means), cell(first)) for verdicts, means, first in rows[1:]
            for verdict in cell(verdicts).split("; ")}


def every_verdict():
    dma, interrupts = of_driver()
    dma, guide = set(dma), of_guide()
    assert len(dma) >= 20 and len(interrupts) >= 10, (dma, interrupts)
    assert set(guide) == dma | set(interrupts), set(guide) ^ (dma | set(interrupts))
    for verdicts, fault, second, key in ((dma, DMA % 0x1000, DMA_VERDICT, "dma-refused"),
                                         (interrupts, INTERRUPT, INTERRUPT_VERDICT,
                                          "interrupt-refused")):
        for verdict in verdicts:
            for lines in ((fault, second % verdict), (second % verdict,)):
                found = explain(*lines)
                assert len(found) == 1, (verdict, found)
                f = found[0]
                assert (f["key"], f["verdict"]) == (key, verdict), f
                means = f["text"].split(": ", 1)[1] if f["device"] else f["text"].split(" x ")[1]
                assert means.endswith(guide[verdict][0]), (means, guide[verdict])
                assert f["first"] == guide[verdict][1], (f["first"], guide[verdict])
    return "%d of DMA, %d of interrupts" % (len(dma), len(interrupts))


def counted_apart():
    """Two verdicts on one device are two findings, and a fault without one a third."""
    never = "not mapped: never mapped, or unmapped while the device still used it"
    blocked = "the device is blocked: nobody has given it memory, but it is active"
    found = explain(DMA % 0x1000, DMA_VERDICT % never, DMA % 0x3000, "usb 1-1: new device",
                    DMA_VERDICT % never, DMA % 0x5000, DMA_VERDICT % blocked, DMA % 0x7000)
    assert sorted((f["count"], f["verdict"] or "") for f in found) == [
        (1, ""), (1, blocked), (2, never)], found


def not_a_verdict():
    """Only at the end of a line of a unit."""
    assert not explain("DMAR: dmar0: the message was not given to it, perhaps",
                       "x: the message was not given to it",
                       "DMAR: dmar0 the message was not given to it")


def storms():
    assert [f["key"] for f in explain(
        "DMAR: dmar0: 0000:02:00.0 driver nvme faults too fast: recording of its faults pauses, "
        "812 so far; its requests stay refused")] == ["storm"]


TESTS = [every_verdict, counted_apart, not_a_verdict, storms]

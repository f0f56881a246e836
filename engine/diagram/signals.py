"""Signals: who throws what is waited for, who waits for what is thrown, and how far it may go.

A signal is heard in the case that throws it. With the property `reach` = `pack` it goes to every open
case of the pack that waits for it, too; never into a sealed case or out of one, and without what is
about persons.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.knowledge import CATCHES, reads
from engine.diagram.model import Element, Process

#: What `reach` may say.
REACHES = ("case", "pack")


def note_signals(
    process: Process, drawn: Iterable[Process], personal: Container[str], given: Given, faults: Faults
) -> None:
    """Note signals that would never come, go nowhere, or would carry or tell what must stay."""
    others = [e for p in drawn for e in p.elements.values()]
    thrown = {e.signal for e in others if e.signal and e.kind not in CATCHES}
    caught = {e.signal for e in others if e.signal and e.kind in CATCHES}
    for element in (e for e in process.elements.values() if e.signal is not None or "reach" in e.zeebe.properties):
        if element.signal and element.kind in CATCHES:
            if element.signal not in thrown and (element.parent is not None or element.kind != "startEvent"):
                _from_nobody(element, faults)
        else:
            _throws(element, caught, personal, given, faults)


def _from_nobody(element: Element, faults: Faults) -> None:
    faults.add("signal-from-nobody", element.id, f"“{element.label}”等待信号“{element.signal}”，但没有元素发出它。",
               f"“{element.label}” waits for the signal “{element.signal}”, which nothing throws.",
               "请画出发出它的事件，或改用消息。", "Draw the event that throws it, or use a message.", line=element.line)  # fmt: skip


def _throws(element: Element, caught: Container[str], personal: Container[str], given: Given, faults: Faults) -> None:
    reach = element.zeebe.reach
    if reach not in REACHES or element.trigger != "signal":
        faults.add("signal-reach", element.id, f"“{element.label}”的属性 reach 写的是“{reach}”。",
                   f"the property reach of “{element.label}” says “{reach}”.",
                   "只用于信号抛出、信号结束事件：case（本案件）或 pack（本制度包的在办案件）。",
                   "It is read on signal throw and end events: case, or pack for the open cases of the pack.", line=element.line)  # fmt: skip
        return
    if reach == "pack" and element.signal not in caught:
        faults.add("signal-to-nobody", element.id, f"“{element.label}”发出信号“{element.signal}”，但没有元素等待它。",
                   f"“{element.label}” throws the signal “{element.signal}”, for which nothing waits.",
                   "请画出等待它的事件，或改为普通事件。", "Draw the event that waits for it, or make it a plain event.",
                   severity="warning", line=element.line)  # fmt: skip
    if reach == "pack" and given.sealed:
        faults.add("signal-sealed", element.id, f"“{element.label}”要向其他案件发信号，但本制度包的案件是保密的。",
                   f"“{element.label}” would signal other cases, but the cases of this pack are sealed.",
                   "请去掉属性 reach：保密案件不向外发信号，也不接收，否则别处可以推知它的存在。",
                   "Remove the property reach: a sealed case neither sends signals nor hears them, or others could infer that it exists.",
                   line=element.line)  # fmt: skip
    for line in element.zeebe.inputs if reach == "pack" else ():
        for name in sorted(n for n in reads(line.source) if n in personal):
            faults.add("signal-personal", element.id, f"“{element.label}”要随信号带走个人信息“{name}”。",
                       f"“{element.label}” would send “{name}” along, which is about a person.",
                       "请去掉这一项：个人信息不离开案件。", "Remove this input: what is about a person does not leave the case.",
                       line=element.line, name=name)  # fmt: skip

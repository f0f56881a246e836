"""Listeners that would not be heard as drawn: an event that is not told, a place where they cannot stand, an errand unknown."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram.construct import Row
from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.knowledge import FROM_ERRANDS
from engine.diagram.model import GATEWAYS, Element, Listener, Process

#: What is told of an execution, and of a task of a person.
EXECUTION, TASK = ("start", "end"), ("creating", "completing")
#: Ends that take away what they stand in, so that nothing is left to listen.
_ABRUPT = ("error", "escalation", "terminate")


def note_listeners(process: Process, rows: Mapping[str, Row], given: Given, faults: Faults) -> None:
    """Note each listener that the run would not ask, or would ask otherwise than drawn."""
    for element in process.elements.values():
        seen: set[tuple[str, str]] = set()
        for listener in element.zeebe.listeners:
            if (listener.event, listener.type) in seen:
                _note("listener-twice", element, listener, rows, faults)
            elif (code := _bars(element, listener)) is not None:
                _note(code, element, listener, rows, faults)
            else:
                _errand(element, listener, given, faults)
            seen.add((listener.event, listener.type))


def _bars(element: Element, listener: Listener) -> str | None:
    if listener.event not in (TASK if listener.task else EXECUTION):
        return "listener-event"
    if element.zeebe.loop is not None or not _may_stand(element, listener.event):
        return "listener-place"
    # A task listener brings nothing; what a call is given beforehand must not come back as what it wrote.
    silent = listener.task or (listener.event == "start" and element.kind == "callActivity")
    return "listener-result" if silent and listener.type in FROM_ERRANDS else None


def _may_stand(element: Element, event: str) -> bool:
    if element.kind in ("startEvent", "boundaryEvent"):
        return event == "end"
    if element.kind in GATEWAYS:
        # Where branches join, a token waits for others: who of them would ask is not said.
        joins = element.kind in ("parallelGateway", "inclusiveGateway") and len(element.incoming) > 1
        return event == "start" and not joins
    if element.trigger == "link" or element.by_event:
        return False
    return not (event == "end" and element.trigger in _ABRUPT)


def _note(code: str, element: Element, listener: Listener, rows: Mapping[str, Row], faults: Faults) -> None:
    row, what = rows[code], f"{listener.event} · {listener.type}"
    faults.add(row.id, element.id, f"“{element.label}”的监听器 {what}：{row.zh}。{row.how_zh}",
               f"listener {what} of “{element.label}”: {row.en}. {row.how_en}", row.remedy_zh, row.remedy_en,
               line=element.line, listener=what)  # fmt: skip


def _errand(element: Element, listener: Listener, given: Given, faults: Faults) -> None:
    if listener.type not in given.errands:
        known = "、".join(sorted(given.errands)) or "-"
        faults.add("errand-unknown", element.id, f"“{element.label}”的监听器写的事务“{listener.type}”不存在。",
                   f"a listener of “{element.label}” names the errand “{listener.type}”, which does not exist.",
                   f"请改为下列之一：{known}。", f"Use one of these: {known}.", line=element.line, name=listener.type)  # fmt: skip
        return
    have = set(element.zeebe.headers) | element.zeebe.own
    for need in given.errands[listener.type]:
        if need not in have:
            faults.add("errand-fact-missing", element.id, f"“{element.label}”的监听器 {listener.type} 缺少“{need}”。",
                       f"the listener {listener.type} of “{element.label}” lacks “{need}”.",
                       "请填写任务头或输入映射。", "Give it as a task header or an input mapping.", line=element.line)  # fmt: skip

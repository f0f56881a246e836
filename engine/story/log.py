"""Histories as event logs: what process mining reads. Which step, when, by whom, and in which turn of its life.

Turns are those of the XES standard (IEEE 1849): schedule, assign, reassign, start, suspend, pi_abort, complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import history as h
from engine.release import Release
from engine.story.names import Names
from engine.values import Value

COMPLETE = "complete"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event of a log."""

    case: str
    #: Number of the event in the history that proves it.
    seq: int
    #: What the step is called on the diagram, or what happened to the case.
    activity: str
    turn: str = COMPLETE
    #: UTC.
    at: datetime
    #: User name; None: the procedure itself, or time.
    who: str | None = None
    behalf: str | None = None
    element: str | None = None
    #: Task, timer or errand: those of one name are one piece of work.
    instance: str | None = None
    #: Whether the instance is a task of a person.
    worked: bool = False
    #: What else is known: "due", "status", "late" …
    facts: Mapping[str, Value] = field(default_factory=dict)


class _Unquoted(Names):
    def quoted(self, text: str) -> str:
        return text


def happenings(
    records: Iterable[h.Record], release: Release, lang: str, known: Callable[[str], Release | None] = lambda digest: None
) -> Iterator[Happening]:
    """The log of one case, in order.

    Args:
        records: the whole history.
        lang: "zh…" or anything else for English: the language of the activities.
        known: releases by digest; steps taken before a move are called as the drawing of that time called them.
    """
    names = _Unquoted(release, lang, known=known)
    for record in records:
        names.meet(record.event)
        found = _told(record.event, names)
        if found is not None:
            event = record.event
            by = event if isinstance(event, h.Input) and event.actor != "system" else None
            yield Happening(
                case=record.case, seq=record.seq, at=event.at, who=by.actor if by else None,
                behalf=by.on_behalf_of if by else None, **found,
            )  # fmt: skip


def _told(event: h.Event, names: Names) -> dict[str, Any] | None:
    match event:
        case h.TaskOpened():
            due = {"due": event.due} if event.due else {}
            return _step(names, event.task, "schedule", due | {"roles": [g.rpartition("/")[2] for g in event.groups]})
        case h.TaskClaimed():
            return _step(names, event.task, "start")
        case h.TaskReleased():
            return _step(names, event.task, "suspend")
        case h.TaskDelegated():
            return _step(names, event.task, "reassign", {"to": event.to})
        case h.TaskWithdrawn():
            return _step(names, event.task, "pi_abort")
        case h.TaskCompleted():
            return _step(names, event.task, COMPLETE)
        case h.TimerFired():
            return _step(names, event.timer, COMPLETE)
        case h.ErrandDone():
            return _step(names, event.errand, COMPLETE)
        case h.ErrandFailed():
            return _step(names, event.errand, "pi_abort", {"error": event.error})
        case h.DecisionMade():
            return {"activity": names.decision(event.decision), "element": event.element, "facts": {}}
        case h.MessageReceived():
            return {"activity": names.label(names.release.policy.messages, event.message), "facts": {"message": event.message}}
    return _of_the_case(event, names)


def _of_the_case(event: h.Event, names: Names) -> dict[str, Any] | None:
    match event:
        case h.CaseOpened():
            return _said(names, "登记投诉", "Complaint received", {"channel": event.channel})
        case h.StatusChanged():
            said = names.label(names.release.policy.statuses, event.status)
            return _said(names, f"状态：{said}", f"Status: {said}", {"status": event.status})
        case h.DeadlineExtended():
            return _said(names, "延期", "Deadline extended", {"deadline": event.deadline, "amount": event.amount, "unit": event.unit})
        case h.ClockPaused():
            return _said(names, "暂停计时", "Clock paused", {})
        case h.ClockResumed():
            return _said(names, "恢复计时", "Clock resumed", {})
        case h.DeadlineMet(late=True):
            limit = names.limit(event.deadline)
            return _said(names, f"逾期：{limit}", f"Late: {limit}", {"deadline": event.deadline})
        case h.CaseMoved():
            return _said(names, "迁移到新版本", "Moved to another release", {"before": event.before, "release": event.release})
        case h.PersonRecused():
            return _said(names, "回避", "Recusal", {})
        case h.IncidentRaised():
            return _said(names, "异常", "Incident", {"code": event.code}) | {"element": event.element}
        case h.IncidentResolved():
            return _said(names, "异常已处置", "Incident resolved", {})
        case h.CaseClosed():
            return _said(names, "结案", "Case closed", {}) | {"element": event.element}
    return None


def _step(names: Names, name: str, turn: str, facts: Mapping[str, Value] | None = None) -> dict[str, Any]:
    element = name.rpartition("-")[0] or name
    worked = name in names.tasks
    return {"activity": names.task(name), "element": element, "turn": turn, "instance": name, "worked": worked, "facts": facts or {}}


def _said(names: Names, zh: str, en: str, facts: Mapping[str, Value]) -> dict[str, Any]:
    return {"activity": names.say(zh, en), "facts": facts}

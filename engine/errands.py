"""Errands: what a diagram asks a machine to do, by name.

A prompt errand touches nothing but the case and the database and is done inside the transaction
that asked for it. The others leave by the outbox and are done when the timekeeper has delivered
them. The registry is what the gate knows: a diagram that names any other errand is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.history import (
    CaseLinked,
    ClockPaused,
    ClockResumed,
    DeadlineExtended,
    DeadlineMet,
    PersonRecused,
    TaskOpened,
)
from engine.numbering import CASE_SERIES, Pattern
from engine.policy import Label
from engine.values import Value

if TYPE_CHECKING:
    from engine.desk.sitting import Sitting
    from engine.run import OpenErrand, Run

Facts = Mapping[str, Value]
Do = Callable[["Sitting", Facts], Facts]


class ErrandNeeds(EngineError):
    """The errand {errand} at {element} needs “{header}”: give it as a task header or an input mapping."""

    zh = "{element} 处的事务 {errand} 缺少“{header}”：请在任务头或输入映射中给出。"


@dataclass(frozen=True, kw_only=True)
class ErrandKind:
    """One errand a diagram may name."""

    type: str
    label: Label
    #: Facts it cannot do without, given as task headers or inputs.
    needs: tuple[str, ...] = ()
    #: What is done at once; None: it leaves by the outbox.
    do: Do | None = None


def facts_of(errand: OpenErrand) -> dict[str, Value]:
    """What the diagram says for the errand: its headers, and over them its inputs.

    Raises:
        ErrandNeeds: a fact the errand cannot do without is missing or null.
    """
    facts: dict[str, Value] = {**(errand.headers or {}), **(errand.inputs or {})}
    kind = ERRANDS.get(errand.type)
    for need in kind.needs if kind else ():
        if facts.get(need) is None:
            raise ErrandNeeds(errand=errand.type, element=errand.element, header=need)
    return facts


def _take_number(sitting: Sitting, facts: Facts) -> Facts:
    series = str(facts.get("series") or CASE_SERIES)
    row = sitting.release.policy.numbering[series]
    pattern = Pattern.parse(row.pattern, reset=row.reset, overflow=row.overflow)
    # A paper may carry a day of its own: a batch that of its production.
    given = facts.get("day")
    day = given if isinstance(given, date) else sitting.local(sitting.at).date()
    parts = {part: str(facts.get(part) or "") for part in pattern.parts}
    # Asked first: what the pattern lacks must not cost a number.
    pattern.format(day, 1, **parts)
    taken = sitting.tx.take_number(f"{sitting.release.pack}/{series}", pattern.period(day), most=pattern.last)
    return {"number": pattern.format(day, taken, **parts), "series": series}


def _extend_deadline(sitting: Sitting, facts: Facts) -> Facts:
    sitting.apply(
        DeadlineExtended(
            at=sitting.at,
            actor=sitting.actor,
            deadline=str(facts["deadline"]),
            amount=int(str(facts["amount"])),
            unit=str(facts["unit"]),
            reason=str(facts["reason"]),
            approved_by=str(facts.get("approved_by") or sitting.actor),
        )
    )
    return {}


def _pause_clock(sitting: Sitting, facts: Facts) -> Facts:
    if not sitting.run.paused:
        sitting.apply(ClockPaused(at=sitting.at, actor=sitting.actor, reason=str(facts["reason"])))
    return {}


def _resume_clock(sitting: Sitting, facts: Facts) -> Facts:
    if sitting.run.paused:
        sitting.apply(ClockResumed(at=sitting.at, actor=sitting.actor, reason=str(facts.get("reason") or "")))
    return {}


def _recuse(sitting: Sitting, facts: Facts) -> Facts:
    sitting.recuse(
        PersonRecused(at=sitting.at, actor=sitting.actor, person=str(facts["person"]), reason=str(facts["reason"]))
    )
    return {}


def _open_linked_case(sitting: Sitting, facts: Facts) -> Facts:
    pack, relation = str(facts["pack"]), str(facts.get("relation") or "child")
    answers = {k: v for k, v in facts.items() if k not in ("pack", "relation", "channel")}
    other, sealed = sitting.open_other(pack, answers, channel=str(facts.get("channel") or "internal"))
    if sealed and not sitting.release.policy.sealed:
        # Whoever reads this case may be complained of in that one: it knows of this, not this of it.
        return {"linked_case": None}
    sitting.apply(CaseLinked(at=sitting.at, actor=sitting.actor, other=other, relation=relation))
    return {"linked_case": other}


def _find_overruns(sitting: Sitting, facts: Facts) -> Facts:
    run = sitting.run
    late = {n for n, d in run.deadlines.items() if d.met is None and d.is_late(sitting.at, run.paused_since)}
    groups: dict[str, tuple[str, ...]] = {}
    for event in sitting.events():
        match event:
            case TaskOpened():
                groups[event.task] = event.groups
            case DeadlineMet() if event.late:
                late.add(event.deadline)
    units = {role for name in late for role in groups.get(name, ()) if role in sitting.release.policy.roles}
    return {"overruns": sorted(late), "late_units": sorted(units)}


def _find_earlier(sitting: Sitting, facts: Facts) -> Facts:
    """Other cases of the pack in which the same is known, the earliest first, each with what is asked of it.

    What is about a person is compared and not told: it stays in its own case.
    """
    # The gate asks for the names of errands in a process of its own, which would load a database for nothing.
    from engine.store.passages import answer_mark

    own, _ = _known(sitting.run)
    same = {name: own.get(name) for name in _names(facts.get("same"))}
    marks = [answer_mark(name, value) for name, value in same.items()]
    known = tuple(mark for mark in marks if mark is not None)
    if not known or len(known) < len(marks):
        return {"earlier_cases": []}
    found: list[Value] = []
    for head, run in sitting.others(known):
        document, whose = _known(run)
        if all(document.get(name) == value for name, value in same.items()):
            told = {n: document.get(n) if n not in whose else None for n in _names(facts.get("tell"))}
            found.append({"case": head.case, "number": head.number, "opened": head.opened_at, **told})
    return {"earlier_cases": found[::-1]}


def _known(run: Run) -> tuple[dict[str, Value], dict[str, str]]:
    """What is known in a case, also to a process it has called and that is not over; and which names are about whom."""
    document: dict[str, Value] = {}
    whose: dict[str, str] = {}
    for scope in sorted(run.documents, reverse=True):  # the case document is the last and has the last word
        document |= run.documents[scope]
        whose |= run.whose(scope)
    return document, whose


def _names(said: Value) -> list[str]:
    parts = said if isinstance(said, list) else str(said or "").replace("，", ",").split(",")
    return [name for part in parts if (name := str(part).strip())]


def _note(sitting: Sitting, facts: Facts) -> Facts:
    """The errand's own event is the fact: registers, reminders, papers and copies are read from the history."""
    return {}


def _kind(type: str, zh: str, en: str, *needs: str, do: Do | None) -> ErrandKind:
    return ErrandKind(type=type, label=Label(zh=zh, en=en), needs=needs, do=do)


#: Every errand by its name in diagrams (`zeebe:taskDefinition type`).
ERRANDS: Mapping[str, ErrandKind] = {
    kind.type: kind
    for kind in (
        _kind("take-number", "编号", "Number the case", do=_take_number),
        _kind("enter-register", "登记", "Enter in the register", "register", do=_note),
        _kind("send-reminder", "催办、查办", "Send a reminder", "kind", "to", do=_note),
        _kind("escalate", "升级", "Escalate", "to", do=_note),
        _kind("notify", "通知", "Notify", "to", do=_note),
        _kind("issue-document", "出具文书", "Issue a document", "form", do=_note),
        _kind("archive-copies", "分发存档", "Distribute and archive copies", "form", do=_note),
        _kind("publish-notice", "公示", "Publish a notice", do=_note),
        _kind("find-earlier", "查以往案件", "Look up earlier cases", "same", do=_find_earlier),
        _kind("find-overruns", "清查超期", "Find what is overdue", do=_find_overruns),
        _kind(
            "extend-deadline", "延期", "Extend a deadline", "deadline", "amount", "unit", "reason", do=_extend_deadline
        ),
        _kind("pause-clock", "暂停计时", "Stop the clocks", "reason", do=_pause_clock),
        _kind("resume-clock", "恢复计时", "Let the clocks go on", do=_resume_clock),
        _kind("recuse", "回避", "Take a person off the case", "person", "reason", do=_recuse),
        _kind("open-linked-case", "转立案", "Open a linked case", "pack", do=_open_linked_case),
        _kind("send-letter", "寄送函件", "Send a letter", "to", do=None),
    )
}

#: Errands whose own event is something to be read in the case: reminders, papers, notices.
PAPERS: frozenset[str] = frozenset(kind.type for kind in ERRANDS.values() if kind.do in (_note, None))

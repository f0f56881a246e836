"""What moving a case to another release would do: what bars it, or what it would lose and gain.

The forecast is the move itself, made beside the case and told; so the move, when it is made, can do nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine import history as h
from engine.foreseen import Change, Foreseen
from engine.run.refusals import CannotMove

if TYPE_CHECKING:
    from engine.release import Release
    from engine.run.run import Run

#: Facts of a task that a drawing may say otherwise.
_ASKED = ("form", "groups", "users", "assignee", "claimed_by", "priority", "four_eyes", "limit", "due")
#: What begins or ends: kind of outcome -> what it is, the fact that names it, and the fact that says what.
_BEGINS: dict[type[h.Event], tuple[str, str, str]] = {
    h.MessageAwaited: ("message", "subscription", "message"),
    h.SignalAwaited: ("signal", "subscription", "signal"),
    h.TaskOpened: ("task", "task", "form"),
    h.ErrandStarted: ("errand", "errand", "type"),
}
_ENDS: dict[type[h.Event], tuple[str, str]] = {
    h.MessageDropped: ("message", "subscription"),
    h.SignalDropped: ("signal", "subscription"),
    h.TaskWithdrawn: ("task", "task"),
    h.ErrandCancelled: ("errand", "errand"),
}


def foresee(run: Run, release: Release, event: h.CaseMoved) -> Foreseen:
    """What would happen to a case, which stays as it is."""
    try:
        after, outcomes = run.moved(release, event)
    except CannotMove as refused:
        return Foreseen(bars=refused.findings)
    return told(run, after, outcomes)


def told(before: Run, after: Run, outcomes: Iterable[h.Outcome]) -> Foreseen:
    """What a move did."""
    return Foreseen(changes=tuple(change for outcome in outcomes for change in _changes(before, after, outcome)))


def _changes(before: Run, after: Run, outcome: h.Outcome) -> Iterator[Change]:
    match outcome:
        case h.TaskRevised():
            was, now = before.tasks[outcome.task], after.tasks[outcome.task]
            for what in _ASKED:
                if getattr(was, what) != getattr(now, what):
                    yield Change(of="task", how="changed", name=outcome.task, what=what,
                                 before=_text(getattr(was, what)), after=_text(getattr(now, what)))  # fmt: skip
        case h.DeadlineMoved():
            due = before.deadlines[outcome.deadline].due
            yield Change(of="deadline", how="changed", name=outcome.deadline, before=_text(due), after=_text(outcome.due))
        case h.DeadlineSet():
            yield Change(of="deadline", how="begins", name=outcome.deadline, after=_text(outcome.due))
        case h.DeadlineDropped():
            due = before.deadlines[outcome.deadline].due
            yield Change(of="deadline", how="ends", name=outcome.deadline, before=_text(due))
        case h.DeadlineMet():
            yield Change(of="deadline", how="changed", name=outcome.deadline, what="met", after=_text(outcome.late))
        case h.TimerMoved():
            due = before.timers[outcome.timer].due
            yield Change(of="timer", how="changed", name=outcome.timer, before=_text(due), after=_then(outcome))
        case h.TimerSet():
            yield Change(of="timer", how="begins", name=outcome.timer, after=_then(outcome))
        case h.TimerCancelled():
            yield Change(of="timer", how="ends", name=outcome.timer, before=_text(before.timers[outcome.timer].due))
        case h.StatusChanged():
            yield Change(of="status", how="changed", name="status", before=before.status or "", after=outcome.status)
        case h.IncidentRaised():
            yield Change(of="incident", how="begins", name=outcome.element, after=outcome.en)
        case h.CaseClosed():
            yield Change(of="case", how="ends", name=outcome.element)
        case _ if type(outcome) in _BEGINS:
            of, name, what = _BEGINS[type(outcome)]
            yield Change(of=of, how="begins", name=getattr(outcome, name), after=_text(getattr(outcome, what)))
        case _ if type(outcome) in _ENDS:
            of, name = _ENDS[type(outcome)]
            yield Change(of=of, how="ends", name=getattr(outcome, name))


def _then(outcome: h.TimerSet | h.TimerMoved) -> str:
    """When a timer will fire; "" for at once: its moment has passed."""
    return "" if outcome.due <= outcome.at else _text(outcome.due)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case tuple():
            return ", ".join(map(str, value))
    return str(value)

"""Outcomes: everything a process can make of an input. A replay must find the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.history.events import Outcome
from engine.values import Value


@dataclass(frozen=True, kw_only=True)
class PathTaken(Outcome):
    """Which elements and flows were passed because of the input, in order."""

    #: Element and flow ids; those of a called process as "call-2/element".
    passed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TaskOpened(Outcome):
    """There is something a person must do."""

    #: Our name: "trace-2" is the second opening of element `trace`.
    task: str
    element: str
    process: str
    form: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    assignee: str | None = None
    priority: int = 50
    #: Elements whose doers may not do this one.
    four_eyes: tuple[str, ...] = ()
    #: The limit it stands under, when it is due and why.
    limit: str | None = None
    due: datetime | None = None
    trace: Mapping[str, Value] | None = None
    #: The activity whose local data it works on: "" is the case document.
    scope: str = ""
    #: What tells one instance of a repeated task from the next.
    item: Value = None


@dataclass(frozen=True, kw_only=True)
class TaskWithdrawn(Outcome):
    """The process took an open task away."""

    task: str


@dataclass(frozen=True, kw_only=True)
class TaskRevised(Outcome):
    """An open task is asked otherwise than it was opened: the case was moved, and its drawing says so now."""

    task: str
    form: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    assignee: str | None = None
    #: Who keeps it in hand; None: nobody has it now.
    claimed_by: str | None = None
    priority: int = 50
    four_eyes: tuple[str, ...] = ()
    limit: str | None = None
    due: datetime | None = None
    trace: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class TimerSet(Outcome):
    """The process is waiting for a moment."""

    #: Our name, e.g. "late-1".
    timer: str
    element: str
    due: datetime
    limit: str | None = None
    trace: Mapping[str, Value] | None = None
    #: The task on whose edge it sits.
    task: str | None = None


@dataclass(frozen=True, kw_only=True)
class TimerMoved(Outcome):
    """A pause, an extension or a re-plan moved a timer."""

    timer: str
    due: datetime
    trace: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class TimerCancelled(Outcome):
    """The process no longer waits for it."""

    timer: str


@dataclass(frozen=True, kw_only=True)
class MessageAwaited(Outcome):
    """The process waits for a message from outside."""

    subscription: str
    message: str
    element: str
    key: Value = None


@dataclass(frozen=True, kw_only=True)
class MessageDropped(Outcome):
    """The process no longer waits for it."""

    subscription: str


@dataclass(frozen=True, kw_only=True)
class SignalAwaited(Outcome):
    """The process waits for a signal, of its own case or of another."""

    subscription: str
    signal: str
    element: str


@dataclass(frozen=True, kw_only=True)
class SignalDropped(Outcome):
    """The process no longer waits for it."""

    subscription: str


@dataclass(frozen=True, kw_only=True)
class ErrandStarted(Outcome):
    """A machine must do something outside the run."""

    errand: str
    element: str
    #: Name of the errand in the registry: "take-number", "send-letter", ...
    type: str
    headers: Mapping[str, str] | None = None
    inputs: Mapping[str, Value] | None = None
    #: How often it is tried before the case is told that it failed, where the diagram says so.
    retries: int | None = None


@dataclass(frozen=True, kw_only=True)
class ErrandCancelled(Outcome):
    """The process no longer wants it."""

    errand: str


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Outcome):
    """A decision table was asked."""

    element: str
    decision: str
    #: Table, version, inputs, matched rules, outputs.
    record: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class DataSet(Outcome):
    """A script, a mapping or a decision wrote case data."""

    element: str
    values: Mapping[str, Value]
    scope: str = ""


@dataclass(frozen=True, kw_only=True)
class ValueMissing(Outcome):
    """An expression gave no value because of a mistake in it or in what it reads: the reasons, by kinds and places, without any value."""

    element: str
    #: The expression, or the id of the decision.
    text: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class MilestoneReached(Outcome):
    """A named point of the procedure from which limits count."""

    milestone: str
    element: str | None = None


@dataclass(frozen=True, kw_only=True)
class StatusChanged(Outcome):
    """The case has another status: 调查中, 待审批, ..."""

    status: str


@dataclass(frozen=True, kw_only=True)
class DeadlineSet(Outcome):
    """A limit is at work on the case."""

    #: The id of the limit; a task's own deadline is told by `TaskOpened`.
    deadline: str
    start: datetime
    due: datetime
    trace: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(Outcome):
    """A pause, an extension or a re-plan moved a deadline of the case or of a task."""

    deadline: str
    due: datetime
    trace: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class DeadlineDropped(Outcome):
    """A limit that was at work on the case is none of its release any more."""

    deadline: str


@dataclass(frozen=True, kw_only=True)
class DeadlineMet(Outcome):
    """What the limit asked for was done."""

    deadline: str
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageSent(Outcome):
    """The process threw a message that nobody in the case caught."""

    element: str
    message: str
    payload: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class SignalSent(Outcome):
    """The process threw a signal."""

    element: str
    signal: str
    #: How far it goes: "" stays in the case, "pack" goes to every open case of the pack that waits for it.
    reach: str = ""
    #: What goes along to other cases; nothing about persons.
    payload: Mapping[str, Value] | None = None
    #: How many signals, each thrown because of the one before, led to this one.
    hops: int = 0


@dataclass(frozen=True, kw_only=True)
class IncidentRaised(Outcome):
    """The case stands still at an element and needs an administrator."""

    incident: str
    element: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Outcome):
    """The process came to its end."""

    #: The end event that was reached last.
    element: str

"""The kinds of events. Inputs drive a case, outcomes are what the process made of an input.

Kinds are for ever: never rename or remove one, nor a fact; add optional facts only
(STYLE, "Histories are for ever"). Times are aware and UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from engine.values import Value

#: Every kind by its name in the database, filled as classes are defined.
KINDS: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact in a history."""

    kind: ClassVar[str] = ""

    #: When it happened. For a fired timer: the moment it was due, not when we noticed.
    at: datetime

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__ in ("Input", "Outcome"):
            return
        cls.kind = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")
        KINDS[cls.kind] = cls

    def facts(self) -> dict[str, Any]:
        """Everything but when and who, leaving out facts that keep their default."""
        return {
            f.name: value
            for f in fields(self)
            if f.name not in ("at", "actor", "on_behalf_of") and (value := getattr(self, f.name)) != f.default
        }


@dataclass(frozen=True, kw_only=True)
class Input(Event):
    """What the world did."""

    #: The person, or "system".
    actor: str = "system"
    #: The absent person for whom the actor, as deputy, acted.
    on_behalf_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome(Event):
    """What the process made of the input before it."""


# --- inputs -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Input):
    """A complaint was received."""

    pack: str
    #: Digest of the release it stays on.
    release: str
    #: The process that runs.
    process: str
    #: "product-quality", "service" or "staff-conduct".
    flow: str
    #: How it came: phone, letter, visit, web, regulator, ...
    channel: str
    #: What it is called in lists; never personal.
    title: str = ""
    #: The intake form and what was said on it.
    form: str | None = None
    answers: Mapping[str, Value] | None = None
    #: Only participants may see it.
    sealed: bool = False
    #: Persons who may neither see nor handle it (the person complained of).
    barred: tuple[str, ...] = ()
    #: The case this one continues or stems from.
    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class TaskClaimed(Input):
    """Somebody took an open task."""

    task: str


@dataclass(frozen=True, kw_only=True)
class TaskReleased(Input):
    """Somebody gave a task back to its group."""

    task: str


@dataclass(frozen=True, kw_only=True)
class TaskDelegated(Input):
    """A task was handed to another person."""

    task: str
    to: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskCompleted(Input):
    """Somebody did a task and said so on its form."""

    task: str
    answers: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class TimerFired(Input):
    """A moment the process waited for has come; `at` is when it was due."""

    timer: str
    #: When we noticed: later than `at` after an outage. Nothing depends on it.
    fired_at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Input):
    """Something came from outside: the customer accepts, refuses, sends material; the regulator asks."""

    message: str
    #: Correlation value; None reaches the one who waits for this message in the case.
    key: Value = None
    payload: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class SignalReceived(Input):
    """A signal that another case of the pack threw reached one that waits for it; `at` is no earlier than it was thrown."""

    signal: str
    #: Which wait it reached: "recalled-1".
    subscription: str
    #: What was sent along; nothing about persons.
    payload: Mapping[str, Value] | None = None
    #: How many signals, each thrown because of the one before, led to this one.
    hops: int = 0


@dataclass(frozen=True, kw_only=True)
class ErrandDone(Input):
    """An errand was carried out."""

    errand: str
    result: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class ErrandFailed(Input):
    """An errand ended with an error that the diagram may catch by its code."""

    errand: str
    error: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CommentAdded(Input):
    """Somebody wrote a remark."""

    text: Value
    #: "internal" or "complainant".
    audience: str = "internal"


@dataclass(frozen=True, kw_only=True)
class AttachmentAdded(Input):
    """A file was put to the case; the content is kept by its hash."""

    #: SHA-256 of the content, hexadecimal.
    file: str
    name: Value
    size: int
    media_type: str
    task: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(Input):
    """A deadline was moved with approval and a reason."""

    #: Name of the deadline: a limit ("T24-1") or a task with a limit ("trace-1").
    deadline: str
    amount: int
    unit: str
    reason: str
    approved_by: str


@dataclass(frozen=True, kw_only=True)
class ClockPaused(Input):
    """The clocks that allow it stand still, e.g. while the complainant is asked for material."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ClockResumed(Input):
    """The clocks go on."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarReplaced(Input):
    """From now on the case counts by another version of a calendar; what runs is counted again."""

    #: Name of the calendar in the release, the version it has now, and what is laid over the release's
    #: own file to get it.
    calendar: str
    version: str
    changes: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRecused(Input):
    """A person stepped, or was taken, off the case."""

    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseLinked(Input):
    """Another case was tied to this one."""

    other: str
    #: "child", "parent", "repeat", "related".
    relation: str


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(Input):
    """An administrator let a case go on after an incident."""

    incident: str
    reason: str
    #: Case data set right on the way.
    values: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class PersonErased(Input):
    """The key of a person was destroyed on request."""

    of: str
    reason: str


# --- outcomes ---------------------------------------------------------------------------------


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

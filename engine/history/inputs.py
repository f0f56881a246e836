"""Inputs: everything the world can do to a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.history.events import Input
from engine.values import Value


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
    #: The same in English; "" where it was written down before there were both.
    reason_en: str = ""


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
class CaseMoved(Input):
    """The case goes on under another release of its pack."""

    #: Digest of the release it was on, and of the one it is on from now.
    before: str
    release: str
    reason: str = ""
    #: Who handed the move in; the actor is who approved it.
    asked_by: str = ""
    #: The move it was part of: "M-3".
    move: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonErased(Input):
    """The key of a person was destroyed on request."""

    of: str
    reason: str
    #: Files about them whose content was destroyed with it, by its hash.
    files: tuple[str, ...] = ()

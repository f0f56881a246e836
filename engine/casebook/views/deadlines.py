"""A deadline and why it is when it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.deadline import TimeLeft
from engine.policy import Label


@dataclass(frozen=True, kw_only=True)
class DeadlineView:
    """A deadline and why it is when it is."""

    #: What to call it when it is to be extended: a limit ("T24-1") or a task ("trace-1").
    deadline: str
    limit: str
    label: Label
    #: "task", "case" or "legal".
    stage: str
    start: datetime
    due: datetime
    #: When it was kept; None while it runs.
    met: datetime | None
    late: bool
    paused: bool
    #: The case was closed before it was kept: it runs no longer, and is as late as it was then.
    ended: bool
    left: TimeLeft | None
    #: "Why then": sentences in the reader's language.
    why: tuple[str, ...]
    #: The stored trace, for the calendar strip and the checker.
    trace: Mapping[str, Any]
    source: str
    #: Whether the reader may extend it, in which units, by how much at most in one go ("" : no bound), and to what in all.
    may_extend: bool
    extend_units: tuple[str, ...]
    extend_most: str
    cap: str
    #: Who may extend it; nobody: it cannot be.
    extend_by: tuple[Label, ...] = ()
    zone: str


@dataclass(frozen=True, kw_only=True)
class OverdueLine:
    """Something that was due and is not done: a limit of a case, or an open task past its own."""

    case: str
    #: What to call it when it is to be extended: a limit ("T24-1") or a task ("trace-1").
    deadline: str
    #: "task", "case" or "legal".
    stage: str
    #: The task by its full name, "C-1001/trace-1", as `GET /tasks/{case}/{task}` has it; None: a limit of the case.
    task: str | None
    #: What is overdue: the task, or the limit.
    label: Label
    #: The id of the limit; None: the bare date that a diagram gave a task.
    limit: str | None
    #: In whose hands the task is; None: nobody's yet.
    holder: str | None
    pack: str
    number: str | None
    case_title: str
    start: datetime
    due: datetime
    #: By how much it is late, in the calendar's time.
    left: TimeLeft
    #: The event that set it: `GET /cases/{case}/deadlines` says why it is due then.
    seq: int

"""A task in a list and on its own page, and the sheet that is filled in there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.casebook.asking import Lead
from engine.casebook.views.deadlines import DeadlineView
from engine.deadline import TimeLeft
from engine.history import Hidden
from engine.policy import Label
from engine.release import GuideSection
from engine.store import Head
from engine.values import Value
from forms import Asked, Form


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """A task in a list."""

    #: The task by its full name: "C-1001/trace-1".
    id: str
    case: str
    task: str
    element: str
    title: Label
    number: str | None
    case_title: str
    pack: str
    pack_title: Label
    flow: str
    sealed: bool
    groups: tuple[Label, ...]
    assignee: str | None
    claimed_by: str | None
    priority: int
    opened: datetime
    due: datetime | None
    limit: Label | None
    #: The same by id: the roles it is offered to, and the limit.
    group_ids: tuple[str, ...] = ()
    limit_id: str | None = None
    #: Its clock stands still: what is left stays.
    paused: bool
    left: TimeLeft | None
    #: How often it was asked for (催办).
    reminders: int = 0


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form as it stands with these entries: nothing is kept."""

    asked: tuple[Asked, ...]
    #: The entries as they would be kept, computed fields included.
    values: Mapping[str, Value]
    #: What would be refused: path of the field -> sentences in the reader's language.
    errors: Mapping[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class TaskMay:
    """What the reader may do with a task now."""

    claim: bool
    release: bool
    delegate: bool
    complete: bool


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """A task as its page shows it."""

    head: Head
    line: TaskLine
    #: In which it is drawn.
    process: str
    documentation: str
    zone: str
    #: What it asks; None: nothing, it is only said to be done.
    form: Form | None
    #: What the form starts with: the draft if there is one, else what the case already says.
    values: Mapping[str, Value]
    #: The case document the form's rules read.
    document: Mapping[str, Value]
    #: Names in it that the reader is not shown, and why; there they are null.
    hidden: Mapping[str, Hidden]
    is_draft: bool
    #: Until when the draft is kept, unless it is saved again; None: there is none.
    draft_until: datetime | None
    #: Why the reader may not do it, in their language; None: they may.
    why_not: str | None
    #: Its own limit.
    deadline: DeadlineView | None
    #: Who could take it instead: user names.
    candidates: tuple[str, ...]
    #: What somebody else must have done: title of the element, and who did it so far.
    eyes: tuple[tuple[Label, tuple[str, ...]], ...] = ()
    #: How every field of the form stands with these values.
    asked: tuple[Asked, ...]
    #: What to keep in mind here, as the pack says.
    guidance: tuple[GuideSection, ...] = ()
    #: What is asked for on the form: co-handling, a panel.
    leads: tuple[Lead, ...] = ()
    #: What the reader may do with it now.
    may: TaskMay

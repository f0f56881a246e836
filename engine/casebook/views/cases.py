"""A case on its page and at any moment of its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.casebook.printed import PaperLine
from engine.casebook.views.deadlines import DeadlineView
from engine.casebook.views.papers import Document, Notice, Paper, Remark
from engine.casebook.views.tasks import TaskLine
from engine.history import Hidden, Record
from engine.policy import Label
from engine.release import Release
from engine.store import Head
from engine.values import Value
from forms import Form


@dataclass(frozen=True, kw_only=True)
class Part:
    """A person in a case and what they did in it."""

    person: str
    #: Titles of the tasks they did or hold.
    did: tuple[Label, ...]
    holds: tuple[Label, ...]
    barred: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """Something from outside that the reader may enter."""

    message: str
    label: Label
    form: Form | None
    #: Roles that may enter it; administrators always.
    roles: tuple[str, ...]
    #: Whether the procedure waits for it now.
    awaited: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What the case waits for by itself: a moment, or something that was sent out."""

    name: str
    #: "timer" or "errand".
    kind: str
    title: Label
    #: When it comes; None: when it was delivered.
    due: datetime | None
    #: The task on whose edge a timer sits.
    task: str | None


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    """Where the case stands still."""

    incident: str
    element: str
    title: Label
    text: Label


@dataclass(frozen=True, kw_only=True)
class May:
    """What the reader may do to the case as a whole."""

    pause: bool = False
    resume: bool = False
    recuse_self: bool = False
    recuse_others: bool = False
    resolve: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as its page shows it."""

    head: Head
    pack_title: Label
    status: Label | None
    #: The time zone of its calendar: limits are counted in it.
    zone: str
    #: What is open, whoever is to do it.
    tasks: tuple[TaskLine, ...]
    #: The limits that are or were at work, tasks' own among them.
    deadlines: tuple[DeadlineView, ...]
    #: Forms as they were filled in.
    papers: tuple[Paper, ...]
    #: What can be printed, by the number of its event.
    printable: tuple[PaperLine, ...]
    people: tuple[Part, ...]
    remarks: tuple[Remark, ...]
    documents: tuple[Document, ...]
    notices: tuple[Notice, ...]
    #: What the reader may enter from outside, what is awaited first.
    messages: tuple[MessageView, ...]
    #: What comes by itself.
    waiting: tuple[Waiting, ...]
    #: Why it stands still; an administrator mends and resumes.
    incidents: tuple[IncidentView, ...]
    #: Other cases: (case, relation).
    linked: tuple[tuple[str, str], ...]
    #: Whether the clocks of its pausable limits stand still.
    paused: bool
    #: What the reader may do to it as a whole.
    may: May = field(default_factory=May)
    #: Open tasks that the reader may do, by name: those they hold first.
    able: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DiagramView:
    """A diagram of the release the case runs on, and where it stands on it."""

    process: str
    name: Label
    file: str
    #: The BPMN file as stored.
    source: bytes
    #: Element -> how many tokens wait there now.
    here: Mapping[str, int]
    #: Elements and flows passed, with how often.
    passed: Mapping[str, int]
    #: Elements where an incident stands.
    stuck: tuple[str, ...]
    #: The called activity through which the case got into this process; "" for the main one.
    scope: str
    #: Elements where an open task is past its due date.
    late: frozenset[str] = frozenset()
    #: What is written on the diagram -> the same in English.
    english: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class StateView:
    """What was known after event N."""

    case: str
    seq: int
    at: datetime
    status: str | None
    number: str | None
    closed: bool
    paused: bool
    documents: Mapping[str, Mapping[str, Value]]
    #: Names in them that the reader is not shown, and why; there they are null.
    hidden: Mapping[str, Mapping[str, Hidden]]
    tasks: tuple[str, ...]
    timers: Mapping[str, datetime]
    awaited: tuple[str, ...]
    milestones: Mapping[str, datetime]


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """Everything the page of a case needs, read once."""

    view: CaseView
    release: Release
    records: tuple[Record, ...] = field(repr=False)
    pictures: tuple[DiagramView, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryView:
    """The events of a case with what their sentences need to name things."""

    head: Head
    records: tuple[Record, ...]
    #: Person -> display name.
    names: Mapping[str, str]

"""What a reader gets to see, as frozen values: pages and REST show these and nothing else.

Names of things come in both languages (`Label`); times are aware and UTC; `zone` says in which zone
they are to be shown. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.casebook.asking import Lead
from engine.casebook.printed import PaperLine
from engine.deadline import TimeLeft
from engine.history import Hidden, Record
from engine.policy import Label
from engine.release import GuideSection, Release
from engine.store import Head
from engine.values import Value
from forms import Asked, Form


@dataclass(frozen=True, kw_only=True)
class PackView:
    """A procedure in force."""

    pack: str
    title: Label
    system: str
    flow: str
    release: str
    channels: tuple[str, ...]
    starters: tuple[str, ...]
    #: Its roles and what they are called.
    roles: Mapping[str, Label]
    #: Whether the reader may open a case by it.
    may_open: bool
    intake: Form
    #: What to keep in mind when a complaint comes in, as the pack says.
    guidance: tuple[GuideSection, ...] = ()


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
class Sheet:
    """A form as it stands with these entries: nothing is kept."""

    asked: tuple[Asked, ...]
    #: The entries as they would be kept, computed fields included.
    values: Mapping[str, Value]
    #: What would be refused: path of the field -> sentences in the reader's language.
    errors: Mapping[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of a filled form, as text."""

    name: str
    label: Label
    text: str
    personal: bool = False
    #: Why the reader is not shown it: kept for certain roles, or erased on request; None: it is shown.
    hidden: Hidden | None = None


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A form as somebody filled it in."""

    form: str
    title: Label
    by: str
    at: datetime
    seq: int
    #: The task it was filled in for; None for the intake form and messages.
    task: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A person in a case and what they did in it."""

    person: str
    #: Titles of the tasks they did or hold.
    did: tuple[Label, ...]
    holds: tuple[Label, ...]
    barred: bool = False


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A comment."""

    seq: int
    by: str
    on_behalf_of: str | None
    at: datetime
    text: str
    audience: str
    #: Whose personal data it repeats, and is sealed with; None: nobody's.
    about: str | None = None
    #: Why the reader is not shown it; then `text` is empty.
    hidden: Hidden | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file put to the case."""

    seq: int
    file: str
    name: str
    size: int
    media_type: str
    by: str
    at: datetime
    task: str | None
    #: Why the reader is not shown it; then `file`, `name` and `media_type` are empty and `size` is 0.
    hidden: Hidden | None = None


@dataclass(frozen=True, kw_only=True)
class Erasable:
    """A person whose data a case holds."""

    #: "complainant", "reporter", ...
    of: str
    erased: bool
    #: Where they were entered.
    fields: tuple[Label, ...]
    #: How many files about them there are.
    files: int
    #: Remarks that are sealed with their data.
    remarks: int
    #: What repeats their data in words that are not sealed, and stays.
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Words in which a person is named and which cannot be erased."""

    seq: int
    at: datetime
    by: str
    #: The words; empty where the reader may not know whose data they repeat.
    text: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A reminder, an escalation or a message of the procedure to a role."""

    seq: int
    at: datetime
    #: Type of the errand: "send-reminder", "escalate", "notify", "issue-document", ...
    type: str
    label: Label
    element: str
    facts: Mapping[str, Value]


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
    zone: str
    tasks: tuple[TaskLine, ...]
    deadlines: tuple[DeadlineView, ...]
    papers: tuple[Paper, ...]
    #: What can be printed, by the number of its event.
    printable: tuple[PaperLine, ...]
    people: tuple[Part, ...]
    remarks: tuple[Remark, ...]
    documents: tuple[Document, ...]
    notices: tuple[Notice, ...]
    messages: tuple[MessageView, ...]
    waiting: tuple[Waiting, ...]
    incidents: tuple[IncidentView, ...]
    #: Other cases: (case, relation).
    linked: tuple[tuple[str, str], ...]
    paused: bool
    may: May = field(default_factory=May)
    #: Open tasks that the reader may do: those they hold first.
    able: tuple[str, ...] = ()


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
    may: TaskMay


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
class RoleView:
    """A role of a procedure, and who holds it."""

    role: str
    label: Label
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LimitView:
    """A limit as the owner wrote it."""

    limit: str
    label: Label
    stage: str
    start: str
    #: Milestones of which the first that is reached ends it.
    ends: tuple[str, ...]
    #: Variant ("" for the plain one) -> span, such as "3 workday".
    spans: Mapping[str, str]
    pausable: bool
    extend_by: tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Something a person does in a procedure, as it is drawn."""

    #: By which tasks are named: "trace" of "trace-1".
    element: str
    title: Label
    #: The diagram it is drawn on: id and name of the process.
    process: str
    process_title: Label
    #: Its form, by id: `GET /packs/{pack}/forms/{form}`.
    form: str | None
    #: Who does it, by role; empty where the case decides.
    roles: tuple[str, ...]
    #: FEEL that decides who does it, and by which limit it is due; "": said plainly.
    roles_rule: str
    limit: str | None
    variant: str
    limit_rule: str


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A paper the procedure issues, sends or files."""

    title: Label
    #: The form it is printed from; None: it is named alone.
    form: str | None
    #: What is done with it: "issue-document", "send-letter", "archive-copies".
    ways: tuple[str, ...]
    #: Who keeps a copy, in the order of the copies.
    copies: tuple[Label, ...]


@dataclass(frozen=True, kw_only=True)
class ParamView:
    """A number or text the owner may change."""

    value: Value
    label: Label
    source: str


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """A statistic the procedure asks for at set times."""

    report: str
    label: Label
    #: "week", "month", "quarter" or "year", and the day of it by which it must be there.
    every: str
    by_day: int
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeriesView:
    """How one kind of number is made."""

    pattern: str
    label: Label
    #: When counting begins anew, and what happens when the digits do not suffice: "refuse" or "widen".
    reset: str
    overflow: str


@dataclass(frozen=True, kw_only=True)
class ProcedureView:
    """A procedure with everything a newcomer asks: who does what on which form, how long, which words from outside."""

    pack: PackView
    roles: tuple[RoleView, ...]
    limits: tuple[LimitView, ...]
    statuses: Mapping[str, Label]
    messages: tuple[MessageView, ...]
    registers: Mapping[str, Label]
    #: What the columns of each register are called.
    columns: Mapping[str, tuple[Label, ...]]
    #: Every form of the release, by id.
    forms: Mapping[str, Label]
    #: What persons do, diagram by diagram, the main one first.
    steps: tuple[StepView, ...]
    documents: tuple[DocumentView, ...]
    params: Mapping[str, ParamView]
    reports: tuple[ReportView, ...]
    numbering: Mapping[str, SeriesView]
    #: The calendar its working days are counted by.
    calendar: str
    #: Only who takes part sees its cases.
    sealed: bool
    #: The field of the intake form that names a case in lists, and the one that names the person complained of.
    subject: str
    accused: str | None


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A case as a register lists it."""

    case: str
    #: The cells, in the order of the columns; None where nothing is known.
    cells: tuple[Value, ...]
    #: The same in the reader's words.
    texts: tuple[str, ...]
    #: Why the reader is not shown a cell, in the same order; None: it is shown.
    hidden: tuple[Hidden | None, ...]


@dataclass(frozen=True, kw_only=True)
class RegisterView:
    """A page of a register: the cases the procedure entered in it."""

    register: str
    pack: str
    label: Label
    columns: tuple[Label, ...]
    rows: tuple[RegisterRow, ...]
    next: str | None


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

"""A procedure in force, and all that it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.casebook.views.cases import MessageView
from engine.history import Hidden
from engine.policy import Label
from engine.release import GuideSection
from engine.values import Value
from forms import Form


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

"""What a reader sees who looks back: how a case stood at a moment, and whether its history holds. Frozen values, as in `views`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.casebook.views import DeadlineView, DiagramView
from engine.deadline import TimeLeft
from engine.history import Hidden, Record
from engine.policy import Label
from engine.release import Release
from engine.replay import Verdict
from engine.store import Head


@dataclass(frozen=True, kw_only=True)
class TaskThen:
    """A task that was open at a moment of the past."""

    task: str
    title: Label
    groups: tuple[Label, ...]
    #: Who had taken it, or to whom it was given; None: nobody yet.
    holder: str | None
    opened: datetime
    due: datetime | None
    left: TimeLeft | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """Something known about a case at a moment: as text, before and after what happened then."""

    #: The field, or what the procedure calls it when no form has it.
    name: str
    label: Label | None
    #: The called procedure it belongs to; None: the case.
    part: Label | None
    #: None: it was not known.
    before: str | None
    after: str | None
    #: Somebody's personal data.
    personal: bool = False
    #: Why the reader is not shown it; then `before` and `after` only say whether something was there.
    hidden: Hidden | None = None
    #: It was entered anew then, though the reader cannot see what changed.
    entered: bool = False

    @property
    def changed(self) -> bool:
        """Whether what happened then changed it."""
        return self.before != self.after or self.entered


@dataclass(frozen=True, kw_only=True)
class Notified:
    """Whom the procedure told something."""

    role: Label
    what: Label
    #: "催办" and the like; "" where there is none.
    kind: str
    seq: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Who held a role at a moment."""

    role: Label
    persons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SightThen:
    """Who could see a case at a moment, by what had happened in it and by the release it runs on."""

    sealed: bool
    #: Of a sealed case: who took part, by name and by role.
    persons: tuple[str, ...]
    roles: tuple[Label, ...]
    #: Who was off it.
    barred: tuple[str, ...]
    #: Whose personal data only some roles may read.
    secrets: Mapping[str, tuple[Label, ...]]
    #: Since when it is on record who held which role; None: nobody ever did.
    since: datetime | None = None
    #: Whether that moment is on record; if not, nothing below is told.
    known: bool = False
    #: How many people could sign in then and were not off the case.
    signed_in: int = 0
    #: Of those who could see it: who held which role of the pack, and who could audit; of a sealed case only the roles that took part.
    holders: tuple[Holders, ...] = ()
    #: Of a sealed case: those who took part by name and could sign in then.
    named: tuple[str, ...] = ()
    #: Who stood in for one of them: deputy, absent.
    stand_ins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class MomentView:
    """How a case stood after one thing happened, found by replay."""

    head: Head
    release: Release
    zone: str
    #: What happened then: numbers of the first and the last event.
    first: int
    last: int
    at: datetime
    #: All that ever happened, as first and last events.
    turns: tuple[tuple[int, int], ...]
    #: The whole history.
    records: tuple[Record, ...] = field(repr=False)
    status: Label | None
    number: str | None
    closed: bool
    paused: bool
    tasks: tuple[TaskThen, ...]
    deadlines: tuple[DeadlineView, ...]
    known: tuple[Known, ...]
    notified: tuple[Notified, ...]
    pictures: tuple[DiagramView, ...]
    #: The earlier event that it is compared with; None: with what stood just before.
    since: int | None
    #: Tasks that were opened between the two, what those are called that were closed, and deadlines that moved: name -> due then.
    came: frozenset[str]
    gone: tuple[Label, ...]
    moved: Mapping[str, datetime]
    sight: SightThen


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a check of one case came to, with the evidence."""

    verdict: Verdict
    #: Number and hash of the last event, as read.
    seq: int
    hash: str
    #: Whether the case's entry in the list of cases names the same last event.
    head_agrees: bool
    #: Whether a stored state was there to be compared.
    had_state: bool
    #: Inputs that were fed again, and outcomes that were compared.
    inputs: int
    outcomes: int
    at: datetime

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return self.verdict.agrees and self.head_agrees

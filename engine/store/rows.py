"""What leaves the store: our own frozen values, one for each thing that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from engine.history import Keyring
from engine.values import Value

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Head:
    """What is known about a case without reading its history."""

    case: str
    pack: str
    #: Digest of the release it stays on.
    release: str
    process: str
    flow: str
    channel: str
    #: Number of the last event, and its hash.
    seq: int
    hash: str
    status: str | None = None
    #: The number given by the procedure.
    number: str | None = None
    title: str | None = None
    sealed: bool = False
    #: Persons who never see it.
    barred: tuple[str, ...] = ()
    parent: str | None = None
    opened_by: str = "system"
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    #: Since when the clocks of its pausable limits stand still.
    still: datetime | None = None
    #: Whether somebody may have saved a draft.
    drafted: bool = False
    #: Keys of the personal data; empty in lists.
    keyring: Keyring = field(default_factory=Keyring, repr=False)
    #: The snapshot; None when it was dropped, and in lists.
    state: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A user task with what a worklist shows of its case."""

    case: str
    #: "trace-2"; `name` is the same, as `authority.Task` wants it.
    task: str
    element: str
    process: str
    form: str | None
    groups: tuple[str, ...]
    users: tuple[str, ...]
    four_eyes: tuple[str, ...]
    assignee: str | None
    claimed_by: str | None
    priority: int
    limit: str | None
    due: datetime | None
    #: Since when its clock stands still, or stood when it ended.
    still: datetime | None
    opened: datetime
    scope: str
    pack: str
    flow: str
    sealed: bool
    release: str
    status: str | None
    number: str | None
    title: str | None
    #: When, and by whom it was done; None while it is open.
    closed: datetime | None = None
    done_by: str | None = None

    @property
    def name(self) -> str:
        return self.task

    @property
    def paused(self) -> bool:
        """Whether its clock stands still; what had run out before is late, and a pause is nothing to it."""
        return self.still is not None and self.due is not None and self.due >= self.still


@dataclass(frozen=True, kw_only=True)
class TimerRow:
    """A moment a case waits for."""

    case: str
    timer: str
    element: str
    due: datetime
    limit: str | None
    task: str | None
    #: The event that set it.
    seq: int


@dataclass(frozen=True, kw_only=True)
class DeadlineRow:
    """A limit at work on a case."""

    case: str
    deadline: str
    start: datetime
    due: datetime
    #: Since when its clock stands still, or stood when it was met.
    still: datetime | None
    #: The event whose trace says why.
    seq: int
    met: datetime | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class OverdueRow:
    """Something that was due and is not done: a limit of a case, or an open task."""

    case: str
    #: What to call it when it is to be extended: a limit ("T24-1") or a task ("trace-1").
    deadline: str
    #: Whether it is a task's own.
    is_task: bool
    #: The id of the limit; None: the bare date a diagram gave the task.
    limit: str | None
    start: datetime
    due: datetime
    #: Since when its clock stands still.
    still: datetime | None
    #: The event that set it, whose trace says why it is due then.
    seq: int
    #: The element that is drawn, and its process; None for a limit of the case.
    process: str | None
    element: str | None
    #: In whose hands the task is.
    holder: str | None
    pack: str
    release: str
    number: str | None
    title: str | None


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """A case that stands still and needs an administrator."""

    case: str
    incident: str
    element: str
    code: str
    zh: str
    en: str
    raised: datetime
    resolved: datetime | None


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works here, by name and nothing else."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A remark on a case."""

    case: str
    seq: int
    at: datetime
    actor: str
    on_behalf_of: str | None
    #: Text, or None where the person was erased.
    text: Value
    audience: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file put to a case."""

    case: str
    seq: int
    at: datetime
    actor: str
    file: str
    name: Value
    size: int
    media_type: str
    task: str | None


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file by the hash of its content."""

    sha256: str
    #: What it was called when it was first stored.
    name: str
    media_type: str
    size: int
    at: datetime
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can sign in, or whom tasks can be given to."""

    name: str
    zh: str
    en: str
    locale: str = "zh-CN"
    #: Argon2 text; None cannot sign in with a password.
    password: str | None = field(default=None, repr=False)
    active: bool = True
    #: A complainant or other outsider.
    external: bool = False
    email: str | None = None
    memberships: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Deputy:
    """Who stands in for whom, when, in which roles."""

    id: int = 0
    absent: str
    deputy: str
    since: datetime
    until: datetime
    #: "pack/role"; empty: all roles of the absent person.
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A signed-in browser or a bearer token, with the person it stands for."""

    hash: str = field(repr=False)
    #: "session" or "token".
    kind: str
    person: str
    scope: str
    label: str
    created: datetime
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class ReleaseRow:
    """A stored release."""

    digest: str
    pack: str
    note: str
    made_by: str
    made: datetime
    published_by: str | None
    published: datetime | None
    #: Whether new cases are opened on it.
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that carries an idempotency key."""

    key: str
    actor: str
    #: Canonical bytes of what was asked: the same key with other words is an error.
    request: bytes


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is kept of a request that came before."""

    #: "" where it was about no case.
    case: str
    #: When it was first heard, by the clock of cases, UTC.
    at: datetime
    #: The answer, word for word; None: it was begun, and nobody was answered yet.
    answer: str | None


@dataclass(frozen=True, kw_only=True)
class PackDraft:
    """An owner's working copy of a pack."""

    draft: str
    pack: str
    #: Digest of the release it was begun from; None: of files that were sent.
    base: str | None
    note: str
    #: How often it was saved.
    version: int
    made_by: str
    made: datetime
    changed_by: str
    changed: datetime
    #: Digest of the release last handed in from it.
    handed_in: str | None


@dataclass(frozen=True, kw_only=True)
class DraftFile:
    """What a file of a draft says, or said."""

    path: str
    #: The save that brought this text.
    version: int
    #: None: the file was taken out.
    content: bytes | None = field(repr=False)
    saved_by: str
    saved: datetime


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered to an earlier request with the same key."""

    case: str
    #: The events the action wrote: numbers of the first and the last.
    first: int
    last: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something a machine must do; claimed ones carry the fence that proves the claim."""

    id: int
    #: "" where no case is concerned.
    case: str
    #: timer, errand, schedule, remind, replan, delivery, move.
    kind: str
    key: str
    element: str | None
    #: Type of the errand, or the limit of the timer.
    type: str | None
    seq: int | None
    payload: Mapping[str, Value]
    #: Logical time: what it is done as of.
    due: datetime
    #: When it is tried next; the beginning of time for what is due at once.
    next_try: datetime
    attempts: int
    max_attempts: int
    fence: int
    owner: str | None = None
    lease_until: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class SealedLook:
    """One look at a sealed case."""

    case: str
    person: str
    at: datetime
    what: str


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """Some rows and the mark of the next page; None at the end."""

    rows: tuple[T, ...]
    next: str | None = None

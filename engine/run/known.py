"""What is known about a running case, as values that may be kept and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.deadline import Pause, Span
from engine.values import Value


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """There is something a person must do."""

    #: "trace-2" is the second opening of element `trace`.
    name: str
    element: str
    process: str
    #: Name of the element on the diagram.
    title: str
    form: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    assignee: str | None = None
    claimed_by: str | None = None
    priority: int = 50
    #: Elements whose doers may not do this one.
    four_eyes: tuple[str, ...] = ()
    limit: str | None = None
    due: datetime | None = None
    trace: Mapping[str, Value] | None = None
    #: The activity whose local data it works on: "" is the case document.
    scope: str = ""
    opened: datetime
    #: What tells one instance of a repeated task from the next.
    item: Value = None


@dataclass(frozen=True, kw_only=True)
class OpenTimer:
    """A moment the process waits for."""

    name: str
    element: str
    due: datetime
    limit: str | None = None
    trace: Mapping[str, Value] | None = None
    #: The task on whose edge it sits.
    task: str | None = None


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A message the process waits for."""

    name: str
    message: str
    element: str
    key: Value = None


@dataclass(frozen=True, kw_only=True)
class OpenErrand:
    """Something a machine must do outside the run."""

    name: str
    element: str
    #: Name in the registry of errands.
    type: str
    headers: Mapping[str, str] | None = None
    inputs: Mapping[str, Value] | None = None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A limit at work: of the case, or of an open task."""

    #: The limit's id, or the name of the task.
    name: str
    limit: str
    variant: str = ""
    start: datetime
    due: datetime
    trace: Mapping[str, Value]
    #: When what it asks for was done; None while it runs.
    met: datetime | None = None
    #: Its clock stands still now.
    paused: bool = False
    extensions: tuple[Span, ...] = ()
    pauses: tuple[Pause, ...] = ()

    def is_late(self, at: datetime, still: datetime | None) -> bool:
        """Whether it has passed by a moment.

        Args:
            still: since when the clocks of its case stand still: what stands still does not get late.
        """
        return self.due < (min(at, still) if self.paused and still is not None else at)


@dataclass(frozen=True, kw_only=True)
class Incident:
    """The case stands still at an element."""

    name: str
    element: str
    code: str
    zh: str
    en: str
    at: datetime
    #: The token that cannot go on.
    token: int


@dataclass(frozen=True, kw_only=True)
class Token:
    """Where the case stands on a diagram."""

    process: str
    element: str
    #: The called process's activity; "" for the main process.
    scope: str
    #: "waiting" or "stuck".
    state: str

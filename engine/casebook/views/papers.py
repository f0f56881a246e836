"""What was said and written in a case: filled forms, remarks, files, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.history import Hidden
from engine.policy import Label
from engine.values import Value


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
class Mention:
    """Words in which a person is named and which cannot be erased."""

    seq: int
    at: datetime
    by: str
    #: The words; empty where the reader may not know whose data they repeat.
    text: str


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
class Notice:
    """A reminder, an escalation or a message of the procedure to a role."""

    seq: int
    at: datetime
    #: Type of the errand: "send-reminder", "escalate", "notify", "issue-document", ...
    type: str
    label: Label
    element: str
    facts: Mapping[str, Value]

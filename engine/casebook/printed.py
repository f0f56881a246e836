"""Papers of a case as a reader may print them: frozen values, as in `views`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.history import Hidden
from engine.policy import Label
from engine.store import Head
from engine.values import Value

#: "filled": a form as somebody filled it in; "issued", "letter", "copies": made of what the case knew when the procedure issued,
#: sent or distributed it; "reminder": 催办单, 查办单; "notice": made public.
PaperKind = Literal["filled", "issued", "letter", "copies", "reminder", "notice"]


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """A paper in the list of those of a case."""

    #: The number of the event that made it: by it the paper is asked for.
    number: int
    kind: PaperKind
    #: "" where no form was asked: a reminder, a notice.
    form: str
    title: Label
    at: datetime
    #: Who filled it in; None: the procedure made it.
    by: str | None
    #: For whom its copies are, the first copy first; none: there is one copy.
    copies: tuple[Label, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Rows of a table inside a paper, as texts."""

    heads: tuple[Label, ...]
    rows: tuple[tuple[str, ...], ...]
    #: Which columns hold numbers.
    numeric: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class Written:
    """One cell of a paper: what is asked, and what stands there."""

    name: str
    label: Label
    #: Type of the form's field: "text", "money", "choice", "section", "note", ...
    type: str
    text: str = ""
    value: Value = None
    #: Why the reader is not shown it; then `text` is empty and `value` is null.
    hidden: Hidden | None = None
    #: What could be chosen, and whether it was.
    boxes: tuple[tuple[Label, bool], ...] = ()
    grid: Grid | None = None
    #: It was not entered here: the form shows what the case says.
    repeats: bool = False


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who answers for a part of a paper, and since when."""

    person: str
    name: str
    on_behalf_of: str | None
    role: Label | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a paper: one form, and who signed it. Nobody did where it was not come to."""

    form: str
    title: Label
    cells: tuple[Written, ...]
    signed: Signature | None
    #: Whether there was something to be filled in, and so to be signed.
    asks: bool = True


@dataclass(frozen=True, kw_only=True)
class PrintedPaper:
    """A paper with everything that stands on it."""

    head: Head
    #: Whose paper it is: the house, or its procedure.
    letterhead: Label
    line: PaperLine
    #: To whom it goes; None: nobody is named.
    to: Label | None
    blocks: tuple[Block, ...]
    #: The number of the sheet as a form, as the owner gives it: R-QP-005-03.
    form_no: str = ""
    #: Who signs on paper besides.
    signs: tuple[Label, ...] = ()
    zone: str

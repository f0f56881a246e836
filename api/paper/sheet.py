"""A paper of a case laid out as the form it is: which cells stand beside each other, which take the whole width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import render_template

from api.paper import press
from api.paper.columns import width, widths
from api.paper.tables import Cell, Table, cell
from api.paper.texts import copy_name, day, moment, said
from api.problems import language
from engine.casebook import Block, PrintedPaper, Written
from engine.policy import Label

#: A text wider than this (Latin letters; a Chinese character is two) does not fit into half a line.
_HALF = 34
#: Types that are written on lines of their own.
_LONG = frozenset({"textarea", "file", "choices"})
_NUMBERS = frozenset({"integer", "number", "money"})


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A line of a paper: one or two cells, or a table, a heading, a note."""

    #: "cells", "grid", "section" or "note".
    kind: str
    cells: tuple[Written, ...]


def strips(block: Block) -> Iterator[Strip]:
    """The cells of a block, line by line."""
    waiting: list[Written] = []
    for one in block.cells:
        kind = "grid" if one.grid else one.type if one.type in ("section", "note") else "cells"
        if kind == "cells" and not _whole(one):
            waiting.append(one)
            if len(waiting) == 2:
                yield Strip(kind="cells", cells=tuple(waiting))
                waiting = []
            continue
        if waiting:
            yield Strip(kind="cells", cells=tuple(waiting))
            waiting = []
        yield Strip(kind=kind, cells=(one,))
    if waiting:
        yield Strip(kind="cells", cells=tuple(waiting))


def runs(found: list[Strip]) -> list[tuple[str, list[Strip]]]:
    """Lines that stand in one table, and tables by themselves."""
    return [(kind, list(group)) for kind, group in groupby(found, lambda s: "grid" if s.kind == "grid" else "lines")]


def text_of(one: Written) -> str:
    """What stands in a cell, for this reader."""
    return said(one.hidden) if one.hidden else one.text


def roomy(one: Written) -> bool:
    """Whether a cell has room to write: opinions and reasons."""
    return one.type == "textarea"


def numeric(one: Written) -> bool:
    """Whether a cell holds a number."""
    return one.type in _NUMBERS and not one.hidden


def widths_of(one: Written) -> list[int]:
    """How wide the columns of a table on a paper are, of a hundred."""
    lang = language()
    return widths([head.text(lang) for head in one.grid.heads], one.grid.rows) if one.grid else []


def drawn(paper: PrintedPaper, place: int, now: datetime, *, person: str) -> str:
    """One copy of a paper as a document for the press.

    Args:
        person: who prints it, by display name.
    """
    return render_template("paper_print.html", **facts(paper, place, now, person=person))


def facts(paper: PrintedPaper, place: int, now: datetime, *, person: str) -> dict[str, object]:
    """What the template of a paper needs."""
    return {
        "paper": paper, "place": place, "printed_at": moment(now, paper.zone), "printed_by": person, "s": said, "strips": strips, "runs": runs,
        "text_of": text_of,
        "roomy": roomy, "numeric": numeric, "copy_name": copy_name, "band": _band, "paper_day": day, "paper_moment": moment,
        "widths_of": widths_of, "named": lambda label: label.text(language()) if isinstance(label, Label) else "",
    }  # fmt: skip


def printed(paper: PrintedPaper, now: datetime, styles: str, *, person: str, copy: int | None = None) -> bytes:
    """A paper as PDF: all its copies, or one of them.

    Raises:
        PressBusy, PressMissing, FontMissing, PressStopped.
    """
    places = range(max(1, len(paper.line.copies))) if copy is None else [copy]
    return press.pdf([drawn(paper, place, now, person=person) for place in places], styles)


def table(paper: PrintedPaper) -> list[Table]:
    """A paper as tables: its cells with their values, and every table on it by itself."""
    lang = language()
    found = [
        Table(
            title=paper.line.title.text(lang),
            heads=(said("part"), said("field"), said("value")),
            rows=list(_rows(paper, lang)),
        )
    ]
    for block in paper.blocks:
        for one in block.cells:
            if one.grid:
                rows = [tuple(cell(text) for text in row) for row in one.grid.rows]
                found.append(
                    Table(
                        title=one.label.text(lang), heads=tuple(head.text(lang) for head in one.grid.heads), rows=rows
                    )
                )
    return found


def _rows(paper: PrintedPaper, lang: str) -> Iterator[tuple[Cell, ...]]:
    for block in paper.blocks:
        title = block.title.text(lang)
        for one in block.cells:
            if one.type not in ("section", "note") and not one.grid:
                yield cell(title), cell(one.label.text(lang)), cell(text_of(one), None if one.hidden else one.value)
        if block.signed:
            yield cell(title), cell(said("signed")), cell(block.signed.name)
            yield cell(title), cell(said("when")), cell(moment(block.signed.at, paper.zone), block.signed.at)


def _band(title: Label) -> str:
    """What a part is called on its own sheet: the sheet's title need not be said again."""
    called = title.text(language()).rpartition(" · ")[2]
    return called[:1].upper() + called[1:]


def _whole(one: Written) -> bool:
    if one.type in _LONG:
        return True
    boxes = sum(width(label.text(language())) + 4 for label, _ in one.boxes)
    return max(width(text_of(one)), boxes) > _HALF

"""The paper of a form that nobody has filled in: what its designer looks at before anybody does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from engine.casebook.lexicon import lexicon_of
from engine.casebook.printed import Block, Grid, PaperLine, PrintedPaper, Written
from engine.casebook.writing import Pen
from engine.release import Release
from engine.shelf import Shelf, context_of
from engine.store import Head
from forms import Field

#: Empty rows of a table on a blank sheet.
_ROWS = 3


def blank_paper(release: Release, form: str, at: datetime, lang: str) -> PrintedPaper:
    """The sheet of a form, with every field it may ask and nothing in them.

    Raises:
        FormNotFound: the release has no form of this name.
    """
    # A shelf of its own: what is looked at may never become a release.
    shelf = Shelf()
    asked = shelf.form(release, form)
    pen = Pen(lexicon=lexicon_of(release, shelf), people={}, lang=lang)
    policy = release.policy
    head = Head(
        case="—", pack=release.pack, release=release.digest, process=policy.process, flow=policy.flow, channel="", seq=0, hash="",
        opened_at=at, changed_at=at,
    )  # fmt: skip
    copies = policy.copies.get(form, ())
    blocks = [
        Block(form=one.id, title=one.title, cells=tuple(_cells(one.fields, pen, release, at)), signed=None)
        for one in (shelf.form(release, place[0]) for place in asked.printed.parts or ((form,),) if place[0] in release.forms)
    ]
    line = PaperLine(number=0, kind="copies" if copies else "filled", form=form, title=asked.on_paper, at=at, by=None, copies=copies)
    return PrintedPaper(
        head=head, letterhead=policy.heading, line=line, to=None, blocks=tuple(blocks), form_no=asked.printed.code, signs=asked.printed.signs,
        zone=pen.lexicon.zone,
    )  # fmt: skip


def _cells(fields: tuple[Field, ...], pen: Pen, release: Release, at: datetime) -> Iterator[Written]:
    context = context_of(release, at)
    for one in fields:
        cell = pen.cell(replace(one, value=None), {}, {}, {}, context)
        if one.type == "table":
            heads = tuple(c.label for c in one.columns)
            cell = replace(cell, grid=Grid(heads=heads, rows=(("\u00a0",) * len(heads),) * _ROWS, numeric=(False,) * len(heads)))
        yield cell


__all__ = ["blank_paper"]

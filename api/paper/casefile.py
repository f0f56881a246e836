"""The case file: one PDF that holds a case as its reader sees it, with its history and what proves it.

It is made of the views the pages are made of, so it shows what they show and hides what they hide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup

from api.paper.texts import day, moment, said
from api.problems import language
from engine import history as h
from engine.casebook import DiagramView, Dossier, Line, Notice, Proof, lexicon_of
from engine.errands import ERRANDS
from engine.policy import Label
from engine.release import Release
from engine.shelf import Shelf
from engine.story import Entry, Teller

#: Draws a diagram with its styles inside; the second is what it shows, in words.
Draw = Callable[[DiagramView, str], str]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """For whom a file is made, and when."""

    name: str
    at: datetime
    #: User name -> display name.
    names: Mapping[str, str]
    #: Channel -> what it is called.
    channels: Mapping[str, str]


def drawn(dossier: Dossier, proof: Proof | None, shelf: Shelf, reader: Reader, draw: Draw) -> str:
    """The file as a document for the press.

    Args:
        proof: what the check of the case came to; None where the reader may not have it made.
    """
    view, release = dossier.view, dossier.release
    teller = Teller(release, language(), names=reader.names, lexicon=lexicon_of(release, shelf))
    told = {record.seq: teller.tell(record) for record in dossier.records}
    # Told anew from the beginning: each teller goes through a history once.
    entries = Teller(release, language(), names=reader.names, lexicon=lexicon_of(release, shelf)).digest(
        dossier.records
    )
    intake = next((p for p in view.papers if p.seq == 1), None)
    return render_template(
        "casefile_print.html", view=view, head=view.head, letterhead=release.policy.heading, intake=intake,
        papers=[p for p in view.papers if p is not intake],
        decisions=[(r, told[r.seq]) for r in dossier.records if isinstance(r.event, h.DecisionMade)], entries=entries,
        notices=[(n, _notice(n, release, shelf)) for n in view.notices], copies={p.number: p.copies for p in view.printable if p.copies},
        pictures=_pictures(dossier, draw), proof=proof, reader=reader, s=said,
        moment_of=lambda at: moment(at, view.zone), day_of=lambda at: day(at, view.zone),
        named=_named, line_text=_line_text, called=lambda person: reader.names.get(person, person), channel_of=lambda c: reader.channels.get(c, c),
        outcomes=_outcomes,
    )  # fmt: skip


def _named(label: Label | None) -> str:
    return label.text(language()) if label else ""


def _line_text(line: Line) -> str:
    return said(line.hidden) if line.hidden else line.text


def _outcomes(entry: Entry) -> Sequence[tuple[Any, str]]:
    return entry.outcomes


def _notice(notice: Notice, release: Release, shelf: Shelf) -> str:
    """What was sent or issued, to whom, by which form."""
    lang, facts = language(), notice.facts
    role = release.policy.roles.get(str(facts.get("to") or "").rpartition("/")[2])
    form = str(facts.get("form") or "")
    found = [
        str(facts.get("kind") or ""),
        shelf.form(release, form).title.text(lang) if form in release.forms else "",
        role.text(lang) if role else "",
    ]
    more = said("comma").join(part for part in found if part)
    what = ERRANDS[notice.type].label.text(lang)
    return f"{what}{said('colon')}{more}" if more else what


def _pictures(dossier: Dossier, draw: Draw) -> list[tuple[str, Markup]]:
    """The main diagram, and those the case stands in now."""
    main, *called = dossier.pictures
    shown = [main, *(view for view in called if view.here)]
    drawn = [(view, draw(view, view.name.text(language()))) for view in shown]
    return [(view.name.text(language()), Markup(svg)) for view, svg in drawn if svg]

"""Finding cases by what happened in them, each with the events that prove it.

The store's index only says where to look. What a case is found by is read once more from its history as far as the
reader may see it: so nothing withheld or erased is ever found, nor any other word beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.authority import Actor
from engine.casebook.looking import Looking
from engine.history import (
    DataSet,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DecisionMade,
    Event,
    PathTaken,
    Record,
    TaskOpened,
    TaskWithdrawn,
)
from engine.release import Release
from engine.store import CaseQuery, Head, Page, Reading
from engine.store.passages import (
    MOST_WORDS,
    Passage,
    answer_mark,
    departure,
    mark,
    passages_of,
    phrases_of,
    pieces_of,
    rule_mark,
    rules_of,
)
from engine.store.scripts import one_script

#: So much of a text stands before and behind the word that was found.
_BEFORE, _BEHIND = 16, 60
#: Rows on a page at most: each one's history is read.
MOST_FOUND = 25


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is known of the cases that are looked for; all of it must hold."""

    #: Words that were said: in answers, remarks, reasons, names of files.
    words: str = ""
    #: Somebody who did something in it, was given something, or is off it.
    person: str = ""
    #: An element or a flow that was passed.
    element: str = ""
    #: A limit that was not kept, or is past due now.
    limit: str = ""
    #: A decision that was asked; with `row`, one in which this row of its table applied.
    decision: str = ""
    row: str = ""
    #: A field, and what it held at some time.
    field: str = ""
    value: str = ""
    #: How it left the straight way or broke a rule: one of `DEPARTURES`.
    event: str = ""
    pack: str = ""
    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None
    cursor: str | None = None
    limit_rows: int = MOST_FOUND

    def anything(self) -> bool:
        """Whether something is asked for that an event must prove."""
        return bool(
            self.event or self.words.strip() or self.person or self.element or self.limit or self.decision or self.field
        )

    def query(self) -> CaseQuery:
        """The same as the store asks it."""
        marks = [mark("person", self.person)] if self.person else []
        marks += [mark("event", self.event)] if self.event else []
        marks += [mark("element", self.element)] if self.element else []
        marks += [rule_mark(self.decision, self.row)] if self.decision else []
        marks += [said] if self.field and (said := answer_mark(self.field, self.value)) else []
        return CaseQuery(
            words=self.words or None, marks=tuple(marks), broken=self.limit or None, pack=self.pack or None, since=self.since,
            until=self.until, open=self.open, cursor=self.cursor, limit=min(max(self.limit_rows, 1), MOST_FOUND),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """An event that proves a part of what was asked."""

    #: words, person, event, element, limit, decision, field.
    about: str
    record: Record
    #: Of words: the text around them.
    excerpt: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A case, and what proves that it is one of those that were asked for."""

    head: Head
    release: Release
    #: Its history as the reader may see it.
    records: tuple[Record, ...]
    proof: tuple[Evidence, ...]


class Finding(Looking):
    """Finding cases."""

    def find(self, wanted: Wanted, actor: Actor) -> Page[Found]:
        """Cases the actor may see in which all of this happened, the latest opened first, with the events that prove it.

        A page may hold fewer cases than it might, and another one still follow: what turns out to be withheld is left out.

        Raises:
            CursorUnusable.
        """
        if wanted.field and answer_mark(wanted.field, wanted.value) is None:
            return Page(rows=())
        with self._store.look() as reading:
            page = reading.cases(wanted.query(), actor)
            found = [one for head in page.rows if (one := self._proved(reading, head, wanted, actor))]
        for one in found:
            if one.head.sealed:
                self._note(one.head.case, actor, "find")
        return Page(rows=tuple(found), next=page.next)

    def _proved(self, reading: Reading, row: Head, wanted: Wanted, actor: Actor) -> Found | None:
        head = reading.head(row.case)
        records = reading.history(row.case)
        records = self._veil(reading, head, actor, records).records(records)
        passages = list(passages_of(records))
        proof: list[Evidence] = []
        for about, prove in _proofs(wanted):
            shown = next((e for passage, turn in passages for e in prove(passage, turn, about)), None)
            if shown is None:
                return None
            proof.append(shown)
        if wanted.limit:
            breach = _breach(records, wanted.limit, self._clock.now())
            if breach is None:
                return None
            proof.append(breach)
        release = self.shelf.release(head.release, reading)
        self._shelve(reading, records)
        shown_by = tuple(sorted(proof, key=lambda e: e.record.seq))
        return Found(head=row, release=release, records=tuple(records), proof=shown_by)


Proving = Callable[[Passage, list[Record], str], Iterator[Evidence]]


def _proofs(wanted: Wanted) -> Iterator[tuple[str, Proving]]:
    """Each part of what is asked, and how a passage proves it."""
    for phrase in phrases_of(wanted.words)[:MOST_WORDS]:

        def said(passage: Passage, turn: list[Record], about: str, phrase: Any = phrase) -> Iterator[Evidence]:
            for text in passage.texts:
                if phrase.within(pieces_of(text)):
                    yield Evidence(about=about, record=turn[0], excerpt=_around(text, phrase.pieces[0]))

        yield "words", said
    if wanted.person:
        yield "person", _marked(mark("person", wanted.person), lambda e: False)
    if wanted.event:
        yield "event", _marked(mark("event", wanted.event), lambda e: departure(e) == wanted.event)
    if wanted.element:
        yield "element", _marked(mark("element", wanted.element), lambda e: _passes(e, wanted.element))
    if wanted.decision:
        yield "decision", _marked(rule_mark(wanted.decision, wanted.row), lambda e: _decides(e, wanted))
    if wanted.field and (answered := answer_mark(wanted.field, wanted.value)):
        yield "field", _marked(answered, lambda e: isinstance(e, DataSet) and wanted.field in e.values)


def _marked(wanted: str, fits: Callable[[Event], bool]) -> Proving:
    """The event of a marked passage that fits; its input, where none fits better."""

    def prove(passage: Passage, turn: list[Record], about: str) -> Iterator[Evidence]:
        if wanted in passage.marks:
            yield Evidence(about=about, record=next((r for r in turn if fits(r.event)), turn[0]))

    return prove


def _passes(event: Event, element: str) -> bool:
    return (isinstance(event, TaskOpened) and event.element == element) or (
        isinstance(event, PathTaken) and any(one.rpartition("/")[2] == element for one in event.passed)
    )


def _decides(event: Event, wanted: Wanted) -> bool:
    return (
        isinstance(event, DecisionMade)
        and event.decision == wanted.decision
        and (not wanted.row or wanted.row in rules_of(event))
    )


def _breach(records: list[Record], limit: str, now: datetime) -> Evidence | None:
    """What shows that a limit was not kept: its late end, or the event that set the moment that has passed since."""
    running: dict[str, tuple[datetime, Record]] = {}
    for record in records:
        event = record.event
        match event:
            case DeadlineSet() if event.deadline == limit:
                running[limit] = event.due, record
            case TaskOpened() if event.limit == limit and event.due:
                running[event.task] = event.due, record
            case DeadlineMoved() if event.deadline in running:
                running[event.deadline] = event.due, record
            case DeadlineMet() if event.deadline in running:
                if event.late:
                    return Evidence(about="limit", record=record)
                del running[event.deadline]
            case TaskWithdrawn() if event.task in running:
                del running[event.task]
    return next((Evidence(about="limit", record=r) for due, r in running.values() if due < now), None)


def _around(text: str, word: str) -> str:
    """The part of a text in which a word stands."""
    text = " ".join(text.split())
    place = one_script(unicodedata.normalize("NFKC", text).casefold()).find(word)
    begin = max(0, place - _BEFORE)
    end = max(place, 0) + _BEHIND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")

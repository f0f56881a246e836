"""What a history says, as it is searched: for each input, with its outcomes, one passage of pieces.

A piece is a word of a script with blanks, or two neighbouring characters of one without (Chinese needs no
dictionary then): so both databases search with what they bring, and no extension. A mark is a piece that nobody can
type; it stands for a fact that is asked for exactly: a person, an element, a rule, an answer. Passages are found, not
read: what is shown of a case is told from its history, as far as the reader may see it. This knows no database.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import singledispatch
from typing import Any

from engine import history as h
from engine.store.scripts import one_script

#: Pieces of one passage; what an input says beyond them is not found.
MOST_PIECES = 8000
#: Longer answers are found by their words, not as a whole.
_MOST_VALUE = 100
#: So many words are looked for at once.
MOST_WORDS = 8
#: Between two texts of a passage, so that no phrase goes over the border.
BORDER = "_"
#: Ways in which a case leaves the straight way or breaks a rule: kinds of events, and three that are told apart.
DEPARTURES = (
    "late", "again", "deadline_extended", "clock_paused", "task_delegated", "task_withdrawn", "deputy", "person_recused",
    "incident_raised", "incident_resolved", "errand_failed", "calendar_replaced", "person_erased", "case_moved",
)  # fmt: skip
#: Scripts that are written without blanks.
_DENSE = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_DENSE}]+|[^\W_{_DENSE}]+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Pieces that must stand one behind the other."""

    pieces: tuple[str, ...]
    #: Whether the last one is only a beginning.
    open: bool

    def within(self, pieces: list[str]) -> bool:
        """Whether it stands among these."""
        *first, last = self.pieces
        return any(
            pieces[n : n + len(first)] == first
            and (pieces[n + len(first)].startswith(last) if self.open else pieces[n + len(first)] == last)
            for n in range(len(pieces) - len(first))
        )


def pieces_of(text: str) -> list[str]:
    """The pieces of a text, in order."""
    found: list[str] = []
    for run in _runs(text):
        if _IS_DENSE.match(run):
            # The last character stands alone, so that each one begins something.
            found += [run[n : n + 2] for n in range(len(run))]
        else:
            found.append(run)
    return found


def phrases_of(text: str) -> list[Phrase]:
    """What somebody looks for: each word must be there; letters are the beginning of a word."""
    found = []
    for word in text.split():
        runs = _runs(word)
        pieces = [piece for run in runs for piece in pieces_of(run)]
        if not pieces:
            continue
        dense = bool(_IS_DENSE.match(runs[-1]))
        if dense and len(runs[-1]) > 1:
            pieces.pop()
        found.append(Phrase(pieces=tuple(pieces), open=not dense or len(runs[-1]) == 1))
    return found


def mark(kind: str, value: str) -> str:
    """The piece that stands for a fact: kind "person", "element", "rule", "answer"."""
    return BORDER + hashlib.blake2b(f"{kind}\0{value}".encode(), digest_size=8).hexdigest()


def answer_mark(name: str, value: Any) -> str | None:
    """The mark of an answer; None where it is too long to be asked for as a whole."""
    text = _plainly(value)
    return mark("answer", f"{name}\0{text}") if text and len(text) <= _MOST_VALUE else None


def rule_mark(decision: str, rule: str = "") -> str:
    """The mark of a decision that was asked, or of one of its rules that applied."""
    return mark("rule", f"{decision}\0{rule}")


@dataclass(kw_only=True)
class Passage:
    """What an input and its outcomes say."""

    #: Number of the input.
    turn: int
    texts: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)

    def hear(self, event: h.Event) -> None:
        """Add what an event says."""
        if said := departure(event):
            self.marks.add(mark("event", said))
        if isinstance(event, h.Input) and event.actor != "system":
            self._persons(event.actor, event.on_behalf_of)
        _heard(event, self)

    def pieces(self) -> tuple[str, ...]:
        """Everything it is found by, in one order."""
        found: list[str] = []
        for text in self.texts:
            if pieces := pieces_of(text):
                found += [*pieces, BORDER]
        return (*found[:MOST_PIECES], *sorted(self.marks))

    def say(self, *texts: Any) -> None:
        """Add texts, wherever in the values they stand."""
        self.texts += [text for value in texts for text in _texts(h.bare(value))]

    def answer(self, values: Mapping[str, Any] | None) -> None:
        """Add what was answered, as a whole and by its words; in one order, for a stored event has lost that of the form."""
        for name, value in sorted((values or {}).items()):
            self.say(value)
            self.know(name, h.bare(value))

    def know(self, name: str, value: Any) -> None:
        """Add what became known, as a whole alone."""
        match value:
            case Mapping():
                for inner, part in value.items():
                    self.know(inner, part)
            case list() | tuple():
                for part in value:
                    self.know(name, part)
            case _:
                found = answer_mark(name, value)
                if found:
                    self.marks.add(found)

    def _persons(self, *names: str | None) -> None:
        self.marks |= {mark("person", name) for name in names if name}


def passages_of(records: Iterable[h.Record]) -> Iterator[tuple[Passage, list[h.Record]]]:
    """The passages of a history, each with its events."""
    found: tuple[Passage, list[h.Record]] | None = None
    for record in records:
        if isinstance(record.event, h.Input) or found is None:
            if found is not None:
                yield found
            found = Passage(turn=record.seq), []
        found[0].hear(record.event)
        found[1].append(record)
    if found is not None:
        yield found


@singledispatch
def _heard(event: h.Event, passage: Passage) -> None:
    """Most kinds say nothing that is searched for beyond who acted, and why."""
    passage.say(getattr(event, "reason", ""))


@_heard.register
def _(event: h.CaseOpened, passage: Passage) -> None:
    passage.say(event.title)
    passage.answer(event.answers)
    for person in event.barred:
        passage.marks.add(mark("person", person))


@_heard.register
def _(event: h.TaskCompleted, passage: Passage) -> None:
    passage.answer(event.answers)


@_heard.register
def _(event: h.TaskDelegated, passage: Passage) -> None:
    passage.say(event.reason)
    passage.marks.add(mark("person", event.to))


@_heard.register
def _(event: h.MessageReceived, passage: Passage) -> None:
    passage.answer(event.payload)


@_heard.register
def _(event: h.ErrandDone, passage: Passage) -> None:
    passage.say((event.result or {}).get("number", ""))


@_heard.register
def _(event: h.CommentAdded, passage: Passage) -> None:
    passage.say(event.text)


@_heard.register
def _(event: h.AttachmentAdded, passage: Passage) -> None:
    passage.say(event.name)


@_heard.register
def _(event: h.PersonRecused, passage: Passage) -> None:
    passage.say(event.reason)
    passage.marks.add(mark("person", event.person))


@_heard.register
def _(event: h.IncidentResolved, passage: Passage) -> None:
    passage.say(event.reason)
    passage.answer(event.values)


@_heard.register
def _(event: h.PathTaken, passage: Passage) -> None:
    passage.marks |= {mark("element", one.rpartition("/")[2]) for one in event.passed}


@_heard.register
def _(event: h.TaskOpened, passage: Passage) -> None:
    passage.marks |= {mark("element", event.element), *(mark("person", p) for p in (event.assignee,) if p)}


@_heard.register
def _(event: h.DecisionMade, passage: Passage) -> None:
    passage.marks |= {rule_mark(event.decision), *(rule_mark(event.decision, rule) for rule in rules_of(event))}


@_heard.register
def _(event: h.DataSet, passage: Passage) -> None:
    for name, value in event.values.items():
        passage.know(name, h.bare(value))


def departure(event: h.Event) -> str | None:
    """What an event is where a case left the straight way or broke a rule; None where it did neither."""
    match event:
        case h.DeadlineMet():
            return "late" if event.late else None
        case h.TaskOpened():
            # "trace-2" is the second opening of `trace`; those of a repeated activity are each one of several.
            several = event.item is not None or bool(event.scope)
            return None if several or event.task.endswith("-1") else "again"
        case h.TaskCompleted() | h.TaskClaimed() if event.on_behalf_of:
            return "deputy"
    return event.kind if event.kind in DEPARTURES else None


def rules_of(event: h.DecisionMade) -> list[str]:
    """The numbers of the rows of a table that applied."""
    rules = h.bare(event.record.get("rules"))
    return [str(rule["number"]) for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def _runs(text: str) -> list[str]:
    return _RUN.findall(one_script(unicodedata.normalize("NFKC", text).casefold()))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for name, inner in sorted(value.items()):
                if name != "file":  # the hash of a content is no word
                    yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)


def _plainly(value: Any) -> str:
    """A single value as it is compared: as somebody would type it, letter case, blanks and script aside."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return one_script(" ".join(unicodedata.normalize("NFKC", value).casefold().split()))
        case int() | Decimal():
            return f"{Decimal(value).normalize():f}"
        case datetime():
            return value.isoformat()
        case date() | time():
            return value.isoformat()
    return ""

"""Finding: cases by what was said and what happened in them, each with the events that prove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request

from api.pages import looks, words
from api.pages.dossier import teller_of
from api.pages.files import LONGEST_SEARCH, statuses_of
from api.pages.office import may_see_figures
from api.problems import language
from api.wiring import Parts
from engine.authority import AUDITOR, NotAuthorised
from engine.casebook import Evidence, Found, Wanted, lexicon_of
from engine.release import Release
from engine.store import CaseQuery, CursorUnusable, Head
from engine.store.passages import DEPARTURES, mark
from engine.store.scripts import one_script

#: What can be asked for, besides words; shown as fields of the page.
FACTS = ("person", "event", "element", "limit", "decision", "row", "field", "value", "pack", "since", "until", "state")
_STATES = {"open": True, "closed": False}
#: Cases are counted up to so many.
MOST_COUNTED = 100_000
#: So many cases whose number or title is what was typed come first.
_CALLED = 5


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A case that was found, with what proves it in words."""

    head: Head
    #: What it proves, the sentence of the event, and the words around what was looked for.
    proof: tuple[tuple[Evidence, str], ...]


def blueprint(parts: Parts) -> Blueprint:
    """The page of finding."""
    pages = Blueprint("find", __name__)

    @pages.get("/find")
    def find() -> str:
        asked = {name: (request.args.get(name) or "").strip()[:LONGEST_SEARCH] for name in ("words", *FACTS)}
        wanted = _wanted({**asked, "person": _person(parts, asked["person"])})
        cursor = request.args.get("cursor") or None
        called: tuple[Head, ...] = ()
        hits: list[Hit] = []
        following = None
        if wanted.anything():
            try:
                page = parts.casebook.find(replace(wanted, cursor=cursor), g.actor)
            except CursorUnusable:
                # Somebody cut the address short: the list begins again.
                cursor, page = None, parts.casebook.find(wanted, g.actor)
            hits, following = [_hit(parts, found) for found in page.rows], page.next
            if wanted.words and cursor is None:
                called = parts.casebook.cases(CaseQuery(q=wanted.words, limit=_CALLED), g.actor).rows
        known = {hit.head.case for hit in hits}
        more = tuple(head for head in called if head.case not in known)
        return render_template(
            "find.html", asked=asked, hits=hits, called=more, next=following, first=cursor is None, wanted=wanted,
            packs=(packs := {p.pack: p for p in parts.casebook.packs(g.actor)}),
            procedures=_sorted((p.pack, looks.label(p.title)) for p in packs.values()), choices=_choices(parts, asked["pack"]),
            events=[(kind, words.word(f"event_{kind}", language())) for kind in DEPARTURES],
            query=urlencode({name: value for name, value in asked.items() if value}),
            statuses=statuses_of(parts, (*(hit.head for hit in hits), *more)),
            may_count=may_see_figures(g.actor, parts.casebook), narrowed=any(asked[name] for name in FACTS),
        )  # fmt: skip

    @pages.get("/departures")
    def departures() -> str:
        """In how many cases of each procedure what must not, or need not, happen did: each number opens the cases."""
        if not may_see_figures(g.actor, parts.casebook):
            raise NotAuthorised(person=g.actor.name, role=AUDITOR)
        asked = {name: (request.args.get(name) or "").strip()[:LONGEST_SEARCH] for name in ("pack", "since", "until")}
        packs = {p.pack: p for p in parts.casebook.packs(g.actor)}
        about = CaseQuery(
            pack=asked["pack"] or None, since=looks.begin_of(asked["since"]), until=looks.begin_of(asked["until"])
        )
        with parts.store.look() as reading:
            whole = reading.count_cases(about, g.actor, most=MOST_COUNTED)
            counts = [
                (kind, reading.count_cases(replace(about, marks=(mark("event", kind),)), g.actor, most=MOST_COUNTED))
                for kind in DEPARTURES
            ]
        return render_template(
            "departures.html", asked=asked, counts=counts, whole=whole, packs=packs, most=MOST_COUNTED,
            procedures=_sorted((p.pack, looks.label(p.title)) for p in packs.values()),
            query=urlencode({name: value for name, value in asked.items() if value}),
        )  # fmt: skip

    return pages


def _person(parts: Parts, typed: str) -> str:
    """The user name of whoever is called so; what was typed where that is one, or where several are, or nobody."""
    with parts.store.look() as reading:
        if not typed or reading.colleague(typed) is not None:
            return typed
        called = [one.name for one in reading.people(q=typed, active=None) if typed.casefold() in (one.zh.casefold(), one.en.casefold())]
    return called[0] if len(called) == 1 else typed


def _wanted(asked: Mapping[str, str]) -> Wanted:
    return Wanted(
        words=asked["words"],
        person=asked["person"],
        event=asked["event"],
        element=asked["element"],
        limit=asked["limit"],
        decision=asked["decision"],
        row=asked["row"],
        field=asked["field"],
        value=asked["value"],
        pack=asked["pack"],
        since=looks.begin_of(asked["since"]),
        until=looks.begin_of(asked["until"]),
        open=_STATES.get(asked["state"]),
    )


def _hit(parts: Parts, found: Found) -> Hit:
    teller = teller_of(found.release, parts.shelf, looks.people())
    said = {record.seq: teller.tell(record) for record in found.records}
    return Hit(head=found.head, proof=tuple((one, said[one.record.seq]) for one in found.proof))


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen of a procedure: id and what it is called."""

    elements: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    decisions: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]


def _choices(parts: Parts, pack: str) -> Choices | None:
    """What may be asked of cases of a procedure, by the release in force."""
    if pack not in {p.pack for p in parts.casebook.packs(g.actor)}:
        return None
    with parts.store.look() as reading:
        release = parts.shelf.release(reading.current(pack), reading)
    lang = language()
    fields = lexicon_of(release, parts.shelf).fields.values()
    return Choices(
        elements=_sorted(_told_apart(_elements(release))),
        limits=_sorted((one.id, one.label.text(lang)) for one in release.policy.limits.values()),
        decisions=_sorted(_decisions(release)),
        fields=_sorted(
            _told_apart((one.name, looks.label(one.label) or one.name) for one in fields if one.type not in ("table", "file"))
        ),
    )


def _elements(release: Release) -> Iterator[tuple[str, str]]:
    for process, (_, drawn) in release.processes.items():
        for element in drawn.elements.values():
            if element.name:
                said = release.title(process, element.id).text(language())
                # "1 day" alone is on many tasks.
                host = release.title(process, element.attached_to).text(language()) if element.attached_to else ""
                yield element.id, f"{host} · {said}" if host else said


def _told_apart(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Things and what they are called; where several are called the same, each with its id."""
    found = set(pairs)
    known = Counter(said for _, said in found)
    for id_, said in found:
        yield id_, said if known[said] == 1 else f"{said} ({id_})"


def _decisions(release: Release) -> Iterator[tuple[str, str]]:
    for model in release.decisions.values():
        for decision in model.decisions.values():
            yield decision.id, release.written(decision.name).text(language()) if decision.name else decision.id


def _sorted(pairs: Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(pairs), key=lambda pair: pair[::-1]))


def marked(text: str, words: str) -> list[tuple[str, bool]]:
    """A text in parts, and whether each is one of the words."""
    found: list[tuple[str, bool]] = []
    wanted = [one_script(word.casefold()) for word in words.split() if word]
    low, place = one_script(text.casefold()), 0
    if len(low) != len(text):
        return [(text, False)]
    while place < len(text):
        at, word = min(((n, w) for w in wanted if (n := low.find(w, place)) >= 0), default=(len(text), ""))
        if at > place:
            found.append((text[place:at], False))
        if word:
            found.append((text[at : at + len(word)], True))
        place = at + len(word)
    return found

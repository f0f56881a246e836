"""What of a case a reader is not shown: personal data, and files, that the pack keeps for certain roles.

A pack says whose data only some roles may read (`secrets`). For everybody else the field is there and what it holds is
not: it is marked as withheld. Data that were erased on request are marked as that, for every reader alike: nobody has
them any more, so there is nothing to keep from anyone. A run is never given veiled records, only a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from engine.authority import Actor
from engine.desk.house_rules import kept_from
from engine.history import AttachmentAdded, Event, Hidden, Personal, Record
from engine.policy import Policy
from engine.values import Value


@dataclass(frozen=True, kw_only=True)
class Veil:
    """What one reader is not shown of one case."""

    #: Whose personal data.
    whose: frozenset[str] = frozenset()
    #: Files by the hash of their content, and whose they are: those that hidden fields name.
    files: Mapping[str, str] = field(default_factory=dict)
    #: Whose key was destroyed: their data are hidden from everybody.
    erased: frozenset[str] = frozenset()

    def records(self, records: Iterable[Record]) -> list[Record]:
        """The same events without what is hidden."""
        if not self.whose:
            return list(records)
        return [replace(r, event=self._event(r.event)) for r in records]

    def document(self, values: Mapping[str, Value], whose: Mapping[str, str]) -> dict[str, Value]:
        """Case data without what is hidden; `whose` says whose data a field holds."""
        return {name: None if whose.get(name) in self.whose else value for name, value in values.items()}

    def hidden(self, values: Mapping[str, Value], whose: Mapping[str, str]) -> dict[str, Hidden]:
        """Which names of these case data the reader is not shown, and why."""
        found: dict[str, Hidden] = {}
        for name in values:
            if (of := whose.get(name)) in self.erased:
                found[name] = "erased"
            elif of in self.whose:
                found[name] = "withheld"
        return found

    def _event(self, event: Event) -> Event:
        if isinstance(event, AttachmentAdded) and event.file in self.files:
            # Its size would tell it among others.
            return replace(event, file="", name=_withheld(self.files[event.file]), media_type="", size=0)
        found = {f.name: getattr(event, f.name) for f in fields(event)}
        veiled = {name: hidden for name, value in found.items() if (hidden := self._value(value)) is not value}
        return replace(event, **veiled) if veiled else event

    def _value(self, value: Any) -> Any:
        match value:
            case Personal(of=of, erased=False) if of in self.whose:
                return _withheld(of)
            case Mapping():
                inner = {k: self._value(v) for k, v in value.items()}
                return inner if any(inner[k] is not v for k, v in value.items()) else value
            case list() | tuple():
                parts = [self._value(v) for v in value]
                return type(value)(parts) if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        return value


def veil_of(policy: Policy, actor: Actor, records: Iterable[Record], *, erased: frozenset[str] = frozenset()) -> Veil:
    """What the actor is not shown of a case with this history.

    Args:
        erased: whose key was destroyed in this case.
    """
    whose = kept_from(policy, actor)
    if not whose:
        return Veil(erased=erased)
    kept = list(records)
    named = [(file, of) for r in kept for file, of in _files(list(vars(r.event).values()), whose, "")]
    files = {file: of for file, of in named if of}
    if lost := whose & erased:
        # Which files the erased data named cannot be told any more: what nothing readable names stays hidden.
        readable = {file for file, of in named if not of}
        put = {r.event.file for r in kept if isinstance(r.event, AttachmentAdded)}
        files = {**dict.fromkeys(put - readable, min(lost)), **files}
    return Veil(whose=whose, files=files, erased=erased)


def _files(value: Any, whose: frozenset[str], hidden: str) -> Iterator[tuple[str, str]]:
    """The files named inside values, and whose hidden data they stand among: "" where they may be read.

    Args:
        hidden: the same of `value`.
    """
    match value:
        case Personal():
            yield from _files(value.value, whose, value.of if value.of in whose else hidden)
        case Mapping():
            if isinstance(value.get("file"), str):
                yield value["file"], hidden
            for inner in value.values():
                yield from _files(inner, whose, hidden)
        case list() | tuple():
            for inner in value:
                yield from _files(inner, whose, hidden)


def _withheld(of: str) -> Personal:
    return Personal(None, of, withheld=True)

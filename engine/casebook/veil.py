"""What of a case a reader is not shown: personal data, and files, that the pack keeps for certain roles.

A pack says whose data only some roles may read (`secrets`). For everybody else they look as if the person had been
forgotten: the field is there, what it holds is not. A run is never given veiled records, only a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from engine.authority import Actor
from engine.history import AttachmentAdded, Event, Personal, Record
from engine.policy import Policy
from engine.values import Value


@dataclass(frozen=True, kw_only=True)
class Veil:
    """What one reader is not shown of one case."""

    #: Whose personal data.
    whose: frozenset[str] = frozenset()
    #: Files by the hash of their content: those that hidden fields name.
    files: frozenset[str] = frozenset()

    def records(self, records: Iterable[Record]) -> list[Record]:
        """The same events without what is hidden."""
        if not self.whose:
            return list(records)
        return [replace(r, event=self._event(r.event)) for r in records]

    def document(self, values: Mapping[str, Value], whose: Mapping[str, str]) -> dict[str, Value]:
        """Case data without what is hidden; `whose` says whose data a field holds."""
        return {name: None if whose.get(name) in self.whose else value for name, value in values.items()}

    def _event(self, event: Event) -> Event:
        if isinstance(event, AttachmentAdded) and event.file in self.files:
            return replace(event, file="", name=_nothing("file"), media_type="")
        found = {f.name: getattr(event, f.name) for f in fields(event)}
        veiled = {name: hidden for name, value in found.items() if (hidden := self._value(value)) is not value}
        return replace(event, **veiled) if veiled else event

    def _value(self, value: Any) -> Any:
        match value:
            case Personal(of=of) if of in self.whose:
                return _nothing(of)
            case Mapping():
                inner = {k: self._value(v) for k, v in value.items()}
                return inner if any(inner[k] is not v for k, v in value.items()) else value
            case list() | tuple():
                parts = [self._value(v) for v in value]
                return type(value)(parts) if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        return value


def kept_from(policy: Policy, actor: Actor) -> frozenset[str]:
    """Whose personal data the pack keeps from the actor."""
    return frozenset(
        of for of, roles in policy.secrets.items() if not any(actor.has(policy.pack, role) for role in roles)
    )


def veil_of(policy: Policy, actor: Actor, records: Iterable[Record]) -> Veil:
    """What the actor is not shown of a case with this history."""
    whose = kept_from(policy, actor)
    if not whose:
        return Veil()
    return Veil(whose=whose, files=frozenset(f for r in records for f in _files(vars(r.event), whose, hidden=False)))


def _files(value: Any, whose: frozenset[str], *, hidden: bool) -> Iterator[str]:
    """The files named inside hidden values."""
    match value:
        case Personal():
            yield from _files(value.value, whose, hidden=hidden or value.of in whose)
        case Mapping():
            if hidden and isinstance(value.get("file"), str):
                yield value["file"]
            for inner in value.values():
                yield from _files(inner, whose, hidden=hidden)
        case list() | tuple():
            for inner in value:
                yield from _files(inner, whose, hidden=hidden)


def _nothing(of: str) -> Personal:
    return Personal(None, of, erased=True)

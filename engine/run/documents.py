"""What is known about a case, by scope: names are read outwards, and written where they are defined.

Scopes follow Zeebe. The case document is scope "". An activity with local data has a document of
its own, seen from inside; a called process has one too, and what is written inside it stays there
until it ends. Documents are outside the tokens, so parallel branches see each other's data at once.
It does not know expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.history import ERASED, Personal, bare
from engine.run.journal import Journal, Kept
from engine.values import Value, plain, unplain


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Where a scope lies."""

    #: The scope around it.
    parent: str
    #: A process of its own: names that are new inside are kept here.
    wall: bool = False
    #: Names around it can be read.
    through: bool = True


class Documents:
    """The documents of a case."""

    def __init__(self, journal: Journal) -> None:
        #: Scope -> name -> value.
        self.of: Kept[str, dict[str, Value]] = Kept(journal)
        self.bounds: Kept[str, Bounds] = Kept(journal)
        #: Scope -> name -> whose personal data it is.
        self.whose: Kept[str, dict[str, str]] = Kept(journal)

    def open(self, scope: str, bounds: Bounds | None) -> None:
        """Begin a scope; the case document has no bounds."""
        self.of[scope] = {}
        if bounds is not None:
            self.bounds[scope] = bounds

    def close(self, scope: str) -> None:
        """End a scope; what was local is gone."""
        for kept in (self.of, self.bounds, self.whose):
            if scope in kept:
                del kept[scope]

    def rename(self, scope: str, name: str) -> None:
        """Go on with a scope under another name; nothing may lie inside it."""
        for kept in (self.of, self.bounds, self.whose):
            kept.rename(scope, name)

    def chain(self, scope: str) -> list[str]:
        """The scopes whose names can be read in a scope, innermost first."""
        found = [scope]
        while (bounds := self.bounds.get(found[-1])) is not None and bounds.through:
            found.append(bounds.parent)
        return found

    def seen(self, scope: str) -> dict[str, Value]:
        """All names as they are seen in a scope."""
        names: dict[str, Value] = {}
        for place in reversed(self.chain(scope)):
            names.update(self.of[place])
        return names

    def under_way(self) -> dict[str, str]:
        """Names that the case document does not have yet, because only a called process that is under way knows them -> its
        scope. What stands in one of several instances of a repeated activity is not of the case as a whole.
        """
        found: dict[str, str] = {}
        # Where several know one name, the outermost: in one order, whether the case was replayed or brought back from a snapshot.
        for scope in sorted(self.of, key=lambda one: (len(self.chain(one)), one)):
            if all((bounds := self.bounds.get(place)) and bounds.wall for place in self.chain(scope) if place):
                found = {**dict.fromkeys(self.of[scope], scope), **found}
        return {name: scope for name, scope in found.items() if name not in self.of[""]}

    def whose_name(self, scope: str, name: str) -> str | None:
        """Whose personal data a name holds, as seen in a scope."""
        for place in self.chain(scope):
            if name in self.of[place]:
                return self.whose.get(place, {}).get(name)
        return None

    def place_of(self, scope: str, name: str) -> str:
        """Where a name that is set in a scope is written: where it is defined, else in the process."""
        here = scope
        while True:
            bounds = self.bounds.get(here)
            if name in self.of[here] or bounds is None or bounds.wall:
                return here
            here = bounds.parent

    def put(self, scope: str, name: str, value: Value, of: str | None = None) -> None:
        """Set a name in exactly this scope."""
        self.of[scope] = {**self.of[scope], name: value}
        known = self.whose.get(scope, {})
        if of is not None:
            self.whose[scope] = {**known, name: of}
        elif name in known:
            self.whose[scope] = {n: o for n, o in known.items() if n != name}

    def merge(self, scope: str, values: Mapping[str, Value], whose: Mapping[str, str]) -> dict[str, dict[str, Value]]:
        """Set names, each where it belongs; returns what was written where, personal data marked."""
        written: dict[str, dict[str, Value]] = {}
        for name, value in values.items():
            place = self.place_of(scope, name)
            of = whose.get(name)
            self.put(place, name, value, of)
            written.setdefault(place, {})[name] = marked(value, of)
        return written

    def masked(self, text: str) -> str:
        """A text for events, without what is known about persons."""
        for scope, names in self.whose.items():
            for name in names:
                value = self.of[scope].get(name)
                if isinstance(value, str) and len(value) > 1:
                    text = text.replace(value, ERASED)
        return text

    def erase(self, of: str) -> None:
        """Forget a person: what is theirs reads as null from now on."""
        for scope, names in list(self.whose.items()):
            for name in [n for n, owner in names.items() if owner == of]:
                self.put(scope, name, None, of)


def settled(value: Any) -> Value:
    """A value as it is after it was stored once: without marks, in one order, in one form.

    Raises:
        NotAValue: case data cannot hold it.
    """
    return unplain(_ordered(plain(bare(value))))


def marked(value: Value, of: str | None) -> Value:
    """A value as events tell it: sealed when it is about a person."""
    return value if of is None else Personal(value, of)


def said(values: Mapping[str, Any] | None) -> tuple[dict[str, Value], dict[str, str]]:
    """Values from an event, and whose data they are."""
    given = values or {}
    whose = {name: of for name, value in given.items() if (of := _of(value))}
    return {name: settled(value) for name, value in given.items()}, whose


def _of(value: Any) -> str | None:
    match value:
        case Personal():
            return value.of
        case dict():
            return next((of for v in value.values() if (of := _of(v))), None)
        case list() | tuple():
            return next((of for v in value if (of := _of(v))), None)
    return None


def _ordered(data: Any) -> Any:
    match data:
        case dict():
            return {key: _ordered(data[key]) for key in sorted(data)}
        case list():
            return [_ordered(item) for item in data]
    return data

"""Forms, settings and names beside each other, entry by entry: a field, a limit, a role, a word, each with what it says.

Whatever is listed under ids is compared by these; everything else of a file is told under its keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from engine.drafting.changes import Change, details, in_order
from engine.errors import EngineError
from engine.release import yaml_of

#: Keys by which the items of a list are told apart.
_IDS = ("name", "id", "value")
#: What a file says under no list.
GENERAL = "general"
#: The words of a file of names.
WORDS = "words"


def entries(path: str, before: bytes | None, after: bytes | None) -> tuple[Change, ...] | None:
    """What is not as it was; None where one of the two cannot be told so."""
    try:
        old, new = (_lists(path, yaml_of(data, path) if data is not None else {}) for data in (before, after))
    except EngineError:
        return None
    if old is None or new is None:
        return None
    return tuple(c for kind in dict.fromkeys((*new, *old)) for c in _changes(kind, old.get(kind, {}), new.get(kind, {})))


#: Id -> what it says.
_Entries = dict[str, Mapping[str, Any]]


def _lists(path: str, said: Any) -> dict[str, _Entries] | None:
    """List -> its entries."""
    if not isinstance(said, Mapping):
        return None
    if path.startswith("names/"):
        return {WORDS: {str(word): {"en": english} for word, english in said.items()}}
    found: dict[str, _Entries] = {GENERAL: {}}
    for key, value in said.items():
        listed = _listed(value)
        if listed is None:
            found[GENERAL][str(key)] = {"": value}
        else:
            found[str(key)] = listed
    return found


def _listed(value: Any) -> _Entries | None:
    """The entries of a list or mapping of mappings; None: it is none."""
    if isinstance(value, Mapping) and value and all(isinstance(v, Mapping) for v in value.values()):
        return {str(id_): facts for id_, facts in value.items()}
    if isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
        found: _Entries = {}
        for facts in value:
            name = _id(facts)
            again = f"{name} " if name in found else ""
            found[next(f"{again}{n}" for n in range(2, len(value) + 2) if f"{again}{n}" not in found) if again else name] = facts
        return found
    return None


def _id(facts: Mapping[str, Any]) -> str:
    """What an item goes by; one without an id by what it says."""
    for key in _IDS:
        if isinstance(facts.get(key), str | int):
            return str(facts[key])
    return _called(facts) or _text(facts)


def _called(facts: Mapping[str, Any], lang: str = "zh") -> str:
    """What something is called."""
    for said in (facts, facts.get("label"), facts.get("title")):
        if isinstance(said, Mapping) and (name := said.get(lang)):
            return str(name)
    return ""


def _changes(type_: str, old: _Entries, new: _Entries) -> Iterator[Change]:
    order = [id_ for id_ in old if id_ in new]
    moved = _moved(order, [id_ for id_ in new if id_ in old]) if type_ == "fields" else set()
    for id_ in dict.fromkeys((*new, *old)):
        was, now = old.get(id_), new.get(id_)
        told = details(_flat(was), _flat(now))
        name, english = (_called(now or was or {}, lang) for lang in ("zh", "en"))
        if was is None or now is None:
            yield Change(kind="added" if was is None else "removed", element=id_, name=name, en=english, type=type_, details=told)
        elif told:
            yield Change(kind="changed", element=id_, name=name, en=english, type=type_, details=told)
        elif id_ in moved:
            yield Change(kind="moved", element=id_, name=name, en=english, type=type_)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """What does not stand where it stood among the others."""
    places = {id_: n for n, id_ in enumerate(old)}
    kept = in_order([places[id_] for id_ in new])
    return {id_ for id_ in new if places[id_] not in kept}


def _flat(facts: Mapping[str, Any] | None) -> dict[str, str]:
    """Every setting under the keys that lead to it."""
    return dict(_leaves("", facts)) if facts else {}


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    nested = value if isinstance(value, Mapping) else _listed(value) if isinstance(value, list) else None
    if nested is None:
        yield path, _text(value)
        return
    if isinstance(value, list):
        # In which order they stand is a setting of its own.
        yield path, ", ".join(nested)
    for key, inner in nested.items():
        yield from _leaves(f"{path}.{key}" if path else str(key), inner)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "✓" if value else "✗"
        case str():
            return value
        case list() if all(isinstance(v, str | int | float) for v in value):
            return ", ".join(map(str, value))
        case list() | dict():
            return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False).strip()
    return str(value)


__all__ = ["GENERAL", "WORDS", "entries"]

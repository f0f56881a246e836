"""The settings of a pack as rows that can be changed one by one: limits, roles, statuses, messages, parameters, numbering.

A row shows what holds, whether the pack says it or its base; what is changed is written into the pack's own file,
where it is written already or behind the others, and nothing else of the text is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.drafting.splicing import put, take
from engine.errors import EngineError
from engine.findings import Refused
from engine.policy import ROLLS, STAGES, UNITS
from engine.release import settings_of, yaml_of

Kind = Literal["text", "number", "flag", "list", "unit", "roll", "stage"]
#: What can be chosen for settings of a kind.
CHOICES: Mapping[str, tuple[str, ...]] = {"unit": UNITS, "roll": ROLLS, "stage": STAGES}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One setting of a row."""

    #: Keys that lead to it: ("warn", "value").
    path: tuple[str, ...]
    kind: Kind = "text"

    @property
    def name(self) -> str:
        """The path in one word."""
        return ".".join(self.path)


def _columns(text: str) -> tuple[Column, ...]:
    """`a b:number c.d:unit`."""
    found = []
    for word in text.split():
        path, _, kind = word.partition(":")
        found.append(Column(path=tuple(path.split(".")), kind=kind or "text"))  # type: ignore[arg-type]
    return tuple(found)


#: Section of pack.yaml -> the settings of each of its rows.
SECTIONS: Mapping[str, tuple[Column, ...]] = {
    "limits": _columns(
        "zh en value:number unit:unit stage:stage from to:list roll:roll warn.value:number warn.unit:unit pausable:flag extend_by:list source"
    ),
    "roles": _columns("zh en"),
    "statuses": _columns("zh en"),
    "messages": _columns("zh en form roles:list"),
    "params": _columns("zh en value source"),
    "numbering": _columns("zh en pattern reset overflow source"),
}


@dataclass(frozen=True, kw_only=True)
class SectionRow:
    """A limit, a role …"""

    id: str
    #: Column -> what holds, as text; "" where nothing is said.
    said: Mapping[str, str]
    #: Its columns: a limit has two more for each of its variants.
    columns: tuple[Column, ...]
    #: Whether the pack's own file says anything of it.
    own: bool


def sections_of(pack: bytes, base: bytes | None) -> dict[str, tuple[SectionRow, ...]] | None:
    """Every section as rows; None where the files cannot be read so far."""
    try:
        said, own = settings_of(pack, base), yaml_of(pack, "pack.yaml")
    except (EngineError, Refused):
        return None
    if not isinstance(said, Mapping) or not isinstance(own, Mapping):
        return None
    return {section: tuple(_rows(section, said.get(section), own.get(section))) for section in SECTIONS}


def _rows(section: str, said: Any, own: Any) -> Iterator[SectionRow]:
    for id, facts in said.items() if isinstance(said, Mapping) else ():
        if not isinstance(facts, Mapping):
            continue
        columns = SECTIONS[section]
        variants = facts.get("variants")
        for variant in variants if section == "limits" and isinstance(variants, Mapping) else ():
            columns += (Column(path=("variants", str(variant), "value"), kind="number"), Column(path=("variants", str(variant), "unit"), kind="unit"))
        yield SectionRow(
            id=str(id), said={c.name: _text(_at(facts, c.path), c) for c in columns}, columns=columns,
            own=isinstance(own, Mapping) and id in own,
        )  # fmt: skip


def changed(text: str, base: bytes | None, section: str, row: str, values: Mapping[str, str]) -> str:
    """The pack's text with other values for a row; those that read as they did stay as they were written.

    Args:
        values: column -> text, of every column that was shown; a row that is not there yet is added.
    """
    rows = (sections_of(text.encode(), base) or {}).get(section, ())
    known = next((r for r in rows if r.id == row), None)
    if known is None:
        facts: dict[str, Any] = {}
        for column in SECTIONS[section]:
            if values.get(column.name, ""):
                _set(facts, column.path, _value(values[column.name], column))
        return put(text, (section, row), facts)
    for column in known.columns:
        new = values.get(column.name)
        if new is None or new == known.said[column.name]:
            continue
        place = (section, row, *column.path)
        text = put(text, place, _value(new, column)) if new else _unsaid(text, base, place, column)
    return text


def _unsaid(text: str, base: bytes | None, place: tuple[str, ...], column: Column) -> str:
    """The text without a setting; where the base says it, it is overruled."""
    section, row = place[:2]
    text = take(text, place)
    left = next((r for r in (sections_of(text.encode(), base) or {}).get(section, ()) if r.id == row), None)
    if left is None or not left.said.get(column.name):
        return text
    return put(text, place, False if column.kind == "flag" else None)


def without(text: str, base: bytes | None, section: str, row: str) -> str:
    """The pack's text without a row; one that its base brings is struck out there."""
    own = yaml_of(text.encode(), "pack.yaml")
    if isinstance(own, Mapping) and isinstance(own.get(section), Mapping) and row in own[section]:
        text = take(text, (section, row))
    left = (sections_of(text.encode(), base) or {}).get(section, ())
    return put(text, (section, row), None) if any(r.id == row for r in left) else text


def _at(facts: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        facts = facts.get(key) if isinstance(facts, Mapping) else None
    return facts


def _set(facts: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        facts = facts.setdefault(key, {})
    facts[path[-1]] = value


def _text(value: Any, column: Column) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case list():
            return ", ".join(map(str, value))
    return str(value)


def _value(text: str, column: Column) -> Any:
    """What a text means in the file; what is no number stays what was typed, for the gate to tell."""
    match column.kind:
        case "flag":
            return text == "yes"
        case "number":
            return int(text) if text.lstrip("-").isdigit() else text
        case "list":
            parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
            return parts[0] if column.path == ("to",) and len(parts) == 1 else parts
    return text


__all__ = ["CHOICES", "SECTIONS", "Column", "SectionRow", "changed", "sections_of", "without"]

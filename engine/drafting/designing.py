"""A form as its designer shows it: a row for each field, and the same rows written back into the owner's text.

Only what was changed is written; what the designer does not know (columns, currency, units …) and every comment stay. A row
remembers which field of the text it came from, so that a moved field is moved and not written anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.drafting.splicing import insert, order, put, take
from engine.findings import Refused
from engine.release import yaml_of

#: What the designer writes of a field; the rest is left alone.
KEYS = (
    "name", "type", "label", "hint", "required", "when", "value", "result", "min", "max", "pattern", "personal", "readonly", "many", "role",
    "options",
)  # fmt: skip
_TEXTS = ("label", "hint")


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One field in the designer."""

    #: Its place in the text it came from; None: it is new.
    origin: int | None
    #: Key -> value, of those in KEYS; a key that is missing is not set.
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Other keys it has, by name: they are kept as they are.
    others: tuple[str, ...] = ()


def rows_of(text: str, path: str) -> tuple[FieldRow, ...] | None:
    """The fields of a form; None where the text is no form that could be shown as rows."""
    try:
        said = yaml_of(text.encode(), path)
    except Refused:
        return None
    listed = said.get("fields") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        return None
    return tuple(
        FieldRow(origin=n, facts={k: row[k] for k in KEYS if k in row}, others=tuple(str(k) for k in row if k not in KEYS))
        for n, row in enumerate(listed)
    )


def redrawn(text: str, path: str, rows: Sequence[FieldRow], title: Mapping[str, str] | None = None) -> str:
    """The text with these rows for its fields, in this order; rows that are missing are taken out."""
    before = rows_of(text, path) or ()
    text = order(text, ("fields",), [row.origin for row in rows if row.origin is not None])
    for place, row in enumerate(rows):
        if row.origin is None:
            text = insert(text, ("fields",), place, {k: row.facts[k] for k in KEYS if k in row.facts})
            continue
        text = _row(text, place, before[row.origin].facts, row.facts)
    said = yaml_of(text.encode(), path).get("title")
    for lang, word in (title or {}).items():
        if not isinstance(said, dict) or said.get(lang) != word:
            text = put(text, ("title", lang), word)
    return text


def _row(text: str, place: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    for key in KEYS:
        here = ("fields", place, key)
        if key not in now:
            text = take(text, here) if key in was else text
        elif key in _TEXTS and isinstance(was.get(key), dict) and isinstance(now[key], dict):
            # A word at a time, so that what else is written there stays.
            for lang, word in now[key].items():
                text = text if was[key].get(lang) == word else put(text, (*here, lang), word)
        elif key not in was or was[key] != now[key] or type(was[key]) is not type(now[key]):
            text = put(text, here, now[key])
    return text

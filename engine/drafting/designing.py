"""A form as its designer shows it: a row for each field, and the same rows written back into the owner's text.

Only what was changed is written; what the designer does not know and every comment stay. A row remembers which field of the
text it came from, so that a moved field is moved and not written anew. The columns of a table are rows of the same kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.drafting.splicing import Path, insert, order, put, take
from engine.findings import Refused
from engine.release import yaml_of

#: What the designer writes of a field; the rest is left alone.
KEYS = (
    "name", "type", "label", "hint", "required", "when", "value", "result", "min", "max", "pattern", "personal", "readonly", "many", "role",
    "options", "default", "currency", "decimals", "unit",
)  # fmt: skip
_TEXTS = ("label", "hint", "unit")
#: Where the fields of a form stand, and the columns of a field.
_FIELDS, _COLUMNS = "fields", "columns"
#: How the form stands on paper.
_PRINT = "print"


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One field in the designer."""

    #: Its place in the text it came from; None: it is new.
    origin: int | None
    #: Key -> value, of those in KEYS; a key that is missing is not set.
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Other keys it has, by name: they are kept as they are.
    others: tuple[str, ...] = ()
    #: Of a table: its columns.
    columns: tuple[FieldRow, ...] = ()


def rows_of(text: str, path: str) -> tuple[FieldRow, ...] | None:
    """The fields of a form; None where the text is no form that could be shown as rows."""
    try:
        said = yaml_of(text.encode(), path)
    except Refused:
        return None
    return _rows(said.get(_FIELDS)) if isinstance(said, dict) else None


def _rows(listed: Any) -> tuple[FieldRow, ...] | None:
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        return None
    return tuple(_read(n, row) for n, row in enumerate(listed))


def _read(n: int, row: Mapping[str, Any]) -> FieldRow:
    columns = _rows(row.get(_COLUMNS))
    known = KEYS if columns is None else (*KEYS, _COLUMNS)
    return FieldRow(
        origin=n, facts={k: row[k] for k in KEYS if k in row}, others=tuple(str(k) for k in row if k not in known), columns=columns or ()
    )


def redrawn(
    text: str, path: str, rows: Sequence[FieldRow], title: Mapping[str, str] | None = None, printed: Mapping[str, Any] | None = None
) -> str:
    """The text with these rows for its fields, in this order; rows that are missing are taken out.

    Args:
        printed: how it stands on paper: title, code, parts, signs; what is empty is taken out. None: as it is.
    """
    text = _listed(text, (_FIELDS,), rows_of(text, path) or (), rows)
    said = yaml_of(text.encode(), path).get("title")
    for lang, word in (title or {}).items():
        if not isinstance(said, dict) or said.get(lang) != word:
            text = put(text, ("title", lang), word)
    before = printed_of(text, path)
    for key, value in (printed or {}).items():
        if value != before.get(key) and (value or before.get(key)):
            text = put(text, (_PRINT, key), value) if value else take(text, (_PRINT, key))
    return text if printed_of(text, path) or not before else take(text, (_PRINT,))


def printed_of(text: str, path: str) -> Mapping[str, Any]:
    """How a form stands on paper, as far as it says so."""
    said = yaml_of(text.encode(), path)
    printed = said.get(_PRINT) if isinstance(said, dict) else None
    return printed if isinstance(printed, dict) else {}


def _listed(text: str, place: Path, before: Sequence[FieldRow], rows: Sequence[FieldRow]) -> str:
    """The text with these rows in one of its lists."""
    text = order(text, place, [row.origin for row in rows if row.origin is not None])
    for at, row in enumerate(rows):
        if row.origin is None:
            text = insert(text, place, at, _written(row))
            continue
        was = before[row.origin]
        text = _row(text, (*place, at), was.facts, row.facts)
        text = _table(text, (*place, at, _COLUMNS), was.columns, row.columns)
    return text


def _table(text: str, place: Path, was: Sequence[FieldRow], now: Sequence[FieldRow]) -> str:
    if was and now:
        return _listed(text, place, was, now)
    if now:
        return put(text, place, [_written(column) for column in now])
    return take(text, place) if was else text


def _written(row: FieldRow) -> dict[str, Any]:
    """A row as it is written where it was not before."""
    facts = {k: row.facts[k] for k in KEYS if k in row.facts}
    return facts | ({_COLUMNS: [_written(column) for column in row.columns]} if row.columns else {})


def _row(text: str, place: Path, was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    for key in KEYS:
        here = (*place, key)
        if key not in now:
            text = take(text, here) if key in was else text
        elif key in _TEXTS and isinstance(was.get(key), dict) and isinstance(now[key], dict):
            # A word at a time, so that what else is written there stays.
            for lang, word in now[key].items():
                text = text if was[key].get(lang) == word else put(text, (*here, lang), word)
        elif key not in was or was[key] != now[key] or type(was[key]) is not type(now[key]):
            text = put(text, here, now[key])
    return text

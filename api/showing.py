"""Our values as JSON: decimals as text, instants in UTC, labels in both languages, no bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.deadline import TimeLeft
from engine.feel import Compiled
from engine.history import Personal, Record
from engine.policy import Label
from engine.store import StoredFile
from engine.values import YearsMonths
from forms import Field, Form

#: Parts of values that never leave.
_HIDDEN = frozenset({"state", "keyring", "password", "source_bytes", "run"})


def leaves(kind: type, part: str) -> bool:
    """Whether a part of a value of ours is shown."""
    # What is in a file is downloaded; what is in a report is told.
    return part not in _HIDDEN and (kind, part) != (StoredFile, "content")


def shown(value: Any) -> Any:
    """`value` as JSON types."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case YearsMonths():
            return str(value)
        case bytes():
            return value.decode("utf-8", "replace")
        case Personal():
            return {"hidden": value.hidden, "of": value.of} if value.hidden else shown(value.value)
        case Label():
            return {"zh": value.zh, "en": value.en}
        case TimeLeft():
            return {"late": value.late, "zh": value.text("zh"), "en": value.text("en")}
        case Form():
            return {
                "id": value.id, "title": shown(value.title), "source": value.source,
                "fields": [shown(f) for f in value.fields], "schema": value.json_schema(),
            }
        case Field():
            return _field(value)
        case Compiled():
            return f"={value.text}"
        case Record():
            return record(value)
        case Mapping():
            return {str(k): shown(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [shown(v) for v in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: shown(getattr(value, f.name)) for f in fields(value) if leaves(type(value), f.name)}
    return str(value)


def _field(found: Field) -> dict[str, Any]:
    """A field as its form file writes it."""
    row = {f.name: shown(getattr(found, f.name)) for f in fields(found)}
    return {{"least": "min", "most": "max"}.get(name, name): value for name, value in row.items()}


def record(found: Record, sentence: str | None = None) -> dict[str, Any]:
    """An event with its place in the chain; personal data stay sealed as stored in `facts`' hash."""
    event = found.event
    row = {
        "seq": found.seq,
        "kind": event.kind,
        "at": shown(event.at),
        "actor": getattr(event, "actor", None),
        "on_behalf_of": getattr(event, "on_behalf_of", None),
        "facts": shown(event.facts()),
        "hash": found.hash,
        "previous": found.previous,
    }
    return row | ({"sentence": sentence} if sentence is not None else {})

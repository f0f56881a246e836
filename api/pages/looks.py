"""How values look on pages: days, moments, texts of fields, names of people and roles. `marks` makes what has a shape, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import g

from api.pages import words
from api.problems import language
from engine.policy import Label
from forms import Field, Form, text_of

#: The zone in which moments are shown where no case says another.
ZONE = "Asia/Shanghai"


def label(value: Label | None) -> str:
    """A label in the reader's language."""
    return value.text(language()) if value else ""


# --- days and moments ---------------------------------------------------------------------------------


def moment(at: datetime | None, zone: str = ZONE) -> str:
    """A moment: "10-15 18:00", "today 18:00", with the year when it is another one; midnight ends the day before."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    if local.hour == local.minute == 0:
        return f"{_near(local.date() - timedelta(days=1))} 24:00"
    return f"{_near(local.date())} {local:%H:%M}"


def clock(at: datetime, zone: str = ZONE) -> str:
    """The time of day of a moment."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def day(value: date | datetime, zone: str = ZONE) -> str:
    """A day: "10-15", with the year when it is not this one."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return f"{value:%m-%d}" if value.year == _today().year else value.isoformat()


def lastday(until: datetime, zone: str = ZONE) -> str:
    """The last day of a span that ends just before `until`."""
    return day(until - timedelta(microseconds=1), zone)


def begin_of(text: str, zone: str = ZONE) -> datetime | None:
    """The first moment of a day as addresses write it, "2026-10-10"; None where it is none."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)) if len(text) == 10 else None
    except ValueError:
        return None


def _near(value: date) -> str:
    return words.word("near_today", language()) if value == _today() else day(value)


def _today() -> date:
    found: date = g.parts.clock.now().astimezone(ZoneInfo(ZONE)).date()
    return found


# --- values of forms ----------------------------------------------------------------------------------


def shown(value: Any, field: Field) -> str:
    """A value as its field shows it; persons by their names."""
    if field.type == "person" and isinstance(value, str):
        return str(people().get(value, value))
    return text_of(field, value, language(), ZONE)


def entered(value: Any, field: Field) -> str:
    """A value as its control takes it: the text that was typed, or the value in the control's own notation."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return f"{value.astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Decimal() if field.type == "money":
            return f"{value:.{field.decimals}f}"
        case str() if field.type == "datetime":
            return value.strip().replace(" ", "T")
    return str(value)


def path_label(form: Form, path: str) -> str:
    """What the place of an error is called: "Items paid, row 2, Price"."""
    name, *rest = path.split(".")
    field = next((f for f in form.fields if f.name == name), None)
    if field is None:
        return path[:60]
    if len(rest) < 2:
        return label(field.label)
    column = next((c for c in field.columns if c.name == rest[1]), None)
    row = words.word("row_no", language()).format(rest[0])
    comma = words.word("comma", language())
    return comma.join([label(field.label), row, *([label(column.label)] if column else [])])


def currency(code: str) -> str:
    """What stands behind an amount."""
    return "元" if code == "CNY" and language().startswith("zh") else code


def size(count: int) -> str:
    """Bytes for people."""
    return f"{max(1, round(count / 1024))} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


# --- names --------------------------------------------------------------------------------------------


class Names(Mapping[str, str]):
    """Names in the reader's language, of those who left, too; each is read when it is asked for, once per page."""

    def __init__(self) -> None:
        self._found: dict[str, str | None] = {"system": words.word("system", language())}

    def __getitem__(self, name: str) -> str:
        if name not in self._found:
            with g.parts.store.glance() as reading:
                one = reading.colleague(name)
            self._found[name] = None if one is None else one.zh if language().startswith("zh") else one.en
        called = self._found[name]
        if called is None:
            raise KeyError(name)
        return called

    def __iter__(self) -> Iterator[str]:
        return (name for name, called in self._found.items() if called is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def people() -> Names:
    """Names for this page."""
    if not hasattr(g, "names"):
        g.names = Names()
    names: Names = g.names
    return names


def role_name(membership: str) -> str:
    """What "pack/role" is called: the role's name in its pack, "administrator" and the like for those of all packs."""
    pack, _, role = membership.partition("/")
    known = words.ROLES.get(role)
    if pack == "*" or known:
        return words.of(known, language()) if known else role
    for view in g.parts.casebook.packs(g.actor):
        if view.pack == pack:
            found = view.roles.get(role)
            return f"{label(found)}" if found else role
    return membership

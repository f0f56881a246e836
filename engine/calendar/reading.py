"""Calendars as files: TOML, which owners write, and iCalendar, which others send."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.calendar.model import Calendar, Span, Special
from engine.errors import EngineError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)\Z", re.ASCII)
_KEYS = frozenset({"name", "zone", "extends", "week", "published", "holiday", "makeup", "half", "company"})


class CalendarFault(EngineError):
    """The calendar is wrong at {where}: {said_en}"""

    zh = "日历 {where} 处有误：{said_zh}"


def extends(data: bytes) -> str | None:
    """The name of the calendar a file builds upon, or None."""
    try:
        base = tomllib.loads(data.decode("utf-8")).get("extends")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    return base if isinstance(base, str) else None


def load(data: bytes, *, base: Callable[[str], bytes | None] | None = None, deep: int = 0) -> Calendar:
    """A calendar from its TOML file.

    Args:
        base: finds the file of the calendar it extends.

    Raises:
        CalendarFault: naming the key and what to do.
    """
    facts = _toml(data)
    for key in facts:
        if key not in _KEYS:
            raise _fault(key, "没有这个键；请删去。", "is no key we know; take it out.")
    parent = _parent(facts, base, deep)
    zone = _zone(facts.get("zone", parent.zone if parent else "Asia/Shanghai"))
    week = _week(facts.get("week"), parent)
    specials = dict(parent.specials) if parent else {}
    for kind in ("holiday", "makeup", "half", "company"):
        for place, row in enumerate(facts.get(kind, [])):
            specials |= _special(kind, row, f"{kind}[{place + 1}]", week)
    published = frozenset(facts.get("published", [])) | (parent.published if parent else frozenset())
    version = hashlib.sha256(data + (parent.version.encode() if parent else b"")).hexdigest()[:12]
    return Calendar(
        name=str(facts.get("name", "")), version=version, zone=zone, week=week, specials=specials, published=published
    )


def dump(calendar: Calendar) -> bytes:
    """The calendar as a TOML file of its own; reading it gives an equal calendar but for the version."""
    lines = [f'name = "{calendar.name}"', f'zone = "{calendar.zone}"']
    lines += [f"published = {sorted(calendar.published)}", "", "[week]"]
    lines += [f"{day} = {_texts(spans)}" for day, spans in zip(_DAYS, calendar.week, strict=True)]
    for day, special in sorted(calendar.specials.items()):
        lines += [
            "",
            f"[[{special.kind}]]",
            f"from = {day.isoformat()}",
            f'zh = "{special.zh}"',
            f'en = "{special.en}"',
        ]
        if special.kind in ("makeup", "half"):
            lines.append(f"hours = {_texts(special.spans)}")
    return ("\n".join(lines) + "\n").encode()


def to_ical(calendar: Calendar) -> bytes:
    """The special days as iCalendar events of whole days."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kesu//calendar//ZH"]
    for day, special in sorted(calendar.specials.items()):
        lines += [
            "BEGIN:VEVENT", f"UID:{day.isoformat()}-{special.kind}@kesu", f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}", f"SUMMARY:{special.zh} {special.en}".rstrip(),
            f"CATEGORIES:{special.kind}", "END:VEVENT",
        ]  # fmt: skip
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def _toml(data: bytes) -> Mapping[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _fault("file", f"不是合格的 TOML（{error}）。", f"it is no proper TOML ({error}).") from error


def _parent(facts: Mapping[str, Any], base: Callable[[str], bytes | None] | None, deep: int) -> Calendar | None:
    name = facts.get("extends")
    if name is None:
        return None
    data = base(str(name)) if base and deep < 8 else None
    if data is None:
        raise _fault("extends", f"找不到日历 {name}。", f"there is no calendar {name}.")
    return load(data, base=base, deep=deep + 1)


def _zone(name: Any) -> str:
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _fault("zone", f"没有时区 {name}。", f"there is no time zone {name}.") from error
    return str(name)


def _week(rows: Any, parent: Calendar | None) -> tuple[tuple[Span, ...], ...]:
    if rows is None:
        if parent is None:
            raise _fault("week", "缺少每周工作时间。", "the weekly hours are missing.")
        return parent.week
    return tuple(_spans(rows.get(day, []), f"week.{day}") for day in _DAYS)


def _special(kind: str, row: Mapping[str, Any], where: str, week: tuple[tuple[Span, ...], ...]) -> dict[date, Special]:
    first, last = row.get("from"), row.get("to", row.get("from"))
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        raise _fault(where, "from、to 应为先后两个日期。", "from and to should be dates, in order.")
    spans: tuple[Span, ...] = ()
    if kind in ("makeup", "half"):
        spans = _spans(row["hours"], where) if "hours" in row else next((s for s in week if s), ())
    special = Special(kind=kind, spans=spans, zh=str(row.get("zh", "")), en=str(row.get("en", "")))
    return {first + timedelta(days=n): special for n in range((last - first).days + 1)}


def _spans(texts: Any, where: str) -> tuple[Span, ...]:
    spans = []
    for text in texts:
        found = _SPAN.match(str(text))
        span = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
        if span[0] >= span[1] or span[1] > 1440 or (spans and span[0] < spans[-1][1]):
            raise _fault(where, f"“{text}”应如 09:00-12:00，先后排列、互不重叠。",
                         f"'{text}' should look like 09:00-12:00, in order, without overlap.")  # fmt: skip
        spans.append(span)
    return tuple(spans)


def _texts(spans: tuple[Span, ...]) -> str:
    times = [f'"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}"' for a, b in spans]
    return f"[{', '.join(times)}]"


def _fault(where: str, zh: str, en: str) -> CalendarFault:
    return CalendarFault(where=where, said_zh=zh, said_en=en)

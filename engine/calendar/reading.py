"""Calendars as TOML files, which owners write: `load` with a finding for everything wrong, and `dump`.

The version of a calendar is a digest of what it says, not of how the file is written: a comment changes nothing.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard

from engine.calendar.model import Calendar, Span, Special
from engine.calendar.zones import zone_names
from engine.findings import Finding, Refused

#: Kinds of special days; "regular" takes one of the extended calendar back.
KINDS = ("holiday", "makeup", "half", "company", "regular")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Years a special day may lie in.
FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)
#: How deep calendars may extend one another.
_DEEPEST = 8
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)\Z", re.ASCII)
_KEYS = ("name", "zone", "extends", "week", "published", "source", *KINDS)
_ROW_KEYS = ("from", "to", "hours", "zh", "en")

Base = Callable[[str], bytes | None]


class CalendarFault(Refused):
    """The calendar was refused: {count} findings bar publishing."""

    zh = "日历未获通过：有 {count} 处问题须先解决。"


def extends(data: bytes) -> str | None:
    """The name of the calendar a file builds upon, or None."""
    try:
        base = tomllib.loads(data.decode("utf-8")).get("extends")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return None
    return base if isinstance(base, str) else None


def load(data: bytes, *, base: Base | None = None, file: str | None = None, deep: int = 0) -> Calendar:
    """A calendar from its TOML file.

    Args:
        base: finds the file of the calendar it extends.
        file: what findings call the file; `calendars/<name>.toml` by itself.

    Raises:
        CalendarFault: with one finding for each key that is missing, unknown or wrong.
    """
    faults = _Faults(file or "calendars")
    facts = _toml(data, faults)
    name = facts.get("name")
    if isinstance(name, str) and file is None:
        faults.file = f"calendars/{name}.toml"
    _known(facts, _KEYS, "", faults)
    parent = _parent(facts, base, deep, faults)
    calendar = _calendar(facts, parent, faults)
    if calendar is None or faults.found:
        raise CalendarFault(faults.found)
    return with_version(calendar)


def with_version(calendar: Calendar) -> Calendar:
    """The calendar under the digest of what it says."""
    return replace(calendar, version=hashlib.sha256(dump(calendar)).hexdigest()[:12])


def dump(calendar: Calendar) -> bytes:
    """The calendar as a TOML file of its own; reading it gives an equal calendar."""
    lines = [f"name = {text_in_quotes(calendar.name)}", f"zone = {text_in_quotes(calendar.zone)}"]
    if calendar.published:
        lines.append(f"published = {sorted(calendar.published)}")
    lines += ["", "[week]"]
    lines += [f"{day} = {_texts(spans)}" for day, spans in zip(WEEKDAYS, calendar.week, strict=True)]
    return ("\n".join(lines + special_lines(calendar.specials)) + "\n").encode()


def special_lines(specials: Mapping[date, Special]) -> list[str]:
    """Special days as lines of a TOML file."""
    lines: list[str] = []
    for first, last, special in runs(specials):
        lines += ["", f"[[{special.kind}]]", f"from = {first.isoformat()}"]
        lines += [f"to = {last.isoformat()}"] if last != first else []
        lines += [f"zh = {text_in_quotes(special.zh)}"] if special.zh else []
        lines += [f"en = {text_in_quotes(special.en)}"] if special.en else []
        lines += [f"hours = {_texts(special.spans)}"] if special.spans else []
    return lines


def runs(specials: Mapping[date, Special]) -> Iterator[tuple[date, date, Special]]:
    """Special days in order, equal ones that follow each other taken together: first, last, what they are."""
    run: tuple[date, date, Special] | None = None
    for day in sorted(specials):
        if run and run[2] == specials[day] and day - run[1] == timedelta(days=1):
            run = (run[0], day, run[2])
            continue
        if run:
            yield run
        run = (day, day, specials[day])
    if run:
        yield run


@dataclass
class _Faults:
    """What was found wrong so far."""

    file: str
    found: list[Finding] = field(default_factory=list)

    def add(self, at: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        self.found.append(
            Finding(
                code="calendar-key",
                severity="error",
                file=self.file,
                element=at,
                zh=zh,
                en=en,
                remedy_zh=remedy_zh,
                remedy_en=remedy_en,
            )
        )


def _toml(data: bytes, faults: _Faults) -> Mapping[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        faults.add(
            "",
            f"不是合格的 TOML（{error}）。",
            f"is not proper TOML ({error}).",
            "按提示的行列改正。",
            "Mend it at that line and column.",
        )
        raise CalendarFault(faults.found) from error


def _known(facts: Mapping[str, Any], keys: tuple[str, ...], path: str, faults: _Faults) -> None:
    for key in facts:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            faults.add(
                f"{path}{key}",
                "没有这个键。",
                "is not a key we know.",
                f"是否指“{near[0]}”？" if near else "删去它。",
                f"Did you mean “{near[0]}”?" if near else "Take it out.",
            )


def _parent(facts: Mapping[str, Any], base: Base | None, deep: int, faults: _Faults) -> Calendar | None:
    name = facts.get("extends")
    if name is None:
        return None
    data = base(name) if base and isinstance(name, str) and deep < _DEEPEST else None
    if data is None:
        faults.add(
            "extends",
            f"没有可继承的日历“{name}”。",
            f"there is no calendar “{name}” to extend.",
            "改为已有日历的名称，且不要循环继承。",
            "Name a calendar that exists, and do not go in a circle.",
        )
        raise CalendarFault(faults.found)
    return load(data, base=base, deep=deep + 1)


def _calendar(facts: Mapping[str, Any], parent: Calendar | None, faults: _Faults) -> Calendar | None:
    name = facts.get("name", parent.name if parent else None)
    if not isinstance(name, str) or not name.strip():
        faults.add("name", "缺少名称。", "the name is missing.", '写 name = "…"。', 'Write name = "…".')
    zone = _zone(facts.get("zone", parent.zone if parent else "Asia/Shanghai"), faults)
    week = _week(facts.get("week"), parent, faults)
    specials = dict(parent.specials) if parent else {}
    for kind in KINDS:
        for at, row in _rows(facts, kind, faults):
            special, days = _special(kind, row, at, week, faults)
            for day in days:
                specials.pop(day, None)
                if special is not None:
                    specials[day] = special
    published = _published(facts, faults) | (parent.published if parent else frozenset())
    if faults.found:
        return None
    if not any(week):
        faults.add(
            "week",
            "整周没有工作时间。",
            "the week has no working hours.",
            "至少给一天工作时间。",
            "Give at least one day hours.",
        )
    return Calendar(name=str(name), version="", zone=zone, week=week, specials=specials, published=published)


def _zone(name: Any, faults: _Faults) -> str:
    if not isinstance(name, str) or name not in zone_names():
        near = difflib.get_close_matches(str(name), sorted(zone_names()), 1)
        faults.add(
            "zone",
            f"没有时区“{name}”。",
            f"there is no time zone “{name}”.",
            f"是否指“{near[0]}”？" if near else "写 IANA 时区名，如 Asia/Shanghai。",
            f"Did you mean “{near[0]}”?" if near else "Write an IANA name such as Asia/Shanghai.",
        )
    return str(name)


def _week(rows: Any, parent: Calendar | None, faults: _Faults) -> tuple[tuple[Span, ...], ...]:
    if rows is None and parent is not None:
        return parent.week
    if not isinstance(rows, Mapping):
        faults.add(
            "week",
            "缺少每周工作时间。",
            "the weekly hours are missing.",
            '写 [week]，如 mon = ["09:00-12:00", "13:00-18:00"]。',
            'Write [week] with e.g. mon = ["09:00-12:00", "13:00-18:00"].',
        )
        return ((),) * 7
    _known(rows, WEEKDAYS, "week.", faults)
    old = parent.week if parent else ((),) * 7
    return tuple(
        _spans(rows[day], f"week.{day}", faults) if day in rows else before
        for day, before in zip(WEEKDAYS, old, strict=True)
    )


def _rows(facts: Mapping[str, Any], kind: str, faults: _Faults) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = facts.get(kind, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        faults.add(
            kind, "应是若干段落。", "should be tables.", f"每段以 [[{kind}]] 开头。", f"Begin each with [[{kind}]]."
        )
        return
    for place, row in enumerate(rows, 1):
        _known(row, _ROW_KEYS, f"{kind}[{place}].", faults)
        yield f"{kind}[{place}]", row


def _special(
    kind: str, row: Mapping[str, Any], at: str, week: tuple[tuple[Span, ...], ...], faults: _Faults
) -> tuple[Special | None, list[date]]:
    first, last = row.get("from"), row.get("to", row.get("from"))
    if not _is_day(first) or not _is_day(last) or not FIRST <= first <= last <= LAST or (last - first).days > 366:
        faults.add(
            at,
            "from、to 应为先后两个日期（1970 至 2199 年，至多一年）。",
            "from and to should be two dates in order (1970 to 2199, a year at most).",
            "如 from = 2026-10-01，to = 2026-10-07。",
            "Such as from = 2026-10-01, to = 2026-10-07.",
        )
        return None, []
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if kind == "regular":
        return None, days
    spans = _spans(row["hours"], at, faults) if "hours" in row else ()
    if kind == "makeup" and not spans:
        spans = next((s for s in week if s), ())
    if kind == "half" and not spans:
        faults.add(
            at,
            "半日没有写工作时间。",
            "the half day has no hours.",
            '写 hours = ["09:00-12:00"]。',
            'Write hours = ["09:00-12:00"].',
        )
    if kind == "holiday" and spans:
        faults.add(
            at,
            "节假日不应有工作时间。",
            "a holiday has no hours.",
            "删去 hours，或改为 [[half]]。",
            "Take hours out, or make it [[half]].",
        )
    for lang in ("zh", "en"):
        if not isinstance(row.get(lang, ""), str):
            faults.add(f"{at}.{lang}", "应是文字。", "should be a text.", "加上引号。", "Put it in quotes.")
    return Special(kind=kind, spans=spans, zh=str(row.get("zh", "")), en=str(row.get("en", ""))), days


def _is_day(value: Any) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _published(facts: Mapping[str, Any], faults: _Faults) -> frozenset[int]:
    years = facts.get("published", [])
    good = isinstance(years, list) and all(
        isinstance(y, int) and not isinstance(y, bool) and FIRST.year <= y <= LAST.year for y in years
    )
    if not good:
        faults.add(
            "published",
            "应是年份的列表。",
            "should be a list of years.",
            "如 published = [2025, 2026]。",
            "Such as published = [2025, 2026].",
        )
    return frozenset(years) if good else frozenset()


def _spans(texts: Any, at: str, faults: _Faults) -> tuple[Span, ...]:
    spans: list[Span] = []
    for text in texts if isinstance(texts, list) else [texts]:
        span = read_span(str(text))
        if span is None or (spans and span[0] < spans[-1][1]):
            faults.add(
                at,
                f"“{text}”不是工作时段，或与前一时段重叠。",
                f"“{text}” is no span, or overlaps the one before.",
                '写成 ["09:00-12:00", "13:00-18:00"]，先后排列。',
                'Write ["09:00-12:00", "13:00-18:00"], in order.',
            )
            return ()
        spans.append(span)
    return tuple(spans)


def read_span(text: str) -> Span | None:
    """Minutes of the day for a text such as 09:00-12:00; None when it is no such thing."""
    found = _SPAN.match(text)
    if found is None or int(found[2]) > 59 or int(found[4]) > 59:
        return None
    span = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4]))
    return span if span[0] < span[1] <= 1440 else None


def span_texts(spans: tuple[Span, ...]) -> list[str]:
    """Spans as they are written: "09:00-12:00"."""
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]


def _texts(spans: tuple[Span, ...]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in span_texts(spans)) + "]"


def text_in_quotes(text: str) -> str:
    """A TOML basic string."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in plain) + '"'

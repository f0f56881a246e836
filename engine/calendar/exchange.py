"""Special days as iCalendar (RFC 5545), as others send and take them: events of whole days.

Weekly hours do not travel, so reading lays the events over a calendar that has them. What an event is, is told
by its CATEGORIES (ours) or guessed from its summary: 班 or “work” is a make-up working day, everything else a holiday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from engine.calendar.model import Calendar, Special
from engine.calendar.reading import FIRST, LAST, CalendarFault, read_span, runs, span_texts, with_version
from engine.findings import Finding

_LINE = re.compile(r"([A-Za-z0-9-]+)((?:;[^:;=]+=(?:\"[^\"]*\"|[^;:\"]*))*):(.*)\Z", re.DOTALL)
_ESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
_WORKS = re.compile(r"班|\bwork|make-?up", re.IGNORECASE)
Event = dict[str, str]


def to_ical(calendar: Calendar) -> bytes:
    """The special days as iCalendar events of whole days."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kesu//calendar//ZH", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(calendar.name)}", f"X-WR-TIMEZONE:{calendar.zone}",
    ]  # fmt: skip
    for first, last, special in runs(calendar.specials):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{first.isoformat()}-{special.kind}@kesu",
            # A calendar has no clock; the first day itself makes equal calendars equal bytes.
            f"DTSTAMP:{first:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(special.zh or special.en or special.kind)}",
            f"CATEGORIES:{special.kind}",
            "TRANSP:TRANSPARENT",
        ]
        lines += [f"X-KESU-EN:{_escaped(special.en)}"] if special.en else []
        lines += [f"X-KESU-HOURS:{_escaped(','.join(span_texts(special.spans)))}"] if special.spans else []
        lines.append("END:VEVENT")
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def from_ical(data: bytes, onto: Calendar, *, file: str = "calendar.ics") -> Calendar:
    """`onto` with the whole-day events of an iCalendar file laid over it; the years they lie in count as published.

    Raises:
        CalendarFault: with a finding for each event that is no plain day or run of days.
    """
    faults: list[Finding] = []
    specials, years = dict(onto.specials), set(onto.published)
    usual = next(spans for spans in onto.week if spans)
    for place, event in enumerate(_events(data, file), 1):
        where = f"VEVENT {place}"
        first, last = _days(event)
        if first is None or last is None or "RRULE" in event or "RDATE" in event:
            faults.append(_fault(file, where, event))
            continue
        special = _special(event, usual)
        for n in range((last - first).days + 1):
            specials[first + timedelta(days=n)] = special
        years |= {first.year, last.year} if onto.published else set()
    if faults:
        raise CalendarFault(faults)
    return with_version(replace(onto, specials=specials, published=frozenset(years)))


def _special(event: Event, usual: tuple[tuple[int, int], ...]) -> Special:
    summary, kind = event.get("SUMMARY", ""), event.get("CATEGORIES", "").lower()
    hours = tuple(s for s in map(read_span, event.get("X-KESU-HOURS", "").split(",")) if s)
    if kind not in ("holiday", "makeup", "half", "company") or (kind == "half" and not hours):
        kind = "makeup" if _WORKS.search(summary) else "holiday"
    spans = () if kind == "holiday" else hours or (usual if kind == "makeup" else ())
    return Special(kind=kind, spans=spans, zh=summary, en=event.get("X-KESU-EN", ""))


def _days(event: Event) -> tuple[date | None, date | None]:
    first, after = _day(event.get("DTSTART")), _day(event.get("DTEND"))
    if first is None or ("DTEND" in event and after is None) or "DURATION" in event:
        return None, None
    # DTEND of whole days is the day after the last; some senders repeat the first.
    last = after - timedelta(days=1) if after and after > first else first
    return (first, last) if FIRST <= first <= last <= LAST and (last - first).days <= 366 else (None, None)


def _day(text: str | None) -> date | None:
    if text is None or not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _events(data: bytes, file: str) -> Iterator[Event]:
    event: Event | None = None
    inner = 0
    for line in _unfolded(data, file):
        found = _LINE.match(line)
        if found is None:
            continue
        name, value = found[1].upper(), found[3]
        if name == "BEGIN" and value.upper() == "VEVENT":
            event, inner = {}, 0
        elif name in ("BEGIN", "END") and event is not None and value.upper() != "VEVENT":
            inner += 1 if name == "BEGIN" else -1  # an alarm inside the event has properties of its own
        elif name == "END" and event is not None:
            yield event
            event = None
        elif event is not None and inner == 0:
            event.setdefault(name, re.sub(r"\\[nN,;\\]", lambda m: _ESCAPED[m[0]], value))


def _unfolded(data: bytes, file: str) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if "BEGIN:VCALENDAR" not in text.upper():
        said = Finding(
            code="not-icalendar", severity="error", file=file, zh="不是 iCalendar 文件。", en="is no iCalendar file.",
            remedy_zh="请导出 UTF-8 编码的 .ics。", remedy_en="Export it as .ics in UTF-8.",
        )  # fmt: skip
        raise CalendarFault([said])
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def _folded(line: str) -> bytes:
    """A content line of at most 75 octets, folded between characters."""
    out, length = bytearray(), 0
    for character in line:
        piece = character.encode()
        if length + len(piece) > 74:
            out += b"\r\n "
            length = 1
        out += piece
        length += len(piece)
    return bytes(out) + b"\r\n"


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _fault(file: str, where: str, event: Event) -> Finding:
    said = event.get("SUMMARY", "")[:60]
    return Finding(
        code="icalendar-event", severity="error", file=file, element=where,
        zh=f"“{said}”不是整日事件，或按规则重复。", en=f"“{said}” is not an event of whole days, or repeats by a rule.",
        remedy_zh="请导出为逐日的整日事件。", remedy_en="Export single events of whole days.",
    )  # fmt: skip

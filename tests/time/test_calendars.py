"""Calendars: what the shipped ones say, what is refused with a remedy, what travels as iCalendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.calendar import Calendar, CalendarFault, dump, extends, from_ical, load, to_ical
from tests.time.worlds import ALL_YEAR, CN, SHIPPED

WEEK = b'name = "ours"\n[week]\nmon = ["09:00-12:00", "13:00-18:00"]\n'


def base(name: str) -> bytes | None:
    """The shipped calendars, for others to extend."""
    path = Path(SHIPPED, f"{name}.toml")
    return path.read_bytes() if path.exists() else None


#: The arrangement of 2026 as the catalogue (0.4) prints it: days off, make-up working days.
OFF_2026 = [
    ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]  # fmt: skip
WORKED_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def test_the_calendar_of_2026_is_that_of_the_catalogue() -> None:
    off, worked = set[date](), {date.fromisoformat(day) for day in WORKED_2026}
    for first, last in OFF_2026:
        off |= {d.date for d in CN.days(date.fromisoformat(first), date.fromisoformat(last))}
    for day in CN.days(date(2026, 1, 1), date(2026, 12, 31)):
        assert day.works == (day.date in worked or (day.date.weekday() < 5 and day.date not in off)), day


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_official_working_days(year: int, days: int) -> None:
    assert sum(day.works for day in CN.days(date(year, 1, 1), date(year, 12, 31))) == days


def test_every_holiday_says_its_name_and_every_make_up_day_is_a_weekend() -> None:
    for day, special in CN.specials.items():
        assert special.zh and special.en
        assert special.kind != "makeup" or day.weekday() >= 5


def test_a_day_of_work_has_eight_hours_on_both_calendars() -> None:
    for calendar in (CN, ALL_YEAR):
        day = calendar.day(date(2026, 1, 4))
        assert sum((b - a for a, b in day.hours), timedelta(0)) == timedelta(hours=8)


def test_a_region_adds_days_of_its_own_and_takes_others_back() -> None:
    ours = load(b"""
name = "guangxi"
extends = "cn"
[[holiday]]
from = 2026-04-19
to = 2026-04-21
zh = "\xe4\xb8\x89\xe6\x9c\x88\xe4\xb8\x89"
[[company]]
from = 2026-12-31
hours = ["09:00-12:00"]
[[half]]
from = 2026-12-30
hours = ["09:00-12:00"]
[[regular]]
from = 2026-01-04
[week]
sat = ["09:00-12:00"]
""", base=base)  # fmt: skip
    kinds = [ours.day(date(2026, m, d)).kind for m, d in ((4, 20), (12, 31), (12, 30), (1, 4), (1, 10), (10, 1))]
    assert kinds == ["holiday", "company", "half", "weekend", "work", "holiday"]
    assert ours.published == CN.published
    assert ours.version != CN.version
    assert extends(b'extends = "cn"') == "cn"
    assert extends(b"= nonsense") is None


def test_the_version_is_of_what_is_said_not_how() -> None:
    assert load(b"# a comment\n" + WEEK).version == load(WEEK).version
    assert load(WEEK + b'tue = ["09:00-12:00"]\n').version != load(WEEK).version
    assert load(dump(CN)) == CN


@pytest.mark.parametrize(
    ("data", "at", "remedy"),
    [
        (b"name = ", "", "line"),
        (b"\xff", "", "line"),
        (WEEK.replace(b"ours", b"  "), "name", "Write name"),
        (b'name = "x"', "week", "[week]"),
        (b'name = "x"\nweek = 3', "week", "[week]"),
        (b'name = "x"\n[week]\nmon = []', "week", "at least one day"),
        (WEEK + b'mno = ["09:00-12:00"]', "week.mno", "“mon”"),
        (WEEK + b'tue = ["9-12"]', "week.tue", "09:00-12:00"),
        (WEEK + b'tue = "09:00-25:00"', "week.tue", "09:00-12:00"),
        (WEEK + b'tue = ["09:00-12:00", "11:00-18:00"]', "week.tue", "in order"),
        (WEEK + b'tue = ["09:75-12:00"]', "week.tue", "in order"),
        (b'zone = "Asia/Shanghia"\n' + WEEK, "zone", "Asia/Shanghai"),
        (b'zone = "../../etc/passwd"\n' + WEEK, "zone", ""),
        (b'extends = "nowhere"\n' + WEEK, "extends", "exists"),
        (b"extends = 3\n" + WEEK, "extends", "exists"),
        (b"published = 2026\n" + WEEK, "published", "[2025, 2026]"),
        (b"published = [true]\n" + WEEK, "published", "[2025, 2026]"),
        (b"holidays = []\n" + WEEK, "holidays", "“holiday”"),
        (b"holiday = [1]\n" + WEEK, "holiday", "[[holiday]]"),
        (WEEK + b'[[holiday]]\nfrom = "2026-01-01"', "holiday[1]", "from = 2026-10-01"),
        (WEEK + b"[[holiday]]\nfrom = 2026-01-02\nto = 2026-01-01", "holiday[1]", "from = 2026-10-01"),
        (WEEK + b"[[holiday]]\nfrom = 2026-01-01T00:00:00Z", "holiday[1]", "from = 2026-10-01"),
        (WEEK + b"[[holiday]]\nfrom = 0026-01-01", "holiday[1]", "from = 2026-10-01"),
        (WEEK + b'[[holiday]]\nfrom = 2026-01-01\nhours = ["09:00-12:00"]', "holiday[1]", "[[half]]"),
        (WEEK + b"[[half]]\nfrom = 2026-01-01", "half[1]", "hours"),
        (WEEK + b"[[holiday]]\nfrom = 2026-01-01\nen = 3", "holiday[1].en", "quotes"),
        (WEEK + b'[[holiday]]\nform = 2026-01-01\nfrom = 2026-01-01', "holiday[1].form", "“from”"),
    ],
)  # fmt: skip
def test_a_wrong_calendar_is_refused_with_the_place_and_a_remedy(data: bytes, at: str, remedy: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        load(data, base=base)
    findings = refused.value.findings
    assert [f.element for f in findings] == [at]
    assert remedy in findings[0].remedy_en
    assert all(f.zh and f.en and f.remedy_zh for f in findings)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(CalendarFault) as refused:
        load(b'zone = "Mars"\npublished = "x"\n' + WEEK + b'tue = ["x"]')
    assert {f.element for f in refused.value.findings} == {"zone", "published", "week.tue"}
    assert {f.file for f in refused.value.findings} == {"calendars/ours.toml"}


def test_calendars_that_extend_each_other_in_a_circle_are_refused() -> None:
    with pytest.raises(CalendarFault):
        load(b'extends = "a"', base=lambda name: b'extends = "b"' if name == "a" else b'extends = "a"')


def test_the_days_travel_as_icalendar() -> None:
    bare = Calendar(name=CN.name, version="", zone=CN.zone, week=CN.week, published=CN.published)
    assert from_ical(to_ical(CN), bare) == CN
    # Lines are folded between characters, at 75 octets at most.
    lines = to_ical(CN).split(b"\r\n")
    assert all(len(line) <= 75 and line.decode() is not None for line in lines)


def test_another_reader_understands_our_icalendar() -> None:
    icalendar = pytest.importorskip("icalendar", reason="the icalendar package is not installed")
    events = icalendar.Calendar.from_ical(to_ical(CN)).walk("VEVENT")
    read = {e["DTSTART"].dt: (e["DTEND"].dt, str(e["SUMMARY"])) for e in events}
    assert read[date(2026, 2, 15)] == (date(2026, 2, 24), "春节")
    days = sum((end - first).days for first, (end, _) in read.items())
    assert days == len(CN.specials)


FOREIGN = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270101\r
DTEND;VALUE=DATE:20270104\r
SUMMARY:元旦（休）\r
BEGIN:VALARM\r
SUMMARY:alarm\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270109\r
SUMMARY:元旦 补班，\\, long \r
 and folded\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_the_calendars_of_others_are_laid_over_ours() -> None:
    calendar = from_ical(FOREIGN.encode(), CN)
    days = [calendar.day(date(2027, 1, d)) for d in (1, 3, 4, 9)]
    assert [(d.kind, d.works) for d in days] == [
        ("holiday", False), ("holiday", False), ("work", True), ("makeup", True),
    ]  # fmt: skip
    assert days[0].zh == "元旦（休）"
    assert days[3].zh == "元旦 补班，, long and folded"
    assert calendar.knows(2027)
    assert calendar.version != CN.version


@pytest.mark.parametrize(
    "event",
    ["DTSTART:20270101T090000Z", "DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=YEARLY", "SUMMARY:no date",
     "DTSTART;VALUE=DATE:20271301", "DTSTART;VALUE=DATE:20270101\r\nDTEND:20270102T000000Z"],
)  # fmt: skip
def test_an_event_that_is_no_whole_day_is_refused(event: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        from_ical(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR".encode(), CN)
    assert refused.value.findings[0].element == "VEVENT 1"


def test_what_is_no_icalendar_is_refused() -> None:
    for data in (b"hello", b"\xff\xfe"):
        with pytest.raises(CalendarFault):
            from_ical(data, CN)

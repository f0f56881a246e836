"""Every limit of the catalogue (T01-1 … T38-4) ends when the catalogue says, on the calendar of 2026.

Times are local. The rows a procedure leaves without a number (T05-1, T12-1, T12-2, T20-6, T28-2), and those that are
dates of reports (T08-5, T21-1, T21-2, T22-7, T31-4), have no arithmetic of their own.
"""

from __future__ import annotations

import pytest

from engine.deadline import Limit, Span, check, due, elapsed
from engine.policy import Amount, Label, LimitRow
from tests.time.minutes import aware
from tests.time.worlds import ALL_YEAR, CN, PLAIN

LIMITS = [
    # limit, start, amount, unit, end on the calendar of 2026, end in plain weeks
    ("T01-1 3D", "2026-01-05 10:00", 8, "work_hour", "2026-01-06 10:00", "2026-01-06 10:00"),
    ("T01-2 8D", "2026-01-05 10:00", 14, "day", "2026-01-19 24:00", "2026-01-19 24:00"),
    ("T01-3 monthly check", "2026-01-31 09:00", 1, "month", "2026-02-28 24:00", "2026-02-28 24:00"),
    ("T05-2 same day", "2026-01-05 10:00", 0, "date_field", "2026-01-05 24:00", "2026-01-05 24:00"),
    ("T07-1", "2026-01-05 20:00", 12, "hour", "2026-01-06 08:00", "2026-01-06 08:00"),
    ("T07-2", "2026-02-14 17:30", 24, "hour", "2026-02-15 17:30", "2026-02-15 17:30"),
    ("T07-3", "2026-02-14 17:30", 48, "hour", "2026-02-16 17:30", "2026-02-16 17:30"),
    ("T07-4", "2026-12-31 23:59", 24, "hour", "2027-01-01 23:59", "2027-01-01 23:59"),
    ("T07-5", "2026-10-01 00:00", 48, "hour", "2026-10-02 24:00", "2026-10-02 24:00"),
    ("T07-6", "2026-02-13 15:00", 3, "workday", "2026-02-25 18:00", "2026-02-18 18:00"),
    ("T08-1", "2026-09-24 11:00", 14, "day", "2026-10-08 24:00", "2026-10-08 24:00"),
    ("T08-2", "2026-09-24 11:00", 21, "day", "2026-10-15 24:00", "2026-10-15 24:00"),
    ("T08-3", "2026-09-30 11:00", 3, "day", "2026-10-03 24:00", "2026-10-03 24:00"),
    ("T08-4", "2026-09-30 11:00", 1, "day", "2026-10-01 24:00", "2026-10-01 24:00"),
    ("T08-6 sales", "2026-09-30 16:00", 2, "workday", "2026-10-09 18:00", "2026-10-02 18:00"),
    ("T08-6 plant", "2026-09-30 16:00", 3, "workday", "2026-10-10 18:00", "2026-10-05 18:00"),
    ("T08-6 talks", "2026-09-30 16:00", 5, "workday", "2026-10-13 18:00", "2026-10-07 18:00"),
    ("T09-1", "2026-05-31 12:00", 1, "month", "2026-06-30 24:00", "2026-06-30 24:00"),
    ("T16-1", "2026-03-02 09:00", 7, "day", "2026-03-09 24:00", "2026-03-09 24:00"),
    ("T16-2", "2026-03-02 09:00", 10, "day", "2026-03-12 24:00", "2026-03-12 24:00"),
    ("T16-3", "2026-03-02 09:00", 15, "day", "2026-03-17 24:00", "2026-03-17 24:00"),
    ("T16-4", "2026-03-02 09:00", 15, "day", "2026-03-17 24:00", "2026-03-17 24:00"),
    ("T16-5", "2026-03-02 09:00", 20, "day", "2026-03-22 24:00", "2026-03-22 24:00"),
    ("T18-1", "2026-05-01 23:30", 24, "hour", "2026-05-02 23:30", "2026-05-02 23:30"),
    ("T19-1", "2026-04-30 17:59", 1, "workday", "2026-05-06 18:00", "2026-05-01 18:00"),
    ("T19-2", "2026-05-06 18:00", 5, "workday", "2026-05-12 18:00", "2026-05-13 18:00"),
    ("T19-3", "2026-05-12 18:00", 10, "workday", "2026-05-26 18:00", "2026-05-26 18:00"),
    ("T19-4", "2026-04-30 17:59", 16, "workday", "2026-05-26 18:00", "2026-05-22 18:00"),
    ("T19-5 same month", "2026-02-03 10:00", 1, "date_field", "2026-02-28 24:00", "2026-02-28 24:00"),
    ("T20-1", "2026-01-09 16:30", 3, "work_hour", "2026-01-12 10:30", "2026-01-12 10:30"),
    ("T20-2", "2026-09-19 10:00", 1, "workday", "2026-09-20 18:00", "2026-09-21 18:00"),
    ("T20-3", "2026-09-30 10:00", 24, "hour", "2026-10-01 10:00", "2026-10-01 10:00"),
    ("T20-4", "2026-01-12 11:30", 2, "work_hour", "2026-01-12 14:30", "2026-01-12 14:30"),
    ("T20-5", "2026-01-12 17:30", 1, "work_hour", "2026-01-13 09:30", "2026-01-13 09:30"),
    ("T22-1", "2026-02-12 09:00", 7, "workday", "2026-02-28 18:00", "2026-02-23 18:00"),
    ("T22-2", "2026-02-12 09:00", 15, "workday", "2026-03-11 18:00", "2026-03-05 18:00"),
    ("T22-3", "2026-02-12 09:00", 30, "day", "2026-03-14 24:00", "2026-03-14 24:00"),
    ("T22-4", "2026-02-12 09:00", 5, "workday", "2026-02-26 18:00", "2026-02-19 18:00"),
    ("T22-5", "2026-02-12 09:00", 15, "day", "2026-02-27 24:00", "2026-02-27 24:00"),
    ("T22-6", "2026-11-30 09:00", 3, "month", "2027-02-28 24:00", "2027-02-28 24:00"),
    ("T24-1", "2026-01-05 10:00", 30, "workday", "2026-02-14 18:00", "2026-02-16 18:00"),
    ("T24-2", "2026-01-05 10:00", 60, "day", "2026-03-06 24:00", "2026-03-06 24:00"),
    ("T26-1", "2026-06-18 23:00", 2, "hour", "2026-06-19 01:00", "2026-06-19 01:00"),
    ("T26-2", "2026-06-18 17:30", 1, "hour", "2026-06-18 18:30", "2026-06-18 18:30"),
    ("T26-3 same day", "2026-06-18 23:59", 0, "date_field", "2026-06-18 24:00", "2026-06-18 24:00"),
    ("T26-4", "2026-06-18 23:59", 3, "day", "2026-06-21 24:00", "2026-06-21 24:00"),
    ("T31-1", "2026-09-18 14:00", 15, "workday", "2026-10-15 18:00", "2026-10-09 18:00"),
    ("T31-2", "2026-03-31 08:00", 5, "month", "2026-08-31 24:00", "2026-08-31 24:00"),
    ("T31-3", "2026-02-28 08:00", 24, "month", "2028-02-28 24:00", "2028-02-28 24:00"),
    ("T32-1", "2026-06-18 10:00", 1, "workday", "2026-06-22 18:00", "2026-06-19 18:00"),
    ("T32-2", "2026-06-18 10:00", 2, "workday", "2026-06-23 18:00", "2026-06-22 18:00"),
    ("T32-3", "2026-06-18 10:00", 5, "workday", "2026-06-26 18:00", "2026-06-25 18:00"),
    ("T35-1", "2026-03-10 16:00", 1, "week", "2026-03-17 24:00", "2026-03-17 24:00"),
    ("T35-2", "2026-03-10 16:00", 7, "day", "2026-03-17 24:00", "2026-03-17 24:00"),
    ("T36-1 legal", "2026-09-30 10:00", 5, "day", "2026-10-08 24:00", "2026-10-05 24:00"),
    ("T36-2 legal", "2026-09-10 10:00", 15, "day", "2026-09-28 24:00", "2026-09-25 24:00"),
    ("T38-1", "2026-09-30 17:30", 1, "hour", "2026-09-30 18:30", "2026-09-30 18:30"),
    ("T38-2", "2026-09-30 17:30", 3, "workday", "2026-10-10 18:00", "2026-10-05 18:00"),
    ("T38-3", "2026-09-30 17:30", 8, "work_hour", "2026-10-08 17:30", "2026-10-01 17:30"),
    ("T38-4", "2026-09-30 17:30", 2, "workday", "2026-10-09 18:00", "2026-10-02 18:00"),
]


@pytest.mark.parametrize(("limit", "start", "amount", "unit", "end", "plain"), LIMITS, ids=[row[0] for row in LIMITS])
def test_a_limit_of_the_catalogue_ends_when_it_says(
    limit: str, start: str, amount: int, unit: str, end: str, plain: str
) -> None:
    roll = "next_workday" if limit.endswith("legal") else "none"
    for calendar, expected in ((CN, end), (PLAIN, plain)):
        found = due(aware(start), amount, unit, calendar, roll=roll)
        assert found.instant == aware(expected)
        check(found.trace, calendar)
        if unit != "date_field" and roll == "none":
            assert elapsed(aware(start), found.instant, unit, calendar) == amount


def test_the_whole_is_the_sum_of_its_stages() -> None:
    # Given record, solution and completion in 1, 5 and 10 working days, each begun when the one before was due
    at = aware("2026-04-30 17:59")
    for stage in (1, 5, 10):
        at = due(at, stage, "workday", CN).instant
    # I expect the whole case to take 16 (T19-4).
    assert at == due(aware("2026-04-30 17:59"), 16, "workday", CN).instant


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-10-01 10:00", 1, "workday", "2026-10-02 18:00"),
        ("2026-10-01 17:00", 8, "work_hour", "2026-10-02 17:00"),
        ("2026-10-03 20:00", 2, "work_hour", "2026-10-04 11:00"),
    ],
)
def test_an_escalated_complaint_counts_every_day_of_the_year(start: str, amount: int, unit: str, end: str) -> None:
    # T28-1: 365 × 8
    assert due(aware(start), amount, unit, ALL_YEAR).instant == aware(end)


def row(**facts: object) -> LimitRow:
    """A row as the policy has it."""
    amounts = {"": Amount(value=30, unit="workday"), "grave": Amount(value=45, unit="workday")}
    given: dict[str, object] = {
        "id": "T24-1", "label": Label(zh="办结", en="Close"), "stage": "legal", "start": "accepted", "ends": ("closed",),
        "amounts": amounts, "cap": Amount(value=60, unit="day"), "warn": Amount(value=3, unit="workday"),
    }  # fmt: skip
    return LimitRow(**{**given, **facts})  # type: ignore[arg-type]


def limit_of(row: LimitRow, variant: str = "") -> Limit:
    """The row's limit, which it has."""
    limit = Limit.of(row, variant)
    assert limit is not None
    return limit


def test_an_extension_never_passes_sixty_days_in_all() -> None:
    # Given thirty working days, extended by thirty
    limit, start = limit_of(row()), aware("2026-01-05 10:00")
    found = limit.due(start, CN, extensions=[Span(amount=30, unit="workday")])
    # I expect the sixtieth day from acceptance, and the trace to say so.
    assert found.instant == aware("2026-03-06 24:00")
    assert found.trace["capped"] is True
    # And a short extension to be granted in full.
    assert limit.due(start, CN, extensions=[Span(amount=2, unit="workday")]).instant == aware("2026-02-25 18:00")


def test_a_row_gives_the_limit_of_its_variant() -> None:
    assert limit_of(row(), "grave").span == Span(amount=45, unit="workday")
    assert limit_of(row(), "unknown").span == Span(amount=30, unit="workday")
    assert Limit.of(row(amounts={"grave": Amount(value=1, unit="day")})) is None


def test_a_warning_comes_whole_working_days_before() -> None:
    limit = limit_of(row())
    end = limit.due(aware("2026-02-10 10:00"), CN).instant
    assert (CN.local(end).date().isoformat(), limit.warning(end, CN)) == ("2026-03-30", aware("2026-03-25 18:00"))


def test_the_shipped_calendars_say_what_they_are() -> None:
    assert (CN.name, ALL_YEAR.name) == ("cn", "365x8")
    assert [CN.knows(year) for year in (2023, 2024, 2025, 2026, 2027)] == [False, True, True, True, False]
    assert ALL_YEAR.knows(2035)

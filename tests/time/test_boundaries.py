"""Where counts go wrong: midnights, month ends, closing times, clocks put back and forward, pauses at the edge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.calendar import Calendar
from engine.deadline import (
    AmountRefused,
    OtherCalendar,
    Pause,
    Span,
    TooFar,
    TraceDisagrees,
    UnknownUnit,
    check,
    due,
    elapsed,
    elapsed_minutes,
    elapsed_workdays,
)
from tests.time.minutes import aware
from tests.time.worlds import CN, PLAIN, with_day

ALWAYS: tuple[tuple[tuple[int, int], ...], ...] = (((0, 1440),),) * 7


def open_always(zone: str) -> Calendar:
    """A calendar without closing time."""
    return Calendar(name="always", version="1", zone=zone, week=ALWAYS)


def test_the_last_instant_is_still_in_time() -> None:
    end = due(aware("2026-01-05 10:00"), 3, "workday", CN).instant
    assert elapsed(aware("2026-01-05 10:00"), end, "workday", CN) == 3
    assert elapsed(aware("2026-01-05 10:00"), end + timedelta(microseconds=1), "workday", CN) == 4


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2024-01-31 10:00", 1, "2024-02-29 24:00"),
        ("2023-12-31 10:00", 2, "2024-02-29 24:00"),
        ("2024-02-29 10:00", 12, "2025-02-28 24:00"),
        ("2026-03-31 23:59", 1, "2026-04-30 24:00"),
        ("2026-02-28 10:00", 1, "2026-03-28 24:00"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: str, amount: int, end: str) -> None:
    assert due(aware(start), amount, "month", CN).instant == aware(end)


def test_midnight_begins_the_next_day() -> None:
    assert due(aware("2026-01-05 24:00"), 1, "day", CN).instant == aware("2026-01-07 24:00")
    assert due(aware("2026-01-05 23:59"), 1, "day", CN).instant == aware("2026-01-06 24:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-05 08:00", "2026-01-05 11:00"),  # before opening
        ("2026-01-05 10:00", "2026-01-05 12:00"),  # up to noon, not to one o'clock
        ("2026-01-05 11:00", "2026-01-05 14:00"),  # over noon
        ("2026-01-05 12:30", "2026-01-05 15:00"),  # at noon
        ("2026-01-05 17:00", "2026-01-06 10:00"),  # over night
        ("2026-01-09 16:00", "2026-01-09 18:00"),  # up to closing, not to Monday
        ("2026-01-10 10:00", "2026-01-12 11:00"),  # on a Saturday
        ("2026-01-04 10:00", "2026-01-04 12:00"),  # on a Sunday that is worked
        ("2026-01-03 10:00", "2026-01-04 11:00"),  # on a holiday
    ],
)
def test_two_working_hours(start: str, end: str) -> None:
    assert due(aware(start), 2, "work_hour", CN).instant == aware(end)


def test_no_working_days_is_the_business_day_that_is_on() -> None:
    assert due(aware("2026-01-05 10:00"), 0, "workday", CN).instant == aware("2026-01-05 18:00")
    assert due(aware("2026-01-05 19:00"), 0, "workday", CN).instant == aware("2026-01-06 18:00")
    assert due(aware("2026-01-10 10:00"), 0, "workday", CN).instant == aware("2026-01-12 18:00")


def test_a_half_day_closes_early() -> None:
    eve = with_day(CN, date(2026, 2, 13), ((540, 720),))
    assert due(aware("2026-02-12 10:00"), 1, "workday", eve).instant == aware("2026-02-13 12:00")
    assert due(aware("2026-02-13 11:00"), 2, "work_hour", eve).instant == aware("2026-02-14 10:00")


def test_hours_may_be_fractions_and_days_may_not() -> None:
    assert due(aware("2026-01-05 11:30"), Decimal("1.5"), "work_hour", CN).instant == aware("2026-01-05 14:00")
    with pytest.raises(AmountRefused):
        due(aware("2026-01-05 11:30"), Decimal("1.5"), "workday", CN)
    with pytest.raises(AmountRefused):
        due(aware("2026-01-05 11:30"), -1, "day", CN)


def test_what_cannot_be_counted_is_refused_in_words() -> None:
    with pytest.raises(UnknownUnit, match="work_hour"):
        due(aware("2026-01-05 11:30"), 1, "fortnight", CN)
    with pytest.raises(TooFar):
        due(aware("2026-01-05 11:30"), 900_000, "month", CN)
    with pytest.raises(TooFar):
        due(aware("2026-01-05 11:30"), 900_000, "work_hour", CN)
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 1, 5), 1, "day", CN)  # noqa: DTZ001


def test_the_civil_code_moves_a_last_day_off_to_the_close_of_the_next_working_day() -> None:
    found = due(aware("2026-09-10 10:00"), 15, "day", CN, civil=True)
    assert found.instant == aware("2026-09-28 18:00")
    # Hours run as they run.
    assert due(aware("2026-09-30 10:00"), 24, "hour", CN, civil=True).instant == aware("2026-10-01 10:00")


def test_by_the_civil_code_a_holiday_of_the_house_puts_nothing_off() -> None:
    # Given a last day, Wednesday 20 May, that the house alone takes off, or that is off for everybody
    start, day = aware("2026-05-05 10:00"), date(2026, 5, 20)
    company, region = with_day(CN, day, (), kind="company"), with_day(CN, day, (), kind="holiday")
    # I expect the limit to end on it, at 24:00, as no business closes then; and on Thursday where the law gives the day off.
    assert due(start, 15, "day", company, civil=True).instant == aware("2026-05-20 24:00")
    assert due(start, 15, "day", region, civil=True).instant == aware("2026-05-21 18:00")
    # The house's own rule goes by the house's own days, and a Saturday is off all the same.
    assert due(start, 15, "day", company, roll="next_workday").instant == aware("2026-05-21 24:00")
    saturday = with_day(CN, date(2026, 5, 23), (), kind="company")
    assert due(start, 18, "day", saturday, civil=True).instant == aware("2026-05-25 18:00")


def test_rolling_back_never_goes_before_the_start() -> None:
    assert due(aware("2026-10-02 10:00"), 2, "day", CN, roll="previous_workday").instant == aware("2026-10-04 24:00")
    assert due(aware("2026-09-30 10:00"), 2, "day", CN, roll="previous_workday").instant == aware("2026-09-30 24:00")


def test_hours_are_real_hours_when_the_clock_is_put_forward_or_back() -> None:
    york = open_always("America/New_York")
    # On 8 March 2026 two o'clock is three; on 1 November one o'clock comes twice.
    assert due(aware("2026-03-07 12:00", york.zone), 24, "hour", york).instant == aware("2026-03-08 13:00", york.zone)
    assert due(aware("2026-10-31 12:00", york.zone), 24, "hour", york).instant == aware("2026-11-01 11:00", york.zone)
    assert york.open_time(*_day(york, date(2026, 3, 8))) == timedelta(hours=23)
    assert york.open_time(*_day(york, date(2026, 11, 1))) == timedelta(hours=25)
    # A day is a day.
    assert due(aware("2026-03-07 12:00", york.zone), 1, "day", york).instant == datetime(2026, 3, 9, 4, tzinfo=UTC)


def test_a_time_that_was_jumped_over_is_the_instant_of_the_jump() -> None:
    york = open_always("America/New_York")
    jump = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert [york.at(date(2026, 3, 8), minute) for minute in (120, 150, 180)] == [jump, jump, jump]


def test_a_day_that_ended_does_not_come_back() -> None:
    # In St John's the clock of 2 November 2008 went back from one past midnight to the evening before.
    john = open_always("America/St_Johns")
    day = john.day(date(2008, 11, 1))
    assert day.end == datetime(2008, 11, 2, 2, 30, tzinfo=UTC)
    assert john.date_of(day.end + timedelta(minutes=30)) == date(2008, 11, 2)


def test_a_day_that_was_left_out_is_no_time_at_all() -> None:
    # Samoa went from Thursday 29 December 2011 to Saturday the 31st.
    apia = open_always("Pacific/Apia")
    assert apia.open_time(*_day(apia, date(2011, 12, 30))) == timedelta(0)
    assert apia.day(date(2011, 12, 29)).end == apia.day(date(2011, 12, 31)).begin


def _day(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    return calendar.day(day).begin, calendar.day(day).end


def pause(since: str, until: str) -> Pause:
    """The clock stood still, in local times."""
    return Pause(since=aware(since), until=aware(until))


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        ([("2026-01-06 09:00", "2026-01-07 09:00")], "2026-01-09 18:00"),  # a working day of eight hours
        ([("2026-01-06 18:00", "2026-01-07 09:00")], "2026-01-08 18:00"),  # a night is nothing
        ([("2026-01-06 16:00", "2026-01-06 17:00")], "2026-01-09 18:00"),  # an hour of the ninth: to its close
        ([("2026-01-06 09:00", "2026-01-06 12:00"), ("2026-01-07 13:00", "2026-01-07 18:00")], "2026-01-09 18:00"),
        ([("2026-01-02 09:00", "2026-01-05 09:30")], "2026-01-08 18:00"),  # before the start
        ([("2026-01-08 18:00", "2026-01-12 09:00")], "2026-01-08 18:00"),  # after the end
        ([("2026-01-08 17:00", "2026-01-12 09:00")], "2026-01-12 18:00"),  # over the end: one hour was left
    ],
)
def test_three_working_days_with_pauses(pauses: list[tuple[str, str]], end: str) -> None:
    stopped = [pause(*times) for times in pauses]
    found = due(aware("2026-01-05 10:00"), 3, "workday", PLAIN, pauses=stopped)
    assert found.instant == aware(end)
    check(found.trace, PLAIN)


def test_a_limit_in_days_is_put_off_by_the_time_the_clock_stood_still() -> None:
    stopped = [pause("2026-01-06 15:00", "2026-01-07 03:00"), pause("2026-01-08 15:00", "2026-01-09 03:00")]
    # Twice twelve hours make one day, not two.
    assert due(aware("2026-01-05 10:00"), 5, "day", CN, pauses=stopped).instant == aware("2026-01-11 24:00")
    assert due(aware("2026-01-05 10:00"), 5, "day", CN, pauses=stopped[:1]).instant == aware("2026-01-11 24:00")


def test_pauses_that_overlap_count_once() -> None:
    stopped = [pause("2026-01-06 09:00", "2026-01-07 09:00"), pause("2026-01-06 09:00", "2026-01-06 18:00")]
    assert due(aware("2026-01-05 10:00"), 3, "workday", CN, pauses=stopped).instant == aware("2026-01-09 18:00")


def test_by_the_civil_code_too_some_hours_of_pause_are_worth_a_day() -> None:
    # Given a limit that ends at the close of Monday, and a clock that stood still for five hours
    start, stopped = aware("2026-01-05 10:00"), [pause("2026-01-06 10:00", "2026-01-06 15:00")]
    assert due(start, 5, "day", CN, civil=True).instant == aware("2026-01-12 18:00")
    # I expect the close of Tuesday, not that of Monday again.
    assert due(start, 5, "day", CN, civil=True, pauses=stopped).instant == aware("2026-01-13 18:00")


def test_a_trace_is_only_good_for_its_version_of_the_calendar() -> None:
    found = due(aware("2026-02-10 10:00"), 5, "workday", CN)
    with pytest.raises(OtherCalendar):
        check(found.trace, with_day(CN, date(2026, 2, 12), ()))


def test_a_trace_whose_reasons_were_touched_up_is_found_out() -> None:
    trace = due(aware("2026-02-10 10:00"), 5, "workday", CN).trace
    days = [dict(run) for run in trace["days"]]
    days[0]["kind"] = "holiday"
    with pytest.raises(TraceDisagrees, match="days"):
        check({**trace, "days": days}, CN)


def test_an_unpublished_year_is_counted_plain_and_said() -> None:
    found = due(aware("2026-12-25 10:00"), 10, "workday", CN)
    assert found.trace["unpublished"] == [2027]
    assert found.instant == aware("2027-01-08 18:00")
    # Days alone do not need to know the holidays.
    assert "unpublished" not in due(aware("2026-12-25 10:00"), 30, "day", CN).trace
    assert due(aware("2026-12-25 10:00"), 30, "day", CN, roll="next_workday").trace["unpublished"] == [2027]


def test_elapsed_working_time_leaves_pauses_out() -> None:
    start, end = aware("2026-02-13 16:00"), aware("2026-02-24 10:00")
    assert elapsed_minutes(start, end, CN) == (2 + 8 + 1) * 60
    assert elapsed_minutes(start, end, CN, [pause("2026-02-14 09:00", "2026-02-24 09:30")]) == 150
    assert elapsed_workdays(start, end, CN) == 2
    assert elapsed_minutes(end, start, CN) == 0


def test_extensions_count_from_the_day_the_limit_ended() -> None:
    extended = due(
        aware("2026-09-30 10:00"), 5, "day", CN, roll="next_workday", extensions=[Span(amount=2, unit="day")]
    )
    # The fifth day rolls to 8 October, and two more days are counted from there; the 10th is worked.
    assert extended.instant == aware("2026-10-10 24:00")


def test_an_end_at_midnight_belongs_to_the_day_it_ends() -> None:
    found = due(aware("2026-10-01 00:00"), 48, "hour", CN)
    assert found.instant == aware("2026-10-02 24:00")
    assert found.trace["day"] == date(2026, 10, 2)

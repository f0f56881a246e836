"""Laws of time: what holds for every start, span and calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.calendar import Calendar, changed, changes, dump, from_ical, load, to_ical
from engine.calendar.reading import with_version
from engine.deadline import Pause, Span, TraceDisagrees, before, check, derive, due, elapsed, remaining
from engine.values import decode, encode
from tests.time.worlds import COUNTED, calendar_of, few, law, pauses_after, some, units, with_day, worlds

World = tuple[datetime, Calendar]
MINUTE = timedelta(minutes=1)
OFFICE = ((540, 720), (780, 1080))
rolls = st.sampled_from(["none", "next_workday", "previous_workday"])
later = st.integers(0, 20_000)


@law()
@given(worlds, later, few, units, rolls)
def test_who_starts_later_is_never_due_earlier(world: World, gap: int, n: int, unit: str, roll: str) -> None:
    start, calendar = world
    first = due(start, n, unit, calendar, roll=roll).instant
    assert first <= due(start + gap * MINUTE, n, unit, calendar, roll=roll).instant


@law()
@given(worlds, few, few, units, rolls)
def test_more_time_never_ends_earlier(world: World, n: int, more: int, unit: str, roll: str) -> None:
    start, calendar = world
    assert due(start, n, unit, calendar, roll=roll).instant <= due(start, n + more, unit, calendar, roll=roll).instant


@law()
@given(worlds, few, units, rolls, st.booleans())
def test_no_deadline_lies_before_its_start(world: World, n: int, unit: str, roll: str, civil: bool) -> None:
    start, calendar = world
    if civil and n == 0:
        n = 1  # "by the civil code, today" ends when business closes, which may have been
    assert due(start, n, unit, calendar, roll=roll, civil=civil).instant >= start


@law()
@given(worlds, few, few, st.sampled_from(["minute", "hour", "work_hour"]))
def test_hours_add_up(world: World, a: int, b: int, unit: str) -> None:
    start, calendar = world
    half = due(start, a, unit, calendar).instant
    assert due(half, b, unit, calendar).instant == due(start, a + b, unit, calendar).instant


@law()
@given(worlds, some, some, some, st.sampled_from(["workday", "day", "week"]))
def test_budgets_in_sequence_make_the_whole(world: World, a: int, b: int, c: int, unit: str) -> None:
    start, calendar = world
    rest = [Span(amount=b, unit=unit), Span(amount=c, unit=unit)]
    assert due(start, a, unit, calendar, extensions=rest).instant == due(start, a + b + c, unit, calendar).instant


@law()
@given(worlds, some, units)
def test_elapsed_is_the_inverse_of_due(world: World, n: int, unit: str) -> None:
    start, calendar = world
    assert elapsed(start, due(start, n, unit, calendar).instant, unit, calendar) == n


@law()
@given(worlds, later, st.sampled_from(["workday", "day", "week", "month"]))
def test_elapsed_is_the_least_limit_that_was_kept(world: World, gap: int, unit: str) -> None:
    start, calendar = world
    end = start + gap * MINUTE
    n = int(elapsed(start, end, unit, calendar))
    assert end <= due(start, n, unit, calendar).instant
    assert n <= 1 or end > due(start, n - 1, unit, calendar).instant


@law()
@given(worlds, few, st.sampled_from(["work_hour", "workday"]))
def test_working_time_never_ends_in_closed_time(world: World, n: int, unit: str) -> None:
    start, calendar = world
    found = due(start, n, unit, calendar)
    # A day that is open until midnight closes at the first instant of the next.
    days = {calendar.date_of(found.instant - MINUTE), calendar.date_of(found.instant)}
    assert any(opening <= found.instant <= close for day in days for opening, close in calendar.day(day).hours)


@law()
@given(worlds, few, units, st.sampled_from(["none", "next_workday"]), st.integers(0, 30))
def test_one_more_holiday_never_moves_a_deadline_earlier(
    world: World, n: int, unit: str, roll: str, offset: int
) -> None:
    start, calendar = world
    closed = with_day(calendar, start.date() + timedelta(days=offset), ())
    assert due(start, n, unit, calendar, roll=roll).instant <= due(start, n, unit, closed, roll=roll).instant


@law()
@given(worlds, few, st.sampled_from(["work_hour", "workday"]), st.integers(-1, 30))
def test_one_more_working_day_never_moves_a_deadline_later(world: World, n: int, unit: str, offset: int) -> None:
    start, calendar = world
    day = start.date() + timedelta(days=offset)
    if calendar.works(day):
        calendar = with_day(calendar, day, ())
    assert due(start, n, unit, with_day(calendar, day, OFFICE)).instant <= due(start, n, unit, calendar).instant


@law()
@given(st.data(), worlds, some, units)
def test_a_pause_in_pieces_is_the_same_pause(data: st.DataObject, world: World, n: int, unit: str) -> None:
    start, calendar = world
    pauses = data.draw(pauses_after(start))
    pieces = []
    for pause in pauses:
        middle = pause.since + data.draw(st.integers(0, (pause.until - pause.since) // MINUTE)) * MINUTE
        pieces += [Pause(since=pause.since, until=middle), Pause(since=middle, until=pause.until)]
    whole = due(start, n, unit, calendar, pauses=pauses)
    assert due(start, n, unit, calendar, pauses=pieces[::-1]).instant == whole.instant


@law()
@given(st.data(), worlds, some, st.sampled_from(["minute", "hour", "work_hour"]))
def test_a_clock_that_stood_still_goes_on_with_the_rest(data: st.DataObject, world: World, n: int, unit: str) -> None:
    start, calendar = world
    pauses = data.draw(pauses_after(start))
    end = due(start, n, unit, calendar, pauses=pauses).instant
    counted = calendar.open_time(start, end) if unit == "work_hour" else end - start
    for pause in pauses:
        since, until = min(pause.since, end), min(pause.until, end)
        counted -= calendar.open_time(since, until) if unit == "work_hour" else until - since
    # I expect exactly the limit to have been spent while the clock went.
    assert counted == n * timedelta(minutes=1 if unit == "minute" else 60)


@law()
@given(st.data(), worlds, some, units, few)
def test_pauses_and_extensions_only_put_off_and_a_cap_only_brings_back(
    data: st.DataObject, world: World, n: int, unit: str, more: int
) -> None:
    start, calendar = world
    pauses, cap = data.draw(pauses_after(start)), Span(amount=data.draw(some), unit="day")
    plain = due(start, n, unit, calendar).instant
    longer = due(start, n, unit, calendar, pauses=pauses, extensions=[Span(amount=more, unit=unit)]).instant
    most = due(start, cap.amount, "day", calendar).instant
    found = due(start, n, unit, calendar, pauses=pauses, extensions=[Span(amount=more, unit=unit)], cap=cap)
    assert plain <= longer
    assert found.instant == min(longer, most)
    assert found.trace["capped"] == (most < longer)


@law()
@given(worlds, some, st.sampled_from(["day", "week", "month"]))
def test_rolling_leaves_days_off_and_nothing_else(world: World, n: int, unit: str) -> None:
    start, calendar = world
    plain, on = due(start, n, unit, calendar), due(start, n, unit, calendar, roll="next_workday")
    back = due(start, n, unit, calendar, roll="previous_workday")
    assert back.instant <= plain.instant <= on.instant
    assert calendar.works(on.trace["day"])
    between = [d.works for d in calendar.days(plain.trace["day"], on.trace["day"])]
    assert between == [False] * (len(between) - 1) + [True]


@law()
@given(worlds, some, st.sampled_from(["day", "week", "month"]))
def test_by_the_civil_code_a_limit_ends_when_business_closes(world: World, n: int, unit: str) -> None:
    start, calendar = world
    plain, found = due(start, n, unit, calendar), due(start, n, unit, calendar, civil=True)
    passed = [calendar.off_by_law(d.date) for d in calendar.days(plain.trace["day"], found.trace["day"])]
    assert passed == [True] * (len(passed) - 1) + [False]
    assert found.instant == calendar.day(found.trace["day"]).close
    # A house that takes a working day off of its own gives itself no more time.
    longer = with_day(calendar, plain.trace["day"], (), kind="company")
    assert (
        not calendar.week[plain.trace["day"].weekday()]
        or due(start, n, unit, longer, civil=True).trace["day"] <= found.trace["day"]
    )


@law(0.5)
@given(st.data(), worlds, few, units, rolls, st.booleans())
def test_every_deadline_follows_from_its_trace(
    data: st.DataObject, world: World, n: int, unit: str, roll: str, civil: bool
) -> None:
    start, calendar = world
    pauses = data.draw(pauses_after(start))
    spans = [Span(amount=m, unit=u) for m, u in data.draw(st.lists(st.tuples(some, units), max_size=2))]
    found = due(start, n, unit, calendar, roll=roll, civil=civil, pauses=pauses, extensions=spans,
                cap=data.draw(st.none() | st.builds(Span, amount=some, unit=units)))  # fmt: skip
    kept = decode(encode(found.trace))
    check(kept, calendar)
    assert derive(kept, calendar) == found
    # Whoever moves the end is found out.
    fact = data.draw(st.sampled_from(["due", "day"]))
    with pytest.raises(TraceDisagrees):
        check({**kept, fact: kept[fact] + timedelta(days=1)}, calendar)


@law()
@given(worlds, some, st.sampled_from(["work_hour", "workday"]))
def test_the_days_a_trace_counts_make_up_the_limit(world: World, n: int, unit: str) -> None:
    start, calendar = world
    counted = [run for run in due(start, n, unit, calendar).trace["days"] if run["counts"]]
    if unit == "workday":
        assert sum((run["to"] - run["from"]).days + 1 for run in counted) == n
        return
    # A clock that is changed while business is on shows more or less than went by.
    assume(not any(_changed(calendar, run["from"], run["to"]) for run in counted))
    shown = sum(
        ((run["to"] - run["from"]).days + 1) * sum(_minutes(hours) for hours in run["hours"]) for run in counted
    )
    assert shown == n * 60


def _minutes(hours: str) -> int:
    begin, end = (60 * int(clock[:2]) + int(clock[3:5]) for clock in hours.split("-"))
    return end - begin


def _changed(calendar: Calendar, first: date, last: date) -> bool:
    return any(day.end - day.begin != timedelta(days=1) for day in calendar.days(first, last))


@law()
@given(worlds, some, some, st.sampled_from(COUNTED))
def test_a_warning_comes_before_the_end(world: World, n: int, notice: int, unit: str) -> None:
    start, calendar = world
    end = due(start, n, unit, calendar).instant
    warning = before(end, notice, unit, calendar)
    assert warning < end
    if unit == "work_hour":
        assert calendar.open_time(warning, end) == notice * timedelta(hours=1)


@law()
@given(worlds, later, units)
def test_what_is_left_is_never_more_than_the_clock_says(world: World, gap: int, unit: str) -> None:
    start, calendar = world
    left = remaining(start, start + gap * MINUTE, calendar, unit)
    assert not left.late
    if not left.working:
        assert timedelta(days=left.days, hours=left.hours, minutes=left.minutes) == gap * MINUTE
    assert remaining(start + gap * MINUTE + MINUTE, start, calendar, unit).late


@law(0.25)
@given(worlds)
def test_a_calendar_written_and_read_is_the_same(world: World) -> None:
    _, calendar = world
    read = load(dump(calendar))
    assert load(dump(read)) == read
    assert (read.week, read.specials, read.zone) == (calendar.week, calendar.specials, calendar.zone)
    assert from_ical(to_ical(read), read).specials == read.specials


@law(0.25)
@given(worlds, st.integers(0, 2**32))
def test_what_two_calendars_say_otherwise_leads_from_one_to_the_other(world: World, seed: int) -> None:
    start, calendar = world
    old = with_version(calendar)
    new = with_version(replace(calendar_of(seed, start), name=old.name))
    assert changed(old, changes(old, new)) == new

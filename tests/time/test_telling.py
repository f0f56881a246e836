"""Deadlines in words: why then, how much is left, and the strip a page draws."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.deadline import Pause, Span, due, explain, remaining, strip, tally
from engine.values import decode, encode
from tests.time.minutes import aware
from tests.time.worlds import CN, with_day

#: Fifteen working days over two holidays and two make-up days: due on 15 October.
START = aware("2026-09-18 14:00")
FIFTEEN = due(START, 15, "workday", CN)


def test_a_manager_is_told_why_in_chinese() -> None:
    assert explain(FIFTEEN.trace, "zh-CN")[:5] == [
        "时限 15 个工作日，自 2026-09-18（周五） 14:00 起算，当日不计，到期 2026-10-15（周四） 18:00，届时完成即为按时。",
        "09-19、10-11 休息日，不计。",
        "09-20、10-10 调休上班日，计入。",
        "09-25至09-27 中秋节（节假日），不计。",
        "10-01至10-07 国庆节（节假日），不计。",
    ]


def test_a_manager_is_told_why_in_english() -> None:
    told = explain(FIFTEEN.trace, "en")
    assert told[0] == (
        "15 working days from Fri 2026-09-18 14:00, that day not counted: due Thu 2026-10-15 18:00; done by then is on time."
    )
    assert "10-01 to 10-07: National Day (holiday), not counted." in told
    assert told[-1] == f"Calendar cn (version {CN.version}), zone Asia/Shanghai (data {FIFTEEN.trace['tz']})."


def test_midnight_is_told_as_the_end_of_its_day() -> None:
    assert "2026-10-02（周五） 24:00" in explain(due(START, 14, "day", CN).trace, "zh")[0]


def test_everything_that_moved_a_deadline_is_told() -> None:
    found = due(
        aware("2026-12-20 10:00"), 5, "day", CN, civil=True, cap=Span(amount=9, unit="day"),
        pauses=[Pause(since=aware("2026-12-21 10:00"), until=aware("2026-12-22 10:00"))],
        extensions=[Span(amount=8, unit="day")],
    )  # fmt: skip
    zh, en = "".join(explain(found.trace, "zh")), " ".join(explain(found.trace, "en"))
    for said in ("民法典", "暂停计时", "经批准延长 8 日", "总计不得超过 9 日，以此为限"):
        assert said in zh
    for said in ("Civil Code", "stood still", "Extended by 8 days", "At most 9 days in all: brought back"):
        assert said in en
    rolled = due(aware("2026-12-30 10:00"), 3, "day", CN, roll="next_workday").trace
    assert "末日 2027-01-02（周六） 为休息日，移至 2027-01-04（周一）。" in explain(rolled, "zh")
    assert any("2027 年放假安排尚未公布" in said for said in explain(rolled, "zh"))


def test_a_trace_that_was_kept_tells_the_same() -> None:
    assert explain(decode(encode(FIFTEEN.trace)), "en") == explain(FIFTEEN.trace, "en")
    assert len(encode(FIFTEEN.trace)) < 1500


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        ("2026-10-13 15:00", "剩 2 工作日 3 小时", "2 wd 3 h left"),
        ("2026-10-15 12:20", "剩 5 小时", "5 h left"),
        ("2026-10-15 14:20", "剩 3 小时 40 分", "3 h 40 min left"),
        ("2026-10-15 17:59:30", "剩 不到 1 分", "less than 1 min left"),
        ("2026-10-15 18:00", "此刻到期", "due this moment"),
        ("2026-10-16 10:30", "逾期 1 小时 30 分", "1 h 30 min overdue"),
        ("2026-10-19 11:00", "逾期 1 工作日 2 小时", "1 wd 2 h overdue"),
    ],
)
def test_working_time_left(now: str, zh: str, en: str) -> None:
    left = remaining(aware(now), FIFTEEN.instant, CN)
    assert (left.text("zh-CN"), left.text("en")) == (zh, en)


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        ("2026-10-10 11:00", "剩 2 日 13 小时", "2 days 13 h left"),
        ("2026-10-12 10:20", "剩 13 小时 40 分", "13 h 40 min left"),
        ("2026-10-13 10:00", "逾期 10 小时", "10 h overdue"),
    ],
)
def test_time_left_of_calendar_days_is_told_by_the_clock(now: str, zh: str, en: str) -> None:
    end = due(aware("2026-09-28 10:00"), 14, "day", CN).instant
    left = remaining(aware(now), end, CN)
    assert (left.text("zh-CN"), left.text("en")) == (zh, en)


def test_hours_of_the_clock_are_told_as_such_when_the_unit_is_known() -> None:
    end = aware("2026-10-15 11:00")
    assert remaining(end - timedelta(hours=30), end, CN, "hour").text("en") == "1 day 6 h left"
    # After closing nothing is left but the clock.
    assert remaining(aware("2026-10-16 19:00"), aware("2026-10-16 18:00"), CN, "workday").text("en") == "1 h overdue"


def test_the_strip_shows_whole_weeks_and_numbers_what_counts() -> None:
    weeks = strip(FIFTEEN.trace, CN, aware("2026-09-30 10:00"))
    days = [day for week in weeks for day in week]
    assert {len(week) for week in weeks} == {7}
    assert days[0].date.weekday() == 0
    assert [d.number for d in days if d.number] == list(range(1, 16))
    states = {f"{d.date:%m-%d}": d.state for d in days}
    assert (states["09-14"], states["09-18"], states["09-20"], states["10-03"], states["10-15"]) == (
        "outside", "start", "counted", "skipped", "counted",
    )  # fmt: skip
    assert [f"{d.date:%m-%d}" for d in days if d.due] == ["10-15"]
    assert [d.zh for d in days if d.kind == "makeup"] == ["调休上班", "调休上班"]
    assert sum(d.past for d in days) == 16


def test_the_strip_of_a_day_limit_counts_days_off_too() -> None:
    days = [d for week in strip(due(START, 14, "day", CN).trace, CN, START) for d in week]
    assert [d.number for d in days if d.number] == list(range(1, 15))


def test_the_strip_leaves_out_days_the_clock_stood_still() -> None:
    stood = Pause(since=aware("2026-09-21 10:00"), until=aware("2026-09-23 10:00"))
    days = [d for week in strip(due(START, 3, "workday", CN, pauses=[stood]).trace, CN, START) for d in week]
    assert [f"{d.date:%m-%d}" for d in days if d.state == "paused"] == ["09-22"]


def test_a_very_long_strip_shows_its_beginning_and_its_end() -> None:
    weeks = strip(due(START, 24, "month", CN).trace, CN, START)
    assert len(weeks) == 20
    assert any(day.due for day in weeks[-1])


def test_the_strip_tells_whole_days_from_parts_of_days_the_clock_stood_still() -> None:
    # Given eight working days and two more, a half day on 13 February, and a pause from Wednesday morning to Friday at eleven
    house = with_day(CN, date(2026, 2, 13), ((540, 720),), kind="half")
    stood = [Pause(since=aware("2026-02-11 09:00"), until=aware("2026-02-13 11:00"))]
    more = [Span(amount=2, unit="workday")]
    trace = due(aware("2026-02-10 10:00"), 8, "workday", house, pauses=stood, extensions=more).trace
    days = {d.date.day: d for week in strip(trace, house, aware("2026-02-25 10:00")) for d in week}
    # I expect the two days all of whose hours were lost to be told as such, and Friday to count, with its sign
    assert [(days[n].state, days[n].number, days[n].partly) for n in (10, 11, 12, 13, 14)] == [
        ("start", None, False), ("paused", None, False), ("paused", None, False), ("counted", 1, True), ("counted", 2, False),
    ]  # fmt: skip
    assert (days[13].kind, days[13].works) == ("half", True)
    # 18 hours stood still from 3 March on: two days and two hours, to the close of the 5th; the 26th of February is worked here
    assert trace["day"] == date(2026, 3, 5)
    said = tally(trace, house)
    assert (said.counted, said.partly, said.paused) == (11, 1, 2)
    assert "计 11 天（1 天有一段时间暂停）" in said.text("zh") and "11 count (1 with the clock still" in said.text("en")

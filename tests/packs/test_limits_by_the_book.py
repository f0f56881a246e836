"""Every limit Tnn-k that a shipped pack uses ends when the catalogue and the original say: ends worked out by hand.

Days off in 2026 (notice of the State Council): 1–3 Jan, 15–23 Feb, 4–6 Apr, 1–5 May, 19–21 Jun, 25–27 Sep, 1–7 Oct; worked
are Sun 4 Jan, Sat 14 and 28 Feb, Sat 9 May, Sun 20 Sep, Sat 10 Oct. Business is from 9 to 12 and from 13 to 18. "Plain" has
Monday to Friday and nothing else. Each row of `ENDS` was counted on paper along the weeks below, never by this program.

    Feb   9 10 11 12 13 (14) | 24 25 26 27 (28)    Mar  2  3  4  5  6 |  9 10 11 12 13 | 16 17 18 19 20
    Apr  27 28 29 30 |  6  7  8 (9) May            Sep 14 15 16 17 18 | (20) 21 22 23 24 | 28 29 30 |  8  9 (10) 12 13 14 15 Oct
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine.calendar import Calendar
from engine.deadline import Limit, Span, check
from engine.feel import Context, compile
from engine.policy import LimitRow
from tests.packs.company import shipped
from tests.time.minutes import aware

#: From which milestone a limit counts, in what span, and what it may not pass, as the catalogue has it.
BOOK = {
    ("qa-8d-tracking", "T01-1", ""): ("registered", "8 work_hour"),
    ("qa-8d-tracking", "T01-2", ""): ("registered", "14 day"),
    ("qa-8d-tracking", "T01-2R", ""): ("recurred", "14 day"),
    ("qa-8d-tracking", "T01-3", "first"): ("eight_done", "1 month"),
    ("qa-8d-tracking", "T01-3", "second"): ("eight_done", "2 month"),
    ("qa-8d-tracking", "T01-3", "third"): ("eight_done", "3 month"),
    ("mfg-gm-office", "T08-1", ""): ("registered", "14 day"),
    ("mfg-gm-office", "T08-2", ""): ("registered", "21 day"),
    ("mfg-gm-office", "T08-3", ""): ("task", "3 day"),
    ("mfg-gm-office", "T08-4", ""): ("task", "1 day"),
    ("mfg-gm-office", "T08-6", "finding"): ("task", "1 workday"),
    ("mfg-gm-office", "T08-6", "sales"): ("task", "2 workday"),
    ("mfg-gm-office", "T08-6", "office"): ("task", "1 day"),
    ("mfg-gm-office", "T08-6", "quality"): ("task", "3 day"),
    ("mfg-gm-office", "T08-6", "plant"): ("task", "3 workday"),
    ("mfg-gm-office", "T08-6", "research"): ("task", "2 workday"),
    ("mfg-gm-office", "T08-6", "negotiate"): ("task", "5 workday"),
    ("mfg-gm-office", "T08-6", "decide"): ("task", "1 workday"),
    ("construction-rectification", "T16-1", ""): ("plan_accepted", "7 day"),
    ("construction-rectification", "T16-2", ""): ("plan_accepted", "10 day"),
    ("construction-rectification", "T16-3", ""): ("plan_accepted", "15 day"),
    ("construction-rectification", "T16-4", ""): ("plan_accepted", "15 day"),
    ("construction-rectification", "T16-5", ""): ("plan_accepted", "20 day"),
    ("arch-paint-aftersales", "T18-1", ""): ("opened", "24 hour"),
    ("life-insurance", "T22-1", ""): ("accepted", "7 workday"),
    ("life-insurance", "T22-2", ""): ("accepted", "15 workday"),
    ("life-insurance", "T22-3", ""): ("accepted", "30 day"),
    ("life-insurance", "T22-4", ""): ("task", "5 workday"),
    ("life-insurance", "T22-5", ""): ("panel_met", "15 day"),
    ("life-insurance", "T22-7", ""): ("task", "1 month"),
    ("whistle-risk", "T24-1", ""): ("accepted", "30 workday at most 60 day"),
    ("whistle-risk", "T24-2", ""): ("accepted", "60 day"),
    ("property-mgmt", "T26-1", ""): ("task", "2 hour"),
    ("property-mgmt", "T26-2", ""): ("opened", "1 hour"),
    ("property-mgmt", "T26-3", ""): ("handled", "0 date_field"),
    ("property-mgmt", "T26-4", ""): ("handled", "3 day"),
    ("telecom-branch", "T28-1", ""): ("task", "8 work_hour by 365x8"),
    ("telecom-branch", "T28-2", ""): ("opened", "15 workday"),
    ("telecom-petition", "T31-1", ""): ("referred", "15 workday"),
    ("staff-grievance", "T35-1", ""): ("accepted", "7 day"),
    ("staff-grievance", "T35-2", ""): ("task", "7 day"),
    ("food-drug-report", "T36-1", ""): ("opened", "5 day next_workday"),
    ("food-drug-report", "T36-2", ""): ("decided", "15 day next_workday"),
    ("qe-1h-8h-3wd", "T38-1", ""): ("opened", "1 hour"),
    ("qe-1h-8h-3wd", "T38-2", ""): ("signed", "3 workday"),
    ("qe-1h-8h-3wd", "T38-3", ""): ("signed", "8 work_hour"),
    ("qe-1h-8h-3wd", "T38-4", ""): ("signed", "2 workday"),
}

ENDS = [
    # limit and variant, start, end by the calendar of 2026, end in plain weeks
    # one minute before closing on Friday: one minute is spent, seven hours and 59 are left for Monday
    ("T01-1", "2026-01-09 17:59", "2026-01-12 17:59", "2026-01-12 17:59"),
    ("T01-1", "2026-02-14 10:00", "2026-02-24 10:00", "2026-02-16 18:00"),  # the worked Saturday before Spring Festival
    ("T01-1", "2026-01-05 20:00", "2026-01-06 18:00", "2026-01-06 18:00"),  # after hours: the whole next day
    ("T01-1", "2026-05-09 14:00", "2026-05-11 14:00", "2026-05-11 18:00"),  # a Saturday worked for May Day
    ("T01-2", "2026-02-14 10:00", "2026-02-28 24:00", "2026-02-28 24:00"),
    ("T01-2", "2026-01-05 23:59", "2026-01-19 24:00", "2026-01-19 24:00"),
    ("T01-2R", "2026-03-31 09:00", "2026-04-14 24:00", "2026-04-14 24:00"),
    ("T01-3 first", "2026-01-31 09:00", "2026-02-28 24:00", "2026-02-28 24:00"),  # no 31 February
    ("T01-3 second", "2026-01-31 09:00", "2026-03-31 24:00", "2026-03-31 24:00"),
    ("T01-3 third", "2026-01-31 09:00", "2026-04-30 24:00", "2026-04-30 24:00"),
    ("T08-1", "2026-02-13 17:59", "2026-02-27 24:00", "2026-02-27 24:00"),
    ("T08-1", "2026-09-20 10:00", "2026-10-04 24:00", "2026-10-04 24:00"),  # in the holidays: an internal limit stays
    ("T08-2", "2026-02-13 17:59", "2026-03-06 24:00", "2026-03-06 24:00"),
    ("T08-3", "2026-09-30 18:30", "2026-10-03 24:00", "2026-10-03 24:00"),
    ("T08-4", "2026-04-03 17:59", "2026-04-04 24:00", "2026-04-04 24:00"),
    ("T08-6 finding", "2026-04-03 17:59", "2026-04-07 18:00", "2026-04-06 18:00"),  # over Qingming
    ("T08-6 sales", "2026-04-30 11:00", "2026-05-07 18:00", "2026-05-04 18:00"),  # over May Day
    ("T08-6 office", "2026-04-30 11:00", "2026-05-01 24:00", "2026-05-01 24:00"),
    ("T08-6 quality", "2026-04-30 11:00", "2026-05-03 24:00", "2026-05-03 24:00"),
    ("T08-6 plant", "2026-05-07 09:00", "2026-05-11 18:00", "2026-05-12 18:00"),  # Saturday the 9th counts
    ("T08-6 research", "2026-09-17 10:00", "2026-09-20 18:00", "2026-09-21 18:00"),  # ends on a worked Sunday
    ("T08-6 negotiate", "2026-02-12 18:01", "2026-02-26 18:00", "2026-02-19 18:00"),  # received after hours
    ("T08-6 decide", "2026-09-20 10:00", "2026-09-21 18:00", "2026-09-21 18:00"),  # begins on a worked Sunday
    ("T16-1", "2026-02-13 10:00", "2026-02-20 24:00", "2026-02-20 24:00"),  # builders' days: holidays count
    ("T16-2", "2026-02-13 10:00", "2026-02-23 24:00", "2026-02-23 24:00"),
    ("T16-3", "2026-09-20 10:00", "2026-10-05 24:00", "2026-10-05 24:00"),
    ("T16-4", "2026-01-31 18:30", "2026-02-15 24:00", "2026-02-15 24:00"),
    ("T16-5", "2026-02-13 10:00", "2026-03-05 24:00", "2026-03-05 24:00"),
    ("T18-1", "2026-01-09 17:59", "2026-01-10 17:59", "2026-01-10 17:59"),  # the hotline does not go home
    ("T18-1", "2026-02-14 17:30", "2026-02-15 17:30", "2026-02-15 17:30"),
    ("T22-1", "2026-02-13 17:59", "2026-03-02 18:00", "2026-02-24 18:00"),
    ("T22-1", "2026-09-19 09:00", "2026-09-29 18:00", "2026-09-29 18:00"),  # Sun 20 for Fri 25
    ("T22-2", "2026-02-13 17:59", "2026-03-12 18:00", "2026-03-06 18:00"),
    ("T22-3", "2026-02-13 17:59", "2026-03-15 24:00", "2026-03-15 24:00"),
    ("T22-4", "2026-09-16 19:00", "2026-09-22 18:00", "2026-09-23 18:00"),
    ("T22-5", "2026-09-20 16:00", "2026-10-05 24:00", "2026-10-05 24:00"),
    ("T22-7", "2026-01-31 12:00", "2026-02-28 24:00", "2026-02-28 24:00"),
    ("T24-1", "2026-01-30 17:59", "2026-03-19 18:00", "2026-03-13 18:00"),
    ("T24-2", "2026-01-30 17:59", "2026-03-31 24:00", "2026-03-31 24:00"),
    ("T26-1", "2026-06-18 23:00", "2026-06-19 01:00", "2026-06-19 01:00"),
    ("T26-2", "2026-02-14 17:59", "2026-02-14 18:59", "2026-02-14 18:59"),
    ("T26-3", "2026-09-20 23:59", "2026-09-20 24:00", "2026-09-20 24:00"),
    ("T26-3", "2026-09-20 00:00", "2026-09-20 24:00", "2026-09-20 24:00"),
    ("T26-4", "2026-09-24 17:59", "2026-09-27 24:00", "2026-09-27 24:00"),
    ("T28-1", "2026-10-01 17:00", "2026-10-02 17:00", "2026-10-02 17:00"),  # on the national day, too
    ("T28-1", "2026-02-14 19:00", "2026-02-15 18:00", "2026-02-15 18:00"),
    ("T28-2", "2026-09-18 14:00", "2026-10-15 18:00", "2026-10-09 18:00"),
    ("T31-1", "2026-09-18 14:00", "2026-10-15 18:00", "2026-10-09 18:00"),
    ("T31-1", "2025-12-15 12:00", "2026-01-06 18:00", "2026-01-05 18:00"),  # Sunday 4 January is worked for Friday 2
    ("T35-1", "2026-02-13 17:59", "2026-02-20 24:00", "2026-02-20 24:00"),  # in the holidays: an internal limit stays
    ("T35-2", "2026-03-10 16:00", "2026-03-17 24:00", "2026-03-17 24:00"),
    ("T36-1", "2026-09-30 10:00", "2026-10-08 24:00", "2026-10-05 24:00"),  # the fifth day is a holiday
    ("T36-1", "2026-09-15 10:00", "2026-09-20 24:00", "2026-09-21 24:00"),  # the fifth day is a worked Sunday
    ("T36-1", "2026-02-14 23:00", "2026-02-24 24:00", "2026-02-19 24:00"),
    ("T36-2", "2026-09-10 10:00", "2026-09-28 24:00", "2026-09-25 24:00"),
    ("T38-1", "2026-01-09 17:59", "2026-01-09 18:59", "2026-01-09 18:59"),
    ("T38-2", "2026-09-30 17:30", "2026-10-10 18:00", "2026-10-05 18:00"),
    ("T38-2", "2026-09-20 10:00", "2026-09-23 18:00", "2026-09-23 18:00"),  # signed on a worked Sunday
    ("T38-3", "2026-09-30 17:30", "2026-10-08 17:30", "2026-10-01 17:30"),
    ("T38-4", "2026-09-30 17:30", "2026-10-09 18:00", "2026-10-02 18:00"),
]

#: Rows of the catalogue that are no limit of a pack, and what they are.
ELSEWHERE = {
    "T08-5": "a report, by the 10th of each month",
    "T09-1": "a criterion of table d04, tried below",
    "T12-1": "a moment that is put down: at once, without a number",
    "T12-2": "the day staff promised, tried below",
    "T22-6": "the end of provisional closure, tried below",
    "T31-2": "a criterion of table d18, tried in the scenarios of the pack",
    "T31-3": "a criterion of table d18, tried in the scenarios of the pack",
    "T31-4": "a report, each quarter",
}
SYSTEMS = {"01", "08", "09", "12", "14", "16", "18", "22", "24", "26", "28", "31", "35", "36", "38"}
PACKS = sorted({pack for pack, _, _ in BOOK})


def row(pack: str, limit: str) -> LimitRow:
    """The row of a limit in its pack."""
    return shipped(pack).policy.limits[limit]


def plain(calendar: Calendar) -> Calendar:
    """The calendar without its special days."""
    return Calendar(name=calendar.name, version="plain", zone=calendar.zone, week=calendar.week)


def said(pack: str, limit: str, variant: str) -> tuple[str, str]:
    """What the pack says of a limit, as the book has it here."""
    facts = row(pack, limit)
    amount = facts.amount(variant)
    assert amount is not None
    text = f"{amount.value} {amount.unit}"
    text += f" {facts.roll}" if facts.roll != "none" else ""
    text += f" at most {facts.cap.value} {facts.cap.unit}" if facts.cap else ""
    text += f" by {facts.calendar}" if facts.calendar else ""
    return facts.start, text


@pytest.mark.parametrize(("pack", "limit", "variant"), BOOK, ids=[" ".join(key) for key in BOOK])
def test_a_pack_s_limit_is_the_one_of_the_book(pack: str, limit: str, variant: str) -> None:
    assert said(pack, limit, variant) == BOOK[pack, limit, variant]
    assert not row(pack, limit).pausable and not row(pack, limit).civil


@pytest.mark.parametrize(("limit", "start", "end", "in_plain_weeks"), ENDS, ids=[f"{r[0]} {r[1]}" for r in ENDS])
def test_a_limit_ends_when_the_book_says(limit: str, start: str, end: str, in_plain_weeks: str) -> None:
    name, _, variant = limit.partition(" ")
    (pack,) = {pack for pack, *of in BOOK if of == [name, variant]}
    facts = row(pack, name)
    counted = Limit.of(facts, variant)
    assert counted is not None
    calendar = shipped(pack).calendar(facts.calendar)
    for by, expected in ((calendar, end), (plain(calendar), in_plain_weeks)):
        found = counted.due(aware(start), by)
        assert found.instant == aware(expected), by.local(found.instant)
        check(found.trace, by)


def test_no_limit_of_the_catalogue_is_left_out() -> None:
    tried = {limit.partition(" ")[0] for limit, *_ in ENDS}
    assert tried == {limit for _, limit, _ in BOOK}
    assert {limit for limit, *_ in ENDS} == {f"{limit} {variant}".strip() for _, limit, variant in BOOK}
    written = {(pack, limit) for pack in PACKS for limit in shipped(pack).policy.limits if limit.startswith("T")}
    assert written == {(pack, limit) for pack, limit, _ in BOOK}
    # What follows the number of the system counts up without a gap, but for what is done elsewhere.
    of_the_book = {re.sub(r"R$", "", limit) for limit in tried} | set(ELSEWHERE)
    most = {"01": 3, "08": 6, "09": 1, "12": 2, "14": 0, "16": 5, "18": 1, "22": 7, "24": 2, "26": 4, "28": 2, "31": 4, "35": 2, "36": 2, "38": 4}
    assert set(most) == SYSTEMS
    assert of_the_book == {f"T{system}-{k}" for system, n in most.items() for k in range(1, n + 1)}


def test_thirty_working_days_more_never_pass_the_sixtieth_day() -> None:
    # T24-1 and T24-2, accepted on 30 January: 30 working days end on 19 March, 30 more would end in May
    limit = Limit.of(row("whistle-risk", "T24-1"))
    assert limit is not None
    calendar, start = shipped("whistle-risk").calendar(None), aware("2026-01-30 17:59")
    assert limit.due(start, calendar, extensions=[Span(amount=30, unit="workday")]).instant == aware("2026-03-31 24:00")
    # 19 March and 8 working days more, over no holiday: Tuesday 31 March at close of business
    assert limit.due(start, calendar, extensions=[Span(amount=8, unit="workday")]).instant == aware("2026-03-31 18:00")
    row_ = row("whistle-risk", "T24-1")
    assert row_.extend_by == ("ceo", "chairman")


def expression(pack: str, process: str, element: str, name: str) -> str:
    """An expression of a pack's diagram, as drawn."""
    _, drawn = shipped(pack).processes[process]
    (text,) = {e.text for e in drawn.elements[element].expressions if name in e.where or name in e.text}
    return text


@pytest.mark.parametrize(
    ("happened", "raised", "late"),
    [
        ("2026-01-15", "2026-02-15", False),  # D-20: the same day of the next month is in time
        ("2026-01-15", "2026-02-16", True),
        ("2026-01-31", "2026-02-28", False),
        ("2026-01-31", "2026-03-01", True),
        ("2026-02-14", "2026-03-14", False),
    ],
)
def test_an_attitude_complaint_is_in_time_for_a_month(happened: str, raised: str, late: bool) -> None:
    # T09-1, a Saturday or a holiday makes no difference
    text = expression("logistics-cs", "logistics-cs-accept", "validity", "attitude_months")
    months = shipped("logistics-cs").policy.params["attitude_months"].value
    scope = {
        "about_attitude": True,
        "raised_on": date.fromisoformat(raised),
        "happened_on": date.fromisoformat(happened),
    }
    context = Context(now=aware(f"{raised} 09:00"), functions={"param": lambda name: months})
    assert compile(text.removeprefix("="), names=scope).run(scope, context=context).value is late


def test_what_was_promised_for_a_day_may_be_done_until_its_end() -> None:
    # T12-2, promised for the eve of Spring Festival
    text = expression("coating-aftersales", "coating-aftersales", "carry", "promised_on")
    scope = {"promised_on": date(2026, 2, 14)}
    found = compile(text.removeprefix("="), names=scope).run(scope, context=Context(now=aware("2026-02-10 09:00")))
    assert found.value == aware("2026-02-14 24:00")


@pytest.mark.parametrize(
    ("last_contact", "end"), [("2025-11-30", "2026-02-28 24:00"), ("2026-01-09", "2026-04-09 24:00")]
)
def test_provisional_closure_lasts_to_the_end_of_the_same_day_three_months_later(last_contact: str, end: str) -> None:
    # T22-6; the last second of that day is still in time
    text = expression("life-insurance", "ca-provisional", "lapsed", "last_contact")
    scope = {"last_contact": date.fromisoformat(last_contact), "months": 3}
    found = compile(text.removeprefix("="), names=scope).run(scope, context=Context(now=aware("2026-01-10 09:00")))
    assert found.value == aware(end)
    assert str(shipped("life-insurance").policy.params["rest_months"].value) == "3"

"""Limits of tasks and of the case: set, met, extended, paused; and the timers that hang on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine import deadline
from engine.calendar import Calendar, changes, dump, load
from engine.errors import EngineError
from engine.history import (
    CalendarReplaced,
    ClockPaused,
    ClockResumed,
    DeadlineExtended,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    TimerCancelled,
    TimerMoved,
    TimerSet,
)
from engine.run import ClockNotSo, DeadlineNotRunning, TimerNotSet
from tests.run.drawing import MONDAY, PACK, Driven, drawn

TASK = """
    startEvent s milestone=registered
    userTask a limit=L1 limit-variant={variant} milestone=answered
    boundaryEvent late on=a loose date='=due("L1")'
    boundaryEvent soon on=a loose date='=warn("L1") - duration("PT1H")'
    boundaryEvent free on=a loose duration=P3D
    userTask chief
    s > a
    late > chief
"""


def utc(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_limits_of_the_case_begin_and_end_at_milestones() -> None:
    case = Driven(drawn(TASK.format(variant="")))
    assert [d.deadline for d in case.came_of(DeadlineSet)] == ["C2", "C1"]
    assert case.run.deadlines["C1"].due == utc(1, 19, 16)
    case.wait(days=10)
    case.done("a")
    met = {m.deadline: m.late for m in case.came_of(DeadlineMet)}
    assert met == {"a-1": True, "C2": True, "C1": False}
    assert case.run.deadlines["C2"].met == case.at
    assert "a-1" not in case.run.deadlines


def test_a_variant_of_a_limit_is_taken() -> None:
    case = Driven(drawn(TASK.format(variant="==who")), who="plant")
    assert case.run.tasks["a-1"].due == utc(1, 8, 10)
    assert case.run.timers["late-1"].due == utc(1, 8, 10)


def test_an_extension_moves_the_deadline_and_what_hangs_on_it() -> None:
    case = Driven(drawn(TASK.format(variant="")))
    assert case.run.timers["soon-1"].due == utc(1, 6, 9)
    case.restart()
    case.hear(
        DeadlineExtended(
            at=case.at, actor="chief", deadline="a-1", amount=1, unit="workday", reason="ill", approved_by="chief"
        )
    )
    assert case.run.tasks["a-1"].due == case.run.deadlines["a-1"].due == utc(1, 8, 10)
    assert case.run.timers["late-1"].due == utc(1, 8, 10)
    assert case.run.timers["soon-1"].due == utc(1, 7, 9)
    assert case.run.timers["free-1"].due == MONDAY + timedelta(days=3)
    assert {m.timer for m in case.came_of(TimerMoved)} == {"late-1", "soon-1"}
    (moved,) = case.came_of(DeadlineMoved)
    deadline.check(moved.trace, case.release.calendar())
    with pytest.raises(DeadlineNotRunning):
        case.hear(DeadlineExtended(at=case.at, deadline="b-1", amount=1, unit="day", reason="", approved_by="chief"))


def test_a_task_that_is_due_by_a_limit_of_the_case_has_its_time_extensions_included() -> None:
    # Given a limit of the case that was extended before a task by the same limit opens
    more = {"amount": 1, "unit": "workday", "reason": "ill", "approved_by": "chief"}
    case = Driven(drawn("startEvent s milestone=registered\nuserTask a\nuserTask b limit=C1\nendEvent e milestone=answered\ns > a > b > e"))
    case.hear(DeadlineExtended(at=case.at, actor="chief", deadline="C1", **more))
    case.done("a")
    task, running = case.run.tasks["b-1"], case.run.deadlines["C1"]
    assert (task.limit, task.due, task.trace) == ("C1", running.due, running.trace)
    # When it is extended once more, I expect both to move
    case.hear(DeadlineExtended(at=case.at, actor="chief", deadline="C1", **more))
    assert case.run.tasks["b-1"].due == case.run.deadlines["C1"].due > running.due
    assert {m.deadline for m in case.came_of(DeadlineMoved)} == {"C1", "b-1"}
    case.done("b")
    assert {"C1", "b-1"} <= {m.deadline for m in case.came_of(DeadlineMet)}


def test_where_no_limit_is_named_a_timer_on_the_edge_is_not_set_and_elsewhere_the_case_stands_still() -> None:
    edge = """
        startEvent s
        userTask a limit==which
        boundaryEvent late on=a loose date='=due(which)'
        userTask told
        s > a
        late > told
    """
    without = Driven(drawn(edge), which=None)
    assert (without.run.tasks["a-1"].limit, without.run.timers, without.run.incidents) == (None, {}, {})
    assert list(Driven(drawn(edge), which="L1").run.timers) == ["late-1"]
    # A moment that cannot be told is no such thing, and whoever waits for nothing would wait for ever
    forever = "startEvent s\nintermediateCatchEvent t date='=due(which)'\nendEvent e\ns > t > e"
    for wrong in (edge.replace("=due(which)", "=date(which)"), forever):
        (incident,) = Driven(drawn(wrong), which=None).run.incidents.values()
        assert incident.code == "not-a-moment"


def test_while_the_clocks_stand_still_nothing_of_theirs_is_due() -> None:
    # Given a task under a limit that may pause, on Monday
    case = Driven(drawn(TASK.format(variant="")))
    # When the clocks stand still from Tuesday
    case.at = utc(1, 6, 2)
    case.hear(ClockPaused(at=case.at, reason="material asked for"))
    # I expect the timers that hang on the limit to be off, and the free one on
    assert case.run.paused
    assert {t.timer for t in case.came_of(TimerCancelled)} == {"late-1", "soon-1"}
    assert list(case.run.timers) == ["free-1"]
    assert case.run.deadlines["a-1"].paused and not case.run.deadlines["C2"].paused
    with pytest.raises(TimerNotSet):
        from engine.history import TimerFired

        case.hear(TimerFired(at=case.at, timer="late-1", fired_at=case.at))
    with pytest.raises(ClockNotSo):
        case.hear(ClockPaused(at=case.at, reason="again"))
    case.restart()
    # When they go on two days later
    case.at = utc(1, 8, 2)
    case.hear(ClockResumed(at=case.at))
    # I expect two days more, for the deadlines that may pause, and the timers set anew
    assert case.run.tasks["a-1"].due == utc(1, 9, 10)
    assert case.run.deadlines["C1"].due == utc(1, 21, 16)
    assert case.run.deadlines["C2"].due == utc(1, 10, 16)
    assert {m.deadline for m in case.came_of(DeadlineMoved)} == {"a-1", "C1"}
    assert {t.timer: t.due for t in case.came_of(TimerSet)} == {"late-2": utc(1, 9, 10), "soon-2": utc(1, 8, 9)}
    for moved in case.came_of(DeadlineMoved):
        deadline.check(moved.trace, case.release.calendar())
    case.fire("late")
    assert case.open() == ["a", "chief"]


def test_a_timer_that_begins_while_the_clocks_stand_still_waits_for_them() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a
            intermediateCatchEvent wait date='=due("L1")'
            userTask b
            s > a > wait > b
            """
        )
    )
    case.hear(ClockPaused(at=case.at, reason="r"))
    case.done("a")
    assert not case.run.timers
    case.restart()
    case.wait(days=1)
    case.hear(ClockResumed(at=case.at))
    (timer,) = case.run.timers.values()
    assert timer.due == utc(1, 8, 10)
    case.fire("wait")
    assert case.open() == ["b"]


def test_a_status_is_taken_when_an_element_is_entered() -> None:
    case = Driven(drawn("startEvent s\nuserTask a status=talking\nuserTask b status=waiting\ns > a > b"))
    assert case.run.status == "talking"
    case.done("a")
    assert case.run.status == "waiting"
    assert case.run.document()["case"]["status"] == "waiting"


SEVERITY = PACK.replace(
    "  C2:",
    "  C3: {zh: 普通, en: Ordinary, value: 15, unit: day, stage: case, from: opened, set_at: ordinary, to: [answered, major]}\n"
    "  C4: {zh: 重大, en: Major, value: 30, unit: day, stage: case, from: opened, set_at: major, to: answered}\n  C2:",
)


def test_a_limit_that_is_set_when_the_class_is_known_counts_from_its_own_milestone() -> None:
    # Given a case that is ordinary until somebody finds out, a week later, that it is not
    text = """
        startEvent s milestone=ordinary
        userTask look milestone=major
        userTask a milestone=answered
        s > look > a
    """
    case = Driven(drawn(text, pack=SEVERITY))
    assert case.run.deadlines["C3"].due == utc(1, 20, 16) and "C4" not in case.run.deadlines
    case.wait(days=7)
    case.done("look")
    # I expect that the other limit ends the first and runs from the day the case was opened
    assert case.run.deadlines["C3"].met == case.at
    assert (case.run.deadlines["C4"].start, case.run.deadlines["C4"].due) == (MONDAY, utc(2, 4, 16))
    case.done("a")
    assert case.run.deadlines["C4"].met == case.at


def test_whose_second_eyes_are_needed_may_be_handed_to_a_called_process() -> None:
    case = Driven(drawn("startEvent s\nuserTask a four-eyes='=who'\ns > a"), who=["b", "c"])
    assert case.run.tasks["a-1"].four_eyes == ("b", "c")


def holiday(old: Calendar, *days: str) -> tuple[Calendar, CalendarReplaced]:
    """The calendar with holidays more, and the event that brings it to a case."""
    rows = "".join(f'[[holiday]]\nfrom = {day}\nzh = "假"\n' for day in days)
    new = load(dump(old) + rows.encode())
    event = CalendarReplaced(
        at=MONDAY, actor="olga", calendar="cn", version=new.version, changes=changes(old, new), reason="announced"
    )
    return new, event


def test_a_new_holiday_moves_what_runs_and_what_hangs_on_it_by_an_event() -> None:
    # Given a task due on Wednesday
    case = Driven(drawn(TASK.format(variant="")))
    assert case.run.tasks["a-1"].due == utc(1, 7, 10)
    # When Tuesday becomes a holiday
    new, event = holiday(case.release.calendar(), "2026-01-06")
    case.hear(event)
    # I expect it on Thursday, told by events, with the new version in its trace; days off were counted before
    assert case.run.tasks["a-1"].due == case.run.deadlines["a-1"].due == utc(1, 8, 10)
    assert {m.timer: m.due for m in case.came_of(TimerMoved)} == {"late-1": utc(1, 8, 10), "soon-1": utc(1, 7, 9)}
    assert [(m.deadline, m.trace["version"]) for m in case.came_of(DeadlineMoved)] == [("a-1", new.version)]
    deadline.check(case.run.deadlines["a-1"].trace, new)
    # and what begins afterwards to count by it, too, even after a restart
    case.restart()
    assert case.run.release.calendar().version == new.version
    case.hear(DeadlineExtended(at=case.at, deadline="a-1", amount=1, unit="workday", reason="r", approved_by="chief"))
    assert case.run.tasks["a-1"].due == utc(1, 9, 10)


def test_a_new_holiday_moves_a_limit_that_was_paused_and_extended() -> None:
    case = Driven(drawn(TASK.format(variant="")))
    case.hear(DeadlineExtended(at=case.at, deadline="a-1", amount=1, unit="workday", reason="r", approved_by="chief"))
    case.at = utc(1, 6, 1)
    case.hear(ClockPaused(at=case.at, reason="r"))
    _, event = holiday(case.release.calendar(), "2026-01-09")
    case.at = utc(1, 7, 1)
    case.hear(replace(event, at=case.at))
    # Nothing of what sleeps is set meanwhile
    assert list(case.run.timers) == ["free-1"] and case.run.paused
    case.hear(ClockResumed(at=case.at))
    # Due on Thursday, a day later for the pause; Friday is a holiday now: Monday
    assert case.run.tasks["a-1"].due == utc(1, 12, 10)


def test_a_calendar_a_case_does_not_know_or_that_is_another_is_refused() -> None:
    case = Driven(drawn(TASK.format(variant="")))
    _, event = holiday(case.release.calendar(), "2026-01-06")
    before = case.run.snapshot()
    for wrong in (replace(event, calendar="us"), replace(event, version="0"), replace(event, changes="name = 'x'")):
        with pytest.raises(EngineError):
            case.hear(wrong)
    assert case.run.snapshot() == before

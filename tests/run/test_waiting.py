"""What a case waits for: moments, messages, whichever comes first; on the edge of activities and in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.history import DataSet, MessageAwaited, MessageDropped, MessageSent, TaskWithdrawn, TimerCancelled, TimerSet
from engine.run import MessageNotAwaited
from tests.run.drawing import MONDAY, Driven, drawn

LATE = """
    startEvent s
    userTask a limit=L1
    boundaryEvent late on=a {loose} date='=due("L1")'
    userTask chief
    endEvent e
    s > a > e
    late > chief
"""


def test_a_task_is_due_by_its_limit_and_a_reminder_does_not_take_it_away() -> None:
    # Given a task with a limit of two working days
    case = Driven(drawn(LATE.format(loose="loose")))
    task = case.run.tasks["a-1"]
    assert task.due == datetime(2026, 1, 7, 10, tzinfo=UTC)
    assert task.trace is not None and task.trace["amount"] == 2
    timer = case.run.timers["late-1"]
    assert (timer.due, timer.limit, timer.task) == (task.due, "L1", "a-1")
    # When the limit has passed
    case.fire("late")
    # I expect a second task, and the first one still open
    assert case.open() == ["a", "chief"]
    assert not case.run.timers


def test_an_interrupting_timer_takes_the_task_away() -> None:
    case = Driven(drawn(LATE.format(loose="")))
    case.fire("late")
    assert case.open() == ["chief"]
    assert [w.task for w in case.came_of(TaskWithdrawn)] == ["a-1"]
    assert not case.run.deadlines.keys() & {"a-1"}


def test_a_timer_is_cancelled_when_the_task_is_done() -> None:
    case = Driven(drawn(LATE.format(loose="")))
    case.done("a")
    assert [c.timer for c in case.came_of(TimerCancelled)] == ["late-1"]
    assert case.run.closed


@pytest.mark.parametrize(
    ("timer", "due"),
    [
        ("duration=PT36H", MONDAY + timedelta(hours=36)),
        ("duration=P1M", datetime(2026, 2, 5, 1, tzinfo=UTC)),
        ("date=2026-03-01T09:00:00+08:00", datetime(2026, 3, 1, 1, tzinfo=UTC)),
        ("date='=working days(case.opened, 1)'", datetime(2026, 1, 6, 10, tzinfo=UTC)),
        ('duration=\'=duration("P" + string(n) + "D")\'', MONDAY + timedelta(days=3)),
        ("date='=warn(\"L1\")'", datetime(2026, 1, 6, 10, tzinfo=UTC)),
    ],
)
def test_a_timer_is_due_as_its_text_says(timer: str, due: datetime) -> None:
    case = Driven(
        drawn(
            f"""
            startEvent s
            intermediateCatchEvent pause {timer}
            endEvent e
            s > pause > e
            """
        ),
        n=3,
    )
    (set_,) = case.came_of(TimerSet)
    assert set_.due == due
    case.fire("pause")
    assert case.run.closed


def test_a_cycle_comes_again_from_when_it_was_due_until_it_is_over() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a
            boundaryEvent remind on=a loose cycle=R3/P1D
            serviceTask send job=send-reminder
            s > a
            remind > send
            """
        )
    )
    for day in (1, 2, 3):
        (timer,) = case.run.timers.values()
        assert (timer.name, timer.due) == (f"remind-{day}", MONDAY + timedelta(days=day))
        case.fire("remind")
        case.errand("send")
        case.restart()
    assert not case.run.timers
    assert case.open() == ["a"]


def test_a_message_reaches_the_one_who_waits_for_it_by_name_and_key() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            intermediateCatchEvent one message=answer key='=letter + "-1"'
            intermediateCatchEvent two message=other key='=letter + "-2"'
            userTask a
            userTask b
            s > p > one > a
            p > two > b
            """
        ),
        letter="L",
    )
    assert {(m.message, m.key) for m in case.came_of(MessageAwaited)} == {("answer", "L-1"), ("other", "L-2")}
    with pytest.raises(MessageNotAwaited):
        case.message("answer", "L-9")
    case.message("other", "L-2", text="hello")
    assert case.open() == ["b"]
    assert case.run.document()["text"] == "hello"
    assert [d.subscription for d in case.came_of(MessageDropped)] == ["two-1"]
    # Without a key it reaches the one who waits.
    case.message("answer")
    assert case.open() == ["a", "b"]


def test_a_message_on_the_edge_may_come_again_while_the_activity_goes_on() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a
            boundaryEvent more on=a loose message=material
            userTask read
            boundaryEvent refused on=a message=refuses
            userTask talk
            s > a
            more > read
            refused > talk
            """
        )
    )
    case.message("material")
    case.restart()
    case.message("material")
    assert case.open() == ["a", "read", "read"]
    case.message("refuses")
    assert case.open() == ["read", "read", "talk"]
    with pytest.raises(MessageNotAwaited):
        case.message("material")


EVENTS = """
    startEvent s
    eventBasedGateway first
    intermediateCatchEvent accepts message=accepts
    intermediateCatchEvent soon duration=PT1H
    intermediateCatchEvent later duration=PT10H
    receiveTask gets message=gets receive
    userTask a
    userTask b
    userTask c
    userTask d
    s > first > accepts > a
    first > soon > b
    first > later > c
    first > gets > d
"""


def test_of_several_events_the_first_one_decides() -> None:
    for say, expected in (
        (lambda case: case.message("accepts", answer=1), "a"),
        (lambda case: case.fire("soon"), "b"),
        (lambda case: case.fire("later"), "c"),
    ):
        case = Driven(drawn(EVENTS))
        assert {t.element for t in case.run.timers.values()} == {"soon", "later"}
        case.restart()
        say(case)
        assert case.open() == [expected]
        assert not case.run.timers and not case.run.awaited


def test_a_receive_task_waits_for_its_message_also_behind_an_event_gateway() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            receiveTask r message=paid receive out:sum==amount
            userTask z
            s > r > z
            """
        )
    )
    case.message("paid", amount=5)
    assert case.open() == ["z"]
    assert case.run.documents == {"": {"sum": 5}}
    case = Driven(drawn(EVENTS))
    case.message("gets")
    assert case.open() == ["d"]


def test_a_message_thrown_inside_the_case_reaches_who_waits_for_it_else_the_outside() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            userTask a
            intermediateThrowEvent tell message=ready in:note==remark
            endEvent told message=bye
            intermediateCatchEvent hear message=ready
            userTask b
            s > p > a > tell > told
            p > hear > b
            """
        )
    )
    case.done("a", remark="all done")
    assert case.open() == ["b"]
    # What the case sends to itself is told, for no input says it.
    assert {"note": "all done"} in [d.values for d in case.came_of(DataSet) if not d.scope]
    assert [m.message for m in case.came_of(MessageSent)] == ["bye"]


def test_a_signal_reaches_everybody_who_waits() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            userTask a
            endEvent all signal=alarm
            intermediateCatchEvent one signal=alarm
            userTask b
            userTask c
            boundaryEvent stop on=c signal=alarm
            userTask d
            s > p > a > all
            p > one > b
            p > c
            stop > d
            """
        )
    )
    case.done("a")
    assert case.open() == ["b", "d"]


def test_a_condition_is_looked_at_again_whenever_something_changed() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            userTask a
            userTask b
            boundaryEvent large on=b loose condition='=loss > 1000'
            userTask chief
            intermediateCatchEvent both condition='=loss > 5000'
            userTask d
            s > p > a
            p > b
            p > both > d
            large > chief
            """
        )
    )
    assert case.open() == ["a", "b"]
    case.restart()
    case.done("a", loss=2000)
    assert case.open() == ["b", "chief"]
    case.done("chief", loss=6000)
    assert case.open() == ["b", "d"]


def test_a_moment_that_has_passed_is_now() -> None:
    case = Driven(drawn("startEvent s\nintermediateCatchEvent t date=2020-01-01T00:00:00Z\nuserTask a\ns > t > a"))
    assert case.run.timers["t-1"].due == MONDAY
    case.fire("t")
    assert case.open() == ["a"]


@pytest.mark.parametrize("timer", ["duration=P99999999D", "date=soon", "cycle=R3/P0D", "duration==null"])
def test_a_moment_that_is_none_is_an_incident(timer: str) -> None:
    case = Driven(drawn(f"startEvent s\nuserTask a\nboundaryEvent t on=a loose {timer}\ns > a"))
    assert [i.code for i in case.run.incidents.values()] == ["not-a-moment"]
    assert not case.run.tasks

"""How the work stands, on both databases: each number is as long as the list behind it."""

from __future__ import annotations

import pytest

from engine import history as h
from engine.clock import StoppedClock
from engine.store import CaseQuery, Standing, Store, TaskQuery
from tests.store.told import DAY, HOUR, a_case, actor, task, then

AMY, ZOE = actor("amy", "gm/sales"), actor("zoe")


def test_open_and_late_cases_and_what_waits_are_counted_as_they_are_listed(store: Store, clock: StoppedClock) -> None:
    # Given a case with an overdue task, one with an overrun limit, one in time, and a sealed one
    at = clock.now()
    first = a_case(store, *(task(at, f"trace-{n}", "sales", due=at + n * HOUR) for n in (1, 2, 9)), at=at)
    a_case(store, h.DeadlineSet(at=at, deadline="T1", start=at, due=at + HOUR, trace={}), at=at)
    a_case(store, task(at, "trace-1", "sales"), at=at)
    a_case(store, task(at, "trace-1", "sales", due=at + HOUR), at=at, sealed=True)
    then(store, first, h.TaskClaimed(at=at, actor="bob", task="trace-1"))
    clock.advance(hours=3)
    with store.look() as reading:
        # I expect the sealed one to be counted for those who take part alone
        (own,), (others,) = reading.standing(AMY), reading.standing(ZOE)
        assert (own.open, own.late) == (4, 3)
        assert others == Standing(flow=own.flow, open=3, late=2)
        assert len(reading.cases(CaseQuery(late=True), ZOE).rows) == 2
        (step,) = reading.waiting(ZOE)
        assert (step.element, step.open, step.overdue) == ("trace", 4, 2)
        late = reading.open_tasks(TaskQuery(element="trace", pack=step.pack, process=step.process, overdue=True), ZOE)
        assert [row.task for row in late.rows] == ["trace-1", "trace-2"]
        assert [row.task for row in reading.open_tasks(TaskQuery(holder="bob"), ZOE).rows] == ["trace-1"]
        # and a list in two pages to hold every task once, the undated last
        one = reading.open_tasks(TaskQuery(limit=3), ZOE)
        two = reading.open_tasks(TaskQuery(limit=3, cursor=one.next), ZOE)
        assert [row.due is None for row in (*one.rows, *two.rows)] == [False, False, False, True]
        assert two.next is None


@pytest.mark.parametrize(("days", "middle"), [((1, 2, 9), 2.0), ((1, 2, 4, 9), 3.0), ((), None)])
def test_the_middle_case_says_how_long_they_take(
    store: Store, clock: StoppedClock, days: tuple[int, ...], middle: float | None
) -> None:
    at = clock.now()
    for n in days:
        then(store, a_case(store, at=at), h.CaseClosed(at=at + n * DAY, element="e"))
    a_case(store, at=at)
    with store.look() as reading:
        took = reading.took(at, AMY)
        assert [(one.closed, one.median_days) for one in took] == ([(len(days), middle)] if days else [])
        assert reading.took(at + 20 * DAY, AMY) == []
        assert len(reading.cases(CaseQuery(closed_since=at + 2 * DAY), AMY).rows) == len([n for n in days if n >= 2])

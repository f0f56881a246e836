"""Figures are counted from the rows, within what the reader may see."""

from __future__ import annotations

from engine import history as h
from engine.clock import StoppedClock
from engine.store import Load, Store
from tests.store.told import DAY, HOUR, a_case, actor, done, task, then

AMY = actor("amy", "gm/sales")


def test_cases_are_counted_by_the_month_they_were_opened_and_closed_in(store: Store, clock: StoppedClock) -> None:
    # Given cases of two months, one of them closed in the second
    at = clock.now()
    edges = [at, at + 30 * DAY, at + 60 * DAY]
    heads = [a_case(store, at=at + n * 20 * DAY, channel="web" if n else "phone") for n in range(3)]
    a_case(store, at=at + 61 * DAY)
    a_case(store, at=at, flow="staff-conduct", pack="hr", barred=("amy",))
    then(store, heads[0], h.StatusChanged(at=at, status="done"), h.CaseClosed(at=at + 31 * DAY, element="e"))
    with store.look() as reading:
        opened, closed = reading.opened(edges, AMY), reading.closed(edges, AMY)
        everybodys = reading.opened(edges, actor("bob"), flow="staff-conduct")
        assert reading.opened(edges, AMY, pack="hr") == []
    # I expect each in its month, by channel and status
    assert [(c.start, c.channel, c.status, c.closed, c.count) for c in opened] == [
        (edges[0], "phone", "done", True, 1),
        (edges[0], "web", None, False, 1),
        (edges[1], "web", None, False, 1),
    ]
    assert [(c.start, c.count) for c in closed] == [(edges[1], 1)]
    # and the case about amy only for others
    assert [(c.pack, c.flow, c.count) for c in everybodys] == [("hr", "staff-conduct", 1)]


def test_limits_are_counted_as_kept_late_overrun_or_waiting(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    for n, met in enumerate([False, True, None, None]):
        due = at + DAY if n < 3 else at + 20 * DAY
        now = a_case(store, h.DeadlineSet(at=at, deadline="T1", start=at, due=due, trace={}), at=at)
        if met is not None:
            then(store, now, h.DeadlineMet(at=at + HOUR, deadline="T1", late=met))
    clock.advance(days=2)
    with store.look() as reading:
        (tally,) = reading.kept([at, at + 30 * DAY], AMY)
    assert (tally.limit, tally.kept, tally.late, tally.overrun, tally.waiting) == ("T1", 1, 1, 1, 1)


def test_limits_of_tasks_are_counted_task_by_task(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    tasks = [task(at, f"trace-{n}", "sales", due=at + (n if n < 5 else 50) * HOUR, limit="T8") for n in range(1, 6)]
    now = a_case(store, *tasks, task(at, "talk-1", "sales", due=at + HOUR), at=at)
    a_case(store, task(at, "x-1", "legal", due=at + HOUR, limit="T8"), at=at, sealed=True)
    then(store, now, done(at + HOUR, "trace-1"), done(at + 5 * HOUR, "trace-2"), h.TaskWithdrawn(at=at + 5 * HOUR, task="trace-3"))
    clock.advance(hours=6)
    with store.look() as reading:
        # One in time to the minute, one late, one past due, one still to come; not the one that was taken away
        (tally,) = reading.kept_by_tasks([at, at + 3 * DAY], AMY)
        assert (tally.limit, tally.kept, tally.late, tally.overrun, tally.waiting) == ("T8", 1, 1, 1, 1)
        assert reading.kept_by_tasks([at, at + 3 * DAY], AMY, pack="hr") == []


def test_work_is_counted_by_who_has_it_and_what_was_done(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    tasks = [task(at, f"trace-{n}", "sales", due=at + n * HOUR) for n in range(1, 5)]
    now = a_case(store, *tasks, at=at)
    a_case(store, task(at, "x-1", "sales"), at=at, sealed=True)
    then(store, now, *(h.TaskClaimed(at=at, actor="bob", task=f"trace-{n}") for n in (1, 2)))
    then(store, now, done(at + 5 * HOUR, "trace-3"), done(at + HOUR, "trace-4"))
    clock.advance(hours=1, minutes=30)
    with store.look() as reading:
        assert reading.load(actor("zoe")) == [Load(person="bob", open=2, overdue=1)]
        assert reading.load(AMY, flow="service", pack="gm") == [
            Load(person="bob", open=2, overdue=1),
            Load(person=None, open=1, overdue=0),
        ]
        (tally,) = reading.done([at, at + DAY], AMY)
    assert (tally.element, tally.count, tally.late) == ("trace", 2, 1)

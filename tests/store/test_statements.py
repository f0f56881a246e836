"""What an action costs, counted: one commit and few statements, however old the case is."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from engine import history as h
from engine.clock import StoppedClock
from engine.store import Store
from tests.store.told import DAY, a_case, done, go_on, task, then, timer


@pytest.mark.parametrize("age", [1, 60])
def test_completing_a_task_costs_one_commit_and_nine_statements_at_most(
    store: Store, clock: StoppedClock, age: int
) -> None:
    # Given a case in which some tasks were done, one is open with a timer at its edge, and a limit is at work
    at = clock.now()
    begun = [
        task(at, "trace-1", "sales"),
        timer(at, "late-1", at + DAY, task="trace-1"),
        h.DeadlineSet(at=at, deadline="T1", start=at, due=at + DAY, trace={}),
    ]
    head = a_case(store, *begun, at=at)
    for n in range(1, age):
        with store.begin() as tx:
            head = go_on(tx, tx.head(head.case), *_round(at, n))
    # When the task is done, its timer and its message fall, the next task opens with others, and a deadline is met
    with store.count() as whole, store.begin() as tx:
        assert tx.remembered("key-1", "amy", b"request") is None
        head = tx.head(head.case)
        with store.count() as adding:
            go_on(tx, head, *_round(at, age), h.DeadlineMet(at=at, deadline="T1"))
        tx.drop_draft(head.case, f"trace-{age}")
        tx.remember("key-1", "amy", b"request", case=head.case, first=head.seq + 1, last=head.seq + 9)
    # I expect it to be one commit and few statements
    assert whole.commits == 1
    assert adding.statements <= 6
    assert whole.statements <= 9


def test_without_a_deadline_writing_a_completion_takes_five_statements(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(store, task(at, "trace-1", "sales"), timer(at, "late-1", at + DAY), at=at)
    with store.begin() as tx, store.count() as adding:
        go_on(tx, head, *_round(at, 1))
    assert adding.statements == 5


def test_a_draft_is_only_looked_for_where_one_may_be(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(store, task(at, "trace-1", "sales"), at=at)
    with store.begin() as tx:
        tx.head(head.case)
        with store.count() as count:
            tx.drop_draft(head.case, "trace-1")
        assert count.statements == 0
        tx.save_draft(head.case, "trace-1", "amy", {"loss": 3})
    with store.begin() as tx:
        assert tx.head(head.case).drafted
        tx.drop_draft(head.case, "trace-1")
        assert tx.draft(head.case, "trace-1", "amy") is None


def test_what_other_threads_send_is_counted_where_asked(store: Store, clock: StoppedClock) -> None:
    with store.count() as mine, store.count(everywhere=True) as all_:
        other = threading.Thread(target=a_case, args=(store,), kwargs={"at": clock.now()})
        other.start()
        other.join()
        with store.look() as reading:
            reading.packs()
    assert (mine.statements, mine.commits) == (1, 0)
    assert all_.statements > 3 and all_.commits == 1


def test_a_case_can_be_weighed(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(store, task(at, "trace-1", "sales"), at=at, title="箱")
    with store.look() as reading:
        weight = reading.weigh(head.case)
        assert {name: w.rows for name, w in weight.items()} == {
            "event": 2,
            "case_head": 1,
            "task": 1,
            "gram": 1,
            "passage": 1,
        }
        # One character of three bytes, and the case's id.
        assert weight["gram"].bytes == 3 + len(head.case)
        assert reading.weigh("C-9") == {}


def test_drafts_go_when_their_task_ends(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(store, task(at, "trace-1", "sales"), task(at, "trace-2", "sales"), at=at)
    with store.begin() as tx:
        for name in ("trace-1", "trace-2"):
            tx.save_draft(head.case, name, "amy", {"loss": 3})
    then(store, head, done(at, "trace-1"))
    with store.look() as reading:
        assert reading.draft(head.case, "trace-1", "amy") is None
        assert reading.draft(head.case, "trace-2", "amy") == {"loss": 3}


def test_signing_in_by_a_ticket_takes_one_statement(store: Store, clock: StoppedClock) -> None:
    with store.look() as reading, store.count() as count:
        assert reading.ticket("nobody", clock.now()) is None
    assert count.statements == 1


def _round(at: datetime, n: int) -> list[h.Event]:
    return [
        done(at, f"trace-{n}"),
        h.TimerCancelled(at=at, timer=f"late-{n}"),
        h.PathTaken(at=at, passed=("a", "b")),
        h.DeadlineMet(at=at, deadline=f"trace-{n}"),
        h.MessageDropped(at=at, subscription=f"gone-{n}"),
        h.StatusChanged(at=at, status=f"s{n}"),
        task(at, f"trace-{n + 1}", "sales"),
        timer(at, f"late-{n + 1}", at + DAY, task=f"trace-{n + 1}"),
        h.MessageAwaited(at=at, subscription=f"gone-{n + 1}", message="gone", element="gone"),
    ]

"""Each job is done once, by whoever holds it, in due order within its case; nothing is lost and nothing sticks."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from engine import history as h
from engine.clock import StoppedClock, SystemClock
from engine.store import Job, JobLost, JobNotFound, Store, back_off
from engine.store.jobs import CAP, LEASE
from tests.store.told import DAY, HOUR, a_case, errand, then, timer


def claimed(store: Store, node: str = "node-1", most: int = 10) -> list[Job]:
    with store.begin() as tx:
        return tx.claim_jobs(node, most=most)


def finish(store: Store, *jobs: Job) -> None:
    with store.begin() as tx:
        for one in jobs:
            tx.finish_job(one)


def keys(jobs: list[Job]) -> list[str]:
    return [one.key for one in jobs]


def test_a_timer_is_claimed_when_it_is_due_and_not_before(store: Store, clock: StoppedClock) -> None:
    # Given a timer for tomorrow
    at = clock.now()
    case = a_case(store, timer(at, "late-1", at + DAY, limit="T1", task="t-1"), at=at).case
    with store.look() as reading:
        (waiting,) = reading.timers(case)
        assert (waiting.timer, waiting.due, waiting.limit, waiting.task) == ("late-1", at + DAY, "T1", "t-1")
        assert reading.next_due() == at + DAY
    assert claimed(store) == []
    # When tomorrow comes, an hour late
    clock.advance(days=1, hours=1)
    (job,) = claimed(store)
    # I expect it as of the moment it was due, once
    assert (job.case, job.kind, job.key, job.due, job.attempts) == (case, "timer", "late-1", at + DAY, 1)
    assert claimed(store) == []
    finish(store, job)
    with store.look() as reading:
        assert reading.timers(case) == [] and reading.next_due() is None


def test_timers_of_a_case_are_done_in_the_order_they_were_due_one_at_a_time(store: Store, clock: StoppedClock) -> None:
    # Given three timers of one case and one of another, all overdue
    at = clock.now()
    a_case(store, timer(at, "c-1", at + 3 * HOUR), timer(at, "a-1", at + HOUR), timer(at, "b-1", at + 2 * HOUR), at=at)
    a_case(store, timer(at, "x-1", at + 4 * HOUR), at=at)
    clock.advance(days=3)
    # I expect the first of each case, and the next only when it is done
    first = claimed(store)
    assert keys(first) == ["a-1", "x-1"]
    assert claimed(store) == []
    finish(store, *first)
    second = claimed(store)
    assert keys(second) == ["b-1"]
    # When it fails, the later one waits for it
    with store.begin() as tx:
        tx.fail_job(second[0], "busy")
    assert claimed(store) == []
    clock.advance(hours=2)
    again = claimed(store)
    assert keys(again) == ["b-1"] and again[0].due == at + 2 * HOUR
    finish(store, *again)
    assert keys(claimed(store)) == ["c-1"]


def test_many_nodes_that_claim_at_once_share_the_work_without_overlap(store: Store, clock: StoppedClock) -> None:
    # Given forty jobs
    at = clock.now()
    with store.begin() as tx:
        for n in range(40):
            assert tx.enqueue("outbox", f"letter-{n}", at, case=f"C-{n // 2}")
    got: list[Job] = []
    trouble: list[Exception] = []
    start = threading.Barrier(4)

    def work(node: str) -> None:
        start.wait()
        idle = 0
        while idle < 3:
            try:
                jobs = claimed(store, node, most=3)
                finish(store, *jobs)
            except Exception as error:
                trouble.append(error)
                return
            idle = 0 if jobs else idle + 1
            got.extend(jobs)

    # When four nodes work
    nodes = [threading.Thread(target=work, args=(f"node-{i}",)) for i in range(4)]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join()
    # I expect each done once, and no node in trouble
    assert trouble == []
    assert sorted(keys(got)) == sorted(f"letter-{n}" for n in range(40))


def test_a_node_that_wakes_up_late_changes_nothing(store: Store, clock: StoppedClock) -> None:
    # Given a job claimed by a node that then stands still
    at = clock.now()
    case = a_case(store, timer(at, "late-1", at), at=at)
    (stale,) = claimed(store, "node-1")
    # When its lease runs out and another takes over
    clock.advance(LEASE + timedelta(seconds=1))
    (fresh,) = claimed(store, "node-2")
    assert (fresh.id, fresh.fence, fresh.attempts) == (stale.id, stale.fence + 1, 2)
    then(store, case, h.TimerFired(at=at, timer="late-1", fired_at=at))
    # I expect the first to be refused, with all its effects, and the second to finish
    with pytest.raises(JobLost), store.begin() as tx:
        tx.take_number("effects", "")
        tx.finish_job(stale)
    with pytest.raises(JobLost), store.begin() as tx:
        tx.fail_job(stale, "late")
    finish(store, fresh)
    with store.begin() as tx:
        assert tx.take_number("effects", "") == 1


def test_a_node_whose_clock_is_fast_neither_takes_over_nor_begins_early(postgresql_url: str) -> None:
    # Given two nodes, the clock of one an hour fast
    class Fast(SystemClock):
        def now(self) -> datetime:
            return super().now() + HOUR

    right, fast = Store(postgresql_url, clock=SystemClock()), Store(postgresql_url, clock=Fast())
    at = SystemClock().now()
    with right.begin() as tx:
        tx.enqueue("outbox", "now", at)
        tx.enqueue("outbox", "soon", at + HOUR / 2)
    # When the right one has a job in hand
    (job,) = claimed(right, "right")
    # I expect the other to leave it, and to leave what is not due
    assert claimed(fast, "fast") == []
    with fast.begin() as tx:
        assert tx.renew_jobs([job]) == {job.id}
    with right.look() as reading:
        (lease,) = reading._sql.exec_driver_sql("SELECT lease_us FROM job WHERE state = 1").scalars()
    assert h.instant(lease) < at + 2 * LEASE
    for store in (right, fast):
        store.close()


def test_a_lease_can_be_held_longer(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with store.begin() as tx:
        tx.enqueue("outbox", "long", at)
    (job,) = claimed(store)
    for _ in range(5):
        clock.advance(LEASE / 2)
        with store.begin() as tx:
            assert tx.renew_jobs([job]) == {job.id}
        assert claimed(store, "node-2") == []
    clock.advance(LEASE * 2)
    (taken,) = claimed(store, "node-2")
    with store.begin() as tx:
        assert tx.renew_jobs([job]) == set()
    finish(store, taken)


def test_a_job_that_kills_its_node_again_and_again_is_given_up(store: Store, clock: StoppedClock) -> None:
    # Given a job of three tries
    with store.begin() as tx:
        tx.enqueue("outbox", "poison", clock.now(), max_attempts=3)
    # When its node dies each time
    for _ in range(3):
        assert keys(claimed(store)) == ["poison"]
        clock.advance(LEASE * 2)
    # I expect it put aside, until somebody revives it
    assert claimed(store) == []
    with store.look() as reading:
        (parked,) = reading.parked_jobs()
        assert reading.queue().parked == 1 and reading.next_due() is None
    with store.begin() as tx:
        tx.revive_job(parked.id)
    (job,) = claimed(store)
    assert job.attempts == 1
    finish(store, job)
    for act in ("revive_job", "drop_job"):
        with pytest.raises(JobNotFound), store.begin() as tx:
            getattr(tx, act)(parked.id)


def test_failures_are_tried_again_later_and_later_and_then_given_up(store: Store, clock: StoppedClock) -> None:
    with store.begin() as tx:
        tx.enqueue("outbox", "letter", clock.now(), payload={"to": "王芳"}, max_attempts=4)
    waits = []
    for attempt in range(1, 5):
        (job,) = claimed(store)
        assert (job.attempts, job.payload) == (attempt, {"to": "王芳"})
        with store.begin() as tx:
            given_up = tx.fail_job(job, f"no answer {attempt}\0", seed=7)
        assert given_up == (attempt == 4)
        if not given_up:
            with store.look() as reading:
                due = reading.next_due()
            assert due is not None
            waits.append(due - clock.now())
            clock.set(due)
    assert waits == [back_off(n, 7) for n in (1, 2, 3)] and waits == sorted(waits)
    with store.look() as reading:
        (parked,) = reading.parked_jobs()
    assert parked.error == "no answer 4"
    with store.begin() as tx:
        tx.drop_job(parked.id)


def test_waits_double_are_capped_and_differ_by_seed() -> None:
    for attempt in range(1, 60):
        longest = min(CAP, timedelta(seconds=2) * 2 ** min(attempt - 1, 30))
        assert longest / 2 <= back_off(attempt, "a") <= longest
    assert back_off(5, "a") == back_off(5, "a") != back_off(5, "b")


def test_a_cancelled_or_moved_timer_is_cancelled_or_moved_in_the_queue(store: Store, clock: StoppedClock) -> None:
    # Given two timers
    at = clock.now()
    now = a_case(store, timer(at, "a-1", at + HOUR), timer(at, "b-1", at + HOUR), at=at)
    # When one is cancelled and one moved
    then(store, now, h.TimerCancelled(at=at, timer="a-1"), h.TimerMoved(at=at, timer="b-1", due=at + DAY))
    clock.advance(hours=2)
    assert claimed(store) == []
    clock.advance(days=1)
    (job,) = claimed(store)
    assert (job.key, job.due) == ("b-1", at + DAY)
    # When the case cancels it while it is being done, whoever does it can still put it away
    then(store, now, h.TimerCancelled(at=at, timer="b-1"))
    finish(store, job)
    assert claimed(store) == []


def test_a_timer_that_slept_wakes_under_its_name_with_its_new_moment(store: Store, clock: StoppedClock) -> None:
    # Given a timer that is taken back while the clock is paused
    at = clock.now()
    now = a_case(store, timer(at, "a-1", at + HOUR), at=at)
    then(store, now, h.TimerCancelled(at=at, timer="a-1"))
    # When it is set again for later, even set and taken back and set in one go
    later = timer(at, "a-1", at + DAY)
    then(store, now, later, h.TimerCancelled(at=at, timer="a-1"))
    then(store, now, later, h.TimerCancelled(at=at, timer="a-1"), later)
    clock.advance(hours=2)
    # I expect it at its new moment, once
    assert claimed(store) == []
    clock.advance(days=1)
    (job,) = claimed(store)
    assert (job.key, job.due) == ("a-1", at + DAY)
    # When it is cancelled, set and cancelled in one go, it is gone
    other = a_case(store, timer(at, "b-1", at), at=at)
    gone = h.TimerCancelled(at=at, timer="b-1")
    then(store, other, gone, timer(at, "b-1", at), gone)
    assert claimed(store) == []


def test_a_timer_that_fired_on_the_way_of_a_users_action_is_not_done_again(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    now = a_case(store, timer(at, "a-1", at), at=at)
    then(store, now, h.TimerFired(at=at, timer="a-1", fired_at=at))
    assert claimed(store) == []
    with store.look() as reading:
        assert (reading.timers(now.case), reading.next_due(), reading.queue().waiting) == ([], None, 0)


def test_an_errand_brings_what_it_is_about_though_the_queue_does_not_hold_it(store: Store, clock: StoppedClock) -> None:
    # Given an errand about a person
    at = clock.now()
    about = {"to": h.Personal("王芳", "complainant"), "n": 3}
    now = a_case(store, errand(at, "send-1", headers={"form": "F05"}, inputs=about), at=at)
    with store.look() as reading:
        everything = reading._sql.exec_driver_sql("SELECT * FROM job").all()
    assert "王芳" not in repr(everything)
    # I expect whoever does it to be told
    (job,) = claimed(store)
    assert (job.kind, job.type, job.key) == ("errand", "send-letter", "send-1")
    assert job.payload == {"headers": {"form": "F05"}, "inputs": {"to": "王芳", "n": 3}}
    then(store, now, h.ErrandDone(at=at, errand="send-1"))
    finish(store, job)
    # A prompt one, done at once, never enters the queue
    then(store, now, errand(at, "send-2"), h.ErrandDone(at=at, errand="send-2"))
    assert claimed(store) == []


def test_the_same_order_stands_once(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with store.begin() as tx:
        assert tx.enqueue("schedule", "monthly/2026-01", at)
        assert not tx.enqueue("schedule", "monthly/2026-01", at + DAY)
        assert tx.enqueue("schedule", "monthly/2026-02", at)
    # Jobs of no case do not wait for each other
    assert sorted(keys(claimed(store))) == ["monthly/2026-01", "monthly/2026-02"]


def test_a_node_that_stops_gives_back_what_it_held(store: Store, clock: StoppedClock) -> None:
    with store.begin() as tx:
        tx.enqueue("outbox", "letter", clock.now())
    claimed(store, "node-1")
    with store.begin() as tx:
        assert tx.release_jobs("node-2") == 0
        assert tx.release_jobs("node-1") == 1
    (job,) = claimed(store, "node-2")
    assert job.attempts == 1


def test_the_age_of_the_queue_is_that_of_its_oldest_due_job(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with store.begin() as tx:
        for n in range(3):
            tx.enqueue("outbox", f"letter-{n}", at + n * HOUR)
        tx.enqueue("outbox", "later", at + DAY)
    clock.advance(hours=2)
    claimed(store, most=1)
    with store.look() as reading:
        queue = reading.queue()
    assert (queue.waiting, queue.ready, queue.leased, queue.age) == (3, 2, 1, HOUR)


def test_a_burst_is_drained_in_due_order(store: Store, clock: StoppedClock) -> None:
    # Given three hundred timers of as many cases, ordered at random, all overdue
    at = clock.now()
    with store.begin() as tx:
        for n in range(300):
            tx.enqueue("timer", "late-1", at + timedelta(seconds=n * 7919 % 300), case=f"C-{n}")
    clock.advance(days=1)
    dues = []
    while jobs := claimed(store, most=50):
        dues += [one.due for one in jobs]
        finish(store, *jobs)
    assert len(dues) == 300 and dues == sorted(dues)


def test_closing_a_case_leaves_only_its_errands_to_do(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    message = h.MessageAwaited(at=at, subscription="m-1", message="gone", element="m")
    now = a_case(store, timer(at, "a-1", at + DAY), timer(at, "b-1", at), errand(at, "send-1"), message, at=at)
    then(store, now, h.TimerCancelled(at=at, timer="b-1"))
    then(store, now, h.TimerCancelled(at=at, timer="a-1"), h.CaseClosed(at=at, element="end"), errand(at, "send-2"))
    with store.look() as reading:
        rows = reading._sql.exec_driver_sql("SELECT key, state FROM job").all()
    assert [tuple(row) for row in rows] == [("send-1", 0), ("send-2", 0)]

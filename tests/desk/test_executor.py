"""The executor: one bad job keeps nobody waiting, what is given up can be mended, stopping loses nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.authority import Actor, NotAuthorised
from engine.clock import StoppedClock
from engine.desk import CapReached, Desk
from engine.history import ErrandFailed, IncidentRaised
from engine.publishing import check
from engine.shelf import Shelf
from engine.store import JobNotFound, Store, StoreFull
from engine.timekeeper import (
    LEASE,
    Executor,
    FolderPost,
    JobOfACase,
    Letter,
    Mending,
    NotDelivered,
    Waker,
)
from tests.desk.office import FILES, Office, open_office
from tests.proof.pack import PROOF, in_force, proof_release, set_up

ADA = Actor(name="ada", memberships=frozenset({"*/admin"}))
CARL = Actor(name="carl", memberships=frozenset({"office/clerk"}))
RITA = Actor(name="rita", memberships=frozenset({"office/desk"}))


class Refusing:
    """A post that is out of order until it is mended."""

    def __init__(self, folder: Path) -> None:
        self.mended, self.tries, self._folder = False, 0, FolderPost(folder)

    def deliver(self, letter: Letter) -> None:
        self.tries += 1
        if not self.mended:
            raise NotDelivered(key=letter.key, reason="no answer")
        self._folder.deliver(letter)


@pytest.fixture
def post(tmp_path: Path) -> Refusing:
    return Refusing(tmp_path / "outbox")


@pytest.fixture
def desk(store: Store, clock: StoppedClock) -> Desk:
    set_up(store)
    return Desk(store, clock, Shelf())


@pytest.fixture
def executor(store: Store, clock: StoppedClock, desk: Desk, post: Refusing) -> Executor:
    return Executor(store, desk, clock, node="a", post=post)


def receive(desk: Desk) -> str:
    return desk.open_case("office", {"subject": "x", "loss": "1"}, RITA, channel="phone").case


def look(desk: Desk, case: str) -> None:
    desk.complete_task(case, "look-1", {"finding": "x"}, CARL)


def test_a_letter_that_cannot_be_delivered_becomes_an_incident_that_is_mended_and_resumed(
    desk: Desk, executor: Executor, store: Store, clock: StoppedClock, post: Refusing
) -> None:
    # Given a letter to be sent while the post is out of order
    case = receive(desk)
    look(desk, case)
    # When all its tries are spent, later and later
    executor.let_time_pass(clock, clock.now() + timedelta(days=1))
    # I expect the case to stand still with an incident that says why, and the queue to be free
    assert post.tries == 8
    with store.look() as reading:
        events = [r.event for r in reading.history(case)]
        (incident,) = reading.incidents(case)
        assert reading.queue().parked == 0
    assert [type(e) for e in events if isinstance(e, ErrandFailed | IncidentRaised)] == [ErrandFailed, IncidentRaised]
    # When an administrator has mended the post and resumes the case
    post.mended = True
    desk.resolve_incident(case, incident.incident, "SMTP password renewed", ADA)
    executor.poke()
    # I expect the letter to have gone and the case to go on
    with store.look() as reading:
        assert [t.task for t in reading.tasks(case)] == ["approve-1"]
    assert post.tries == 9


def test_a_letter_is_tried_as_often_as_its_diagram_says(
    executor: Executor, desk: Desk, store: Store, clock: StoppedClock, post: Refusing
) -> None:
    # Given a procedure whose letter is to be tried twice, and a post that is out of order
    drawn = PROOF["diagrams/office.bpmn"].replace(b'type="send-letter"/>', b'type="send-letter" retries="2"/>')
    with store.begin() as tx:
        in_force(tx, proof_release({**PROOF, "diagrams/office.bpmn": drawn}))
    case = receive(desk)
    look(desk, case)
    # When time passes
    executor.let_time_pass(clock, clock.now() + timedelta(days=1))
    # I expect two tries and an incident
    assert post.tries == 2
    with store.look() as reading:
        assert len(reading.incidents(case)) == 1


def test_a_fault_of_ours_in_one_job_keeps_no_other_waiting(
    desk: Desk, executor: Executor, store: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two cases whose timers are due, and a fault that only one of them meets
    sick, sound = receive(desk), receive(desk)
    fire = desk.fire_timer

    def faulty(tx: Any, case: str, timer: str, **more: Any) -> Any:
        if case == sick:
            raise ZeroDivisionError
        return fire(tx, case, timer, **more)

    desk.fire_timer = faulty  # type: ignore[method-assign]
    clock.advance(hours=1)
    tally = executor.poke()
    # I expect the sound one to be done, and the sick one to be tried again later, until it is given up
    assert tally.done >= 1 and tally.failed >= 1
    with store.look() as reading:
        assert "soon-1" not in [t.timer for t in reading.timers(sound)]
        assert "soon-1" in [t.timer for t in reading.timers(sick)]
    mending = Mending(store, clock)
    for _ in range(12):
        clock.advance(hours=1)
        executor.poke()
    _, given_up = mending.given_up(ADA)
    assert {j.case for j in given_up} == {sick} and "ZeroDivisionError" in (given_up[0].error or "")
    # Only an administrator sees and resumes it; a timer a case waits for cannot be dropped
    with pytest.raises(NotAuthorised):
        mending.given_up(CARL)
    with pytest.raises(NotAuthorised):
        mending.resume(given_up[0].id, "r", CARL)
    with pytest.raises(JobOfACase):
        mending.drop(given_up[0].id, "r", ADA)
    # When the fault is mended and the jobs resumed, each fires as of the moment it was due
    desk.fire_timer = fire  # type: ignore[method-assign]
    for job in given_up:
        mending.resume(job.id, "mended in 0.1.1", ADA)
    executor.poke()
    with store.look() as reading:
        fired = [r.event for r in reading.history(sick) if r.event.kind == "timer_fired"]
        assert [a.kind for a in reading.acts()] == ["job-resumed"] * len(given_up)
        assert reading.acts()[0].facts["error"] and reading.acts()[0].reason == "mended in 0.1.1"
    assert fired[0].at < clock.now() - timedelta(hours=11)
    assert [e.at for e in fired] == sorted(e.at for e in fired)
    with pytest.raises(JobNotFound):
        mending.resume(given_up[0].id, "again", ADA)


def test_a_job_of_no_case_can_be_dropped_and_that_is_put_down(
    executor: Executor, store: Store, clock: StoppedClock
) -> None:
    with store.begin() as tx:
        tx.enqueue("nonsense", "n", clock.now(), max_attempts=1)
    executor.poke()
    mending = Mending(store, clock)
    queue, (job,) = mending.given_up(ADA)
    assert queue.parked == 1 and "nonsense" in (job.error or "")
    mending.drop(job.id, "ordered by mistake", ADA)
    assert mending.given_up(ADA)[1] == []
    assert executor.measures.given_up == 1


def test_what_is_in_hand_is_renewed_and_what_was_lost_is_not_begun(
    desk: Desk, executor: Executor, store: Store, clock: StoppedClock
) -> None:
    # Given a node that holds two jobs and is slow with the first
    first, second = receive(desk), receive(desk)
    clock.advance(hours=1)
    other = Executor(store, desk, clock, node="b", post=FolderPost(Path("unused")))
    fire, seen = desk.fire_timer, []

    def slow(tx: Any, case: str, timer: str, **more: Any) -> Any:
        seen.append(case)
        return fire(tx, case, timer, **more)

    jobs = executor._claim()
    assert {j.case for j in jobs} == {first, second}
    # While it renews, nobody else gets them, however long it takes
    for _ in range(4):
        clock.advance(LEASE / 2)
        executor.renew()
    assert other.poke().done == 0
    # When it could not renew in time, another does them
    clock.advance(LEASE + timedelta(seconds=1))
    assert other.poke().done >= 2
    executor.renew()
    # I expect it to begin none of them
    desk.fire_timer = slow  # type: ignore[method-assign]
    executor.poke()
    assert seen == []


def test_stopping_finishes_the_job_under_way_and_gives_the_others_back_untried(
    desk: Desk, executor: Executor, store: Store, clock: StoppedClock
) -> None:
    # Given many due jobs and a node in the middle of the first
    for _ in range(5):
        receive(desk)
    clock.advance(hours=1)
    fire, under_way, go_on = desk.fire_timer, threading.Event(), threading.Event()

    def slow(tx: Any, case: str, timer: str, **more: Any) -> Any:
        under_way.set()
        go_on.wait(10)
        return fire(tx, case, timer, **more)

    desk.fire_timer = slow  # type: ignore[method-assign]
    poking = threading.Thread(target=executor.poke)
    poking.start()
    assert under_way.wait(10)
    # When it is told to stop
    stopping = threading.Thread(target=executor.stop)
    stopping.start()
    while not executor._stopping:
        time.sleep(0.001)
    go_on.set()
    stopping.join(10)
    poking.join(10)
    # I expect that one done (and with it the case's other timer), and the others for the next node, at once and with all their tries
    assert executor.measures.done == 1
    with store.look() as reading:
        assert (reading.queue().leased, reading.queue().ready) == (0, 8)
    with store.begin() as tx:
        assert {j.attempts for j in tx.claim_jobs("next")} == {1}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_while_the_disk_is_full_work_stays_in_hand_and_no_try_is_counted(
    desk: Desk, executor: Executor, store: Store, clock: StoppedClock
) -> None:
    # Given reminders that are due, and a disk on which nothing fits any more
    cases = [receive(desk) for _ in range(40)]
    with store.begin() as tx:
        tx._sql.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are
    clock.advance(hours=1)
    # When the executor is poked more often than a job has tries
    refused = 0
    for _ in range(20):
        try:
            executor.poke()
        except StoreFull:
            refused += 1
    # I expect nothing to be given up
    with store.look() as reading:
        assert refused and reading.queue().parked == 0
    # and everything to be done, once, when there is room again
    with store.begin() as tx:
        tx._sql.exec_driver_sql("PRAGMA max_page_count = 1000000")
    clock.advance(hours=1)
    executor.poke()
    with store.look() as reading:
        assert (reading.queue().ready, reading.queue().parked) == (0, 0)
        for case in cases:
            fired = [r.event.timer for r in reading.history(case) if r.event.kind == "timer_fired"]  # type: ignore[attr-defined]
            assert fired.count("soon-1") == 1


# The thread is meant to die of an error.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_scheduler_thread_is_begun_anew() -> None:
    # Given a waker whose thread has died, as the library's does when its loop raises
    pokes: list[float] = []
    waker = Waker(lambda: pokes.append(time.monotonic()), every=0.01)
    waker.start()
    _until(lambda: bool(pokes))
    waker._scheduler._event.set()
    waker._scheduler._process_jobs = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    waker._scheduler.wakeup()
    _until(lambda: not waker.alive)
    assert not waker.well
    pokes.clear()
    # When the watchdog has looked
    _until(lambda: waker.alive and bool(pokes))
    # I expect it to poke again
    assert waker.restarts == 1 and waker.well
    waker.stop()


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come")


def test_several_pauses_add_up_to_the_minute(office: Office) -> None:
    # Given a limit of three working days that may be paused and extended by its head
    case = office.receive()
    carl = office.actor("carl")

    def due() -> Any:
        return next(t.due for t in office.casebook.case(case, carl).tasks if t.task == "look-1")

    begin = due()
    # When the clock stands still twice, half a day each
    for _ in range(2):
        office.executor.let_time_pass(office.clock, office.clock.now() + timedelta(minutes=30))
        office.desk.pause(case, "material", carl)
        office.executor.let_time_pass(office.clock, office.clock.now() + timedelta(minutes=90))
        office.desk.resume(case, carl)
    # I expect three hours of business time more: the end of the next business day
    assert due() == begin + timedelta(days=1)


def test_extensions_end_at_the_cap_and_one_that_changes_nothing_is_refused(
    store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    # Given a limit of three working days, at most nine days in all
    office = open_office(store, clock, tmp_path)
    capped = FILES["pack.yaml"].replace(
        b"value: 3, unit: workday,", b"value: 3, unit: workday, cap: {value: 9, unit: day},"
    )
    checked = check({**FILES, "pack.yaml": capped})
    assert checked.release is not None
    with store.begin() as tx:
        tx.save_release(checked.release.digest, pack="office", files=checked.release.files, by="x", at=clock.now())
        tx.publish_release(checked.release.digest, by="y", at=clock.now())
    case, hana = office.receive(), office.actor("hana")

    def extend(days: int) -> datetime:
        office.desk.extend_deadline(case, "look-1", days, "workday", "material", hana)
        return next(t.due for t in office.casebook.case(case, hana).tasks if t.task == "look-1")  # type: ignore[return-value]

    # I expect an extension within it whole, one beyond it up to it, and then none
    assert extend(1) == datetime(2026, 1, 9, 10, tzinfo=UTC)
    assert extend(5) == datetime(2026, 1, 14, 16, tzinfo=UTC)
    with pytest.raises(CapReached):
        extend(1)
    with store.look() as reading:
        assert [r.event.kind for r in reading.history(case)].count("deadline_extended") == 2

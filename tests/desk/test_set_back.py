"""A machine's clock that is set back keeps nothing waiting that does not wait for a moment, and turns no history back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.desk import Desk
from engine.history import Input, TimerFired
from engine.shelf import Shelf
from engine.store import Store
from engine.timekeeper import Executor
from tests.conftest import MORNING
from tests.desk.drawn import House
from tests.desk.office import Office, open_office
from tests.desk.test_executor import Refusing
from tests.proof.pack import set_up
from tests.proof.world import CARL, RITA

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Machine(StoppedClock):
    """The clock of a machine, which somebody sets."""

    def set_back(self, by: timedelta) -> None:
        self._now -= by


@pytest.fixture
def clock() -> Machine:
    return Machine(MORNING)


@pytest.mark.parametrize("begun_anew", [False, True])
def test_what_is_tried_again_waits_no_longer_than_if_it_had_failed_now(
    store: Store, clock: Machine, tmp_path: Path, begun_anew: bool
) -> None:
    # Given a letter that could not be delivered while the clock was an hour fast
    set_up(store)
    desk, post = Desk(store, clock, Shelf()), Refusing(tmp_path)
    executor = Executor(store, desk, clock, node="a", post=post)
    clock.advance(HOUR)
    case = desk.open_case("office", {"subject": "x", "loss": "1"}, RITA, channel="phone").case
    desk.complete_task(case, "look-1", {"finding": "x"}, CARL)
    executor.poke()
    assert post.tries == 1
    # When the clock is set right, and the post is mended
    clock.set_back(HOUR)
    post.mended = True
    if begun_anew:
        executor = Executor(store, desk, clock, node="a", post=post)
    executor.poke()
    clock.advance(seconds=3)
    executor.poke()
    # I expect the second try within the seconds it would have waited anyway, and the timers to go on waiting
    assert post.tries == 2
    with store.look() as reading:
        assert [t.task for t in reading.tasks(case)] == ["approve-1"]
    assert not any(isinstance(r.event, TimerFired) for r in records(store, case))


def test_a_signal_under_way_is_heard_at_once(store: Store, clock: Machine, tmp_path: Path) -> None:
    # Given a signal that was thrown while the clock was an hour fast
    house = House(store, clock, tmp_path)
    case = house.open()
    house.executor.poke()
    clock.advance(HOUR)
    house.recall()
    # When the clock is set right before anybody has brought it
    clock.set_back(HOUR)
    house.executor.poke()
    # I expect it to be heard, as of when it was thrown
    (heard,) = house.heard(case)
    assert heard.at == MORNING + HOUR


def test_a_timer_that_was_taken_up_too_early_is_waited_for(store: Store, clock: Machine, tmp_path: Path) -> None:
    # Given a timer that was claimed because the clock was fast
    office = open_office(store, clock, tmp_path)
    case = office.receive()
    with store.look() as reading:
        (due,) = {t.due for t in reading.timers(case)}
    clock.set(due)
    assert office.executor._claim()
    # When the clock is set right before it is fired
    clock.set_back(HOUR)
    office.executor.poke()
    # I expect it to wait, and to fire when it is due
    assert fired(office, case) == []
    with store.begin() as tx:
        assert tx.stray(case) is None
    clock.set(due)
    office.executor.poke()
    assert fired(office, case) == [due]


def test_a_timer_that_was_moved_after_it_was_taken_up_is_waited_for(store: Store, clock: Machine, tmp_path: Path) -> None:
    # Given a timer that a node has claimed, and a colleague whose machine is an hour behind
    office = open_office(store, clock, tmp_path)
    case = office.receive()
    with store.look() as reading:
        (due,) = {t.due for t in reading.timers(case)}
    clock.set(due)
    assert office.executor._claim()
    behind = Desk(store, StoppedClock(due - HOUR), office.desk.shelf)
    # When the limit on which it hangs is extended there meanwhile
    behind.extend_deadline(case, "look-1", 1, "workday", "material", office.actor("hana"))
    office.executor.poke()
    # I expect it to fire when it is due now
    assert fired(office, case) == []
    with store.look() as reading:
        (later,) = {t.due for t in reading.timers(case)}
    assert later > due
    clock.set(later)
    office.executor.poke()
    assert fired(office, case) == [later]


def test_a_history_does_not_go_back_in_time(store: Store, clock: Machine, tmp_path: Path) -> None:
    # Given clocks of a case that were stopped while the machine's was an hour fast
    office = open_office(store, clock, tmp_path)
    case, carl = office.receive(), office.actor("carl")
    clock.advance(2 * HOUR)
    office.desk.pause(case, "material", carl)
    # When it is set right, and they are let go on
    clock.set_back(HOUR)
    office.desk.resume(case, carl)
    office.desk.comment(case, "?", carl)
    # I expect no moment before the one before it, and a pause of no length
    moments = [r.event.at for r in records(store, case) if isinstance(r.event, Input)]
    assert moments == sorted(moments) and moments[-1] == MORNING + 2 * HOUR
    clock.advance(HOUR + MINUTE)
    office.desk.comment(case, "!", carl)
    assert records(store, case)[-1].event.at == MORNING + 2 * HOUR + MINUTE


def records(store: Store, case: str) -> list[object]:
    with store.look() as reading:
        return reading.history(case)  # type: ignore[return-value]


def fired(office: Office, case: str) -> list[object]:
    return [r.event.at for r in records(office.store, case) if isinstance(r.event, TimerFired)]  # type: ignore[attr-defined]

"""Signals between cases: heard once by every case of the pack that waited, in due order, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.clock import StoppedClock
from engine.desk import Desk
from engine.gate import check
from engine.history import IncidentRaised, SignalReceived, TaskWithdrawn, TimerFired
from engine.run import TaskNotOpen
from engine.shelf import Shelf
from engine.store import Store
from engine.timekeeper import Executor, FolderPost
from tests.desk.drawn import CARL, DRAWING, House, files
from tests.killing import killed


@pytest.fixture
def house(store: Store, clock: StoppedClock, tmp_path: Path) -> House:
    return House(store, clock, tmp_path / "outbox")


def test_every_case_of_the_pack_that_waits_hears_a_signal_once_and_no_other_case_does(house: House) -> None:
    # Given cases that wait, one that waits no longer, and one of another pack that waits for a signal of that name
    waiting = [house.open(), house.open()]
    done = house.open()
    house.desk.complete_task(done, "look-1", {"seen": "x"}, CARL)
    other = house.open("toys")
    # When a case of the pack throws it
    thrower = house.recall()
    # Then nothing has happened yet in the others: each hears it by a job of its own
    assert [house.tasks(case) for case in waiting] == [["look-1"], ["look-1"]]
    assert house.executor.poke().done == 2
    assert [house.tasks(case) for case in (*waiting, done, other)] == [["told-1"], ["told-1"], [], ["look-1"]]
    # And what was sent along has arrived, without anything that says where it came from
    for case in waiting:
        (heard,) = house.heard(case)
        assert (heard.signal, heard.payload, heard.actor) == ("recalled", {"lot": "L7"}, "system")
    assert (house.heard(done), house.heard(other), house.heard(thrower)) == ([], [], [])
    assert house.executor.poke().done == 0


def test_whoever_acts_before_the_signal_has_arrived_acts_after_it(house: House) -> None:
    case = house.open()
    house.recall()
    # Nobody has brought the signal yet when somebody does the task it takes away
    house.clock.advance(minutes=5)
    with pytest.raises(TaskNotOpen):
        house.desk.complete_task(case, "look-1", {"seen": "x"}, CARL)
    house.desk.comment(case, "?", CARL)
    (heard,) = house.heard(case)
    assert house.clock.now() - heard.at == timedelta(minutes=5)
    # The job that comes too late finds nothing to do
    assert house.executor.poke().done == 0
    assert len(house.heard(case)) == 1


def test_after_an_outage_timers_and_signals_come_in_the_order_in_which_they_were_due(house: House) -> None:
    case, last = house.open(), house.open()
    house.clock.advance(hours=23)
    house.recall("L1")
    house.clock.advance(hours=2)  # the reminder was due in between
    assert [type(e) for e in house.heard(case, SignalReceived, TimerFired)] == []
    house.executor.poke()
    assert [type(e) for e in house.heard(case, SignalReceived, TimerFired)] == [SignalReceived]
    # And the other way round
    assert house.tasks(last) == ["told-1"]
    late = house.open()
    house.clock.advance(hours=25)
    house.recall("L2")
    house.executor.poke()
    assert [type(e) for e in house.heard(late, SignalReceived, TimerFired)] == [TimerFired, SignalReceived]


def test_a_claim_that_was_overtaken_changes_nothing(house: House) -> None:
    # Given a signal that an executor has claimed and not yet brought
    case = house.open()
    house.recall()
    (claimed,) = house.executor._claim()
    # When somebody at the desk touches the case first
    house.desk.comment(case, "?", CARL)
    # Then the executor's claim no longer holds, and the case has heard it once
    assert claimed.kind == "delivery"
    assert house.executor.poke().lost == 1
    assert len(house.heard(case)) == 1
    assert house.heard(case, TaskWithdrawn)[0].task == "look-1"


def test_a_wait_that_began_after_the_signal_does_not_hear_it(house: House) -> None:
    case = house.open()
    house.recall()
    house.executor.poke()
    later = house.open()
    house.executor.poke()
    assert (len(house.heard(case)), house.heard(later)) == (1, [])


def test_a_sealed_case_neither_sends_signals_nor_hears_them(house: House) -> None:
    # Given a case that was opened while the pack was sealed
    inside = DRAWING.replace(" reach=pack", "")
    house.publish("goods", inside, sealed=True)
    sealed = house.open()
    # When the pack is no longer sealed and another case throws the signal
    house.publish("goods")
    open_ = house.open()
    house.recall()
    house.executor.poke()
    # Then only the open one hears it, and nothing outside the sealed history knows that it waits
    assert (house.tasks(sealed), house.tasks(open_)) == (["look-1"], ["told-1"])
    with house.store.look() as reading:
        assert reading.waiting_for("recalled") == []
    # A pack that is sealed may not be drawn so
    assert {f.code for f in check(files(sealed=True)).findings if f.severity == "error"} == {"signal-sealed"}


PING = """
    startEvent s
    intermediateThrowEvent ping signal=ball reach=pack
    exclusiveGateway m
    intermediateCatchEvent hear signal=ball
    intermediateThrowEvent pong signal=ball reach=pack
    exclusiveGateway x default=x_m
    endEvent e
    s > ping > m > hear > pong > x > m
    x > e ? =subject = "stop"
"""


def test_cases_that_answer_each_other_for_ever_stop_with_an_incident(house: House) -> None:
    house.publish("goods", PING)
    one, two = house.open(), house.open()
    # `two` threw when it was opened and `one` waited: from then on they would answer each other
    assert house.executor.poke().done < 30
    said = [*house.heard(one, IncidentRaised), *house.heard(two, IncidentRaised)]
    assert [i.code for i in said] == ["too-many-hops"]
    assert house.executor.poke().done == 0


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_waits_for_a_signal_is_found_by_an_index(house: House) -> None:
    sent: list[tuple[str, Any]] = []
    event.listen(house.store._database.engine, "before_cursor_execute", lambda *a: sent.append((a[2], a[3])))
    house.open()
    sent.clear()
    house.recall()
    (spread,) = [(text, facts) for text, facts in sent if text.startswith("INSERT INTO job") and "SELECT" in text]
    with house.store.look() as reading:
        rows = reading._sql.exec_driver_sql(f"EXPLAIN QUERY PLAN {spread[0]}", spread[1]).all()
    assert any("USING INDEX job_awaited (type=? AND payload=?)" in row.detail for row in rows), rows


def test_signals_that_are_waited_for_are_derived_from_the_history(house: House) -> None:
    case = house.open()
    with house.store.begin() as tx:
        assert tx.stray(case) is None
        tx.rebuild(case)
    house.recall()
    assert house.executor.poke().done == 1
    with house.store.begin() as tx:
        assert tx.stray(case) is None


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_kill_at_any_step_of_bringing_a_signal_lets_it_be_heard_once_all_the_same(
    house: House, sqlite_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    for steps in count():
        # Given a case that waits and a signal on its way
        case = house.open()
        house.recall()
        # When whoever brings it is killed before its first statement, its second, ..., its commit
        dead = killed(
            steps,
            lambda: Store(sqlite_url, clock=clock),
            lambda store: Executor(
                store, Desk(store, clock, Shelf()), clock, node="killed", post=FolderPost(tmp_path / "killed")
            ).poke(),
        )
        # Then it is brought once the claim has run out, and heard once
        clock.advance(minutes=2)
        house.executor.poke()
        assert (len(house.heard(case)), house.tasks(case)) == (1, ["told-1"])
        if not dead:
            break
    assert steps > 5

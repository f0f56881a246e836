"""Several nodes as real processes, killed, frozen, cut off, with wrong clocks: each effect once, nothing sticks."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from engine.clock import SystemClock
from engine.store import Store
from tests.conftest import _make_tables
from tests.proof.nodes import LEASE, RECOVERY, site, until
from tests.proof.soak import _database as server

#: How long work may take on a machine that is busy with other things; nothing here is about speed.
AGES = 120.0


@pytest.mark.parametrize("number", [1, 2, 4])
def test_nodes_that_are_killed_lose_nothing_and_do_nothing_twice(
    postgresql_url: str, tmp_path: Path, number: int
) -> None:
    with site(postgresql_url, tmp_path) as office:
        # Given so many nodes at work
        for _ in range(number):
            office.start()
        # When complaints come in and one node after the other dies without a word, and others take their place
        for n in range(6):
            office.receive()
            if n % 2:
                office.nodes[n % number].kill()
                office.nodes[n % number] = office.start()
                office.nodes.pop()
        # I expect everything to be done in the end, once
        assert office.settled(AGES)
        assert list(office.faults()) == []


def test_a_frozen_node_loses_its_claim_and_what_it_does_when_it_wakes_does_not_count(
    postgresql_url: str, tmp_path: Path
) -> None:
    with site(postgresql_url, tmp_path) as office:
        frozen = office.start()
        # Given a node that stands still with jobs in hand
        office.order(200)
        assert until(lambda: _leased(office.store) > 0, AGES)
        frozen.freeze()
        if not _leased(office.store):  # it had just finished; the next jobs will find it frozen
            office.order(1)
        # When another takes over and the first wakes up past its lease
        office.start()
        for _ in range(3):
            office.receive()
        assert office.settled(AGES)
        frozen.thaw()
        time.sleep(LEASE / 2)
        # I expect each effect once, and both to go on
        office.receive()
        assert office.settled(AGES)
        assert list(office.faults()) == []
        assert frozen.stop() == 0


def test_work_goes_on_within_the_lease_and_five_seconds_of_a_death(sqlite_url: str, tmp_path: Path) -> None:
    # On a busy machine the processes themselves may take their time: what is promised is the moment of the next claim.
    with site(sqlite_url, tmp_path) as office:
        clock = SystemClock()
        with office.store.begin() as tx:
            tx.enqueue("schedule", "x", clock.now(), payload={"pack": "none", "report": "r", "first": "2026-01-01"})
            (job,) = tx.claim_jobs("dead", lease=timedelta(seconds=LEASE))
        with office.store.look() as reading:
            due = reading.next_due()
        assert due is not None and (due - clock.now()).total_seconds() < LEASE + 5 < LEASE + RECOVERY
        office.start()
        assert office.settled(AGES)
        assert job.attempts == 1


def test_a_cut_connection_costs_nothing_but_time(new_postgresql_url: str, tmp_path: Path) -> None:
    # A database of its own: nobody else's connections are to be cut.
    url = new_postgresql_url
    _make_tables(url)
    with site(url, tmp_path) as office, psycopg.connect(url, autocommit=True) as other:
        for _ in range(2):
            office.start()
        for n in range(6):
            office.receive()
            if n % 2:
                # When every connection of every node is cut, in the middle of whatever it does
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                office.store._database.engine.dispose()
        assert office.settled(AGES)
        assert list(office.faults()) == []
        assert [node.stop() for node in office.nodes] == [0, 0]


def test_clocks_that_are_an_hour_wrong_neither_take_over_nor_lose_anything(
    postgresql_url: str, tmp_path: Path
) -> None:
    with site(postgresql_url, tmp_path) as office:
        # Given a node an hour fast, one an hour slow, and a right one
        for offset in (3600.0, -3600.0, 0.0):
            office.start(offset=offset)
        for _ in range(4):
            office.receive()
        assert office.settled(AGES)
        # I expect everything done once, and no letter sent by two because one thought the other's lease had run out
        assert list(office.faults()) == []
        assert office.twice() == []


def test_a_clock_that_is_set_an_hour_ahead_and_back_stops_nothing_and_repeats_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    with site(sqlite_url, tmp_path) as office:
        node = office.start()
        waiting = office.wait()
        fired = []
        # When the clock of the machine is set, ahead, back, behind and right again, while there is something to do
        for offset in (0.0, 3600.0, 0.0, -3600.0, 0.0):
            office.order(20)
            node.set_clock(offset)
            office.clock.set_by(offset)
            office.receive()
            # I expect work to go on at once, also where whatever wakes the node thinks that it is an hour too early
            assert office.settled(AGES)
            fired.append(sum(t.startswith("soon") for t in _fired(office.store, waiting)))
        # What was due in an hour by the clock was done when the clock said so, once
        assert fired == [0, 1, 1, 1, 1]
        assert list(office.faults()) == []
        assert office.twice() == []
        # When the node dies with work in hand while the clock is ahead, and the clock is set right
        node.set_clock(3600.0)
        office.order(200)
        assert until(lambda: _leased(office.store) > 0, AGES)
        node.kill()
        # I expect the next one not to wait for the hour of a lease that was given by that clock
        office.start()
        assert office.settled(AGES)
        assert list(office.faults()) == []


def test_a_node_whose_clock_is_set_leaves_its_work_to_others_and_takes_it_up_again(
    postgresql_url: str, tmp_path: Path
) -> None:
    with site(postgresql_url, tmp_path) as office:
        # Given a node alone
        node = office.start()
        waiting = office.wait()
        for offset in (3600.0, -3600.0, 0.0):
            # When its clock is set while jobs are due
            office.order(20)
            node.set_clock(offset)
            office.receive()
            # I expect that it goes on, unless its clock says that nothing is due yet; then another node does
            helper = office.start() if offset < 0 else None
            assert office.settled(AGES)
            if helper is not None:
                assert helper.stop() == 0
        # Nothing was due in truth that only a wrong clock said was due
        assert _fired(office.store, waiting) == []
        assert list(office.faults()) == []
        assert office.twice() == []


def _fired(store: Store, case: str) -> list[str]:
    with store.look() as reading:
        return [r.event.timer for r in reading.history(case) if r.event.kind == "timer_fired"]  # type: ignore[attr-defined]


def test_a_node_that_is_told_to_stop_gives_back_what_it_has_not_begun(sqlite_url: str, tmp_path: Path) -> None:
    with site(sqlite_url, tmp_path) as office:
        node = office.start()
        office.order(200)
        until(lambda: _leased(office.store) > 0, AGES)
        assert node.stop() == 0
        assert _leased(office.store) == 0
        office.start()
        assert office.settled(AGES)
        assert list(office.faults()) == []


def _leased(store: Store) -> int:
    with store.look() as reading:
        return reading.queue().leased


def test_a_database_that_crashes_and_comes_back_has_everything_that_was_acknowledged(tmp_path: Path) -> None:
    # Given nodes at work on a server of their own
    with server("postgresql", tmp_path) as (url, restart):
        store = Store(url, clock=SystemClock())
        store.create()
        store.close()
        with site(url, tmp_path / "outbox") as office:
            for _ in range(2):
                office.start()
            assert restart is not None
            for n in range(4):
                office.receive()
                if n in (1, 2):
                    # When it is killed in the middle of the work and started again
                    restart()
                    office.store._database.engine.dispose()
            # I expect all that was acknowledged to be there, done once, by nodes that found it again by themselves
            assert office.settled(AGES)
            assert list(office.faults()) == []

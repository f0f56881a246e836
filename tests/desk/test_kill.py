"""A use case of the desk whose process is killed at any of its steps leaves nothing, or everything with its answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.history import check
from engine.replay import verify
from engine.staff import Staff
from engine.store import Deputy, Store
from tests.desk.office import Office, open_office
from tests.killing import killed
from tests.store.test_copying import everything

CASE = "C-1001"


def open_case(office: Office) -> None:
    office.desk.open_case(
        "office", {"subject": "门", "loss": 1}, office.actor("rita"), channel="phone", idempotency="k"
    )


def complete(office: Office) -> None:
    office.desk.complete_task(CASE, "look-1", {"finding": "断了"}, office.actor("carl"), idempotency="k")


def attach(office: Office) -> None:
    office.desk.attach(CASE, "a.txt", "text/plain", b"proof" * 1000, office.actor("carl"), idempotency="k")


def draft(office: Office) -> None:
    office.desk.save_draft(CASE, "look-1", {"finding": "半句"}, office.actor("carl"), idempotency="k")


def withdraw(office: Office) -> None:
    office.desk.receive_message(CASE, "withdraw", {}, office.actor("rita"), idempotency="k")


def step_off(office: Office) -> None:
    office.desk.recuse(CASE, "cora", "亲属", office.actor("cora"), idempotency="k")


def lend(office: Office) -> None:
    now = office.clock.now()
    someone = Deputy(absent="carl", deputy="cora", since=now, until=now + timedelta(days=3))
    Staff(office.store, office.clock).add_deputy(someone, office.actor("carl"), idempotency="k")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("act", [open_case, complete, attach, draft, withdraw, step_off, lend])
def test_a_kill_at_any_step_leaves_nothing_or_all_and_the_request_again_does_it_once(
    act: Callable[[Office], None], kind: str, request: pytest.FixtureRequest, clock: StoppedClock, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    office = open_office(Store(url, clock=clock), clock, tmp_path)
    office.receive(customer="王女士")
    before = everything(office.store)
    # When the process is killed before its first statement, its second, ..., its commit
    for steps in count():
        if not killed(steps, lambda: Store(url, clock=clock), lambda store: act(_as_it_is(store, clock, tmp_path))):
            break
        # I expect nothing to have changed
        assert everything(office.store) == before, steps
    assert steps >= 3
    after = everything(office.store)
    assert after != before
    # and what was done to be provable, and done once however often it is asked for
    for case in {CASE, *(["C-1002"] if act is open_case else [])}:
        with office.store.look() as reading:
            head, records = reading.head(case), reading.history(case)
            verdict = verify(
                records, lambda digest, source=reading: office.desk.shelf.release(digest, source), head.state
            )
        assert check(records) == head.hash and verdict.agrees
    if act is not step_off:
        act(office)
        assert everything(office.store) == after
    office.store.close()


def _as_it_is(store: Store, clock: StoppedClock, folder: Path) -> Office:
    """The office over a store that has people and pack already."""
    from engine.casebook import Casebook
    from engine.desk import Desk
    from engine.publishing import Publishing
    from engine.shelf import Shelf
    from engine.timekeeper import Executor, FolderPost

    shelf = Shelf()
    desk = Desk(store, clock, shelf)
    return Office(
        store=store, clock=clock, desk=desk, casebook=Casebook(store, clock, shelf),
        executor=Executor(store, desk, clock, node="killed", post=FolderPost(folder)), publishing=Publishing(store, clock, shelf),
    )  # fmt: skip

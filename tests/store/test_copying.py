"""A copy holds everything, on whichever database, and work goes on from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import history as h
from engine.clock import StoppedClock
from engine.store import Person, Store, copy
from engine.store.copying import TargetNotEmpty
from engine.store.tables import metadata
from tests.store.told import DAY, a_case, errand, task, then, timer


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path, clock: StoppedClock) -> Iterator[Store]:
    """A database with nothing in it."""
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/copy.db" if on_sqlite else request.getfixturevalue("new_postgresql_url")
    target = Store(url, clock=clock)
    yield target
    target.close()


def everything(store: Store) -> dict[str, list[str]]:
    with store.look() as reading:
        return {t.name: sorted(map(repr, reading._sql.execute(select(t)))) for t in metadata.sorted_tables}


def test_a_copy_holds_every_row_and_work_goes_on_from_it(store: Store, target: Store, clock: StoppedClock) -> None:
    # Given a store in which something of everything is kept
    at = clock.now()
    about = {"name": h.Personal("王芳 😀", "complainant")}
    now = a_case(store, task(at, "t-1", "sales"), timer(at, "a-1", at + DAY), errand(at, "s-1"), at=at, answers=about)
    with store.begin() as tx:
        tx.put_person(Person(name="amy", zh="王芳", en="Amy", memberships=frozenset({"gm/sales"})))
        tx.save_release("d1", pack="gm", files={"a": bytes(range(256))}, by="ora", at=at)
        tx.save_draft(now.case, "t-1", "amy", {"loss": 1})
        tx.note_look(now.case, "amy", "case")
        tx.seal_ledger(at)
    # When it is copied
    copied = copy(store, target)
    # I expect the same rows
    assert everything(target) == everything(store)
    assert (copied["event"], copied["job"], copied["person"]) == (4, 2, 1)
    # and work to go on, new numbers behind the old ones
    after = then(target, now, h.TaskClaimed(at=at, actor="amy", task="t-1"))
    with target.begin() as tx:
        assert h.check(tx.history(now.case)) == after.hash
        tx.enqueue("outbox", "letter", at)
        tx.note_look(now.case, "bob", "case")
        assert tx.new_case() == "C-1002"
        assert tx.rebuild() == 1


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_copy_never_mixes_with_what_is_there(store: Store, target: Store, clock: StoppedClock) -> None:
    target.create()
    a_case(target, at=clock.now())
    before = everything(target)
    a_case(store, at=clock.now())
    with pytest.raises(TargetNotEmpty):
        copy(store, target)
    assert everything(target) == before

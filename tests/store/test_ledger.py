"""The ledger proves that a history was as it is, and notices when one was exchanged."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from engine import history as h
from engine.clock import StoppedClock
from engine.store import NoCheckpoint, NotInLedger, Store, merkle
from tests.store.told import a_case, then


class Tree:
    """A tree in memory, made slowly from the definition in RFC 9162, 2.1.1."""

    def __init__(self, leaves: int) -> None:
        self.leaves = [merkle.leaf_hash(bytes([n])) for n in range(leaves)]

    def head(self, first: int, end: int) -> bytes:
        if end - first == 0:
            return hashlib.sha256(b"").digest()
        if end - first == 1:
            return self.leaves[first]
        k = 1
        while k * 2 < end - first:
            k *= 2
        return hashlib.sha256(b"\1" + self.head(first, first + k) + self.head(first + k, end)).digest()

    def subtree(self, level: int, place: int) -> bytes:
        return self.head(place << level, (place + 1) << level)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 21])
def test_each_leaf_of_a_tree_is_proved_and_no_other_is(size: int) -> None:
    tree = Tree(size)
    root = merkle.root(0, size, tree.subtree)
    assert root == tree.head(0, size)
    for place in range(size):
        path = merkle.inclusion(place, size, tree.subtree)
        assert merkle.proves_inclusion(tree.leaves[place], place, size, path, root)
        assert not merkle.proves_inclusion(merkle.leaf_hash(b"other"), place, size, path, root)
        assert not merkle.proves_inclusion(tree.leaves[place], place, size, [*path, root], root)
        if size > 1:
            assert not merkle.proves_inclusion(tree.leaves[place], (place + 1) % size, size, path, root)
            assert not merkle.proves_inclusion(tree.leaves[place], place, size, path[1:], root)
    assert not merkle.proves_inclusion(tree.leaves[0], size, size, [], root)


@pytest.mark.parametrize("new", [1, 2, 3, 6, 8, 13, 16, 21])
def test_a_tree_is_proved_to_begin_with_each_earlier_one(new: int) -> None:
    tree = Tree(new)
    root = tree.head(0, new)
    for old in range(1, new + 1):
        path = merkle.consistency(old, new, tree.subtree)
        assert merkle.proves_consistency(old, new, tree.head(0, old), root, path)
        if old < new:
            assert not merkle.proves_consistency(old, new, root, root, path)
            assert not merkle.proves_consistency(old, new, tree.head(0, old), root, path[:-1])
            assert not merkle.proves_consistency(old, new, tree.head(0, old), tree.head(0, old), path)


def sealed(store: Store, clock: StoppedClock):  # type: ignore[no-untyped-def]
    with store.begin() as tx:
        return tx.seal_ledger(clock.now())


def test_a_case_is_proved_to_be_in_the_last_checkpoint(store: Store, clock: StoppedClock) -> None:
    # Given cases of which some move on between checkpoints
    heads = [a_case(store, at=clock.now()) for _ in range(5)]
    assert sealed(store, clock).size == 5
    assert sealed(store, clock) is None
    heads[2] = then(store, heads[2], h.StatusChanged(at=clock.now(), status="x"))
    new = a_case(store, at=clock.now())
    with store.look() as reading, pytest.raises(NotInLedger):
        reading.inclusion(new.case)
    last = sealed(store, clock)
    assert last.size == 7
    # I expect a proof for each that holds by itself, and speaks of its last event
    with store.look() as reading:
        for head in [*heads, new]:
            proof = reading.inclusion(head.case)
            assert (proof.seq, proof.hash, proof.root) == (head.seq, head.hash, last.root)
            assert proof.holds()
            assert not replace(proof, seq=9).holds() and not replace(proof, hash="0" * 64).holds()
        # and that the log only grew
        path = [bytes.fromhex(step) for step in reading.consistency(5, 7)]
        old, now = (bytes.fromhex(c.root) for c in reading.checkpoints())
        assert merkle.proves_consistency(5, 7, old, now, path)
        verdict = reading.check_ledger()
        assert (verdict.leaves, verdict.checkpoints, verdict.faults) == (7, 2, ())


def test_an_empty_ledger_has_no_checkpoint(store: Store, clock: StoppedClock) -> None:
    assert sealed(store, clock) is None
    with store.look() as reading:
        for act in (reading.checkpoint, lambda: reading.inclusion("C-1"), lambda: reading.consistency(1, 2)):
            with pytest.raises(NoCheckpoint):
                act()
        assert reading.check_ledger().faults == ()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE event SET hash = '0' WHERE case_id = 'C-1002'", "leaf 1: C-1002 event 1"),
        ("DELETE FROM event WHERE case_id = 'C-1003'", "leaf 2: C-1003 event 1"),
        ("UPDATE ledger_leaf SET hash = '0' WHERE place = 0", "leaf 0"),
        ("DELETE FROM ledger_leaf WHERE place = 4", "there are only 4 leaves"),
        ("UPDATE ledger_node SET hash = '0' WHERE level = 1 AND place = 1", "node 1/1"),
        ("UPDATE ledger_checkpoint SET root = '0'", "checkpoint 5"),
    ],
)
def test_whoever_gets_round_the_guards_is_found_out(store: Store, clock: StoppedClock, damage: str, says: str) -> None:
    # Given a ledger of five cases
    for _ in range(5):
        a_case(store, at=clock.now())
    sealed(store, clock)
    # When somebody takes the guards away and changes a row
    with store.begin() as tx:
        guards = tx._sql.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for guard in guards:
            tx._sql.exec_driver_sql(f"DROP TRIGGER {guard}")
        tx._sql.exec_driver_sql(damage)
    # I expect the check to name it
    with store.look() as reading:
        assert any(says in fault for fault in reading.check_ledger().faults)

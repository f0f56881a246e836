"""The ledger: a Merkle log in which the heads of cases are put down, so that no history can be exchanged later.

A leaf says "case C-1042 had, at event 17, this hash". The root over all leaves is a checkpoint;
whoever keeps one outside can later demand a proof that a case is in it, and that the log only grew.
Leaves are put in by one hand at a time, apart from the actions of users, which never wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from engine.errors import EngineError
from engine.history import canonical, instant, micros
from engine.store import merkle
from engine.store.bound import Bound
from engine.store.tables import checkpoint, event, head, leaf, tree


class NotInLedger(EngineError):
    """Case {case} is not in the ledger yet; it will be at its next checkpoint."""

    zh = "案件 {case} 尚未入账；将在下一检查点入账。"


class NoCheckpoint(EngineError):
    """The ledger has no checkpoint of size {size}."""

    zh = "账本没有大小为 {size} 的检查点。"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The ledger at a moment."""

    #: How many leaves it has.
    size: int
    #: Root hash, hexadecimal.
    root: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """The proof that a head of a case is in the ledger."""

    case: str
    seq: int
    #: Hash of that event.
    hash: str
    place: int
    size: int
    path: tuple[str, ...]
    root: str

    def holds(self) -> bool:
        """Whether the proof leads to its root; needs nothing but this value."""
        data = merkle.leaf_hash(leaf_data(self.case, self.seq, self.hash))
        path = [bytes.fromhex(step) for step in self.path]
        return merkle.proves_inclusion(data, self.place, self.size, path, bytes.fromhex(self.root))


@dataclass(frozen=True, kw_only=True)
class LedgerVerdict:
    """What a check of the whole ledger found; no faults: it holds."""

    leaves: int
    checkpoints: int
    #: In words, the first twenty.
    faults: tuple[str, ...]


def leaf_data(case: str, seq: int, hash_: str) -> bytes:
    """What a leaf says."""
    return canonical({"case": case, "hash": hash_, "seq": seq})


class LedgerReading(Bound):
    """Reading the ledger."""

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """A checkpoint, by its size; else the last.

        Raises:
            NoCheckpoint.
        """
        found = select(checkpoint).order_by(checkpoint.c.size.desc()).limit(1)
        if size is not None:
            found = found.where(checkpoint.c.size == size)
        row = self._sql.execute(found).first()
        if row is None:
            raise NoCheckpoint(size=size or 0)
        return Checkpoint(size=row.size, root=row.root, at=instant(row.at_us))

    def checkpoints(self) -> list[Checkpoint]:
        """All checkpoints, the smallest first."""
        rows = self._sql.execute(select(checkpoint).order_by(checkpoint.c.size))
        return [Checkpoint(size=row.size, root=row.root, at=instant(row.at_us)) for row in rows]

    def inclusion(self, case: str) -> Inclusion:
        """The proof that the last head of a case that was put down is in the last checkpoint.

        Raises:
            NotInLedger, NoCheckpoint.
        """
        last = self.checkpoint()
        found = select(leaf).where(leaf.c.case_id == case, leaf.c.place < last.size).order_by(leaf.c.place.desc())
        row = self._sql.execute(found.limit(1)).first()
        if row is None:
            raise NotInLedger(case=case)
        path = merkle.inclusion(row.place, last.size, self._subtree)
        return Inclusion(
            case=case, seq=row.seq, hash=row.hash, place=row.place, size=last.size,
            path=tuple(step.hex() for step in path), root=last.root,
        )  # fmt: skip

    def consistency(self, old: int, new: int) -> tuple[str, ...]:
        """The proof that the checkpoint of size `new` begins with that of size `old`.

        Raises:
            NoCheckpoint: there is none of one of these sizes.
        """
        for size in (old, new):
            self.checkpoint(size)
        if old > new:
            raise NoCheckpoint(size=old)
        return tuple(step.hex() for step in merkle.consistency(old, new, self._subtree))

    def check_ledger(self) -> LedgerVerdict:
        """Compute everything anew from the leaves, and compare each leaf with the history it speaks of."""
        nodes: dict[tuple[int, int], bytes] = {}
        faults: list[str] = []
        marks = {c.size: c.root for c in self.checkpoints()}
        size = 0
        for case, seq, hash_, found in self._leaves():
            if hash_ != found:
                faults.append(f"leaf {size}: {case} event {seq} was {hash_}, is {found}")
            leaf_ = merkle.leaf_hash(leaf_data(case, seq, hash_))
            for level, place, node in merkle.completed(size, leaf_, lambda lv, pl: nodes[lv, pl]):
                nodes[level, place] = node
            size += 1
            root = merkle.root(0, size, lambda lv, pl: nodes[lv, pl]).hex() if size in marks else None
            if root is not None and root != marks.pop(size):
                faults.append(f"checkpoint {size}: the leaves give {root}")
        faults += [f"checkpoint {lost}: there are only {size} leaves" for lost in marks]
        kept = {(row.level, row.place): row.hash for row in self._sql.execute(select(tree))}
        wrong = [key for key in {*kept, *nodes} if kept.get(key) != (nodes[key].hex() if key in nodes else None)]
        faults += [f"node {level}/{place} is not what the leaves give" for level, place in sorted(wrong)]
        return LedgerVerdict(leaves=size, checkpoints=len(self.checkpoints()), faults=tuple(faults[:20]))

    def _leaves(self) -> Iterator[tuple[str, int, str, str | None]]:
        same = (event.c.case_id == leaf.c.case_id) & (event.c.seq == leaf.c.seq)
        found = select(leaf.c.case_id, leaf.c.seq, leaf.c.hash, event.c.hash.label("found")).outerjoin(event, same)
        for row in self._sql.execute(found.order_by(leaf.c.place)):
            yield row.case_id, row.seq, row.hash, row.found

    def _subtree(self, level: int, place: int) -> bytes:
        found = select(tree.c.hash).where(tree.c.level == bindparam("level"), tree.c.place == bindparam("place"))
        return bytes.fromhex(self._sql.execute(found, {"level": level, "place": place}).scalar_one())


class LedgerWriting(LedgerReading):
    """Writing the ledger."""

    def seal_ledger(self, at: datetime, *, most: int = 10_000) -> Checkpoint | None:
        """Put down the heads of all cases that moved since, and make a checkpoint; None when none did."""
        if not self._sqlite:
            # One hand at a time: places are counted without gaps.
            self._sql.exec_driver_sql("SELECT pg_advisory_xact_lock(7264539)")
        moved = self._sql.execute(
            select(head.c.case_id, head.c.seq, head.c.hash)
            .where(head.c.ledger_seq < head.c.seq)
            .order_by(head.c.case_id)
            .limit(most)
        ).all()
        if not moved:
            return None
        size = self._sql.execute(select(func.count()).select_from(leaf)).scalar_one()
        fresh: dict[tuple[int, int], bytes] = {}

        def subtree(level: int, place: int) -> bytes:
            return fresh.get((level, place)) or self._subtree(level, place)

        for place, row in enumerate(moved, start=size):
            hash_ = merkle.leaf_hash(leaf_data(row.case_id, row.seq, row.hash))
            fresh.update({(lv, pl): node for lv, pl, node in merkle.completed(place, hash_, subtree)})
        rows = [{"place": size + n, "case_id": r.case_id, "seq": r.seq, "hash": r.hash} for n, r in enumerate(moved)]
        size += len(rows)
        self._sql.execute(insert(leaf), rows)
        self._sql.execute(insert(tree), [{"level": lv, "place": pl, "hash": n.hex()} for (lv, pl), n in fresh.items()])
        mark = update(head).where(head.c.case_id == bindparam("b_case")).values(ledger_seq=bindparam("b_seq"))
        self._sql.execute(mark, [{"b_case": row.case_id, "b_seq": row.seq} for row in moved])
        made = Checkpoint(size=size, root=merkle.root(0, size, subtree).hex(), at=at)
        self._sql.execute(insert(checkpoint), {"size": size, "root": made.root, "at_us": micros(at)})
        return made

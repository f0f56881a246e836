"""Moving running cases: an owner asks what a newer release would do to each, and a second one has it done.

A forecast looks at every running case of one release as if it were moved to another: which can be, what
keeps the others, what each would lose and gain. Asked for, it is put down as a move; approved by a second person, it
orders a job for each case that can go. A case is moved in a transaction of its own, and only while what was
foreseen for it still holds: one that moved on meanwhile is left where it is, and the move says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.desk import bounded, foreseen, load
from engine.errors import EngineError
from engine.foreseen import Foreseen
from engine.history import CaseMoved
from engine.publishing import SecondPairNeeded
from engine.release import Release
from engine.shelf import Shelf
from engine.store import CaseMove, Head, MovedCase, MoveNotFound, Reading, ReleaseNotFound, Store

#: The kind of the jobs that move a case.
KIND = "move"
#: Cases put down at once.
_BATCH = 500


class NothingToMove(EngineError):
    """No running case is on release {release} that could be moved; there is nothing to decide."""

    zh = "版本 {release} 上没有可以迁移的在办案件，无须审批。"


class NotTwoReleases(EngineError):
    """Cases are moved between two releases of one pack, and both must have been published: {why}"""

    zh = "只能在同一制度包的两个已发布版本之间迁移案件：{why}"


class MoveDecided(EngineError):
    """Move {move} was decided before: {decision}."""

    zh = "迁移 {move} 已经决定：{decision}。"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What moving the running cases of a release to another would do."""

    pack: str
    #: Digests of the releases.
    before: str
    after: str
    #: How many cases can be moved, and how many cannot.
    movable: int
    barred: int
    #: The cases the reader may see: all that are barred, then those that change, then the others.
    cases: tuple[MovedCase, ...] = field(repr=False)

    @property
    def hidden(self) -> int:
        """How many there are that the reader may not see."""
        return self.movable + self.barred - len(self.cases)


@dataclass(frozen=True, kw_only=True)
class MoveView:
    """A move with what became of its cases."""

    move: CaseMove
    #: State -> how many cases.
    tally: Counter[str]
    #: The cases the reader may see.
    cases: tuple[MovedCase, ...] = field(repr=False)
    #: How many of these the reader may not see.
    hidden: int
    #: The case behind which there are more; None: these are all.
    next: str | None = None


class Moving:
    """What can be done to the running cases of a release."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store, self._clock, self._shelf = store, clock, shelf

    # --- reading ---

    def forecast(self, pack: str, before: str, after: str, actor: Actor) -> Forecast:
        """What a move would do to every running case; changes nothing.

        Raises:
            NotAuthorised, ReleaseNotFound, NotTwoReleases.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        with self._store.look() as reading:
            self._need_two(reading, pack, before, after)
            # Nobody learns, not even by a number, of a case that is about them; it is moved all the same.
            rows = [(reading.head(row[0]), row) for row in self._foreseen(reading, before, after)]
            found = [row for head, row in rows if not _about(head, actor)]
            seen = [_case(*row) for head, row in rows if reading.may_see(head, actor)]
        return Forecast(
            pack=pack, before=before, after=after,
            movable=sum(f.movable for _, _, f in found), barred=sum(not f.movable for _, _, f in found),
            cases=tuple(sorted(seen, key=_order)),
        )  # fmt: skip

    def moves(self, pack: str, actor: Actor) -> list[CaseMove]:
        """The moves of a pack, the latest first.

        Raises:
            NotAuthorised.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        with self._store.look() as reading:
            return reading.moves(pack)

    def view(self, move: str, actor: Actor, *, after: str = "", limit: int = 1000) -> MoveView:
        """A move, with its cases behind `after`.

        Raises:
            MoveNotFound, NotAuthorised.
        """
        with self._store.look() as reading:
            found = _owned(reading.move(move), actor)
            cases = reading.moved_cases(move, after=after, limit=limit)
            known = [c for c in cases if not _about(reading.head(c.case), actor)]
            seen = [c for c in known if reading.may_see(reading.head(c.case), actor)]
            tally = reading.move_tally(move, actor.persons)
        more = cases[-1].case if len(cases) == limit else None
        return MoveView(
            move=found, tally=tally, cases=tuple(sorted(seen, key=_order)), hidden=len(known) - len(seen), next=more
        )

    # --- changing ---

    def propose(self, pack: str, before: str, after: str, reason: str, actor: Actor) -> CaseMove:
        """Put a forecast down as a move that a second owner decides.

        Raises:
            NotAuthorised, ReleaseNotFound, NotTwoReleases, TextRefused.
            NothingToMove: no case could be moved.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        reason = bounded("reason", reason, least=1)
        with self._store.look() as reading:
            self._need_two(reading, pack, before, after)
            found = list(self._foreseen(reading, before, after))
        if not any(f.movable for _, _, f in found):
            raise NothingToMove(release=before[:12])
        with self._store.begin() as tx:
            name, now = f"M-{tx.take_number('move', '')}", self._clock.now()
            tx.new_move(name, pack, before, after, reason=reason, by=actor.name, at=now)
            for begin in range(0, len(found), _BATCH):
                tx.foresee_cases(name, found[begin : begin + _BATCH])
            return tx.move(name)

    def approve(self, move: str, actor: Actor) -> CaseMove:
        """Have it done, as the second pair of eyes: every case that can go is ordered to, in one act.

        Raises:
            MoveNotFound, NotAuthorised, MoveDecided.
            SecondPairNeeded: the actor is the one who asked.
        """
        with self._store.begin() as tx:
            found, now = _owned(tx.move(move), actor), self._clock.now()
            if found.asked_by == actor.name:
                raise SecondPairNeeded(person=actor.name)
            if not tx.decide_move(move, "approved", by=actor.name, at=now):
                raise MoveDecided(move=move, decision=found.decision)
            waiting = list(_waiting(tx, move))
            tx.note_act(
                "cases-moved", move, actor=actor.name, at=now, reason=found.reason,
                facts={"before": found.before, "after": found.after, "asked_by": found.asked_by, "cases": len(waiting)},
            )  # fmt: skip
            for case in waiting:
                tx.enqueue(KIND, move, now, case=case, payload={"move": move}, at_once=True)
            return tx.move(move)

    def withdraw(self, move: str, actor: Actor) -> CaseMove:
        """Take back a move that is not decided; nothing was done.

        Raises:
            MoveNotFound, NotAuthorised, MoveDecided.
        """
        with self._store.begin() as tx:
            found, now = _owned(tx.move(move), actor), self._clock.now()
            if not tx.decide_move(move, "withdrawn", by=actor.name, at=now):
                raise MoveDecided(move=move, decision=found.decision)
            tx.note_act("move-withdrawn", move, actor=actor.name, at=now, reason=found.reason)
            return tx.move(move)

    # --- inside ---

    def _need_two(self, reading: Reading, pack: str, before: str, after: str) -> tuple[Release, Release]:
        rows = {row.digest: row for row in reading.releases(pack)}
        for digest in (before, after):
            if digest not in rows:
                raise ReleaseNotFound(digest=digest)
            if rows[digest].published is None:
                raise NotTwoReleases(why=digest[:12])
        if before == after:
            raise NotTwoReleases(why=f"{before[:12]} = {after[:12]}")
        return self._shelf.release(before, reading), self._shelf.release(after, reading)

    def _foreseen(self, reading: Reading, before: str, after: str) -> Iterator[tuple[str, int, Foreseen]]:
        release, now = self._shelf.release(after, reading), self._clock.now()
        last = ""
        while cases := reading.open_on([before], after=last):
            for case in cases:
                head = reading.head(case)
                event = CaseMoved(at=max(now, head.changed_at), before=before, release=after)
                yield case, head.seq, foreseen(load(reading, head, self._shelf), release, event, self._shelf)
            last = cases[-1]


def _about(head: Head, actor: Actor) -> bool:
    return any(person in head.barred for person in actor.persons)


def _owned(move: CaseMove, actor: Actor) -> CaseMove:
    authority.need_role(actor, move.pack, (authority.OWNER,))
    return move


def _waiting(reading: Reading, move: str) -> Iterator[str]:
    after = ""
    while cases := reading.moved_cases(move, after=after):
        yield from (c.case for c in cases if c.state == "waiting")
        after = cases[-1].case


def _case(case: str, seq: int, found: Foreseen) -> MovedCase:
    return MovedCase(case=case, seq=seq, state="waiting" if found.movable else "barred", foreseen=found)


def _order(case: MovedCase) -> tuple[bool, bool, bool, int, str]:
    """What wants a look first: what is left, what is barred, what changes."""
    return case.state != "left", case.foreseen.movable, not case.foreseen.changes, len(case.case), case.case


__all__ = ["Forecast", "MoveDecided", "MoveNotFound", "MoveView", "Moving", "NotTwoReleases", "NothingToMove"]

"""Moving running cases: an owner asks what a newer release would do to each, and a second one has it done.

A forecast looks at every running case of one release as if it were moved to another: which can be, what
keeps the others, what each would lose and gain. It is put down as a move, a part at a time: the first while its owner
waits, the others by jobs of the executor, each of which orders the next. Asked for, and approved by a second person, it
orders a job for each case that can go. A case is moved in a transaction of its own, and only while what was
foreseen for it still holds: one that moved on meanwhile is left where it is, and the move says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.desk import bounded, foreseen, load
from engine.errors import EngineError
from engine.findings import Finding
from engine.foreseen import Foreseen
from engine.history import CaseMoved
from engine.publishing import SecondPairNeeded
from engine.release import Release
from engine.shelf import Shelf
from engine.store import CaseMove, Head, MovedCase, MoveNotFound, Reading, ReleaseNotFound, Store, Transaction
from engine.values import Value

#: The kinds of the jobs that move a case, and that go on with a forecast.
KIND, FORESEE = "move", "foresee"
#: Cases foreseen at once: some tenths of a second.
PART = 40
#: Cases foreseen while somebody waits, where nothing is put down.
MOST_AT_ONCE = 200


class NothingToMove(EngineError):
    """No running case is on release {release} that could be moved; there is nothing to decide."""

    zh = "版本 {release} 上没有可以迁移的在办案件，无须审批。"


class NotTwoReleases(EngineError):
    """Cases are moved between two releases of one pack, and both must have been published: {why}"""

    zh = "只能在同一制度包的两个已发布版本之间迁移案件：{why}"


class MoveDecided(EngineError):
    """Move {move} was decided before: {decision}."""

    zh = "迁移 {move} 已经决定：{decision}。"


class ForecastUnderWay(EngineError):
    """The forecast of move {move} is being made ({progress} %); wait until it is there."""

    zh = "迁移 {move} 的预测正在进行（{progress}%），请等它完成。"


class NotAskedFor(EngineError):
    """Move {move} is a forecast that nobody has asked to have done; hand it in with a reason first."""

    zh = "迁移 {move} 只是预测，还没有人提交；请先写明理由提交。"


class TooManyToForesee(EngineError):
    """More than {most} cases run on release {release}; have the forecast put down (POST /packs/{pack}/moves/foresee) and read it there."""

    zh = "版本 {release} 上的在办案件超过 {most} 件；请先生成预测（POST /packs/{pack}/moves/foresee），再从那里读取。"


@dataclass(frozen=True, kw_only=True)
class Part:
    """What was foreseen for some cases of a move, to be put down."""

    move: str
    found: tuple[tuple[str, int, Foreseen], ...]
    #: The case it went as far as; None: there are no more.
    last: str | None


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

    def forecast(self, pack: str, before: str, after: str, actor: Actor, *, most: int | None = None) -> Forecast:
        """What a move would do to every running case; changes nothing.

        Args:
            most: so many cases at most are looked at; None: however many there are.

        Raises:
            NotAuthorised, ReleaseNotFound, NotTwoReleases.
            TooManyToForesee: there are more.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        with self._store.look() as reading:
            self._need_two(reading, pack, before, after)
            if most is not None and len(reading.open_on([before], most=most + 1)) > most:
                raise TooManyToForesee(most=most, release=before[:12], pack=pack)
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

    def view(self, move: str, actor: Actor, *, after: str = "", limit: int = 1000, state: str | None = None) -> MoveView:
        """A move, with its cases behind `after`.

        Args:
            state: only cases in this one.

        Raises:
            MoveNotFound, NotAuthorised.
        """
        with self._store.look() as reading:
            found = _owned(reading.move(move), actor)
            cases = reading.moved_cases(move, after=after, limit=limit, state=state)
            known = [c for c in cases if not _about(reading.head(c.case), actor)]
            seen = [c for c in known if reading.may_see(reading.head(c.case), actor)]
            tally = reading.move_tally(move, actor.persons)
        more = cases[-1].case if len(cases) == limit else None
        return MoveView(
            move=found, tally=tally, cases=tuple(sorted(seen, key=_order)), hidden=len(known) - len(seen), next=more
        )

    # --- changing ---

    def foresee(self, pack: str, before: str, after: str, actor: Actor, *, reason: str = "") -> CaseMove:
        """Have a forecast put down; where there are many cases, jobs go on with it.

        Args:
            reason: asks for the move, too, as soon as everything is foreseen; "": it is only looked at.

        Raises:
            NotAuthorised, ReleaseNotFound, NotTwoReleases, TextRefused.
            NothingToMove: there is no case, or a reason was given and it is known already that none could be moved.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        reason = bounded("reason", reason, least=0)
        with self._store.look() as reading:
            self._need_two(reading, pack, before, after)
            total = reading.open_count(before)
            part = self._part(reading, "", before, after, "")
        with self._store.begin() as tx:
            name, now = f"M-{tx.take_number('move', '')}", self._clock.now()
            tx.new_move(name, pack, before, after, reason=reason, by=actor.name, at=now, total=total)
            self._put_down(tx, replace(part, move=name))
            move = tx.move(name)
            if not total or (reason and move.stage == "foreseen"):
                raise NothingToMove(release=before[:12])
            return move

    def propose(self, pack: str, before: str, after: str, reason: str, actor: Actor) -> CaseMove:
        """Put a forecast down as a move that a second owner decides.

        Raises:
            NotAuthorised, ReleaseNotFound, NotTwoReleases, TextRefused.
            NothingToMove: no case could be moved.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        return self.foresee(pack, before, after, actor, reason=bounded("reason", reason, least=1))

    def ask(self, move: str, reason: str, actor: Actor) -> CaseMove:
        """Ask for a move whose forecast somebody had made; whoever asks is the first pair of eyes.

        Raises:
            MoveNotFound, NotAuthorised, TextRefused, MoveDecided, ForecastUnderWay.
            NothingToMove: no case could be moved.
        """
        with self._store.begin() as tx:
            found = _owned(tx.move(move), actor)
            reason = bounded("reason", reason, least=1)
            if found.decision or found.stage == "asked":
                raise MoveDecided(move=move, decision=found.decision or found.stage)
            if found.stage == "foreseeing":
                raise ForecastUnderWay(move=move, progress=found.progress)
            if not tx.move_tally(move)["waiting"]:
                raise NothingToMove(release=found.before[:12])
            tx.ask_move(move, reason=reason, by=actor.name, at=self._clock.now())
            return tx.move(move)

    def approve(self, move: str, actor: Actor) -> CaseMove:
        """Have it done, as the second pair of eyes: every case that can go is ordered to, in one act.

        Raises:
            MoveNotFound, NotAuthorised, MoveDecided.
            ForecastUnderWay, NotAskedFor.
            SecondPairNeeded: the actor is the one who asked.
        """
        with self._store.begin() as tx:
            found, now = _owned(tx.move(move), actor), self._clock.now()
            if found.decision is None and found.stage != "asked":
                raise ForecastUnderWay(move=move, progress=found.progress) if found.stage == "foreseeing" else NotAskedFor(move=move)
            if found.asked_by == actor.name:
                raise SecondPairNeeded(person=actor.name)
            if not tx.decide_move(move, "approved", by=actor.name, at=now):
                raise MoveDecided(move=move, decision=found.decision)
            waiting = tx.waiting_cases(move)
            tx.note_act(
                "cases-moved", move, actor=actor.name, at=now, reason=found.reason,
                facts={"before": found.before, "after": found.after, "asked_by": found.asked_by, "cases": len(waiting)},
            )  # fmt: skip
            tx.enqueue_each(KIND, move, now, waiting, payload={"move": move})
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

    # --- for the executor ---

    def part(self, order: Mapping[str, Value]) -> Part | None:
        """What is foreseen next for a move; None where nobody wants to know any more.

        Args:
            order: `move`, its name, and `after`, the case the part before went as far as.
        """
        name, after = str(order["move"]), str(order["after"])
        with self._store.look() as reading:
            move = reading.move(name)
            if move.decision is not None or move.stage != "foreseeing":
                return None
            return self._part(reading, name, move.before, move.after, after)

    def put_down(self, tx: Transaction, part: Part | None) -> None:
        """Put a part down, and order the next one."""
        if part is not None and tx.move(part.move).decision is None:
            self._put_down(tx, part)

    # --- inside ---

    def _part(self, reading: Reading, move: str, before: str, after: str, behind: str) -> Part:
        cases = reading.open_on([before], after=behind, most=PART)
        release, now = self._shelf.release(after, reading), self._clock.now()
        found = tuple(self._one(reading, case, before, after, release, now) for case in cases)
        return Part(move=move, found=found, last=cases[-1] if len(cases) == PART else None)

    def _put_down(self, tx: Transaction, part: Part) -> None:
        tx.foresee_cases(part.move, part.found)
        if part.last is None:
            tx.end_forecast(part.move)
            return
        tx.enqueue(FORESEE, f"{part.move}/{part.last}", self._clock.now(), payload={"move": part.move, "after": part.last}, at_once=True)

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
                yield self._one(reading, case, before, after, release, now)
            last = cases[-1]

    def _one(self, reading: Reading, case: str, before: str, after: str, release: Release, now: datetime) -> tuple[str, int, Foreseen]:
        head = reading.head(case)
        event = CaseMoved(at=max(now, head.changed_at), before=before, release=after)
        try:
            return case, head.seq, foreseen(load(reading, head, self._shelf), release, event, self._shelf)
        except EngineError as error:
            # One case that cannot be read must not keep an owner from the others.
            return case, head.seq, Foreseen(bars=(_unreadable(case, error),))


def _about(head: Head, actor: Actor) -> bool:
    return any(person in head.barred for person in actor.persons)


def _owned(move: CaseMove, actor: Actor) -> CaseMove:
    authority.need_role(actor, move.pack, (authority.OWNER,))
    return move


def _unreadable(case: str, error: EngineError) -> Finding:
    return Finding(
        code="move-unreadable", severity="error", file="", element=case, zh=f"案件读不出来：{error.text('zh')}",
        en=f"the case cannot be read: {error.text('en')}", remedy_zh="请管理员核验该案件。", remedy_en="Ask an administrator to verify it.",
    )  # fmt: skip


def _case(case: str, seq: int, found: Foreseen) -> MovedCase:
    return MovedCase(case=case, seq=seq, state="waiting" if found.movable else "barred", foreseen=found)


def _order(case: MovedCase) -> tuple[bool, bool, bool, int, str]:
    """What wants a look first: what is left, what is barred, what changes."""
    return case.state != "left", case.foreseen.movable, not case.foreseen.changes, len(case.case), case.case


__all__ = [
    "Forecast", "ForecastUnderWay", "MoveDecided", "MoveNotFound", "MoveView", "Moving", "NotAskedFor", "NotTwoReleases", "NothingToMove",
    "TooManyToForesee",
]  # fmt: skip

"""Moves of running cases to another release: what was foreseen, who asked and decided, what became of each case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, insert, select, update

from engine.findings import Finding
from engine.foreseen import Change, Foreseen
from engine.history import instant, micros
from engine.store.bound import Bound, moment
from engine.store.tables import barred, move, move_case
from engine.store.trouble import MoveNotFound


@dataclass(frozen=True, kw_only=True)
class CaseMove:
    """A move of the running cases of one release to another."""

    #: "M-3".
    id: str
    pack: str
    #: Digests of the releases.
    before: str
    after: str
    reason: str
    asked_by: str
    asked: datetime
    #: "foreseeing", "foreseen" (and not asked for yet), "asked".
    stage: str
    #: How much is foreseen, in per cent.
    progress: int
    #: "approved" or "withdrawn"; None: not decided yet.
    decision: str | None
    decided_by: str | None
    decided: datetime | None


@dataclass(frozen=True, kw_only=True)
class MovedCase:
    """A case of a move."""

    case: str
    seq: int
    #: "barred", "waiting", "moved" or "left".
    state: str
    #: Why it was left: "closed", "elsewhere" (on another release), "otherwise" (it moved on since); else "".
    why: str = ""
    foreseen: Foreseen = field(repr=False)
    done: datetime | None = None


class MoveReading(Bound):
    """Reading moves."""

    def moves(self, pack: str | None = None, *, limit: int = 200) -> list[CaseMove]:
        """The moves that were asked for, the latest first."""
        found = select(move).order_by(move.c.asked_us.desc(), move.c.id.desc()).limit(limit)
        if pack is not None:
            found = found.where(move.c.pack == pack)
        return [_move(row) for row in self._sql.execute(found)]

    def move(self, name: str) -> CaseMove:
        """One move.

        Raises:
            MoveNotFound.
        """
        row = self._sql.execute(select(move).where(move.c.id == name.replace("\0", ""))).first()
        if row is None:
            raise MoveNotFound(move=name)
        return _move(row)

    def moved_cases(self, name: str, *, after: str = "", limit: int = 1000, state: str | None = None) -> list[MovedCase]:
        """The cases of a move (in a state) by id, those behind `after`."""
        found = select(move_case).where(move_case.c.move == name, move_case.c.case_id > after)
        if state is not None:
            found = found.where(move_case.c.state == state)
        return [_case(row) for row in self._sql.execute(found.order_by(move_case.c.case_id).limit(limit))]

    def waiting_cases(self, name: str) -> list[str]:
        """Every case of a move that can go and did not yet."""
        found = select(move_case.c.case_id).where(move_case.c.move == name, move_case.c.state == "waiting")
        return list(self._sql.scalars(found.order_by(move_case.c.case_id)))

    def move_tally(self, name: str, persons: Sequence[str] = ()) -> Counter[str]:
        """How many cases of a move are in which state, without those from which one of these persons is barred."""
        off = exists().where(barred.c.person.in_(persons), barred.c.case_id == move_case.c.case_id)
        found = select(move_case.c.state, func.count().label("n")).where(move_case.c.move == name, ~off)
        return Counter({row.state: row.n for row in self._sql.execute(found.group_by(move_case.c.state))})

    def foreseen(self, name: str, case: str) -> Foreseen:
        """What a move foresaw for one of its cases."""
        found = select(move_case.c.foreseen).where(move_case.c.move == name, move_case.c.case_id == case)
        return _foreseen(self._sql.execute(found).scalar_one())


class MoveWriting(MoveReading):
    """Writing moves."""

    def new_move(
        self, name: str, pack: str, before: str, after: str, *, reason: str, by: str, at: datetime, total: int
    ) -> None:
        """Put down that somebody asks for a move, or for its forecast; how many cases it is about."""
        row = {
            "id": name, "pack": pack, "before": before, "after": after, "reason": reason, "asked_by": by, "asked_us": micros(at),
            "stage": "foreseeing", "total": total, "done": 0,
        }  # fmt: skip
        self._sql.execute(insert(move), row)

    def end_forecast(self, name: str) -> None:
        """Put down that everything is foreseen: it is asked for, if a reason was given and any case can go."""
        can_go = exists().where(move_case.c.move == move.c.id, move_case.c.state == "waiting")
        stage = case(((move.c.reason != "") & can_go, "asked"), else_="foreseen")
        self._sql.execute(update(move).where(move.c.id == name).values(stage=stage))

    def ask_move(self, name: str, *, reason: str, by: str, at: datetime) -> None:
        """Put down that somebody asks for what was foreseen."""
        values = {"stage": "asked", "reason": reason, "asked_by": by, "asked_us": micros(at)}
        self._sql.execute(update(move).where(move.c.id == name).values(values))

    def foresee_cases(self, name: str, cases: Iterable[tuple[str, int, Foreseen]]) -> None:
        """Put down what is foreseen for cases: id, last event, and what."""
        rows = [
            {
                "move": name, "case_id": id_, "seq": seq, "state": "waiting" if found.movable else "barred", "why": "",
                "foreseen": _told(found),
            }
            for id_, seq, found in cases
        ]  # fmt: skip
        if rows:
            self._sql.execute(insert(move_case), rows)
            self._sql.execute(update(move).where(move.c.id == name).values(done=move.c.done + len(rows)))

    def decide_move(self, name: str, decision: str, *, by: str, at: datetime) -> bool:
        """Put down what was decided; False: somebody decided before."""
        values = {"decision": decision, "decided_by": by, "decided_us": micros(at)}
        return self._sql.execute(update(move).where(move.c.id == name, move.c.decision.is_(None)).values(values)).rowcount == 1

    def note_moved(self, name: str, case: str, *, state: str, why: str, seq: int, at: datetime) -> None:
        """Put down what became of a case."""
        which = (move_case.c.move == name, move_case.c.case_id == case)
        self._sql.execute(update(move_case).where(*which).values(state=state, why=why, seq=seq, done_us=micros(at)))


def _told(found: Foreseen) -> str:
    bars = [{name: value for name, value in asdict(f).items() if name != "detail"} for f in found.bars]
    return json.dumps({"bars": bars, "changes": [asdict(c) for c in found.changes]}, ensure_ascii=False)


def _foreseen(text: str) -> Foreseen:
    said = json.loads(text)
    return Foreseen(bars=tuple(Finding(**f) for f in said["bars"]), changes=tuple(Change(**c) for c in said["changes"]))


def _move(row: Any) -> CaseMove:
    return CaseMove(
        id=row.id, pack=row.pack, before=row.before, after=row.after, reason=row.reason, asked_by=row.asked_by,
        asked=instant(row.asked_us), stage=row.stage, progress=_progress(row), decision=row.decision, decided_by=row.decided_by,
        decided=moment(row.decided_us),
    )  # fmt: skip


def _progress(row: Any) -> int:
    return min(99, 100 * row.done // max(row.total, 1)) if row.stage == "foreseeing" else 100


def _case(row: Any) -> MovedCase:
    return MovedCase(
        case=row.case_id, seq=row.seq, state=row.state, why=row.why, foreseen=_foreseen(row.foreseen), done=moment(row.done_us)
    )

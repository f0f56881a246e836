"""What the timekeeper does to a case, inside a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.desk.foreseeing import foreseen
from engine.desk.road import Road
from engine.desk.sitting import Done, Sitting
from engine.errors import EngineError
from engine.history import CalendarReplaced, CaseMoved, ErrandDone, ErrandFailed, TimerFired
from engine.store import CaseMove, Job, Transaction
from engine.values import Value


class TimerNotDue(EngineError):
    """Timer {timer} of case {case} is due at {due} and not before: it was moved, or the clock set back, when it was taken up."""

    zh = "案件 {case} 的定时器 {timer} 到 {due} 才到期：领取之后它被改期，或时钟被拨回。"


class Machine(Road):
    """What the timekeeper does to a case, inside a transaction of its own."""

    def fire_timer(self, tx: Transaction, case: str, timer: str, *, now: datetime) -> Done | None:
        """Fire a timer of the case and all that were due before it; None when nothing is left to fire.

        Raises:
            TimerNotDue: it must be waited for longer.
        """
        sitting = Sitting.resume(tx, case, shelf=self.shelf, at=now, actor="system")
        waiting = sitting.run.timers.get(timer)
        if waiting is None:
            return None
        if waiting.due > now:
            raise TimerNotDue(case=case, timer=timer, due=waiting.due)
        sitting.catch_up(waiting.due, noticed=now)
        if timer in sitting.run.timers:  # cancelled by one that was due at the same moment
            sitting.hear(TimerFired(at=waiting.due, timer=timer, fired_at=now))
        return sitting.write()

    def finish_errand(
        self, tx: Transaction, case: str, errand: str, result: Mapping[str, Value], *, now: datetime
    ) -> Done | None:
        """Say that an errand was carried out; None when the process no longer wants it."""
        sitting = Sitting.resume(tx, case, shelf=self.shelf, at=now, actor="system")
        at = sitting.at
        sitting.catch_up(at)
        if errand in sitting.run.errands:
            sitting.hear(ErrandDone(at=at, errand=errand, result=result))
        return sitting.write_if_heard()

    def fail_errand(
        self, tx: Transaction, case: str, errand: str, error: EngineError, *, now: datetime
    ) -> Done | None:
        """Say that an errand could not be carried out; the diagram may catch the error by its code."""
        sitting = Sitting.resume(tx, case, shelf=self.shelf, at=now, actor="system")
        at = sitting.at
        sitting.catch_up(at)
        if errand in sitting.run.errands:
            said = {"reason": error.text("zh"), "reason_en": error.text("en")}
            sitting.hear(ErrandFailed(at=at, errand=errand, error=error.code, **said))
        return sitting.write_if_heard()

    def hear_signal(self, tx: Transaction, delivery: Job, *, now: datetime) -> Done | None:
        """Let a case hear a signal that another case threw; None when nothing there waits for it any more.

        The wait it is for is that which was there when the signal was thrown; it hears it once.
        """
        sitting = Sitting.resume(tx, delivery.case, shelf=self.shelf, at=now, actor="system")
        sitting.catch_up(delivery.due, noticed=now, but=delivery.id)
        sitting.receive(delivery)
        return sitting.write_if_heard()

    def replace_calendar(self, tx: Transaction, case: str, order: Mapping[str, Value], *, now: datetime) -> Done | None:
        """Let a case count by the calendars an act names; None when it is closed or does so already.

        Args:
            order: `act`, the number of the act that ordered it.
        """
        act = tx.act(int(str(order["act"])))
        sitting = Sitting.resume(tx, case, shelf=self.shelf, at=now, actor="system")
        at = sitting.at
        sitting.catch_up(at)
        laid_over = act.facts["changes"]
        assert isinstance(laid_over, dict)
        of_release = laid_over.get(sitting.before.release)
        for name, said in of_release.items() if isinstance(of_release, dict) else ():
            assert isinstance(said, dict)
            version = str(said["version"])
            if sitting.run.closed or sitting.run.release.calendar(name).version == version:
                continue
            sitting.hear(
                CalendarReplaced(
                    at=at, actor=act.actor, calendar=name, version=version, changes=str(said["changes"]),
                    reason=act.reason,
                )
            )  # fmt: skip
        return sitting.write_if_heard()

    def move_case(self, tx: Transaction, case: str, order: Mapping[str, Value], *, now: datetime) -> Done | None:
        """Move a case as was foreseen; one for which that does not hold any more is left, and the move says why.

        Args:
            order: `move`, the name of the move.
        """
        move = tx.move(str(order["move"]))
        sitting = Sitting.resume(tx, case, shelf=self.shelf, at=now, actor="system")
        seq = sitting.before.seq
        sitting.catch_up(now)
        why = self._moved(sitting, move, now)
        done = sitting.write_if_heard()
        tx.note_moved(move.id, case, state="left" if why else "moved", why=why, seq=seq, at=now)
        return done

    def _moved(self, sitting: Sitting, move: CaseMove, now: datetime) -> str:
        """Why a case was left; "" when it was moved."""
        if sitting.run.closed:
            return "closed"
        if sitting.run.release.digest != move.before:
            return "elsewhere"
        release = self.shelf.release(move.after, sitting.tx)
        event = CaseMoved(
            at=now, actor=move.decided_by or "system", before=move.before, release=move.after, reason=move.reason,
            asked_by=move.asked_by, move=move.id,
        )  # fmt: skip
        if not foreseen(sitting.run, release, event, self.shelf).holds(sitting.tx.foreseen(move.id, sitting.case)):
            return "otherwise"
        sitting.move(event)
        return ""

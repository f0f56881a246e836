"""Something that may happen to a case, whatever people, machines and clocks do."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Protocol

from engine.history import (
    ClockPaused,
    ClockResumed,
    DeadlineExtended,
    ErrandDone,
    ErrandFailed,
    IncidentResolved,
    Input,
    MessageReceived,
    SignalReceived,
    TaskCompleted,
    TimerFired,
)
from engine.run import Run


class Going(Protocol):
    """A case and the time it is there."""

    run: Run
    at: datetime


def anything(case: Going, dice: random.Random) -> Input | None:
    """Something that may happen to the case now, or may be refused."""
    run, at = case.run, case.at + timedelta(minutes=dice.randrange(600))
    may: list[Input] = [
        TaskCompleted(
            at=at, actor=dice.choice(["wang", "li"]), task=task,
            answers={"vote": dice.choice(["yes", "no"]), "approved": dice.random() < 0.5, "x": dice.randrange(3)},
        )
        for task in run.tasks
    ]  # fmt: skip
    may += [TimerFired(at=max(at, t.due), timer=t.name, fired_at=max(at, t.due)) for t in run.timers.values()]
    may += [MessageReceived(at=at, message=s.message, key=s.key) for s in run.awaited.values()]
    may += [SignalReceived(at=at, signal=s, subscription=w, hops=dice.choice([0, 20])) for w, s in run.signals.items()]
    for errand in run.errands:
        may.append(ErrandDone(at=at, errand=errand, result={"number": "1", "series": "complaint"}))
        may.append(ErrandFailed(at=at, errand=errand, error=dice.choice(["no-address", "other"])))
    may += [IncidentResolved(at=at, incident=i, reason="", values={"threshold": 100}) for i in run.incidents]
    if not may:
        return None
    may += [ClockPaused(at=at, reason=""), ClockResumed(at=at)]
    may += [
        DeadlineExtended(at=at, deadline=d, amount=1, unit="workday", reason="", approved_by="chief")
        for d in run.deadlines
    ]
    event = dice.choice(may)
    case.at = event.at
    return event

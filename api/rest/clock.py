"""The clock: what time it is, and moving it where time is simulated."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from flask import g

from api.rest.asked import office as s
from api.rest.endpoint import Api
from api.rest.twice import Twice
from api.wiring import VERSION, Parts
from engine.errors import EngineError
from engine.feel import read_duration

api = Api()

#: How far the clock goes in one request: what repeats for ever must not keep a request for ever.
FARTHEST = timedelta(days=3700)
#: One moves the clock at a time.
_hand = threading.Lock()


class NoSimulatedClock(EngineError):
    """Time runs by itself here; only an installation with --simulated-clock can be moved."""

    zh = "此处使用真实时间；只有以 --simulated-clock 启动的系统可以拨动时钟。"


class ClockGoesForward(EngineError):
    """The clock stands at {now} and goes forward only; give either `now` or `advance` such as PT4H or P3D."""

    zh = "时钟现为 {now}，只能向前拨；请给出 now 或 advance（如 PT4H、P3D）之一。"


class ClockTooFar(EngineError):
    """The clock stands at {now} and goes at most {most} days in one step."""

    zh = "时钟现为 {now}，一次最多拨 {most} 天。"


@api.operation(
    "POST", "/clock", "Move the simulated clock; what falls due on the way is done at its own moment", tag="clock", body=s.Clock,
    gives={"now": datetime, "fired": int}, refuses=(NoSimulatedClock, ClockGoesForward, ClockTooFar),
    example={"advance": "PT4H"}, twice=Twice(by_steps=True),
)  # fmt: skip
def move_clock(parts: Parts, body: dict[str, Any]) -> Any:
    clock = parts.stopped_clock
    if clock is None:
        raise NoSimulatedClock()
    with _hand:
        now, begun = clock.now(), g.get("first_heard")
        target = _target(body, begun or now)
        if begun is not None:
            # This request was heard before and got no answer: it may have come near its end, or past it.
            target = max(target, now)
        if target < now:
            raise ClockGoesForward(now=now.isoformat())
        if target - now > FARTHEST:
            raise ClockTooFar(now=now.isoformat(), most=FARTHEST.days)
        fired = parts.executor.let_time_pass(clock, target)
        with parts.store.begin() as tx:
            # So that a restart goes on from here, however it came about.
            tx.note_node(parts.settings.node, version=VERSION, at=clock.now())
        return {"now": clock.now(), "fired": fired}


@api.operation(
    "GET", "/clock", "What time it is", tag="clock", open=True, gives={"now": datetime, "simulated": bool}
)
def clock(parts: Parts) -> Any:
    return {"now": parts.clock.now(), "simulated": parts.stopped_clock is not None}


def _target(body: dict[str, Any], now: datetime) -> datetime:
    """Where the clock is to go.

    Raises:
        ClockGoesForward, ClockTooFar.
    """
    target: datetime | None = body["now"]
    if body["advance"] is not None:
        span = read_duration(body["advance"]) if target is None else None
        if isinstance(span, timedelta) and span > FARTHEST:
            raise ClockTooFar(now=now.isoformat(), most=FARTHEST.days)
        target = now + span if isinstance(span, timedelta) and span > -FARTHEST else None
    if target is None:
        raise ClockGoesForward(now=now.isoformat())
    return target

"""Replay: bringing a case to life from its history, and checking that it comes to life as it was recorded.

Inputs drive, outcomes check. It writes nothing and knows neither database nor clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine import deadline
from engine.errors import EngineError
from engine.history import (
    ERASED,
    CaseMoved,
    CaseOpened,
    ChainBroken,
    Event,
    IncidentRaised,
    Input,
    Outcome,
    Personal,
    Record,
    SignalAwaited,
    SignalDropped,
    TimerMoved,
    TimerSet,
    ValueMissing,
    check,
)
from engine.release import Release
from engine.run import Run

#: Outcomes that histories written by an early version do not tell.
_LATER = (SignalAwaited, SignalDropped, ValueMissing)

ReleaseOf = Callable[[str], Release]


class HistoryEmpty(EngineError):
    """There is no history to replay."""

    zh = "没有可重放的历史。"


class HistoryDisagrees(EngineError):
    """Event {seq} of case {case} cannot be replayed: {why}"""

    zh = "案件 {case} 的第 {seq} 号事件无法重放：{why}"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where a history and its replay part."""

    #: Number of the event in the history.
    seq: int
    #: What the history says.
    expected: str
    #: What replay found.
    found: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check of a history came to."""

    case: str
    #: Events that were checked.
    events: int
    #: The first difference; None when everything agrees.
    difference: Difference | None = None
    #: Whether the stored state, where one was given, has the bytes that replay gives.
    state_agrees: bool | None = None
    #: Deadlines that were derived again from their traces.
    traces: int = 0
    #: What the case came to; None where it could not be replayed to its end.
    run: Run | None = None

    @property
    def agrees(self) -> bool:
        """Whether chain, outcomes and state are as recorded."""
        return self.difference is None and self.state_agrees is not False


def replay(records: Iterable[Record], release_of: ReleaseOf) -> Run:
    """The run that the inputs of a history lead to; what the history says of outcomes is not looked at.

    Raises:
        HistoryEmpty, HistoryDisagrees: an input cannot be heard.
    """
    run: Run | None = None
    for record in records:
        if isinstance(record.event, Input):
            run, _ = heard(run, record, release_of)
    if run is None:
        raise HistoryEmpty()
    return run


def verify(records: Sequence[Record], release_of: ReleaseOf, state: bytes | None = None) -> Verdict:
    """Check the chain, replay the inputs, compare every outcome and the resulting state, derive every deadline again.

    Args:
        state: the snapshot that is stored for the case, to be compared byte by byte.
    """
    case = records[0].case if records else ""
    try:
        check(records)
    except ChainBroken as error:
        seq = int(error.facts["seq"])
        return Verdict(
            case=case, events=seq - 1, difference=Difference(seq=seq, expected="an unbroken chain", found=str(error))
        )
    run: Run | None = None
    traces = 0
    for record, outcomes in _turns(records):
        try:
            run, found = heard(run, record, release_of)
        except EngineError as error:
            difference = Difference(seq=record.seq, expected=told(record.event), found=str(error))
            return Verdict(case=case, events=record.seq - 1, difference=difference)
        if parts := _first_difference(record, outcomes, found):
            return Verdict(case=case, events=parts.seq - 1, difference=parts)
        traced = [r for r in outcomes if getattr(r.event, "trace", None)]
        for told_so in traced:
            if untrue := _untrue(told_so, run):
                return Verdict(case=case, events=told_so.seq - 1, difference=untrue, traces=traces)
        traces += len(traced)
    agrees = None if state is None or run is None else run.is_as_in(state)
    return Verdict(case=case, events=len(records), state_agrees=agrees, traces=traces, run=run)


def _untrue(record: Record, run: Run) -> Difference | None:
    """Whether a deadline does not follow from its own trace, counted by a calendar of the trace's name and version."""
    trace = getattr(record.event, "trace", None) or {}
    by = [c for c in run.release.calendars.values() if (c.name, c.version) == (trace["calendar"], trace["version"])]
    if not by:
        expected = f"a calendar {trace['calendar']} of version {trace['version']}"
        return Difference(seq=record.seq, expected=expected, found="none in the release, and none was put in its place")
    try:
        deadline.check(trace, by[0])
    except deadline.TraceDisagrees as error:
        return Difference(seq=record.seq, expected="a deadline that follows from its trace", found=str(error))
    # The deadline itself is the end the trace comes to; a timer may be set so long before or after it.
    due = getattr(record.event, "due", None)
    if not isinstance(record.event, TimerSet | TimerMoved) and due != trace["due"]:
        return Difference(seq=record.seq, expected=f"due {trace['due']}", found=f"due {due}")
    return None


def heard(run: Run | None, record: Record, release_of: ReleaseOf) -> tuple[Run, list[Outcome]]:
    """The run after one more input of a history, and what came of it; without a run, the one it begins.

    Raises:
        HistoryDisagrees: the input cannot be heard.
    """
    event = record.event
    try:
        if run is not None and isinstance(event, CaseMoved):
            return run.moved(release_of(event.release), event)
        if run is not None and isinstance(event, Input):
            return run, run.apply(event)
        if isinstance(event, CaseOpened):
            return Run.open(release_of(event.release), event, case=record.case)
    except EngineError as error:
        raise HistoryDisagrees(seq=record.seq, case=record.case, why=str(error)) from error
    raise HistoryDisagrees(seq=record.seq, case=record.case, why="the history does not begin with an opened case.")


def _turns(records: Sequence[Record]) -> Iterator[tuple[Record, list[Record]]]:
    """Each input with the outcomes that follow it."""
    turn: tuple[Record, list[Record]] | None = None
    for record in records:
        if isinstance(record.event, Input):
            if turn is not None:
                yield turn
            turn = (record, [])
        elif turn is not None:
            turn[1].append(record)
        else:
            turn = (record, [])
    if turn is not None:
        yield turn


def _first_difference(record: Record, recorded: Sequence[Record], found: Sequence[Outcome]) -> Difference | None:
    # The chain sees to it that nobody took them out: the history was written before they were told.
    untold = [kind for kind in _LATER if not any(isinstance(r.event, kind) for r in recorded)]
    found = [outcome for outcome in found if type(outcome) not in untold]
    for place, expected in enumerate(recorded):
        if place >= len(found):
            return Difference(seq=expected.seq, expected=told(expected.event), found="nothing")
        if not _same(expected.event, found[place]):
            return Difference(seq=expected.seq, expected=told(expected.event), found=told(found[place]))
    if len(found) > len(recorded):
        seq = record.seq + len(recorded) + 1
        return Difference(seq=seq, expected="nothing", found=told(found[len(recorded)]))
    return None


def _same(expected: Event, found: Event) -> bool:
    if expected == found:
        return True
    for kind in (IncidentRaised, ValueMissing):
        if isinstance(expected, kind) and isinstance(found, kind):
            # What they say may be worded anew, and does not name a person who was forgotten since.
            return replace(expected, zh="", en="") == replace(found, zh="", en="")
    # A trace tells with which zone data it was counted. Newer data that give the same end are no difference.
    traces = getattr(expected, "trace", None), getattr(found, "trace", None)
    if type(expected) is not type(found) or None in traces:
        return False
    facts = {**expected.facts(), "trace": _without_zone(traces[0])}
    return expected.at == found.at and facts == {**found.facts(), "trace": _without_zone(traces[1])}


def _without_zone(trace: Any) -> dict[str, Any]:
    return {name: value for name, value in trace.items() if name != "tz"}


def told(event: Event) -> str:
    """An event in one line, for people; personal data are left out."""
    facts = ", ".join(f"{name}={_short(value)}" for name, value in event.facts().items())
    return f"{event.kind}({facts})"


def _without_persons(value: Any) -> Any:
    match value:
        case Personal():
            return ERASED
        case dict():
            return {name: _without_persons(v) for name, v in value.items()}
        case list() | tuple():
            return [_without_persons(v) for v in value]
    return value


def _short(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else repr(_without_persons(value))
    return text if len(text) <= 120 else text[:117] + "..."

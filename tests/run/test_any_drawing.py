"""Any procedure that is drawn in blocks comes to its end, whatever people do, and leaves nothing behind."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history import ClockPaused, ErrandDone, ErrandFailed, MessageReceived, TaskCompleted, TimerFired
from engine.run import Run
from tests.run.drawing import Driven, drawn
from tests.run.pencil import Pencil


@given(seed=st.integers(0, 10**9))
@settings(max_examples=80, deadline=None)
def test_a_block_drawing_always_ends_and_leaves_nothing_behind(seed: int) -> None:
    dice = random.Random(seed)
    pencil = Pencil(dice)
    text = pencil.drawing()
    # Given any drawing of nested blocks
    case = Driven(drawn(text, **pencil.called), x=dice.randrange(3), luck=True)
    for step in range(400):
        if case.run.closed:
            break
        # When people, machines and time do whatever they like, for a while even the same again
        case.at = max([case.at, *(t.due for t in list(case.run.timers.values())[:1])])
        case.hear(_something(case.run, case, dice, luck=step < 60))
        assert not case.run.incidents or _only_errors(case), (text, case.run.incidents)
        for incident in list(case.run.incidents):
            case.resolve() if len(case.run.incidents) == 1 else _resolve(case, incident)
        if dice.random() < 0.2:
            case.restart()
    # I expect the end, and nothing that waits, is due, or is kept
    assert case.run.closed, text
    assert not case.run.tasks and not case.run.timers and not case.run.awaited and not case.run.errands
    assert not case.run.tokens and list(case.run.documents) == [""]


def _something(run: Run, case: Driven, dice: random.Random, luck: bool):  # type: ignore[no-untyped-def]
    answers = {"x": dice.randrange(3), "luck": luck}
    may = [TaskCompleted(at=case.at, task=t, answers=answers) for t in run.tasks]
    may += [TimerFired(at=t.due, timer=t.name, fired_at=case.at) for t in run.timers.values()]
    may += [MessageReceived(at=case.at, message=s.message, key=s.key) for s in run.awaited.values()]
    may += [ErrandDone(at=case.at, errand=e) for e in run.errands]
    if luck:
        may += [ErrandFailed(at=case.at, errand=e, error="E") for e in run.errands]
    if luck and not run.paused:
        may.append(ClockPaused(at=case.at, reason=""))
    return dice.choice(may)


def _only_errors(case: Driven) -> bool:
    return all(i.code in ("uncaught-error", "listener-failed") for i in case.run.incidents.values())


def _resolve(case: Driven, incident: str) -> None:
    from engine.history import IncidentResolved

    case.hear(IncidentResolved(at=case.at, incident=incident, reason=""))

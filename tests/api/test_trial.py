"""A draft is played in a company of its own: the same steps, the same outcome; nothing is left of it."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import pytest

from api.trial import MOST_STEPS, Step, StepsUnreadable, TrialTooLong, play, read_steps, written
from engine.history import TimerFired
from tests.desk.office import release

OPEN = Step(do="open", answers={"subject": "门坏了", "loss": "120.50"}, channel="phone")
LOOK = Step(do="task", task="look-1", answers={"finding": "断了"})
APPROVE = Step(do="task", task="approve-1", answers={"approved": "true"})
DAYS = Step(do="until", at="2026-02-20T00:00:00+00:00")


def test_a_procedure_is_played_from_receipt_to_closing_and_four_eyes_hold() -> None:
    with play(release(), [OPEN, LOOK]) as played:
        assert played.tasks() == ["approve-1"] and played.trouble is None
        looked, approves = "clerk-1", played.able("approve-1")[0].name
        # Who looked may not approve: the next who may does.
        assert approves != looked
    with play(release(), [OPEN, LOOK, APPROVE]) as played:
        assert played.tasks() == [] and played.case is not None
        with played.parts.store.look() as reading:
            assert reading.head(played.case).closed_at is not None


def test_time_passes_only_when_it_is_told_to() -> None:
    with play(release(), [OPEN]) as played:
        due = played.next_due()
        assert due is not None and due > played.parts.clock.now()
    with play(release(), [OPEN, DAYS]) as played:
        assert played.case is not None
        with played.parts.store.look() as reading:
            assert any(isinstance(r.event, TimerFired) for r in reading.history(played.case))


def test_a_step_that_is_refused_ends_the_trial_there_and_says_why() -> None:
    for wrong in (Step(do="task", task="look-1"), Step(do="task", task="nothing-1")):
        with play(release(), [OPEN, wrong, APPROVE]) as played:
            assert played.steps == (OPEN,) and played.trouble is not None


def test_several_owners_try_at_once() -> None:
    played: list[str | None] = []

    def one() -> None:
        with play(release(), [OPEN]) as trial:
            played.append(trial.case)

    owners = [threading.Thread(target=one) for _ in range(4)]
    for owner in owners:
        owner.start()
    for owner in owners:
        owner.join()
    assert played == ["C-1001"] * 4


def test_nothing_is_left_of_a_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with play(release(), [OPEN]):
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_steps_come_back_as_they_were_and_what_is_none_is_refused() -> None:
    steps = (OPEN, LOOK, DAYS)
    assert read_steps(written(steps)) == steps
    for text in ("[", "{}", "[1]", '[{"do":"x"}]', '[{"do":"until","at":"2026-01-01"}]'):
        with pytest.raises(StepsUnreadable):
            read_steps(text)
    with pytest.raises(TrialTooLong):
        read_steps(written([OPEN] * (MOST_STEPS + 1)))

"""The packs of the house under people who answer anything: put away and brought back, a case goes on the same."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError
from engine.feel import compile
from engine.findings import Refused
from engine.history import CaseOpened, IncidentResolved, Input, TaskCompleted
from engine.release import Release, gather
from engine.replay import verify
from engine.run import InputRefused, Run
from tests.run.drawing import MONDAY
from tests.run.test_random_paths import anything

ROOT = Path(__file__).parents[2]
PACKS = sorted(p.name for p in (ROOT / "bpmn" / "packs").iterdir() if (p / "pack.yaml").exists())
INPUTS = 60


@pytest.mark.parametrize("pack", PACKS)
def test_a_case_of_a_pack_can_be_put_away_at_any_time(pack: str) -> None:
    release = _release(pack)
    names, dice = _names(release), random.Random(pack)
    walk = Walk(release, {name: _value(dice) for name in names})
    for _ in range(INPUTS):
        event = anything(walk, dice)  # type: ignore[arg-type]
        if event is None or walk.run.closed:
            break
        if isinstance(event, TaskCompleted):
            event = replace(event, answers={name: _value(dice) for name in dice.sample(names, min(4, len(names)))})
        elif isinstance(event, IncidentResolved):
            event = replace(event, values={name: _value(dice) for name in names})
        walk.hear(event)
    assert verify(walk.records(), lambda digest: release, walk.run.snapshot()).agrees


class Walk:
    """A case that is put away and brought back before each input, and compared with one that is not."""

    def __init__(self, release: Release, answers: dict[str, Any]) -> None:
        self.release, self.at = release, MONDAY
        event = CaseOpened(
            at=MONDAY, pack=release.pack, release=release.digest, process=release.policy.process,
            flow=release.policy.flow, channel="web", answers=answers,
        )  # fmt: skip
        self.run, outcomes = Run.open(release, event, case="C-1")
        self.events = [event, *outcomes]

    def hear(self, event: Input) -> None:
        """The same happens to both."""
        brought = Run.restore(self.release, self.run.snapshot(), case="C-1")
        try:
            outcomes = self.run.apply(event)
        except InputRefused:
            return
        assert brought.apply(event) == outcomes
        assert brought.snapshot() == self.run.snapshot()
        self.events += [event, *outcomes]

    def records(self) -> Any:
        """The history as it would be stored."""
        from engine.history import GENESIS, Keyring, seal

        return seal("C-1", self.events, after=0, previous=GENESIS, keyring=Keyring())[0]


def _release(pack: str) -> Release:
    try:
        shared, forms = ROOT / "bpmn" / "shared", ROOT / "forms" / "library"
        return Release.of(gather(ROOT / "bpmn" / "packs" / pack, shared, forms))
    except Refused as error:
        pytest.skip(f"{pack} does not read; its own test tells why ({len(error.findings)} findings)")


def _names(release: Release) -> list[str]:
    """Everything its conditions read."""
    used: set[str] = set()
    for _, process in release.processes.values():
        for flow in process.flows.values():
            try:
                used |= compile((flow.condition or "null").removeprefix("=")).used
            except EngineError:
                continue
    return sorted({name.split(".")[0] for name in used} - {"case"})


def _value(dice: random.Random) -> Any:
    return dice.choice([True, False, True, False, 1, 100, 100_000, "sales", ["sales", "quality"], None])

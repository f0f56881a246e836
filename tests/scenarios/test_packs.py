"""Every scenario of every shipped pack holds, and so does its history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.scenarios import Scenario, Street, play, scenarios_of, usual_of
from tests.packs.company import ROOT, shipped

PACKS = ROOT / "bpmn" / "packs"
TOLD = [(path.name, scenario) for path in sorted(PACKS.iterdir()) for scenario in scenarios_of(path)]


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    """Where companies are founded."""
    with Street.laid() as laid:
        yield laid


@pytest.mark.parametrize(("pack", "scenario"), TOLD, ids=[f"{pack}-{s.name}" for pack, s in TOLD])
def test_a_scenario_of_a_pack_holds(street: Street, pack: str, scenario: Scenario) -> None:
    with street.house(shipped(pack)) as house:
        play(scenario, house, usual_of(PACKS / pack))

"""Every scenario of every shipped pack holds, and so does its history; together they touch everything the pack has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.scenarios import ScenarioFailed, Street, Touched, linked_packs, play, scenarios_of, untouched, usual_of, varied
from tests.packs.company import ROOT, shipped

PACKS = ROOT / "bpmn" / "packs"
KINDS = ("elements", "flows", "rows", "limits", "fields")


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    """Where companies are founded."""
    with Street.laid() as laid:
        yield laid


# One test for each pack: the procedure is published once, and what its scenarios touch is put together while they run.
@pytest.mark.parametrize("pack", sorted(path.parent.name for path in PACKS.glob("*/pack.yaml")))
def test_the_scenarios_of_a_pack_hold_and_leave_nothing_untouched(street: Street, pack: str) -> None:
    release, usual, told = shipped(pack), usual_of(PACKS / pack), scenarios_of(PACKS / pack)
    touched, others = Touched(), [shipped(name) for name in linked_packs(release)]
    failed: list[str] = []
    for scenario in told:
        with street.house(varied(release, scenario), *others) as house:
            try:
                touched.note(house, play(scenario, house, usual))
            except ScenarioFailed as failure:
                failed.append(failure.text("zh"))
    assert told
    assert failed == []
    left = untouched(release, touched)
    assert {kind: getattr(left, kind) for kind in KINDS if getattr(left, kind)} == {}

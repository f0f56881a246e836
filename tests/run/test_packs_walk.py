"""The packs of the house, and random diagrams, under people who do anything: put away and brought back, a case goes on the same."""

from __future__ import annotations

import random

import pytest

from tests.run.walking import compared, packs, read_by, shipped, walk


@pytest.mark.parametrize("pack", packs())
def test_a_case_of_a_pack_can_be_put_away_at_any_time(pack: str) -> None:
    walk(shipped(pack), list(read_by(pack)), random.Random(pack))


def test_walks_are_the_same_in_processes_that_order_sets_otherwise() -> None:
    # Twelve of the ten thousand that `python -m tests.run.walking 10000` walks
    told, different = compared(12, 7)
    assert different == []
    assert sum(row[0] for row in told["diagrams"].values()) == 12

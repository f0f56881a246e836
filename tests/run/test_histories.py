"""Histories are for ever: what was once recorded replays, event by event."""

from __future__ import annotations

import pytest

from engine.history import KINDS, check
from engine.replay import verify
from tests.run.recording import HISTORIES, recorded
from tests.run.stories import STORIES

GOLDEN = sorted(HISTORIES.glob("*.jsonl"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_history_replays(path):  # type: ignore[no-untyped-def]
    releases, records = recorded(path)
    check(records)
    verdict = verify(records, releases.__getitem__)
    assert verdict.agrees, verdict.difference


def test_each_kind_of_event_is_in_a_golden_history() -> None:
    found = {record.event.kind for path in GOLDEN for record in recorded(path)[1]}
    assert set(KINDS) - found == set()
    assert {path.stem for path in GOLDEN} >= set(STORIES)

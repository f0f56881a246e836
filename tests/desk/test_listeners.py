"""Listeners are errands of the registry: prompt ones are done in the transaction that asks, letters hold the element up."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.history import ErrandDone, IncidentRaised
from engine.store import Store
from tests.desk.drawn import CARL, House

DRAWING = """
    startEvent s at:end=take-number header:series=complaint
    userTask look groups=clerk form=F02 in:to='="sales"' at:start=send-letter task:completing=send-reminder header:kind=urge
    endEvent e
    s > look > e
"""


@pytest.fixture
def house(store: Store, clock: StoppedClock, tmp_path: Path) -> House:
    return House(store, clock, tmp_path / "outbox")


def test_a_task_is_open_when_the_letter_it_listens_for_has_left(house: House, tmp_path: Path) -> None:
    house.publish("goods", DRAWING)
    # When a case is opened, what is prompt has been done at once, and what leaves the house holds the task up
    case = house.open()
    assert [e.result["number"] for e in house.heard(case, ErrandDone)] == ["260101"]
    assert house.tasks(case) == []
    # And once the letter has left, the task is there
    house.executor.poke()
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    assert house.tasks(case) == ["look-1"]
    house.desk.complete_task(case, "look-1", {"seen": "x"}, CARL)
    assert [e.errand for e in house.heard(case, ErrandDone)] == ["s.end-1", "look.start-1", "look.completing-1"]
    with house.store.look() as reading:
        assert (reading.head(case).number, reading.head(case).closed_at is not None) == ("260101", True)
    assert house.heard(case, IncidentRaised) == []


def test_a_listener_that_cannot_be_done_is_an_incident_that_is_mended_and_resumed(house: House) -> None:
    house.publish("goods", DRAWING.replace("header:kind=urge", "in:kind==lot"))
    case = house.open()
    house.executor.poke()
    house.desk.complete_task(case, "look-1", {"seen": "x"}, CARL)
    # The reminder lacks what it cannot do without
    (incident,) = house.heard(case, IncidentRaised)
    assert (incident.code, "kind" in incident.en) == ("listener-failed", True)
    # And is done once that is known
    house.resolve(case, incident.incident, kind="urge")
    with house.store.look() as reading:
        assert reading.head(case).closed_at is not None

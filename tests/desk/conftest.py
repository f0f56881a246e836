"""A small company on each of the two databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office


@pytest.fixture
def office(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """A small company with its pack in force."""
    return open_office(store, clock, tmp_path / "outbox")

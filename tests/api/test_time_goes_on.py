"""A simulated clock goes on where it stood, however the service came to an end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.app import create
from api.settings import Settings
from api.signin import SignIn
from api.wiring import Parts, build
from engine.store import Person


def begun(url: str, folder: Path) -> Parts:
    """The service as `kesu serve --simulated-clock` begins it."""
    parts = build(Settings.load({"database": url, "simulated_clock": True, "outbox": folder}, {}))
    parts.store.create()
    parts.take_up_time()
    parts.store.become_node(parts.settings.node, version="1")
    return parts


@pytest.mark.parametrize("graceful", [True, False])
def test_time_never_goes_back_over_a_restart(sqlite_url: str, tmp_path: Path, graceful: bool) -> None:
    first = begun(sqlite_url, tmp_path)
    with first.store.begin() as tx:
        tx.put_person(Person(name="ada", zh="甲", en="Ada", memberships=frozenset({"*/admin"})))
    token, start = SignIn(first).ticket("ada", "token", timedelta(days=3650)), first.clock.now()
    said = (
        create(first)
        .test_client()
        .post("/api/v1/clock", json={"advance": "P40DT4H"}, headers={"Authorization": f"Bearer {token}"})
    )
    assert said.status_code == 200, said.text
    if graceful:
        first.close()
    else:
        first.store.close()
    second = begun(sqlite_url, tmp_path)
    assert second.clock.now() == start + timedelta(days=40, hours=4)
    second.close()

"""The ledger over all cases notices what no single history can tell: a case that was removed whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from api.cli import main
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import open_office


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_case_removed_whole_is_noticed(
    store: Store, clock: StoppedClock, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = open_office(store, clock, tmp_path / "outbox")
    kept, gone = office.receive(), office.receive()
    with office.store.begin() as tx:
        tx.seal_ledger(office.clock.now())
    office.desk.complete_task(kept, "look-1", {"finding": "a"}, office.actor("carl"))
    with office.store.begin() as tx:
        tx.seal_ledger(office.clock.now())
    office.store.close()
    assert main(["verify", "--all", "--database", sqlite_url]) == 0
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as file:
        for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {trigger}")
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table != "ledger_leaf" and any(r[1] == "case_id" for r in file.execute(f"PRAGMA table_info({table})")):
                file.execute(f"DELETE FROM {table} WHERE case_id = ?", (gone,))
    file.close()
    capsys.readouterr()
    assert main(["verify", "--all", "--database", sqlite_url]) == 1
    assert f"{gone}" in capsys.readouterr().err

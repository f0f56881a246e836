"""The same on PostgreSQL: deadlines, timers, tasks and events that were changed behind the service's back are found."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from api.cli import main
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

#: What is derived, as somebody with a client would change it, and what verify calls it.
DERIVED = [
    ("UPDATE deadline SET due_us = due_us + 86400000000 WHERE case_id = 'C-1001' AND name = 'whole'", "deadline"),
    ("UPDATE deadline SET late = true, met_us = 1 WHERE case_id = 'C-1001' AND name = 'whole'", "deadline"),
    ("DELETE FROM deadline WHERE case_id = 'C-1001'", "deadline"),
    ("UPDATE task SET due_us = due_us + 1 WHERE case_id = 'C-1001' AND name = 'look-1'", "due_us"),
    ("UPDATE job SET due_us = due_us + 1 WHERE case_id = 'C-1001' AND kind = 'timer'", "job timer"),
    ("UPDATE case_head SET title = '没事' WHERE case_id = 'C-1001'", "title"),
]
#: What is true, and how it is put back.
HISTORY = [
    ("UPDATE event SET at_us = at_us - 1 WHERE case_id = 'C-1001' AND seq = 4", "#4",
     "UPDATE event SET at_us = at_us + 1 WHERE case_id = 'C-1001' AND seq = 4"),
    ("UPDATE event SET sealed = replace(sealed, 'workday', 'day') WHERE case_id = 'C-1001' AND kind = 'deadline_set'", "#", ""),
]  # fmt: skip


@pytest.fixture
def office(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """A company with a case under two limits, one of them paused and extended."""
    office = open_office(store, clock, tmp_path / "outbox")
    case = office.receive("门坏了", customer="王女士")
    office.desk.pause(case, "等客户资料", office.actor("carl"))
    clock.advance(hours=3)
    office.desk.resume(case, office.actor("carl"))
    office.desk.extend_deadline(case, "look-1", 1, "workday", "等检验报告", office.actor("hana"))
    return office


def test_whatever_was_changed_is_found_and_a_rebuild_mends_what_was_derived(
    office: Office, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def tamper(statement: str) -> int:
        url = re.sub(r"^postgresql\+\w+:", "postgresql:", postgresql_url)
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")  # past the triggers that guard histories
            return connection.execute(statement).rowcount  # type: ignore[call-overload, no-any-return]

    def verify() -> str:
        status = main(["verify", "--all", "--database", postgresql_url])
        said = capsys.readouterr().err
        assert status == (1 if said else 0) and "Traceback" not in said
        return said

    assert verify() == ""
    for statement, named in DERIVED:
        assert tamper(statement) > 0, statement
        said = verify()
        assert "C-1001" in said and named in said, (statement, said)
        assert main(["rebuild", "--database", postgresql_url]) == 0
        capsys.readouterr()
        assert verify() == "", statement
    for statement, named, back in HISTORY:
        assert tamper(statement) > 0, statement
        said = verify()
        assert "C-1001" in said and named in said, (statement, said)
        if back:
            tamper(back)
            assert verify() == ""

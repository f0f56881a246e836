"""Whatever is changed behind the service's back is found, and named by the event or the row it happened to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
Tamper = Callable[..., int]
Verify = Callable[[], str]


@pytest.fixture
def office(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """A company with two cases."""
    office = open_office(store, clock, tmp_path / "outbox")
    for subject in ("门坏了", "窗破了"):
        case = office.receive(subject, customer="王女士")
        office.desk.claim_task(case, "look-1", office.actor("carl"))
        clock.advance(hours=1)
        office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    return office


@pytest.fixture
def tamper(office: Office, sqlite_url: str) -> Tamper:
    """Writes into the file past everything that would keep it from being written; returns the rows it changed."""
    file = sqlite_url.removeprefix("sqlite:///")

    def run(statement: str, *facts: object) -> int:
        with sqlite3.connect(file) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            return connection.execute(statement, facts).rowcount

    return run


@pytest.fixture
def verify(office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Verify:
    """What `kesu verify --all` says of C-1001; C-1002 must always hold."""

    def run() -> str:
        status = main(["verify", "--all", "--database", sqlite_url])
        said = capsys.readouterr()
        last = said.out.splitlines()[-1]
        assert "C-1002" not in said.err and "Traceback" not in said.err
        assert status == (1 if said.err else 0)
        assert last.startswith("verified=1 wrong=1 " if said.err else "verified=2 wrong=0 ")
        return said.err

    return run


def test_nothing_changed_nothing_found(office: Office, verify: Verify) -> None:
    assert verify() == ""


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        # A fact, to another that looks as good.
        ("UPDATE event SET sealed = replace(sealed, '铰链断了', '铰链没断') WHERE case_id = 'C-1001'", "#"),
        ("UPDATE event SET actor = 'cora' WHERE case_id = 'C-1001' AND kind = 'task_completed'", "#"),
        ("UPDATE event SET at_us = at_us - 1 WHERE case_id = 'C-1001' AND seq = 4", "#4"),
        ("UPDATE event SET sealed = '{}' WHERE case_id = 'C-1001' AND seq = 1", "#1"),
        ("UPDATE event SET sealed = 'no json' WHERE case_id = 'C-1001' AND seq = 3", "#3"),
        ("UPDATE event SET kind = 'Nonsense' WHERE case_id = 'C-1001' AND seq = 3", "3"),
        # Events taken away: in the middle, at the end, all of them.
        ("DELETE FROM event WHERE case_id = 'C-1001' AND seq = 3", "#3"),
        ("DELETE FROM event WHERE case_id = 'C-1001' AND seq = (SELECT max(seq) FROM event WHERE case_id = 'C-1001')", "#"),
        ("DELETE FROM event WHERE case_id = 'C-1001'", "C-1001"),
        # Two events change places.
        ("UPDATE event SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE case_id = 'C-1001' AND seq IN (3, 4)", "#3"),
        # The snapshot; the head; what lists, searches and timers live on.
        ("UPDATE case_head SET state = CAST(x'00' || state AS BLOB) WHERE case_id = 'C-1001'", "快照"),
        ("UPDATE case_head SET state = (SELECT state FROM case_head WHERE case_id = 'C-1002') WHERE case_id = 'C-1001'", "快照"),
        ("UPDATE case_head SET title = '没事' WHERE case_id = 'C-1001'", "title"),
        ("UPDATE case_head SET closed_us = 1 WHERE case_id = 'C-1001'", "closed_us"),
        ("DELETE FROM case_head WHERE case_id = 'C-1001'", "案头"),
        ("UPDATE task SET due_us = due_us + 1 WHERE case_id = 'C-1001' AND state = 0", "due_us"),
        ("DELETE FROM task WHERE case_id = 'C-1001'", "task"),
        ("UPDATE deadline SET late = 1, met_us = 1 WHERE case_id = 'C-1001'", "deadline"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(tamper: Tamper, verify: Verify, statement: str, named: str) -> None:
    assert tamper(statement) > 0
    if "seq = CASE" in statement:
        tamper("UPDATE event SET seq = -seq WHERE seq < 0")
    said = verify()
    assert "C-1001" in said and named in said, said


def test_an_offer_that_was_taken_away_or_added_is_found(
    tamper: Tamper, office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Both cases are offered to the same people: it is said of both.
    assert tamper("DELETE FROM offer WHERE who LIKE '%/head'") > 0
    assert main(["verify", "--database", sqlite_url]) == 1
    assert capsys.readouterr().err.count("/head") == 2
    assert main(["rebuild", "--database", sqlite_url]) == 0
    tamper("INSERT INTO offer SELECT '@olaf', offer, pack, flow FROM offer LIMIT 1")
    assert main(["verify", "--database", sqlite_url]) == 1
    assert "@olaf" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["due_us = due_us + 1", "key = 'late-7'", "state = 2"])
def test_a_timer_that_would_not_fire_is_found(
    tamper: Tamper, office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    case = office.receive("锁坏了")
    assert main(["verify", case, "--database", sqlite_url]) == 0
    assert tamper(f"UPDATE job SET {change} WHERE case_id = ? AND kind = 'timer'", case) > 0
    assert main(["verify", case, "--database", sqlite_url]) == 1
    assert "job timer" in capsys.readouterr().err


def test_files_of_a_release_that_were_changed_are_found(
    tamper: Tamper, office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("UPDATE blob SET content = CAST(CAST(content AS TEXT) || '\n' AS BLOB)")
    assert main(["verify", "--database", sqlite_url]) == 1
    assert "not those it was published with" in capsys.readouterr().err


def test_a_rebuild_mends_what_was_derived_and_never_a_history(
    tamper: Tamper, verify: Verify, sqlite_url: str, office: Office
) -> None:
    tamper("DELETE FROM task WHERE case_id = 'C-1001'")
    tamper("UPDATE case_head SET title = '没事' WHERE case_id = 'C-1001'")
    assert main(["rebuild", "--database", sqlite_url]) == 0
    assert verify() == "" and office.tasks("C-1001") == ["approve-1"]
    tamper("UPDATE event SET at_us = at_us - 1 WHERE case_id = 'C-1001' AND seq = 4")
    assert main(["rebuild", "--database", sqlite_url]) == 0
    assert "#4" in verify()

"""Backup while work goes on, restore on either database, a case as a file: each proved, each refused in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office
from tests.store.test_still import take_back

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_capsule.py"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def office(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """A company with a case that has a name and a file in it."""
    office = open_office(store, clock, tmp_path / "outbox")
    case = office.receive(customer="王女士")
    office.desk.attach(case, "门.jpg", "image/jpeg", b"\xff\xd8\xff\xe0picture", office.actor("carl"))
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    return office


@pytest.fixture
def url(request: pytest.FixtureRequest, store: Store) -> str:
    """The address of the store."""
    return str(request.getfixturevalue("sqlite_url" if store.sqlite else "postgresql_url_kept"))


@pytest.fixture
def postgresql_url_kept(store: Store) -> str:
    """The address of the store, without emptying it once more."""
    return store._database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_backup_is_made_while_work_goes_on_and_restored_on_both(
    office: Office, url: str, new_postgresql_url: str, tmp_path: Path, capsys: Said
) -> None:
    # Given a service that runs (it holds the node's lock) and a transaction that is open
    office.store.become_node("node-1", version="0.1.0")
    saved = tmp_path / "copies" / "saved.db"
    saved.parent.mkdir()
    assert main(["backup", str(saved), "--database", url]) == 0
    assert "cases=1 verified" in capsys.readouterr().out
    assert sorted(p.name for p in saved.parent.iterdir()) == ["saved.db"]
    # When more happens afterwards, it is not in the backup
    office.receive("窗破了")
    for target in (f"sqlite:///{tmp_path / 'back.db'}", new_postgresql_url):
        assert main(["restore", str(saved), "--database", target]) == 0, capsys.readouterr().err
        assert "cases=1 verified" in capsys.readouterr().out
        restored = Store(target, clock=office.clock)
        with restored.look() as now, office.store.look() as then:
            assert now.history("C-1001") == then.history("C-1001")
            assert now.person("carl") == then.person("carl")
            (file,) = now.attachments("C-1001")
            assert now.file(file.file).content == b"\xff\xd8\xff\xe0picture"
        # Numbers go on where they were.
        moved = open_again(restored, office)
        assert moved.receive("又一件") == "C-1002"
        restored.close()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one_and_stays_as_it_is(
    office: Office, url: str, tmp_path: Path, capsys: Said
) -> None:
    # Given a case whose clocks stand still, in a backup that was made before rows told of that
    office.desk.pause(office.receive(), "材料", office.actor("carl"))
    saved, target = tmp_path / "saved.db", f"sqlite:///{tmp_path / 'back.db'}"
    assert main(["backup", str(saved), "--database", url]) == 0
    old = Store(f"sqlite:///{saved}", clock=office.clock)
    take_back(old)
    old.close()
    before = saved.read_bytes()
    # When it is restored, it is all there, proved
    assert main(["restore", str(saved), "--database", target]) == 0, capsys.readouterr().err
    assert "cases=2 verified" in capsys.readouterr().out and saved.read_bytes() == before
    restored = Store(target, clock=office.clock)
    with restored.look() as now:
        assert now.head("C-1002").still == office.clock.now()
    restored.close()


def open_again(store: Store, office: Office) -> Office:
    """The same company on another database."""
    from engine.desk import Desk

    return Office(
        store=store, clock=office.clock, desk=Desk(store, office.clock), casebook=office.casebook,
        executor=office.executor, publishing=office.publishing,
    )  # fmt: skip


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nothing_is_written_over(office: Office, sqlite_url: str, tmp_path: Path, capsys: Said) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    for command in (["backup", str(there)], ["export", "C-1001", "--out", str(there)]):
        assert main([*command, "--database", sqlite_url]) == 1
        assert "不会覆盖" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert main(["backup", str(tmp_path / "saved.db"), "--database", sqlite_url]) == 0
    assert main(["restore", str(tmp_path / "saved.db"), "--database", sqlite_url]) == 1
    assert "已有数据" in capsys.readouterr().err


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_is_no_backup_is_refused_in_words(store: Store, tmp_path: Path, capsys: Said) -> None:
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    target = f"sqlite:///{tmp_path / 'new.db'}"
    for file in (junk, tmp_path / "nowhere.db"):
        assert main(["restore", str(file), "--database", target]) == 1
        said = capsys.readouterr().err
        assert said and "Traceback" not in said and "Error" not in said
    assert main(["backup", str(tmp_path / "x.db"), "--database", f"sqlite:///{tmp_path / 'none.db'}"]) == 1
    # Asking for what is not there does not make it.
    assert not (tmp_path / "none.db").exists() and not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_damaged_backup_is_found_before_it_is_restored(
    office: Office, sqlite_url: str, tmp_path: Path, capsys: Said
) -> None:
    import sqlite3

    saved = tmp_path / "saved.db"
    assert main(["backup", str(saved), "--database", sqlite_url]) == 0
    with sqlite3.connect(saved) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET at_us = at_us + 1 WHERE seq = 2")
    assert main(["restore", str(saved), "--database", f"sqlite:///{tmp_path / 'new.db'}"]) == 1
    assert "#2" in capsys.readouterr().err


def test_an_exported_case_proves_itself_without_us(office: Office, url: str, tmp_path: Path, capsys: Said) -> None:
    with office.store.begin() as tx:
        tx.seal_ledger(office.clock.now())
    capsule, sealed = tmp_path / "case.json", tmp_path / "sealed.json"
    assert main(["export", "C-1001", "--out", str(capsule), "--database", url]) == 0
    assert main(["export", "C-1001", "--out", str(sealed), "--sealed", "--database", url]) == 0
    assert "王女士" not in sealed.read_text("utf-8")
    for file in (capsule, sealed):
        assert main(["verify", "--capsule", str(file)]) == 0, capsys.readouterr().err
        assert checked(file) == 0
    whole = json.loads(capsule.read_text("utf-8"))
    assert any("完成了" in line for line in whole["story"]["zh"]) and whole["ledger"]["size"] == 1


CHANGES: dict[str, Any] = {
    "fact": lambda c: c["events"][0]["facts"].update(title="没事"),
    "who": lambda c: c["events"][-1].update(who=["cora", None]),
    "who of an input": lambda c: c["events"][0].update(who=["cora", None]),
    "gap": lambda c: c["events"].pop(2),
    "order": lambda c: c["events"].insert(2, c["events"].pop(3)),
    "file": lambda c: c["files"].update({"forms/F01.yaml": "id: F01\n"}),
    "attachment": lambda c: c["attachments"].update({next(iter(c["attachments"])): "AAAA"}),
    "empty": lambda c: c.update(events=[]),
}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_capsule_that_was_changed_is_found_by_us_and_without_us(
    office: Office, sqlite_url: str, tmp_path: Path, capsys: Said
) -> None:
    whole = tmp_path / "case.json"
    assert main(["export", "C-1001", "--out", str(whole), "--database", sqlite_url]) == 0
    for name, change in CHANGES.items():
        capsule = json.loads(whole.read_text("utf-8"))
        change(capsule)
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(capsule), "utf-8")
        assert main(["verify", "--capsule", str(file)]) == 1, name
        assert checked(file) == 1, name
    # What forges the hashes, too, is found by hearing the inputs again.
    for broken in ("{}", "[1", '{"kesu_capsule": 1}', '{"kesu_capsule": 1, "files": 3}'):
        (tmp_path / "broken.json").write_text(broken)
        assert main(["verify", "--capsule", str(tmp_path / "broken.json")]) == 1
        assert "Traceback" not in capsys.readouterr().err


def checked(file: Path) -> int:
    """What the script without Kesu says, in a Python that knows no library of ours."""
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True, check=False).returncode

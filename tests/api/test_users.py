"""Who may sign in is told on the command line; nothing is accepted that nobody could use."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from api.cli import main
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
Said = pytest.CaptureFixture[str]


@pytest.fixture
def office(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """A company."""
    return open_office(store, clock, tmp_path / "outbox")


def users(url: str, *words: str, typed: str = "", monkeypatch: pytest.MonkeyPatch) -> int:
    """`kesu users …` with something typed in."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["users", words[0], "--database", url, *words[1:]])


def test_a_user_comes_changes_and_goes(
    office: Office, sqlite_url: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        users(
            sqlite_url,
            "add",
            "nora",
            "--zh",
            "诺拉",
            "--role",
            "office/clerk",
            "--role",
            "*/auditor",
            monkeypatch=monkeypatch,
        )
        == 0
    )
    assert "shown once" in capsys.readouterr().out
    assert office.actor("nora").memberships == {"office/clerk", "*/auditor"}
    assert users(sqlite_url, "roles", "nora", "office/head", monkeypatch=monkeypatch) == 0
    assert office.actor("nora").memberships == {"office/head"}
    assert users(sqlite_url, "password", "nora", typed="correct horse\n", monkeypatch=monkeypatch) == 0
    with office.store.look() as reading:
        first = reading.person("nora")
    assert users(sqlite_url, "deactivate", "nora", monkeypatch=monkeypatch) == 0
    assert users(sqlite_url, "list", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "deactivated" in said and "诺拉" in said and "shown once" not in said
    assert users(sqlite_url, "activate", "nora", monkeypatch=monkeypatch) == 0
    with office.store.look() as reading:
        assert reading.person("nora") == first and first.password


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "carl"), "已有用户"),
        (("add", "a b"), "用户名"),
        (("add", ""), "用户名"),
        (("add", "nora", "--role", "office/clark"), "clerk"),
        (("add", "nora", "--role", "clerk"), "没有角色"),
        (("add", "nora", "--role", "nowhere/clerk"), "nowhere"),
        (("roles", "nobody"), "nobody"),
        (("password", "nobody"), "nobody"),
        (("deactivate", "nobody"), "nobody"),
        (("password", "carl"), "8"),
    ],
)
def test_what_nobody_could_use_is_refused(
    office: Office, sqlite_url: str, capsys: Said, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    assert users(sqlite_url, *words, typed="short\n", monkeypatch=monkeypatch) == 1
    assert said in capsys.readouterr().err

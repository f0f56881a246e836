"""The command line: stories told, histories proved, errors as sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import main
from api.settings import SettingRefused, Settings
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office


@pytest.fixture
def office(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """A company with a case in its database file."""
    office = open_office(store, clock, tmp_path / "outbox")
    case = office.receive(customer="王女士")
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    return office


pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("lang", "said"), [("zh", "carl 完成了“调查”。"), ("en", "carl completed “Look into it”.")])
def test_replay_tells_the_story(
    office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    assert main(["replay", "C-1001", "--lang", lang, "--database", sqlite_url]) == 0
    assert said in capsys.readouterr().out


def test_replay_stops_where_it_is_told(office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "C-1001", "--until", "1", "--database", sqlite_url]) == 0
    assert "完成了" not in capsys.readouterr().out


def test_verify_proves_every_case_and_rebuild_changes_nothing(
    office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.tasks("C-1001")
    assert main(["verify", "--all", "--database", sqlite_url]) == 0
    assert main(["rebuild", "--database", sqlite_url]) == 0
    assert main(["verify", "--all", "--database", sqlite_url]) == 0
    assert capsys.readouterr().out.count("verified=1 wrong=0") == 2
    assert office.tasks("C-1001") == before


@pytest.mark.parametrize("case", ["C-9", "a\x00b"])
def test_an_unknown_case_is_a_sentence(
    office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    for command in ("replay", "verify", "export"):
        assert main([command, case, "--database", sqlite_url]) == 1
        assert "Traceback" not in capsys.readouterr().err


def test_a_pack_that_is_none_is_refused(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert "pack.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "environ",
    [{"KESU_PROT": "1"}, {"KESU_PORT": "many"}, {"KESU_SECURE_COOKIES": "perhaps"}, {"KESU_CONFIG": "/nowhere.toml"},
     {"KESU_FORMS": "forms"}, {"KESU_BPMN": "/nowhere"}, {"KESU_WEB": "."}],
)
def test_an_unfit_setting_is_refused_by_name(store: Store, environ: dict[str, str]) -> None:
    with pytest.raises(SettingRefused) as refused:
        Settings.load({}, environ)
    name = next(iter(environ))
    assert name in refused.value.text("en") or name.removeprefix("KESU_").lower() in refused.value.text("en")


def test_the_command_line_goes_before_the_environment(store: Store) -> None:
    assert Settings.load({"port": 9000}, {"KESU_PORT": "9001", "KESU_HOST": "::1"}).port == 9000
    assert Settings.load({}, {"KESU_PORT": "9001"}).port == 9001

"""The demo as a visitor meets it: complaints handled, everything proved, work left to try; then rebuilt without a trace."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.app import create
from api.cli import main
from api.demo.simulation import END
from api.settings import Settings
from api.wiring import build
from engine.clock import StoppedClock

LAST = re.compile(r"demo: opened=(\d+) closed=(\d+) late=(\d+) escalated=(\d+) verified=(\d+)")
ROOT = Path(__file__).parents[2]
#: The last case of each procedure has only just come in; six are older.
PACKS = len(list((ROOT / "bpmn" / "packs").glob("*/pack.yaml")))
CASES = PACKS + 6


def kesu(folder: Path, *words: str) -> subprocess.Popen[str]:
    """`kesu …` in a folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *words], cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which a small demo was played, and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    demo = kesu(folder, "demo", "--exit", "--cases", str(CASES))
    said, errors = demo.communicate(timeout=400)
    assert demo.returncode == 0, errors
    return folder, said


def test_the_last_line_says_what_happened_and_every_history_holds(played: tuple[Path, str]) -> None:
    found = LAST.fullmatch(played[1].splitlines()[-1])
    assert found, played[1]
    opened, closed, late, escalated, verified = map(int, found.groups())
    assert opened == CASES and verified >= opened
    assert (opened - PACKS) / 3 < closed <= opened and late < opened and escalated <= late + 2
    assert "not accepted" not in played[1]
    assert "not here" in played[1]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_rebuild_changes_nothing_that_anybody_can_see(
    played: tuple[Path, str], database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # Given the demo's company, on either database
    url = f"sqlite:///{tmp_path / 'kesu.db'}" if database == "sqlite" else request.getfixturevalue("new_postgresql_url")
    assert main(["restore", str(played[0] / "demo-data" / "kesu.db"), "--unproved", "--database", url]) == 0
    before = answers(url)
    # When everything derived from the histories is dropped and made anew
    assert main(["rebuild", "--database", url]) == 0
    # I expect the same answers, of every case to everybody
    assert answers(url) == before
    assert main(["verify", "--all", "--database", url]) == 0
    assert len(before) > CASES * 4


def answers(url: str) -> dict[str, Any]:
    """What the API says of everything: every case and its parts to an auditor, the worklist to everybody who has one."""
    parts = build(
        Settings.load({"database": url, "simulated_clock": True}, {}), clock=StoppedClock(END + timedelta(days=1))
    )
    app = create(parts).test_client()
    found: dict[str, Any] = {}
    with parts.store.look() as reading:
        people, cases = reading.people(), reading.every_case()
    auditor = next(p.name for p in people if "*/auditor" in p.memberships)

    def ask(who: str, path: str) -> None:
        said = app.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {tokens[who]}"})
        found[f"{who} {path}"] = (said.status_code, said.get_json())

    tokens = {name: _token(app, name) for name in sorted({auditor, "demo", *(p.name for p in people[:4])})}
    for case in cases:
        for part in ("", "/history", "/deadlines", "/state", "/diagram"):
            ask(auditor, f"/cases/{case}{part}")
    for name in tokens:
        for query in (
            "?scope=mine",
            "?scope=group&limit=100",
            "?scope=overdue",
            "?scope=all&sort=opened",
            "?scope=all&q=C-10",
        ):
            ask(name, f"/tasks{query}")
        ask(name, "/cases?limit=100")
    ask(auditor, "/statistics")
    parts.store.close()
    return found


def _token(app: Any, name: str) -> str:
    said = app.post("/api/v1/session", json={"name": name, "password": "kesu-demo"})
    assert said.status_code == 201, said.text
    return str(said.get_json()["token"])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that end with the test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_the_demo_stays_with_work_to_try_and_ends_quietly(tmp_path: Path, running: list[subprocess.Popen[str]]) -> None:
    demo = kesu(tmp_path, "demo", "--cases", "3", "--port", "0")
    running.append(demo)
    address, said = _address(demo)
    # The visitor has something in hand, and time goes on.
    token = _asked(address, "/session", {"name": "demo", "password": "kesu-demo"})["token"]
    assert _asked(address, "/tasks?scope=mine", token=token)["tasks"], said
    first = _asked(address, "/clock", token=token)["now"]
    assert first >= "2026-07-14" and _asked(address, "/clock", token=token)["now"] > first
    assert LAST.fullmatch(said.splitlines()[-2])
    # A second one in the same folder says so.
    second = kesu(tmp_path, "demo", "--exit")
    assert second.wait(60) == 1 and "演示" in (second.stderr.read() if second.stderr else "")
    demo.send_signal(signal.SIGINT)
    _, errors = demo.communicate(timeout=60)
    assert demo.returncode == 0 and "Traceback" not in errors and "service_stopped" in errors


def test_the_first_start_makes_everything_and_the_second_says_no_password(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    for start in (1, 2):
        service = kesu(tmp_path, "serve", "--port", "0")
        running.append(service)
        address, said = _address(service)
        assert said.count("administrator") == said.count("shown once") == (start == 1)
        assert ("published" in said) == (start == 1)
        if start == 1:
            password = said.partition("(shown once): ")[2].split()[0]
        token = _asked(address, "/session", {"name": "admin", "password": password})["token"]
        assert _asked(address, "/packs", token=token)["packs"]
        if start == 2:
            another = kesu(tmp_path, "serve", "--port", "0")
            running.append(another)
            assert another.wait(60) == 1
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=60)
        assert service.returncode == 0 and "Traceback" not in errors and "service_stopped" in errors


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("serve", "demo"):
            process = kesu(tmp_path, command, "--port", port)
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 1 and port in errors and "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def _address(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Where it listens, and what it said until then."""
    said, until = "", time.monotonic() + 300
    assert process.stdout
    while time.monotonic() < until:
        line = process.stdout.readline()
        said += line
        if line.startswith("http://"):
            return line.strip().rstrip("/"), said
        if not line:
            break
    raise AssertionError(said + (process.stderr.read() if process.stderr else ""))


def _asked(address: str, path: str, body: Any = None, token: str | None = None) -> Any:
    request = urllib.request.Request(
        f"{address}/api/v1{path}", data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)

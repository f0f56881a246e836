"""Trouble with the database, over HTTP: a clear answer, nothing half done, and the same request again does it once."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.clock import StoppedClock
from engine.store import Store
from tests.api.conftest import House, open_house

TASK, ANSWERS = "/tasks/C-1001/look-1", {"answers": {"finding": "铰链断了"}}
KEY = {"Idempotency-Key": "once"}


def everything(house: House) -> list[tuple[str, str, Any]]:
    """Requests that write, by whoever may."""
    return [
        ("POST", f"{TASK}/claim", "carl"), ("POST", f"{TASK}/draft", "carl"), ("POST", f"{TASK}/complete", "carl"),
        ("POST", "/cases", "rita"), ("POST", "/cases/C-1001/comments", "carl"), ("POST", "/me/deputies", "carl"),
        ("POST", "/me/tokens", "carl"), ("DELETE", "/session", "olaf"), ("POST", "/people", "ada"),
    ]  # fmt: skip


BODIES: dict[str, Any] = {
    "draft": ANSWERS, "complete": ANSWERS, "comments": {"text": "x"}, "tokens": {"label": "x"},
    "cases": {"pack": "office", "channel": "phone", "answers": {"subject": "门", "loss": "1"}},
    "deputies": {"deputy": "cora", "since": "2026-01-05T00:00:00Z", "until": "2026-01-09T00:00:00Z"},
    "people": {"name": "nora", "zh": "诺拉", "en": "Nora"},
}  # fmt: skip


def tried(house: House, code: str, status: int) -> None:
    """Every writing request is refused in so many words, in both languages."""
    for method, path, who in everything(house):
        for lang in ("zh-CN", "en"):
            body = BODIES.get(path.rpartition("/")[2])
            said = house.ask(method, path, who, lang, **({"json": body} if body else {}))
            assert (said.status_code, said.json["code"]) == (status, code), (path, said.text)
            assert "Traceback" not in said.text and said.json["title"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_while_somebody_else_holds_the_database_people_are_asked_to_try_again(
    kind: str, request: pytest.FixtureRequest, clock: StoppedClock, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    other, store = Store(url, clock=clock), Store(url, clock=clock, patience=0.1)
    house = open_house(store, clock, tmp_path)
    house.receive()
    with other.begin() as tx:
        tx.head("C-1001")
        if kind == "sqlite":
            tried(house, "store-busy", 503)
        late = house.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS, headers=KEY)
        assert (late.status_code, late.headers["Retry-After"]) == (503, "5")
        # Reading goes on meanwhile.
        assert house.ask("GET", "/cases/C-1001", "carl").status_code == 200
    done = house.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS, headers=KEY)
    assert done.status_code == 200 and house.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS, headers=KEY).json == done.json
    other.close()
    store.close()


def test_a_full_disk_refuses_what_writes_and_shows_what_is_there(
    sqlite_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    store = Store(sqlite_url, clock=clock)
    house = open_house(store, clock, tmp_path)
    house.receive()
    content = b"x" * 1_000_000
    with store.begin() as tx:
        tx._sql.exec_driver_sql("PRAGMA max_page_count = 1")
    path = "/cases/C-1001/attachments?name=a.txt"
    said = house.ask("POST", path, "carl", data=content, content_type="text/plain", headers=KEY)
    assert (said.status_code, said.json["code"]) == (507, "store-full"), said.text
    assert house.ask("GET", "/cases/C-1001/attachments", "carl").json["attachments"] == []
    # When there is space again
    with store.begin() as tx:
        tx._sql.exec_driver_sql("PRAGMA max_page_count = 1000000")
    for _ in range(2):
        assert house.ask("POST", path, "carl", data=content, content_type="text/plain", headers=KEY).status_code == 201
    assert len(house.ask("GET", "/cases/C-1001/attachments", "carl").json["attachments"]) == 1
    store.close()


def test_a_cut_connection_is_an_answer_and_the_same_request_again_does_it_once(
    postgresql_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    store = Store(postgresql_url, clock=clock)
    house = open_house(store, clock, tmp_path)
    house.receive()
    cutter = Store(postgresql_url, clock=clock)
    with cutter.begin() as tx:
        tx._sql.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    # One answer may tell of the cut; the one after it is as ever
    answers = [house.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS, headers=KEY) for _ in range(3)]
    assert {a.status_code for a in answers[:1]} <= {200, 503}
    assert [a.status_code for a in answers[1:]] == [200, 200] and answers[1].json == answers[2].json
    kinds = [e["kind"] for e in house.ask("GET", "/cases/C-1001/history", "carl").json["events"]]
    assert kinds.count("task_completed") == 1
    cutter.close()
    store.close()


def test_a_server_without_connections_left_is_an_answer_and_the_same_request_again_does_it_once(
    postgresql_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    store = Store(postgresql_url, clock=clock)
    house = open_house(store, clock, tmp_path)
    house.receive()
    store._database.engine.dispose()
    with contextlib.ExitStack() as others:
        # Given others who hold every connection the server has
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                others.enter_context(psycopg.connect(postgresql_url))
        # I expect whatever writes or reads to be refused in so many words
        tried(house, "store-unreachable", 503)
        assert house.ask("GET", "/cases/C-1001", "carl").status_code == 503
        late = house.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS, headers=KEY)
        assert (late.status_code, late.headers["Retry-After"]) == (503, "5")
    # When there are some again, the same request is done once
    answers = [house.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS, headers=KEY) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200] and answers[0].json == answers[1].json
    store.close()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_release_that_is_gone_from_the_disk_is_not_missed(
    store: Store, sqlite_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    # Given a case, and a service begun again where no pack lies on the disk
    house = open_house(store, clock, tmp_path)
    house.receive()
    store.close()
    again = open_house(Store(sqlite_url, clock=clock), clock, tmp_path / "elsewhere")
    object.__setattr__(again.parts.settings, "bpmn", tmp_path / "nothing")
    assert again.ask("POST", f"{TASK}/complete", "carl", json=ANSWERS).status_code == 200
    assert again.ask("GET", "/cases/C-1001/diagram", "carl").json["diagrams"][0]["source"].startswith("<?xml")
    again.parts.store.close()

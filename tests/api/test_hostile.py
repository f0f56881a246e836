"""Bad input ends in a problem document that names the field; never in a traceback, and nothing is changed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from argon2 import PasswordHasher

from api.signin import TRIES, SignIn, TooManyTries, WrongPassword
from engine.clock import StoppedClock
from tests.api.conftest import PASSWORD, House

GOOD = {"pack": "office", "channel": "phone", "answers": {"subject": "门", "loss": "1"}}


def answers(**more: Any) -> dict[str, Any]:
    """The good request with other answers."""
    return {**GOOD, "answers": {**GOOD["answers"], **more}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({**GOOD, "pack": "nobody"}, 404, None),
        ({**GOOD, "pack": "a\x00b"}, 422, "pack"),
        ({**GOOD, "pack": 5}, 422, "pack"),
        ({**GOOD, "channel": "pigeon"}, 422, None),
        ({**GOOD, "surprise": 1}, 422, "surprise"),
        ({**GOOD, "parent": "C-999999"}, 404, None),
        ({**GOOD, "barred": "rita"}, 422, "barred"),
        ({**GOOD, "answers": []}, 422, "answers"),
        ({"pack": "office"}, 422, "answers"),
        ({}, 422, "pack"),
        (answers(loss="1.005"), 422, "loss"),
        (answers(loss="9" * 30), 422, "loss"),
        (answers(loss=[]), 422, "loss"),
        (answers(loss={"a": 1}), 422, "loss"),
        (answers(subject="a\x00b"), 422, "subject"),
        (answers(subject="x" * 101), 422, "subject"),
        (answers(subject=None), 422, "subject"),
        (answers(subject="\ud800"), 422, "subject"),
        (answers(stranger="x"), 422, "stranger"),
        (answers(**{"a\x00": "x"}), 422, "a\x00"),
        (answers(customer=["a"]), 422, "customer"),
        (answers(accused="x" * 1000), 422, "accused"),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_bad_complaint_is_refused_at_the_field(house: House, body: Any, status: int, field: str | None) -> None:
    said = house.ask("POST", "/cases", json=body)
    assert said.status_code == status, said.text
    assert said.content_type == "application/problem+json"
    assert said.json["title"]
    if field is not None:
        assert field in said.json["errors"], said.text
    assert house.ask("GET", "/cases", "carl").json["cases"] == []


@pytest.mark.parametrize(
    "subject", ["🙂", "שלום עולם", "繁體中文客訴", "a' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}"]
)
def test_any_language_is_kept_as_it_was_written(house: House, subject: str) -> None:
    case = house.receive(subject=subject)
    assert house.ask("GET", f"/cases/{case}", "carl").json["head"]["title"] == subject


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", 422), (b"{", 400), (b"[]", 400), (b'"a"', 400), (b"\xff\xfe", 400), (b'{"a": NaN}', 400),
     (b'{"a":' * 100_000, 400), (b'{"a": ' + b"9" * 5000 + b"}", 400), (b'{"a": "' + b"x" * 10_000_000 + b'"}', 413)],
    ids=["nothing", "half", "list", "text", "bytes", "nan", "deep", "digits", "ten-megabytes"],
)  # fmt: skip
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_body_that_is_no_object_is_refused(house: House, data: bytes, status: int) -> None:
    said = house.ask("POST", "/cases", data=data, content_type="application/json")
    assert said.status_code == status, said.text
    assert said.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/cases/C-404", None, 404),
        ("GET", "/cases/a%00b", None, 404),
        ("GET", "/cases/C-404/history", None, 404),
        ("GET", "/cases/{case}/history?after=-1", None, 422),
        ("GET", "/cases/{case}/history?after=99999999999999999999999", None, 422),
        ("GET", "/cases/{case}/state?at=0", None, 422),
        ("GET", "/cases/{case}/state?at=9999", None, 404),
        ("GET", "/cases/{case}/diagram?at=9999", None, 404),
        ("GET", "/cases/{case}/tasks/none-1", None, 409),
        ("GET", "/cases/{case}/tasks/a%00b", None, 404),
        ("GET", "/cases/{case}/attachments/none", None, 404),
        ("POST", "/cases/{case}/tasks/none-1/claim", None, 409),
        ("POST", "/cases/{case}/tasks/look-1/complete", {}, 422),
        ("POST", "/cases/{case}/tasks/look-1/complete", {"answers": {"finding": ""}}, 422),
        ("POST", "/cases/{case}/tasks/look-1/complete", {"answers": {"finding": "x" * 2001}}, 422),
        ("POST", "/cases/{case}/tasks/look-1/draft", {"answers": {"finding": "a\x00"}}, 422),
        ("POST", "/cases/{case}/tasks/look-1/delegate", {"to": "nobody", "reason": "x"}, 404),
        ("POST", "/cases/{case}/tasks/look-1/delegate", {"to": "a\x00", "reason": "x"}, 404),
        ("POST", "/cases/{case}/messages", {"message": "none"}, 422),
        ("POST", "/cases/{case}/messages", {"message": "withdraw", "payload": []}, 422),
        ("POST", "/cases/{case}/comments", {"text": ""}, 422),
        ("POST", "/cases/{case}/comments", {"text": "a\x00b"}, 422),
        ("POST", "/cases/{case}/comments", {"text": "x" * 20_001}, 422),
        ("POST", "/cases/{case}/comments", {"text": "x", "audience": "world"}, 422),
        ("POST", "/cases/{case}/pause", {}, 422),
        ("POST", "/cases/{case}/pause", {"reason": "a\x00b"}, 422),
        ("POST", "/cases/{case}/deadlines/none-1/extend", {"amount": 1, "unit": "workday", "reason": "x"}, 404),
        ("POST", "/cases/{case}/deadlines/look-1/extend", {"amount": 10**9, "unit": "workday", "reason": "x"}, 422),
        ("POST", "/cases/{case}/deadlines/look-1/extend", {"amount": 1, "unit": "century", "reason": "x"}, 422),
        ("POST", "/cases/{case}/recuse", {"person": "nobody", "reason": "x"}, 404),
        ("POST", "/cases/{case}/incidents/none/resolve", {"reason": "x"}, 409),
        ("GET", "/tasks?cursor=nonsense", None, 400),
        ("GET", "/cases?cursor=%00", None, 422),
        ("GET", "/tasks?limit=0", None, 422),
        ("GET", "/tasks?limit=many", None, 422),
        ("GET", "/tasks?scope=world", None, 422),
        ("GET", "/tasks?scope=all&q=%25%5F%27%22", None, 200),
        ("GET", "/cases?q=a%00b", None, 422),
        ("GET", "/releases/a%00b", None, 404),
        ("GET", "/people/a%00b", None, 404),
        ("POST", "/me/tokens", {"label": "a\x00b"}, 422),
        ("GET", "/packs/none/intake", None, 404),
        ("POST", "/releases", {"files": {"pack.yaml": "a: ["}, "check_only": True}, 200),
        ("POST", "/releases", {"files": {"../../etc/passwd": "x"}, "check_only": True}, 200),
        ("POST", "/releases/none/publish", None, 404),
        (
            "POST",
            "/me/deputies",
            {"deputy": "nobody", "since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"},
            404,
        ),
        ("POST", "/me/deputies", {"deputy": "cora", "since": "2026-02-30", "until": "2026-02-01T00:00:00Z"}, 422),
        (
            "POST",
            "/me/deputies",
            {"deputy": "cora", "since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
            422,
        ),
        ("POST", "/people", {"name": "UPPER", "zh": "a", "en": "a"}, 422),
        ("POST", "/people", {"name": "short", "zh": "a", "en": "a", "password": "1"}, 422),
        ("POST", "/people", {"name": "new", "zh": "a", "en": "a"}, 201),
        ("POST", "/clock", {"advance": "P9999999Y"}, 409),
        ("POST", "/clock", {"advance": "soon"}, 409),
        ("POST", "/clock", {"now": "2026-02-30T00:00:00Z"}, 422),
        ("POST", "/clock", {}, 409),
        ("GET", "/nothing", None, 404),
        ("DELETE", "/cases/{case}", None, 405),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_bad_requests_are_problems_and_change_nothing(
    house: House, method: str, path: str, body: Any, status: int
) -> None:
    case = house.receive()
    before = house.ask("GET", f"/cases/{case}", "carl").json["seq"]
    who = next((w for key, w in _WHO.items() if key in path), "carl")
    said = house.ask(method, path.replace("{case}", case), who, json=body)
    assert said.status_code in ((status, 422) if status == 404 and method == "POST" else (status,)), said.text
    if status >= 400:
        assert said.content_type == "application/problem+json"
        assert said.json["status"] == said.status_code
        assert said.json["title"]
    assert house.ask("GET", f"/cases/{case}", "carl").json["seq"] == before


_WHO = {"/people": "ada", "/releases": "ada", "/clock": "ada", "/extend": "hana", "/recuse": "ada", "/resolve": "ada"}


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/cases/{case}/tasks/look-1/complete", "olaf", 403),
        ("/cases/{case}/tasks/look-1/complete", "hana", 403),
        ("/cases/{case}/tasks/look-1/claim", "olaf", 403),
        ("/cases/{case}/tasks/look-1/complete", None, 401),
        ("/people", "carl", 403),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_may_not_is_told_so(house: House, path: str, who: str | None, status: int) -> None:
    case = house.receive()
    body = {"name": "new", "zh": "a", "en": "a"} if path == "/people" else {"answers": {"finding": "x"}}
    said = house.ask("POST", path.replace("{case}", case), who, json=None if path.endswith("claim") else body)
    assert said.status_code == status, said.text


def test_a_task_is_done_once(house: House) -> None:
    case = house.receive()
    path = f"/cases/{case}/tasks/look-1/complete"
    assert house.ask("POST", path, "carl", json={"answers": {"finding": "x"}}).status_code == 200
    again = house.ask("POST", path, "carl", json={"answers": {"finding": "x"}})
    assert (again.status_code, again.json["code"]) == (409, "task-not-open")


def test_a_closed_case_hears_no_message(house: House) -> None:
    case = house.receive()
    assert house.ask("POST", f"/cases/{case}/messages", "carl", json={"message": "withdraw"}).json["closed"] is True
    assert house.ask("POST", f"/cases/{case}/messages", "carl", json={"message": "withdraw"}).status_code == 409


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_too_many_wrong_passwords_have_to_wait(house: House) -> None:
    wrong = {"name": "carl", "password": "wrong"}
    said = [house.ask("POST", "/session", None, json=wrong) for _ in range(TRIES + 1)]
    assert [s.status_code for s in said] == [401] * TRIES + [429]
    assert said[-1].headers["Retry-After"]
    right = house.ask("POST", "/session", None, json={"name": "carl", "password": PASSWORD})
    assert right.status_code == 429
    assert house.ask("POST", "/session", None, json={"name": "cora", "password": PASSWORD}).status_code == 201


def test_wrong_passwords_are_counted_on_all_nodes_together_and_for_five_minutes(house: House, clock: StoppedClock) -> None:
    # Given two nodes on one store, and somebody who tries passwords on both by turns
    nodes = [SignIn(house.parts, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), clock) for _ in range(2)]
    for n in range(TRIES):
        with pytest.raises(WrongPassword):
            nodes[n % 2].open("carl", "wrong")
    # I expect neither to look at another password for that name, right or wrong
    for node in nodes:
        with pytest.raises(TooManyTries):
            node.open("carl", PASSWORD)
    assert nodes[1].open("cora", PASSWORD)
    # until five minutes after the first try, however often they tried meanwhile
    clock.advance(minutes=4, seconds=59)
    with pytest.raises(TooManyTries):
        nodes[0].open("carl", PASSWORD)
    clock.advance(seconds=1)
    assert nodes[1].open("carl", PASSWORD)
    # Who is let in begins anew
    for _ in range(TRIES):
        with pytest.raises(WrongPassword):
            nodes[0].open("carl", "wrong")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_session_ends(house: House) -> None:
    assert house.ask("GET", "/me", "carl").json["name"] == "carl"
    assert house.ask("DELETE", "/session", "carl").status_code == 200
    assert house.ask("GET", "/me", "carl").status_code == 401
    house.parts.clock.advance(days=1)  # type: ignore[attr-defined]
    assert house.ask("GET", "/me", "cora").status_code == 401


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_cookie_alone_changes_nothing(house: House) -> None:
    client = house.app.test_client()
    client.set_cookie("kesu", house.tokens["rita"])
    assert client.get("/api/v1/me").status_code == 200
    assert client.post("/api/v1/cases", json=GOOD).status_code == 403


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_is_changed_without_a_new_password_keeps_the_old_one(house: House) -> None:
    changed = {"name": "carl", "zh": "卡尔", "en": "Carl", "memberships": ["office/clerk"]}
    assert house.ask("POST", "/people", "ada", json=changed).status_code == 201
    house.sign_in("carl")
    assert house.ask("GET", "/me", "carl").json["zh"] == "卡尔"


@pytest.mark.parametrize(
    "mark",
    [["-opened", 10**30, "C-1"], ["-opened", 1, "a\x00b"], ["-opened", 1, "\ud800"], ["-opened", True, "x"], [[]] * 3, "[" * 50_000],
    ids=["huge", "null", "surrogate", "bool", "lists", "deep"],
)  # fmt: skip
def test_a_forged_page_mark_is_refused(house: House, mark: Any) -> None:
    text = mark if isinstance(mark, str) else json.dumps(mark)
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert house.ask("GET", f"/cases?cursor={cursor}", "carl").status_code in (400, 422)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("megabytes", [3, 26])
def test_a_body_that_is_too_large_is_refused_in_the_asked_language(house: House, megabytes: int) -> None:
    said = house.ask("POST", "/cases", lang="en", data=b'{"pack": "' + b"x" * (megabytes << 20), content_type="application/json")
    assert (said.status_code, said.json["code"]) == (413, "body-too-large")
    assert said.json["title"] == "The request is larger than 2 MB."

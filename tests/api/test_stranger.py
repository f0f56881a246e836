"""A stranger who has only the description: what is asked, refused and handed out tells enough to go on."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import waitress
from marshmallow import Schema, ValidationError, fields
from werkzeug.http import parse_options_header

from api.app import operations
from api.openapi import describe
from api.rest.endpoint import Operation
from api.rest.sentences import in_words
from engine.clock import StoppedClock
from tests.api.conftest import House

CHINESE = re.compile("[\u4e00-\u9fff]")
#: What no entry of a request is, one after the other.
WRONG: tuple[Any, ...] = (
    None, "", 0, -1, 1.5, 10**12, True, [], [1], {}, {"a": 1}, "x" * 30_000, "no such thing", "2026-01-01T00:00:00",
    "1066-01-01T00:00:00Z", "\0",
)  # fmt: skip


@pytest.mark.parametrize("way", ["paper", "attachment"])
def test_what_is_called_in_chinese_leaves_a_real_server_under_its_name(house: House, way: str) -> None:
    # Given a file and a paper whose names no header could hold as they are
    photo = {"name": "门 坏的.txt", "base64": base64.b64encode(b"a door").decode()}
    case = house.receive(proof=[photo])
    [kept] = house.ask("GET", f"/cases/{case}", "carl").json["documents"]
    path = f"/cases/{case}/documents/1.xlsx?lang=zh" if way == "paper" else f"/cases/{case}/attachments/{kept['file']}"
    # When they are fetched from a server, and not from the test client
    server = waitress.create_server(house.app, host="127.0.0.1", port=0, threads=1)

    def run() -> None:
        with contextlib.suppress(OSError):  # it is closed while it listens
            server.run()

    running = threading.Thread(target=run, daemon=True)
    running.start()
    asking = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=30)
    try:
        asking.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {house.tokens['carl']}"})
        answer = asking.getresponse()
        answer.read()
    finally:
        asking.close()
        server.close()
        running.join()
    # I expect them under their names, and under one in ASCII for whoever knows no better
    assert answer.status == 200
    said = answer.getheader("Content-Disposition") or ""
    called = "260101 受理.xlsx" if way == "paper" else "门 坏的.txt"
    assert said.endswith(f"filename*=UTF-8''{quote(called)}")
    assert parse_options_header(said) == ("attachment", {"filename": called})


def _entered() -> Iterator[tuple[Operation, type[Schema]]]:
    for operation in operations():
        yield from ((operation, kind) for kind in (operation.body, operation.query) if kind is not None)


def _sentences(found: Any) -> Iterator[str]:
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from [inner] if isinstance(inner, str) else _sentences(inner)


def test_whatever_is_wrong_with_a_request_is_said_in_the_readers_language() -> None:
    told: dict[str, set[str]] = {"zh": set(), "en": set()}
    for _, kind in _entered():
        schema = kind()
        tries = [{name: wrong} for name in schema.fields for wrong in WRONG]
        inside = [{name: [wrong]} for name, one in schema.fields.items() if isinstance(one, fields.List) for wrong in WRONG]
        inside += [{name: {"a": wrong}} for name, one in schema.fields.items() if isinstance(one, fields.Dict) for wrong in WRONG]
        for given in [{}, {"no such name": 1}, *tries, *inside]:
            try:
                schema.load(given)
            except ValidationError as error:
                found = error.normalized_messages()  # type: ignore[no-untyped-call]
                for lang in ("zh", "en"):
                    told[lang] |= set(_sentences(in_words(found, lang, schema)))
    # I expect no sentence in the other language, and none of the library's own
    assert len(told["zh"]) > 20 and [said for said in told["zh"] if not CHINESE.search(said)] == []
    assert [said for said in told["en"] if CHINESE.search(said) or said[0].isupper()] == []


def test_an_unknown_name_is_answered_with_those_that_are_known(house: House) -> None:
    said = house.ask("GET", "/tasks?limits=3", "carl").json
    assert said["errors"] == {"limits": ["is not known here; did you mean limit?"]}
    said = house.ask("POST", "/cases/C-1/pause", "carl", lang="zh", json={"warum": "x", "reason": "y"}).json
    assert said["errors"] == {"warum": ["这里没有这一项；可用：reason。"]}


def test_several_of_a_kind_are_joined_as_the_language_does_and_the_entry_is_named(house: House) -> None:
    body = {"pack": "office", "channel": "pigeon", "answers": {"subject": "门", "loss": "9" * 40}}
    said = house.ask("POST", "/cases", json=body).json
    assert said["title"] == "The pack office has no channel called pigeon; it has: phone, web."
    assert said["errors"] == {"channel": [said["title"]]}
    assert "phone、web" in house.ask("POST", "/cases", lang="zh", json=body).json["title"]
    said = house.ask("POST", "/cases", json={**body, "channel": "web"}).json
    assert said["errors"] == {"loss": ["is too large."]}


def test_whoever_is_complained_of_is_told_beside_the_entry_that_others_take_the_complaint_in(house: House) -> None:
    body = {"pack": "office", "channel": "web", "answers": {"subject": "门", "loss": "1", "accused": "rita"}}
    said = house.ask("POST", "/cases", "rita", json=body)
    assert (said.status_code, said.json["code"]) == (403, "complained-of")
    assert said.json["errors"] == {"accused": [said.json["title"]]} and "somebody else" in said.json["title"]


def test_every_name_that_is_given_is_described_and_every_type_said_once() -> None:
    described = describe(operations())
    silent = [
        f"{way} {path} {parameter['name']}"
        for path, ways in described["paths"].items()
        for way, operation in ways.items()
        for parameter in operation.get("parameters", ())
        if not (parameter.get("description") or parameter["schema"].get("description"))
    ]
    assert silent == []
    # What a case and a task are made of is told where it is not said by its name alone
    told = {path: described["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
            for path in ("/cases/{case}", "/tasks/{case}/{task}")}  # fmt: skip
    assert all(told["/cases/{case}"][name]["description"] for name in ("tasks", "messages", "waiting", "incidents", "linked", "able", "may"))
    assert all(told["/tasks/{case}/{task}"][name]["description"] for name in ("form", "values", "why_not", "candidates", "asked", "deadline"))
    # A list of types holds each of them once (JSON schema 2020-12, 6.1.1).
    lists = re.findall(r'"type": (\[[^\]]*\])', json.dumps(described))
    assert [kinds for kinds in lists if len(set(json.loads(kinds))) != len(json.loads(kinds))] == []


def test_the_schema_of_a_form_tells_the_bounds_that_are_kept(house: House) -> None:
    shape = house.ask("GET", "/packs/office/intake", "rita").json["schema"]["properties"]
    assert shape["subject"]["maxLength"] == 100
    assert shape["customer"]["maxLength"] == 500 and shape["proof"]["maxItems"] == 50
    assert shape["loss"]["minimum"] == 0 and "maximum" not in shape["loss"]


def test_a_form_is_looked_at_with_the_files_it_would_be_sent_with(house: House) -> None:
    photo = {"name": "a.txt", "base64": base64.b64encode(b"proof").decode()}
    answers = {"subject": "门", "loss": "1", "proof": [photo]}
    assert house.ask("POST", "/packs/office/intake/check", json={"answers": answers}).json["errors"] == {}
    case = house.receive()
    looked = house.ask("POST", f"/tasks/{case}/look-1/check", "carl", json={"answers": {"finding": "x", "photos": [photo]}})
    assert looked.json["errors"] == {}
    # Nothing was kept
    assert house.ask("GET", f"/cases/{case}/attachments", "carl").json["attachments"] == []


def test_what_is_refused_when_a_form_is_sent_is_told_when_it_is_looked_at(house: House) -> None:
    # Persons and files are known by the store alone, and were looked at only when all was sent
    said = {"subject": "门", "loss": "1", "accused": "nobody at all", "proof": ["0" * 64]}
    looked = house.ask("POST", "/packs/office/intake/check", json={"answers": said}).json["errors"]
    assert looked == {
        "accused": ["There is no such person; choose from the list."], "proof": ["upload the file first."],
    }  # fmt: skip
    sent = house.ask("POST", "/cases", json={"pack": "office", "channel": "web", "answers": said})
    assert sent.status_code == 422 and set(sent.json["errors"]) <= set(looked)


def test_whoever_could_never_take_a_task_is_told_the_role_and_not_its_holder(house: House) -> None:
    case = house.receive()
    house.ask("POST", f"/tasks/{case}/look-1/claim", "carl")
    for way in ("claim", "complete"):
        said = house.ask("POST", f"/tasks/{case}/look-1/{way}", "rita", json={"answers": {"finding": "x"}})
        assert (said.status_code, said.json["code"]) == (403, "not-authorised") and "carl" not in said.text
    said = house.ask("POST", f"/tasks/{case}/look-1/complete", "cora", json={"answers": {"finding": "x"}})
    assert (said.status_code, said.json["code"]) == (409, "not-yours") and "carl" in said.text


def test_what_is_known_now_is_told_without_a_number(house: House) -> None:
    case = house.receive()
    now = house.ask("GET", f"/cases/{case}/state", "carl").json
    assert now == house.ask("GET", f"/cases/{case}/state?at={now['seq']}", "carl").json
    assert now["seq"] == house.ask("GET", f"/cases/{case}", "carl").json["seq"]


def test_a_task_past_its_limit_is_found_among_what_is_overdue_by_whoever_sees_the_case(
    house: House, clock: StoppedClock
) -> None:
    # Given two complaints nobody looks into, one of them sealed off from its clerk
    first, second = house.receive(), house.receive(accused="cora")
    house.ask("POST", f"/tasks/{first}/look-1/claim", "carl")
    assert house.ask("GET", "/deadlines/overdue", "hana").json == {"deadlines": [], "next": None}
    # When the three working days are over
    clock.advance(days=5)
    house.sign_in("hana", "cora", "rita")
    found = house.ask("GET", "/deadlines/overdue", "hana").json["deadlines"]
    # I expect both tasks, though neither is hana's to do: what is late, by how much, in whose hands
    assert [(d["case"], d["deadline"], d["stage"], d["holder"]) for d in found] == [
        (first, "look-1", "task", "carl"), (second, "look-1", "task", None),
    ]  # fmt: skip
    assert found[0]["limit"] == "look" and found[0]["left"]["late"] is True and found[0]["label"]["zh"]
    assert house.ask("GET", f"/tasks/{found[0]['task']}", "hana").status_code == 200
    assert [d["case"] for d in house.ask("GET", "/deadlines/overdue", "cora").json["deadlines"]] == [first]
    # And page by page, with the limits of the cases once they are over, too
    house.parts.executor.let_time_pass(clock, clock.now() + timedelta(days=30))
    house.sign_in("hana")
    whole = house.ask("GET", "/deadlines/overdue?pack=office", "hana").json["deadlines"]
    assert {d["stage"] for d in whole} == {"task", "case"} and [d["due"] for d in whole] == sorted(d["due"] for d in whole)
    paged, cursor = [], ""
    while cursor is not None:
        page = house.ask("GET", f"/deadlines/overdue?limit=1{cursor and '&cursor=' + cursor}", "hana").json
        paged, cursor = paged + page["deadlines"], page["next"]
    assert paged == whole and len(whole) > 3
    assert house.ask("GET", "/deadlines/overdue?pack=other", "hana").json["deadlines"] == []
    assert house.ask("GET", "/deadlines/overdue?cursor=x", "hana").json["code"] == "cursor-unusable"

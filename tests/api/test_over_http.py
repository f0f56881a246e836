"""From receipt to closing over HTTP, and what the API promises whoever calls it twice, late or stale."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from openapi_spec_validator import validate

from api.app import operations
from api.openapi import describe
from tests.api.conftest import House


def test_a_complaint_goes_from_receipt_to_closing(house: House) -> None:
    case = house.receive(customer="王女士")
    listed = house.ask("GET", "/tasks?scope=group", "carl").json["tasks"]
    assert [(t["case"], t["task"]) for t in listed] == [(case, "look-1")]

    task = f"/cases/{case}/tasks/look-1"
    assert house.ask("POST", f"{task}/claim", "carl").status_code == 200
    assert house.ask("POST", f"{task}/draft", "carl", json={"answers": {"finding": "半"}}).json["kept"]
    assert house.ask("POST", f"{task}/complete", "carl", json={"answers": {"finding": "铰链断了"}}).status_code == 200
    done = house.ask("POST", f"/cases/{case}/tasks/approve-1/complete", "hana", json={"answers": {"approved": True}})
    assert done.status_code == 200
    assert done.json["closed"] is True
    assert done.json["number"] == "260101"

    view = house.ask("GET", f"/cases/{case}", "hana")
    assert view.headers["ETag"] == f'"{done.json["seq"]}"'
    told = house.ask("GET", f"/cases/{case}/history", "hana").json["events"]
    assert told[-1]["sentence"].startswith("The case was closed")
    assert [e["seq"] for e in told] == list(range(1, done.json["seq"] + 1))
    for what in ("deadlines", "diagram", "messages", "state?at=3", "diagram?at=3"):
        assert house.ask("GET", f"/cases/{case}/{what}", "hana").status_code == 200, what


def test_the_same_key_is_the_same_case_and_another_request_under_it_is_refused(house: House) -> None:
    body = {"pack": "office", "channel": "phone", "answers": {"subject": "门", "loss": "1"}}
    key = {"Idempotency-Key": "a-1"}
    first = house.ask("POST", "/cases", json=body, headers=key)
    again = house.ask("POST", "/cases", json=body, headers=key)
    assert first.json["case"] == again.json["case"]
    assert house.ask("POST", "/cases", json=body).json["case"] != first.json["case"]
    other = house.ask("POST", "/cases", json={**body, "channel": "web"}, headers=key)
    assert other.status_code == 422
    assert other.json["code"] == "idempotency-key-reused"


def test_a_stale_page_is_told_what_happened_meanwhile(house: House) -> None:
    case = house.receive()
    seen = house.ask("GET", f"/cases/{case}/tasks/look-1", "carl").headers["ETag"]
    house.ask("POST", f"/cases/{case}/tasks/look-1/claim", "cora")
    late = house.ask(
        "POST",
        f"/cases/{case}/tasks/look-1/complete",
        "carl",
        json={"answers": {"finding": "x"}},
        headers={"If-Match": seen},
    )
    assert late.status_code in (403, 409), late.text
    assert late.content_type == "application/problem+json"


def test_time_passes_by_the_simulated_clock_alone(house: House) -> None:
    case = house.receive()
    moved = house.ask("POST", "/clock", "ada", json={"advance": "P7D"})
    assert moved.status_code == 200, moved.text
    # Sessions have ended meanwhile.
    assert house.ask("GET", "/me", "carl").status_code == 401
    house.sign_in("carl", "ada")
    kinds = [e["kind"] for e in house.ask("GET", f"/cases/{case}/history", "carl").json["events"]]
    assert "timer_fired" in kinds
    back = house.ask("POST", "/clock", "ada", json={"now": "2020-01-01T00:00:00Z"})
    assert (back.status_code, back.json["code"]) == (409, "clock-goes-forward")


def test_nobody_who_may_not_moves_the_clock(house: House) -> None:
    assert house.ask("POST", "/clock", None, json={"advance": "P1D"}).status_code == 401


def test_a_file_comes_back_as_it_was(house: House) -> None:
    case = house.receive()
    kept = house.ask("POST", f"/cases/{case}/attachments?name=a.txt", "carl", data=b"proof", content_type="text/plain")
    assert kept.status_code == 201, kept.text
    back = house.ask("GET", f"/cases/{case}/attachments/{kept.json['file']}", "carl")
    assert back.data == b"proof"
    assert back.headers["Content-Disposition"].startswith("attachment")


def test_what_operators_ask(house: House) -> None:
    assert house.watch("/health/live").json == {"alive": True}
    assert house.watch("/health/ready").json["well"] is True
    assert house.watch("/health").json["well"] is True
    assert b"kesu_job_waiting_count" in house.watch("/metrics").data


def test_every_route_is_described(house: House) -> None:
    described = house.app.test_client().get("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    routes = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith(("/api/v1", "/health", "/metrics", "/openapi"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(method, path) for path, ways in described["paths"].items() for method in ways}
    names = [way["operationId"] for ways in described["paths"].values() for way in ways.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_problems_are_in_the_readers_language(house: House, lang: str) -> None:
    said = house.ask("GET", "/tasks", None, lang)
    assert said.status_code == 401
    assert said.json["title"] == {"zh-CN": "请先登录。", "en": "Please sign in."}[lang]


def test_a_complaint_brings_its_evidence_along_in_one_request(house: House) -> None:
    photo = {"name": "门.jpg", "base64": base64.b64encode(b"\xff\xd8\xff a door").decode()}
    case = house.receive(proof=[photo])
    [kept] = house.ask("GET", f"/cases/{case}", "carl").json["documents"]
    assert kept["name"] == "门.jpg"
    assert house.ask("GET", f"/cases/{case}/attachments/{kept['file']}", "carl").data == b"\xff\xd8\xff a door"


def test_what_is_not_base64_is_told_at_its_field(house: House) -> None:
    body = {
        "pack": "office",
        "channel": "phone",
        "answers": {"subject": "a", "loss": "1", "proof": [{"name": "a.jpg", "base64": "?"}]},
    }
    said = house.ask("POST", "/cases", json=body)
    assert said.status_code == 422 and list(said.json["errors"]) == ["proof"]


#: Where the description says "an object" and no more, by the words that tell the reader where its names are told.
OPEN = {
    "Answers by the name of the form's field": "forms belong to packs",
    "What is known about the case": "case data are what forms and procedures make them",
    "Facts by name": "each kind of event, errand and act has its own, and new kinds come",
    "A JSON schema": "is itself a description",
    "An OpenAPI 3.1 description": "is itself a description",
    "As the owner wrote it": "the kind of a parameter is the owner's",
    "As the column's rule gives it": "the rule is the owner's",
    "As the field's type writes it": "a default is of the type of its field",
    "As the field's type gives it": "what stands on a paper is of the type of its field",
    "Case data to be put right": "as case data",
    "Which of several that wait for it": "a correlation key is what the diagram compares it with",
}


def test_every_answer_and_every_body_is_described_to_its_last_name() -> None:
    described = describe(operations())
    vague: list[str] = []
    excused: set[str] = set()

    def look(shape: dict[str, Any], where: str) -> None:
        for words in OPEN:
            if str(shape.get("description", "")).startswith(words):
                excused.add(words)
                return
        kinds = shape.get("type", ())
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        if not kinds and not {"$ref", "anyOf", "enum"} & set(shape):
            vague.append(f"{where}: of no type")
        more = shape.get("additionalProperties")
        if "object" in kinds and "properties" not in shape and not (isinstance(more, dict) and more):
            vague.append(f"{where}: an object, whatever is in it")
        if "array" in kinds and not {"items", "prefixItems"} & set(shape):
            vague.append(f"{where}: a list, whatever is in it")
        for name, inner in shape.get("properties", {}).items():
            look(inner, f"{where}.{name}")
        inners = [*shape.get("anyOf", ()), *shape.get("prefixItems", ()), shape.get("items"), shape.get("additionalProperties")]
        for inner in inners:
            if isinstance(inner, dict):
                look(inner, f"{where}[]")

    for path, ways in described["paths"].items():
        for way, operation in ways.items():
            contents = [r.get("content", {}) for r in operation["responses"].values()]
            for content in [*contents, operation.get("requestBody", {}).get("content", {})]:
                for media in content.values():
                    look(media["schema"], f"{way} {path}")
            for parameter in operation.get("parameters", ()):
                look(parameter["schema"], f"{way} {path} ?{parameter['name']}")
    for name, shape in described["components"]["schemas"].items():
        look(shape, name)
    assert vague == [], "\n".join(vague)
    assert excused == set(OPEN)


def test_the_description_is_openapi_3_1() -> None:
    validate(describe(operations()))

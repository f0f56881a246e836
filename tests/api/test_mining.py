"""What process-mining tools get: every step of the cases an auditor may list, and nothing of what was answered."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.api.conftest import House

XES = "{http://www.xes-standard.org/}"


def closed_case(house: House) -> str:
    case = house.receive(customer="王女士")
    house.ask("POST", f"/cases/{case}/tasks/look-1/complete", "carl", json={"answers": {"finding": "铰链断了"}})
    done = house.ask("POST", f"/cases/{case}/tasks/approve-1/complete", "hana", json={"answers": {"approved": True}})
    assert done.json["closed"]
    return case


def traces(house: House, asked: str = "", lang: str = "zh") -> dict[str, list[dict[str, str]]]:
    said = house.ask("GET", f"/log?format=xes&lang={lang}{asked}", "ada")
    assert said.status_code == 200
    log = ElementTree.fromstring(said.data)
    found = {}
    for trace in log.iter(f"{XES}trace"):
        facts = {e.get("key"): e.get("value") for e in trace if e.tag != f"{XES}event"}
        found[str(facts["concept:name"])] = [{str(e.get("key")): str(e.get("value")) for e in event} for event in trace.iter(f"{XES}event")]
    return found


def test_a_trace_tells_each_step_when_and_by_whom(house: House) -> None:
    case = closed_case(house)
    events = traces(house)[case]
    steps = [(e["concept:name"], e["lifecycle:transition"], e.get("org:resource")) for e in events]
    assert steps[0] == ("登记投诉", "complete", "rita")
    looked = [(turn, who) for _, turn, who in steps if (turn, who) == ("complete", "carl")]
    assert len(looked) == 1
    assert steps[-1][0] == "结案"
    assert [e["time:timestamp"] for e in events] == sorted(e["time:timestamp"] for e in events)
    history = house.ask("GET", f"/cases/{case}/history", "ada").json["events"]
    proved = {e["seq"]: e for e in history}
    assert all(int(e["kesu:seq"]) in proved for e in events), "each is proved by an event of the history"


def test_answers_and_personal_data_stay_at_home(house: House) -> None:
    closed_case(house)
    for kind in ("xes", "ocel"):
        said = house.ask("GET", f"/log?format={kind}", "ada").get_data(as_text=True)
        assert "铰链" not in said
        assert "王女士" not in said
        assert "门坏了" not in said


def test_what_a_log_refers_to_is_in_it(house: House) -> None:
    case = closed_case(house)
    log: dict[str, Any] = json.loads(house.ask("GET", "/log?format=ocel", "ada").data)
    objects = {one["id"]: one for one in log["objects"]}
    types = {one["name"]: {a["name"] for a in one["attributes"]} for one in log["objectTypes"]}
    activities = {one["name"] for one in log["eventTypes"]}
    assert len({e["id"] for e in log["events"]}) == len(log["events"])
    for event in log["events"]:
        assert event["type"] in activities
        assert all(r["objectId"] in objects for r in event["relationships"])
    for one in log["objects"]:
        assert {a["name"] for a in one["attributes"]} <= types[one["type"]]
        assert all(r["objectId"] in objects for r in one["relationships"])
    assert f"{case}/look-1" in objects
    assert {r["qualifier"] for e in log["events"] for r in e["relationships"]} >= {"case", "task", "by"}


def test_an_ocel_file_is_what_the_standard_describes(house: House) -> None:
    # Given what OCEL 2.0 says of its JSON: names, times, and every value as text
    text, time = {"type": "string"}, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}

    def rows(must: str, **keys: Any) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object", "properties": keys, "required": must.split(), "additionalProperties": False}}

    to, kinds = rows("objectId qualifier", objectId=text, qualifier=text), rows("name type", name=text, type={"enum": ["string", "time", "integer"]})
    described = {
        "type": "object", "required": ["eventTypes", "objectTypes", "events", "objects"],
        "properties": {
            "eventTypes": rows("name attributes", name=text, attributes=kinds), "objectTypes": rows("name attributes", name=text, attributes=kinds),
            "events": rows("id type time", id=text, type=text, time=time, attributes=rows("name value", name=text, value=text), relationships=to),
            "objects": rows("id type", id=text, type=text, attributes=rows("name value time", name=text, value=text, time=time), relationships=to),
        },
    }  # fmt: skip
    closed_case(house)
    house.receive()
    # I expect the file to be that
    jsonschema.validate(json.loads(house.ask("GET", "/log?format=ocel", "ada").data), described)


def test_an_xes_file_is_what_the_standard_describes(house: House) -> None:
    closed_case(house)
    log = ElementTree.fromstring(house.ask("GET", "/log?format=xes", "ada").data)
    assert float(str(log.get("xes.version"))) > 1
    # Extensions, globals, classifiers, attributes, traces: in this order and nothing else
    places = ["extension", "global", "classifier", "string", "trace"]
    order = [places.index(part.tag.removeprefix(XES)) for part in log]
    assert order == sorted(order) and {*order} == {*range(len(places))}
    for part in log:
        assert part.tag not in (f"{XES}extension", f"{XES}classifier") or re.fullmatch(r"[^\W\d][\w.-]*", str(part.get("name")))
    # Of a trace the attributes before the events, each of a type whose value it has, each key once
    for holder in (*log.iter(f"{XES}trace"), *log.iter(f"{XES}event")):
        facts = [part for part in holder if part.tag != f"{XES}event"]
        assert list(holder)[: len(facts)] == facts and len({part.get("key") for part in facts}) == len(facts)
        for part in facts:
            assert re.fullmatch(r"[^\W\d][\w:.-]*", str(part.get("key"))) and set(part.attrib) == {"key", "value"}
            _READ[part.tag.removeprefix(XES)](str(part.get("value")))
    # What globals and classifiers name stands in every event
    named = {key for part in log.iter(f"{XES}classifier") for key in str(part.get("keys")).split()} | {"time:timestamp"}
    assert all(named <= {part.get("key") for part in event} for event in log.iter(f"{XES}event"))


#: How the value of each type of attribute is read.
_READ: dict[str, Any] = {"string": str, "int": int, "float": float, "date": datetime.fromisoformat, "boolean": ("true", "false").index}


def test_only_what_was_asked_for_and_only_for_auditors(house: House) -> None:
    case = closed_case(house)
    assert case in traces(house, "&pack=office")
    assert traces(house, "&pack=other") == {}
    assert traces(house, "&until=2020-01-01T00:00:00Z") == {}
    refused = house.ask("GET", "/log", "rita")
    assert refused.status_code == 403
    assert refused.json["code"] == "not-authorised"
    assert house.ask("GET", "/log?format=csv", "ada").status_code == 422


@pytest.mark.parametrize(("lang", "closed"), [("zh", "结案"), ("en", "Case closed")])
def test_activities_are_called_as_the_reader_calls_them(house: House, lang: str, closed: str) -> None:
    case = closed_case(house)
    assert traces(house, lang=lang)[case][-1]["concept:name"] == closed

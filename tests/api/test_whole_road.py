"""The procedure of the general manager's office from intake to archive, by the API alone.

A client that knows nothing but the description: it reads the procedure for roles, each task for its form, who
may do it and what is required, fills in what is asked, enters what the customer says when that is awaited,
and lets time pass when nothing else can be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from api.app import create
from api.settings import Settings
from api.signin import SignIn
from api.wiring import build
from engine.clock import StoppedClock
from engine.gate import check
from engine.release import gather
from engine.store import Person, Store
from tests.api.conftest import PASSWORD, House

PACK = "mfg-gm-office"
SAID: dict[str, Any] = {
    "text": "文", "textarea": "说明", "yesno": True, "money": "10.00", "integer": 1, "number": 1, "date": "2026-01-20",
    "datetime": "2026-01-20T09:00:00Z", "time": "09:00", "phone": "13800000000", "email": "a@b.cn", "person": "gm-1",
}  # fmt: skip

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def house(store: Store, clock: StoppedClock, tmp_path: Path) -> Iterator[House]:
    """The pack in force, and an administrator; everybody else is hired over the API."""
    settings = Settings.load({"simulated_clock": True, "outbox": tmp_path / "outbox"}, environ={})
    parts = build(settings, clock=clock, store=store)
    signin = SignIn(parts, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    folder = settings.bpmn / "packs" / PACK
    found = check(gather(folder, settings.bpmn / "shared", settings.forms)).release
    assert found is not None
    with store.begin() as tx:
        tx.save_release(found.digest, pack=PACK, files=found.files, by="system", at=clock.now())
        tx.publish_release(found.digest, by="system", at=clock.now())
        boss = frozenset({"*/admin"})
        tx.put_person(Person(name="boss", zh="管", en="Boss", locale="en", memberships=boss, password=signin.hash(PASSWORD)))
    house = House(app=create(parts, signin), parts=parts, tokens={})
    house.sign_in("boss")
    for role in house.ask("GET", f"/packs/{PACK}", "boss").json["roles"]:
        for number in (1, 2):
            name = f"{role['role'].replace('_', '-')}-{number}"
            person = {"name": name, "zh": name, "en": name, "locale": "en", "memberships": [f"{PACK}/{role['role']}"]}
            said = house.ask("POST", "/people", "boss", json={**person, "password": PASSWORD})
            assert said.status_code == 201, said.text
            house.sign_in(name)
    yield house
    parts.executor.stop()


def value_for(field: dict[str, Any]) -> Any:
    """Something that fits a field, by what the form says of it."""
    if field["type"] == "table":
        columns = [c for c in field["columns"] if c["type"] not in ("computed", "section", "note", "show")]
        return [{c["name"]: value_for(c) for c in columns if c["type"] != "file"}]
    one = field["options"][0]["value"] if field["options"] else SAID.get(field["type"])
    return [one] if field["many"] or field["type"] == "choices" else one


def answers_for(house: House, path: str, form: dict[str, Any] | None, who: str) -> dict[str, Any]:
    """What the form asks for, asked again until nothing is missing: one answer may make another necessary."""
    fields = {f["name"]: f for f in form["fields"]} if form else {}
    answers: dict[str, Any] = {}
    for _ in range(8):
        sheet = house.ask("POST", f"{path}/check", who, json={"answers": answers}).json
        missing = [a["name"] for a in sheet["asked"] if a["required"] and a["name"] not in answers]
        if not missing:
            assert sheet["errors"] == {}, (path, sheet["errors"])
            break
        answers |= {name: value_for(fields[name]) for name in missing}
    return answers


def test_a_complaint_goes_from_intake_to_the_archive(house: House) -> None:
    opens = house.ask("GET", f"/packs/{PACK}", "boss").json["pack"]["starters"][0] + "-1"
    intake = house.ask("GET", f"/packs/{PACK}/intake", opens).json
    answers = answers_for(house, f"/packs/{PACK}/intake", {"fields": intake["fields"]}, opens)
    received = house.ask("POST", "/cases", opens, json={"pack": PACK, "channel": "phone", "answers": answers})
    case, done = received.json["case"], 0
    # When everybody does what is theirs and the customer accepts
    for _ in range(150):
        view = house.ask("GET", f"/cases/{case}", "boss").json
        if view["head"]["closed_at"]:
            break
        if view["tasks"]:
            task = house.ask("GET", f"/tasks/{view['tasks'][0]['id']}", "boss").json
            assert task["candidates"], f"nobody may do {task['line']['id']}"
            who, path = task["candidates"][0], f"/tasks/{task['line']['id']}"
            listed = house.ask("GET", "/tasks?all&limit=200", who).json["tasks"]
            assert task["line"]["id"] in [t["id"] for t in listed]
            version = house.ask("GET", path, who)
            assert version.json["why_not"] is None and version.json["may"]["complete"]
            given = answers_for(house, path, version.json["form"], who)
            headers = {"If-Match": version.headers["ETag"], "Idempotency-Key": f"{case}-{done}"}
            said = house.ask("POST", f"{path}/complete", who, json={"answers": given}, headers=headers)
            assert said.status_code == 200, (path, said.text)
            done += 1
            continue
        awaited = {m["message"]: m for m in view["messages"] if m["awaited"]}
        if "customer-accepts" in awaited:
            form = awaited["customer-accepts"]["form"]
            fields = form["fields"] if form else []
            (role, *_) = awaited["customer-accepts"]["roles"]
            procedure = house.ask("GET", f"/packs/{PACK}", "sales-1").json
            (enters, *_) = next(r["people"] for r in procedure["roles"] if r["role"] == role)
            payload = {f["name"]: value_for(f) for f in fields if f["required"] is True}
            body = {"message": "customer-accepts", "payload": payload}
            assert house.ask("POST", f"/cases/{case}/messages", enters, json=body).status_code == 200
            continue
        # What the case waits for is said, and when it comes.
        assert view["waiting"], view["head"]
        assert house.ask("POST", "/clock", "boss", json={"advance": "P1D"}).status_code == 200
    # I expect it to be archived under its number, in the register, in the figures, and provable
    assert view["head"]["status"] == "archived" and view["head"]["number"] and done > 30
    assert house.ask("GET", f"/cases/{case}/verify", "boss").json["agrees"] is True
    (row,) = house.ask("GET", "/registers/tracking", "boss").json["rows"]
    assert row["case"] == case and row["texts"][0] == view["head"]["number"] and row["texts"][-1] == "Archived"
    figures = house.ask("GET", "/statistics?every=year", "boss").json
    assert [t["count"] for t in figures["closed"]] == [1] and sum(t["count"] for t in figures["done"]) == done
    told = [e["sentence"] for e in house.ask("GET", f"/cases/{case}/history", "boss").json["events"]]
    assert all(told) and told[-1].startswith("The case was closed")


def test_who_is_late_is_listed_reminded_and_told_why_then(house: House) -> None:
    answers = {"customer": "大华", "subject": "色差", "complaint_text": "色差明显", "product": "布"}
    received = house.ask("POST", "/cases", "sales-1", json={"pack": PACK, "channel": "phone", "answers": answers})
    case = received.json["case"]
    (task,) = house.ask("GET", f"/cases/{case}/tasks", "sales-1").json["tasks"]
    (limit,) = (d for d in house.ask("GET", f"/cases/{case}/deadlines", "sales-1").json["deadlines"] if d["stage"] == "task")
    assert limit["due"] == task["due"] and limit["why"]
    assert house.ask("GET", "/tasks?overdue", "sales-1").json["tasks"] == []
    house.ask("POST", "/clock", "boss", json={"now": "2026-01-12T00:00:00Z"})
    late = house.ask("GET", "/tasks?overdue", "sales-1").json["tasks"]
    assert [t["id"] for t in late] == [task["id"]] and late[0]["left"]["late"] is True
    assert house.ask("GET", "/tasks?overdue", "finance-1").json["tasks"] == []

"""Drafts over HTTP: nothing an owner wrote is lost, no case notices, and what is handed in passed the same gate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.drafting import differences
from engine.store import Person
from tests.api.conftest import House
from tests.desk.office import FILES

MAIN = "diagrams/office.bpmn"


@pytest.fixture
def owners(house: House) -> House:
    """The office, with two who own its procedure."""
    with house.parts.store.begin() as tx:
        for name in ("olga", "omar"):
            password = tx.person("rita").password
            tx.put_person(
                Person(name=name, zh=name, en=name, locale="en", memberships=frozenset({"office/owner"}), password=password)
            )
    house.sign_in("olga", "omar")
    return house


def begin(house: House, who: str = "olga", **more: Any) -> str:
    said = house.ask("POST", "/drafts", who, json={"pack": "office", "note": "shorter", **more})
    assert said.status_code == 201, said.text
    return str(said.json["draft"])


def save(house: House, draft: str, who: str, files: dict[str, str | None], seen: int | None = None, **more: Any) -> Any:
    headers = {} if seen is None else {"If-Match": f'"{seen}"'}
    return house.ask("PUT", f"/drafts/{draft}/files", who, headers=headers, json={"files": files, **more})


def test_a_draft_begins_as_the_release_in_force_and_no_case_notices(owners: House) -> None:
    case = owners.receive()
    before = owners.ask("GET", f"/cases/{case}", "hana").json
    draft = begin(owners)
    files = owners.ask("GET", f"/drafts/{draft}", "olga").json["files"]
    assert {f["path"] for f in files} >= set(FILES)
    assert not any(f["changed"] for f in files)
    # When everything in it is torn up
    assert save(owners, draft, "olga", {MAIN: "torn", "pack.yaml": None}, 1).status_code == 200
    # I expect the case and new ones to run as before
    assert owners.ask("GET", f"/cases/{case}", "hana").json == before
    assert owners.receive() != case


def test_who_saves_second_is_told_what_changed_holds_both_texts_and_nothing_is_lost(owners: House) -> None:
    draft = begin(owners)
    first = save(owners, draft, "olga", {"forms/F01.yaml": "olgas"}, 1)
    assert (first.status_code, first.json["version"]) == (200, 2)
    # Another file is no conflict.
    assert save(owners, draft, "omar", {"names/office.yaml": '"甲": "A"\n'}, 1).json["version"] == 3
    second = save(owners, draft, "omar", {"forms/F01.yaml": "omars"}, 1)
    assert (second.status_code, second.json["code"]) == (412, "draft-moved-on")
    (theirs,) = second.json["theirs"]
    assert (theirs["by"], theirs["text"], theirs["version"]) == ("olga", "olgas", 2)
    assert "olga" in second.json["title"]
    # When omar, having seen it, saves his own over hers
    assert save(owners, draft, "omar", {"forms/F01.yaml": "omars"}, 3).json["version"] == 4
    said = {v: owners.ask("GET", f"/drafts/{draft}/file?path=forms/F01.yaml&version={v}", "olga").json["text"] for v in (2, 3, 4)}
    # I expect hers to be there still
    assert said == {2: "olgas", 3: "olgas", 4: "omars"}
    # The same text saved twice is no save.
    assert save(owners, draft, "olga", {"forms/F01.yaml": "omars"}, 1).json["version"] == 4


def test_drafts_are_for_owners(owners: House) -> None:
    draft = begin(owners)
    for who in ("rita", "hana", "olaf"):
        assert owners.ask("POST", "/drafts", who, json={"pack": "office"}).status_code == 403
        for path in (f"/drafts/{draft}", f"/drafts/{draft}/file?path=pack.yaml", f"/drafts/{draft}/choices"):
            assert owners.ask("GET", path, who).status_code == 403
        assert save(owners, draft, who, {"pack.yaml": "x"}).status_code == 403
        assert owners.ask("POST", f"/drafts/{draft}/check", who, json={}).status_code == 403
        assert owners.ask("POST", f"/drafts/{draft}/hand-in", who, json={}).status_code == 403
        assert owners.ask("DELETE", f"/drafts/{draft}", who).status_code == 403
        assert owners.ask("GET", "/drafts", who).json["drafts"] == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "path", ["../pack.yaml", "forms/../x.yaml", "forms/a/b.yaml", "forms/x.txt", "x.py", "", "base.yaml", "forms\\x.yaml", "forms/ \u0007.yaml"]
)
def test_a_draft_holds_files_of_a_pack_and_no_others(owners: House, path: str) -> None:
    draft = begin(owners)
    assert save(owners, draft, "olga", {path: "x"}).json["code"] == "file-name-wrong"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_draft_is_checked_unsaved_by_the_gate_that_publishes(owners: House) -> None:
    draft = begin(owners)
    assert owners.ask("POST", f"/drafts/{draft}/check", "olga", json={}).json["passes"] is True
    text = FILES[MAIN].decode()
    broken = text.replace('formId="F02"', 'formId="F99"')
    assert broken != text
    found = owners.ask("POST", f"/drafts/{draft}/check", "olga", lang="zh-CN", json={"files": {MAIN: broken}}).json
    assert found["passes"] is False
    assert any(f["file"] == MAIN and "F99" in f["text"] and f["element"] and f["remedy"] for f in found["findings"])
    # Nothing was kept of it.
    assert owners.ask("GET", f"/drafts/{draft}", "olga").json["draft"]["version"] == 1
    save(owners, draft, "olga", {MAIN: broken})
    assert owners.ask("POST", f"/drafts/{draft}/hand-in", "olga", json={}).json["code"] == "refused"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_is_handed_in_is_published_by_a_second_person(owners: House) -> None:
    draft = begin(owners)
    assert owners.ask("POST", f"/drafts/{draft}/hand-in", "olga", json={}).json["code"] == "nothing-changed"
    save(owners, draft, "olga", {"pack.yaml": FILES["pack.yaml"].decode() + "\n# 改\n"}, 1)
    digest = owners.ask("POST", f"/drafts/{draft}/hand-in", "olga", json={"note": "why"}).json["digest"]
    assert owners.ask("GET", f"/drafts/{draft}", "olga").json["draft"]["handed_in"] == digest
    assert owners.ask("POST", f"/releases/{digest}/publish", "olga").status_code == 403
    assert owners.ask("POST", f"/releases/{digest}/publish", "omar").status_code == 200
    # The draft can be put away; the release stays.
    assert owners.ask("DELETE", f"/drafts/{draft}", "olga").status_code == 200
    assert owners.ask("GET", f"/drafts/{draft}", "olga").status_code == 404
    assert owners.ask("GET", f"/releases/{digest}", "olga").status_code == 200


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_choices_are_offered_however_broken_the_rest_is(owners: House) -> None:
    draft = begin(owners)
    offered = owners.ask("GET", f"/drafts/{draft}/choices", "olga").json
    assert offered["roles"] and offered["limits"] and {c["id"] for c in offered["forms"]} >= {"F01", "F02"}
    assert "take-number" in {c["id"] for c in offered["errands"]} and offered["milestones"][:2] == ["opened", "closed"]
    save(owners, draft, "olga", {MAIN: "<no", "forms/F01.yaml": "[", "names/office.yaml": "["})
    assert owners.ask("GET", f"/drafts/{draft}/choices", "olga").json["roles"] == offered["roles"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_english_names_go_into_the_pack_s_list_line_by_line(owners: House) -> None:
    draft = begin(owners)
    save(owners, draft, "olga", {"names/office.yaml": '# list\n"甲": "A"\n"乙": B\n'})
    save(owners, draft, "olga", {}, names={"乙": "Second: b", "丙": "C", "甲": ""})
    text = owners.ask("GET", f"/drafts/{draft}/file?path=names/office.yaml", "olga").json["text"]
    assert text == '# list\n"乙": "Second: b"\n"丙": "C"\n'
    assert owners.ask("GET", f"/drafts/{draft}/choices", "olga").json["names"]["乙"] == "Second: b"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_difference_is_told_by_element_by_rule_and_by_line(owners: House) -> None:
    draft = begin(owners)
    text = FILES[MAIN].decode()
    save(owners, draft, "olga", {MAIN: text.replace('formId="F02"', 'formId="F01"'), "forms/F09.yaml": "id: F09\n"})
    told = owners.ask("GET", f"/drafts/{draft}/difference", "omar").json
    # The shared names come along with whatever is handed in.
    by_path = {f["path"]: f for f in told["files"] if f["path"] != "names/shared.yaml"}
    drawn, added = by_path[MAIN], by_path["forms/F09.yaml"]
    assert len(by_path) == 2
    (change,) = drawn["changes"]
    assert (change["kind"], change["element"]) == ("changed", "look")
    assert change["details"] == [{"what": "form", "before": "F02", "after": "F01"}]
    assert (added["path"], added["kind"], added["lines"][0]["right"]) == ("forms/F09.yaml", "added", "id: F09")
    assert owners.ask("GET", f"/drafts/{draft}/difference?against=none", "omar").status_code == 404


def test_what_only_moved_is_said_to_have_moved() -> None:
    drawn = (Path(__file__).parents[2] / "bpmn" / "shared" / "diagrams" / "flow-product-quality.bpmn").read_bytes()
    element = re.search(rb'bpmnElement="(\w+)"[^>]*>\s*<dc:Bounds x="', drawn)
    assert element is not None
    moved = drawn[: element.end()] + b"1" + drawn[element.end() :]
    (told,) = differences({"diagrams/x.bpmn": drawn}, {"diagrams/x.bpmn": moved})
    assert {c.kind for c in told.changes} <= {"moved"}

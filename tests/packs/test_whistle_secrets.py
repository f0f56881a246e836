"""Who reported is known to the monitor and the lead alone, and every look at a sealed case leaves a trace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.packs.company import Company
from tests.packs.whistle import company
from tests.packs.whistle_house import House, open_house, said_in

__all__ = ["company"]

NAME, PHONE, STORY = "何静", "13800020001", "同一台电脑打印"


@pytest.fixture
def house(company: Company) -> Iterator[House]:
    """The company served, with an auditor."""
    yield open_house(company, extra={"auditor": frozenset({"*/auditor"})})


def reads(house: House, who: str, case: str, task: str, *, printed: bool = True) -> str:
    """Everything somebody can read about a case, by every operation and page; in print, too, unless told otherwise."""
    known = {"task": task}
    said = []
    for method, rule in house.about_cases():
        if method == "GET" and (printed or not rule.rule.endswith((".pdf", ".xlsx"))):
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: case if m[1] == "case" else known.get(m[1], "3"), rule.rule)
            answer = house.ask(who, "GET", path, query_string={"at": "3"} if path.endswith(("state", "diagram")) else {})
            assert answer.status_code < 500, path
            said.append(text_of(answer))
    return "\n".join(said)


def text_of(answer: TestResponse) -> str:
    """What an answer says, with its Chinese characters as they are."""
    return json.dumps(answer.json, ensure_ascii=False) if answer.is_json else said_in(answer)


def test_who_reported_is_read_by_the_monitor_and_the_lead_and_nobody_else(company: Company, house: House) -> None:
    case = company.receive()
    company.carry(case, until="hr_decides")
    task = company.tasks(case)[0].task
    # What is printed for those who may know is looked at with the papers (`test_whistle_papers`).
    seen = {who: reads(house, who, case, task, printed=who != "monitor-1") for who in ("monitor-1", "investigator-1", "hr-1")}
    for who in ("lead-1", "ceo-1", "auditor"):
        seen[who] = text_of(house.ask(who, "GET", f"/api/v1/cases/{case}/history"))
    assert {who: (NAME in text, PHONE in text, STORY in text) for who, text in seen.items()} == {
        "monitor-1": (True, True, True),
        "lead-1": (True, True, True),
        "ceo-1": (False, False, True),
        "investigator-1": (False, False, True),
        "hr-1": (False, False, False),
        "auditor": (False, False, False),
    }
    assert all("withheld" in text for who, text in seen.items() if who not in ("monitor-1", "lead-1"))


def test_the_letter_itself_is_not_handed_to_whoever_may_not_know_whose_it_is(company: Company, house: House) -> None:
    case = company.receive()
    kept = company.desk.attach(case, "来信.pdf", "application/pdf", b"%PDF-1.4 x", company.person("monitor"))
    company.carry(case, {"originals": {"original_scan": [{"file": kept.sha256, "name": "来信.pdf"}]}}, until="inquire")
    path = f"/api/v1/cases/{case}/attachments/{kept.sha256}"
    assert house.ask("lead-1", "GET", path).status_code == 200
    assert house.ask("investigator-1", "GET", path).status_code == 404
    for page in (f"/api/v1/cases/{case}", f"/api/v1/cases/{case}/history", f"/cases/{case}"):
        assert kept.sha256 in house.ask("lead-1", "GET", page).text
        assert kept.sha256 not in house.ask("investigator-1", "GET", page).text


def test_what_is_hidden_stays_hidden_when_a_task_is_done(company: Company, house: House) -> None:
    # Given somebody who does a task without being shown all that the case knows
    case = company.receive()
    company.carry(case, until="hr_decides")
    task = company.tasks(case)[0].task
    said = house.ask("hr-1", "POST", f"/api/v1/cases/{case}/tasks/{task}/complete", json={"answers": company.usual["hr_decides"]})
    # I expect that the answer tells nothing, and that nothing was lost for those who may know
    assert said.status_code == 200 and NAME not in text_of(said)
    assert NAME in text_of(house.ask("monitor-1", "GET", f"/api/v1/cases/{case}/history"))


def test_every_look_leaves_a_trace_that_the_overseers_read(company: Company, house: House) -> None:
    case = company.receive()
    company.carry(case, until="inquire")
    house.ask("monitor-1", "GET", f"/api/v1/cases/{case}")
    house.ask("lead-1", "GET", f"/api/v1/cases/{case}/history")
    house.ask("hr-1", "GET", f"/api/v1/cases/{case}")
    looks = house.ask("risk_gm-1", "GET", f"/api/v1/cases/{case}/looks").json["looks"]
    assert [(look["person"], look["what"]) for look in looks] == [
        ("monitor-1", "case"), ("lead-1", "history"),
    ]  # fmt: skip
    assert house.ask("monitor-1", "GET", f"/api/v1/cases/{case}/looks").status_code == 403
    assert house.ask("hr-1", "GET", f"/api/v1/cases/{case}/looks").status_code == 404

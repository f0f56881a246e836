"""Whoever is complained of cannot be told that a case exists: by no operation, page, list, search, link, file or replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.history import TaskReleased
from engine.store import Deputy, Person
from forms import AnswersRefused
from tests.packs.company import Company
from tests.packs.whistle import company, doers
from tests.packs.whistle_house import NEVER, House, open_house, read_lists, walk

__all__ = ["company"]

EVERY_ROLE = frozenset(
    f"whistle-risk/{r}" for r in ("monitor", "risk", "risk_gm", "lead", "investigator", "group", "ceo", "chairman", "hr")
)
#: The accused, with everything a person can be.
ACCUSED = {
    "acc-plain": frozenset[str](),
    "acc-roles": EVERY_ROLE,
    "acc-everything": frozenset({"*/admin", "*/auditor", "whistle-risk/owner", *EVERY_ROLE}),
}
#: People who have nothing to do with the case.
OUTSIDERS = {"outsider": frozenset[str](), "admin": frozenset({"*/admin", "whistle-risk/owner"})}
SEARCHES = [
    "/api/v1/cases?q=采购", "/api/v1/cases?q=JB2026", "/api/v1/cases?q=C-1", "/api/v1/cases?pack=whistle-risk",
    "/api/v1/cases?status=received", "/api/v1/cases?open=true", "/api/v1/tasks?scope=all", "/api/v1/tasks?scope=group",
    "/api/v1/tasks?scope=overdue", "/api/v1/tasks?scope=all&q=采购", "/api/v1/tasks?scope=all&flow=staff-conduct", "/?scope=group",
    "/?scope=all", "/?scope=all&q=JB", "/cases?q=采购", "/cases?pack=whistle-risk", "/cases?state=open",
]  # fmt: skip


@pytest.fixture
def house(company: Company) -> Iterator[House]:
    """The company served; `stand-in` is deputy of everybody who is complained of."""
    made = open_house(company, extra={**ACCUSED, **OUTSIDERS, "stand-in": frozenset()})
    now = company.clock.now()
    with company.store.begin() as tx:
        for name in (*ACCUSED, "lead-1", "monitor-1"):
            tx.put_deputy(Deputy(absent=name, deputy="stand-in", since=now, until=now + timedelta(days=90)))
    yield made


def known(company: Company, case: str) -> dict[str, str]:
    """Real names inside the case, for addresses that ask for one."""
    task = company.tasks(case)[0].task
    return {"task": task, "deadline": "T24-1", "message": "reporter-asks", "seq": "1", "incident": "i-1", "act": "claim"}


def against(*people: str, company: Company) -> str:
    """A case against these, in the middle of the inquiry, with a file."""
    case = company.receive(accused=list(people), accused_rank="executive")
    company.carry(case, until="inquire")
    return case


def differences(house: House, company: Company, who: str, case: str, behalf: str | None = None) -> dict[str, Any]:
    """Where a real case answers otherwise than one that never was."""
    real = walk(house, who, case, known(company, case), behalf=behalf)
    never = walk(house, who, NEVER, known(company, case), behalf=behalf)
    return {path: (said, never[path]) for path, said in real.items() if said != never[path]}


@pytest.mark.parametrize("who", ACCUSED)
def test_to_whoever_is_complained_of_the_case_does_not_exist(company: Company, house: House, who: str) -> None:
    case = against(who, company=company)
    assert differences(house, company, who, case) == {}
    assert company.head(case).seq == company.history(case)[-1].seq


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nor_to_people_who_take_no_part_in_it(company: Company, house: House, who: str) -> None:
    assert differences(house, company, who, against("acc-plain", company=company)) == {}


def test_nor_to_the_deputy_of_the_accused(company: Company, house: House) -> None:
    case = against("acc-roles", company=company)
    assert differences(house, company, "stand-in", case) == {}
    assert differences(house, company, "stand-in", case, behalf="acc-roles") == {}


def test_whoever_takes_part_is_answered_so_the_walk_can_fail(company: Company, house: House) -> None:
    case = against("acc-plain", company=company)
    assert len(differences(house, company, "monitor-1", case)) > 10


def test_no_list_count_or_search_changes_when_a_case_is_opened_and_goes_on(company: Company, house: House) -> None:
    people = ["acc-roles", "acc-everything", "admin"]
    before = {who: read_lists(house, who, SEARCHES) for who in people}
    before["behalf"] = read_lists(house, "stand-in", SEARCHES, behalf="acc-roles")
    against(*ACCUSED, company=company)
    after = {who: read_lists(house, who, SEARCHES) for who in people}
    after["behalf"] = read_lists(house, "stand-in", SEARCHES, behalf="acc-roles")
    for who, lists in before.items():
        assert {p: (said, after[who][p]) for p, said in lists.items() if said != after[who][p]} == {}


def test_a_colleague_of_the_same_roles_sees_what_the_accused_does_not(company: Company, house: House) -> None:
    case = against("acc-roles", company=company)
    assert case in house.ask("monitor-2", "GET", "/api/v1/cases?q=采购").text
    assert case not in house.ask("acc-roles", "GET", "/api/v1/cases?q=采购").text


def test_a_name_found_later_counts_from_the_same_moment(company: Company, house: House) -> None:
    # Given the lead of the inquiry, who has the task in hand and a half-filled form
    case = against("acc-plain", company=company)
    task = next(t for t in company.tasks(case) if t.element == "inquire").task
    lead = company.person("lead")
    company.desk.claim_task(case, task, lead)
    company.desk.save_draft(case, task, {"inquiry_done": "先压一压"}, lead)
    company.desk.release_task(case, task, lead)
    # When a member finds the lead's name
    said = {**company.usual["inquire"], "more_accused_found": True, "new_accused": ["lead-1"], "new_accused_rank": "manager"}
    company.desk.complete_task(case, task, {**said, "next_step": "more"}, company.person("investigator"))
    # I expect the case gone for the lead and the lead's deputy, and the inquiry to go on without
    assert differences(house, company, "lead-1", case) == {}
    assert differences(house, company, "stand-in", case, behalf="lead-1") == {}
    assert {t.element for t in company.tasks(case)} == {"inquire"}
    assert company.head(case).barred == ("acc-plain", "lead-1")


def test_what_the_accused_had_in_hand_is_taken_from_them(company: Company, house: House) -> None:
    case = company.receive(accused=["acc-plain"])
    task = company.tasks(case)[0].task
    company.desk.claim_task(case, task, company.person("monitor"))
    company.carry_on_as(case, "monitor-2")
    company.desk.recuse(case, "monitor-1", "新发现的被举报人", company.owner())
    released = [r.event.task for r in company.history(case) if isinstance(r.event, TaskReleased)]
    assert released == [task]
    assert differences(house, company, "monitor-1", case) == {}
    assert company.carry(case, until="review", which=2) == ["originals"]


def test_what_a_deputy_took_for_the_accused_goes_back_as_well(company: Company, house: House) -> None:
    case = company.receive(accused=["acc-plain"])
    task = company.tasks(case)[0].task
    took = house.ask("stand-in", "POST", f"/api/v1/cases/{case}/tasks/{task}/claim", behalf="monitor-1")
    assert took.status_code == 200 and company.tasks(case)[0].claimed_by == "stand-in"
    company.carry_on_as(case, "monitor-2")
    company.desk.recuse(case, "monitor-1", "新发现的被举报人", company.owner())
    assert company.tasks(case)[0].claimed_by is None
    assert differences(house, company, "stand-in", case) == {}
    assert differences(house, company, "stand-in", case, behalf="monitor-1") == {}


def test_an_answer_is_not_given_again_to_whoever_became_the_accused(company: Company, house: House) -> None:
    key = {"Idempotency-Key": "once"}
    answers = {k: v for k, v in company.intake.items() if v is not None} | {"accused": ["acc-plain"]}
    body = {"pack": "whistle-risk", "channel": "phone", "answers": answers}
    said = house.ask("monitor-1", "POST", "/api/v1/cases", json=body, headers=key)
    case = said.json["case"]
    assert house.ask("monitor-1", "POST", "/api/v1/cases", json=body, headers=key).json == said.json
    company.carry_on_as(case, "monitor-2")
    company.desk.recuse(case, "monitor-1", "新发现的被举报人", company.owner())
    again = house.ask("monitor-1", "POST", "/api/v1/cases", json=body, headers=key)
    assert (again.status_code, again.json["code"]) == (404, "case-not-found")


@pytest.mark.parametrize("role", ["lead", "investigator"])
def test_the_accused_is_never_given_the_case(company: Company, house: House, role: str) -> None:
    case = company.receive(accused=["acc-roles"])
    company.carry(case, until="form_team")
    named = {"lead": "acc-roles"} if role == "lead" else {"members": ["acc-roles"]}
    with pytest.raises(AnswersRefused) as refused:
        company.do(case, "form_team", **named)
    assert set(refused.value.errors) == {"lead" if role == "lead" else "members"}
    task = company.tasks(case)[0].task
    handed = house.ask("risk_gm-1", "POST", f"/api/v1/cases/{case}/tasks/{task}/delegate", json={"to": "acc-roles"})
    assert handed.status_code == 403
    assert "acc-roles" not in house.ask("risk_gm-1", "GET", f"/api/v1/cases/{case}/tasks/{task}").json["candidates"]


def test_whoever_gets_a_role_later_stays_out(company: Company, house: House) -> None:
    case = against("acc-plain", company=company)
    with company.store.begin() as tx:
        person = tx.person("acc-plain")
        tx.put_person(Person(name="acc-plain", zh="丁", en="D", memberships=EVERY_ROLE, password=person.password))
    assert differences(house, company, "acc-plain", case) == {}


def test_the_same_file_elsewhere_says_nothing(company: Company, house: House) -> None:
    case = against("acc-roles", company=company)
    company.desk.attach(case, "举报信.csv", "text/csv", b"a;b", company.person("monitor"))
    mine = company.receive(accused=[])
    said = house.ask("acc-roles", "POST", f"/api/v1/cases/{mine}/attachments?name=x.txt", data=b"a;b")
    assert said.status_code == 201 and (said.json["name"], said.json["media_type"]) == ("x.txt", "text/plain")


def test_a_case_of_which_a_sealed_one_stems_does_not_show_it(company: Company, house: House) -> None:
    parent = company.receive(accused=[])
    company.carry(parent, until="review")
    child = company.desk.open_case(
        "whistle-risk", {**company.intake, "accused": ["acc-roles"]}, company.person("monitor"), channel="phone", parent=parent
    ).case
    assert child in house.ask("monitor-1", "GET", f"/api/v1/cases/{parent}").text
    for path in (f"/api/v1/cases/{parent}", f"/cases/{parent}", f"/api/v1/cases/{parent}/history"):
        said = house.ask("acc-roles", "GET", path)
        assert said.status_code == 200 and child not in said.text


def test_people_of_the_case_do_their_work_meanwhile(company: Company, house: House) -> None:
    case = against("acc-plain", company=company)
    company.carry(case)
    assert doers(company, "check") == ["monitor-1"]


def test_a_letter_that_could_not_be_delivered_tells_administrators_no_more_than_that(
    company: Company, house: House
) -> None:
    case = against("acc-everything", company=company)
    with company.store.begin() as tx:
        tx.enqueue("errand", "notice-1", company.clock.now(), case=case, max_attempts=1)
        (job,) = [j for j in tx.claim_jobs("test") if j.key == "notice-1"]
        assert tx.fail_job(job, "财务部拒收")
    seen = {who: house.ask(who, "GET", "/api/v1/jobs").json["given_up"] for who in ("admin", "acc-everything")}
    assert [(j["case"], j["key"], j["error"]) for j in seen["admin"]] == [(None, "", None)]
    assert seen["acc-everything"] == []

"""The base flow for complaints about service: a pack that brings four lines has a whole procedure."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.clock import StoppedClock
from engine.publishing import check
from engine.release import Release, gather
from engine.replay import verify
from engine.store import Store
from tests.packs.company import ROOT, Company, open_company
from tests.packs.test_names import drawn
from tests.packs.test_product_base import USUAL as PRODUCT

THIN = """
pack: thin-service
title: {zh: 某公司服务投诉办法, en: A thin service procedure}
base: flow-service
"""
INTAKE = {"customer": "某客户", "subject": "柜台态度", "complaint_text": "三次未办成，态度差。"}
USUAL: dict[str, dict[str, Any]] = {
    **PRODUCT,
    "triage": {
        "request_kind": "complaint", "dissatisfied": True, "competent": True, "verifiable": True, "solvable_now": False,
        "injury": False, "media": False, "group_size": "1",
    },
    "explain": {"explained_text": "已告知网点时间", "explained_on": "2026-01-05"},
    "contact": {"contacted_on": "2026-01-05", "contact_means": "phone", "told_waiting": "十个工作日", "read_back": True},
    "solve": {"solved_text": "当场补办", "solved_content": True},
    "dispatch": {"dispatch_unit": "营业部"},
    "opinion": {"upheld": True, "remedies": ["apology"], "tracked": False, "combined_opinion": "登门致歉"},
    "rest": {"provisional_reason": "customer_silent", "last_contact": "2026-01-05", "provisional_notes": "未回"},
    "lead": {"crisis_lead": "主任", "crisis_wording": "正在核查", "crisis_measures": "专人接待"},
    "track": {"crisis_report": "已沟通", "crisis_over": True},
}  # fmt: skip
TAKEN = ["triage", "contact"]
FOUND = ["dispatch", "evidence", "cause", "sum_up", "review"]
SETTLED = ["opinion", "decide", "answer"]
DONE = ["carry", "confirm"]
END = ["check", "ask"]


def release(more: str = "", tables: dict[str, bytes] | None = None) -> Release:
    """The thin pack with a few lines and tables of its own, through the gate without a word."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "decisions").mkdir()
        (Path(folder) / "pack.yaml").write_text(THIN + more, encoding="utf-8")
        for name, data in (tables or {}).items():
            (Path(folder) / "decisions" / name).write_bytes(data)
        files = gather(Path(folder), ROOT / "bpmn" / "shared", ROOT / "forms" / "library")
    checked = check(files)
    assert checked.release is not None and not checked.findings, [f.text("en") for f in checked.findings]
    return checked.release


def works_by(release: Release, url: str, clock: StoppedClock, folder: Path) -> Company:
    """A company that works by a release of the thin pack."""
    return open_company(release, Store(url, clock=clock, durable=False), clock, folder / "out", INTAKE, USUAL)


@pytest.fixture
def company(request: pytest.FixtureRequest, sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Company:
    """A company that works by the base alone, with the lines a test hands over."""
    return works_by(release(getattr(request, "param", "")), sqlite_url, clock, tmp_path)


def verified(company: Company, case: str) -> bool:
    """Whether the history, played again, gives the same state byte for byte."""
    with company.store.look() as reading:
        head, records = reading.head(case), reading.history(case)
        return verify(records, lambda digest: company.desk.shelf.release(digest, reading), head.state).agrees


def test_four_lines_make_a_procedure_from_the_first_word_to_the_archive(company: Company) -> None:
    case = company.receive()
    assert company.carry(case) == [*TAKEN, *FOUND, *SETTLED, *DONE, *END]
    head = company.head(case)
    assert (head.flow, head.status, head.number) == ("service", "archived", "FW2026010001")
    assert verified(company, case)


def test_everything_it_draws_is_said_in_english() -> None:
    made = release()
    assert {text for text in drawn(made) if text not in made.english} == set()


@pytest.mark.parametrize("kind", ["enquiry", "advice", "help", "notice", "suggestion"])
def test_an_enquiry_is_answered_and_is_no_case(company: Company, kind: str) -> None:
    case = company.receive()
    assert company.carry(case, {"triage": {"request_kind": kind, "dissatisfied": False}}) == ["triage", "explain"]
    assert company.head(case).number is None
    assert verified(company, case)


@pytest.mark.parametrize(("kind", "dissatisfied"), [("enquiry", True), ("fault", False), ("complaint", False)])
def test_whoever_is_dissatisfied_complains_whatever_it_began_with(
    company: Company, kind: str, dissatisfied: bool
) -> None:
    case = company.receive()
    company.carry(case, {"triage": {"request_kind": kind, "dissatisfied": dissatisfied}}, until="contact")
    assert company.head(case).number == "FW2026010001"


@pytest.mark.parametrize("why", ["competent", "verifiable"])
def test_what_is_not_ours_or_cannot_be_checked_is_declined_in_writing(company: Company, why: str) -> None:
    case = company.receive()
    assert company.carry(case, {"triage": {why: False}}) == ["triage", "decline"]
    assert company.head(case).status == "declined" and company.head(case).number is None
    assert [e["form"] for e in company.errands(case, "send-letter")] == ["F05-decline"]
    assert verified(company, case)


def test_what_can_be_solved_at_once_is_solved_and_recorded(company: Company) -> None:
    case = company.receive()
    assert company.carry(case, {"triage": {"solvable_now": True}}) == [*TAKEN, "solve", *END]
    assert verified(company, case)


def test_a_customer_who_is_not_content_three_times_gets_a_ruling_of_the_head(company: Company) -> None:
    case = company.receive()
    for _ in range(3):
        company.carry(case, until="answer")
        company.do(case, "answer")
        company.desk.receive_message(case, "customer-refuses", {"reaction_text": "不接受"}, company.person("intake"))
    assert company.open_elements(case) == ["rule_on"]
    company.carry(case)
    assert company.head(case).status == "archived"
    assert verified(company, case)


def test_the_target_reminds_and_the_hard_limit_goes_to_the_head(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="dispatch")
    target, hard = datetime(2026, 1, 19, 10, 0, tzinfo=UTC), datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
    company.pass_until(target - timedelta(minutes=1))
    before = len(company.errands(case, "send-reminder"))
    company.pass_until(target)
    assert [e["to"] for e in company.errands(case, "send-reminder")][before:] == ["responsible"]
    assert company.errands(case, "escalate") == []
    company.pass_until(hard)
    assert [e["to"] for e in company.errands(case, "escalate")] == ["director"]
    assert company.open_elements(case) == ["dispatch", "overdue"]
    company.carry(case)
    assert verified(company, case)


def test_the_same_complaint_again_urges_the_open_case(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="evidence")
    for _ in range(2):
        company.desk.receive_message(case, "customer-urges", {"urge_text": "怎么还没消息"}, company.person("intake"))
    assert [e["to"] for e in company.errands(case, "send-reminder")] == ["responsible"] * 2
    assert company.open_elements(case) == ["evidence"]


def test_an_escalation_has_somebody_lead_until_it_is_over(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="evidence")
    said = {"escalation_by": "media", "escalation_text": "记者到场"}
    company.desk.receive_message(case, "complaint-escalates", said, company.person("intake"))
    assert company.open_elements(case) == ["evidence", "lead"]
    company.do(case, "lead")
    company.do(case, "track", crisis_over=False)
    company.do(case, "lead")
    company.do(case, "track")
    assert company.open_elements(case) == ["evidence"]
    company.carry(case)
    assert verified(company, case)


def test_a_pack_whose_table_says_so_has_provisional_closure(
    sqlite_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    # Given a pack that brings table d19 alone: silence is no consent
    shared = (ROOT / "bpmn" / "shared" / "decisions" / "d19-reopen.dmn").read_text(encoding="utf-8")
    table = {"d19-reopen.dmn": shared.replace('"file"', 'if reaction = "accepts" then "file" else "rest"').encode()}
    company = works_by(release(tables=table), sqlite_url, clock, tmp_path)
    case = company.receive()
    company.carry(case, until="rest")
    company.do(case, "rest")
    said = {"new_evidence": False, "contact_text": "出差回来了"}
    company.desk.receive_message(case, "customer-contacts", said, company.person("intake"))
    # When the customer is in touch in time, the same case goes on; when not, it is closed
    company.carry(case, until="rest")
    company.do(case, "rest", last_contact="2026-01-20")
    company.pass_until(datetime(2026, 4, 20, 16, 0, tzinfo=UTC))
    assert company.open_elements(case) == ["check"]
    company.carry(case)
    assert verified(company, case)


@pytest.mark.parametrize(
    "company", ["roles: {responsible: {zh: 营业部, en: Branch}}\nparams: {approval_mode: {value: none}, followup: {value: 'no'}}\n"],
    indirect=True,
)  # fmt: skip
def test_a_pack_switches_approval_and_follow_up_off_and_names_its_roles(company: Company) -> None:
    case = company.receive()
    assert company.carry(case) == [*TAKEN, *FOUND, "opinion", "answer", *DONE, "check"]
    assert verified(company, case)

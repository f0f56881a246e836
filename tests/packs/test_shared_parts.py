"""Shared parts that no shipped product-quality pack calls: they pass the gate and do what their documentation says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.diagram.drawing import draw
from engine.publishing import check
from engine.release import gather
from engine.store import Store
from tests.packs.company import ROOT, Company, open_company

SKETCH = """
process parts 各部件
lane one 一道
| begun | told | asked | rest | gone | over |

start begun 收到
call told 受理告知
  calls: ca-acknowledge ; in: speaker = ="clerk" ; in: contact_limit = ="help"
call asked 协办
  calls: ca-cohandle ; in: asker = ="clerk" ; in: chief = ="head" ; in: helper = ="legal" ; in: answer_limit = ="help"
call rest 暂结案
  calls: ca-provisional ; in: keeper = ="clerk" ; in: months = =3
call gone 移送
  calls: ca-external ; in: proposer = ="clerk" ; in: chief = ="head"
end over 完

begun > told > asked > rest > gone > over
"""
PACK = """
pack: parts
title: {zh: 部件, en: Parts}
flow: service
process: parts
intake: F01-sales
calendar: cn
starters: [clerk]
channels: [phone]
roles: {clerk: {zh: 经办, en: Clerk}, head: {zh: 主管, en: Head}, legal: {zh: 法规部, en: Legal}}
limits: {help: {zh: 协办时限, en: Co-handling, value: 5, unit: workday, stage: task, from: task}}
messages: {customer-contacts: {zh: 客户再次联系, en: The customer is in touch again, form: M-contact, roles: [clerk]}}
"""
INTAKE = {"customer": "某人", "subject": "事由", "complaint_text": "内容", "product": "保单"}
USUAL = {
    "contact": {
        "contacted_on": "2026-01-05",
        "contact_means": "phone",
        "told_waiting": "十五个工作日",
        "read_back": True,
    },
    "ask_help": {"cohandle_grounds": ["opinion"], "cohandle_task": "条款解释"},
    "allow_help": {"cohandle_allowed": True},
    "help": {"cohandle_result": "条款无歧义"},
    "rest": {"provisional_reason": "no_contact", "last_contact": "2026-01-05", "provisional_notes": "三次未接"},
    "propose_transfer": {"transfer_body": "justice", "transfer_grounds": "涉嫌犯罪"},
    "approve_transfer": {"transfer_approved": True},
}


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Company:
    """A company whose procedure is one shared part after the other."""
    (tmp_path / "pack" / "diagrams").mkdir(parents=True)
    (tmp_path / "pack" / "pack.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "pack" / "diagrams" / "parts.bpmn").write_bytes(draw(SKETCH))
    checked = check(gather(tmp_path / "pack", ROOT / "bpmn" / "shared", ROOT / "forms" / "library"))
    assert [f.text("en") for f in checked.findings] == [] and checked.release is not None
    return open_company(checked.release, Store(sqlite_url, clock=clock, durable=False), clock, tmp_path / "out", INTAKE, USUAL)


def test_each_part_is_carried_to_its_end(company: Company) -> None:
    case = company.receive()
    path = company.carry(case)
    assert path == ["contact", "ask_help", "allow_help", "help", "rest", "propose_transfer", "approve_transfer"]
    assert [e["to"] for e in company.errands(case, "send-letter")] == ["justice"]


def test_help_that_is_late_is_reminded(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="help")
    company.pass_until(datetime(2026, 1, 12, 9, 59, tzinfo=UTC))
    assert company.errands(case, "send-reminder") == []
    company.pass_until(datetime(2026, 1, 12, 10, 1, tzinfo=UTC))
    assert [(e["kind"], e["to"]) for e in company.errands(case, "send-reminder")] == [("催办", "legal")]


def test_help_that_is_not_agreed_to_is_not_asked_for(company: Company) -> None:
    path = company.carry(
        company.receive(), {"allow_help": {"cohandle_allowed": False, "cohandle_refusal": "不必"}}, until="rest"
    )
    assert path == ["contact", "ask_help", "allow_help"]


def test_a_case_at_rest_ends_three_months_after_the_last_contact(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="rest")
    company.do(case, "rest")
    company.pass_until(datetime(2026, 4, 5, 15, 59, tzinfo=UTC))
    assert company.open_elements(case) == []
    company.pass_until(datetime(2026, 4, 5, 16, 0, tzinfo=UTC))
    assert company.open_elements(case) == ["propose_transfer"]


def test_a_customer_who_is_in_touch_again_brings_the_case_back(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="rest")
    company.do(case, "rest")
    said = {"new_evidence": True, "contact_text": "有录音"}
    company.desk.receive_message(case, "customer-contacts", said, company.person("clerk"))
    assert company.open_elements(case) == ["propose_transfer"]

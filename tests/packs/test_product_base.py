"""The base flow for complaints about products: a pack that brings four lines has a whole procedure."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.clock import StoppedClock
from engine.findings import Refused
from engine.publishing import check
from engine.release import Release, gather
from engine.replay import verify
from engine.store import Store
from tests.packs.company import ROOT, Company, open_company
from tests.packs.test_names import drawn

THIN = """
pack: thin-product
title: {zh: 某公司产品质量投诉办法, en: A thin product procedure}
base: flow-product-quality
"""
INTAKE = {"customer": "华光", "product": "外墙漆", "subject": "色差", "complaint_text": "同一批两桶颜色不同。"}
TRIAGE = {
    "complaint_class": "quality", "our_product": True, "verifiable": True, "loss_caused": True, "injury": False,
    "media": False, "group_size": "1", "visit_needed": False, "batch_needed": False,
}  # fmt: skip
USUAL: dict[str, dict[str, Any]] = {
    "triage": TRIAGE,
    "notice": {"anomaly": "标签错贴", "unit": "responsible", "improvement_asked": "加强核对"},
    "improve": {"improvement": "增加扫码", "improved_on": "2026-01-08"},
    "decline": {"decline_reason": "非本公司产品", "decline_venue": "生产厂家"},
    "register": {"file_complete": True},
    "appoint": {"visit_date": "2026-01-06", "visit_place": "工地", "visit_parties": ["quality"], "quality_can_come": True},
    "visit": {"visit_finding": "确有色差", "customer_agrees": True},
    "lookup": {
        "batch_no": "B-7", "made_on": "2025-11-03", "made_by": "二线甲班", "retained_sample": "defective",
        "shipped_quantity": "400", "stock_quantity": "60", "hold_needed": True,
    },
    "hold": {"held_quantity": "60", "held_place": "三号库", "held_on": "2026-01-06"},
    "evidence": {
        "heard_sides": [{"who": "客户", "said_on": "2026-01-06", "statement": "两桶同批"}], "inspection_result": "色差超标",
    },
    "cause": {"quality_cause": "调色机漂移", "countermeasure": "每批校准", "help_needed": False, "panel_needed": False},
    "ask_help": {"cohandle_grounds": ["expertise"], "cohandle_task": "光谱分析"},
    "allow_help": {"cohandle_allowed": True},
    "help": {"cohandle_result": "颜料批次异常"},
    "convene": {"panel_topic": "供应商责任", "panel_date": "2026-01-09", "panel_members": ["quality", "responsible"]},
    "minutes": {"third_party_name": "某颜料厂", "third_party_share": "40", "panel_resolution": "供应商承担四成"},
    "sign": {"signature": "agrees"},
    "sum_up": {"finding": "fault", "liable_unit": "responsible", "report_text": "属实"},
    "review": {"investigation_enough": True},
    "opinion": {"upheld": True, "remedies": ["exchange"], "repair_cost": "800.00", "tracked": False, "combined_opinion": "换货两桶"},
    "decide": {"verdict": "approved"},
    "answer": {"reply_means": "phone", "reply_text": "同意换货", "replied_on": "2026-01-08"},
    "rule_on": {"appeal_upheld": False, "ruling": "维持"},
    "told": {"letter_text": "经复议维持原处理意见。"},
    "carry": {"carried_on": "2026-01-09", "carried_out": "已送达"},
    "confirm": {"remedy_confirmed": True},
    "thanks": {"nothing_reason": "客户放弃"},
    "plan": {"plan_items": [{"measure": "校准", "owner": "赵工", "by": "2026-01-20"}]},
    "do": {"done_text": "已校准", "done_on": "2026-01-16"},
    "effect": {"effective": True},
    "check": {"form_filed": True},
    "overdue": {"overdue_instruction": "三日内办结"},
    "ask": {"followed_on": "2026-01-20", "followup_means": "phone", "satisfaction": "satisfied"},
    "look_at": {"review_result": "补寄色卡", "told_customer": True},
}  # fmt: skip
FOUND = ["triage", "register", "evidence", "cause", "sum_up", "review"]
SETTLED = ["opinion", "decide", "answer"]
DONE = ["carry", "confirm", "check", "ask"]


def release(more: str = "") -> Release:
    """The thin pack with a few lines of its own, through the gate without a word."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pack.yaml").write_text(THIN + more, encoding="utf-8")
        files = gather(Path(folder), ROOT / "bpmn" / "shared", ROOT / "forms" / "library")
    checked = check(files)
    assert checked.release is not None and not checked.findings, [f.text("en") for f in checked.findings]
    return checked.release


@pytest.fixture
def company(request: pytest.FixtureRequest, sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Company:
    """A company that works by the base alone, with the lines a test hands over."""
    store = Store(sqlite_url, clock=clock, durable=False)
    return open_company(release(getattr(request, "param", "")), store, clock, tmp_path / "out", INTAKE, USUAL)


def with_params(*lines: str) -> pytest.MarkDecorator:
    """Let the pack set parameters of the base."""
    text = "params:\n" + "".join(f"  {line}\n" for line in lines)
    return pytest.mark.parametrize("company", [text], indirect=True)


def test_four_lines_make_a_procedure_from_receipt_to_archive(company: Company) -> None:
    case = company.receive()
    assert company.carry(case) == [*FOUND, *SETTLED, *DONE]
    head = company.head(case)
    assert head.status == "archived" and head.number == "KS202601001"
    with company.store.look() as reading:
        assert verify(
            reading.history(case), lambda digest: company.desk.shelf.release(digest, reading), head.state
        ).agrees


def test_what_is_not_ours_is_declined_in_writing(company: Company) -> None:
    case = company.receive()
    assert company.carry(case, {"triage": {"our_product": False}}) == ["triage", "decline"]
    assert company.head(case).status == "declined" and company.head(case).number is None
    assert [e["form"] for e in company.errands(case, "send-letter")] == ["F05-decline"]


@with_params("loss_required: {value: 'yes'}")
def test_without_loss_the_unit_improves_where_the_pack_says_so(company: Company) -> None:
    case = company.receive()
    assert company.carry(case, {"triage": {"loss_caused": False}}) == ["triage", "notice", "improve"]
    assert ("improve", "responsible-1") in company.done


def test_a_visit_and_a_batch_trace_come_before_the_investigation(company: Company) -> None:
    path = company.carry(company.receive(), {"triage": {"visit_needed": True, "batch_needed": True}}, until="evidence")
    assert path == ["triage", "register", "appoint", "visit", "read", "lookup", "hold"]


def test_others_help_and_meet_where_the_cause_needs_it(company: Company) -> None:
    path = company.carry(company.receive(), {"cause": {"help_needed": True, "panel_needed": True}}, until="opinion")
    assert path == [*FOUND[:4], "ask_help", "allow_help", "help", "convene", "minutes", "sign", "sign", *FOUND[4:]]


def test_facts_that_are_not_clear_are_investigated_again(company: Company) -> None:
    path = company.carry(
        company.receive(), {"review": [{"investigation_enough": False, "review_reason": "缺留样"}, {}]}, until="opinion"
    )
    assert path == [*FOUND, *FOUND[2:]]


@pytest.mark.parametrize(("cost", "deciders"), [("5000.00", ["approver-1"]), ("5000.01", ["approver-1", "director-1"])])
def test_the_amount_says_who_decides(company: Company, cost: str, deciders: list[str]) -> None:
    company.carry(company.receive(), {"opinion": {"repair_cost": cost}}, until="answer")
    assert [who for element, who in company.done if element == "decide"] == deciders


@pytest.mark.parametrize(
    ("company", "settled"),
    [
        ("params: {approval_mode: {value: none}}", ["opinion", "answer"]),
        ("params: {approval_mode: {value: after_negotiation}}", ["opinion", "answer", "decide"]),
        ("params: {approval_mode: {value: both}}", ["opinion", "decide", "answer", "decide"]),
    ],
    indirect=["company"],
)
def test_the_pack_says_when_a_settlement_is_decided(company: Company, settled: list[str]) -> None:
    assert company.carry(company.receive(), until="carry") == [*FOUND, *settled]


def test_who_refuses_three_times_is_heard_by_the_head(company: Company) -> None:
    case = company.receive()
    for _ in range(3):
        company.carry(case, until="answer")
        company.do(case, "answer")
        company.desk.receive_message(case, "customer-refuses", {"reaction_text": "太少"}, company.person("intake"))
    company.carry(case, until="rule_on")
    assert company.head(case).status == "ruling"
    path = company.carry(case)
    assert path == ["rule_on", "told", *DONE]


def test_what_is_not_upheld_is_answered_and_filed(company: Company) -> None:
    said = {
        "sum_up": {"finding": "untrue", "liable_unit": None},
        "opinion": {"upheld": False, "remedies": None, "repair_cost": None},
    }
    assert company.carry(company.receive(), said) == [*FOUND, *SETTLED, "check", "ask"]


def test_a_customer_who_is_not_content_is_looked_at_again(company: Company) -> None:
    path = company.carry(company.receive(), {"ask": {"satisfaction": "dissatisfied", "followup_text": "色卡未收到"}})
    assert path[-2:] == ["ask", "look_at"]


def test_the_target_reminds_and_the_hard_limit_goes_up(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="evidence")
    company.pass_until(datetime(2026, 3, 20, 1, 0, tzinfo=UTC))
    assert [e["to"] for e in company.errands(case, "escalate")] == ["director"]
    assert "quality" in [e["to"] for e in company.errands(case, "send-reminder")]
    assert company.open_elements(case) == ["evidence", "overdue"]


def test_what_the_base_draws_is_said_in_english() -> None:
    inherited = release()
    assert {text for text in drawn(inherited) if text not in inherited.english} == set()


def test_an_empty_value_takes_a_key_of_the_base_away() -> None:
    assert "tracking" in release().policy.registers
    assert "monthly" not in [r.id for r in release("reports: ~\n").policy.reports]


def test_a_base_that_is_not_there_is_told() -> None:
    with pytest.raises(Refused) as refused:
        Release.of({"pack.yaml": b"pack: a\nbase: flow-nothing\n"})
    assert [f.code for f in refused.value.findings] == ["base-missing"]

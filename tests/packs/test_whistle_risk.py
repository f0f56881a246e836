"""SYS-24 员工投诉举报管理办法, carried through its diagrams in simulated time: main path and each branch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.authority import FourEyesRequired, Recused
from tests.packs.company import Company
from tests.packs.whistle import ANONYMOUS, END, LOG, PENALTY, REPORT, TEAM, company, doers

__all__ = ["company"]


def test_a_named_report_is_inquired_into_decided_fed_back_and_filed(company: Company) -> None:
    case = company.receive()
    path = company.carry(case)
    assert path == [*LOG, *TEAM, *REPORT, *PENALTY, *END]
    head = company.head(case)
    assert head.number == "JB2026000001" and head.status == "archived" and head.closed_at is not None
    assert company.errands(case, "archive-copies") == [{"form": "F17-report"}]


def test_numbers_run_through_the_year_and_begin_anew(company: Company) -> None:
    numbers = []
    for year in (2026, 2026, 2027):
        if year == 2027:
            company.pass_until(datetime(2027, 1, 4, 1, 0, tzinfo=UTC))
        numbers.append(company.head(company.receive()).number)
    assert numbers == ["JB2026000001", "JB2026000002", "JB2027000001"]


def test_a_named_report_is_taken_up_even_where_the_review_sees_no_way(company: Company) -> None:
    # Art. 7: named reports must be accepted; the president cannot turn them down, only send them back
    answers = {"review": {"investigable": False}, "open_inquiry": [{"open_verdict": "declined", "open_remarks": "不查"}, {}]}
    path = company.carry(company.receive(), answers, until="form_team")
    assert path == [*LOG, "review", "ask", "open_inquiry"]


def test_an_anonymous_report_without_leads_is_reasoned_signed_and_filed(company: Company) -> None:
    case = company.receive(**ANONYMOUS)
    path = company.carry(case, {"review": {"investigable": False}})
    assert path == ["originals", "review", "note_reason", "sign_off", "check"]
    assert doers(company, "note_reason") == ["monitor-1"] and doers(company, "sign_off") == ["risk_gm-1"]
    head = company.head(case)
    assert head.closed_at is not None and company.statuses(case)[-3:] == ["declined", "filing", "archived"]


def test_the_head_of_risk_management_may_refuse_to_sign_and_have_it_reviewed_again(company: Company) -> None:
    choices = {"review": [{"investigable": False}, {}], "sign_off": {"sign_agreed": False, "sign_reason": "再看一遍"}}
    path = company.carry(company.receive(**ANONYMOUS), choices, until="form_team")
    assert path == ["originals", "review", "note_reason", "sign_off", "review", "ask", "open_inquiry"]


def test_an_anonymous_report_with_leads_is_inquired_into_and_told_where_a_way_was_left(company: Company) -> None:
    case = company.receive(**{**ANONYMOUS, "contact_given": True, "reporter_phone": "13800020009"})
    assert company.carry(case)[-2:] == END
    silent = company.receive(**ANONYMOUS)
    assert company.carry(silent)[-2:] == ["hr_decides", "check"]


def test_the_president_may_leave_an_anonymous_report_alone(company: Company) -> None:
    path = company.carry(company.receive(**ANONYMOUS), {"open_inquiry": {"open_verdict": "declined", "open_remarks": "已有结论"}})
    assert path == [*LOG, "note_reason", "sign_off", "check"]


def test_what_is_none_of_the_seven_kinds_is_passed_on(company: Company) -> None:
    case = company.receive(matters=["outside"])
    assert company.carry(case, {"review": {"in_scope": False}}) == ["originals", "review", "pass_on", *END]


@pytest.mark.parametrize(
    ("kept_as", "wanted"), [("letter", "envelope_kept"), ("email", "email_printed"), ("phone", "notes_filed"), ("visit", "notes_filed")]
)
def test_each_way_a_report_comes_has_its_original_kept(company: Company, kept_as: str, wanted: str) -> None:
    case = company.receive()
    row = next(t for t in company.tasks(case) if t.element == "originals")
    said = {"received_on": "2026-01-05", "received_as": kept_as, "folder": "柜三"}
    with pytest.raises(Exception) as refused:
        company.desk.complete_task(case, row.task, said, company.one_of(row))
    assert set(refused.value.errors) == {wanted}  # type: ignore[attr-defined]
    company.desk.complete_task(case, row.task, {**said, wanted: True}, company.one_of(row))


@pytest.mark.parametrize(
    ("rank", "asks", "opens", "reads"),
    [
        ("staff", "risk_gm-1", "ceo-1", ["ceo-1"]),
        ("manager", "risk_gm-1", "ceo-1", ["ceo-1"]),
        ("executive", "risk_gm-1", "ceo-1", ["ceo-1", "chairman-1"]),
        ("risk", "risk_gm-1", "ceo-1", ["ceo-1", "chairman-1"]),
        ("risk_head", "ceo-1", "chairman-1", ["ceo-1", "chairman-1"]),
        ("ceo", "risk_gm-1", "chairman-1", ["chairman-1"]),
        ("chairman", "risk_gm-1", "ceo-1", ["ceo-1"]),
    ],
)
def test_a_case_is_routed_past_whoever_is_complained_of(
    company: Company, rank: str, asks: str, opens: str, reads: list[str]
) -> None:
    company.carry(company.receive(accused_rank=rank))
    assert doers(company, "ask") == [asks] and doers(company, "open_inquiry") == [opens]
    assert doers(company, "read_report") == reads


def test_a_grave_matter_goes_to_the_chairman_as_well(company: Company) -> None:
    company.carry(company.receive(), {"write_report": {"major_matter": True}})
    assert doers(company, "read_report") == ["ceo-1", "chairman-1"]


def test_the_group_joins_with_the_president_s_consent(company: Company) -> None:
    joint = {"form_team": {"joint_needed": True, "joint_reason": "需工程审计"}}
    path = company.carry(company.receive(), joint, until="plan")
    assert path == [*LOG, "form_team", "consent", "name_staff", *["declare"] * 4]
    assert "group_staff-1" in doers(company, "declare")


def test_without_consent_the_group_is_not_asked(company: Company) -> None:
    joint = {"form_team": {"joint_needed": True, "joint_reason": "需工程审计"}, "consent": {"joint_agreed": False, "joint_refusal": "不必"}}
    path = company.carry(company.receive(), joint, until="plan")
    assert path == [*LOG, "form_team", "consent", *["declare"] * 3]


def test_documents_are_demanded_delivered_and_looked_into(company: Company) -> None:
    case = company.receive()
    company.carry(case, {"inquire": [{"next_step": "demand"}, {}]}, until="demand")
    company.do(case, "demand")
    company.executor.poke()
    assert [e["to"] for e in company.errands(case, "send-letter")] == ["财务部"]
    given = {"delivered_items": "凭证四十册", "delivered_on": "2026-01-12", "delivered_full": True}
    company.desk.receive_message(case, "material-delivered", given, company.person("lead"))
    assert company.carry(case)[:2] == ["inquire", "write_report"]


def test_a_department_that_does_not_deliver_is_urged_and_ordered(company: Company) -> None:
    case = company.receive()
    path = company.carry(case, {"inquire": [{"next_step": "demand"}, {}]}, until="press")
    assert path[-1] == "demand"
    assert [(e["kind"], e["to"]) for e in company.errands(case, "send-reminder")][:1] == [("催办", "财务部")]
    assert company.clock.now() >= datetime(2026, 1, 20, 16, 0, tzinfo=UTC)
    company.do(case, "press")
    company.executor.poke()
    assert len(company.errands(case, "send-letter")) == 2


def test_people_are_heard_and_the_inquiry_goes_on(company: Company) -> None:
    choices = {"inquire": [{"next_step": "hear"}, {"next_step": "more"}, {}]}
    path = company.carry(company.receive(), choices)
    assert path == [*LOG, *TEAM, "inquire", "hear", "inquire", *REPORT, *PENALTY, *END]


def test_a_report_that_does_not_suffice_goes_back_to_the_team(company: Company) -> None:
    choices = {"read_report": [{"report_verdict": "supplement", "report_instruction": "查明去向"}, {}]}
    path = company.carry(company.receive(), choices)
    assert path == [*LOG, *TEAM, *REPORT, "plan", *REPORT, *PENALTY, *END]


def test_a_crime_goes_to_justice(company: Company) -> None:
    case = company.receive()
    path = company.carry(case, {"write_report": {"transfer_due": True}})
    assert path == [*LOG, *TEAM, *REPORT, *PENALTY, "propose_transfer", "approve_transfer", *END]
    company.executor.poke()
    assert [e["to"] for e in company.errands(case, "send-letter")] == ["justice"]
    assert "justice" in company.statuses(case)


@pytest.mark.parametrize("finding", ["unfounded", "unproven"])
def test_what_is_not_true_is_explained_to_both_sides(company: Company, finding: str) -> None:
    path = company.carry(company.receive(), {"write_report": {"finding": finding}})
    assert path == [*LOG, *TEAM, *REPORT, "explain", *END]


@pytest.mark.parametrize(("crime", "more"), [(False, []), (True, ["propose_transfer", "approve_transfer"])])
def test_a_false_accusation_is_dealt_with_and_is_justice_s_when_a_crime(
    company: Company, crime: bool, more: list[str]
) -> None:
    path = company.carry(company.receive(), {"write_report": {"finding": "malicious", "transfer_due": crime}})
    assert path == [*LOG, *TEAM, *REPORT, "propose_malicious", "hr_decides", *more, *END]


@pytest.mark.parametrize("merit", [{"loss_recovered": "5000.00"}, {"key_lead": True}])
def test_a_report_that_helped_may_be_rewarded(company: Company, merit: dict[str, Any]) -> None:
    path = company.carry(company.receive(), {"write_report": merit})
    assert path == [*LOG, *TEAM, *REPORT, *PENALTY, "propose_reward", "approve_reward", *END]


def test_the_reporter_asks_adds_and_is_answered(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="plan")
    desk, monitor = company.desk, company.person("monitor")
    desk.receive_message(case, "reporter-asks", {"question_text": "受理了吗"}, monitor)
    desk.receive_message(case, "reporter-adds", {"material_text": "又找到一份报价单"}, monitor)
    assert company.open_elements(case) == ["plan", "reply_to_reporter", "take_in"]
    path = company.carry(case)
    assert {"reply_to_reporter", "take_in"} <= set(path) and path[-2:] == END


@pytest.mark.parametrize(("ended", "goes_on"), [(False, ["plan"]), (True, [])])
def test_a_withdrawal_ends_the_inquiry_only_when_risk_management_says_so(
    company: Company, ended: bool, goes_on: list[str]
) -> None:
    case = company.receive()
    company.carry(case, until="plan")
    said = {"withdraw_reason": "不想再追究", "withdraw_pressed": False}
    company.desk.receive_message(case, "reporter-withdraws", said, company.person("monitor"))
    company.do(case, "rule_withdrawal", inquiry_continues=not ended)
    assert [e for e in company.open_elements(case) if e == "plan"] == goes_on
    assert company.carry(case)[-2:] == END


def test_reprisal_and_leaks_are_looked_into_and_go_to_personnel(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="plan")
    said = {"threat_kind": "leak", "threat_text": "同事都知道是我举报的"}
    company.desk.receive_message(case, "reporter-threatened", said, company.person("monitor"))
    company.do(case, "protect")
    assert [e["form"] for e in company.errands(case, "issue-document")] == ["F17-protect"]
    assert company.carry(case)[-2:] == END


def test_a_higher_body_that_asks_is_answered(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="plan")
    said = {"authority_name": "国资委纪检组", "authority_question": "进展如何", "authority_due": "2026-01-20"}
    company.desk.receive_message(case, "authority-asks", said, company.person("monitor"))
    assert "answer_above" in company.open_elements(case)
    assert "answer_above" in company.carry(case)


def test_a_member_who_must_stand_back_leaves_and_the_team_is_formed_anew(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="declare")
    row = next(t for t in company.tasks(case) if t.users == ("investigator-2",))
    said = {"conflict": True, "conflict_kind": ["kin"], "secrecy": True}
    company.desk.complete_task(case, row.task, said, company.one_of(row))
    company.carry(case, until="form_team")
    assert "investigator-2" in company.head(case).barred
    # Whoever stands back cannot be named again
    row = next(t for t in company.tasks(case) if t.element == "form_team")
    with pytest.raises(Exception) as refused:
        company.do(case, "form_team")
    assert set(refused.value.errors) == {"members"}  # type: ignore[attr-defined]
    path = company.carry(case, {"form_team": {"members": ["investigator-1"]}})
    assert path[:4] == ["form_team", "declare", "declare", "plan"]


def test_a_lead_who_is_ordered_to_stand_back_is_replaced(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="inquire")
    said = {"person_off": "lead-1", "recusal_about": "member", "recusal_kind": "ordered", "recusal_reason": "与被举报人同乡"}
    company.desk.receive_message(case, "recusal-asked", said, company.person("ceo"))
    company.do(case, "decide_off")
    assert company.open_elements(case) == ["form_team"]
    path = company.carry(case, {"form_team": {"lead": "lead-2"}, "hear": {}})
    assert path[0] == "form_team" and "lead-1" not in doers(company, "write_report")


def test_about_the_head_of_the_department_the_president_decides(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="inquire")
    said = {"person_off": "risk_gm-1", "recusal_about": "head", "recusal_kind": "others", "recusal_reason": "被举报人系其亲属"}
    company.desk.receive_message(case, "recusal-asked", said, company.person("lead"))
    company.do(case, "decide_off")
    assert doers(company, "decide_off") == ["ceo-1"] and "risk_gm-1" in company.head(case).barred
    with pytest.raises(Exception, match=case):
        company.desk.comment(case, "我再看看", company.person("risk_gm"))
    assert company.carry(case, which=2)[-2:] == END


def test_a_request_to_stand_back_may_be_refused(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="inquire")
    said = {"person_off": "lead-1", "recusal_about": "member", "recusal_kind": "others", "recusal_reason": "态度不好"}
    company.desk.receive_message(case, "recusal-asked", said, company.person("lead"))
    company.do(case, "decide_off", recusal_granted=False, recusal_remarks="不属回避情形")
    assert company.open_elements(case) == ["inquire"] and "lead-1" not in company.head(case).barred


def test_whoever_asks_may_not_open_and_whoever_inquires_may_not_read(company: Company) -> None:
    case = company.receive(accused_rank="risk_head")
    company.carry(case, until="open_inquiry")
    row = next(t for t in company.tasks(case) if t.element == "open_inquiry")
    both = company.person("ceo")
    both = type(both)(name=both.name, memberships=both.memberships | {"whistle-risk/chairman"})
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, row.task, {"open_verdict": "approved"}, both)


def test_nobody_registers_a_report_about_themselves(company: Company) -> None:
    with pytest.raises(Recused):
        company.receive(accused=["monitor-1"])

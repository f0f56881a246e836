"""SYS-22 投诉管理办法, carried through its diagrams in simulated time: main path and each branch."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.authority import FourEyesRequired
from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.store import CaseNotFound
from forms import AnswersRefused
from tests.packs.life_insurance import ANSWER, END, INQUIRY, Insurer, insurer


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Insurer:
    """The insurer on SQLite."""
    return insurer(sqlite_url, clock, tmp_path)


def test_a_complaint_is_taken_in_allocated_investigated_approved_answered_closed_and_filed(company: Insurer) -> None:
    case = company.receive()
    path = company.to_the_end(case)
    assert path == [*INQUIRY, *ANSWER, *END]
    head = company.head(case)
    assert (head.number, head.status, head.sealed) == ("TS2026010001", "archived", True)
    assert head.closed_at is not None
    assert company.milestones(case)[:2] == ["opened", "accepted"]
    assert company.verified(case)


def test_files_are_numbered_anew_each_month(company: Insurer) -> None:
    numbers = [company.head(company.receive()).number for _ in range(2)]
    company.pass_until(datetime(2026, 2, 2, 1, 0, tzinfo=UTC))
    numbers.append(company.head(company.receive()).number)
    assert numbers == ["TS2026010001", "TS2026010002", "TS2026020001"]


@pytest.mark.parametrize(
    ("channel", "more"),
    [
        ("phone", {}),
        ("letter", {}),
        ("email", {}),
        ("visit", {"signature": "某客户", "receiver": "handler-1", "reception_date": "2026-01-05"}),
    ],
)
def test_a_complaint_comes_in_by_every_channel(company: Insurer, channel: str, more: dict[str, str]) -> None:
    case = company.receive(channel=channel, **more)
    company.carry(case, until="assign")
    assert company.head(case).channel == channel
    assert company.verified(case)


def test_a_visitor_signs_the_form(company: Insurer) -> None:
    with pytest.raises(AnswersRefused) as refused:
        company.receive(channel="visit")
    assert "signature" in refused.value.errors


def test_the_work_is_for_the_handler_to_whom_it_was_allocated(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, {"assign": {"assigned_handler": "handler-2"}}, until="hear")
    assert {t.element: t.assignee for t in company.tasks(case)} == {
        "contact": None,
        "evidence": "handler-2",
        "hear": "handler-2",
    }


def test_a_plan_that_is_sent_back_is_drafted_again(company: Insurer) -> None:
    case = company.receive()
    again = [{"verdict": "returned", "approve_reason": "金额依据不足"}, {}]
    path = company.to_the_end(case, {"decide": again})
    assert path == [*INQUIRY, "opinion", "decide", *ANSWER, *END]
    assert company.verified(case)


def test_a_plan_that_is_sent_back_for_more_evidence_is_investigated_again(company: Insurer) -> None:
    case = company.receive()
    again = [{"verdict": "reinvestigate", "approve_reason": "请调录音"}, {}]
    path = company.to_the_end(case, {"decide": again})
    assert path == [*INQUIRY, "opinion", "decide", "evidence", "hear", *ANSWER, *END]
    assert company.verified(case)


def test_whoever_drafted_the_plan_may_not_approve_it(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="decide")
    handler, chief = company.person("handler"), company.person("chief")
    double = type(chief)(name=handler.name, memberships=handler.memberships | chief.memberships)
    task = company.tasks(case)[0].task
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, task, {"verdict": "approved"}, double)


def test_an_explanation_alone_has_nothing_to_carry_out(company: Insurer) -> None:
    path = company.to_the_end(company.receive(), {"opinion": {"matters": [], "upheld": False}})
    assert path == [*INQUIRY, *ANSWER, *END[1:]]


def test_a_customer_who_refuses_is_talked_to_and_gets_another_plan(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.refused(case)
    assert company.carry(case, {"mediate": {"mediation_next": "redraft"}}, until="answer") == [
        "mediate",
        "opinion",
        "decide",
    ]
    company.do(case, "answer")
    company.accepted(case)
    assert company.carry(case) == END
    assert company.verified(case)


def test_a_customer_who_refuses_may_bring_about_another_investigation(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.refused(case)
    path = company.carry(case, {"mediate": {"mediation_next": "investigate"}}, until="answer")
    assert path == ["mediate", "evidence", "hear", "opinion", "decide"]
    assert company.verified(case)


def test_an_answer_by_letter_leaves_the_house(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer", reply_means="letter")
    company.executor.poke()
    assert [(e["to"], e["form"]) for e in company.errands(case, "send-letter")] == [("customer", "F02-reply")]


def test_a_complaint_about_office_staff_is_answered_by_the_manager_of_the_department(company: Insurer) -> None:
    about = {"complaint_about": "staff", "accused": "department-1", "staff_department": "保全部"}
    case = company.receive(**about)
    path = company.to_the_end(case)
    assert path == ["assign", "contact", "staff", "answer", *END[1:]]
    assert ("staff", "department_head-1") in company.done and ("answer", "department_head-1") in company.done
    assert company.milestones(case).index("inquired") < company.milestones(case).index("answered")
    assert [e["to"] for e in company.errands(case, "notify")] == ["department_head"]
    assert company.verified(case)


def test_the_colleague_complained_of_does_not_know_of_the_case(company: Insurer) -> None:
    about = {"complaint_about": "staff", "accused": "department_head-2", "staff_department": "保全部"}
    case = company.receive(**about)
    company.carry(case, until="staff")
    with pytest.raises(CaseNotFound):
        company.do(case, "staff", which=2)
    company.do(case, "staff", which=1)


def test_a_customer_who_refuses_the_manager_s_answer_gets_another_or_rests(company: Insurer) -> None:
    case = company.receive(complaint_about="staff", staff_department="保全部")
    for chosen, then in (("redraft", ["mediate", "staff"]), ("rest", ["mediate"])):
        company.carry(case, until="answer")
        company.do(case, "answer")
        company.refused(case)
        until = "answer" if chosen == "redraft" else "rest"
        assert company.carry(case, {"mediate": {"mediation_next": chosen}}, until=until) == then
    assert company.open_elements(case) == ["rest"]


def test_material_is_filed_whenever_the_customer_sends_it(company: Insurer) -> None:
    case = company.receive()
    for until in ("assign", "opinion"):
        company.carry(case, until=until)
        company.desk.receive_message(
            case, "customer-sends-material", {"material_text": "住院病历"}, company.person("hotline")
        )
        assert "note" in company.open_elements(case)
        company.do(case, "note")
    assert company.open_elements(case) == ["opinion"]
    company.to_the_end(case)
    assert company.verified(case)


def test_a_typical_case_goes_into_the_library(company: Insurer) -> None:
    case = company.receive()
    company.to_the_end(case, {"library": {"library_needed": True, "library_text": "说明义务"}})
    assert ("library", "chief-1") in company.done


def test_a_judgment_is_put_to_the_closed_file(company: Insurer) -> None:
    case = company.receive()
    company.to_the_end(case)
    company.pass_until(datetime(2026, 9, 1, 1, 0, tzinfo=UTC))
    handler = company.person("handler")
    company.desk.attach(case, "民事判决书.pdf", "application/pdf", b"%PDF-1.7 judgment", handler)
    company.desk.comment(case, "客户起诉后的判决书，归入本案。", handler)
    with company.store.look() as reading:
        assert [a.name for a in reading.attachments(case)] == ["民事判决书.pdf"]
    assert company.verified(case)


def test_whoever_has_no_part_in_the_case_does_not_see_it(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="hear")
    book = Casebook(company.store, company.clock, company.desk.shelf)
    assert book.case(case, company.person("handler")).head.case == case
    with pytest.raises(CaseNotFound):
        book.case(case, company.person("legal"))

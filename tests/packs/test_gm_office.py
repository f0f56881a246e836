"""SYS-08 客户投诉管理制度, carried through its diagrams in simulated time: main path, each branch, each expiry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.authority import Actor, FourEyesRequired
from engine.casebook.lexicon import lexicon_of
from engine.clock import StoppedClock
from engine.history import DecisionMade, ErrandDone, IncidentRaised, TaskCompleted
from engine.replay import verify
from engine.store import CaseQuery, Store
from tests.packs.company import Company, open_company, shipped
from tests.packs.gm_office_answers import INTAKE, USUAL

INQUIRY = ["find_out", "fill_form", "register", "trace", "analyse", "plant_view", "report", "instruct", "review"]
TALKS = ["propose", "authorise", "negotiate", "head_read", "opinion", "decide"]
MONEY = ["certify", "first", "second", "proof", "bonus"]
RETURNS = ["note", "note_ok", "receive", "sign_for", "return_proof", "post"]
LIABILITY = ["assess", "decide_loss"]
#: Closing; then the answer and the statistics, side by side.
END = ["check", "answer", "statistics", "settle_unit", "settle_unit", "settle_unit"]
#: What makes the settlement a return of a hundred pieces.
RETURNED = {"allowance": "0.00", "return_quantity": "100", "return_value": "4800.00"}


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Company:
    """The company on SQLite."""
    return open_company(
        shipped("mfg-gm-office"), Store(sqlite_url, clock=clock, durable=False), clock, tmp_path / "out", INTAKE, USUAL
    )


def test_a_complaint_is_found_out_settled_answered_filed_and_counted(company: Company) -> None:
    case = company.receive()
    path = company.carry(case)
    assert path == [*INQUIRY, *TALKS, *LIABILITY, *END, *MONEY]
    head = company.head(case)
    assert head.number == "260101" and head.status == "archived" and head.closed_at is not None


def test_the_third_complaint_of_january_2026_is_260103_and_february_begins_anew(company: Company) -> None:
    numbers = []
    for month in (1, 1, 1, 2):
        if month == 2:
            company.pass_until(datetime(2026, 2, 2, 1, 0, tzinfo=UTC))
        case = company.receive()
        company.carry(case, until="register")
        numbers.append(company.head(case).number)
    assert numbers == ["260101", "260102", "260103", "260201"]


def test_no_loss_is_no_case_but_an_order_to_the_unit_concerned(company: Company) -> None:
    case = company.receive()
    path = company.carry(case, {"find_out": {"loss_caused": False, "visit_needed": None}})
    assert path == ["find_out", "abnormal", "improve"]
    assert ("improve", "plant-1") in company.done
    assert company.head(case).number is None
    assert [e["form"] for e in company.errands(case, "issue-document")] == ["F09-abnormal"]


def test_a_joint_inspection_comes_before_the_form(company: Company) -> None:
    path = company.carry(company.receive(), {"find_out": {"visit_needed": True}}, until="register")
    assert path == ["find_out", "appoint", "visit", "read", "fill_form"]


def test_the_general_manager_sends_somebody_when_quality_cannot_come(company: Company) -> None:
    choices = {"find_out": {"visit_needed": True}, "appoint": {"quality_can_come": False}}
    path = company.carry(company.receive(), choices, until="register")
    assert path == ["find_out", "appoint", "delegate", "visit", "read", "fill_form"]
    assert ("delegate", "gm-1") in company.done


def test_a_special_anomaly_goes_to_research(company: Company) -> None:
    path = company.carry(company.receive(), {"trace": {"special_anomaly": True}}, until="propose")
    assert path == [*INQUIRY[:6], "rd", *INQUIRY[6:]]


def test_an_investigation_that_does_not_suffice_is_made_again(company: Company) -> None:
    again = [{"investigation_enough": False, "instruction": "补做切片"}, {}]
    path = company.carry(company.receive(), {"instruct": again}, until="propose")
    assert path == [*INQUIRY, *INQUIRY[3:]]


def test_the_plant_is_at_work_while_the_report_is_written(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="report")
    assert company.open_elements(case) == ["analyse", "report"]


def test_a_form_that_fails_the_check_goes_back_to_quality(company: Company) -> None:
    again = [{"review_passed": False, "review_remarks": "缺生产日期"}, {}]
    path = company.carry(company.receive(), {"review": again}, until="propose")
    assert path == [*INQUIRY, *INQUIRY[3:]]


def test_a_proposal_that_is_refused_is_proposed_again(company: Company) -> None:
    again = [{"authorised": False, "authorise_reason": "折让偏高"}, {}]
    path = company.carry(company.receive(), {"authorise": again}, until="negotiate")
    assert path[len(INQUIRY) :] == ["propose", "authorise"] * 2


@pytest.mark.parametrize(
    ("loss", "role"),
    [("5000.00", "sales_head"), ("5000.01", "vgm"), ("25000.00", "vgm"), ("25000.01", "gm")],
)
def test_the_loss_decides_who_approves_the_settlement(company: Company, loss: str, role: str) -> None:
    case = company.receive()
    company.carry(case, {"opinion": {"allowance": loss}}, until="decide")
    assert [t.groups for t in company.tasks(case)] == [(role,)]


def test_a_settlement_that_is_sent_back_needs_a_new_opinion(company: Company) -> None:
    again = [{"verdict": "returned", "approve_reason": "证据不足"}, {}]
    path = company.carry(company.receive(), {"decide": again}, until="assess")
    assert path[len(INQUIRY) :] == [*TALKS, "opinion", "decide"]


def test_whoever_proposed_may_not_authorise(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="report")
    company.do(case, "report")
    # Given somebody of Quality who is also the general manager
    with company.store.begin() as tx:
        person = tx.person("quality-1")
    double = company.person("gm")
    double = type(double)(name=person.name, memberships=person.memberships | double.memberships)
    # I expect that the report is not for its author to judge
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, "instruct-1", {"investigation_enough": True}, double)


def test_a_complaint_that_is_not_upheld_means_collecting_the_money(company: Company) -> None:
    choices = {"opinion": {"upheld": False, "allowance": None, "compensation": None, "return_quantity": None,
                           "return_value": None, "third_party": None, "our_quality_fault": None}}  # fmt: skip
    path = company.carry(company.receive(), choices)
    assert path == [*INQUIRY, *TALKS, *END, "collect"]


def test_an_objection_to_paying_is_reported_upward(company: Company) -> None:
    choices = {"opinion": {"upheld": False, "allowance": None, "compensation": None, "return_quantity": None,
                           "return_value": None, "third_party": None, "our_quality_fault": None},
               "collect": {"customer_objects": True, "objection": "检验方法有误"}}  # fmt: skip
    path = company.carry(company.receive(), choices)
    assert path[-2:] == ["collect", "upward"]
    assert ("upward", "sales_head-1") in company.done


def test_a_supplier_who_is_liable_brings_the_departments_together(company: Company) -> None:
    choices = {"opinion": {"third_party": True}, "sign": [{}, {"signature": "disagrees", "dissent": "比例偏低"}]}
    path = company.carry(company.receive(), choices, until="assess")
    assert path[-5:] == ["convene", "minutes", "sign", "sign", "rule_on"]
    assert [p for e, p in company.done if e == "sign"] == ["quality-1", "finance-1"]


def test_a_department_may_object_while_the_decision_is_carried_out(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="assess")
    payload = {"objecting_unit": "制造部", "department_objection": "责任应归供应商"}
    company.desk.receive_message(case, "department-objects", payload, company.person("plant_head"))
    assert company.open_elements(case) == ["assess", "objection"]
    company.do(case, "objection")
    assert company.open_elements(case) == ["assess"]


def test_everything_that_was_approved_runs_side_by_side(company: Company) -> None:
    choices = {"opinion": RETURNED | {"allowance": "1000.00"}, "assess": {"tracked": True, "penalised": True, "penalty_target": "section",
               "penalty_heads": "8", "administrative": False}}  # fmt: skip
    case = company.receive()
    company.carry(case, choices, until="plan")
    assert company.open_elements(case) == ["certify", "draft", "note", "plan"]
    company.carry(case)
    assert company.head(case).closed_at is not None
    copies = [e["form"] for e in company.errands(case, "archive-copies")]
    assert sorted(copies) == ["F02-form", "F10-penalty", "F11-allowance", "F11-return"]


def test_improvement_goes_on_until_it_works(company: Company) -> None:
    choices = {"assess": {"tracked": True}, "effect": [{"effective": False, "effect_remarks": "仍有起泡"}, {}],
               "opinion": {"allowance": "0.00"}}  # fmt: skip
    path = company.carry(company.receive(), choices)
    assert path[-6:] == ["plan", "do", "effect"] * 2


def test_a_penalty_for_the_whole_section_is_points_times_heads_times_the_value_of_a_point(company: Company) -> None:
    choices = {"opinion": {"allowance": "0.00"}, "assess": {"penalised": True, "penalty_target": "section", "penalty_heads": "8",
               "administrative": True, "penalty_kind": "warning"}}  # fmt: skip
    case = company.receive()
    path = company.carry(case, choices)
    assert path[-3:] == ["publish", "draft", "sanction"]
    draft = next(
        e for e in (r.event for r in company.history(case)) if isinstance(e, TaskCompleted) and e.task == "draft-1"
    )
    assert draft.answers["deduction"] == Decimal("1600.00")
    assert [e["text"] for e in company.errands(case, "publish-notice")] == ["予以警告"]


@pytest.mark.parametrize(("actual", "posted"), [("90", True), ("100", True), ("105", True), ("106", False)])
def test_a_return_is_posted_within_the_tolerance_of_the_pack(company: Company, actual: str, posted: bool) -> None:
    choices = {"opinion": RETURNED, "receive": {"counted_quantity": actual}, "sign_for": {"actual_quantity": actual}}
    path = company.carry(company.receive(), choices, until="post")
    assert ("ask_first" in path) == (actual != "100")
    assert ("supplement" in path) == (not posted)


@pytest.mark.parametrize(("approved", "quantity"), [(True, "160"), (False, "100")])
def test_beyond_the_tolerance_the_larger_quantity_is_approved_or_the_excess_goes_back(
    company: Company, approved: bool, quantity: str
) -> None:
    choices = {"opinion": RETURNED, "receive": {"counted_quantity": "160"}, "sign_for": {"actual_quantity": "160"},
               "supplement": {"supplement_approved": approved}}  # fmt: skip
    case = company.receive()
    company.carry(case, choices, until="post")
    made = [e for e in (r.event for r in company.history(case)) if isinstance(e, DecisionMade) and e.decision == "d11"]
    assert [e.record["outputs"] for e in made] == [
        {"action": "approve", "quantity": Decimal(0)},
        {"action": "post", "quantity": Decimal(quantity)},
    ]


def test_a_customer_who_refuses_gets_a_new_form_with_the_old_one_attached(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.desk.receive_message(case, "customer-refuses", {"reaction_text": "折让太少"}, company.person("sales"))
    company.executor.poke()
    with company.store.look() as reading:
        new = next(h for h in reading.cases(CaseQuery()).rows if h.parent == case)
    company.carry(case)
    assert company.head(case).closed_at is not None
    assert company.open_elements(new.case) == ["find_out"]


def test_an_answer_by_letter_leaves_the_house(company: Company) -> None:
    case = company.receive()
    company.carry(case, {"answer": {"reply_means": "letter"}}, until="settle_unit")
    assert [e["form"] for e in company.errands(case, "send-letter")] == ["F02-reply"]


def test_a_customer_who_accepts_ends_the_waiting_at_once(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    assert company.open_elements(case) == ["statistics"]
    company.desk.receive_message(case, "customer-accepts", {}, company.person("sales"))
    assert company.open_elements(case) == ["certify", "statistics"]


def test_who_is_silent_for_five_working_days_is_taken_to_accept(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.pass_until(datetime(2026, 1, 12, 9, 59, tzinfo=UTC))
    assert company.open_elements(case) == ["statistics"]
    company.pass_until(datetime(2026, 1, 12, 10, 0, tzinfo=UTC))
    assert company.open_elements(case) == ["certify", "statistics"]


def test_a_late_department_gets_an_inquiry_when_the_case_is_closed(company: Company) -> None:
    case = company.receive()
    path = company.carry(case, {"check": {"late_units": ["plant", "quality"]}})
    assert path.count("reason") == 2
    asked = [e["to"] for e in company.errands(case, "send-reminder") if e["kind"] == "查办"]
    assert asked == ["plant", "quality"]


def test_closing_finds_what_was_late_and_whose_it_was_also_where_it_was_done_in_the_end(company: Company) -> None:
    # Given talks that took seven working days instead of five
    case = company.receive()
    company.carry(case, until="negotiate")
    company.pass_until(datetime(2026, 1, 14, 1, 0, tzinfo=UTC))
    company.carry(case, until="check")
    # I expect the check to begin with the department they belong to
    (found,) = [r.event.result for r in company.history(case) if isinstance(r.event, ErrandDone) and "overruns" in (r.event.result or {})]
    assert found == {"overruns": ["negotiate-1"], "late_units": ["sales"]}
    # and to be told what they are called
    with company.store.look() as reading:
        words = lexicon_of(company.desk.shelf.release(reading.current(company.pack), reading), company.desk.shelf)
    assert words.text("overruns", ["negotiate-1", "T08-1"], "zh") == "说明与交涉、目标结案"
    assert words.text("overruns", ["negotiate-1", "T08-1"], "en") == "Explain and negotiate, Target for closing"
    assert words.text("overruns", [], "zh") == "—"


@pytest.mark.parametrize(
    ("element", "to", "due"),
    [
        # Nine o'clock on Monday, 5 January 2026: the limits of D-06.
        ("find_out", "sales", datetime(2026, 1, 6, 10, 0, tzinfo=UTC)),
        ("fill_form", "sales", datetime(2026, 1, 7, 10, 0, tzinfo=UTC)),
        ("register", "registry", datetime(2026, 1, 6, 16, 0, tzinfo=UTC)),
        ("trace", "quality", datetime(2026, 1, 8, 16, 0, tzinfo=UTC)),
        ("report", "quality", datetime(2026, 1, 8, 16, 0, tzinfo=UTC)),
        ("analyse", "plant", datetime(2026, 1, 8, 10, 0, tzinfo=UTC)),
        ("rd", "research", datetime(2026, 1, 7, 10, 0, tzinfo=UTC)),
        ("review", "registry", datetime(2026, 1, 6, 16, 0, tzinfo=UTC)),
        ("propose", "sales", datetime(2026, 1, 7, 10, 0, tzinfo=UTC)),
        ("negotiate", "sales", datetime(2026, 1, 12, 10, 0, tzinfo=UTC)),
        ("opinion", "registry", datetime(2026, 1, 6, 16, 0, tzinfo=UTC)),
        ("assess", "registry", datetime(2026, 1, 6, 16, 0, tzinfo=UTC)),
        ("head_read", "sales_head", datetime(2026, 1, 6, 10, 0, tzinfo=UTC)),
        ("check", "registry", datetime(2026, 1, 6, 16, 0, tzinfo=UTC)),
        ("answer", "sales", datetime(2026, 1, 7, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_department_that_is_late_is_reminded_once_and_keeps_its_task(
    company: Company, element: str, to: str, due: datetime
) -> None:
    case = company.receive()
    company.carry(case, {"trace": {"special_anomaly": element == "rd"}}, until=element)
    task = next(t for t in company.tasks(case) if t.element == element)
    assert task.due == due and task.limit in ("T08-3", "T08-4", "T08-6")
    company.pass_until(due - timedelta(minutes=1))
    assert reminders(company, case, element) == []
    company.let_pass(days=3)
    assert reminders(company, case, element) == [("催办", to)]
    assert element in company.open_elements(case)


def reminders(company: Company, case: str, element: str) -> list[tuple[str, str]]:
    """The reminders about the task of an element."""
    return [(e["kind"], e["to"]) for e in company.errands(case, "send-reminder") if e.get("task") == element]


def test_day_14_reminds_whoever_holds_the_case_and_day_21_goes_to_the_general_manager(company: Company) -> None:
    # Given a case registered on 5 January that Quality does not get on with
    case = company.receive()
    company.carry(case, until="trace")
    with company.store.look() as reading:
        dues = {d.deadline: d.due for d in reading.deadlines(case)}
    assert dues["T08-1"] == datetime(2026, 1, 19, 16, 0, tzinfo=UTC)
    assert dues["T08-2"] == datetime(2026, 1, 26, 16, 0, tzinfo=UTC)
    # When the 14 days are over, and the 21
    company.pass_until(datetime(2026, 1, 20, 1, 0, tzinfo=UTC))
    assert company.errands(case, "send-reminder")[-1] == {"kind": "催办", "to": "quality"}
    assert company.errands(case, "escalate") == []
    company.pass_until(datetime(2026, 1, 27, 1, 0, tzinfo=UTC))
    # I expect that the general manager knows, and that Quality still has its task
    assert [e["to"] for e in company.errands(case, "escalate")] == ["gm"]
    assert company.open_elements(case) == ["overdue", "trace"]


def test_a_closed_case_is_no_longer_urged(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="statistics")
    company.pass_until(datetime(2026, 2, 4, 1, 0, tzinfo=UTC))
    assert company.errands(case, "escalate") == []
    with company.store.look() as reading:
        assert {d.deadline: (d.met, d.late) for d in reading.deadlines(case) if d.deadline.startswith("T08-")} == {
            "T08-1": (company.history(case)[0].event.at, False),
            "T08-2": (company.history(case)[0].event.at, False),
        }


def test_statistics_are_due_on_the_tenth_of_the_next_month(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="statistics")
    row = next(t for t in company.tasks(case) if t.element == "statistics")
    assert row.due == datetime(2026, 2, 10, 16, 0, tzinfo=UTC)
    company.pass_until(datetime(2026, 2, 11, 1, 0, tzinfo=UTC))
    assert company.errands(case, "send-reminder")[-1]["to"] == "registry"


def test_the_whole_history_can_be_replayed_to_the_same_bytes(company: Company) -> None:
    case = company.receive(contact_name="陈女士")
    company.carry(case, {"find_out": {"visit_needed": True}, "opinion": RETURNED, "assess": {"tracked": True}})
    with company.store.look() as reading:
        head, records = reading.head(case), reading.history(case)
        verdict = verify(records, lambda digest: company.desk.shelf.release(digest, reading), head.state)
    assert verdict.agrees, verdict


def test_what_is_not_our_quality_fault_is_settled_without_loss_and_penalty(company: Company) -> None:
    path = company.carry(company.receive(), {"opinion": {"our_quality_fault": False}})
    assert path == [*INQUIRY, *TALKS, *END, *MONEY]


def test_the_hundredth_complaint_of_a_month_is_refused_with_an_incident_until_there_are_numbers_again(company: Company) -> None:
    # Given ninety-nine complaints in January
    with company.store.begin() as tx:
        for _ in range(99):
            tx.take_number("mfg-gm-office/complaint", "2026-01")
    case = company.receive()
    company.carry(case, until="fill_form")
    company.do(case, "fill_form")
    # I expect no number and no further task, but an incident that says which series is used up in which month
    assert company.head(case).number is None and company.tasks(case) == []
    (raised,) = [r.event for r in company.history(case) if isinstance(r.event, IncidentRaised)]
    assert raised.element == "number" and "2026-01" in raised.en and "100" in raised.en
    # When somebody tries again, in January and in February
    admin = Actor(name="root", memberships=frozenset({"*/admin"}))
    company.desk.resolve_incident(case, raised.incident, "retry", admin)
    assert company.head(case).number is None
    company.pass_until(datetime(2026, 2, 2, 1, 0, tzinfo=UTC))
    again = [r.event for r in company.history(case) if isinstance(r.event, IncidentRaised)][-1].incident
    company.desk.resolve_incident(case, again, "retry", admin)
    # I expect the first number of February, and no number of January spent on trying
    assert company.head(case).number == "260201" and [t.element for t in company.tasks(case)] == ["register"]
    with company.store.begin() as tx:
        assert tx.take_number("mfg-gm-office/complaint", "2026-01") == 100

"""SYS-22 art. 6 and 7: co-handling (A22c, T22-4), the panel (A22p, T22-5), and the regulator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.authority import FourEyesRequired
from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.publishing import check
from engine.release import gather
from engine.store import Store
from forms import AnswersRefused
from tests.packs.company import ROOT, open_company
from tests.packs.life_insurance import ANSWER, END, INQUIRY, Insurer, insurer
from tests.packs.life_insurance_answers import INTAKE, USUAL

HELP = ["ask_help", "allow_help", "help"]
PANEL = ["prepare", "check", "convene", "minutes"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Insurer:
    """The insurer on SQLite."""
    return insurer(sqlite_url, clock, tmp_path)


def asked(*departments: str, grounds: tuple[str, ...] = ("opinion",)) -> dict[str, Any]:
    """What the evidence form says when departments are to help."""
    needed = {"cohandle_needed": True, "cohandle_grounds": list(grounds), "cohandle_departments": list(departments)}
    return {"evidence": needed}


# --- co-handling ---


@pytest.mark.parametrize("grounds", ["expertise", "opinion", "authority", "handler"])
def test_a_department_helps_on_each_of_the_four_grounds(company: Insurer, grounds: str) -> None:
    case = company.receive()
    path = company.carry(case, asked("legal", grounds=(grounds,)), until="opinion")
    assert path == [*INQUIRY, *HELP]
    assert [p for e, p in company.done if e in HELP] == ["handler-1", "chief-1", "legal-1"]
    assert company.decided(case, "d08") == [["chief"]]
    assert company.verified(case)


def test_each_department_has_a_record_with_its_own_number_and_answers_for_itself(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, asked("legal", "department"), until="ask_help")
    assert company.open_elements(case) == ["ask_help", "ask_help"]
    choices = {
        "ask_help": [{}, {"cohandle_unit": "财务部"}],
        "allow_help": [{}, {"cohandle_allowed": False, "cohandle_refusal": "不必"}],
    }
    company.carry(case, choices, until="opinion")
    results = company.known(case)["cohandle_results"]
    assert [(r["department"], r["allowed"], r["result"]) for r in results] == [
        ("legal", True, "条款无歧义"),
        ("department", False, None),
    ]
    assert company.numbers(case, "cohandle") == ["XB20260001", "XB20260002"]
    # The register lists each of them, long before the inquiry hands over what it learnt
    chief = company.person("chief")
    book = Casebook(company.store, company.clock, company.desk.shelf)
    rows = book.register("life-insurance", "cohandling", chief).rows
    assert {row.cells[1:3] for row in rows} == {("XB20260001", "legal"), ("XB20260002", "department")}
    assert company.verified(case)


def test_whoever_asks_for_help_may_not_agree_to_it(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, asked("legal"), until="allow_help")
    handler, chief = company.person("handler"), company.person("chief")
    double = type(chief)(name=handler.name, memberships=handler.memberships | chief.memberships)
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, company.tasks(case)[0].task, {"cohandle_allowed": True}, double)


def test_a_department_answers_within_five_workdays_of_having_the_material(company: Insurer) -> None:
    # Given help that was asked for on Monday and agreed to on Thursday
    case = company.receive()
    company.carry(case, asked("legal"), until="allow_help")
    company.pass_until(datetime(2026, 1, 8, 1, 0, tzinfo=UTC))
    company.do(case, "allow_help")
    due = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
    assert [(t.due, t.limit) for t in company.tasks(case) if t.element == "help"] == [(due, "T22-4")]
    company.pass_until(due - MINUTE)
    reminded = [e["to"] for e in company.errands(case, "send-reminder")]
    assert "legal" not in reminded
    company.pass_until(due)
    assert [e["to"] for e in company.errands(case, "send-reminder")] == [*reminded, "legal"]
    assert "help" in company.open_elements(case)
    company.to_the_end(case)
    assert company.verified(case)


@pytest.mark.parametrize("ground", ["report", "statement", "journalist", "clause", "major"])
def test_legal_may_be_asked_in_five_kinds_of_case_and_not_asking_needs_a_reason(company: Insurer, ground: str) -> None:
    case = company.receive()
    company.carry(case, until="evidence")
    legal = {"legal_need": True, "legal_grounds": [ground]}
    with pytest.raises(AnswersRefused) as refused:
        company.do(case, "evidence", **legal)
    assert list(refused.value.errors) == ["legal_waived"]
    company.do(case, "evidence", **legal, legal_waived="条款明确，无需法律意见")
    assert "ask_help" not in company.carry(case, until="opinion")


def test_an_owner_may_make_legal_a_must_in_those_cases(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> None:
    files = dict(
        gather(ROOT / "bpmn" / "packs" / "life-insurance", ROOT / "bpmn" / "shared", ROOT / "forms" / "library")
    )
    files["pack.yaml"] = files["pack.yaml"].replace(b"legal_must: {value: false", b"legal_must: {value: true")
    release = check(files).release
    assert release is not None
    company = Insurer(
        **vars(open_company(release, Store(sqlite_url, clock=clock, durable=False), clock, tmp_path / "out", INTAKE, USUAL))
    )
    legal = {"legal_need": True, "legal_grounds": ["journalist"], "legal_waived": "不必"}
    case = company.receive()
    assert company.carry(case, {"evidence": legal}, until="opinion") == [*INQUIRY, *HELP]
    assert ("help", "legal-1") in company.done
    both = {**legal, **asked("agency")["evidence"]}
    other = company.receive()
    company.carry(other, {"evidence": both}, until="opinion")
    assert sorted(p for e, p in company.done if e == "help") == ["agency-1", "legal-1", "legal-1"]
    assert company.verified(other)


# --- the panel ---


@pytest.mark.parametrize(
    ("said", "panel"),
    [
        ({"joint_complaint": True, "complainant_count": "4"}, False),
        ({"joint_complaint": True, "complainant_count": "5"}, True),
        ({"major_suspected": True, "major_signs": ["media"]}, True),
        ({"major_suspected": True, "major_signs": ["petition"]}, True),
        ({"major_suspected": True, "major_signs": ["harm"]}, True),
        ({"major_suspected": True, "major_signs": ["impact"]}, True),
        ({"panel_requested": True}, True),
    ],
)
def test_major_cases_and_those_the_handler_asks_for_go_to_the_panel(
    company: Insurer, said: dict[str, Any], panel: bool
) -> None:
    case = company.receive()
    path = company.carry(case, {"evidence": said}, until="opinion")
    assert (path[len(INQUIRY) :] == [*PANEL, "sign", "sign", "sign"]) == panel
    assert company.verified(case)


def panelling(company: Insurer, until: str, choices: dict[str, Any] | None = None) -> str:
    """A case the handler takes to the panel."""
    case = company.receive()
    company.carry(case, {"evidence": {"panel_requested": True}, **(choices or {})}, until=until)
    return case


def test_every_member_signs_and_the_minutes_go_into_two_files(company: Insurer) -> None:
    meet = {"convene": {"panel_head": "manager", "panel_departments": ["legal", "agency"], "panel_facts": "案情"}}
    case = panelling(company, "sign", meet)
    members = ["agency", "chief", "handler", "legal", "manager"]
    assert sorted(t.groups[0] for t in company.tasks(case)) == members
    assert sorted(e["to"] for e in company.errands(case, "notify")) == members
    reserved = {"panel_signature": "reserved", "panel_reservation": "比例偏高"}
    company.carry(case, {"sign": [{}, reserved, {}]}, until="opinion")
    assert sorted(company.known(case)["panel_signatures"]) == ["agreed"] * 4 + ["reserved"]
    assert [e["form"] for e in company.errands(case, "archive-copies")] == ["F08-panelminutes"]
    assert company.numbers(case, "panel") == ["HY20260001"]
    company.to_the_end(case)
    assert company.verified(case)


def test_the_supervisor_checks_the_material_and_may_refuse_the_panel(company: Insurer) -> None:
    case = panelling(company, "check")
    handler, chief = company.person("handler"), company.person("chief")
    double = type(chief)(name=handler.name, memberships=handler.memberships | chief.memberships)
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, company.tasks(case)[0].task, {"panel_agreed": True}, double)
    company.do(case, "check", panel_agreed=False, panel_refusal="可先与客户再谈")
    assert company.open_elements(case) == ["opinion"]


def test_the_minutes_are_written_by_somebody_else_than_the_one_who_presents_the_case(company: Insurer) -> None:
    case = panelling(company, "minutes")
    minutes = company.tasks(case)[0].task
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, minutes, dict(USUAL["minutes"]), company.person("handler", 1))


def test_a_panel_must_decide_or_say_where_it_tends(company: Insurer) -> None:
    case = panelling(company, "minutes")
    for decided, missing in ((True, "panel_decision"), (False, "panel_inclination")):
        with pytest.raises(AnswersRefused) as refused:
            company.do(case, "minutes", decided_today=decided, panel_decision=None)
        assert list(refused.value.errors) == [missing]


def test_a_panel_that_could_not_decide_gives_its_final_opinion_within_fifteen_days(company: Insurer) -> None:
    undecided = {"minutes": {"decided_today": False, "panel_decision": None, "panel_inclination": "倾向部分解约"}}
    case = panelling(company, "minutes", undecided)
    company.pass_until(datetime(2026, 1, 8, 7, 0, tzinfo=UTC))
    company.do(case, "minutes", **undecided["minutes"])
    assert company.open_elements(case) == ["final", "sign", "sign", "sign"]
    due = datetime(2026, 1, 23, 16, 0, tzinfo=UTC)
    assert next((t.due, t.limit) for t in company.tasks(case) if t.element == "final") == (due, "T22-5")
    company.pass_until(due - MINUTE)
    before = [e["to"] for e in company.errands(case, "escalate")]
    assert "manager" not in before
    company.pass_until(due)
    assert [e["to"] for e in company.errands(case, "escalate")] == [*before, "manager"]
    assert company.errands(case, "send-reminder")[-1]["to"] == "chief"
    company.to_the_end(case)
    assert company.known(case)["panel_final"] == "协议解约"
    assert company.verified(case)


# --- the regulator ---

REFERRED = {"regulator_name": "监管局", "regulator_no": "〔2026〕12 号"}
STATEMENT = ["write", "approve_statement"]


def test_a_case_the_regulator_referred_is_reported_back_before_it_is_closed(company: Insurer) -> None:
    case = company.receive(channel="regulator", **REFERRED)
    path = company.to_the_end(case)
    assert path == [*INQUIRY, *ANSWER, "execute", *STATEMENT, *END[1:]]
    assert [(e["to"], e["form"]) for e in company.errands(case, "send-letter")] == [("regulator", "F08-statement")]
    assert company.verified(case)


def test_the_regulator_may_ask_at_any_time_and_legal_helps_with_the_statement(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="hear")
    said = {"regulator_body": "监管局", "regulator_text": "请就销售行为书面说明"}
    company.desk.receive_message(case, "regulator-asks", said, company.person("chief"))
    assert "write" in company.open_elements(case)
    again = [{"statement_approved": False, "statement_remarks": "补充数据"}, {}]
    choices = {"write": [{"legal_needed": True}, {}], "approve_statement": again}
    company.to_the_end(case, choices)
    did = [e for e, _ in company.done if e in (*HELP, *STATEMENT)]
    assert did == ["write", *HELP, "approve_statement", *STATEMENT]
    assert [e["to"] for e in company.errands(case, "send-letter")] == ["regulator"]
    assert company.verified(case)


def test_the_regulator_may_ask_while_the_case_rests(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.refused(case)
    company.carry(case, until="rest")
    company.do(case, "rest")
    said = {"regulator_body": "监管局", "regulator_text": "请说明"}
    company.desk.receive_message(case, "regulator-asks", said, company.person("chief"))
    assert company.open_elements(case) == ["write"]
    assert company.head(case).status == "resting"
    company.carry(case)
    assert company.verified(case)


def test_whoever_wrote_the_statement_may_not_approve_it(company: Insurer) -> None:
    case = company.receive()
    said = {"regulator_body": "监管局", "regulator_text": "请说明"}
    company.desk.receive_message(case, "regulator-asks", said, company.person("chief"))
    company.do(case, "write")
    handler, chief = company.person("handler"), company.person("chief")
    double = type(chief)(name=handler.name, memberships=handler.memberships | chief.memberships)
    task = next(t.task for t in company.tasks(case) if t.element == "approve_statement")
    with pytest.raises(FourEyesRequired):
        company.desk.complete_task(case, task, {"statement_approved": True}, double)

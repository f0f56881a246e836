"""SYS-22: each limit T22-1 to T22-7, what happens when it is over, and provisional closure both ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.run import CaseIsClosed
from tests.packs.life_insurance import END, INQUIRY, Insurer, insurer

#: Accepted at nine on Monday, 5 January 2026.
SEVEN_WORKDAYS = datetime(2026, 1, 14, 10, 0, tzinfo=UTC)
FIFTEEN_WORKDAYS = datetime(2026, 1, 26, 10, 0, tzinfo=UTC)
THIRTY_DAYS = datetime(2026, 2, 4, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Insurer:
    """The insurer on SQLite."""
    return insurer(sqlite_url, clock, tmp_path)


def told(company: Insurer, case: str) -> tuple[list[str], list[str]]:
    """Who was reminded of the limits of the case, and to whom was reported."""
    reminders = [e["to"] for e in company.errands(case, "send-reminder") if "task" not in e]
    return reminders, [e["to"] for e in company.errands(case, "escalate")]


@pytest.mark.parametrize("until", ["contact", "assign", "hear"])
def test_seven_workdays_without_investigation_remind_the_handler_and_go_to_the_supervisor(
    company: Insurer, until: str
) -> None:
    case = company.receive()
    company.carry(case, until=until)
    assert company.dues(case)["T22-1"] == (SEVEN_WORKDAYS, False)
    company.pass_until(SEVEN_WORKDAYS - MINUTE)
    assert told(company, case) == ([], [])
    company.pass_until(SEVEN_WORKDAYS)
    assert told(company, case) == (["handler"], ["chief"])
    # I expect that the work itself stays where it is
    assert {until, "overdue"} <= set(company.open_elements(case))
    company.let_pass(minutes=1)
    company.do(case, "overdue")
    company.to_the_end(case)
    assert company.dues(case)["T22-1"] == (SEVEN_WORKDAYS, True)
    assert company.verified(case)


def test_an_investigation_in_seven_workdays_is_in_time_and_only_that(company: Insurer) -> None:
    # Given evidence without a word with the customer
    case = company.receive()
    company.carry(case, until="evidence")
    company.do(case, "evidence")
    company.pass_until(SEVEN_WORKDAYS)
    assert told(company, case) == (["handler"], ["chief"])
    # Given another case, where both was done at the last minute
    other = company.receive()
    at = datetime(2026, 1, 23, 10, 0, tzinfo=UTC)
    assert company.dues(other)["T22-1"] == (at, False)
    company.carry(other, until="evidence")
    company.pass_until(at - MINUTE)
    company.carry(other, until="opinion")
    company.pass_until(at + timedelta(hours=1))
    assert told(company, other) == ([], [])


def test_an_ordinary_case_without_an_answer_in_fifteen_workdays_is_reported(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="opinion")
    assert company.dues(case)["T22-2"] == (FIFTEEN_WORKDAYS, False)
    assert "T22-3" not in company.dues(case)
    company.pass_until(FIFTEEN_WORKDAYS - MINUTE)
    assert told(company, case) == ([], [])
    company.pass_until(FIFTEEN_WORKDAYS)
    assert told(company, case) == (["handler"], ["chief"])
    # When the thirty days are over, too
    company.pass_until(THIRTY_DAYS + MINUTE)
    assert told(company, case) == (["handler"], ["chief"])
    company.to_the_end(case)
    assert company.dues(case)["T22-2"] == (FIFTEEN_WORKDAYS, True)
    assert company.verified(case)


def test_an_answer_at_the_last_minute_is_in_time(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.pass_until(FIFTEEN_WORKDAYS - MINUTE)
    company.do(case, "answer")
    company.pass_until(THIRTY_DAYS + MINUTE)
    assert told(company, case) == ([], [])
    assert company.dues(case)["T22-2"] == (FIFTEEN_WORKDAYS, False)
    assert company.verified(case)


def test_a_major_case_has_thirty_days(company: Insurer) -> None:
    case = company.receive(joint_complaint=True, complainant_count="5")
    company.carry(case, {"evidence": {"joint_complaint": True, "complainant_count": "5"}}, until="opinion")
    assert company.dues(case)["T22-3"] == (THIRTY_DAYS, False)
    assert "T22-2" not in company.dues(case)
    company.pass_until(THIRTY_DAYS - MINUTE)
    assert told(company, case) == ([], [])
    company.pass_until(THIRTY_DAYS)
    assert told(company, case) == (["handler"], ["chief"])
    company.to_the_end(case)
    assert company.verified(case)


@pytest.mark.parametrize("found", ["by the supervisor", "by the evidence"])
def test_a_case_that_turns_out_to_be_a_major_one_has_thirty_days_from_its_acceptance(
    company: Insurer, found: str
) -> None:
    case = company.receive()
    company.let_pass(days=4)
    hard = {"assign": {"hard_major": True}}
    media = {"evidence": {"major_suspected": True, "major_signs": ["media"]}}
    company.carry(case, hard if found == "by the supervisor" else media, until="opinion")
    assert company.dues(case)["T22-2"] == (FIFTEEN_WORKDAYS, False)
    assert company.dues(case)["T22-3"] == (THIRTY_DAYS, False)
    company.pass_until(FIFTEEN_WORKDAYS + MINUTE)
    assert told(company, case) == ([], [])
    company.pass_until(THIRTY_DAYS)
    assert told(company, case) == (["handler"], ["chief"])
    company.to_the_end(case)
    assert company.verified(case)


def test_the_manager_of_the_department_is_under_the_same_limits(company: Insurer) -> None:
    case = company.receive(complaint_about="staff", staff_department="保全部")
    company.carry(case, until="staff")
    company.pass_until(SEVEN_WORKDAYS)
    assert told(company, case) == (["department_head"], ["chief"])
    company.pass_until(FIFTEEN_WORKDAYS)
    assert told(company, case) == (["department_head"] * 2, ["chief"] * 2)
    company.to_the_end(case)
    assert company.verified(case)


def test_a_closed_case_is_no_longer_urged(company: Insurer) -> None:
    case = company.receive()
    company.to_the_end(case)
    company.pass_until(datetime(2026, 6, 1, 1, 0, tzinfo=UTC))
    assert told(company, case) == ([], [])


def test_the_month_of_the_report_ends_with_a_reminder(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.accepted(case)
    company.carry(case, until="report")
    due = datetime(2026, 2, 5, 16, 0, tzinfo=UTC)
    assert next(t.due for t in company.tasks(case) if t.element == "report") == due
    company.pass_until(due - MINUTE)
    assert told(company, case) == ([], [])
    company.pass_until(due)
    assert [(e["task"], e["to"]) for e in company.errands(case, "send-reminder")] == [("report", "handler")]
    company.carry(case)
    assert company.verified(case)


def resting(company: Insurer) -> str:
    """A case closed provisionally; the last contact was on 9 January."""
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.refused(case)
    assert company.carry(case, until="rest") == ["mediate"]
    company.do(case, "rest")
    assert company.head(case).status == "resting"
    return case


#: Three months after the last contact, at midnight.
LAPSED = datetime(2026, 4, 9, 16, 0, tzinfo=UTC)


def test_a_case_at_rest_is_closed_three_months_after_the_last_contact(company: Insurer) -> None:
    case = resting(company)
    company.pass_until(LAPSED - MINUTE)
    assert company.open_elements(case) == []
    company.pass_until(LAPSED)
    assert company.open_elements(case) == ["finish"]
    assert company.carry(case) == END[1:]
    assert company.verified(case)


def test_contact_within_three_months_goes_on_with_the_same_case(company: Insurer) -> None:
    case = resting(company)
    company.pass_until(LAPSED - MINUTE)
    said = {"new_evidence": True, "contact_text": "找到录音"}
    company.desk.receive_message(case, "customer-contacts", said, company.person("hotline"))
    path = company.carry(case, until="answer")
    assert path == [*INQUIRY[2:], "opinion", "decide"]
    company.do(case, "answer")
    company.accepted(case)
    company.carry(case)
    assert company.head(case).number == "TS2026010001"
    assert company.verified(case)


def test_a_case_may_rest_twice_and_the_second_rest_has_its_own_end(company: Insurer) -> None:
    case = resting(company)
    company.pass_until(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    said = {"new_evidence": False, "contact_text": "仍不满意"}
    company.desk.receive_message(case, "customer-contacts", said, company.person("handler"))
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.refused(case)
    company.carry(case, until="rest")
    company.do(case, "rest", last_contact="2026-03-02")
    company.pass_until(datetime(2026, 6, 2, 15, 59, tzinfo=UTC))
    assert company.open_elements(case) == []
    company.pass_until(datetime(2026, 6, 2, 16, 0, tzinfo=UTC))
    assert company.open_elements(case) == ["finish"]
    company.carry(case)
    assert company.verified(case)


def test_contact_after_the_three_months_is_a_new_case_with_a_link_to_the_old_one(company: Insurer) -> None:
    case = resting(company)
    company.pass_until(LAPSED)
    company.carry(case)
    said = {"new_evidence": True, "contact_text": "找到录音"}
    with pytest.raises(CaseIsClosed):
        company.desk.receive_message(case, "customer-contacts", said, company.person("handler"))
    new = company.receive(parent=case, previous_case="TS2026010001")
    assert company.head(new).parent == case
    assert company.head(new).number == "TS2026040001"
    company.to_the_end(new)
    assert company.verified(new)


def test_a_customer_who_is_silent_for_fifteen_workdays_is_closed_provisionally(company: Insurer) -> None:
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.pass_until(FIFTEEN_WORKDAYS - MINUTE)
    assert company.open_elements(case) == []
    company.pass_until(FIFTEEN_WORKDAYS)
    assert company.open_elements(case) == ["rest"]
    company.do(case, "rest", provisional_reason="customer_silent", last_contact="2026-01-05")
    company.pass_until(datetime(2026, 4, 5, 16, 0, tzinfo=UTC))
    company.carry(case)
    assert company.verified(case)


def test_silence_after_a_refusal_of_an_earlier_plan_is_silence(company: Insurer) -> None:
    # Given a customer who refused the first plan
    case = company.receive()
    company.carry(case, until="answer")
    company.do(case, "answer")
    company.refused(case)
    company.carry(case, {"mediate": {"mediation_next": "redraft"}}, until="answer")
    company.do(case, "answer")
    # When nothing is heard of the second
    company.let_pass(days=40)
    # I expect that the case rests, and is not talked over again
    assert company.open_elements(case) == ["rest"]

"""SYS-22 art. 4 (A22): who approves what, at every boundary; and money of agents that is held back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.clock import StoppedClock
from tests.packs.life_insurance import ANSWER, END, INQUIRY, Insurer, insurer
from tests.packs.life_insurance_answers import SURRENDER


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Insurer:
    """The insurer on SQLite."""
    return insurer(sqlite_url, clock, tmp_path)


def approvers(company: Insurer, case: str, plan: dict[str, Any]) -> list[str]:
    """Who approves a plan, in order."""
    company.carry(case, {"opinion": plan}, until="answer")
    assert company.verified(case)
    return [person.rpartition("-")[0] for element, person in company.done if element == "decide"]


@pytest.mark.parametrize(
    ("agreed", "total", "chain"),
    [
        # Above the cash value of 10,000; the total against 70% of all premiums, 100,000.
        ("11999.99", "11999.99", ["chief"]),
        ("12000.00", "12000.00", ["chief"]),
        ("12000.01", "12000.01", ["chief", "manager"]),
        ("20000.00", "20000.00", ["chief", "manager"]),
        ("20000.01", "20000.01", ["chief", "gm"]),
        ("12000.00", "70000.00", ["chief"]),
        ("12000.00", "70000.01", ["chief", "manager"]),
        ("20000.00", "70000.01", ["chief", "manager"]),
        ("20000.01", "70000.01", ["chief", "gm"]),
        ("9000.00", "9000.00", ["chief"]),
        ("9000.00", "70000.01", ["chief", "manager"]),
    ],
)
def test_a_surrender_by_agreement_is_approved_by_excess_and_share(
    company: Insurer, agreed: str, total: str, chain: list[str]
) -> None:
    plan = {**SURRENDER, "agreed_amount": agreed, "surrender_total": total}
    assert approvers(company, company.receive(), plan) == chain


@pytest.mark.parametrize(
    ("matters", "chain"),
    [
        ([], ["chief"]),
        (["agent_change"], ["chief"]),
        (["fee_waiver"], ["chief"]),
        (["premium_callback"], ["chief", "manager"]),
        (["advance"], ["chief", "manager"]),
        (["fee_waiver", "premium_callback", "advance"], ["chief", "manager"]),
    ],
)
def test_other_matters_have_their_approver(company: Insurer, matters: list[str], chain: list[str]) -> None:
    assert approvers(company, company.receive(), {"matters": matters}) == chain


def test_several_matters_go_to_all_who_have_a_say(company: Insurer) -> None:
    plan = {**SURRENDER, "matters": ["surrender", "premium_callback"], "agreed_amount": "30000.00"}
    assert approvers(company, company.receive(), plan) == ["chief", "manager", "gm"]


def test_whoever_sends_a_plan_back_ends_the_round(company: Insurer) -> None:
    case = company.receive()
    plan = {**SURRENDER, "agreed_amount": "30000.00"}
    verdicts = [{}, {"verdict": "returned", "approve_reason": "过高"}, {}]
    path = company.carry(case, {"opinion": [plan, {}], "decide": verdicts}, until="answer")
    # The second plan asks for nothing that needs more than the supervisor.
    assert path == [*INQUIRY, "opinion", "decide", "decide", "opinion", "decide"]
    assert [p for e, p in company.done if e == "decide"] == ["chief-1", "gm-1", "chief-1"]
    assert company.verified(case)


def test_an_agent_at_fault_goes_to_agency_management_beside_the_complaint(company: Insurer) -> None:
    case = company.receive(complaint_about="agent", agent_name="某代理人")
    company.carry(case, {"opinion": {"agent_transfer": True}}, until="answer")
    assert company.open_elements(case) == ["answer", "refer"]
    company.do(case, "answer")
    company.accepted(case)
    path = company.carry(case)
    assert sorted(path) == sorted(["refer", "follow", *END])
    assert ("follow", "agency-1") in company.done
    assert company.verified(case)


def test_an_agent_is_referred_once_however_often_the_plan_changes(company: Insurer) -> None:
    case = company.receive(complaint_about="agent")
    at_fault = {"opinion": {"agent_transfer": True}, "mediate": {"mediation_next": "redraft"}}
    company.carry(case, at_fault, until="answer")
    company.do(case, "answer")
    company.refused(case)
    company.carry(case, at_fault, until="answer")
    company.do(case, "answer")
    company.accepted(case)
    company.carry(case, at_fault)
    assert [e for e, _ in company.done].count("refer") == 1


def test_commission_is_frozen_and_freed_by_the_manager_of_customer_service(company: Insurer) -> None:
    case = company.receive(complaint_about="agent")
    choices = {
        "opinion": {"agent_transfer": True},
        "refer": {"freeze_needed": True},
        "follow": {"unfreeze_needed": True},
    }
    path = company.to_the_end(case, choices)
    on_the_side = [e for e in path if e not in (*INQUIRY, *ANSWER, *END)]
    assert on_the_side == ["refer", "freeze", "do_freeze", "follow", "unfreeze", "do_free"]
    by = [p for e, p in company.done if e == "decide"]
    assert sorted(by) == ["chief-1", "manager-1", "manager-1"]
    assert company.verified(case)


@pytest.mark.parametrize("which", ["freeze", "unfreeze"])
def test_what_is_not_approved_is_neither_frozen_nor_freed(company: Insurer, which: str) -> None:
    case = company.receive(complaint_about="agent")
    choices = {"opinion": {"agent_transfer": True}, "refer": {"freeze_needed": True}}
    company.carry(case, choices, until="answer")
    company.do(case, "answer")
    company.accepted(case)
    no = {"verdict": "returned", "approve_reason": "证据不足"}
    more = {"follow": {"unfreeze_needed": True}, "decide": [{}, no]} if which == "unfreeze" else {"decide": no}
    path = company.carry(case, {**choices, **more})
    assert ("do_freeze" in path) == (which == "unfreeze")
    assert "do_free" not in path and "follow" in path
    assert company.verified(case)


def test_what_stays_frozen_ends_the_follow_up(company: Insurer) -> None:
    case = company.receive(complaint_about="agent")
    choices = {
        "opinion": {"agent_transfer": True},
        "refer": {"freeze_needed": True},
        "follow": {"unfreeze_needed": False},
    }
    path = company.to_the_end(case, choices)
    assert "follow" in path and "unfreeze" not in path
    assert company.head(case).closed_at is not None

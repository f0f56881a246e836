"""SYS-24 art. 12 in time: thirty working days from acceptance, extended with approval, sixty days in all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.authority import NotAuthorised
from engine.desk import CapReached, LimitNotExtendable
from tests.packs.company import Company
from tests.packs.whistle import END, company, doers

__all__ = ["company"]

#: Accepted on Monday 5 January 2026: the thirtieth working day is the make-up Saturday before the Spring Festival (15-23 Feb).
DUE_30 = datetime(2026, 2, 14, 10, 0, tzinfo=UTC)
#: The sixtieth day ends at midnight in Shanghai.
DUE_60 = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def accepted(company: Company) -> str:
    """A case that was accepted on 5 January and with which nobody gets on."""
    case = company.receive()
    company.carry(case, until="inquire")
    return case


def due(company: Company, case: str, limit: str) -> datetime:
    """When a limit of the case is due."""
    with company.store.look() as reading:
        return next(d.due for d in reading.deadlines(case) if d.deadline == limit)


def test_both_limits_count_from_acceptance_not_from_the_report(company: Company) -> None:
    case = company.receive()
    company.pass_until(datetime(2026, 1, 8, 1, 0, tzinfo=UTC))
    with company.store.look() as reading:
        assert reading.deadlines(case) == []
    company.carry(case, until="form_team")
    # From Thursday 8 January: three working days later than from Monday the 5th
    assert due(company, case, "T24-1") == datetime(2026, 2, 26, 10, 0, tzinfo=UTC)
    assert due(company, case, "T24-2") == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)


def test_five_working_days_before_the_end_the_lead_is_reminded(company: Company) -> None:
    case = accepted(company)
    assert due(company, case, "T24-1") == DUE_30 and due(company, case, "T24-2") == DUE_60
    company.pass_until(datetime(2026, 2, 6, 9, 0, tzinfo=UTC))
    assert company.errands(case, "send-reminder") == []
    company.pass_until(datetime(2026, 2, 10, 1, 0, tzinfo=UTC))
    assert [(e["kind"], e["to"]) for e in company.errands(case, "send-reminder")] == [("催办", "lead")]


def test_at_the_end_the_team_is_urged_and_the_president_rules(company: Company) -> None:
    case = accepted(company)
    company.pass_until(DUE_30 - timedelta(minutes=1))
    assert "rule_overrun" not in company.open_elements(case)
    company.pass_until(DUE_30 + timedelta(minutes=1))
    assert [e["to"] for e in company.errands(case, "send-reminder")] == ["lead", "lead"]
    assert company.open_elements(case) == ["inquire", "rule_overrun"]
    company.do(case, "rule_overrun", finish_by="2026-02-27")
    assert doers(company, "rule_overrun") == ["ceo-1"]
    # The day that was set passes, too: it is looked at again
    company.pass_until(datetime(2026, 2, 28, 1, 0, tzinfo=UTC))
    assert company.open_elements(case) == ["inquire", "rule_overrun"]
    assert len(company.errands(case, "send-reminder")) == 3


def test_the_president_may_extend_at_the_end_and_is_asked_again_when_that_is_over(company: Company) -> None:
    case = accepted(company)
    company.pass_until(DUE_30 + timedelta(minutes=1))
    company.do(case, "rule_overrun", lengthened=True, finish_by=None, overrun_days=3)
    assert due(company, case, "T24-1") == datetime(2026, 2, 26, 10, 0, tzinfo=UTC)
    company.pass_until(datetime(2026, 2, 26, 10, 1, tzinfo=UTC))
    assert company.open_elements(case) == ["inquire", "rule_overrun"]


def test_an_extension_is_asked_for_approved_and_moves_everything_that_hangs_on_it(company: Company) -> None:
    case = accepted(company)
    said = {"extension_days": 4, "extension_reason": "涉及三家子公司"}
    company.desk.receive_message(case, "extension-asked", said, company.person("lead"))
    company.do(case, "approve_more")
    assert doers(company, "approve_more") == ["ceo-1"]
    assert due(company, case, "T24-1") == datetime(2026, 2, 27, 10, 0, tzinfo=UTC)
    company.pass_until(datetime(2026, 2, 26, 1, 0, tzinfo=UTC))
    assert "rule_overrun" not in company.open_elements(case)
    company.pass_until(datetime(2026, 3, 1, 1, 0, tzinfo=UTC))
    assert "rule_overrun" in company.open_elements(case)


def test_an_extension_that_is_refused_moves_nothing(company: Company) -> None:
    case = accepted(company)
    said = {"extension_days": 4, "extension_reason": "人手不足"}
    company.desk.receive_message(case, "extension-asked", said, company.person("lead"))
    company.do(case, "approve_more", extension_approved=False, extension_remarks="不属复杂")
    assert due(company, case, "T24-1") == DUE_30


def test_no_extension_goes_beyond_sixty_days_and_then_there_is_none(company: Company) -> None:
    case = accepted(company)
    ask = {"extension_days": 30, "extension_reason": "跨省取证"}
    company.desk.receive_message(case, "extension-asked", ask, company.person("lead"))
    company.do(case, "approve_more")
    assert due(company, case, "T24-1") == DUE_60
    # Asked again, it ends at once: nobody has anything to approve
    company.desk.receive_message(case, "extension-asked", ask, company.person("lead"))
    assert company.open_elements(case) == ["inquire"]


def test_at_sixty_days_the_chairman_is_told_and_the_president_can_only_set_a_day(company: Company) -> None:
    case = accepted(company)
    company.pass_until(DUE_30 + timedelta(minutes=1))
    company.do(case, "rule_overrun", lengthened=True, finish_by=None, overrun_days=30)
    assert due(company, case, "T24-1") == DUE_60
    company.pass_until(DUE_60 + timedelta(minutes=1))
    assert [e["to"] for e in company.errands(case, "escalate")] == ["chairman"]
    with pytest.raises(Exception) as refused:
        company.do(case, "rule_overrun", lengthened=True, finish_by=None, overrun_days=3)
    assert set(refused.value.errors) == {"finish_by"}  # type: ignore[attr-defined]
    company.do(case, "rule_overrun")


def test_what_is_concluded_is_no_longer_watched(company: Company) -> None:
    case = accepted(company)
    company.pass_until(DUE_30 + timedelta(minutes=1))
    assert company.carry(case, {"rule_overrun": {"finish_by": "2026-04-10"}})[-2:] == END
    with company.store.look() as reading:
        assert {d.deadline: (d.met is not None, d.late) for d in reading.deadlines(case)} == {
            "T24-1": (True, True), "T24-2": (True, False),
        }  # fmt: skip
    assert company.head(case).closed_at is not None


def test_whoever_rules_upon_the_overrun_needs_not_when_it_was_concluded_meanwhile(company: Company) -> None:
    case = accepted(company)
    company.pass_until(DUE_30 + timedelta(minutes=1))
    for element in ("inquire", "write_report", "cosign", "cosign", "read_report", "propose_discipline", "hr_decides"):
        company.do(case, element)
    assert company.open_elements(case) == ["tell"]


def test_the_limit_may_be_extended_directly_by_whoever_it_names(company: Company) -> None:
    case = accepted(company)
    desk = company.desk
    with pytest.raises(NotAuthorised):
        desk.extend_deadline(case, "T24-1", 3, "workday", "复杂", company.person("risk_gm"))
    with pytest.raises(LimitNotExtendable):
        desk.extend_deadline(case, "T24-2", 3, "day", "复杂", company.person("ceo"))
    desk.extend_deadline(case, "T24-1", 3, "workday", "复杂", company.person("ceo"))
    assert due(company, case, "T24-1") == datetime(2026, 2, 26, 10, 0, tzinfo=UTC)
    desk.extend_deadline(case, "T24-1", 30, "workday", "复杂", company.person("ceo"))
    assert due(company, case, "T24-1") == DUE_60
    with pytest.raises(CapReached):
        desk.extend_deadline(case, "T24-1", 1, "workday", "再延", company.person("ceo"))


def test_about_the_president_the_chairman_extends(company: Company) -> None:
    case = company.receive(accused_rank="ceo", accused=["ceo-1", "ceo-2"])
    company.carry(case, until="inquire")
    said = {"extension_days": 2, "extension_reason": "复杂"}
    company.desk.receive_message(case, "extension-asked", said, company.person("lead"))
    company.do(case, "approve_more")
    assert doers(company, "approve_more") == ["chairman-1"]

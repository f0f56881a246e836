"""Whoever decides is told of cases with the same answers, as far as they may see both."""

from __future__ import annotations

from tests.desk.office import Office


def test_cases_with_the_same_complainant_are_told(office: Office) -> None:
    first, second = office.receive(customer="王秀英"), office.receive(customer="王秀英", accused="cora")
    office.receive(customer="李四")
    carl = office.actor("carl")
    assert [(r.field, r.value, [h.case for h in r.heads]) for r in office.casebook.repeats(first, carl)] == [
        ("customer", "王秀英", [second])
    ]
    # Who may not see one of them is not told of it.
    assert office.casebook.repeats(first, office.actor("cora")) == []
    # Nor is anybody once it is erased.
    office.desk.erase(second, "complainant", "应请求", office.actor("ada"))
    assert office.casebook.repeats(first, carl) == []


def test_while_a_complaint_is_entered_the_same_answers_are_told(office: Office) -> None:
    first, rita = office.receive(customer="王秀英"), office.actor("rita")
    told = office.casebook.same("office", {"subject": "门坏了", "customer": " 王秀英 ", "loss": "1"}, rita)
    assert [(r.field, [h.case for h in r.heads]) for r in told] == [("customer", [first])]
    assert office.casebook.same("office", {"customer": "王"}, rita) == []

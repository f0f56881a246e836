"""Shares of answers: counted in cases, so that who was content only once was not content; the gate knows the answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.gate.judging import check
from engine.shares import Shared, shares_of
from tests.desk.office import FILES, Office

ASKED = b"""
shares:
  upheld: {zh: \xe5\x90\x8c\xe6\x84\x8f\xe7\x8e\x87, en: Approved, field: approved, good: ["true"], source: owner to set}
"""


def with_shares(text: bytes) -> dict[str, bytes]:
    return {**FILES, "pack.yaml": FILES["pack.yaml"] + text}


def counted(office: Office) -> Shared:
    release = check(with_shares(ASKED)).release
    assert release is not None
    fields = [f for form in release.forms for f in office.casebook.shelf.form(release, form).fields]
    with office.store.look() as reading:
        since = office.clock.now() - timedelta(days=30)
        return shares_of(reading, release.policy, fields, since, office.actor("hana"))[0]


def test_cases_are_counted_and_who_was_refused_once_does_not_count(office: Office) -> None:
    # Given one case that is approved, one that is refused first, and one nobody has looked at
    for answers in ((True,), (False, True), ()):
        case = office.receive("door")
        for turn, approved in enumerate(answers, 1):
            office.desk.complete_task(case, f"look-{turn}", {"finding": "hinge"}, office.actor("carl"))
            said = {"approved": approved, "reason": "more"} if not approved else {"approved": True}
            office.desk.complete_task(case, f"approve-{turn}", said, office.actor("hana"))
    # I expect one of two
    found = counted(office)
    assert (found.good, found.whole, str(found.percent)) == (1, 2, "50.0")
    assert {a.value: a.cases for a in found.answers} == {"true": 2, "false": 1}


def test_where_nobody_was_asked_there_is_no_share(office: Office) -> None:
    assert counted(office).percent is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [(b"field: approved", b"field: nowhere"), (b'good: ["true"]', b"good: [perhaps]")],
)
def test_the_gate_names_fields_and_answers_that_nobody_asks_for(wrong: bytes, told: bytes) -> None:
    found = check(with_shares(ASKED.replace(wrong, told))).findings
    assert [f.element for f in found if f.severity == "error"] in (["shares.upheld.field"], ["shares.upheld"])

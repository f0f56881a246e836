"""What the demo's staff write on forms."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal

from api.demo.people import PER_ROLE, people_of
from api.demo.staff import Staff
from engine.clock import StoppedClock
from engine.shelf import context_of
from forms import Form
from tests.packs.company import shipped

REPORT = b"""
id: F-report
title: {zh: a, en: b}
fields:
  - {name: loss_found, type: money, label: {zh: a, en: b}, required: true}
"""
BEYOND = b"""
id: F-beyond
title: {zh: a, en: b}
fields:
  - {name: why, type: text, label: {zh: a, en: b}, required: true, when: '=days > param("silence_days")'}
"""


def test_there_are_people_enough_for_forty_packs_each_with_a_name_of_their_own() -> None:
    policy = shipped("property-mgmt").policy
    people = people_of([policy] * 40)
    assert len({p.name for p in people}) == len({p.zh for p in people}) == len(people)
    assert len(people) == 5 + 40 * len(policy.roles) * PER_ROLE > 600


def test_an_amount_is_what_was_counted_before_never_a_yes_of_that_name() -> None:
    form, clock = Form.read(REPORT, "F-report.yaml"), StoppedClock(datetime(2026, 1, 5, tzinfo=UTC))
    for dice in range(20):
        staff = Staff([], [], clock, random.Random(dice))
        Decimal(str(staff.answers(form, {"similar_found": True}, "report-1")["loss_found"]))
    assert "12.5" in {
        Staff([], [], clock, random.Random(d)).answers(form, {"rate_found": Decimal("12.5")}, "report-1")["loss_found"]
        for d in range(20)
    }


def test_rules_that_read_a_parameter_of_the_pack_are_followed() -> None:
    # Given a form that asks for a reason beyond the 15 days of SYS-22
    form, clock = Form.read(BEYOND, "F-beyond.yaml"), StoppedClock(datetime(2026, 1, 5, tzinfo=UTC))
    release = shipped("life-insurance")
    staff = Staff([], [], clock, random.Random(1), rules_of=lambda digest: context_of(release, clock.now()))
    for days, asked in ((10, False), (16, True)):
        said = staff.answers(form, {"days": Decimal(days)}, "x-1", release=release.digest)
        assert ("why" in said) is asked

"""A rate over many cases is exact: exactly the target is met, a hair below is not, and what is shown is rounded only for reading."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.authority import Actor
from engine.clock import StoppedClock
from engine.duties import Duties
from engine.findings import Refused
from engine.policy import Policy
from engine.publishing import Publishing, check
from engine.rates import rated
from engine.release import Release, yaml_of
from engine.store import Store
from tests.desk.office import FILES, Office
from tests.packs.company import shipped

RATES = """
params:
  target: {value: "50", zh: 目标, en: Target}
  word: {value: many, zh: 词, en: Word}
rates:
  looked: {zh: 调查按时率, en: Looked into in time, limits: [look], target: target, source: ours}
reports: [{id: monthly, zh: 统计, en: Statistics, every: month, by_day: 10}]
"""
AUDITOR = Actor(name="audrey", memberships=frozenset({"*/auditor"}))


@pytest.mark.parametrize(
    ("kept", "late", "overrun", "percent", "met"),
    [
        (99, 1, 0, "99.00", True),  # exactly the target
        (989, 11, 0, "98.90", False),
        (98999, 1000, 1, "99.00", False),  # shown as the target, and yet missed
        (0, 0, 3, "0.00", False),
        (1, 0, 0, "100.00", True),
        (0, 0, 0, None, None),
    ],
)
def test_the_target_is_compared_with_the_numbers_and_not_with_what_is_shown(
    kept: int, late: int, overrun: int, percent: str | None, met: bool | None
) -> None:
    # T19-1 of SYS-19: 99 of a hundred within one working day
    (record, solve, *_) = rated(
        shipped("paint-ccs").policy, [{"limit": "T19-1", "kept": kept, "late": late, "overrun": overrun}]
    )
    assert (record.rate, record.target, record.due) == ("record", Decimal(99), kept + late + overrun)
    assert (record.percent, record.met) == (percent and Decimal(percent), met)
    assert (solve.target, solve.due, solve.percent, solve.met) == (Decimal(90), 0, None, None)


def test_a_report_tells_the_rates_of_its_period(office: Office, store: Store, clock: StoppedClock) -> None:
    # Given a complaint that was looked into in time and one that nobody looked into
    release = check({**FILES, "pack.yaml": FILES["pack.yaml"] + RATES.encode()}).release
    assert release is not None
    with store.begin() as tx:
        tx.save_release(release.digest, pack="office", files=release.files, by="olga", at=clock.now())
    Publishing(store, clock, office.desk.shelf).publish(
        release.digest, Actor(name="omar", memberships=frozenset({"*/owner"}))
    )
    kept, _ = office.receive("一"), office.receive("二")
    office.desk.complete_task(kept, "look-1", {"finding": "x"}, office.actor("carl"))
    # When the month is over
    office.executor.let_time_pass(clock, datetime(2026, 2, 1, 1, tzinfo=UTC))
    # I expect one of two, and the target of fifty met
    (report,) = Duties(store, clock, office.desk.shelf).reports(AUDITOR, pack="office")
    assert report.content["rates"] == [
        {"rate": "looked", "label": {"zh": "调查按时率", "en": "Looked into in time"}, "due": 2, "kept": 1,
         "percent": Decimal("50.00"), "target": Decimal(50), "met": True, "source": "ours"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "instead", "place"),
    [
        ("[look]", "[loook]", "rates.looked.limits"),
        ("target: target", "target: targett", "rates.looked.target"),
        ("target: target", "target: word", "rates.looked.target"),
    ],
)
def test_a_rate_of_nothing_or_against_nothing_is_refused(said: str, instead: str, place: str) -> None:
    text = FILES["pack.yaml"] + RATES.replace(said, instead).encode()
    with pytest.raises(Refused) as refused:
        Policy.of(yaml_of(text, "pack.yaml"))
    (finding,) = refused.value.findings
    assert finding.element == place and finding.remedy_zh and finding.remedy_en


def test_a_pack_without_rates_has_none() -> None:
    assert rated(Release.of(FILES).policy, []) == []

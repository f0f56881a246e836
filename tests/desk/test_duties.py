"""Reports and duties of the packs: made when their period is over, once, none left out, and seen to by somebody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from engine.authority import Actor, NotAuthorised
from engine.clock import StoppedClock
from engine.duties import AlreadySeenTo, Duties, Period
from engine.publishing import Publishing, check
from engine.release import Release, gather
from engine.store import ReportNotFound, ReportRow, Store
from engine.timekeeper import Executor, FolderPost
from tests.desk.office import FILES, Office

REPORTS = """
reports:
  - {id: monthly, zh: 客户投诉案件统计表, en: Monthly statistics, every: month, by_day: 10, source: T08-5, roles: [head]}
  - {id: duty, zh: 每周清查, en: Weekly check, every: week, by_day: 1, roles: [head]}
  - {id: survey, zh: 年度满意度调查, en: Yearly survey, every: year, by_day: 31, source: T21-1}
"""
ROOT = Path(__file__).parents[2]
AUDITOR = Actor(name="audrey", memberships=frozenset({"*/auditor"}))


@pytest.fixture
def duties(office: Office, store: Store, clock: StoppedClock) -> Duties:
    """The office, with reports in its pack."""
    checked = check({**FILES, "pack.yaml": FILES["pack.yaml"] + REPORTS.encode()})
    assert checked.release is not None, [f.text("en") for f in checked.findings]
    with store.begin() as tx:
        tx.save_release(checked.release.digest, pack="office", files=checked.release.files, by="olga", at=clock.now())
    Publishing(store, clock, office.desk.shelf).publish(
        checked.release.digest, Actor(name="omar", memberships=frozenset({"*/owner"}))
    )
    return Duties(store, clock, office.desk.shelf)


def told(duties: Duties, report: str) -> list[ReportRow]:
    return sorted((r for r in duties.reports(AUDITOR) if r.report == report), key=lambda r: r.period)


def test_periods_follow_each_other_without_a_gap() -> None:
    for every, expected in (("week", "2026-W53"), ("month", "2026-12"), ("quarter", "2026-Q4"), ("year", "2026")):
        period = Period.holding(date(2026, 12, 31), every)
        assert period.name == expected
        assert Period.holding(period.first, every) == period
        assert Period.holding(period.after, every).first == period.after


def test_the_months_statistics_are_ready_when_the_month_is_over_and_due_by_the_tenth(
    office: Office, duties: Duties
) -> None:
    # Given a complaint closed in time, one closed late, and one that nobody touches
    carl, hana = office.actor("carl"), office.actor("hana")
    kept, late, left = office.receive("一"), office.receive("二"), office.receive("三")
    office.desk.complete_task(kept, "look-1", {"finding": "x"}, carl)
    office.desk.complete_task(kept, "approve-1", {"approved": True}, hana)
    office.executor.let_time_pass(office.clock, datetime(2026, 1, 28, 1, tzinfo=UTC))
    office.desk.complete_task(late, "look-1", {"finding": "x"}, carl)
    office.desk.complete_task(late, "approve-1", {"approved": True}, hana)
    assert told(duties, "monthly") == []
    # When the first of February has come
    office.executor.let_time_pass(office.clock, datetime(2026, 1, 31, 16, tzinfo=UTC))
    # I expect January's figures, to be seen to by the 10th, 24:00 in Shanghai
    (report,) = told(duties, "monthly")
    assert (report.period, report.due) == ("2026-01", datetime(2026, 2, 10, 16, tzinfo=UTC))
    assert report.made == datetime(2026, 1, 31, 16, tzinfo=UTC)
    said = report.content
    assert (said["received"], said["closed"], said["open_at_the_end"]) == (3, 2, 1)
    assert said["limits"] == [{"limit": "whole", "kept": 1, "late": 1, "overrun": 1}]
    assert [row["case"] for row in said["overdue"]] == [left]  # type: ignore[union-attr, index, call-overload]
    assert [row["case"] for row in said["closed_late"]] == [late]  # type: ignore[union-attr, index, call-overload]
    assert said["tasks"][1] == {"element": "look", "done": 2, "late": 1}  # type: ignore[index]


def test_after_an_outage_no_report_is_missing_and_each_says_what_it_would_have_said(
    store: Store, clock: StoppedClock, office: Office, duties: Duties
) -> None:
    # Given a case that is overdue at the end of January, and that is closed in March, while the service was down
    case = office.receive()
    office.clock.set(datetime(2026, 3, 5, 1, tzinfo=UTC))
    office.desk.complete_task(case, "look-1", {"finding": "x"}, office.actor("carl"))
    office.desk.complete_task(case, "approve-1", {"approved": True}, office.actor("hana"))
    # When it comes back
    office.executor.poke()
    # I expect a report for each month and week, as of its end; made now
    assert [(r.period, r.content["open_at_the_end"]) for r in told(duties, "monthly")] == [
        ("2026-01", 1),
        ("2026-02", 1),
    ]
    assert all(r.made == clock.now() for r in told(duties, "monthly"))
    assert [r.period for r in told(duties, "duty")] == [f"2026-W{n:02}" for n in range(2, 10)]
    assert told(duties, "survey") == []
    # and none twice, however often it is looked
    duties.order_all()
    office.executor.poke()
    assert len(told(duties, "duty")) == 8
    office.executor.let_time_pass(office.clock, datetime(2027, 1, 1, 1, tzinfo=UTC))
    (survey,) = told(duties, "survey")
    assert (survey.period, survey.content["received"]) == ("2026", 1)


def test_somebody_sees_to_a_report_once_and_outsiders_do_not_see_it(office: Office, duties: Duties) -> None:
    office.executor.let_time_pass(office.clock, datetime(2026, 1, 12, 1, tzinfo=UTC))
    hana, outsider = office.actor("hana"), Actor(name="x", memberships=frozenset({"other/head"}))
    assert duties.reports(outsider) == []
    for act in (lambda: duties.report("office", "duty", "2026-W02", outsider),
                lambda: duties.see_to("office", "duty", "2026-W02", "", outsider)):  # fmt: skip
        with pytest.raises(NotAuthorised):
            act()
    done = duties.see_to("office", "duty", "2026-W02", "无超期", hana)
    assert (done.done_by, done.done, done.remark) == ("hana", office.clock.now(), "无超期")
    with pytest.raises(AlreadySeenTo):
        duties.see_to("office", "duty", "2026-W02", "again", hana)
    with pytest.raises(ReportNotFound):
        duties.see_to("office", "duty", "2031-W02", "", hana)
    assert duties.reports(hana, open_only=True) == []
    assert [r.period for r in duties.reports(hana, pack="office")] == ["2026-W02"]
    with office.store.look() as reading:
        assert reading.acts()[0].about == "office/duty/2026-W02"


#: What the procedures ask for at set times (T08-5, T22-7; the others name no day, the owner sets it), by packs.
ASKED = {
    ("arch-paint-aftersales", "monthly"): ("month", 10),
    ("coating-aftersales", "opinions"): ("month", 10),
    ("exterior-paint-warranty", "care"): ("quarter", 15),
    ("food-drug-report", "monthly"): ("month", 10),
    ("life-insurance", "monthly"): ("month", 10),
    ("logistics-cs", "monthly"): ("month", 10),
    ("mfg-gm-office", "monthly"): ("month", 10),
    ("mfg-gm-office", "discipline"): ("month", 10),
    ("qa-8d-tracking", "monthly"): ("month", 10),
    ("whistle-risk", "reports"): ("year", 31),
}
#: Asked for every week.
WEEKLY = {("ecommerce-cs-discipline", "weeks")}
#: SYS-26, 28 and 38 print nothing that is due at a set time.
WITHOUT = {"property-mgmt", "telecom-branch", "qe-1h-8h-3wd"}


@cache
def read(folder: Path) -> Release:
    """A shipped pack, read for both databases."""
    return Release.of(gather(folder, ROOT / "bpmn" / "shared", ROOT / "forms" / "library"))


def test_whatever_a_shipped_pack_asks_for_is_made_once_through_a_year_with_an_outage(
    office: Office, store: Store, clock: StoppedClock
) -> None:
    duties, packs = Duties(store, clock, office.desk.shelf), sorted(ROOT.glob("bpmn/packs/*"))
    for release in map(read, packs):
        office.desk.shelf.keep(release)
        with store.begin() as tx:
            tx.save_release(release.digest, pack=release.pack, files=release.files, by="olga", at=clock.now())
            tx.publish_release(release.digest, by="omar", at=clock.now())
            duties.order(tx, release, clock.now())
    # Given January and February, to the second
    office.executor.let_time_pass(clock, datetime(2026, 1, 31, 15, 59, 59, tzinfo=UTC))
    assert {(r.pack, r.report) for r in duties.reports(AUDITOR)} == WEEKLY
    office.executor.let_time_pass(clock, datetime(2026, 3, 1, 1, tzinfo=UTC))
    # When the service is away from March to the middle of June, and then goes on to the end of the year
    clock.set(datetime(2026, 6, 15, 1, tzinfo=UTC))
    office.executor.poke()
    office.executor.let_time_pass(clock, datetime(2026, 12, 31, 16, tzinfo=UTC))
    # I expect a report for each of its months, quarters or years
    found: dict[tuple[str, str], list[ReportRow]] = {}
    for report in sorted(duties.reports(AUDITOR), key=lambda r: r.period):
        if report.pack != "office":
            found.setdefault((report.pack, report.report), []).append(report)
    assert set(found) >= set(ASKED)
    assert not WITHOUT & {pack for pack, _ in found} and {folder.name for folder in packs} >= WITHOUT
    for asked, (every, by_day) in ASKED.items():
        assert len({r.period for r in found[asked]}) == {"month": 12, "quarter": 4, "year": 1}[every]
        assert {(r.due.day, r.due.hour) for r in found[asked]} == {(by_day, 16)}  # 24:00 of that day in Shanghai
    # made at the first moment after the month, or as soon as the service was back
    made = {r.period: r.made for r in found["mfg-gm-office", "monthly"]}
    assert made["2026-02"] == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert made["2026-03"] == made["2026-05"] == datetime(2026, 6, 15, 1, tzinfo=UTC)
    assert made["2026-06"] == datetime(2026, 6, 30, 16, tzinfo=UTC)


def test_whoever_is_to_see_to_a_report_is_reminded_three_times_and_then_no_more(
    office: Office, duties: Duties, tmp_path: Path
) -> None:
    # Given a head who can be written to, and a report that lies there from Monday, 12 January, due that day
    hana = office.actor("hana")
    with office.store.begin() as tx:
        tx.put_person(replace(tx.person("hana"), email="hana@office.example"))
    post = FolderPost(tmp_path / "reminders")
    executor = Executor(office.store, office.desk, office.clock, node="b", post=post)
    # When nobody sees to it
    executor.let_time_pass(office.clock, datetime(2026, 1, 14, 9, 59, tzinfo=UTC))
    assert letters(tmp_path) == [] and [r.reminded for r in duties.waiting(hana)] == [None]
    # I expect a letter at the close of the second working day after it was made, and a last one five days later
    executor.let_time_pass(office.clock, datetime(2026, 1, 14, 10, tzinfo=UTC))
    assert letters(tmp_path) == ["office_duty_2026-W02_1_hana"]
    said = json.loads((tmp_path / "reminders" / "office_duty_2026-W02_1_hana.json").read_text("utf-8"))
    assert said["to"] == "hana@office.example" and "每周清查" in said["text"] and "Weekly check" in said["text"]
    assert [r.reminded for r in duties.waiting(hana)] == [office.clock.now()]
    executor.let_time_pass(office.clock, datetime(2026, 1, 21, 10, tzinfo=UTC))
    assert [n for n in letters(tmp_path) if "W02" in n] == ["office_duty_2026-W02_1_hana", "office_duty_2026-W02_3_hana"]
    # and of one with time enough three, the second when it is due
    executor.let_time_pass(office.clock, datetime(2026, 2, 28, 1, tzinfo=UTC))
    assert [n for n in letters(tmp_path) if "monthly" in n] == [f"office_monthly_2026-01_{n}_hana" for n in (1, 2, 3)]


def test_nobody_is_reminded_of_what_was_seen_to_nor_of_what_is_nobodys(
    office: Office, duties: Duties, tmp_path: Path
) -> None:
    office.executor.let_time_pass(office.clock, datetime(2026, 1, 13, 1, tzinfo=UTC))
    # A clerk is not asked to see to what is the head's; whoever may read it may do so all the same
    assert duties.waiting(office.actor("carl")) == []
    duties.see_to("office", "duty", "2026-W02", "", office.actor("carl"))
    assert duties.waiting(office.actor("hana")) == []
    office.executor.let_time_pass(office.clock, datetime(2026, 1, 16, 1, tzinfo=UTC))
    assert duties.report("office", "duty", "2026-W02", AUDITOR).reminded is None
    # Where nobody can be written to it is put down all the same
    office.executor.let_time_pass(office.clock, datetime(2026, 1, 22, 1, tzinfo=UTC))
    assert duties.report("office", "duty", "2026-W03", AUDITOR).reminded == datetime(2026, 1, 21, 10, tzinfo=UTC)
    assert letters(tmp_path) == []


def letters(folder: Path) -> list[str]:
    """The names of the letters that left, in order."""
    return sorted(path.stem for path in (folder / "reminders").glob("*.json"))

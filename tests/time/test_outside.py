"""Time as somebody outside sees it: by the API alone, on a simulated clock, with ends worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.clock import StoppedClock
from engine.gate import check
from engine.store import Store
from tests.api.conftest import House, house_over
from tests.desk.office import SHARED
from tests.run.drawing import diagram

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)

PACK = """
pack: outside
title: {zh: 时限, en: Limits}
flow: service
process: outside
intake: F01
calendar: CALENDAR
starters: [desk]
channels: [phone]
roles: {desk: {zh: 前台, en: Desk}, clerk: {zh: 经办, en: Clerk}, head: {zh: 主管, en: Head}}
limits:
"""
F01 = b"id: F01\ntitle: {zh: a, en: a}\nfields:\n  - {name: subject, type: text, label: {zh: a, en: a}}\n"
F02 = b"id: F02\ntitle: {zh: a, en: a}\nfields:\n  - {name: seen, type: text, label: {zh: a, en: a}}\n"
ONE_TASK = """
    startEvent s milestone=received
    userTask look groups=clerk form=F02 limit=look milestone=accepted
    userTask answer groups=clerk form=F02
    endEvent e milestone=answered
    s > look > answer > e
"""
PEOPLE = {
    "rita": ["outside/desk"], "carl": ["outside/clerk"], "hana": ["outside/head"], "ada": ["*/admin"], "olga": ["*/owner"],
    "omar": ["*/owner"],
}  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri")
_CN = "\n".join(f'{day} = ["09:00-12:00", "13:00-18:00"]' for day in _DAYS)
CALENDARS = {
    "ny": 'name = "ny"\nzone = "America/New_York"\n[week]\n' + "\n".join(f'{day} = ["09:00-17:00"]' for day in _DAYS),
    "half": f'name = "half"\nzone = "Asia/Shanghai"\n[week]\n{_CN}\n[[half]]\nfrom = 2026-01-07\nhours = ["09:00-12:00"]\nzh = "半天"',
    "house": f'name = "house"\nzone = "Asia/Shanghai"\n[week]\n{_CN}\n[[company]]\nfrom = 2026-01-08\nzh = "厂庆"',
    **{name: (SHARED / "calendars" / f"{name}.toml").read_text("utf-8") for name in ("cn", "365x8")},
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Outside:
    """Whoever has the address, tokens and a calendar on the wall."""

    def __init__(self, house: House) -> None:
        self.house = house

    def at(self, moment: str) -> None:
        """Let the time be this, UTC."""
        self.house.sign_in("ada")
        said = self.house.ask("POST", "/clock", "ada", json={"now": f"{moment}Z"})
        assert said.status_code == 200, said.text
        # A session lasts no longer than a working day.
        self.house.sign_in(*PEOPLE)

    def opens(self) -> str:
        said = self.house.ask("POST", "/cases", json={"pack": "outside", "channel": "phone", "answers": {"subject": "x"}})
        assert said.status_code == 201, said.text
        return str(said.json["case"])

    def does(self, case: str, task: str, who: str = "carl") -> None:
        said = self.house.ask("POST", f"/tasks/{case}/{task}/complete", who, json={"answers": {"seen": "x"}})
        assert said.status_code == 200, said.text

    def acts(self, path: str, who: str, status: int = 200, **said: Any) -> Any:
        answer = self.house.ask("POST", path, who, json=said)
        assert answer.status_code == status, answer.text
        return answer.json

    def due(self, case: str, name: str = "look-1") -> datetime:
        return datetime.fromisoformat(self.deadline(case, name)["due"])

    def deadline(self, case: str, name: str) -> dict[str, Any]:
        found = self.house.ask("GET", f"/cases/{case}/deadlines", "carl").json["deadlines"]
        return next(d for d in found if d["deadline"] == name)

    def tasks(self, case: str) -> dict[str, datetime]:
        """Open tasks, and since when."""
        found = self.house.ask("GET", f"/cases/{case}", "hana").json["tasks"]
        return {t["task"]: datetime.fromisoformat(t["opened"]) for t in found}


@pytest.fixture
def found(store: Store, clock: StoppedClock, tmp_path: Path) -> Callable[..., Outside]:
    """Puts a pack with these limits in force."""

    def make(*limits: str, calendar: str = "cn", drawing: str = ONE_TASK, others: tuple[str, ...] = ()) -> Outside:
        rows = "".join(f"  {row}\n" for row in limits)
        files = {
            "pack.yaml": (PACK.replace("CALENDAR", calendar) + rows).encode(), "forms/F01.yaml": F01, "forms/F02.yaml": F02,
            "diagrams/outside.bpmn": diagram("outside", drawing),
            **{f"calendars/{name}.toml": CALENDARS[name].encode() for name in (calendar, *others)},
        }  # fmt: skip
        checked = check(files)
        assert checked.release is not None, [f.text("en") for f in checked.findings]
        with store.begin() as tx:
            tx.save_release(checked.release.digest, pack="outside", files=files, by="x", at=clock.now())
            tx.publish_release(checked.release.digest, by="y", at=clock.now())
        return Outside(house_over(store, clock, tmp_path, PEOPLE))

    return make


def row(name: str, value: int, unit: str, more: str = "") -> str:
    return f"{name}: {{zh: 限, en: Limit, value: {value}, unit: {unit}, stage: task, from: task{', ' + more if more else ''}}}"


@pytest.mark.parametrize(
    ("calendar", "limit", "opened", "due"),
    [
        # The night the clocks of New York go ahead, 8 March 2026: an hour is an hour, a day ends at its own midnight.
        ("ny", row("look", 24, "hour"), "2026-03-07T17:00", "2026-03-08T17:00"),
        ("ny", row("look", 1, "day"), "2026-03-07T17:00", "2026-03-09T04:00"),
        # Friday 15:00: two hours, and eight on Monday, by summer time.
        ("ny", row("look", 10, "work_hour"), "2026-03-06T20:00", "2026-03-09T21:00"),
        # The night they go back, 1 November.
        ("ny", row("look", 24, "hour"), "2026-10-31T16:00", "2026-11-01T16:00"),
        ("ny", row("look", 1, "day"), "2026-10-31T16:00", "2026-11-02T05:00"),
        ("ny", row("look", 2, "workday"), "2026-10-30T20:00", "2026-11-03T22:00"),
        # Wednesday afternoon is off: a day that ends there ends at noon; 8 + 8 + 3 hours and one of Thursday.
        ("half", row("look", 2, "workday"), "2026-01-05T01:00", "2026-01-07T04:00"),
        ("half", row("look", 20, "work_hour"), "2026-01-05T01:00", "2026-01-08T02:00"),
        # Thursday is the house's own day off: no working day, a day that is not rolled over by law, one that is by the owner.
        ("house", row("look", 3, "workday"), "2026-01-05T01:00", "2026-01-09T10:00"),
        ("house", row("look", 3, "day", "civil: true"), "2026-01-05T01:00", "2026-01-08T16:00"),
        ("house", row("look", 3, "day", "roll: next_workday"), "2026-01-05T01:00", "2026-01-09T16:00"),
        # By the civil code: the fifth day is a Saturday, so it ends when business closes on Monday.
        ("cn", row("look", 5, "day", "civil: true"), "2026-01-05T01:00", "2026-01-12T10:00"),
        # Seven days in which the office never rests.
        ("365x8", row("look", 3, "workday"), "2026-01-09T01:00", "2026-01-12T10:00"),
        ("365x8", row("look", 20, "work_hour"), "2026-01-09T01:00", "2026-01-11T06:00"),
        # Spring festival: Saturday the 14th is made up for, then off until the 23rd.
        ("cn", row("look", 5, "workday"), "2026-02-12T01:00", "2026-02-26T10:00"),
        ("cn", row("look", 1, "month"), "2026-01-31T01:00", "2026-02-28T16:00"),
        # After business on Friday the limit of hours begins on Monday, half an hour is half an hour.
        ("cn", row("look", 1, "work_hour"), "2026-01-09T12:00", "2026-01-12T02:00"),
        ("cn", row("look", 30, "minute"), "2026-01-09T12:00", "2026-01-09T12:30"),
    ],
)  # fmt: skip
def test_a_limit_ends_where_paper_says(
    found: Callable[..., Outside], calendar: str, limit: str, opened: str, due: str
) -> None:
    outside = found(limit, calendar=calendar)
    outside.at(opened)
    case = outside.opens()
    assert outside.due(case) == utc(due)
    # Done at the last instant it is on time; a minute later it is not.
    outside.at(due)
    assert not outside.deadline(case, "look-1")["late"]
    assert not outside.house.ask("GET", "/tasks?overdue", "carl").json["tasks"]
    outside.at(f"{due}:01")
    assert outside.deadline(case, "look-1")["late"]
    assert [t["task"] for t in outside.house.ask("GET", "/tasks?overdue", "carl").json["tasks"]] == ["look-1"]


def test_budgets_in_sequence_make_the_whole(found: Callable[..., Outside]) -> None:
    # Given one, five and ten working days, one after the other, over Spring festival, and sixteen for all of it
    drawing = """
        startEvent s milestone=received
        userTask a groups=clerk form=F02 limit=B1
        userTask b groups=clerk form=F02 limit=B5
        userTask c groups=clerk form=F02 limit=B10
        endEvent e
        s > a > b > c > e
    """
    whole = "B16: {zh: 限, en: Limit, value: 16, unit: workday, stage: case, from: received}"
    outside = found(row("B1", 1, "workday"), row("B5", 5, "workday"), row("B10", 10, "workday"), whole, drawing=drawing)
    outside.at("2026-02-05T03:00")
    case = outside.opens()
    # When each takes all the time it has
    for task, due in (("a", "2026-02-06T10:00"), ("b", "2026-02-13T10:00"), ("c", "2026-03-05T10:00")):
        assert outside.due(case, f"{task}-1") == utc(due)
        assert outside.due(case, "B16") == utc("2026-03-05T10:00")
        outside.at(due)
        outside.does(case, f"{task}-1")
    # I expect the last to end where the whole does, kept
    assert outside.deadline(case, "B16")["met"] and not outside.deadline(case, "B16")["late"]


def test_pauses_and_extensions_add_up_until_the_cap(found: Callable[..., Outside]) -> None:
    more = "pausable: true, cap: {value: 12, unit: day}, extend_by: [head], extend_max: {value: 2, unit: workday}"
    outside = found(row("look", 5, "workday", more))
    outside.at("2026-01-05T01:00")
    case = outside.opens()
    assert outside.due(case) == utc("2026-01-12T10:00")
    # When the clock stands still for six hours of business, and for three, over two nights
    for since, until in (("2026-01-06T06:00", "2026-01-07T03:00"), ("2026-01-08T08:00", "2026-01-09T02:00")):
        outside.at(since)
        outside.acts(f"/cases/{case}/pause", "carl", reason="材料")
        outside.acts(f"/cases/{case}/pause", "carl", 409, reason="材料")
        outside.at(until)
        outside.acts(f"/cases/{case}/resume", "carl")
    # I expect nine hours more: a day and a piece, which is another
    assert outside.due(case) == utc("2026-01-14T10:00")
    extended = {"amount": 2, "unit": "workday", "reason": "检验"}
    outside.acts(f"/cases/{case}/deadlines/look-1/extend", "carl", 403, **extended)
    outside.acts(f"/cases/{case}/deadlines/look-1/extend", "hana", **extended)
    assert outside.due(case) == utc("2026-01-16T10:00")
    outside.acts(f"/cases/{case}/deadlines/look-1/extend", "hana", **extended)
    assert outside.due(case) == utc("2026-01-17T16:00") and outside.deadline(case, "look-1")["trace"]["capped"]
    outside.acts(f"/cases/{case}/deadlines/look-1/extend", "hana", 409, **extended)


def test_what_is_paused_is_in_no_list_of_what_is_late_however_long_it_lasts(found: Callable[..., Outside]) -> None:
    outside = found(row("look", 2, "workday", "pausable: true"))
    outside.at("2026-01-05T01:00")
    case = outside.opens()
    outside.at("2026-01-07T08:00")
    outside.acts(f"/cases/{case}/pause", "carl", reason="材料")
    outside.at("2026-01-30T01:00")
    deadline = outside.deadline(case, "look-1")
    assert (deadline["paused"], deadline["late"], deadline["left"]["en"]) == (True, False, "2 h left")
    assert outside.house.ask("GET", "/tasks?overdue", "carl").json["tasks"] == []
    (line,) = outside.house.ask("GET", "/tasks?group", "carl").json["tasks"]
    assert (line["paused"], line["left"]["en"]) == (True, "2 h left")
    assert outside.house.ask("GET", "/deadlines/overdue", "ada").json["deadlines"] == []
    # What is done meanwhile is done in time
    outside.does(case, "look-1")
    kept = outside.house.ask("GET", f"/cases/{case}/history", "carl").json["events"]
    assert [e["facts"].get("late", False) for e in kept if e["kind"] == "deadline_met"] == [False]


@pytest.mark.parametrize("outage", [False, True])
def test_a_warning_comes_before_and_reminders_after_also_after_an_outage(
    found: Callable[..., Outside], outage: bool
) -> None:
    drawing = """
        startEvent s
        userTask look groups=clerk form=F02 limit=look
        boundaryEvent soon on=look loose date='=warn("look")'
        boundaryEvent late on=look loose date='=due("look")'
        boundaryEvent again on=look loose cycle='R2/P7D'
        userTask warned groups=head form=F02
        userTask urged groups=head form=F02
        userTask nagged groups=head form=F02
        endEvent e
        s > look > e
        soon > warned
        late > urged
        again > nagged
    """
    outside = found(row("look", 3, "workday", "warn: {value: 1, unit: workday}"), drawing=drawing)
    outside.at("2026-01-05T01:00")
    case = outside.opens()
    if outage:
        # Nobody wakes anything for a month.
        clock = outside.house.parts.stopped_clock
        assert clock is not None
        clock.set(utc("2026-02-05T01:00"))
        outside.house.parts.executor.poke()
        outside.house.sign_in(*PEOPLE)
    else:
        outside.at("2026-02-05T01:00")
    assert outside.tasks(case) == {
        "look-1": utc("2026-01-05T01:00"), "warned-1": utc("2026-01-07T10:00"), "urged-1": utc("2026-01-08T10:00"),
        "nagged-1": utc("2026-01-12T01:00"), "nagged-2": utc("2026-01-19T01:00"),
    }  # fmt: skip


def test_two_calendars_in_one_pack_each_count_for_their_own_limit(found: Callable[..., Outside]) -> None:
    hotline = "hot: {zh: 热线, en: Hotline, value: 3, unit: workday, stage: case, from: received, calendar: 365x8}"
    office = "usual: {zh: 办公室, en: Office, value: 3, unit: workday, stage: case, from: received}"
    outside = found(row("look", 1, "workday"), hotline, office, others=("365x8",))
    outside.at("2026-01-09T01:00")
    case = outside.opens()
    assert outside.due(case, "hot") == utc("2026-01-12T10:00")
    assert outside.due(case, "usual") == utc("2026-01-14T10:00")
    assert outside.deadline(case, "hot")["trace"]["calendar"] == "365x8"


def test_a_limit_from_receipt_that_is_set_at_acceptance_counts_from_receipt(found: Callable[..., Outside]) -> None:
    from_receipt = "R: {zh: 收到起, en: From receipt, value: 60, unit: day, stage: legal, from: received, set_at: accepted}"
    from_acceptance = "A: {zh: 受理起, en: From acceptance, value: 5, unit: workday, stage: case, from: accepted, to: answered}"
    outside = found(row("look", 5, "workday"), from_receipt, from_acceptance)
    outside.at("2026-01-05T01:00")
    case = outside.opens()
    names = {d["deadline"] for d in outside.house.ask("GET", f"/cases/{case}/deadlines", "carl").json["deadlines"]}
    assert names == {"look-1"}
    # When it is accepted on Friday
    outside.at("2026-01-09T02:00")
    outside.does(case, "look-1")
    # I expect the one to count from Monday, the other from Friday
    assert outside.due(case, "R") == utc("2026-03-06T16:00")
    assert outside.due(case, "A") == utc("2026-01-16T10:00")


def test_a_changed_calendar_moves_what_runs_only_when_somebody_says_so_and_pauses_stay(
    found: Callable[..., Outside],
) -> None:
    outside = found(row("look", 5, "workday", "pausable: true"))
    house = outside.house
    house.parts.almanac.bootstrap(SHARED / "calendars")
    outside.at("2026-01-05T01:00")
    runs, paused = outside.opens(), outside.opens()
    outside.at("2026-01-12T09:00")
    outside.acts(f"/cases/{paused}/pause", "carl", reason="材料")
    # Given a day off that is announced while one of two cases stands still, past its old end
    outside.at("2026-01-13T01:00")
    file = 'name = "cn"\nextends = "cn"\n[[holiday]]\nfrom = 2026-01-09\nzh = "假"\n'
    version = outside.acts("/calendars/cn", "olga", file=file)["version"]
    effect = house.ask("GET", f"/calendars/cn/{version}/effect", "olga").json
    assert {(m["case"], m["before"], m["after"]) for m in effect["moves"]} == {
        (case, "2026-01-12T10:00:00Z", "2026-01-13T10:00:00Z") for case in (runs, paused)
    }
    outside.acts(f"/calendars/cn/{version}/publish", "omar", reason="r")
    assert (outside.due(runs), outside.due(paused)) == (utc("2026-01-12T10:00"), utc("2026-01-12T10:00"))
    # When open cases are re-planned
    assert outside.acts("/calendars/cn/replan", "omar", reason="r")["cases"] == 2
    outside.at("2026-01-13T01:01")
    # I expect both to end a day later, and the one that stands still to go on from there with its hour
    assert (outside.due(runs), outside.due(paused)) == (utc("2026-01-13T10:00"), utc("2026-01-13T10:00"))
    assert house.ask("GET", "/tasks?overdue", "carl").json["tasks"] == []
    outside.at("2026-01-14T01:00")
    outside.acts(f"/cases/{paused}/resume", "carl")
    assert outside.due(paused) == utc("2026-01-15T10:00")

"""Calendars by version: what a change would move is shown first, published by two persons, and moves by one act."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.almanac import Almanac, NothingToReplan
from engine.authority import Actor, NotAuthorised
from engine.calendar import CalendarFault, load, to_ical
from engine.clock import StoppedClock
from engine.desk import TextRefused
from engine.history import CalendarReplaced, DeadlineMoved
from engine.publishing import SecondPairNeeded
from engine.replay import verify
from engine.store import CalendarNotFound, Store
from tests.desk.office import SHARED, Office

OLGA, OMAR = (Actor(name=n, memberships=frozenset({"*/owner"})) for n in ("olga", "omar"))
#: Thursday, 8 January: in the middle of what was received on Monday the 5th.
HOLIDAY = b'name = "cn"\nextends = "cn"\n[[holiday]]\nfrom = 2026-01-08\nzh = "\xe5\x81\x87"\nen = "Holiday"\n'


def utc(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


@pytest.fixture
def almanac(office: Office, store: Store, clock: StoppedClock) -> Almanac:
    found = Almanac(store, clock, office.desk.shelf)
    found.bootstrap(SHARED / "calendars")
    return found


def due(office: Office, case: str) -> dict[str, datetime | None]:
    with office.store.look() as reading:
        found = {d.deadline: d.due for d in reading.deadlines(case)}
        return found | {t.task: t.due for t in reading.tasks(case)}


def test_the_shipped_calendars_are_in_force_and_taken_in_once(almanac: Almanac) -> None:
    row, found = almanac.version("cn")
    assert row.in_force and row.made_by == "system" and found.published == {2024, 2025, 2026}
    assert almanac.bootstrap(SHARED / "calendars") == []
    assert {r.name for r in almanac.versions()} == {"365x8", "cn"}
    with pytest.raises(CalendarNotFound):
        almanac.version("mars")


def test_a_change_is_shown_published_by_two_and_moves_nothing_by_itself(office: Office, almanac: Almanac) -> None:
    # Given a case under way, due on Thursday
    case = office.receive()
    before = due(office, case)
    assert before == {"look-1": utc(8), "whole": utc(26)}
    # When an owner hands in a version in which Thursday is a holiday
    row = almanac.propose(HOLIDAY, OLGA, note="announced")
    # I expect what it would move to be shown, and nothing to have moved
    effect = almanac.effect("cn", row.version, OLGA)
    assert (effect.cases, effect.moving, dict(effect.packs)) == (1, 2, {"office": ()})
    assert [(m.deadline, m.after) for m in effect.moves] == [("look-1", utc(9)), ("whole", utc(27))]
    assert due(office, case) == before
    # The owner cannot publish it alone, nor can anybody without the role, nor without a reason
    for actor, reason, error in ((OLGA, "r", SecondPairNeeded), (office.actor("carl"), "r", NotAuthorised),
                                 (OMAR, " ", TextRefused)):  # fmt: skip
        with pytest.raises(error):
            almanac.publish("cn", row.version, reason, actor)
    # When a second one publishes it
    assert almanac.publish("cn", row.version, "state council", OMAR) == ("office",)
    # I expect new cases to count by it, and running ones not to have moved
    assert due(office, office.receive())["look-1"] == utc(9)
    assert due(office, case) == before


def test_replanning_is_one_act_and_each_case_hears_of_it_once(office: Office, almanac: Almanac) -> None:
    # Given two running cases, one closed one, and a published change
    cases = [office.receive(), office.receive()]
    closed = office.receive()
    office.desk.receive_message(closed, "withdraw", {}, office.actor("carl"))
    office.desk.extend_deadline(cases[1], "look-1", 1, "workday", "material", office.actor("hana"))
    row = almanac.propose(HOLIDAY, OLGA)
    almanac.publish("cn", row.version, "state council", OMAR)
    # When an owner re-plans
    assert almanac.replan("cn", "holiday announced", OLGA) == 2
    office.executor.poke()
    # I expect the deadlines moved, by events that say who, why and by which version
    assert due(office, cases[0]) == {"look-1": utc(9), "whole": utc(27)}
    assert due(office, cases[1])["look-1"] == utc(12)
    with office.store.look() as reading:
        for case in cases:
            records = reading.history(case)
            (heard,) = [r.event for r in records if isinstance(r.event, CalendarReplaced)]
            assert (heard.actor, heard.reason, heard.version) == ("olga", "holiday announced", row.version)
            assert len([r for r in records if isinstance(r.event, DeadlineMoved)]) >= 2
            verdict = verify(records, lambda d: office.desk.shelf.release(d, reading), reading.head(case).state)
            assert verdict.agrees and verdict.traces >= 4, verdict.difference
        assert not [r for r in reading.history(closed) if isinstance(r.event, CalendarReplaced)]
        kinds = [act.kind for act in reading.acts()]
    assert kinds == ["calendar-replanned", "calendar-published", "calendar-handed-in"]
    # and the timer that hangs on the limit fires at the new end, not at the old one
    office.executor.let_time_pass(office.clock, utc(9, 9))
    assert "late-1" in _waiting(office, cases[0])
    office.executor.let_time_pass(office.clock, utc(9, 11))
    assert "late-1" not in _waiting(office, cases[0])
    # and a second time there is nothing to do
    with pytest.raises(NothingToReplan):
        almanac.replan("cn", "again", OLGA)


def _waiting(office: Office, case: str) -> list[str]:
    with office.store.look() as reading:
        return [timer.timer for timer in reading.timers(case)]


def test_a_calendar_taken_back_moves_the_deadlines_back(office: Office, almanac: Almanac) -> None:
    case = office.receive()
    first, _ = almanac.version("cn")
    row = almanac.propose(HOLIDAY, OLGA)
    almanac.publish("cn", row.version, "announced", OMAR)
    almanac.replan("cn", "announced", OLGA)
    office.executor.poke()
    almanac.publish("cn", first.version, "it was a mistake", OMAR)
    assert almanac.replan("cn", "taken back", OLGA) == 1
    office.executor.poke()
    assert due(office, case) == {"look-1": utc(8), "whole": utc(26)}


def test_deadlines_that_rest_on_an_unpublished_year_are_reported_until_they_do_not(
    office: Office, almanac: Almanac
) -> None:
    # Given a case received in late December 2026, whose limit reaches into 2027
    office.executor.let_time_pass(office.clock, datetime(2026, 12, 24, 2, tzinfo=UTC))
    case = office.receive()
    (found,) = almanac.resting_on_unpublished(OLGA)
    assert (found.case, found.deadline, found.years, found.known_by_now) == (case, "whole", (2027,), False)
    assert almanac.resting_on_unpublished(Actor(name="x")) == [found], "an unsealed case is seen by all who work here"
    # When 2027 is published, as an iCalendar file, and the case re-planned
    _, now = almanac.version("cn")
    plan = load(
        b'name = "n"\npublished = [2027]\n[week]\nmon = ["09:00-12:00"]\n[[holiday]]\nfrom = 2027-01-01\nto = 2027-01-03\nzh = "x"\n'
    )
    row = almanac.propose(to_ical(plan), OLGA, name="cn", kind="ical")
    almanac.publish("cn", row.version, "published", OMAR)
    assert almanac.resting_on_unpublished(OLGA)[0].known_by_now
    almanac.replan("cn", "2027 published", OLGA)
    office.executor.poke()
    # I expect it to rest on nothing unknown any more, and to have moved over New Year
    assert almanac.resting_on_unpublished(OLGA) == []
    assert now.published | {2027} == almanac.version("cn")[1].published
    assert due(office, case)["whole"] == datetime(2027, 1, 15, 10, tzinfo=UTC)


def test_a_faulty_calendar_is_refused_with_place_and_remedy(almanac: Almanac) -> None:
    with pytest.raises(CalendarFault) as refused:
        almanac.propose(b'name = "cn"\nzone = "Asia/Shanghigh"\n[week]\nmon = ["9-12"]\n', OLGA)
    assert {f.element for f in refused.value.findings} == {"zone", "week.mon"}
    with pytest.raises(NotAuthorised):
        almanac.propose(HOLIDAY, Actor(name="carl", memberships=frozenset({"office/clerk"})))

"""Who else looks at a case is known on every node, for as long as they do, and to nobody who is to know nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from api.app import create
from api.settings import Settings
from api.signin import COOKIE, SignIn
from api.wiring import build
from engine.authority import Actor
from engine.casebook import Presence
from engine.casebook.presence import STAYS
from engine.clock import StoppedClock
from engine.store import CaseNotFound
from tests.desk.office import Office
from tests.packs.company import Company
from tests.packs.whistle import company

__all__ = ["company"]

#: A page asks so often.
POLL = timedelta(seconds=20)


@pytest.fixture
def nodes(office: Office) -> tuple[Presence, Presence]:
    """Two nodes over one store."""
    return Presence(office.store, office.clock), Presence(office.store, office.clock)


def test_who_looks_on_one_node_is_seen_on_the_other_until_they_have_gone(office: Office, nodes: tuple[Presence, Presence]) -> None:
    (one, two), case, carl, cora = nodes, office.receive(), office.actor("carl"), office.actor("cora")
    assert one.look(case, carl) == []
    assert two.look(case, cora) == ["carl"] and one.look(case, carl) == ["cora"]
    assert two.look(office.receive(), cora) == []
    # When one of them goes on looking and the other has closed the page
    for _ in range(STAYS // POLL + 1):
        office.clock.advance(POLL)
        one.look(case, carl)
    assert (two.look(case, office.actor("rita")), one.look(case, carl)) == (["carl"], ["rita"])


def test_it_is_written_down_now_and_then_and_forgotten_by_itself(office: Office, nodes: tuple[Presence, Presence]) -> None:
    case, carl = office.receive(), office.actor("carl")
    # When a page is looked at for ten minutes, on one node or the other
    with office.store.count() as count:
        for n in range(30):
            nodes[n % 2].look(case, carl)
            office.clock.advance(POLL)
    # I expect every other question to write, and every one to read a little
    assert (count.commits, count.statements <= 30 * 3 + 15 * 3) == (15, True)
    # And of those who have long gone nothing to be left once anybody looks at anything
    office.clock.advance(STAYS * 2)
    nodes[0].look(office.receive(), office.actor("cora"))
    with office.store.look() as reading:
        assert reading.present(case, since=office.clock.now() - timedelta(days=1)) == {}


def test_a_node_whose_clock_is_ahead_keeps_nobody_in_the_room(office: Office, clock: StoppedClock) -> None:
    case, carl, ahead = office.receive(), office.actor("carl"), StoppedClock(clock.now() + timedelta(hours=1))
    Presence(office.store, ahead).look(case, carl)
    Presence(office.store, clock).look(case, carl)
    clock.advance(STAYS * 2)
    assert Presence(office.store, clock).look(case, office.actor("cora")) == []


def test_two_applications_on_one_store_tell_of_each_other_s_readers(office: Office, tmp_path: Path) -> None:
    case, browsers = office.receive(), {}
    for name in ("carl", "cora"):
        parts = build(Settings.load({"simulated_clock": True, "outbox": tmp_path / name}, environ={}), clock=office.clock, store=office.store)
        signin = SignIn(parts, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        browsers[name] = create(parts, signin).test_client()
        browsers[name].set_cookie(COOKIE, signin.ticket(name, "session", timedelta(hours=1)))
    here = f"/cases/{case}/tasks/{office.tasks(case)[0]}/here"
    assert browsers["carl"].get(here).json == {"said": ""}
    assert browsers["cora"].get(here).json["said"] != "" != browsers["carl"].get(here).json["said"]


def test_in_a_sealed_case_only_those_who_work_on_it_are_told_of_each_other(company: Company) -> None:
    # Given a report of misconduct that lies with the team of the monitors, and everybody on its page
    case = company.receive(accused=["accused-1"])
    row = company.tasks(case)[0]
    role = row.groups[0].rpartition("/")[2]
    first, second = (company.person(role, n) for n in (1, 2))
    auditor = Actor(name="audrey", memberships=frozenset({"*/auditor"}))
    reporter = Actor(name="accused-2", memberships=frozenset())
    with company.store.begin() as tx:
        tx._sql.exec_driver_sql("INSERT INTO participant (who, case_id) VALUES ('@accused-2', ?)", (case,))
    presence = Presence(company.store, company.clock)
    for actor in (first, auditor, reporter):
        assert presence.look(case, actor) == []
    # I expect colleagues to see each other, and neither who reported nor who audits
    assert presence.look(case, second) == [first.name] and presence.look(case, first) == [second.name]
    assert presence.look(case, auditor) == presence.look(case, reporter) == []
    # Who is complained of asks about a case that does not exist, and is not put down
    for name in ("accused-1", "outsider"):
        with pytest.raises(CaseNotFound):
            presence.look(case, Actor(name=name, memberships=frozenset({f"whistle-risk/{role}"} if name == "accused-1" else ())))
    with company.store.look() as reading:
        assert set(reading.present(case, since=company.clock.now() - STAYS)) == {first.name, second.name}

"""Who may sign in, what they may stand for, and who stands in for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.clock import StoppedClock
from engine.store import Deputy, Person, PersonNotFound, Store, Ticket
from tests.store.told import DAY, HOUR

AMY = Person(name="amy", zh="王芳", en="Amy", password="$argon2id$…", memberships=frozenset({"gm/sales", "*/admin"}))
BOB = Person(name="bob", zh="李波", en="Bob", locale="en", external=True, email="b@example.org")


@pytest.fixture
def people(store: Store) -> Store:
    with store.begin() as tx:
        tx.put_person(AMY)
        tx.put_person(BOB)
    return store


def test_a_person_is_kept_with_memberships(people: Store) -> None:
    with people.look() as reading:
        assert (reading.person("amy"), reading.person("bob")) == (AMY, BOB)
        for nobody in ("zoe", "", "\0"):
            with pytest.raises(PersonNotFound):
                reading.person(nobody)


def test_people_are_found_by_role_and_name(people: Store) -> None:
    with people.begin() as tx:
        tx.put_person(Person(name="old", zh="旧", en="Old", active=False, memberships=frozenset({"gm/sales"})))
    with people.look() as reading:
        assert [p.name for p in reading.people()] == ["amy", "bob"]
        assert [p.name for p in reading.people(active=None)] == ["amy", "bob", "old"]
        assert reading.people(role="sales", pack="gm") == [AMY]
        assert reading.people(role="admin", pack="gm") == [AMY]
        assert reading.people(role="sales", pack="hr") == reading.people(role="sales") == []
        assert [p.name for p in reading.people(q="李")] == ["bob"]


def test_a_person_can_be_changed(people: Store) -> None:
    with people.begin() as tx:
        tx.put_person(Person(name="amy", zh="王芳", en="Amy Wang", active=False))
        tx.put_memberships("bob", ["gm/quality"])
    with people.look() as reading:
        assert reading.person("amy") == Person(name="amy", zh="王芳", en="Amy Wang", active=False)
        assert reading.person("bob").memberships == {"gm/quality"}


def test_a_ticket_tells_who_is_signed_in_until_it_expires(people: Store, clock: StoppedClock) -> None:
    # Given a session of an hour
    at = clock.now()
    session = Ticket(hash="h1", kind="session", person="amy", scope="", label="Firefox", created=at, expires=at + HOUR)
    with people.begin() as tx:
        tx.open_ticket(session)
        # I expect it to stand for amy with her memberships
        assert tx.ticket("h1", at) == (session, AMY)
        assert tx.tickets("amy") == [session]
        # and not for another secret, nor when the hour is over
        assert tx.ticket("h2", at) is None
        assert tx.ticket("h1", at + HOUR) is None
    clock.advance(hours=2)
    with people.begin() as tx:
        assert tx.forget_tickets(before=clock.now()) == 1
        assert tx.tickets("amy") == []


def test_who_is_no_longer_active_is_signed_in_nowhere(people: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with people.begin() as tx:
        tx.open_ticket(Ticket(hash="h", kind="token", person="amy", scope="", label="", created=at, expires=at + DAY))
        tx.put_person(Person(name="amy", zh="王芳", en="Amy", active=False))
        assert tx.ticket("h", at) is None


def test_a_new_password_ends_sessions_and_keeps_tokens(people: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with people.begin() as tx:
        for kind in ("session", "token"):
            tx.open_ticket(Ticket(hash=kind, kind=kind, person="amy", scope="", label="", created=at, expires=at + DAY))
        tx.put_password("amy", "$argon2id$new")
        assert tx.person("amy").password == "$argon2id$new"
        assert [t.kind for t in tx.tickets("amy")] == ["token"]
        tx.close_ticket("token")
        assert tx.tickets("amy") == []
        with pytest.raises(PersonNotFound):
            tx.put_password("zoe", "x")


def test_a_deputy_stands_in_from_until(people: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with people.begin() as tx:
        number = tx.put_deputy(Deputy(absent="amy", deputy="bob", since=at, until=at + DAY, roles=("gm/sales",)))
        (found,) = tx.deputyships("bob", at)
        assert (found.id, found.absent, found.roles) == (number, "amy", ("gm/sales",))
        assert tx.deputies("amy") == tx.deputies() == [found]
        for moment in (at - HOUR, at + DAY):
            assert tx.deputyships("bob", moment) == []
        assert tx.deputyships("amy", at) == []
        tx.end_deputy(number)
        assert tx.deputyships("bob", at) == []


def test_who_held_which_role_when_stays_on_record(people: Store, clock: StoppedClock) -> None:
    begun = clock.now()
    # When bob changes roles, is sent away, and comes back
    steps: list[tuple[str, ...]] = [("gm/quality",), ("gm/quality", "gm/sales"), ()]
    for roles in steps:
        clock.advance(days=1)
        with people.begin() as tx:
            tx.put_memberships("bob", roles)
    clock.advance(days=1)
    with people.begin() as tx:
        tx.put_person(Person(name="amy", zh="王芳", en="Amy Wang", active=False, memberships=AMY.memberships))
    with people.look() as reading:
        # I expect each moment as it was, and nothing before there was anybody
        at = [reading.roles_at(begun + n * DAY + HOUR) for n in range(5)]
        assert [roles.get("bob") for roles in at] == [BOB.memberships, {"gm/quality"}, {"gm/quality", "gm/sales"}, set(), set()]
        assert [roles.get("amy") for roles in at] == [*[AMY.memberships] * 4, None]
        assert reading.roles_at(begun - HOUR) == {} and reading.roles_known_since() == begun
        # A role changes at its moment, not before
        instant = timedelta(microseconds=1)
        assert [reading.roles_at(begun + DAY - less)["bob"] for less in (instant, 0 * instant)] == [BOB.memberships, {"gm/quality"}]


def test_a_role_taken_and_given_back_in_one_moment_was_held_throughout_whatever_the_clock_does(people: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with people.begin() as tx:
        tx.put_memberships("bob", [])
        tx.put_memberships("bob", ["gm/sales"])
        tx.put_memberships("bob", ["gm/sales"])
    with people.look() as reading:
        assert reading.roles_at(at)["bob"] == {"gm/sales"}
    # Set back by an hour, a role still ends after it began
    clock._now -= HOUR
    with people.begin() as tx:
        tx.put_memberships("bob", [])
    with people.look() as reading:
        assert reading.roles_at(at + HOUR)["bob"] == set()


def test_that_somebody_stood_in_stays_on_record_when_it_is_ended_early(people: Store, clock: StoppedClock) -> None:
    at = clock.now()
    with people.begin() as tx:
        number = tx.put_deputy(Deputy(absent="amy", deputy="bob", since=at, until=at + DAY))
    clock.advance(hours=2)
    with people.begin() as tx:
        tx.end_deputy(number)
        assert [d.until for d in tx.deputies()] == [clock.now()] and tx.deputyships("bob", clock.now()) == []
        assert [d.deputy for d in tx.deputies_at(at + HOUR)] == ["bob"] and tx.deputies_at(clock.now()) == []


def test_colleagues_are_found_by_pieces_of_their_names(people: Store) -> None:
    with people.begin() as tx:
        for name, zh, en, role in (
            ("lina", "李娜", "Na Li", "gm/sales"), ("lwei", "李伟", "Wei Li", "gm/plant"), ("noli", "娜 100%", "Nora", "other/sales"),
        ):  # fmt: skip
            tx.put_person(Person(name=name, zh=zh, en=en, memberships=frozenset({role})))
        tx.put_person(Person(name="gone", zh="李走", en="Gone Li", memberships=frozenset(), active=False))
        tx.put_person(Person(name="court", zh="李院", en="Court Li", memberships=frozenset(), external=True))
    with people.look() as reading:
        def found(q: str, **more: Any) -> list[str]:
            return [c.name for c in reading.colleagues(q, **more)]

        # Those whose name begins so stand first
        assert found("娜") == ["noli", "lina"] and found("李") == ["lwei", "lina"]
        assert found("li na") == ["lina"] and found("LI WEI") == ["lwei"]
        assert found("%") == ["noli"] and found("_") == [] and found("\0娜") == ["noli", "lina"]
        assert found("李", role="sales", pack="gm") == ["lina"] and found("", role="sales", limit=2, zh=False) == ["amy", "lina"]

"""A worklist shows each open task to those it concerns, the most urgent first, and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine import history as h
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.store import CursorUnusable, Few, Store, WorklistQuery
from tests.store.told import DAY, HOUR, a_case, actor, done, task, then

AMY = actor("amy", "gm/sales", "gm/quality")
BOB = actor("bob", "gm/sales")
EVE = actor("eve", "other/sales")
ADMIN = actor("root", "*/admin")


def asks(who: Actor, **asked: Any) -> WorklistQuery:
    usual = {
        "person": who.name,
        "behalf": who.persons[1:],
        "groups": tuple(sorted(who.all_memberships)),
        "everything": who.is_admin(),
    }
    return WorklistQuery(**{**usual, **asked})


def seen(store: Store, who: Actor, scope: str = "group", **asked: Any) -> list[str]:
    """The names of the tasks on all pages."""
    query = asks(who, scope=scope, **asked)
    names: list[str] = []
    with store.look() as reading:
        while True:
            page = reading.worklist(query)
            names += [row.task for row in page.rows]
            if page.next is None:
                assert reading.count_tasks(query) == len(names)
                if "groups" not in asked:
                    plain = replace(query, person="", behalf=(), groups=(), everything=False)
                    assert reading.worklist(plain, who) == page
                return names
            query = replace(query, cursor=page.next)


def test_a_task_is_offered_to_its_roles_in_its_pack_and_to_persons_by_name(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    a_case(store, task(at, "a-1", "sales"), task(at, "b-1", "quality", "sales"), task(at, "c-1", users=("eve",)), at=at)
    assert sorted(seen(store, AMY)) == ["a-1", "b-1"]
    assert sorted(seen(store, BOB)) == ["a-1", "b-1"]
    assert seen(store, EVE) == ["c-1"]
    assert sorted(seen(store, actor("max", "*/sales"))) == ["a-1", "b-1"]
    assert seen(store, actor("nobody")) == []


def test_what_somebody_has_in_hand_is_theirs_alone(store: Store, clock: StoppedClock) -> None:
    # Given a task offered to two
    at = clock.now()
    now = a_case(store, task(at, "a-1", "sales"), task(at, "b-1", "sales"), at=at)
    # When one takes it
    then(store, now, h.TaskClaimed(at=at, actor="amy", task="a-1"))
    # I expect it in her list, not in the group's, and in "all" of the others
    assert (seen(store, AMY, "mine"), seen(store, AMY)) == (["a-1"], ["b-1"])
    assert (seen(store, BOB, "mine"), seen(store, BOB)) == ([], ["b-1"])
    assert sorted(seen(store, BOB, "all")) == ["a-1", "b-1"]
    assert seen(store, BOB, "all", holder="amy") == ["a-1"]
    assert seen(store, EVE, "all", holder="amy") == []
    # When she hands it over by name and gives it back
    then(store, now, h.TaskDelegated(at=at, actor="amy", task="a-1", to="bob"))
    assert (seen(store, AMY, "mine"), seen(store, BOB, "mine")) == ([], ["a-1"])
    then(store, now, h.TaskReleased(at=at, actor="bob", task="a-1"))
    assert sorted(seen(store, AMY)) == ["a-1", "b-1"]
    # When it is done, nobody sees it
    then(store, now, done(at, "a-1", "bob"))
    assert seen(store, BOB, "all") == ["b-1"]


def test_the_most_urgent_comes_first_and_pages_neither_skip_nor_repeat(store: Store, clock: StoppedClock) -> None:
    # Given tasks of many cases, offered to several sets, some due at the same moment, some never
    at = clock.now()
    expected = []
    for n in range(23):
        due = None if n % 7 == 3 else at + (n * 5 % 11) * HOUR
        groups = [("sales",), ("quality",), ("sales", "quality")][n % 3]
        now = a_case(store, task(at + n * HOUR, f"t-{n}", *groups, due=due), at=at + n * HOUR)
        expected.append(((due is None, due), now.case, f"t-{n}", n % 3))
    expected.sort()
    for limit in (1, 4, 100):
        # I expect each once, in order, whatever the size of the page
        assert seen(store, AMY, limit=limit) == [name for _, _, name, _ in expected]
        assert seen(store, BOB, limit=limit) == [name for _, _, name, kind in expected if kind != 1]
        assert seen(store, AMY, sort="opened", limit=limit) == [f"t-{n}" for n in range(23)]
        assert seen(store, ADMIN, "all", limit=limit) == [name for _, _, name, _ in expected]


def test_a_page_goes_on_although_work_was_done_meanwhile(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    cases = [a_case(store, task(at, f"t-{n}", "sales", due=at + n * HOUR), at=at) for n in range(6)]
    with store.look() as reading:
        first = reading.worklist(asks(AMY, scope="group", limit=2))
    then(store, cases[1], done(at, "t-1"))
    then(store, cases[2], done(at, "t-2"))
    with store.look() as reading:
        second = reading.worklist(asks(AMY, scope="group", limit=2, cursor=first.next))
    assert [row.task for row in second.rows] == ["t-3", "t-4"]


def test_overdue_is_what_is_past_due_now(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    now = a_case(
        store,
        task(at, "a-1", "sales", due=at + HOUR),
        task(at, "b-1", "sales", due=at + DAY),
        task(at, "c-1", "sales"),
        task(at, "d-1", "plant", due=at + HOUR),
        at=at,
    )
    assert seen(store, AMY, "overdue") == []
    clock.advance(hours=2)
    assert seen(store, AMY, "overdue") == ["a-1"]
    assert sorted(seen(store, ADMIN, "overdue")) == ["a-1", "d-1"]
    then(store, now, h.DeadlineMoved(at=at, deadline="a-1", due=at + DAY, trace={}))
    assert seen(store, AMY, "overdue") == []


def test_who_is_barred_sees_nothing_of_a_case(store: Store, clock: StoppedClock) -> None:
    # Given a case about amy, and one from which bob steps back
    at = clock.now()
    a_case(store, task(at, "a-1", "sales"), at=at, barred=("amy",))
    other = a_case(store, task(at, "b-1", "sales"), at=at)
    assert (seen(store, AMY), sorted(seen(store, BOB))) == (["b-1"], ["a-1", "b-1"])
    then(store, other, h.PersonRecused(at=at, actor="bob", person="bob", reason="kin"))
    assert (seen(store, BOB), seen(store, BOB, "all")) == (["a-1"], ["a-1"])
    # I expect a deputy to see it no more than the absent one
    assert seen(store, actor("zoe", behalf="amy", behalf_roles=("gm/sales",))) == ["b-1"]


def test_a_sealed_case_is_shown_to_those_who_take_part(store: Store, clock: StoppedClock) -> None:
    # Given a sealed case with a task for quality
    at = clock.now()
    now = a_case(store, task(at, "a-1", "quality"), at=at, sealed=True, actor="intake")
    # I expect it hidden from others, administrators too
    assert seen(store, AMY) == ["a-1"]
    assert seen(store, BOB, "all") == seen(store, ADMIN, "all") == []
    # When it is handed to bob
    then(store, now, h.TaskDelegated(at=at, actor="amy", task="a-1", to="bob"))
    assert seen(store, BOB, "mine") == ["a-1"]
    with store.look() as reading:
        sight = {a.name: reading.may_see(reading.head(now.case), a) for a in (AMY, BOB, EVE, ADMIN, actor("intake"))}
    assert sight == {"amy": True, "bob": True, "eve": False, "root": False, "intake": True}


def test_a_deputy_sees_the_work_of_the_absent(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    now = a_case(store, task(at, "a-1", "sales"), task(at, "b-1", "quality"), at=at)
    then(store, now, h.TaskClaimed(at=at, actor="amy", task="a-1"))
    zoe = actor("zoe", behalf="amy", behalf_roles=("gm/quality",))
    assert (seen(store, zoe, "mine"), seen(store, zoe)) == (["a-1"], ["b-1"])


def test_a_list_can_be_narrowed(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    both = actor("amy", "gm/sales", "hr/sales", "gm/quality")
    one = a_case(store, task(at, "a-1", "sales"), task(at, "q-1", "quality"), at=at, title="外箱破损")
    a_case(store, task(at, "b-1", "sales"), at=at, pack="hr", flow="staff-conduct", title="Rude on the phone")
    assert seen(store, both, pack="hr") == ["b-1"]
    assert sorted(seen(store, both, flow="service")) == ["a-1", "q-1"]
    assert seen(store, ADMIN, "all", flow="staff-conduct") == ["b-1"]
    assert seen(store, ADMIN, "all", flow="nothing") == []
    assert seen(store, both, groups=("gm/quality",)) == ["q-1"]
    assert seen(store, both, groups=("gm/plant",)) == []
    assert sorted(seen(store, both, q="箱破")) == ["a-1", "q-1"]
    assert seen(store, both, q="PHONE") == ["b-1"]
    assert sorted(seen(store, both, q=one.case.lower())) == ["a-1", "q-1"]
    assert seen(store, both, q="\0%_") == []


@pytest.mark.parametrize("few", [Few(), Few(sets=3)])
def test_somebody_in_very_many_sets_of_candidates_still_has_one_list(store: Store, clock: StoppedClock) -> None:
    # Given tasks offered to ever other groups of persons
    at = clock.now()
    tasks = [task(at, f"t-{n}", users=("amy", f"p{n}"), due=at + n * HOUR) for n in range(12)]
    a_case(store, *tasks, at=at)
    # I expect one list in order, also where there are more sets than are merged
    assert seen(store, AMY, limit=5) == [f"t-{n}" for n in range(12)]


@pytest.mark.parametrize("few", [Few(), Few(cases=1)])
def test_a_word_of_very_many_cases_finds_the_same(store: Store, clock: StoppedClock) -> None:
    # Given cases with like titles
    at = clock.now()
    for n in range(9):
        a_case(store, task(at, f"t-{n}", "sales", due=at + n * HOUR), at=at, title="外箱破损" if n % 2 else "迟延")
    # I expect the same list, also where a word is so common that its cases are not looked up one by one
    assert seen(store, AMY, q="箱破", limit=2) == ["t-1", "t-3", "t-5", "t-7"]


@pytest.mark.parametrize("cursor", ["x", "", "W10", "WyJkdWUiLDEsMiwzXQ", "💥", "bnVsbA"])
def test_a_page_mark_of_somebody_else_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(CursorUnusable), store.look() as reading:
        reading.worklist(asks(AMY, cursor=cursor))


def test_a_row_tells_what_the_list_shows(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    facts = {"form": "F02-trace", "limit": "T8", "scope": "approve-1", "due": at + DAY}
    now = a_case(
        store, task(at, "a-1", "sales", **facts), h.StatusChanged(at=at, status="tracing"), at=at, title="破损"
    )
    with store.look() as reading:
        (row,) = reading.worklist(asks(AMY, scope="group")).rows
        assert row == reading.task(now.case, "a-1") == reading.tasks(now.case)[0]
    assert (row.case, row.form, row.limit, row.scope, row.due) == (now.case, "F02-trace", "T8", "approve-1", at + DAY)
    assert (row.pack, row.release, row.flow, row.status, row.title) == ("gm", "d1", "service", "tracing", "破损")

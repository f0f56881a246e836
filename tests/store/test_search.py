"""Cases are found by what one remembers of them, and only by those who may know of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import history as h
from engine.clock import StoppedClock
from engine.store import CaseQuery, CursorUnusable, Few, Store
from tests.store.told import DAY, a_case, actor, done, errand, task, then

AMY = actor("amy", "gm/sales")
ADMIN = actor("root", "*/admin")


def found(store: Store, who=AMY, **asked) -> list[str]:  # type: ignore[no-untyped-def]
    """The cases on all pages."""
    query, cases = CaseQuery(persons=who.persons, groups=tuple(who.all_memberships), **asked), []
    with store.look() as reading:
        while True:
            page = reading.cases(query)
            cases += [row.case for row in page.rows]
            if page.next is None:
                assert reading.count_cases(query) == len(cases)
                assert reading.cases(replace(query, persons=(), groups=()), who) == page
                return cases
            query = replace(query, cursor=page.next)


def test_a_case_is_found_by_a_piece_of_its_title_in_any_script(store: Store, clock: StoppedClock) -> None:
    titles = ["外箱破損，內有水漬", "外箱破损", "Rude ÉMILE on the phone", "100%_off\\x", "😀 سلام", "箱", ""]
    cases = {title: a_case(store, at=clock.now(), title=title).case for title in titles}
    for words, expected in {
        "外箱": titles[:2],
        # Both scripts of Chinese are one.
        "箱破损": titles[:2],
        "破損": titles[:2],
        "水漬": titles[:1],
        "損": titles[:2],
        "漬": titles[:1],
        "箱": [*titles[:2], "箱"],
        "émile ON  the": titles[2:3],
        "phone": titles[2:3],
        "%_": titles[3:4],
        "\\x": titles[3:4],
        "😀": titles[4:5],
        "سلام": titles[4:5],
        "破箱": [],
        "外箱破损 外箱破损": [],
        "x" * 5000: [],
        "' OR 1=1 --": [],
    }.items():
        assert sorted(found(store, q=words)) == sorted(cases[t] for t in expected), words
    assert len(found(store, q=" \0 ")) == len(titles)


@pytest.mark.parametrize("few", [Few(), Few(cases=1)])
def test_a_word_of_very_many_cases_finds_the_same(store: Store, clock: StoppedClock) -> None:
    cases = [a_case(store, at=clock.now(), title="外箱破损" if n % 2 else "迟延").case for n in range(6)]
    assert sorted(found(store, q="箱破", limit=2)) == cases[1::2]
    assert sorted(found(store, q="c-1", limit=2)) == cases
    assert found(store, q="箱损") == []


def test_a_case_is_found_by_the_begin_of_its_id_or_number(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    now = a_case(store, errand(at, "n-1", "take-number"), at=at)
    then(store, now, h.ErrandDone(at=at, errand="n-1", result={"number": "SH260103", "series": "complaint"}))
    other = a_case(store, at=at)
    assert found(store, q="sh2601") == found(store, q="SH260103") == [now.case]
    assert found(store, q="260103") == found(store, q="SH260103x") == []
    assert sorted(found(store, q="c-100")) == [now.case, other.case]


def test_cases_come_latest_first_and_pages_neither_skip_nor_repeat(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    cases = [a_case(store, at=at + (n // 3) * DAY).case for n in range(10)]
    expected = sorted(cases, key=lambda c: (cases.index(c) // 3, c))
    for limit in (1, 3, 50):
        assert found(store, limit=limit, oldest_first=True) == expected
        assert found(store, limit=limit) == expected[::-1]
    with store.look() as reading:
        mark = reading.cases(CaseQuery(persons=("amy",), limit=3)).next
        with pytest.raises(CursorUnusable):
            reading.cases(CaseQuery(persons=("amy",), limit=3, oldest_first=True, cursor=mark))


def test_cases_can_be_narrowed(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    one = a_case(store, task(at, "t-1", "sales"), at=at)
    two = a_case(store, at=at + DAY, pack="hr", flow="staff-conduct", channel="phone", parent=one.case, release="d2")
    then(store, one, done(at, "t-1", "bob"), h.StatusChanged(at=at, status="closed"), h.CaseClosed(at=at, element="e"))
    for asked, expected in [
        ({}, [one, two]),
        ({"pack": "gm"}, [one]),
        ({"packs": ("hr", "xx")}, [two]),
        ({"packs": ()}, []),
        ({"flow": "staff-conduct"}, [two]),
        ({"channel": "phone"}, [two]),
        ({"release": "d2"}, [two]),
        ({"parent": one.case}, [two]),
        ({"status": "closed"}, [one]),
        ({"open": True}, [two]),
        ({"open": False}, [one]),
        ({"doer": "bob"}, [one]),
        ({"since": at + timedelta(hours=1)}, [two]),
        ({"until": at + timedelta(hours=1)}, [one]),
        ({"pack": "x\0"}, []),
    ]:
        assert set(found(store, **asked)) == {now.case for now in expected}, asked


def test_sealed_and_barred_cases_are_found_by_nobody_who_may_not_know(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    sealed = a_case(store, task(at, "t-1", "sales"), at=at, sealed=True, title="举报王某", actor="reporter")
    about = a_case(store, at=at, title="举报王某", barred=("amy",))
    assert found(store, AMY, q="举报") == [sealed.case]
    assert found(store, ADMIN, q="举报") == [about.case]
    assert found(store, actor("reporter")) == [about.case, sealed.case]
    assert found(store, actor("zoe", behalf="amy", behalf_roles=("gm/sales",))) == [sealed.case]
    assert found(store, AMY, unsealed=True) == [sealed.case]
    assert sorted(found(store, actor("nobody"), unsealed=True)) == sorted([sealed.case, about.case])
    # When amy is taken off the sealed case, it is gone for her
    then(store, sealed, h.PersonRecused(at=at, actor="x", person="amy", reason="kin"))
    assert found(store, AMY) == []


def test_lists_carry_neither_keys_nor_snapshots(store: Store, clock: StoppedClock) -> None:
    a_case(store, at=clock.now(), answers={"n": h.Personal("王芳", "complainant")})
    with store.look() as reading:
        (row,) = reading.cases(CaseQuery(persons=("amy",))).rows
    assert (row.state, row.keyring) == (None, h.Keyring())

"""What was said in a case is found, in any script, by those who may know of the case, and no longer when it is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import history as h
from engine.clock import StoppedClock
from engine.store import CaseQuery, Few, Store
from engine.store.passages import answer_mark, mark, passages_of, phrases_of, pieces_of, rule_mark
from tests.store.told import DAY, a_case, actor, task, then

AMY = actor("amy", "gm/sales")


def found(store: Store, who=AMY, **asked) -> list[str]:  # type: ignore[no-untyped-def]
    with store.look() as reading:
        return [row.case for row in reading.cases(CaseQuery(**asked), who).rows]


@pytest.mark.parametrize(
    ("said", "asked", "there"),
    [
        ("客户反映空调漏水，已三天", "漏水", True),
        ("客户反映空调漏水，已三天", "空调漏 三天", True),
        ("客户反映空调漏水，已三天", "水", True),
        ("客户反映空调漏水，已三天", "水漏", False),
        ("客户反映空调漏水，已三天", "漏水已", False),
        ("Die Tür Ä-47 klemmt", "tür klem", True),
        ("Die Tür Ä-47 klemmt", "ür", False),
        ("型号ＫＦＲ３５主板", "kfr35主板", True),
        ("打 13812345678 找王女士", "138123 王女士", True),
        ("客戶投訴：產品發黴", "投诉 产品发霉", True),
        ("客户投诉：产品发霉", "投訴 產品", True),
        ("客戶投訴：產品發黴", "品产", False),
        ("100%_off", '" OR 1=1 _off', False),
    ],
)
def test_words_are_found_in_order_and_from_their_beginning(
    store: Store, clock: StoppedClock, said: str, asked: str, there: bool
) -> None:
    case = a_case(store, at=clock.now())
    then(store, case, h.CommentAdded(at=clock.now(), actor="amy", text=said))
    assert found(store, words=asked) == ([case.case] if there else [])
    # The same is said of the history itself, which tells what proves it.
    assert all(p.within(pieces_of(said)) for p in phrases_of(asked)) is there


def test_each_word_may_stand_somewhere_else_in_the_case(store: Store, clock: StoppedClock) -> None:
    case = a_case(store, task(clock.now(), "trace-1", "sales"), at=clock.now(), title="外箱破损")
    case = then(store, case, h.CommentAdded(at=clock.now(), actor="amy", text="已退款"))
    then(store, case, h.TaskCompleted(at=clock.now(), task="trace-1", actor="ben", answers={}))
    a_case(store, at=clock.now(), title="已退款")
    assert found(store, words="退款 破损") == [case.case]
    assert found(store, words="退款 破损", marks=(mark("person", "ben"),)) == [case.case]
    assert found(store, words="退款 破损", marks=(mark("person", "cy"),)) == []


def test_facts_are_found_exactly(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    made = h.DecisionMade(at=at, element="d", decision="level", record={"rules": [{"number": 3, "id": "r"}]})
    case = a_case(store, h.PathTaken(at=at, passed=("start", "f1", "call-1/level")), made, at=at)
    then(
        store,
        case,
        h.IncidentResolved(at=at, actor="amy", incident="i", reason="", values={"loss": 12, "kind": "Bad Paint"}),
    )
    for one in (
        mark("element", "level"),
        rule_mark("level"),
        rule_mark("level", "3"),
        answer_mark("loss", 12),
        answer_mark("kind", "bad  paint"),
    ):
        assert one is not None
        assert found(store, marks=(one,)) == [case.case]
    for other in (
        mark("element", "lev"),
        rule_mark("level", "2"),
        answer_mark("loss", 1),
        answer_mark("kind", "paint"),
    ):
        assert other is not None
        assert found(store, marks=(other,)) == []


def test_a_broken_limit_is_found_whether_met_late_or_still_open(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    set_ = h.DeadlineSet(at=at, deadline="T1", start=at, due=at + DAY, trace={})
    late = a_case(store, set_, at=at)
    then(store, late, h.CommentAdded(at=at, text="."), h.DeadlineMet(at=at, deadline="T1", late=True))
    kept = a_case(store, set_, at=at)
    then(store, kept, h.CommentAdded(at=at, text="."), h.DeadlineMet(at=at, deadline="T1"))
    open_ = a_case(store, set_, at=at)
    assert found(store, broken="T1") == [late.case]
    clock.advance(days=2)
    assert sorted(found(store, broken="T1")) == sorted([late.case, open_.case])
    assert found(store, broken="T2") == []


def test_sealed_and_barred_cases_are_not_found_by_what_they_say(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    a_case(store, task(at, "look-1", "ethics"), at=at, title="贪腐", sealed=True)
    a_case(store, at=at, title="贪腐", barred=("amy",))
    assert found(store, words="贪腐") == []
    assert len(found(store, actor("eve", "gm/ethics"), words="贪腐")) == 2


def test_what_was_erased_is_not_found_after_a_rebuild(store: Store, clock: StoppedClock) -> None:
    case = a_case(store, at=clock.now())
    case = then(store, case, h.CommentAdded(at=clock.now(), actor="amy", text=h.Personal("王秀英", "complainant")))
    assert found(store, words="王秀英") == [case.case]
    with store.begin() as tx:
        tx.keep_keys(case.case, case.keyring.without("complainant"))
        tx.rebuild(case.case)
    assert found(store, words="王秀英") == found(store, words="秀英") == []


def test_an_older_database_learns_what_its_cases_say(store: Store, clock: StoppedClock) -> None:
    case = a_case(store, at=clock.now(), title="外箱破损")
    with store.begin() as tx:
        tx._sql.exec_driver_sql("DELETE FROM passage")
    assert found(store, words="破损") == []
    with store.begin() as tx:
        tx.learn_passages()
    assert found(store, words="破损") == [case.case]


def test_passages_say_where(clock: StoppedClock, store: Store) -> None:
    case = a_case(store, at=clock.now(), title="箱")
    then(store, case, h.CommentAdded(at=clock.now() + timedelta(1), actor="amy", text="退款"))
    with store.look() as reading:
        told = [(p.turn, [p for p in p.pieces() if len(p) < 3]) for p, _ in passages_of(reading.history(case.case))]
    assert told == [(1, ["箱", "_"]), (2, ["退款", "款", "_"])]


@pytest.mark.parametrize("few", [Few(), Few(cases=1, passages=4)])
def test_what_very_many_cases_say_finds_the_same(store: Store, clock: StoppedClock) -> None:
    cases = [a_case(store, at=clock.now(), title="外箱破损" if n % 2 else "外箱迟延").case for n in range(6)]
    assert sorted(found(store, words="外箱")) == cases
    assert sorted(found(store, words="外箱 破损")) == cases[1::2]
    assert sorted(found(store, words="破")) == cases[1::2]
    assert sorted(found(store, words="箱")) == cases and found(store, words="水") == []
    with store.look() as reading:
        assert reading.count_cases(CaseQuery(words="外箱"), AMY) == 6

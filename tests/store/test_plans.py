"""Lists are read off indexes: no list walks through all tasks or all cases, however many there are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event

from engine.authority import Actor
from engine.clock import StoppedClock
from engine.store import CaseQuery, Store, WorklistQuery
from engine.store.filling import RARE, fill
from tests.store.told import actor

STAFF = actor("person-1", "pack-0/role-1", "pack-1/role-2", "*/role-5")
ADMIN = actor("root", "*/admin")


@pytest.fixture
def filled(store: Store, clock: StoppedClock) -> Store:
    """A store with some thousand open tasks."""
    fill(store, tasks=3000, now=clock.now())
    return store


def plans_of(store: Store, ask: Any) -> list[str]:
    """How SQLite goes about everything that is sent meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, text: str, parameters: Any, *_: Any) -> None:
        sent.append((text, parameters))

    with store.look() as reading:
        event.listen(store._database.engine, "before_cursor_execute", note)
        ask(reading)
        event.remove(store._database.engine, "before_cursor_execute", note)
        explained = [
            reading._sql.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters).all() for text, parameters in sent
        ]
    return [row.detail for rows in explained for row in rows]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("who", "asked"),
    [
        (STAFF, {"scope": "mine"}),
        (STAFF, {"scope": "group"}),
        (STAFF, {"scope": "group", "pack": "pack-0", "flow": "service"}),
        (STAFF, {"scope": "group", "sort": "opened"}),
        (STAFF, {"scope": "overdue"}),
        (STAFF, {"scope": "all"}),
        (STAFF, {"scope": "all", "q": RARE}),
        (STAFF, {"scope": "group", "q": "N12"}),
        (STAFF, {"holder": "person-7", "scope": "all"}),
        (ADMIN, {"scope": "all"}),
        (ADMIN, {"scope": "all", "pack": "pack-2"}),
        (ADMIN, {"scope": "all", "flow": "service"}),
        (ADMIN, {"scope": "overdue"}),
    ],
)
def test_a_worklist_is_read_off_indexes(filled: Store, who: Actor, asked: dict[str, Any]) -> None:
    plans = plans_of(filled, lambda reading: reading.worklist(WorklistQuery(**asked), who))
    assert any("task" in plan for plan in plans)
    assert [
        plan for plan in plans if re.match(r"SCAN (task|case_head|gram|offer)(?! USING INDEX task_(due|opened))", plan)
    ] == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "asked", [{}, {"pack": "pack-1"}, {"open": True}, {"q": RARE}, {"q": "N12"}, {"doer": "person-7"}]
)
def test_a_list_of_cases_is_read_off_indexes(filled: Store, asked: dict[str, Any]) -> None:
    plans = plans_of(filled, lambda reading: reading.cases(CaseQuery(**asked), STAFF))
    assert [plan for plan in plans if re.match(r"SCAN (task|case_head|gram)(?! USING INDEX head_opened)", plan)] == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_oldest_letter_and_what_waits_for_no_moment_are_found_by_indexes(store: Store, clock: StoppedClock) -> None:
    assert all("job_undelivered" in plan for plan in plans_of(store, lambda reading: reading.oldest_errand()))
    sent: list[tuple[str, Any]] = []
    with store.begin() as tx:
        event.listen(store._database.engine, "before_cursor_execute", lambda *said: sent.append((said[2], said[3])))
        tx._bring_near(0)
        ((text, parameters),) = sent
        (plan,) = tx._sql.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters).all()
    assert "job_not_timed" in plan.detail


def test_the_filling_is_what_it_says(filled: Store, clock: StoppedClock) -> None:
    # Given a list of each kind
    with filled.look() as reading:
        assert reading.count_tasks(WorklistQuery(scope="all"), ADMIN, most=5000) == 3000
        assert len(reading.worklist(WorklistQuery(scope="all", q=RARE), ADMIN).rows) == 3
        for scope in ("mine", "group", "overdue"):
            rows = reading.worklist(WorklistQuery(scope=scope), STAFF).rows  # type: ignore[arg-type]
            assert rows and list(rows) == sorted(rows, key=lambda r: (r.due is None, r.due, r.case))

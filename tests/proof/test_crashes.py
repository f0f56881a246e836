"""Killed between any two steps of any use case or job: nothing acknowledged is lost, nothing is done twice, nothing sticks.

By itself a selection of the points is tried; `python -m tests.proof.matrix` and KESU_PROOF=1 try every one.
"""

from __future__ import annotations

import os

import pytest

from tests.proof.acts import ACTS, DOORS, KINDS, NO_ACTS, use_cases
from tests.proof.doors import EXEMPT, doors, kinds_of_jobs, wanted
from tests.proof.ground import Ground, OnPostgresql, OnSqlite
from tests.proof.matrix import ALONE, every, some, tried

EVERY_POINT = os.environ.get("KESU_PROOF") == "1"
#: An ordinary run tries what is done to cases, and these: one of each way several transactions follow each other.
MORE = ("Publishing.publish", "Almanac.publish", "Duties.see_to", "Executor.poke", "Executor.renew", "a node's heartbeat",
        "POST /cases/{case}/comments")  # fmt: skip
#: On PostgreSQL these: one of each way a transaction is made.
SOME = ("Desk.complete_task", "Desk.finish_errand", "Duties.produce", "Almanac.replan")
#: And this one beside other nodes.
TOGETHER = ("Executor.poke",)


@pytest.fixture(scope="session")
def _sqlite_ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return OnSqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgresql_ground(tmp_path_factory: pytest.TempPathFactory, _postgresql: str) -> Ground:
    return OnPostgresql(tmp_path_factory.mktemp("postgresql"), _postgresql)


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Ground:
    """Copies of the company on one of the two databases."""
    found: Ground = request.getfixturevalue(f"_{request.param}_ground")
    return found


def test_every_use_case_is_tried() -> None:
    assert use_cases() == {name for name in ACTS if name.partition(".")[0] in _rooms()} | NO_ACTS
    assert all(any(door == e or door.startswith(e) for door in doors()) for e in EXEMPT)


def _rooms() -> set[str]:
    return {name.partition(".")[0] for name in use_cases()}


def test_every_transaction_the_code_opens_and_every_kind_of_job_has_an_act() -> None:
    # That an act does go through its doors is seen where it is tried.
    assert wanted() == set(DOORS), "add an act to tests/proof/acts.py that goes through these, and say so in DOORS"
    assert kinds_of_jobs() == set(KINDS)
    assert {*DOORS.values(), *KINDS.values()} <= set(ACTS)


def _cases() -> list[tuple[str, str, int]]:
    alone = [("sqlite", name, 1) for name in ACTS if EVERY_POINT or name.startswith("Desk.") or name in MORE]
    alone += [("postgresql", name, 1) for name in (ACTS if EVERY_POINT else SOME)]
    names = [n for n in ACTS if n not in ALONE] if EVERY_POINT else TOGETHER
    return alone + [("postgresql", name, nodes) for name in names for nodes in ((2, 4) if EVERY_POINT else (2,))]


@pytest.mark.parametrize(("ground", "name", "nodes"), _cases(), indirect=["ground"])
def test_an_act_that_was_killed_and_asked_for_again_happens_once(ground: Ground, name: str, nodes: int) -> None:
    # When the process dies at a point, whoever asked asks again, and time goes on
    result = tried(ground, name, nodes=nodes, at=every if EVERY_POINT else some)
    # I expect what would have come of it anyway, and histories that prove it
    assert result.faults == []
    assert sum(result.left.values()) >= 2
    # Beside others there may be nothing left for it to do.
    assert nodes > 1 or result.left["not reached"] <= 3

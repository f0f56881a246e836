"""Risk Management at work by SYS-24: the company, with somebody who is complained of, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.history import PersonErased, seal
from engine.replay import verify
from engine.store import CaseQuery, Person, Store
from tests.packs.company import Company, open_company, shipped
from tests.packs.whistle_answers import INTAKE, USUAL

LOG = ["originals", "review", "ask", "open_inquiry"]
TEAM = ["form_team", "declare", "declare", "declare", "plan"]
REPORT = ["inquire", "write_report", "cosign", "cosign", "read_report"]
PENALTY = ["propose_discipline", "hr_decides"]
END = ["tell", "check"]
ANONYMOUS = {"anonymous": True, "contact_given": False, "reporter_name": None, "reporter_unit": None, "reporter_phone": None}


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Iterator[Company]:
    """The company on SQLite; whatever a test did is replayed at its end."""
    made = open_company(shipped("whistle-risk"), Store(sqlite_url, clock=clock, durable=False), clock, tmp_path / "out", INTAKE, USUAL)
    with made.store.begin() as tx:
        for name, zh in (("accused-1", "丁某"), ("accused-2", "田某")):
            tx.put_person(Person(name=name, zh=zh, en=name, memberships=frozenset()))
    yield made
    all_replay(made)


def all_replay(company: Company) -> None:
    """Raise unless every history leads again to the same bytes."""
    with company.store.look() as reading:
        for head in reading.cases(CaseQuery(unsealed=True, limit=200)).rows:
            records = reading.history(head.case)
            found = verify(records, lambda d: company.desk.shelf.release(d, reading), reading.head(head.case).state)
            assert found.agrees, found


def forget(company: Company, case: str, of: str) -> None:
    """Destroy a person's key, as the law asks."""
    with company.store.begin() as tx:
        head = tx.head(case)
        event = PersonErased(at=company.clock.now(), of=of, reason="应请求")
        records, keyring = seal(
            case, [event], after=head.seq, previous=head.hash, keyring=head.keyring.without(of)
        )
        tx.add(head, records, state=head.state or b"", keyring=keyring)
        tx.drop_snapshots()


def doers(company: Company, element: str) -> list[str]:
    """Who did an element, in order."""
    return [person for done, person in company.done if done == element]

"""The company a scenario is played in: the real application over a real store, asked over its REST API."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from api.scenarios.counter import Counter
from api.scenarios.words import Words, people_of
from api.settings import Settings
from api.signin import SignIn
from api.wiring import Parts, build
from engine.authority import AUDITOR
from engine.clock import StoppedClock
from engine.release import Release
from engine.shelf import Shelf
from engine.store import Person, Store

#: When a scenario begins unless it says otherwise: a working Monday, nine o'clock in Shanghai.
BEGIN = "2026-01-05T01:00:00+00:00"


class House:
    """One procedure in force, three persons in every role, a clock that moves when told."""

    def __init__(self, parts: Parts, release: Release, words: Words, app: Flask, tokens: Mapping[str, str]) -> None:
        self.parts, self.release, self.words = parts, release, words
        self._client, self._tokens = app.test_client(), tokens

    def ask(self, method: str, path: str, who: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """A request to the API; status and document."""
        headers = {"Authorization": f"Bearer {self._tokens[who]}", "Accept-Language": "zh-CN"}
        said = self._client.open(f"/api/v1{path}", method=method, headers=headers, json=body)
        return said.status_code, said.get_json()

    def pass_until(self, at: datetime) -> None:
        """Let time pass, over the API like everything else."""
        self.ask("POST", "/clock", AUDITOR, {"now": at.isoformat()})

    def catch_up(self) -> None:
        """Do what is due now; not so much as a transaction where nothing is."""
        rest = self.parts.executor.rest()
        if rest is not None and rest <= 0:
            self.parts.executor.poke()

    @property
    def now(self) -> datetime:
        """What time it is, UTC."""
        return self.parts.clock.now()


@dataclass(frozen=True, kw_only=True)
class _Foundation:
    """A procedure in force and its people, before anything happened."""

    database: Path
    #: By which everybody is known to the API.
    tokens: Mapping[str, str]
    words: Words


class Street:
    """Where companies are founded, one at a time.

    The tables and the people of a procedure are made once and copied for every scenario; what was read of a release
    and the application are the same for all.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._founded: dict[str, _Foundation] = {}
        self._shelf = Shelf()
        self._counter = Counter()

    @classmethod
    @contextmanager
    def laid(cls) -> Iterator[Street]:
        """A street that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="kesu-scenarios-") as folder:
            yield cls(Path(folder))

    @contextmanager
    def house(self, release: Release, *others: Release) -> Iterator[House]:
        """A new company with a procedure in force; `others` are procedures that cases may go over to."""
        path = self._folder / f"{next(self._numbers)}.db"
        found = self._foundation(release, *others)
        shutil.copyfile(found.database, path)
        parts = self._parts(path)
        try:
            yield House(parts, release, found.words, self._counter.serving(parts), found.tokens)
        finally:
            parts.close()
            path.unlink()

    def _foundation(self, *releases: Release) -> _Foundation:
        name = "-".join(release.digest[:20] for release in releases)
        if name not in self._founded:
            path = self._folder / f"{name}.db"
            parts = self._parts(path)
            parts.store.create()
            for release in releases:
                put_in_force(parts, release)
            tokens = _signed_in(parts)
            parts.close()
            with sqlite3.connect(path) as file:
                # The copies are of one file: what is still in the log must be in it.
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            file.close()
            self._founded[name] = _Foundation(database=path, tokens=tokens, words=Words(releases[0]))
        return self._founded[name]

    def _parts(self, path: Path) -> Parts:
        facts = {"database": f"sqlite:///{path}", "simulated_clock": True, "outbox": self._folder / "outbox"}
        clock = StoppedClock(datetime.fromisoformat(BEGIN))
        # It is made up, and gone in a moment: no commit need wait for the disk.
        store = Store(f"sqlite:///{path}", clock=clock, durable=False)
        return build(Settings.load(facts, {}), clock=clock, store=store, shelf=self._shelf)


def _signed_in(parts: Parts) -> dict[str, str]:
    """A session for everybody; returns what proves it."""
    signin, tokens = SignIn(parts), {}
    with parts.store.begin() as tx:
        for person in tx.people():
            tokens[person.name], ticket = signin.new_ticket(person.name, "session", timedelta(days=3650))
            tx.open_ticket(ticket)
    return tokens


def linked_packs(release: Release) -> list[str]:
    """The other packs that cases of this one may go over to, as the diagrams name them."""
    elements = (e for _, process in release.processes.values() for e in process.elements.values())
    named = {e.zeebe.headers.get("pack") for e in elements if e.zeebe.job == "open-linked-case"}
    return sorted(name for name in named if name and name != release.pack)


def put_in_force(parts: Parts, release: Release) -> None:
    """The release is what new cases run on, and three persons hold each of its roles."""
    now = parts.clock.now()
    with parts.store.begin() as tx:
        tx.save_release(release.digest, pack=release.pack, files=release.files, by="system", at=now)
        tx.publish_release(release.digest, by="system", at=now)
        tx.put_person(Person(name=AUDITOR, zh="审计", en="Auditor", memberships=frozenset({f"*/{AUDITOR}"})))
        for name, zh, en, role in people_of(release):
            known = {p.name: p.memberships for p in tx.people()}
            memberships = frozenset({f"{release.pack}/{role}"}) | known.get(name, frozenset())
            tx.put_person(Person(name=name, zh=zh, en=en, memberships=memberships))

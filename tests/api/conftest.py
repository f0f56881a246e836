"""The real application over a small company, asked by Flask's test client."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from api.app import description
from api.scenarios.counter import Counter
from api.settings import Settings
from api.wiring import Parts, build
from engine.clock import StoppedClock
from engine.store import Person, Store
from tests.api.conform import Conformance
from tests.desk.office import PEOPLE, release

PASSWORD = "correct horse"
#: The token of the monitoring.
WATCHER = "watcher of the office"


@dataclass
class House:
    """The application, its parts, and a token for everybody."""

    app: Flask
    parts: Parts
    tokens: dict[str, str]

    def ask(self, method: str, path: str, who: str | None = "rita", lang: str = "en", **more: Any) -> TestResponse:
        """A request to the API, under /api/v1."""
        headers = {"Accept-Language": lang, **more.pop("headers", {})}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        answer = self.app.test_client().open("/api/v1" + path, method=method, headers=headers, **more)
        if not path.isascii() or "%" not in path.partition("?")[0]:
            conformance().check(method, "/api/v1" + path.partition("?")[0], answer)
        return answer

    def watch(self, path: str, token: str | None = WATCHER) -> TestResponse:
        """What operators ask."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.app.test_client().get(path, headers=headers)
        conformance().check("GET", path, answer)
        return answer

    def sign_in(self, *names: str) -> None:
        """New tokens, as their owners would ask for them."""
        for name in names:
            said = self.ask("POST", "/session", None, json={"name": name, "password": PASSWORD})
            self.tokens[name] = said.json["token"]

    def receive(self, **more: Any) -> str:
        """A complaint comes in; returns its case."""
        answers = {"subject": "门坏了", "loss": "120.50", **more}
        said = self.ask("POST", "/cases", json={"pack": "office", "channel": "phone", "answers": answers})
        assert said.status_code == 201, said.text
        return str(said.json["case"])


@cache
def conformance() -> Conformance:
    """The description of the service, to compare answers with."""
    return Conformance(description())


def open_house(store: Store, clock: StoppedClock, folder: Path, counter: Counter | None = None) -> House:
    """The office of the desk's tests over this store, with people who may sign in."""
    found = release()
    with store.begin() as tx:
        tx.save_release(found.digest, pack="office", files=found.files, by="system", at=clock.now())
        tx.publish_release(found.digest, by="system", at=clock.now())
    return house_over(store, clock, folder, PEOPLE, counter)


def house_over(
    store: Store,
    clock: StoppedClock,
    folder: Path,
    people: Mapping[str, Collection[str]],
    counter: Counter | None = None,
) -> House:
    """The application over what is in this store, with these people and their memberships; a new one without a counter."""
    settings = Settings.load({"simulated_clock": True, "outbox": folder / "outbox", "metrics_token": WATCHER}, environ={})
    parts = build(settings, clock=clock, store=store)
    counter = counter or new_counter()
    app, signin = counter.serving(parts), counter.signin
    password = signin.hash(PASSWORD)
    with store.begin() as tx:
        for name, roles in people.items():
            tx.put_person(
                Person(name=name, zh=name, en=name, locale="en", memberships=frozenset(roles), password=password)
            )
    app.testing = True
    # Unforeseen errors must become problem documents here, too.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return House(app=app, parts=parts, tokens={name: signin.open(name, PASSWORD) for name in people})


def new_counter() -> Counter:
    """An application for one house after the other."""
    # As little work as argon2 can do: it is not argon2 that is tested.
    return Counter(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), own_time=True)


@pytest.fixture(scope="session")
def counter() -> Counter:
    """The application of most tests: it takes longer to make than most of them."""
    return new_counter()


@pytest.fixture
def house(store: Store, clock: StoppedClock, tmp_path: Path, counter: Counter) -> Iterator[House]:
    """The office of the desk's tests, with people who may sign in."""
    house = open_house(store, clock, tmp_path, counter)
    yield house
    house.parts.executor.stop()

"""Risk Management served: the real application over SYS-24, asked as somebody, by every operation and page there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from api.scenarios.counter import Counter
from api.settings import Settings
from api.signin import COOKIE, SignIn, csrf_of
from api.wiring import build
from engine.store import Person
from tests.packs.company import Company
from tests.papers import everything

PASSWORD = "correct horse"
#: A case that never was, as long as a real one.
NEVER = "C-9999"
#: Bodies with which an operation would do something, by the last word of its path.
BODIES: Mapping[str, Mapping[str, Any]] = {
    "messages": {"message": "reporter-asks", "payload": {"question_text": "进展如何"}},
    "comments": {"text": "我想看看"},
    "extend": {"amount": 5, "unit": "workday", "reason": "复杂"},
    "pause": {"reason": "等材料"},
    "recuse": {"person": "monitor-1", "reason": "应回避"},
    "resolve": {"reason": "重试"},
    "delegate": {"to": "risk-1", "reason": "请代办"},
    "draft": {"answers": {}},
    "complete": {"answers": {}},
}
#: What changes with every request and says nothing; and how many timers the whole installation waits for, which is
#: told to administrators as one number.
_CHANGING = re.compile(r'name="key" value="\w+"|"waiting":\d+')


@dataclass
class House:
    """The application, and whoever asks it."""

    app: Flask
    signin: SignIn
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(
        self, who: str, method: str, path: str, *, behalf: str | None = None, lang: str = "zh-CN", **more: Any
    ) -> TestResponse:
        """A request to the API or a page, as somebody who may stand in for somebody else."""
        if who not in self.tokens:
            self.tokens[who] = self.signin.open(who, PASSWORD)
        token, client = self.tokens[who], self.app.test_client()
        headers = {"Accept-Language": lang, **more.pop("headers", {})}
        if behalf is not None:
            headers["Kesu-On-Behalf-Of"] = behalf
        if path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {token}"
        else:
            client.set_cookie(COOKIE, token)
            client.set_cookie("lang", lang)
            headers["X-CSRF-Token"] = csrf_of(token)
        return client.open(path, method=method, headers=headers, **more)

    def about_cases(self) -> Iterator[tuple[str, Rule]]:
        """Every operation and page that names a case, with each of its methods."""
        for rule in self.app.url_map.iter_rules():
            if "case" in rule.arguments:
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield method, rule

    def lists(self) -> Iterator[str]:
        """Every address that can be read without naming anything."""
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.arguments:
                yield rule.rule


#: The application takes longer to make than most of what is asked of it.
_COUNTER = Counter(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def open_house(company: Company, *, extra: Mapping[str, frozenset[str]]) -> House:
    """Serve the company; everybody gets a password, and some come besides."""
    settings = Settings.load({"simulated_clock": True}, environ={})
    parts = build(settings, clock=company.clock, store=company.store)
    app, signin = _COUNTER.serving(parts), _COUNTER.signin
    password = signin.hash(PASSWORD)
    with company.store.begin() as tx:
        for person in tx.people(active=None):
            tx.put_password(person.name, password)
        for name, roles in extra.items():
            tx.put_person(Person(name=name, zh=name, en=name, memberships=roles, password=password))
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return House(app=app, signin=signin)


def walk(house: House, who: str, case: str, known: Mapping[str, str], *, behalf: str | None = None) -> dict[str, Any]:
    """What each operation and page about a case answers: status and body, the case's own id aside."""
    found: dict[str, Any] = {}
    for method, rule in house.about_cases():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: case if m[1] == "case" else known.get(m[1], "1"), rule.rule)
        more: dict[str, Any] = {}
        if method != "GET" and path.startswith("/api/"):
            more["json"] = BODIES.get(path.rpartition("/")[2], {})
            more["headers"] = {"Idempotency-Key": f"{method}-{rule.rule}-{case}"}
            if path.endswith("/attachments"):
                more = {"data": b"hello", "query_string": {"name": "a.txt"}}
        elif method != "GET":
            more["data"] = {"reason": "缘故", "text": "一句话", "to": "risk-1", "amount": "5"}
        elif path.endswith("/state"):
            more["query_string"] = {"at": "1"}
        said = house.ask(who, method, path, behalf=behalf, **more)
        headers = {k: v for k, v in said.headers.items() if k not in ("Content-Length", "Date")}
        found[f"{method} {rule.rule}"] = _bare((said.status_code, said_in(said), headers), case)
    return found


def read_lists(house: House, who: str, queries: list[str], *, behalf: str | None = None) -> dict[str, Any]:
    """What every list says."""
    skipped = ("/metrics", "/health", "/openapi.json")
    paths = [p for p in house.lists() if not p.startswith(skipped)]
    found = {}
    for path in [*paths, *queries]:
        said = house.ask(who, "GET", path, behalf=behalf)
        found[path] = _bare((said.status_code, said_in(said)), "-")
    return found


def said_in(answer: TestResponse) -> str:
    """What an answer says: a PDF and a workbook, too."""
    data = answer.get_data()
    return everything(data) if data.startswith((b"%PDF", b"PK")) else answer.get_data(as_text=True)


def _bare(said: tuple[Any, ...], case: str) -> str:
    return _CHANGING.sub("", repr(said)).replace(case, "CASE")

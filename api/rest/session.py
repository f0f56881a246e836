"""Oneself: signing in and out, who I am, my password, who stands in for me, my tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g

from api.rest.asked import people as s
from api.rest.endpoint import Api
from api.rest.twice import Names, Twice
from api.signin import PasswordTooWeak, TooManyTries, WrongPassword, csrf_of
from api.wiring import Parts
from engine import staff
from engine.store import Deputy, PersonNotFound, Ticket

api = Api()

#: How much of a ticket's hash names it.
_MARK = 24


@dataclass(frozen=True, kw_only=True)
class Me:
    """The reader."""

    name: str
    zh: str
    en: str
    locale: str
    email: str | None
    memberships: tuple[str, ...]
    #: Whom the reader may act for now: name them in the header `Kesu-On-Behalf-Of`.
    stands_in_for: tuple[Deputy, ...]
    #: Needed in the header `X-CSRF-Token` of changes by those who are signed in by cookie.
    csrf: str
    #: The time of cases.
    now: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A session or token that is out."""

    token: str
    kind: str
    label: str
    created: datetime
    expires: datetime
    #: Whether this request was made with it.
    this: bool


@api.operation(
    "POST", "/session", "Sign in; the token goes into the header `Authorization: Bearer …`", tag="me", body=s.SignInBody,
    status=201, open=True, gives={"token": str, "expires": datetime}, refuses=(WrongPassword, TooManyTries),
    example={"name": "rita", "password": "correct horse"},
    twice=Twice(never="nobody is known yet to whom a key could belong, and each signing in is a session of its own"),
)  # fmt: skip
def sign_in(parts: Parts, body: dict[str, Any]) -> Any:
    token = g.signin.open(body["name"], body["password"])
    return {"token": token, "expires": g.signin.now() + timedelta(hours=parts.settings.session_hours)}


@api.operation("DELETE", "/session", "Sign out: the token of this request ends", tag="me", gives={})
def sign_out(parts: Parts) -> Any:
    g.signin.close(g.secret)
    return {}


@api.operation("GET", "/me", "Who I am and for whom I may act", tag="me", gives=Me)
def me(parts: Parts) -> Any:
    person = g.person
    with parts.store.look() as reading:
        standing_in = reading.deputyships(person.name, parts.clock.now())
    return Me(
        name=person.name, zh=person.zh, en=person.en, locale=person.locale, email=person.email,
        memberships=tuple(sorted(person.memberships)), stands_in_for=tuple(standing_in), csrf=csrf_of(g.secret),
        now=parts.clock.now(), until=g.ticket.expires,
    )  # fmt: skip


@api.operation(
    "POST", "/me/password", "Change my password; my sessions end", tag="me", body=s.NewPassword, gives={},
    refuses=(WrongPassword, TooManyTries, PasswordTooWeak), example={"old": "correct horse", "new": "battery staple"},
    twice=Twice(never="its session ends with it and the old password is wrong afterwards, so it cannot be done twice"),
)  # fmt: skip
def change_password(parts: Parts, body: dict[str, Any]) -> Any:
    g.signin.change(g.person.name, body["old"], body["new"])
    return {}


@api.operation("GET", "/me/deputies", "Who stands in for me, and when", tag="me", gives={"deputies": tuple[Deputy, ...]})
def deputies(parts: Parts) -> Any:
    with parts.store.look() as reading:
        return {"deputies": reading.deputies(g.person.name)}


@api.operation(
    "POST", "/me/deputies", "Let somebody stand in for me, for a period, in all or some of my roles", tag="me", body=s.Deputy,
    status=201, gives={"id": int},
    refuses=(
        PersonNotFound, staff.DeputyOfOneself, staff.PeriodBackwards, staff.PeriodTooLong, staff.RoleNotYours,
    ),
    example={"deputy": "cora", "since": "2026-01-05T00:00:00Z", "until": "2026-01-12T00:00:00Z"},
)  # fmt: skip
def add_deputy(parts: Parts, body: dict[str, Any]) -> Any:
    arrangement = Deputy(
        absent=g.person.name, deputy=body["deputy"], since=body["since"], until=body["until"], roles=tuple(body["roles"])
    )
    return {"id": parts.staff.add_deputy(arrangement, g.actor)}


@api.operation(
    "DELETE", "/me/deputies/{number}", "End an arrangement", tag="me", gives={}, refuses=(staff.DeputyNotFound,)
)
def end_deputy(parts: Parts, number: str) -> Any:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise staff.DeputyNotFound(number=number[:100])
    parts.staff.end_deputy(int(number), g.actor)
    return {}


@api.operation("GET", "/me/tokens", "My sessions and tokens", tag="me", gives={"tokens": tuple[TokenRow, ...]})
def tokens(parts: Parts) -> Any:
    return {"tokens": [_row(t) for t in parts.staff.tokens(g.actor, g.signin.now())]}


def _told_once(said: Names) -> Any:
    raise staff.TokenToldOnce()


@api.operation(
    "POST", "/me/tokens", "A bearer token for a program; its secret is told once", tag="me", body=s.NewToken, status=201,
    gives={"token": str, "id": str, "expires": datetime}, refuses=(staff.TokenToldOnce,),
    example={"label": "nightly import", "days": 90}, twice=Twice(again=_told_once),
)  # fmt: skip
def give_token(parts: Parts, body: dict[str, Any]) -> Any:
    secret, ticket = g.signin.new_ticket(g.person.name, "token", timedelta(days=body["days"]), body["label"])
    parts.staff.give_token(ticket)
    return {"token": secret, "id": ticket.hash[:_MARK], "expires": ticket.expires}


@api.operation(
    "DELETE", "/me/tokens/{token}", "Withdraw a token, or end a session, by its id", tag="me", gives={},
    refuses=(staff.TokenNotFound,),
)  # fmt: skip
def withdraw_token(parts: Parts, token: str) -> Any:
    parts.staff.withdraw_token(token, g.actor)
    return {}


def _row(ticket: Ticket) -> TokenRow:
    return TokenRow(
        token=ticket.hash[:_MARK], kind=ticket.kind, label=ticket.label, created=ticket.created, expires=ticket.expires,
        this=ticket.hash == g.ticket.hash,
    )  # fmt: skip

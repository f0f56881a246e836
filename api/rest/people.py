"""People: who works here and in which roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g

from api.rest.asked import people as s
from api.rest.endpoint import Api
from api.rest.twice import Twice
from api.signin import PasswordTooWeak
from api.wiring import Parts
from engine.authority import ADMIN, AUDITOR, OWNER, NotAuthorised
from engine.staff import LastAdministrator
from engine.store import Person, PersonNotFound

api = Api()


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works here, as colleagues see them."""

    name: str
    zh: str
    en: str
    active: bool
    #: "pack/role" and "*/role"; told to administrators, and to everybody about themselves.
    memberships: tuple[str, ...]


@api.operation(
    "GET", "/people", "Who works here, by name", tag="people", query=s.PeopleQuery,
    gives={"people": tuple[Colleague, ...], "next": str | None}, refuses=(NotAuthorised,),
)  # fmt: skip
def people(parts: Parts, query: dict[str, Any]) -> Any:
    _need_sight_of(query["role"], query["pack"])
    with parts.store.look() as reading:
        found = reading.people(role=query["role"], pack=query["pack"], q=query["q"])
    # The mark of the next page is the last name of this one.
    rest = [p for p in found if query["cursor"] is None or p.name > query["cursor"]]
    page = rest[: query["limit"]]
    return {"people": [_colleague(p) for p in page], "next": page[-1].name if len(rest) > len(page) else None}


@api.operation(
    "GET", "/people/{name}", "Somebody and their roles", tag="people", gives=Colleague, refuses=(PersonNotFound,)
)
def person(parts: Parts, name: str) -> Any:
    with parts.store.look() as reading:
        return _colleague(reading.person(name))


@api.operation(
    "POST", "/people", "Add somebody, or change them; without a password they keep theirs", tag="people", body=s.PersonBody,
    status=201, gives={"name": str}, refuses=(NotAuthorised, PasswordTooWeak, LastAdministrator),
    example={"name": "nora", "zh": "诺拉", "en": "Nora", "memberships": ["office/clerk"], "password": "correct horse"},
    twice=Twice(late=True, secret=("password",)),
)  # fmt: skip
def put_person(parts: Parts, body: dict[str, Any]) -> Any:
    given = body.pop("password")
    someone = Person(**{**body, "memberships": frozenset(body["memberships"])}, password=None)
    parts.staff.may_change_people(g.actor)
    hashed = g.signin.hash(given) if given else None
    return {"name": parts.staff.put_person(someone, hashed, g.actor).name}


def _need_sight_of(role: str | None, pack: str | None) -> None:
    """Raise unless the actor may know who holds a role: everybody may, of a procedure in which they have one themselves."""
    if role is None or g.actor.is_admin():
        return
    works_there = pack and any(held.startswith(f"{pack}/") for held in g.actor.all_memberships)
    if not works_there or role in (ADMIN, AUDITOR, OWNER):
        raise NotAuthorised(person=g.actor.name, role=ADMIN)


def _colleague(found: Person) -> Colleague:
    told = g.actor.is_admin() or found.name == g.actor.name
    held = tuple(sorted(found.memberships)) if told else ()
    return Colleague(name=found.name, zh=found.zh, en=found.en, active=found.active, memberships=held)

"""People: who they are, what they may stand for, who stands in, who is signed in.

Secrets come hashed; this room only keeps them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.store.bound import Bound, names
from engine.store.projection import listed
from engine.store.rows import Colleague, Deputy, Person, Ticket
from engine.store.tables import NEVER, deputy, membership, password_try, person, role_spell, ticket
from engine.store.trouble import PersonNotFound

_PERSON = (
    select(person, membership.c.role)
    .outerjoin(membership, membership.c.person == person.c.name)
    .where(person.c.name == bindparam("name"))
)
_HELD = membership.alias("held")
_HOLDERS = (
    select(person, membership.c.role)
    .join(membership, membership.c.person == person.c.name)
    .where(
        person.c.active,
        person.c.name.in_(select(_HELD.c.person).where(_HELD.c.role.in_([bindparam("everywhere"), bindparam("here")]))),
    )
    .order_by(person.c.name)
)
_TICKET = (
    select(ticket, person, membership.c.role)
    .join(person, person.c.name == ticket.c.person)
    .outerjoin(membership, membership.c.person == ticket.c.person)
    .where(ticket.c.hash == bindparam("hash"), ticket.c.expires_us > bindparam("at"), person.c.active)
)
_DEPUTYSHIPS = (
    select(deputy)
    .where(
        deputy.c.deputy == bindparam("name"), deputy.c.from_us <= bindparam("at"), deputy.c.until_us > bindparam("at")
    )
    .order_by(deputy.c.id)
)


def _trying(module: Any) -> Any:
    """One more try of a name; the first of a new window where the last one is over."""
    rows = module.insert(password_try)
    over = password_try.c.since_us <= bindparam("b_over")
    counted = rows.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "tries": case((over, 1), else_=password_try.c.tries + 1),
            "since_us": case((over, rows.excluded.since_us), else_=password_try.c.since_us),
        },
    )
    return counted.returning(password_try.c.tries)


_TRY = {"sqlite": _trying(sqlite), "postgresql": _trying(postgresql)}

_CALLED = select(person.c.name, person.c.zh, person.c.en).where(person.c.name == bindparam("name"))


class PeopleReading(Bound):
    """Reading people."""

    def person(self, name: str) -> Person:
        """Somebody with their memberships.

        Raises:
            PersonNotFound.
        """
        rows = self._sql.execute(_PERSON, {"name": name.replace("\0", "")}).all()
        if not rows:
            raise PersonNotFound(person=name)
        return _person_of(rows[0], (row.role for row in rows))

    def people(
        self, *, role: str | None = None, pack: str | None = None, q: str | None = None, active: bool | None = True
    ) -> list[Person]:
        """People by name; with `role` and `pack`, those who hold the role there (or everywhere)."""
        if role is not None and not q and active:
            return self._holders(role, pack)
        found: Select[Any] = select(person).order_by(person.c.name)
        if active is not None:
            found = found.where(person.c.active == active)
        if role is not None:
            keys = [f"*/{role}", *([f"{pack}/{role}"] if pack else [])]
            holders = select(membership.c.person).where(membership.c.role.in_(keys))
            found = found.where(person.c.name.in_(holders))
        if q:
            text = f"%{q.lower()}%"
            found = found.where(or_(person.c.name.ilike(text), person.c.zh.ilike(text), person.c.en.ilike(text)))
        rows = self._sql.execute(found).all()
        roles: dict[str, set[str]] = {}
        for row in self._sql.execute(select(membership)):
            roles.setdefault(row.person, set()).add(row.role)
        return [_person_of(row, roles.get(row.name, ())) for row in rows]

    def colleague(self, name: str) -> Colleague | None:
        """What somebody is called, whoever they are, also when they left; None where nobody has the name."""
        row = self._sql.execute(_CALLED, {"name": name.replace("\0", "")}).first()
        return None if row is None else Colleague(name=row.name, zh=row.zh, en=row.en)

    def colleagues(
        self, q: str, *, role: str | None = None, pack: str | None = None, zh: bool = True, limit: int = 20
    ) -> list[Colleague]:
        """People who work here now, by pieces of their name; those whose name begins so stand first.

        Args:
            role: only those who hold it, in `pack` or everywhere; without a pack, in any.
            zh: in the order of their Chinese names, else of their English ones.
        """
        called = person.c.zh if zh else person.c.en
        found = select(person.c.name, person.c.zh, person.c.en).where(person.c.active, ~person.c.external)
        if role is not None:
            held = (
                membership.c.role.in_([f"*/{role}", f"{pack}/{role}"])
                if pack
                else membership.c.role.endswith(f"/{role}", autoescape=True)
            )
            found = found.where(person.c.name.in_(select(membership.c.person).where(held)))
        pieces = q.replace("\0", "").lower().split()
        for piece in pieces:
            found = found.where(
                or_(*(c.icontains(piece, autoescape=True) for c in (person.c.name, person.c.zh, person.c.en)))
            )
        begins = [c.istartswith(p, autoescape=True) for c in (called, person.c.name) for p in pieces[:1]]
        order = [case((or_(*begins), 0), else_=1)] if begins else []
        rows = self._sql.execute(found.order_by(*order, called, person.c.name).limit(limit))
        return [Colleague(name=row.name, zh=row.zh, en=row.en) for row in rows]

    def _holders(self, role: str, pack: str | None) -> list[Person]:
        """Who may hold a task is asked with every task that is shown: one statement that is compiled once."""
        keys = {"everywhere": f"*/{role}", "here": f"{pack or '*'}/{role}"}
        found: dict[str, tuple[Any, set[str]]] = {}
        for row in self._sql.execute(_HOLDERS, keys):
            found.setdefault(row.name, (row, set()))[1].add(row.role)
        return [_person_of(row, roles) for row, roles in found.values()]

    def deputyships(self, name: str, at: datetime) -> list[Deputy]:
        """For whom a person stands in at a moment."""
        return [_deputy_of(row) for row in self._sql.execute(_DEPUTYSHIPS, {"name": name, "at": micros(at)})]

    def deputies(self, absent: str | None = None) -> list[Deputy]:
        """All arrangements, also those that are over, of one absent person or of everybody."""
        found = select(deputy).order_by(deputy.c.from_us, deputy.c.id)
        if absent is not None:
            found = found.where(deputy.c.absent == absent)
        return [_deputy_of(row) for row in self._sql.execute(found)]

    def ticket(self, hash_: str, at: datetime) -> tuple[Ticket, Person] | None:
        """Who is signed in under a secret with this hash; None when nobody is (any more). One statement."""
        rows = self._sql.execute(_TICKET, {"hash": hash_, "at": micros(at)}).all()
        return (_ticket_of(rows[0]), _person_of(rows[0], (row.role for row in rows))) if rows else None

    # --- as it was ---

    def roles_at(self, at: datetime) -> dict[str, frozenset[str]]:
        """Everybody who could sign in at a moment, with the roles they held then."""
        spell = role_spell.c
        held: dict[str, set[str]] = {}
        for row in self._sql.execute(select(role_spell).where(spell.since_us <= micros(at), spell.until_us > micros(at))):
            held.setdefault(row.person, set()).add(row.role)
        return {name: frozenset(roles - {""}) for name, roles in held.items()}

    def roles_known_since(self) -> datetime | None:
        """Since when it is on record who held which role; None: nobody ever did."""
        first = self._sql.execute(select(func.min(role_spell.c.since_us))).scalar()
        return None if first is None else instant(first)

    def deputies_at(self, at: datetime) -> list[Deputy]:
        """Who stood in for whom at a moment."""
        found = select(deputy).where(deputy.c.from_us <= micros(at), deputy.c.until_us > micros(at)).order_by(deputy.c.id)
        return [_deputy_of(row) for row in self._sql.execute(found)]

    def tickets(self, person_: str) -> list[Ticket]:
        """The sessions and tokens of a person."""
        rows = self._sql.execute(select(ticket).where(ticket.c.person == person_).order_by(ticket.c.created_us))
        return [_ticket_of(row) for row in rows]


class PeopleWriting(PeopleReading):
    """Writing people."""

    def put_person(self, someone: Person) -> None:
        """Store a person, with exactly these memberships, in place of an earlier record."""
        columns = ("zh", "en", "locale", "password", "active", "external", "email")
        row = {"name": someone.name, **{c: getattr(someone, c) for c in columns}}
        rows: Any = (sqlite if self._sqlite else postgresql).insert(person)
        self._sql.execute(
            rows.on_conflict_do_update(index_elements=["name"], set_={c: rows.excluded[c] for c in columns}), row
        )
        self.put_memberships(someone.name, someone.memberships)

    def put_memberships(self, name: str, roles: Iterable[str]) -> None:
        """Give a person exactly these memberships ("pack/role", "*/role"), and put down since when they hold them."""
        roles = set(roles)
        self._sql.execute(delete(membership).where(membership.c.person == name))
        rows = [{"person": name, "role": role} for role in sorted(roles)]
        if rows:
            self._sql.execute(insert(membership), rows)
        works_here = self._sql.execute(select(person.c.active).where(person.c.name == name)).scalar()
        self._note_roles(name, {"", *roles} if works_here else set())

    def _note_roles(self, name: str, roles: set[str]) -> None:
        spell, now = role_spell.c, self._now()
        held = {row.role: row.since_us for row in self._sql.execute(select(role_spell).where(spell.person == name, spell.until_us == NEVER))}
        for role in sorted(held.keys() - roles):
            # A clock that was set back ends nothing before it began.
            ended = update(role_spell).where(spell.person == name, spell.role == role, spell.since_us == held[role])
            self._sql.execute(ended.values(until_us=max(now, held[role])))
        for role in sorted(roles - held.keys()):
            mine = (spell.person == name, spell.role == role, spell.until_us >= now)
            if self._sql.execute(update(role_spell).where(*mine).values(until_us=NEVER)).rowcount == 0:
                self._sql.execute(insert(role_spell), {"person": name, "role": role, "since_us": now, "until_us": NEVER})

    def put_password(self, name: str, password: str | None) -> None:
        """Store the hash of a new password, and end the person's sessions.

        Raises:
            PersonNotFound.
        """
        if self._sql.execute(update(person).where(person.c.name == name).values(password=password)).rowcount != 1:
            raise PersonNotFound(person=name)
        self._sql.execute(delete(ticket).where(ticket.c.person == name, ticket.c.kind == "session"))

    def put_deputy(self, arrangement: Deputy) -> int:
        """Store who stands in for whom; returns its number."""
        row = {
            "absent": arrangement.absent, "deputy": arrangement.deputy, "from_us": micros(arrangement.since),
            "until_us": micros(arrangement.until), "roles": listed(arrangement.roles),
        }  # fmt: skip
        number: int = self._sql.execute(insert(deputy).returning(deputy.c.id), row).scalar_one()
        return number

    def end_deputy(self, number: int) -> None:
        """End an arrangement now; that it held until now stays on record."""
        now = self._now()
        self._sql.execute(delete(deputy).where(deputy.c.id == number, deputy.c.from_us >= now))
        self._sql.execute(update(deputy).where(deputy.c.id == number, deputy.c.until_us > now).values(until_us=now))

    def open_ticket(self, new: Ticket) -> None:
        """Sign somebody in: a session or a token, by the hash of its secret."""
        row = {
            "hash": new.hash, "kind": new.kind, "person": new.person, "scope": new.scope, "label": new.label,
            "created_us": micros(new.created), "expires_us": micros(new.expires),
        }  # fmt: skip
        self._sql.execute(insert(ticket), row)

    def close_ticket(self, hash_: str) -> None:
        """Sign out, or withdraw a token."""
        self._sql.execute(delete(ticket).where(ticket.c.hash == hash_))

    def count_try(self, name: str, at: datetime, *, window: timedelta) -> int:
        """Count a try to sign in under a name, whether or not anybody has it; returns how many there were in the window."""
        facts = {"name": _digest(name), "tries": 1, "since_us": micros(at), "b_over": micros(at - window)}
        counted: int = self._sql.execute(_TRY[self._sql.dialect.name], facts).scalar_one()
        return counted

    def forget_tries(self, *, name: str | None = None, before: datetime | None = None) -> None:
        """Forget the tries of a name, or all that began before a moment."""
        which = (
            password_try.c.name == _digest(name)
            if name is not None
            else password_try.c.since_us < micros(before or instant(0))
        )
        self._sql.execute(delete(password_try).where(which))

    def forget_tickets(self, *, before: datetime) -> int:
        """Drop sessions and tokens that ended before a moment; returns how many."""
        return self._sql.execute(delete(ticket).where(ticket.c.expires_us <= micros(before))).rowcount


def _person_of(row: Any, roles: Iterable[str | None]) -> Person:
    return Person(
        name=row.name, zh=row.zh, en=row.en, locale=row.locale, password=row.password, active=row.active,
        external=row.external, email=row.email, memberships=frozenset(role for role in roles if role),
    )  # fmt: skip


def _deputy_of(row: Any) -> Deputy:
    return Deputy(
        id=row.id, absent=row.absent, deputy=row.deputy, since=instant(row.from_us), until=instant(row.until_us),
        roles=names(row.roles),
    )  # fmt: skip


def _ticket_of(row: Any) -> Ticket:
    return Ticket(
        hash=row.hash, kind=row.kind, person=row.person, scope=row.scope, label=row.label,
        created=instant(row.created_us), expires=instant(row.expires_us),
    )  # fmt: skip


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()

"""The staff office: who works here, who stands in for whom, which tokens are out. Each method is one transaction.

It hashes nothing and knows no request: passwords and secrets come hashed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.desk.house_rules import bounded, sight
from engine.errors import EngineError
from engine.store import Deputy, Person, PersonNotFound, Store, Ticket, Transaction
from engine.values import Value, encode

#: So many cases may be watched, and so many questions kept, of a name so long.
MOST_WATCHED, MOST_FILTERS, LONGEST_NAME = 500, 20, 40
#: The longest that somebody may stand in, in days.
LONGEST_DAYS = 366


class PeriodBackwards(EngineError):
    """The period ends ({until}) before it begins ({since})."""

    zh = "期间的结束（{until}）早于开始（{since}）。"


class PeriodTooLong(EngineError):
    """Somebody may stand in for at most {most} days at a time."""

    zh = "代理期一次最长 {most} 天。"


class DeputyOfOneself(EngineError):
    """Nobody stands in for themselves; choose a colleague."""

    zh = "不能由本人代理本人，请选择同事。"


class RoleNotYours(EngineError):
    """{role} is not a role of yours and cannot be lent."""

    zh = "您没有“{role}”角色，不能委托。"


class DeputyNotFound(EngineError):
    """There is no arrangement {number} of yours."""

    zh = "没有属于您的代理安排 {number}。"


class TokenNotFound(EngineError):
    """There is no token {token} of yours."""

    zh = "没有属于您的令牌 {token}。"


class TokenToldOnce(EngineError):
    """This request was carried out before; the secret of a token is told once. Withdraw it and ask for a new one."""

    zh = "该请求已经办理；令牌只显示一次。请撤销后重新申请。"


class LastAdministrator(EngineError):
    """{person} is the last administrator; name another one first."""

    zh = "{person} 是最后一名管理员；请先指定另一名管理员。"


class TooMuchKept(EngineError):
    """There is room for {most}; give one up first."""

    zh = "最多 {most} 个，请先取消一个。"


class Staff:
    """People and what they arrange among themselves."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def may_change_people(self, actor: Actor) -> None:
        """Raise unless the actor may add and change people.

        Raises:
            NotAuthorised.
        """
        authority.need_role(actor, "*", (authority.ADMIN,))

    def put_person(self, someone: Person, password: str | None, actor: Actor) -> Person:
        """Add somebody or change them.

        Args:
            password: hashed; ends their sessions. None: they keep theirs.

        Raises:
            NotAuthorised: the actor is no administrator.
            LastAdministrator: nobody could administer afterwards.
        """
        self.may_change_people(actor)
        with self._store.begin() as tx:
            before = next((p for p in tx.people(active=None) if p.name == someone.name), None)
            kept = replace(someone, password=password or (before.password if before else None))
            tx.put_person(kept)
            if password and before is not None:
                tx.put_password(someone.name, password)
            if not any(f"*/{authority.ADMIN}" in p.memberships for p in tx.people()):
                raise LastAdministrator(person=someone.name)
            return kept

    def add_deputy(self, arrangement: Deputy, actor: Actor, *, idempotency: str | None = None) -> int:
        """Let somebody stand in for the actor, for a period, in all or some of their roles; returns its number.

        Raises:
            PersonNotFound, DeputyOfOneself, PeriodBackwards, PeriodTooLong, RoleNotYours.
        """
        since, until = arrangement.since, arrangement.until
        said: list[Value] = [arrangement.deputy, since, until, list(arrangement.roles)]
        with self._store.begin() as tx:
            known = _known(tx, idempotency, actor, "deputy", said)
            if known is not None:
                return known
            if until <= since:
                raise PeriodBackwards(since=since.isoformat(), until=until.isoformat())
            if until - since > timedelta(days=LONGEST_DAYS):
                raise PeriodTooLong(most=LONGEST_DAYS)
            if arrangement.deputy == actor.name:
                raise DeputyOfOneself()
            if not tx.person(arrangement.deputy).active:
                raise PersonNotFound(person=arrangement.deputy)
            for role in arrangement.roles:
                if role not in actor.memberships:
                    raise RoleNotYours(role=role)
            number = tx.put_deputy(replace(arrangement, absent=actor.name))
            _remember(tx, idempotency, actor, "deputy", said, number)
            return number

    def end_deputy(self, number: int, actor: Actor) -> None:
        """End an arrangement of the actor's; an administrator may end anybody's.

        Raises:
            DeputyNotFound.
        """
        with self._store.begin() as tx:
            absent = None if actor.is_admin() else actor.name
            if not any(d.id == number for d in tx.deputies(absent)):
                raise DeputyNotFound(number=number)
            tx.end_deputy(number)

    def watch(self, case: str, actor: Actor) -> None:
        """Keep an eye on a case the actor may see.

        Raises:
            CaseNotFound, TooMuchKept.
        """
        with self._store.begin() as tx:
            sight(tx, tx.head(case), actor)
            if len({*tx.watched(actor.name), case}) > MOST_WATCHED:
                raise TooMuchKept(most=MOST_WATCHED)
            tx.watch(actor.name, case)

    def unwatch(self, case: str, actor: Actor) -> None:
        """Keep an eye on a case no more."""
        with self._store.begin() as tx:
            tx.unwatch(actor.name, case)

    def keep_filter(self, name: str, query: str, actor: Actor) -> None:
        """Keep a question to the worklist under a name.

        Raises:
            TextRefused, TooMuchKept.
        """
        name = bounded("name", " ".join(name.split()), least=1, most=LONGEST_NAME)
        with self._store.begin() as tx:
            if len({*tx.filters(actor.name), name}) > MOST_FILTERS:
                raise TooMuchKept(most=MOST_FILTERS)
            tx.keep_filter(actor.name, name, query)

    def drop_filter(self, name: str, actor: Actor) -> None:
        """Keep a question no longer."""
        with self._store.begin() as tx:
            tx.drop_filter(actor.name, name)

    def give_token(self, ticket: Ticket) -> None:
        """Keep a bearer token."""
        with self._store.begin() as tx:
            tx.open_ticket(ticket)

    def tokens(self, actor: Actor, at: datetime) -> list[Ticket]:
        """The sessions and tokens of the actor that are still good."""
        with self._store.look() as reading:
            return [t for t in reading.tickets(actor.name) if t.expires > at]

    def withdraw_token(self, token: str, actor: Actor) -> None:
        """Withdraw a token, or end a session, by the first characters of its hash.

        Raises:
            TokenNotFound.
        """
        with self._store.begin() as tx:
            found = next((t for t in tx.tickets(actor.name) if len(token) >= 16 and t.hash.startswith(token)), None)
            if found is None:
                raise TokenNotFound(token=token[:100])
            tx.close_ticket(found.hash)


def _known(tx: Transaction, key: str | None, actor: Actor, what: str, said: list[Value]) -> int | None:
    """The number that came of the same request before; None when it is new, or carries no key."""
    if key is None:
        return None
    kept = tx.remembered(key, actor.name, encode([what, *said]))
    return None if kept is None else kept.first


def _remember(tx: Transaction, key: str | None, actor: Actor, what: str, said: list[Value], number: int) -> None:
    if key is not None:
        tx.remember(key, actor.name, encode([what, *said]), case="", first=number, last=number)

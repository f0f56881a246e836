"""Who is asking: passwords, sessions, bearer tokens, deputies. Secrets are stored hashed only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import Request, g

from api.wiring import Parts
from engine.authority import ADMIN, Actor, DeputyNotValid
from engine.clock import Clock, SystemClock
from engine.errors import EngineError
from engine.store import Person, PersonNotFound, Reading, Ticket

COOKIE = "kesu"
#: For whom a deputy acts on the pages.
BEHALF = "behalf"
#: Wrong passwords within the window before a name has to wait, on all nodes together.
TRIES, WINDOW = 8, timedelta(minutes=5)


class NotSignedIn(EngineError):
    """Please sign in."""

    zh = "请先登录。"


class WrongPassword(EngineError):
    """Name or password is wrong."""

    zh = "用户名或密码错误。"


class TooManyTries(EngineError):
    """Too many wrong passwords; wait five minutes."""

    zh = "密码错误次数过多，请五分钟后再试。"


class CsrfMissing(EngineError):
    """This page is out of date; load it again."""

    zh = "页面已过期，请刷新后重试。"


class PasswordTooWeak(EngineError):
    """A password needs at least {least} characters."""

    zh = "密码至少 {least} 个字符。"


class SignIn:
    """Opens and closes sessions."""

    def __init__(self, parts: Parts, hasher: PasswordHasher | None = None, clock: Clock | None = None) -> None:
        """
        Args:
            clock: by which sessions end; None: real time, also where the time of cases is simulated.
        """
        self._parts = parts
        self._clock = clock or (SystemClock() if parts.stopped_clock else parts.clock)
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        #: Verified when nobody has the name, so that it takes as long.
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    def hash(self, password: str) -> str:
        """The text under which a password is stored.

        Raises:
            PasswordTooWeak.
        """
        if len(password) < 8:
            raise PasswordTooWeak(least=8)
        return self._hasher.hash(password)

    def open(self, name: str, password: str) -> str:
        """Sign in; returns the secret of the session.

        Raises:
            WrongPassword, TooManyTries.
        """
        person = self._proved(name, password)
        return self.ticket(person.name, "session", timedelta(hours=self._parts.settings.session_hours))

    def change(self, name: str, old: str, new: str) -> None:
        """A new password for whoever knows the old one; their sessions end.

        Raises:
            WrongPassword, TooManyTries, PasswordTooWeak.
        """
        self._proved(name, old)
        hashed = self.hash(new)
        with self._parts.store.begin() as tx:
            tx.put_password(name, hashed)

    def _proved(self, name: str, password: str) -> Person:
        """The person, by their password.

        Raises:
            WrongPassword, TooManyTries.
        """
        self._count(name)
        with self._parts.store.look() as reading:
            person = _find(reading, name)
        stored = person.password if person and person.active and person.password else self._nobody
        try:
            self._hasher.verify(stored, password)
        except (Argon2Error, InvalidHashError) as error:
            raise WrongPassword() from error
        if person is None or stored is self._nobody:
            raise WrongPassword()
        with self._parts.store.begin() as tx:
            tx.forget_tries(name=name)
        return person

    def ticket(self, person: str, kind: str, life: timedelta, label: str = "") -> str:
        """A new session or bearer token; its secret is told once."""
        secret, ticket = self.new_ticket(person, kind, life, label)
        with self._parts.store.begin() as tx:
            tx.open_ticket(ticket)
        return secret

    def new_ticket(self, person: str, kind: str, life: timedelta, label: str = "") -> tuple[str, Ticket]:
        """A secret, and the ticket under which it may be kept."""
        secret = secrets.token_urlsafe(32)
        now = self._clock.now()
        return secret, Ticket(
            hash=_hash(secret), kind=kind, person=person, scope="*", label=label, created=now, expires=now + life
        )

    def now(self) -> datetime:
        """The time by which sessions and tokens end."""
        return self._clock.now()

    def close(self, secret: str) -> None:
        """Sign out."""
        with self._parts.store.begin() as tx:
            tx.close_ticket(_hash(secret))

    def actor(self, request: Request) -> Actor:
        """The person behind a request.

        Raises:
            NotSignedIn, CsrfMissing, DeputyNotValid.
        """
        secret, by_cookie = _secret(request)
        with self._parts.store.glance() as reading:
            found = reading.ticket(_hash(secret), self._clock.now()) if secret else None
            if found is None:
                raise NotSignedIn()
            ticket, person = found
            g.language = request.cookies.get("lang") or person.locale
            behalf = request.headers.get("Kesu-On-Behalf-Of") or (
                request.form.get("on_behalf_of") if by_cookie and request.form else None
            )
            now = self._parts.clock.now()
            if not behalf and by_cookie:
                behalf = self._chosen(reading, person, request.cookies.get(BEHALF, ""), now)
            actor = self._acting(reading, person, behalf or None, now)
        # Known even where the token is missing: a page may then show the form again with what was typed.
        g.person, g.actor, g.secret, g.ticket = person, actor, secret, ticket
        if by_cookie and request.method not in ("GET", "HEAD", "OPTIONS"):
            given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
            if not hmac.compare_digest(given.encode(), csrf_of(secret).encode()):
                raise CsrfMissing()
        return actor

    def _acting(self, reading: Reading, person: Person, behalf: str | None, now: datetime) -> Actor:
        lent: frozenset[str] = frozenset()
        if behalf is not None:
            lending = [d for d in reading.deputyships(person.name, now) if d.absent == behalf]
            # Also for looking: what is in an absent person's hands is nobody else's business.
            if not lending:
                raise DeputyNotValid(person=person.name, absent=behalf[:100])
            theirs = _find_roles(reading, behalf)
            # What is lent ends with what the absent person has; who lends everything lends the office, too, but
            # nobody administers the installation by proxy.
            for deputy in lending:
                lent |= frozenset(deputy.roles) & theirs or (frozenset() if deputy.roles else theirs)
            lent -= {f"*/{ADMIN}"}
        return Actor(
            name=person.name,
            memberships=person.memberships,
            locale=person.locale,
            on_behalf_of=behalf,
            behalf_memberships=lent,
        )

    def _chosen(self, reading: Reading, person: Person, absent: str, now: datetime) -> str | None:
        """For whom the pages were asked to act; forgotten once the deputyship is over."""
        return absent if absent and any(d.absent == absent for d in reading.deputyships(person.name, now)) else None

    def _count(self, name: str) -> None:
        """Count a try before it is looked at, so that many at once on many nodes are no more than one after another.

        Raises:
            TooManyTries.
        """
        with self._parts.store.begin() as tx:
            tries = tx.count_try(name, self._clock.now(), window=WINDOW)
        if tries > TRIES:
            raise TooManyTries()


def csrf_of(secret: str) -> str:
    """The token a page of this session sends back."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()[:32]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _secret(request: Request) -> tuple[str, bool]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip(), False
    return request.cookies.get(COOKIE, ""), True


def _find(reading: Reading, name: str) -> Person | None:
    try:
        return reading.person(name)
    except PersonNotFound:
        return None


def _find_roles(reading: Reading, name: str) -> frozenset[str]:
    person = _find(reading, name)
    return person.memberships if person else frozenset()

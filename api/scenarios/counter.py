"""One application that serves one company after the other.

Its two hundred routes take longer to make than most stories to play, and they are the same for every company: so they
are made once, and ask whoever is served now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from argon2 import PasswordHasher
from flask import Flask

from api.app import create
from api.signin import SignIn
from api.wiring import Parts


class Counter:
    """Where companies are served, one at a time."""

    def __init__(self, hasher: PasswordHasher | None = None, *, own_time: bool = False) -> None:
        """
        Args:
            own_time: sessions end by the time of the company; otherwise by real time, as with any simulated clock.
        """
        self._served = _Served()
        self._hasher, self._clock = hasher, self._served if own_time else None
        self._made: tuple[Flask, SignIn] | None = None

    def serving(self, parts: Parts) -> Flask:
        """The application, from now on over these parts."""
        self._served.parts = parts
        return self._all()[0]

    @property
    def signin(self) -> SignIn:
        """The door of the company that is served."""
        return self._all()[1]

    def _all(self) -> tuple[Flask, SignIn]:
        if self._made is None:
            parts = cast(Parts, self._served)
            signin = SignIn(parts, self._hasher, self._clock)
            self._made = create(parts, signin), signin
        return self._made


class _Served:
    """The parts of whoever is served now."""

    parts: Parts

    def __getattr__(self, name: str) -> Any:
        return getattr(self.parts, name)

    def now(self) -> datetime:
        """What time it is there."""
        return self.parts.clock.now()

"""What an event is. Inputs drive a case, outcomes are what the process made of an input.

Kinds are for ever: never rename or remove one, nor a fact; add optional facts only
(STYLE, "Histories are for ever"). Times are aware and UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

#: Every kind by its name in the database, filled as classes are defined.
KINDS: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact in a history."""

    kind: ClassVar[str] = ""

    #: When it happened. For a fired timer: the moment it was due, not when we noticed.
    at: datetime

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__ in ("Input", "Outcome"):
            return
        cls.kind = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")
        KINDS[cls.kind] = cls

    def facts(self) -> dict[str, Any]:
        """Everything but when and who, leaving out facts that keep their default."""
        return {
            f.name: value
            for f in fields(self)
            if f.name not in ("at", "actor", "on_behalf_of") and (value := getattr(self, f.name)) != f.default
        }


@dataclass(frozen=True, kw_only=True)
class Input(Event):
    """What the world did."""

    #: The person, or "system".
    actor: str = "system"
    #: The absent person for whom the actor, as deputy, acted.
    on_behalf_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome(Event):
    """What the process made of the input before it."""

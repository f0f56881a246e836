"""Who may know of a case: nobody who is barred from it; of a sealed one, only those who take part, and auditors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from engine.authority import AUDITOR, Actor
from engine.store.bound import Bound
from engine.store.rows import Head
from engine.store.tables import barred, participant

#: Who reads every history that is not about them.
_READS_ALL = f"*/{AUDITOR}"


class Sight(Bound):
    """Who may know of a case."""

    def may_see(self, head_: Head, actor: Actor) -> bool:
        """Whether the actor may know of a case: not barred and, where it is sealed, taking part or auditor."""
        if any(person in head_.barred for person in actor.persons):
            return False
        if not head_.sealed or _READS_ALL in actor.all_memberships:
            return True
        keys = [f"@{p}" for p in actor.persons] + sorted(actor.all_memberships)
        takes_part = select(participant.c.who).where(participant.c.who.in_(keys), participant.c.case_id == head_.case)
        return self._sql.execute(takes_part.limit(1)).first() is not None


def visible(
    case: Any, sealed: Any, persons: Sequence[str], roles: Iterable[str], *, unsealed: bool = False
) -> list[ColumnElement[bool]]:
    """The conditions under which a case may be shown to these persons, who stand for these roles."""
    roles = set(roles)
    off = exists().where(barred.c.person.in_(persons), barred.c.case_id == case)
    if unsealed or _READS_ALL in roles:
        return [~off]
    keys = [f"@{p}" for p in persons] + sorted(roles)
    within = exists().where(participant.c.who.in_(keys), participant.c.case_id == case)
    return [~off, or_(sealed.is_(False), within)]

"""Who else looks at a case just now: said by their pages, kept in the store for all nodes, and soon forgotten."""

from __future__ import annotations

from datetime import timedelta

from engine.authority import Actor
from engine.clock import Clock
from engine.desk.house_rules import sight
from engine.store import Head, PersonNotFound, Reading, Store

#: A page says every twenty seconds that it is looked at; who was not heard of for this long has gone.
STAYS = timedelta(seconds=70)
#: It is put down only when what was put down is older than this: nodes whose clocks differ a little still agree.
RENEWED = timedelta(seconds=30)


class Presence:
    """Who is where.

    In a sealed case only those whose role works on it now are told of each other: whoever takes part otherwise (who
    reported, who reads for the audit) is told of nobody, and to nobody.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        """
        Args:
            clock: of the people at their screens, also where the time of cases is simulated.
        """
        self._store, self._clock = store, clock

    def look(self, case: str, actor: Actor) -> list[str]:
        """Say that somebody looks at a case; returns who else does, by name.

        Raises:
            CaseNotFound: also when the actor may not know of it; nothing is put down then.
        """
        now = self._clock.now()
        with self._store.look() as reading:
            head = reading.head(case)
            sight(reading, head, actor)
            if head.sealed and not _works_on(reading, head, actor):
                return []
            there = reading.present(case, since=now - STAYS)
            others = [name for name in there if name != actor.name and (not head.sealed or _named(reading, head, name))]
        said = there.get(actor.name)
        if said is None or not timedelta() <= now - said < RENEWED:
            with self._store.begin() as tx:
                tx.note_present(case, actor.name, at=now, gone=now - STAYS)
        return others


def _named(reading: Reading, head: Head, name: str) -> bool:
    """Whether somebody may be named in a sealed case."""
    try:
        person = reading.person(name)
    except PersonNotFound:
        return False
    actor = Actor(name=name, memberships=person.memberships)
    return reading.may_see(head, actor) and _works_on(reading, head, actor)


def _works_on(reading: Reading, head: Head, actor: Actor) -> bool:
    """Whether an open task of the case is offered to a role of the actor's; by name it may be offered to who reported, too."""
    return any(actor.has(head.pack, group) for task in reading.tasks(head.case) for group in task.groups)

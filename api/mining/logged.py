"""Which cases go into a log, read one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from api.wiring import Parts
from engine.authority import AUDITOR, Actor, NotAuthorised
from engine.casebook import may_verify
from engine.store import CaseNotFound, CaseQuery, Head
from engine.story import Happening, happenings

#: Cases looked up at once.
_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A case with its log."""

    head: Head
    happenings: tuple[Happening, ...]


def logged(parts: Parts, query: CaseQuery, actor: Actor, lang: str) -> Iterator[Logged]:
    """The cases an auditor finds with that question, each with its log: what is sealed, or what they may not list, is not among them.

    Raises:
        NotAuthorised: neither auditor nor administrator.
    """
    if not may_verify(actor):
        raise NotAuthorised(person=actor.name, role=AUDITOR)
    return _all(parts, query, actor, lang)


def _all(parts: Parts, query: CaseQuery, actor: Actor, lang: str) -> Iterator[Logged]:
    cursor: str | None = None
    while True:
        page = parts.casebook.cases(replace(query, cursor=cursor, limit=_AT_ONCE), actor)
        for head in page.rows:
            if head.sealed:
                continue  # who opened it may be the reporter, and a file that is passed on is seen by anybody
            with suppress(CaseNotFound):  # it became one they may not see while the log was being written
                yield _one(parts, head.case, actor, lang)
        cursor = page.next
        if cursor is None:
            return


def _one(parts: Parts, case: str, actor: Actor, lang: str) -> Logged:
    view = parts.casebook.history(case, actor)
    with parts.store.look() as reading:
        release = parts.shelf.release(view.head.release, reading)
    return Logged(head=view.head, happenings=tuple(happenings(view.records, release, lang, parts.shelf.known)))

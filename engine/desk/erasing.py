"""Erasing a person from a case, on request: their key is destroyed, and with it everything about them that can be read.

The history stays as it is, and every proof of it holds: what was sealed under the key is there and opens no more. What was
derived from it in readable form goes in the same transaction: snapshot, search, drafts, files.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable

from engine import authority
from engine.authority import Actor
from engine.desk.asked import remember
from engine.desk.enclosed import whose_files
from engine.desk.house_rules import bounded
from engine.desk.road import Road, by
from engine.desk.sitting import Done
from engine.errors import EngineError
from engine.history import PersonErased, Record
from engine.run import Run
from engine.store.scripts import one_script
from engine.values import Value

#: So long is what a person is known by.
SHORTEST, LONGEST = 2, 60

log = logging.getLogger(__name__)


class NobodyCalled(EngineError):
    """Case {case} holds no personal data of “{of}”; it holds those of: {known}."""

    zh = "案件 {case} 中没有“{of}”的个人信息；有：{known}。"


class ErasedBefore(EngineError):
    """The personal data of “{of}” in case {case} were erased before."""

    zh = "案件 {case} 中“{of}”的个人信息此前已删除。"


class Erasing(Road):
    """Erasing a person."""

    def erase(
        self, case: str, of: str, reason: str, actor: Actor, *, seen: int | None = None, idempotency: str | None = None
    ) -> Done:
        """Destroy the key of a person in a case: "complainant", say. It cannot be undone.

        Raises:
            CaseNotFound, NobodyCalled, ErasedBefore, TextRefused.
            NotAuthorised: the actor is no administrator.
        """

        asked = self._ask("erase", actor, idempotency, case, of, reason)
        with self._sitting(case, actor, asked) as open_:
            if isinstance(open_, Done):
                return open_
            if not actor.is_admin():
                raise authority.NotAuthorised(person=actor.name, role=authority.ADMIN)
            self._not_moved_on(open_, seen, actor, None)
            keyring = open_.before.keyring
            if of not in keyring.keys:
                raise NobodyCalled(case=case, of=of, known=tuple(sorted(keyring.keys)))
            if of in keyring.erased:
                raise ErasedBefore(case=case, of=of)
            said = bounded("reason", reason, least=1)
            files = files_of(of, open_.tx.history(case))
            open_.hear(PersonErased(**by(open_, actor), of=of, reason=said, files=files))
            done = open_.write()
            open_.tx.forget_person(done.head, of, files)
            remember(open_.tx, asked, done)
        # So that a backup from before can be treated in the same way, this must be known outside the database, too.
        log.info("person_erased", extra={"case": case, "of": of, "seq": done.seq})
        return done


def named_in(text: str, run: Run, unread: Collection[str]) -> str | None:
    """Whose sealed data a text repeats, word for word; None: nobody's.

    Args:
        unread: whose data the writer may not read: were their remark sealed, they would learn that they had guessed right.
    """
    document = run.document()
    for name, of in sorted(run.personal.items()):
        if of not in unread and repeats(text, document.get(name)):
            return of
    return None


def repeats(text: str, value: Value) -> bool:
    """Whether a text holds what a sealed field says: a name, a number; neither a single character nor a whole story."""
    said = _plain(value) if isinstance(value, str) else ""
    return SHORTEST <= len(said) <= LONGEST and said in _plain(text)


def _plain(text: str) -> str:
    """Letter case, blanks and the script of Chinese aside."""
    return one_script("".join(text.casefold().split()))


def files_of(of: str, records: Iterable[Record]) -> tuple[str, ...]:
    """The files that answers about a person name, by the hash of their content."""
    return tuple(sorted({file for r in records for file, whose in whose_files(vars(r.event)).items() if whose == of}))

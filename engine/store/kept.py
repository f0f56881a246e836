"""What is kept beside the histories: numbers, answers to repeated requests, drafts, files, looks at sealed cases."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.store.bound import Bound
from engine.store.rows import Answered, Asked, SealedLook, StoredFile, Told
from engine.store.tables import draft, file, head, idempotency, reading, series
from engine.store.trouble import FileNotStored, IdempotencyKeyReused, RequestUnderWay
from engine.values import Value, decode, encode

_ANSWERED = select(idempotency).where(idempotency.c.actor == bindparam("actor"), idempotency.c.key == bindparam("key"))
_REMEMBER = insert(idempotency)
_KEEP_ANSWER = (
    update(idempotency)
    .where(idempotency.c.actor == bindparam("b_actor"), idempotency.c.key == bindparam("b_key"))
    .values(answer=bindparam("answer"), case_id=bindparam("case_id"))
)
_DRAFT = (draft.c.case_id == bindparam("b_case"), draft.c.task == bindparam("b_task"))


def _upsert(module: Any, table: Any, keys: list[str], *columns: str) -> Any:
    rows = module.insert(table)
    return rows.on_conflict_do_update(index_elements=keys, set_={c: rows.excluded[c] for c in columns})


_SAVE_DRAFT = {
    m: _upsert(d, draft, ["case_id", "task", "person"], "answers", "at_us")
    for m, d in (("sqlite", sqlite), ("postgresql", postgresql))
}
_SAVE_FILE = {m: d.insert(file).on_conflict_do_nothing() for m, d in (("sqlite", sqlite), ("postgresql", postgresql))}


def _counting(module: Any) -> Any:
    rows = module.insert(series)
    counted = rows.on_conflict_do_update(index_elements=["series", "period"], set_={"last": series.c.last + 1})
    return counted.returning(series.c.last)


_TAKE = {"sqlite": _counting(sqlite), "postgresql": _counting(postgresql)}
#: The first case is C-1001: ids look alike from the first to the thousands.
_FIRST_CASE = 1000


class KeptReading(Bound):
    """Reading what is kept beside the histories."""

    def file(self, sha256: str) -> StoredFile:
        """A file by the hash of its content.

        Raises:
            FileNotStored.
        """
        row = self._sql.execute(select(file).where(file.c.sha256 == sha256.replace("\0", ""))).first()
        if row is None:
            raise FileNotStored(sha256=sha256)
        return StoredFile(
            sha256=row.sha256, name=row.name, media_type=row.media_type, size=row.size, at=instant(row.at_us),
            content=row.content,
        )  # fmt: skip

    def told(self, asked: Asked) -> Told | None:
        """What is kept of this request; None when its key is new.

        Raises:
            IdempotencyKeyReused: the key was used for another request.
        """
        row = self._sql.execute(_ANSWERED, {"actor": asked.actor, "key": asked.key}).first()
        if row is None:
            return None
        if row.request != hashlib.sha256(asked.request).hexdigest():
            raise IdempotencyKeyReused(key=asked.key)
        return Told(case=row.case_id, at=instant(row.at_us), answer=row.answer)

    def draft(self, case: str, task: str, person: str) -> dict[str, Value] | None:
        """The half-filled form of a person, or None."""
        found = select(draft.c.answers).where(*_DRAFT, draft.c.person == bindparam("b_person"))
        text = self._sql.execute(found, {"b_case": case, "b_task": task, "b_person": person}).scalar()
        return None if text is None else dict(decode(text))

    def draft_saved(self, case: str, task: str, person: str) -> datetime | None:
        """When a person last saved their half-filled form; None where there is none."""
        found = select(draft.c.at_us).where(*_DRAFT, draft.c.person == bindparam("b_person"))
        at = self._sql.execute(found, {"b_case": case, "b_task": task, "b_person": person}).scalar()
        return None if at is None else instant(at)

    def looks(self, case: str) -> list[SealedLook]:
        """Who looked at a sealed case, in order."""
        rows = self._sql.execute(select(reading).where(reading.c.case_id == case).order_by(reading.c.id))
        return [SealedLook(case=r.case_id, person=r.person, at=instant(r.at_us), what=r.what) for r in rows]


class KeptWriting(KeptReading):
    """Writing what is kept beside the histories."""

    def new_case(self) -> str:
        """The id of a new case."""
        return f"C-{_FIRST_CASE + self.take_number('case', '')}"

    def take_number(self, series_: str, period: str, *, most: int | None = None) -> int:
        """The next number of a series in a period: 1, 2, 3, ... without gaps.

        Args:
            most: the greatest there is; what lies beyond it is told and not taken.
        """
        taken = self._sql.execute(_TAKE[self._sql.dialect.name], {"series": series_, "period": period, "last": 1})
        number: int = taken.scalar_one()
        if most is not None and number > most:
            of = (series.c.series == series_, series.c.period == period)
            self._sql.execute(update(series).where(*of).values(last=number - 1))
        return number

    def remembered(self, key: str, actor: str, request: bytes) -> Answered | None:
        """What this actor was answered under this key; None when the key is new.

        Raises:
            IdempotencyKeyReused: the key was used for another request.
        """
        row = self._sql.execute(_ANSWERED, {"actor": actor, "key": key}).first()
        if row is None:
            return None
        if row.request != hashlib.sha256(request).hexdigest():
            raise IdempotencyKeyReused(key=key)
        return Answered(case=row.case_id, first=row.first, last=row.last, at=instant(row.at_us))

    def remember(self, key: str, actor: str, request: bytes, *, case: str, first: int, last: int) -> None:
        """Keep what came of a request under its key.

        Raises:
            RequestUnderWay: somebody used it in this moment.
        """
        row = {
            "actor": actor, "key": key, "request": hashlib.sha256(request).hexdigest(), "case_id": case, "first": first,
            "last": last, "at_us": self._now(),
        }  # fmt: skip
        with self._taken_is(RequestUnderWay(key=key)):
            self._sql.execute(_REMEMBER, row)

    def hear(self, asked: Asked) -> None:
        """Take the key of a request, before anything is done for it. Whoever has it at this moment is waited for.

        Raises:
            RequestUnderWay: it was taken before.
        """
        self.remember(asked.key, asked.actor, asked.request, case="", first=0, last=0)

    def keep_answer(self, asked: Asked, answer: str, *, case: str) -> None:
        """Keep what is answered to a request whose key was taken.

        Args:
            case: only who may know of this case is told again; "" where there is none.
        """
        self._sql.execute(_KEEP_ANSWER, {"b_actor": asked.actor, "b_key": asked.key, "answer": answer, "case_id": case})

    def unhear(self, asked: Asked) -> None:
        """Give the key of a request back for which nothing was done."""
        mine = (idempotency.c.actor == asked.actor, idempotency.c.key == asked.key, idempotency.c.answer.is_(None))
        self._sql.execute(delete(idempotency).where(*mine))

    def forget_answers(self, *, older_than: timedelta) -> int:
        """Drop answers nobody will ask for again; returns how many."""
        old = idempotency.c.at_us < self._now() - micros(instant(0) + older_than)
        return self._sql.execute(delete(idempotency).where(old)).rowcount

    def save_draft(
        self, case: str, task: str, person: str, answers: Mapping[str, Value], *, at: datetime | None = None
    ) -> None:
        """Keep a half-filled form in place of an earlier one."""
        row = {
            "case_id": case, "task": task, "person": person, "answers": encode(dict(answers)).decode(),
            "at_us": micros(at) if at else self._now(),
        }  # fmt: skip
        self._sql.execute(_SAVE_DRAFT[self._sql.dialect.name], row)
        self._undrafted.discard(case)
        self._sql.execute(update(head).where(head.c.case_id == case, head.c.drafted.is_(False)).values(drafted=True))

    def drop_draft(self, case: str, task: str, person: str | None = None) -> None:
        """Forget the half-filled forms of a task, of one person or of all. Costs nothing where there is none."""
        if case in self._undrafted:
            return
        dropped = delete(draft).where(*_DRAFT)
        facts = {"b_case": case, "b_task": task}
        if person is not None:
            dropped = dropped.where(draft.c.person == bindparam("b_person"))
            facts["b_person"] = person
        self._sql.execute(dropped, facts)

    def forget_drafts(self, *, before: datetime) -> int:
        """Drop half-filled forms that nobody has saved since a moment; returns how many."""
        return self._sql.execute(delete(draft).where(draft.c.at_us < micros(before))).rowcount

    def save_file(self, sha256: str, *, name: str, media_type: str, content: bytes, at: datetime | None = None) -> None:
        """Store a file under the hash of its content; the same content is kept once."""
        row = {
            "sha256": sha256, "name": name, "media_type": media_type, "size": len(content), "content": content,
            "at_us": micros(at) if at else self._now(),
        }  # fmt: skip
        self._sql.execute(_SAVE_FILE[self._sql.dialect.name], row)

    def note_look(self, case: str, person: str, what: str) -> None:
        """Write down that somebody read a sealed case."""
        self._sql.execute(insert(reading), {"case_id": case, "person": person, "what": what, "at_us": self._now()})

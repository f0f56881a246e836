"""Reading one case: its head, its history, and what is open in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from engine import history as h
from engine.authority import Actor
from engine.store.bound import moment, names
from engine.store.overdue import is_past
from engine.store.rows import Attachment, Comment, DeadlineRow, Head, IncidentRow, TaskRow, TimerRow
from engine.store.sight import Sight, visible
from engine.store.tables import (
    IS_AWAITED,
    IS_OPEN,
    LEASED,
    PARKED,
    READY,
    deadline,
    event,
    head,
    incident,
    job,
    keys,
    task,
)
from engine.store.trouble import CaseNotFound, TaskNotFound
from engine.values import encode

#: Columns of a head that lists show: all but keys and snapshot.
HEAD_COLUMNS = tuple(c for c in head.c if c.name not in ("state", "ledger_seq"))
#: A task with what a worklist shows of its case.
TASK_COLUMNS = (*task.c, head.c.release, head.c.status, head.c.number, head.c.title)

_HEAD = (
    select(head, keys.c.ring)
    .outerjoin(keys, keys.c.case_id == head.c.case_id)
    .where(head.c.case_id == bindparam("case"))
)
_HEAD_TO_CHANGE = _HEAD.with_for_update(of=head)
_HISTORY = (
    select(event)
    .where(event.c.case_id == bindparam("case"), event.c.seq > bindparam("after"), event.c.seq <= bindparam("until"))
    .order_by(event.c.seq)
)
_KEYS = select(keys.c.ring).where(keys.c.case_id == bindparam("case"))
_ANY = select(event.c.seq).where(event.c.case_id == bindparam("case")).limit(1)
_TASKS = (
    select(*TASK_COLUMNS)
    .join(head, head.c.case_id == task.c.case_id)
    .where(task.c.case_id == bindparam("case"))
    .order_by(task.c.opened_seq)
)
#: Later than any event.
_END = 2**31 - 1


class CaseReading(Sight):
    """Reading one case."""

    #: Whether a head is read in order to be changed.
    _changes = False

    def every_case(self) -> list[str]:
        """The ids of all cases, the first opened first: for whoever proves or rebuilds the whole."""
        return list(self._sql.scalars(select(head.c.case_id).order_by(head.c.opened_us, head.c.case_id)))

    def head(self, case: str, *, hold: bool = True) -> Head:
        """Everything that is known of a case without its history.

        Args:
            hold: in a transaction that writes, keep others from the case; False where it is only looked at beside another.

        Raises:
            CaseNotFound.
        """
        hold = hold and self._changes
        statement = _HEAD_TO_CHANGE if hold else _HEAD
        row = self._sql.execute(statement, {"case": _usable(case)}).first()
        if row is None:
            raise CaseNotFound(case=case)
        if hold and not row.drafted:
            self._undrafted.add(case)
        return head_of(row)

    def history(self, case: str, *, after: int = 0, until: int | None = None) -> list[h.Record]:
        """The records of a case in order, personal data opened with its keys.

        Raises:
            CaseNotFound.
        """
        keyring = self._keyring(case)
        facts = {"case": case, "after": after, "until": _END if until is None else until}
        rows = self._sql.execute(_HISTORY, facts).all()
        if not rows and self._sql.execute(_ANY, {"case": case}).first() is None:
            raise CaseNotFound(case=case)
        return [record_of(row, keyring) for row in rows]

    def tasks(self, case: str, *, closed: bool = False) -> list[TaskRow]:
        """The open tasks of a case in the order they were opened; with `closed`, all of them."""
        statement = _TASKS if closed else _TASKS.where(IS_OPEN)
        return [task_of(row) for row in self._sql.execute(statement, {"case": case})]

    def task(self, case: str, name: str) -> TaskRow:
        """One task, open or closed.

        Raises:
            TaskNotFound.
        """
        row = self._sql.execute(_TASKS.where(task.c.name == bindparam("name")), {"case": case, "name": name}).first()
        if row is None:
            raise TaskNotFound(case=case, task=name)
        return task_of(row)

    def deadlines(self, case: str) -> list[DeadlineRow]:
        """The limits that are or were at work on a case, the earliest first."""
        rows = self._sql.execute(
            select(deadline).where(deadline.c.case_id == case).order_by(deadline.c.due_us, deadline.c.name)
        )
        return [deadline_of(row) for row in rows]

    def overrun(self, actor: Actor | None = None, *, limit: int = 1000) -> list[DeadlineRow]:
        """Deadlines of all cases (that the actor may see) that have passed and are not met, the oldest first."""
        found = select(deadline).where(deadline.c.met_us.is_(None), is_past(deadline, self._now()))
        if actor is not None:
            found = found.join(head, head.c.case_id == deadline.c.case_id)
            found = found.where(*visible(head.c.case_id, head.c.sealed, actor.persons, actor.all_memberships))
        rows = self._sql.execute(found.order_by(deadline.c.due_us, deadline.c.case_id).limit(limit))
        return [deadline_of(row) for row in rows]

    def timers(self, case: str) -> list[TimerRow]:
        """The moments a case waits for, the earliest first."""
        waiting = select(job).where(job.c.case_id == case, job.c.kind == "timer", job.c.state.in_((READY, LEASED, PARKED)))
        return [
            TimerRow(
                case=row.case_id, timer=row.key, element=row.element, due=h.instant(row.due_us), limit=row.type,
                task=row.task, seq=row.seq,
            )
            for row in self._sql.execute(waiting.order_by(job.c.due_us, job.c.key))
        ]  # fmt: skip

    def incidents(self, case: str | None = None, *, actor: Actor | None = None) -> list[IncidentRow]:
        """Open incidents, of one case or of all (that the actor may see), the oldest first."""
        found = select(incident).where(incident.c.resolved_us.is_(None)).order_by(incident.c.raised_us)
        if case is not None:
            found = found.where(incident.c.case_id == case)
        if actor is not None:
            found = found.join(head, head.c.case_id == incident.c.case_id)
            found = found.where(*visible(head.c.case_id, head.c.sealed, actor.persons, actor.all_memberships))
        return [
            IncidentRow(
                case=row.case_id, incident=row.name, element=row.element, code=row.code, zh=row.zh, en=row.en,
                raised=h.instant(row.raised_us), resolved=moment(row.resolved_us),
            )
            for row in self._sql.execute(found)
        ]  # fmt: skip

    def waiting_for(self, message: str, key: Any = None) -> list[str]:
        """The cases that wait for a message, with this correlation value if one is given."""
        found = select(job.c.case_id).where(IS_AWAITED, job.c.type == message, job.c.kind == "message").distinct()
        if key is not None:
            found = found.where(job.c.payload == encode(key).decode())
        return list(self._sql.scalars(found.order_by(job.c.case_id)))

    def children(self, case: str) -> list[str]:
        """The cases that continue or stem from this one."""
        return list(self._sql.scalars(select(head.c.case_id).where(head.c.parent == case).order_by(head.c.case_id)))

    def comments(self, case: str) -> list[Comment]:
        """The remarks on a case, in order."""
        found = []
        for record in self._of_kind(case, "comment_added"):
            said = record.event
            assert isinstance(said, h.CommentAdded)
            found.append(
                Comment(
                    case=case,
                    seq=record.seq,
                    at=said.at,
                    actor=said.actor,
                    on_behalf_of=said.on_behalf_of,
                    text=h.bare(said.text),
                    audience=said.audience,
                )
            )
        return found

    def attachments(self, case: str) -> list[Attachment]:
        """The files of a case, in order."""
        found = []
        for record in self._of_kind(case, "attachment_added"):
            added = record.event
            assert isinstance(added, h.AttachmentAdded)
            found.append(
                Attachment(
                    case=case,
                    seq=record.seq,
                    at=added.at,
                    actor=added.actor,
                    file=added.file,
                    name=h.bare(added.name),
                    size=added.size,
                    media_type=added.media_type,
                    task=added.task,
                )
            )
        return found

    def _of_kind(self, case: str, kind: str) -> Sequence[h.Record]:
        keyring = self._keyring(case)
        # `IN` repeats the condition of the index on remarks.
        remarks = event.c.kind.in_(["comment_added", "attachment_added"])
        rows = self._sql.execute(
            select(event).where(event.c.case_id == case, remarks, event.c.kind == kind).order_by(event.c.seq)
        )
        return [record_of(row, keyring) for row in rows]

    def _keyring(self, case: str) -> h.Keyring:
        return keyring_of(self._sql.execute(_KEYS, {"case": _usable(case)}).scalar())


def _usable(case: str) -> str:
    # PostgreSQL refuses a null byte in text with an error of its own.
    if "\0" in case:
        raise CaseNotFound(case=case.replace("\0", "\\0"))
    return case


def head_of(row: Row[Any]) -> Head:
    """A head from its row; keys and snapshot where the row has them."""
    facts = row._mapping
    return Head(
        case=row.case_id, pack=row.pack, release=row.release, process=row.process, flow=row.flow, channel=row.channel,
        seq=row.seq, hash=row.hash, status=row.status, number=row.number, title=row.title, sealed=row.sealed,
        barred=names(row.barred), parent=row.parent, opened_by=row.opened_by, opened_at=h.instant(row.opened_us),
        changed_at=h.instant(row.changed_us), closed_at=moment(row.closed_us), still=moment(row.still_us),
        drafted=row.drafted, keyring=keyring_of(facts.get("ring")), state=facts.get("state"),
    )  # fmt: skip


def task_of(row: Row[Any]) -> TaskRow:
    """A task from its row."""
    return TaskRow(
        case=row.case_id, task=row.name, element=row.element, process=row.process, form=row.form,
        groups=names(row.groups), users=names(row.users), four_eyes=names(row.four_eyes), assignee=row.assignee,
        claimed_by=row.claimed_by, priority=row.priority, limit=row.limit_id, due=moment(row.due_us),
        still=moment(row.still_us), opened=h.instant(row.opened_us), scope=row.scope, pack=row.pack, flow=row.flow, sealed=row.sealed,
        release=row.release, status=row.status, number=row.number, title=row.title, closed=moment(row.closed_us),
        done_by=row.done_by,
    )  # fmt: skip


def deadline_of(row: Row[Any]) -> DeadlineRow:
    """A deadline from its row."""
    return DeadlineRow(
        case=row.case_id, deadline=row.name, start=h.instant(row.start_us), due=h.instant(row.due_us),
        still=moment(row.still_us), seq=row.seq, met=moment(row.met_us), late=row.late,
    )  # fmt: skip


def record_of(row: Row[Any], keyring: h.Keyring) -> h.Record:
    """A record from its row."""
    return h.read(
        case=row.case_id, seq=row.seq, kind=row.kind, at=row.at_us, actor=row.actor, on_behalf_of=row.on_behalf_of,
        sealed=row.sealed, previous=row.previous, hash=row.hash, keyring=keyring,
    )  # fmt: skip


def keyring_of(stored: bytes | None) -> h.Keyring:
    """The keys of a case as stored by `keyring_bytes`; none where it has none."""
    if stored is None:
        return h.Keyring()
    found = json.loads(stored)
    return h.Keyring(keys={of: base64.b64decode(key) if key is not None else None for of, key in found.items()})


def keyring_bytes(keyring: h.Keyring) -> bytes:
    """The keys of a case as stored; a destroyed key stays known as destroyed."""
    plain = {of: base64.b64encode(key).decode() if key is not None else None for of, key in keyring.keys.items()}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

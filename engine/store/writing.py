"""Writing a case: events, head and everything derived from them, in as few statements as it takes.

Completing a task sends five: the head (compared and set), the events, the tasks that end and
open, the timers that end and start, what it is found by. Deadlines, messages, incidents cost one more where they occur.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Insert,
    Integer,
    Table,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine import history as h
from engine.store.cases import CaseReading, keyring_bytes
from engine.store.projection import EVERYBODY, MAX_ATTEMPTS, Fold, Row, Still, blank, grams, listed
from engine.store.releases import ReleaseReading
from engine.store.rows import Head
from engine.store.tables import (
    AWAITED,
    CANCELLED,
    DELIVERY,
    FINISHED,
    FOLDED_JOBS,
    IS_AWAITED,
    IS_OPEN,
    LEASED,
    NAME,
    NEVER,
    PROJECTIONS,
    READY,
    barred,
    deadline,
    draft,
    event,
    file,
    gram,
    head,
    incident,
    job,
    keys,
    leaf,
    offer,
    participant,
    passage,
    task,
)
from engine.store.trouble import CaseMovedOn, CaseNotFound
from engine.values import encode

#: Columns of a head that change after the case was opened.
_LIVING = ("release", "changed_us", "closed_us", "status", "number", "barred", "still_us", "seq", "hash", "state")
_ENDED = ("state", "closed_us", "done_by", "behalf")
#: What a row must have to be inserted, although only its end is taken: the task exists already.
_STUB: Row = {
    **{c.name: None for c in task.c}, "element": "", "process": "", "pack": "", "flow": "", "sealed": False,
    "groups": "[]", "users": "[]", "four_eyes": "[]", "offer": 0, "holder": "", "held": 0, "priority": 0,
    "due_us": NEVER, "scope": "", "opened_us": 0, "opened_seq": 0,
}  # fmt: skip

_MOVE_HEAD = (
    update(head)
    .where(head.c.case_id == bindparam("b_case"), head.c.seq == bindparam("b_seq"))
    .values({name: bindparam(name) for name in _LIVING})
)


class _Statements:
    """The statements of one dialect, made once so that they are compiled once."""

    def __init__(self, insert: Any) -> None:
        self.open_head: Insert = insert(head).on_conflict_do_nothing().returning(head.c.seq)
        self.events: Insert = insert(event)
        self.keys: Insert = _replace(insert(keys), "case_id")
        tasks = insert(task)
        self.tasks: Insert = tasks.on_conflict_do_update(
            index_elements=["case_id", "name"], set_={name: tasks.excluded[name] for name in _ENDED}
        )
        jobs = insert(job)
        # A job in somebody's hands is ended by them, fence checked; here it stays theirs. One that is
        # waited for again under its old name (after a pause) takes its new moment.
        new = jobs.excluded
        begins = or_(new.state == READY, new.state == AWAITED)
        again = {c: case((begins, new[c]), else_=job.c[c]) for c in ("due_us", "next_us", "seq", "type", "payload")}
        ends = case((job.c.state == LEASED, LEASED), else_=new.state)
        key = ["case_id", "kind", "key"]
        self.jobs: Insert = jobs.on_conflict_do_update(index_elements=key, set_={"state": ends, **again})
        self.missing_jobs: Insert = jobs.on_conflict_do_nothing(index_elements=key)
        self.ignoring: Mapping[Table, Insert] = {
            table: insert(table).on_conflict_do_nothing() for table in (offer, barred, participant, gram)
        }
        self.replacing: Mapping[Table, Insert] = {
            table: _replace(insert(table), "case_id", "name") for table in (deadline, incident)
        }


def _replace(rows: Any, *key: str) -> Insert:
    rest = {c.name: rows.excluded[c.name] for c in rows.table.c if not c.primary_key}
    replacing: Insert = rows.on_conflict_do_update(index_elements=list(key), set_=rest)
    return replacing


_STATEMENTS = {"sqlite": _Statements(sqlite.insert), "postgresql": _Statements(postgresql.insert)}


def _named(table: Table, *columns: str) -> Update:
    by = table.c.key if table is job else table.c.name
    key = "b_key" if table is job else "b_name"
    return (
        update(table)
        .where(table.c.case_id == bindparam("b_case"), by == bindparam(key))
        .values({name: bindparam(name) for name in columns})
    )


_MOVE_TIMERS = _named(job, "due_us", "next_us", "seq").where(job.c.kind == "timer", job.c.state != LEASED)
_MOVE_DEADLINES = _named(deadline, "due_us", "seq")
_STAND_TASKS = update(task).where(
    task.c.case_id == bindparam("b_case"), IS_OPEN, task.c.limit_id.in_(bindparam("b_limits", expanding=True)),
    task.c.name.not_in(bindparam("b_over", expanding=True)),
).values(still_us=bindparam("b_since"))  # fmt: skip
_STAND_DEADLINES = update(deadline).where(
    deadline.c.case_id == bindparam("b_case"), deadline.c.met_us.is_(None),
    deadline.c.name.in_(bindparam("b_limits", expanding=True)), deadline.c.name.not_in(bindparam("b_over", expanding=True)),
).values(still_us=bindparam("b_since"))  # fmt: skip
_MEET_DEADLINES = _named(deadline, "met_us", "late")
_DROP_DEADLINES = delete(deadline).where(deadline.c.case_id == bindparam("b_case"), deadline.c.name == bindparam("b_name"))
_RESOLVE = _named(incident, "resolved_us")
_DROP_DRAFTS = delete(draft).where(draft.c.case_id == bindparam("b_case"), draft.c.task == bindparam("b_task"))
_PASSAGES = insert(passage)
_CLOSE_JOBS = delete(job).where(
    job.c.case_id == bindparam("b_case"),
    job.c.state != LEASED,
    or_(job.c.kind.in_(("timer", "message", "signal", DELIVERY)), job.c.state.in_((FINISHED, CANCELLED))),
)
_SPREAD = insert(job).from_select(
    ["case_id", "kind", "key", "element", "type", "payload", "due_us", "next_us", "state", "max_attempts"],
    select(
        job.c.case_id, literal_column(f"'{DELIVERY}'"), bindparam("b_key", type_=NAME) + job.c.key, job.c.element, job.c.type,
        bindparam("b_said", type_=NAME), bindparam("b_due", type_=BigInteger), bindparam("b_due", type_=BigInteger),
        literal_column(str(READY)), bindparam("b_most", type_=Integer),
    )
    .where(
        IS_AWAITED, job.c.type == bindparam("b_signal"), job.c.payload == bindparam("b_pack"), job.c.kind == "signal",
        job.c.case_id != bindparam("b_sender"),
    )
    .order_by(job.c.due_us, job.c.case_id, job.c.key),
)  # fmt: skip


class CaseWriting(CaseReading, ReleaseReading):
    """Writing a case."""

    _changes = True

    def add(self, head_before: Head | None, records: Sequence[h.Record], *, state: bytes, keyring: h.Keyring) -> Head:
        """Append records to a case and change everything derived from them; returns the new head.

        Raises:
            CaseMovedOn: the case is not where `head_before` says (or, without one, exists already).
        """
        if head_before is not None and not records:
            return head_before
        name = records[0].case
        before = _row_of(head_before) if head_before else blank(name)
        seq = head_before.seq if head_before else 0
        if records[0].seq != seq + 1:
            raise CaseMovedOn(case=name, since=self.history(name, after=seq))
        fold = Fold(case=name, head=before, pausable=self.pausable).feed(records)
        row = {**fold.head, "state": state}
        if head_before is None:
            moved = len(self._sql.execute(self._s.open_head, {**row, "drafted": False}).all())
        else:
            living = {column: row[column] for column in _LIVING}
            moved = self._sql.execute(_MOVE_HEAD, {**living, "b_case": name, "b_seq": seq}).rowcount
        if moved != 1:
            raise CaseMovedOn(case=name, since=self.history(name, after=seq))
        if keyring != (head_before.keyring if head_before else h.Keyring()):
            self.keep_keys(name, keyring)
        self._many(self._s.events, [_event_row(record) for record in records])
        self._project(fold)
        self._many(self._s.jobs, fold.lasting_jobs())
        for key, sent in fold.sent:
            self._spread(name, fold.head["pack"], key, sent)
        if head_before is not None and head_before.drafted:
            self._many(_DROP_DRAFTS, [{"b_case": name, "b_task": task_} for task_ in fold.ended])
        if fold.closed:
            self._sql.execute(_CLOSE_JOBS, {"b_case": name})
        return Head(
            **{**_facts(fold.head), "drafted": bool(head_before and head_before.drafted)}, keyring=keyring, state=state
        )

    def keep_state(self, case_: str, seq: int, state: bytes | None) -> None:
        """Store the snapshot of a case again (or drop it), unless the case has moved on."""
        self._sql.execute(update(head).where(head.c.case_id == case_, head.c.seq == seq).values(state=state))

    def drop_snapshots(self) -> int:
        """Forget all snapshots: every case is then loaded by replay. Returns how many there were."""
        return self._sql.execute(update(head).where(head.c.state.is_not(None)).values(state=None)).rowcount

    def keep_keys(self, case_: str, keyring: h.Keyring) -> None:
        """Store the keys of a case: new ones, or what is left after one was destroyed."""
        self._sql.execute(self._s.keys, {"case_id": case_, "ring": keyring_bytes(keyring)})

    def forget_person(self, head_: Head, of: str, files: Sequence[str]) -> None:
        """Destroy the key of a person of a case, and what was derived from what it opened: search, drafts, files.

        Args:
            files: by the hash of their content; what another case holds, too, is kept for that one.
        """
        if self._sqlite:
            # What is overwritten or removed leaves nothing readable in the file.
            self._sql.exec_driver_sql("PRAGMA secure_delete = ON")
        self.keep_keys(head_.case, head_.keyring.without(of))
        self._sql.execute(delete(draft).where(draft.c.case_id == head_.case))
        self._rebuild(head_.case)
        for sha256 in files:
            elsewhere = select(event.c.case_id).where(
                event.c.kind.in_(("comment_added", "attachment_added")), event.c.kind == "attachment_added",
                event.c.case_id != head_.case, event.c.sealed.contains(f'"file":"{sha256}"'),
            )  # fmt: skip
            if self._sql.execute(elsewhere.limit(1)).first() is None:
                self._sql.execute(delete(file).where(file.c.sha256 == sha256))

    def rebuild(self, case_: str | None = None) -> int:
        """Fold all projections of a case (or of all cases) anew from the events; returns the number of cases.

        Drafts, keys, and the tries and leases of jobs are no projections and stay.

        Raises:
            CaseNotFound.
        """
        if case_ is not None:
            self._rebuild(case_)
            return 1
        cases = list(self._sql.scalars(select(event.c.case_id).distinct().order_by(event.c.case_id)))
        self._sql.execute(delete(offer))
        self._offers.clear()
        self._new_offers.clear()
        for name in cases:
            self._rebuild(name)
        return len(cases)

    def learn_passages(self) -> None:
        """Read from all histories what cases are found by; nothing of it may be there yet."""
        for name in self._sql.scalars(select(head.c.case_id)).all():
            self._many(_PASSAGES, Fold(case=name, head=blank(name)).feed(self.history(name)).passages)

    def _rebuild(self, name: str) -> None:
        records = self.history(name)
        if not records:
            raise CaseNotFound(case=name)
        fold = Fold(case=name, head=blank(name), pausable=self.pausable).feed(records)
        for table in PROJECTIONS:
            self._sql.execute(delete(table).where(table.c.case_id == name))
        if self._sql.execute(update(head).where(head.c.case_id == name).values(fold.head)).rowcount != 1:
            self._sql.execute(insert(head), {**fold.head, **self._not_folded(name)})
        self._project(fold)
        self._rebuild_jobs(name, fold.lasting_jobs())

    def _rebuild_jobs(self, name: str, wanted: list[Row]) -> None:
        keys = {(row["kind"], row["key"]) for row in wanted}
        of_case = (job.c.case_id == name, job.c.kind.in_(FOLDED_JOBS))
        for row in self._sql.execute(select(job.c.id, job.c.kind, job.c.key, job.c.state).where(*of_case)).all():
            if (row.kind, row.key) not in keys or row.state in (FINISHED, CANCELLED):
                self._sql.execute(delete(job).where(job.c.id == row.id))
        self._many(self._s.missing_jobs, wanted)
        # Tries, leases and the next try stay as they are; what is waited for is as the history says.
        told = ("element", "type", "task", "seq", "due_us", "payload")
        this = (job.c.kind == bindparam("b_kind"), job.c.key == bindparam("b_key"))
        again = update(job).where(job.c.case_id == name, *this).values({c: bindparam(c) for c in told})
        self._many(again, [{"b_kind": r["kind"], "b_key": r["key"], **{c: r[c] for c in told}} for r in wanted])

    def _spread(self, sender: str, pack: str, key: str, sent: h.SignalSent) -> None:
        """Order the signal for every wait there is for it now in other cases of the pack: one statement, however many.

        Each order is done later, by whoever writes that case: here none of them is touched. It does not say who sent it.
        """
        said = {"signal": sent.signal, "hops": sent.hops + 1, "payload": dict(sent.payload or {})}
        self._sql.execute(
            _SPREAD,
            {
                "b_key": f"{key}/", "b_said": encode(said).decode(), "b_due": h.micros(sent.at), "b_signal": sent.signal,
                "b_pack": encode(pack).decode(), "b_sender": sender, "b_most": MAX_ATTEMPTS,
            },
        )  # fmt: skip

    def _not_folded(self, name: str) -> Row:
        # A head that was lost: what it knew besides its history is found elsewhere.
        drafted = self._sql.execute(select(draft.c.case_id).where(draft.c.case_id == name).limit(1)).first()
        sealed = self._sql.execute(select(func.max(leaf.c.seq)).where(leaf.c.case_id == name)).scalar()
        return {"drafted": drafted is not None, "ledger_seq": sealed or 0, "state": None}

    @property
    def _s(self) -> _Statements:
        return _STATEMENTS[self._sql.dialect.name]

    def _project(self, fold: Fold) -> None:
        for still in fold.stills:
            self._stand(fold.case, still)
        tasks = [
            *fold.tasks.values(),
            *({**_STUB, "case_id": fold.case, "name": n, **end} for n, end in fold.ended.items()),
        ]
        self._many(self._s.tasks, tasks)
        self._touch(fold.touched)
        self._offer(fold)
        self._many(_MOVE_TIMERS, fold.moved)
        self._many(self._s.replacing[deadline], list(fold.deadlines.values()))
        self._many(_MEET_DEADLINES, fold.deadlines_met)
        self._many(_MOVE_DEADLINES, fold.deadlines_moved)
        self._many(_DROP_DEADLINES, fold.deadlines_dropped)
        self._many(self._s.replacing[incident], list(fold.incidents.values()))
        self._many(_RESOLVE, fold.resolved)
        self._many(_PASSAGES, fold.passages)
        self._many(self._s.ignoring[barred], [{"person": p, "case_id": fold.case} for p in fold.barred])
        self._many(self._s.ignoring[participant], [{"who": w, "case_id": fold.case} for w in sorted(fold.participants)])
        if fold.opened:
            self._many(self._s.ignoring[gram], [{"gram": g, "case_id": fold.case} for g in grams(fold.head["title"])])

    def _stand(self, case_: str, still: Still) -> None:
        if still.limits:
            facts = {"b_case": case_, "b_since": still.since_us, "b_limits": sorted(still.limits), "b_over": sorted(still.over)}
            self._sql.execute(_STAND_TASKS, facts)
            self._sql.execute(_STAND_DEADLINES, facts)

    def _many(self, statement: Any, rows: list[Row]) -> None:
        # One row goes alone: on PostgreSQL the way for many costs twice the CPU of one.
        if rows:
            self._sql.execute(statement, rows if len(rows) > 1 else rows[0])

    def _touch(self, rows: list[Row]) -> None:
        # Rows with the same columns go together; a claim, a hand-over or a moved due date comes alone anyway.
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            alike.setdefault(tuple(c for c in row if not c.startswith("b_")), []).append(row)
        for columns, group in alike.items():
            self._many(_named(task, *columns), group)

    def _offer(self, fold: Fold) -> None:
        new = {number: keys for number, keys in fold.offers.items() if number not in self._offers | self._new_offers}
        of = {"pack": fold.head["pack"], "flow": fold.head["flow"]}
        rows = [{"who": who, "offer": n, **of} for n, keys in new.items() for who in (EVERYBODY, *keys)]
        self._many(self._s.ignoring[offer], rows)
        self._new_offers |= set(new)


def _row_of(before: Head) -> Row:
    return {
        "case_id": before.case, "pack": before.pack, "release": before.release, "process": before.process,
        "flow": before.flow, "channel": before.channel, "parent": before.parent, "opened_by": before.opened_by,
        "opened_us": h.micros(before.opened_at), "changed_us": h.micros(before.changed_at),
        "closed_us": h.micros(before.closed_at) if before.closed_at else None, "status": before.status,
        "number": before.number, "title": before.title, "sealed": before.sealed, "barred": listed(before.barred),
        "still_us": h.micros(before.still) if before.still else None, "seq": before.seq, "hash": before.hash,
    }  # fmt: skip


def _facts(row: Row) -> dict[str, Any]:
    return {
        "case": row["case_id"], "opened_at": h.instant(row["opened_us"]), "changed_at": h.instant(row["changed_us"]),
        "closed_at": h.instant(row["closed_us"]) if row["closed_us"] is not None else None,
        "still": h.instant(row["still_us"]) if row["still_us"] is not None else None,
        "barred": tuple(json.loads(row["barred"])),
        **{k: row[k] for k in (
            "pack", "release", "process", "flow", "channel", "parent", "opened_by", "status", "number", "title",
            "sealed", "seq", "hash",
        )},
    }  # fmt: skip


def _event_row(record: h.Record) -> Row:
    said = record.event
    actor, behalf = (said.actor, said.on_behalf_of) if isinstance(said, h.Input) else (None, None)
    return {
        "case_id": record.case, "seq": record.seq, "kind": said.kind, "at_us": h.micros(said.at), "actor": actor,
        "on_behalf_of": behalf, "sealed": h.canonical(record.sealed).decode(), "previous": record.previous,
        "hash": record.hash,
    }  # fmt: skip

"""Whether what was derived from a history is still what the history gives: a rebuild that leaves no trace.

The rows of the case are read, made anew from the events inside a savepoint, read again, and the
savepoint is rolled back. So the check uses the very fold that rebuilding uses, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, select

from engine.store.tables import CANCELLED, FINISHED, FOLDED_JOBS, PROJECTIONS, event, head, job, offer, passage, task
from engine.store.writing import CaseWriting

#: Columns that are no projection: caches, marks of other rooms, and what a worker noted.
_OWN = {
    head.name: {"state", "drafted", "ledger_seq"},
    job.name: {"id", "state", "next_us", "attempts", "owner", "fence", "lease_us", "error", "max_attempts"},
    passage.name: {"id"},
}
#: Columns by which a row is called in the sentence that tells of a difference.
_NAMES = ("kind", "name", "key", "person", "who", "gram", "offer", "turn")

Rows = Mapping[str, Mapping[str, Any]]


class Comparing(CaseWriting):
    """Comparing what is kept with what the events give."""

    def every_history(self) -> list[str]:
        """The ids of all cases that have events or a head, in order of their ids."""
        found = {*self._sql.scalars(select(event.c.case_id).distinct()), *self._sql.scalars(select(head.c.case_id))}
        return sorted(found, key=lambda case: (len(case), case))

    def stray(self, case_: str) -> str | None:
        """The first place where something derived from the history of a case differs from it; None where nothing does.

        Raises:
            CaseNotFound: there are no events.
        """
        # Nobody writes to the case meanwhile: on several nodes it would seem to differ from what was read a moment before.
        self._sql.execute(select(head.c.case_id).where(head.c.case_id == case_).with_for_update())
        known, new = set(self._offers), set(self._new_offers)
        # What was said once need not be in the table any more.
        self._offers.clear()
        self._new_offers.clear()
        kept = dict(self._derived(case_))
        savepoint = self._sql.begin_nested()
        try:
            # Offers are shared by cases, so a rebuild of one leaves them; here those of this case are made anew.
            self._sql.execute(delete(offer).where(offer.c.offer.in_(_offers_of(case_))))
            self._rebuild(case_)
            given = dict(self._derived(case_))
        finally:
            savepoint.rollback()
            self._offers |= known
            self._new_offers.clear()
            self._new_offers |= new
        return next(_differences(kept, given), None)

    def _derived(self, case_: str) -> Iterator[tuple[str, Rows]]:
        tables: tuple[Table, ...] = (head, *PROJECTIONS, job)
        for table in dict.fromkeys(tables):
            wanted: list[ColumnElement[bool]] = [table.c.case_id == case_]
            if table is job:
                # What is over and done with may be swept away; other kinds are orders of their own.
                wanted += [job.c.state.not_in((FINISHED, CANCELLED)), job.c.kind.in_(FOLDED_JOBS)]
            yield table.name, self._rows(table, wanted)
        yield offer.name, self._rows(offer, [offer.c.offer.in_(_offers_of(case_))])

    def _rows(self, table: Table, wanted: list[ColumnElement[bool]]) -> Rows:
        own = _OWN.get(table.name, set())
        rows = {}
        for row in self._sql.execute(select(table).where(*wanted)).mappings():
            told = {column: value for column, value in row.items() if column not in own}
            called = " ".join(str(told[n]) for n in _NAMES if n in told)
            rows[called] = told
        return rows


def _offers_of(case_: str) -> Select[Any]:
    return select(task.c.offer).where(task.c.case_id == case_)


def _differences(kept: Mapping[str, Rows], given: Mapping[str, Rows]) -> Iterator[str]:
    for table, rows in given.items():
        found = kept[table]
        for called in sorted({*rows, *found}):
            if called not in found:
                yield f"{table} {called}: missing"
            elif called not in rows:
                yield f"{table} {called}: not in the history"
            else:
                for column, value in rows[called].items():
                    if found[called][column] != value:
                        yield f"{table} {called} {column}: is {found[called][column]!r}, the history gives {value!r}"

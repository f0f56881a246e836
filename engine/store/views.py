"""What somebody arranges for their own eyes: cases they watch, questions they keep; and where they look just now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.store.bound import Bound
from engine.store.tables import kept_filter, presence, watch


class ViewReading(Bound):
    """Reading them."""

    def watched(self, person: str) -> list[str]:
        """The cases somebody watches, in order of their ids; whether they may still see them is another question."""
        return list(
            self._sql.scalars(select(watch.c.case_id).where(watch.c.person == person).order_by(watch.c.case_id))
        )

    def filters(self, person: str) -> dict[str, str]:
        """Name -> query of the questions somebody keeps, by name."""
        kept = select(kept_filter.c.name, kept_filter.c.query).where(kept_filter.c.person == person)
        return {row.name: row.query for row in self._sql.execute(kept.order_by(kept_filter.c.name))}

    def present(self, case: str, *, since: datetime) -> dict[str, datetime]:
        """Who has said since then that they look at a case: name -> when they said so last, by name."""
        there = select(presence.c.person, presence.c.at_us).where(
            presence.c.case_id == case, presence.c.at_us >= micros(since)
        )
        return {row.person: instant(row.at_us) for row in self._sql.execute(there.order_by(presence.c.person))}


class ViewWriting(ViewReading):
    """Changing them."""

    def watch(self, person: str, case: str) -> None:
        """Let somebody watch a case; again, it changes nothing."""
        self._sql.execute(self._insert(watch).on_conflict_do_nothing(), {"person": person, "case_id": case})

    def unwatch(self, person: str, case: str) -> None:
        """Let somebody watch a case no more."""
        self._sql.execute(delete(watch).where(watch.c.person == person, watch.c.case_id == case.replace("\0", "")))

    def keep_filter(self, person: str, name: str, query: str) -> None:
        """Keep a question under a name, in place of an earlier one."""
        rows = self._insert(kept_filter)
        again = rows.on_conflict_do_update(index_elements=["person", "name"], set_={"query": rows.excluded.query})
        self._sql.execute(again, {"person": person, "name": name, "query": query})

    def drop_filter(self, person: str, name: str) -> None:
        """Keep a question no longer."""
        self._sql.execute(
            delete(kept_filter).where(kept_filter.c.person == person, kept_filter.c.name == name.replace("\0", ""))
        )

    def note_present(self, case: str, person: str, *, at: datetime, gone: datetime) -> None:
        """Put down that somebody looks at a case; whoever said so before `gone` is forgotten, everywhere."""
        self._sql.execute(delete(presence).where(presence.c.at_us < micros(gone)))
        rows = self._insert(presence)
        again = rows.on_conflict_do_update(index_elements=["case_id", "person"], set_={"at_us": rows.excluded.at_us})
        self._sql.execute(again, {"case_id": case, "person": person, "at_us": micros(at)})

    def _insert(self, table: Any) -> Any:
        return (sqlite if self._sqlite else postgresql).insert(table)

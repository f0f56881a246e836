"""The nodes that run, as each of them said last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.store.bound import Bound
from engine.store.tables import event, node


@dataclass(frozen=True, kw_only=True)
class Node:
    """One process that serves."""

    name: str
    version: str
    started: datetime
    seen: datetime


_LATEST = select(
    func.max(union_all(select(func.max(event.c.at_us).label("us")), select(func.max(node.c.seen_us))).subquery().c.us)
)


class NodeReading(Bound):
    """Reading the nodes."""

    def nodes(self) -> list[Node]:
        """All nodes by name."""
        return [
            Node(name=row.name, version=row.version, started=instant(row.started_us), seen=instant(row.seen_us))
            for row in self._sql.execute(select(node).order_by(node.c.name))
        ]

    def latest_moment(self) -> datetime | None:
        """The latest moment anything was written down or a node was seen; None in an empty database. Reads every event."""
        found = self._sql.execute(_LATEST).scalar()
        return None if found is None else instant(found)


class NodeWriting(NodeReading):
    """Writing down the nodes."""

    def note_node(self, name: str, *, version: str, at: datetime) -> None:
        """Say that a node runs; the first time it is said, it started."""
        rows: Any = (sqlite if self._sqlite else postgresql).insert(node)
        seen = rows.on_conflict_do_update(
            index_elements=["name"], set_={"seen_us": rows.excluded.seen_us, "version": rows.excluded.version}
        )
        self._sql.execute(seen, {"name": name, "version": version, "started_us": micros(at), "seen_us": micros(at)})

    def drop_node(self, name: str) -> None:
        """Say that a node has stopped."""
        self._sql.execute(delete(node).where(node.c.name == name))

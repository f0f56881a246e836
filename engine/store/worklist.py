"""Open tasks for somebody, by due date, page by page: as fast at a million open tasks as at a hundred.

A task is offered to a *set of candidates*; there are few sets and many tasks. A list asks each set
that concerns the reader for its next few rows, which an index gives in order, and merges them.
Nothing is sorted, nothing skipped, however many tasks there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, tuple_, union_all

from engine.authority import Actor
from engine.store.bound import Bound
from engine.store.cases import TASK_COLUMNS, task_of
from engine.store.cursor import mark, marked
from engine.store.projection import EVERYBODY
from engine.store.rows import Page, TaskRow
from engine.store.search import MOST_ROWS, matching, visible
from engine.store.tables import IS_OPEN, head, offer, task

#: With more sets of candidates than this a reader's list is sorted instead of merged.
MOST_SETS = 150

Scope = Literal["mine", "group", "overdue", "all"]


@dataclass(frozen=True, kw_only=True)
class WorklistQuery:
    """Which open tasks are asked for."""

    #: mine: in my hands. group: offered to me or my roles, in nobody's hands. overdue: of both, past due.
    #: all: in my hands or offered to me or my roles, whoever holds them.
    #: For administrators, overdue and all mean everybody's.
    scope: Scope = "mine"
    #: Only what is offered to these of my roles ("pack/role"); None: to any of them.
    groups: tuple[str, ...] | None = None
    #: Only what this person has in hand, of what is offered to my roles.
    person: str | None = None
    pack: str | None = None
    flow: str | None = None
    #: Begin of the case id or number, or a piece of the case's title.
    q: str | None = None
    sort: Literal["due", "opened"] = "due"
    cursor: str | None = None
    limit: int = 25


class WorklistReading(Bound):
    """Open tasks for somebody."""

    def worklist(self, query: WorklistQuery, actor: Actor) -> Page[TaskRow]:
        """A page of the open tasks that concern the actor.

        Raises:
            CursorUnusable.
        """
        limit = min(max(query.limit, 1), MOST_ROWS)
        wanted = self._wanted(query, actor)
        if query.cursor is not None:
            wanted.append(
                tuple_(*_order(task, query)) > tuple_(*map(literal, marked(query.cursor, query.sort, int, str, str)))
            )
        branches = [self._branch(where, wanted, query, limit + 1) for where in self._sources(query, actor)]
        if not branches:
            return Page(rows=())
        keys = _merged(branches, query, limit + 1)
        full = (
            select(*TASK_COLUMNS)
            .join(keys, (keys.c.case_id == task.c.case_id) & (keys.c.name == task.c.name))
            .join(head, head.c.case_id == task.c.case_id)
            .order_by(*_order(task, query))
        )
        rows = self._sql.execute(full).all()
        more = None
        if len(rows) > limit:
            last = rows[limit - 1]
            more = mark(query.sort, last.due_us if query.sort == "due" else last.opened_us, last.case_id, last.name)
        return Page(rows=tuple(task_of(row) for row in rows[:limit]), next=more)

    def count_tasks(self, query: WorklistQuery, actor: Actor, *, most: int = 1000) -> int:
        """How many open tasks the query finds, counted up to `most`."""
        wanted = self._wanted(query, actor)
        branches = [self._branch(where, wanted, query, most) for where in self._sources(query, actor)]
        if not branches:
            return 0
        merged = _merged(branches, query, most)
        return self._sql.execute(select(func.count()).select_from(merged)).scalar_one()

    def _wanted(self, query: WorklistQuery, actor: Actor) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = [IS_OPEN]
        if query.scope == "overdue":
            wanted.append(task.c.due_us < self._now())
        if query.pack is not None:
            wanted.append(task.c.pack == query.pack.replace("\0", ""))
        if query.flow is not None:
            wanted.append(task.c.flow == query.flow.replace("\0", ""))
        if query.q and query.q.strip():
            wanted.append(task.c.case_id.in_(select(head.c.case_id).where(matching(query.q))))
        return [*wanted, *visible(task.c.case_id, task.c.sealed, actor)]

    def _sources(self, query: WorklistQuery, actor: Actor) -> list[list[ColumnElement[bool]]]:
        """Where open tasks for this query are found: each source is one range of an index."""
        if query.person is not None:
            mine_to_see = [] if actor.is_admin() else [task.c.offer.in_(self._sets(query, actor))]
            return [[task.c.holder == query.person, *mine_to_see]]
        if self._everything(query, actor):
            # Indexes serve everything and one pack. A flow may be a rare one among many tasks: ask its sets.
            return [[]] if query.flow is None else _offered(self._sets(query, actor), (0, 1))
        mine = [[task.c.holder == person] for person in actor.persons]
        if query.scope == "mine":
            return mine
        offered = _offered(self._sets(query, actor), (0, 1) if query.scope == "all" else (0,))
        return offered if query.scope == "group" else [*mine, *offered]

    def _everything(self, query: WorklistQuery, actor: Actor) -> bool:
        return query.scope in ("all", "overdue") and query.groups is None and actor.is_admin()

    def _sets(self, query: WorklistQuery, actor: Actor) -> Sequence[int]:
        roles = actor.all_memberships if query.groups is None else actor.all_memberships & set(query.groups)
        keys = sorted(roles) + ([f"@{p}" for p in actor.persons] if query.groups is None else [])
        if self._everything(query, actor):
            keys = [EVERYBODY]
        found = select(offer.c.offer).distinct().where(offer.c.who.in_(keys))
        if query.pack is not None:
            found = found.where(offer.c.pack == query.pack)
        if query.flow is not None:
            found = found.where(offer.c.flow == query.flow)
        live = exists().where(task.c.offer == offer.c.offer, IS_OPEN, task.c.held.in_((0, 1)))
        return self._sql.scalars(found.where(live)).all()

    def _branch(
        self, where: list[ColumnElement[bool]], wanted: list[ColumnElement[bool]], query: WorklistQuery, limit: int
    ) -> Select[Any]:
        columns = (task.c[f"{query.sort}_us"].label("at"), task.c.case_id, task.c.name)
        ordered = select(*columns).where(*where, *wanted).order_by(*_order(task, query)).limit(limit).subquery()
        return select(ordered)


def _offered(sets: Sequence[int], held: tuple[int, ...]) -> list[list[ColumnElement[bool]]]:
    if len(sets) > MOST_SETS:
        return [[task.c.offer.in_(sets), task.c.held == h] for h in held]
    return [[task.c.offer == number, task.c.held == h] for number in sets for h in held]


def _order(table: Any, query: WorklistQuery) -> tuple[Any, ...]:
    return (table.c[f"{query.sort}_us"], table.c.case_id, table.c.name)


def _merged(branches: list[Select[Any]], query: WorklistQuery, limit: int) -> Any:
    # A task in my hands may also be offered to me: UNION ALL would show it twice.
    rows = union_all(*branches).subquery() if len(branches) > 1 else branches[0].subquery()
    once = select(rows.c.at, rows.c.case_id, rows.c.name).distinct() if len(branches) > 1 else select(rows)
    return once.order_by(rows.c.at, rows.c.case_id, rows.c.name).limit(limit).subquery()

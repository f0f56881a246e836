"""Open tasks for somebody, by due date, page by page: as fast at a million open tasks as at a hundred.

A task is offered to a *set of candidates*; there are few sets and many tasks. A list asks each set
that concerns the reader for its next few rows, which an index gives in order, and merges them.
Nothing is sorted, nothing skipped, however many tasks there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, true, tuple_, union_all

from engine.authority import Actor
from engine.store.cases import TASK_COLUMNS, task_of
from engine.store.cursor import mark, marked
from engine.store.overdue import is_past
from engine.store.projection import EVERYBODY
from engine.store.rows import Page, TaskRow
from engine.store.search import MOST_ROWS, SearchReading, matching
from engine.store.sight import visible
from engine.store.tables import IS_OPEN, head, offer, task, watch

#: The columns a list is found by.
_NEEDED = ("case_id", "name", "offer", "held", "holder", "due_us", "still_us", "opened_us", "pack", "flow", "sealed")

Scope = Literal["mine", "group", "overdue", "all", "watching"]


@dataclass(frozen=True, kw_only=True)
class WorklistQuery:
    """Which open tasks are asked for, and by whom."""

    #: mine: in my hands. group: offered to me or my roles, in nobody's hands. overdue: of both, past due.
    #: all: in my hands or offered to me or my roles, whoever holds them. watching: in the cases I watch, whoever may do them.
    scope: Scope = "mine"
    #: Who asks.
    person: str = ""
    #: Absent persons for whom they stand in.
    behalf: tuple[str, ...] = ()
    #: What they may stand for: "pack/role", "*/role".
    groups: tuple[str, ...] = ()
    #: For administrators: with the scopes overdue and all, everybody's. Sealed and barred cases stay out.
    everything: bool = False
    #: Only what this person has in hand, of what is offered to the asker.
    holder: str | None = None
    pack: str | None = None
    flow: str | None = None
    #: Begin of the case id or number, or a piece of the case's title.
    q: str | None = None
    sort: Literal["due", "opened"] = "due"
    cursor: str | None = None
    limit: int = 25

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody the question is asked for."""
        return (self.person, *self.behalf)

    def by(self, actor: Actor | None) -> WorklistQuery:
        """The same question, asked by the actor; without one, by whom it was."""
        if actor is None:
            return self
        name, *behalf = actor.persons
        groups = tuple(sorted(actor.all_memberships))
        return replace(self, person=name, behalf=tuple(behalf), groups=groups, everything=actor.is_admin())


class WorklistReading(SearchReading):
    """Open tasks for somebody."""

    def worklist(self, query: WorklistQuery, actor: Actor | None = None) -> Page[TaskRow]:
        """A page of the open tasks that concern the asker: the actor, where one is given.

        Raises:
            CursorUnusable.
        """
        query = query.by(actor)
        limit = min(max(query.limit, 1), MOST_ROWS)
        after = marked(query.cursor, query.sort, int, str, str) if query.cursor is not None else None
        keys = self._found(query, after, limit + 1)
        if keys is None:
            return Page(rows=())
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

    def count_tasks(self, query: WorklistQuery, actor: Actor | None = None, *, most: int = 100) -> int:
        """How many open tasks the query finds, counted up to `most`."""
        query = query.by(actor)
        keys = self._found(query, None, most)
        return 0 if keys is None else self._sql.execute(select(func.count()).select_from(keys)).scalar_one()

    def _found(self, query: WorklistQuery, after: tuple[Any, ...] | None, limit: int) -> Any:
        """The keys of the first rows, as a subquery; None when nothing can be found."""
        tasks: Any = task
        wanted: list[ColumnElement[bool]] = []
        watched = (
            self._sql.scalars(select(watch.c.case_id).where(watch.c.person == query.person)).all()
            if query.scope == "watching"
            else None
        )
        if watched is not None:
            tasks = _tasks_of(watched)
        if query.q and query.q.strip(" \0"):
            cases = self._cases_called(query.q)
            if cases is not None:
                tasks = _tasks_of(cases if watched is None else sorted({*cases} & {*watched}))
            else:
                wanted.append(exists().where(head.c.case_id == tasks.c.case_id, matching(query.q)))
        wanted += [*self._wanted(tasks, query)]
        if after is not None:
            wanted.append(tuple_(*_order(tasks, query)) > tuple_(*map(literal, after)))
        sources = self._sources(tasks, query)
        if tasks is not task and sources:
            sources = [[or_(*(and_(true(), *source) for source in sources))]]
        if not sources:
            return None
        return _merged([_branch(tasks, [*source, *wanted], query, limit) for source in sources], limit)

    def _wanted(self, tasks: Any, query: WorklistQuery) -> Iterator[ColumnElement[bool]]:
        yield IS_OPEN if tasks is task else true()
        if query.scope == "overdue":
            yield is_past(tasks, self._now())
        if query.pack is not None:
            yield tasks.c.pack == query.pack.replace("\0", "")
        if query.flow is not None:
            yield tasks.c.flow == query.flow.replace("\0", "")
        yield from visible(tasks.c.case_id, tasks.c.sealed, query.persons, query.groups)

    def _sources(self, tasks: Any, query: WorklistQuery) -> list[list[ColumnElement[bool]]]:
        """Where open tasks for this query are found: each source is one range of an index."""
        if query.holder is not None:
            to_see = [] if query.everything else [tasks.c.offer.in_(self._sets(query))]
            return [[tasks.c.holder == query.holder, *to_see]]
        if query.scope == "watching":
            return [[]]
        if _everything(query):
            # Indexes serve everything and one pack. A flow may be a rare one among many tasks: ask its sets.
            return [[]] if query.flow is None else self._offered(tasks, query, (0, 1))
        mine = [[tasks.c.holder == person] for person in query.persons]
        if query.scope == "mine":
            return mine
        offered = self._offered(tasks, query, (0, 1) if query.scope == "all" else (0,))
        return offered if query.scope == "group" else [*mine, *offered]

    def _offered(self, tasks: Any, query: WorklistQuery, held: tuple[int, ...]) -> list[list[ColumnElement[bool]]]:
        sets = self._sets(query)
        if len(sets) > self._few.sets:
            return [[tasks.c.offer.in_(sets), tasks.c.held == h] for h in held]
        return [[tasks.c.offer == number, tasks.c.held == h] for number in sets for h in held]

    def _sets(self, query: WorklistQuery) -> Sequence[int]:
        keys = [EVERYBODY] if _everything(query) else [*query.groups, *(f"@{p}" for p in query.persons)]
        found = select(offer.c.offer).distinct().where(offer.c.who.in_(keys))
        if query.pack is not None:
            found = found.where(offer.c.pack == query.pack.replace("\0", ""))
        if query.flow is not None:
            found = found.where(offer.c.flow == query.flow.replace("\0", ""))
        live = exists().where(task.c.offer == offer.c.offer, IS_OPEN, task.c.held.in_((0, 1)))
        return self._sql.scalars(found.where(live)).all()


def _everything(query: WorklistQuery) -> bool:
    return query.everything and query.scope in ("all", "overdue")


def _tasks_of(cases: Sequence[str]) -> Any:
    # The limit keeps both databases from looking at these few tasks in the order of a long index.
    few = select(*(c for c in task.c if c.name in _NEEDED)).where(task.c.case_id.in_(cases), IS_OPEN)
    return few.limit(2**31 - 1).subquery()


def _branch(tasks: Any, where: list[ColumnElement[bool]], query: WorklistQuery, limit: int) -> Select[Any]:
    columns = (tasks.c[f"{query.sort}_us"].label("at"), tasks.c.case_id, tasks.c.name)
    return select(select(*columns).where(*where).order_by(*_order(tasks, query)).limit(limit).subquery())


def _order(tasks: Any, query: WorklistQuery) -> tuple[Any, ...]:
    return (tasks.c[f"{query.sort}_us"], tasks.c.case_id, tasks.c.name)


def _merged(branches: list[Select[Any]], limit: int) -> Any:
    if len(branches) == 1:
        return branches[0].subquery()
    # A task in my hands may also be offered to me: it is shown once.
    rows = union_all(*branches).subquery()
    once = select(rows.c.at, rows.c.case_id, rows.c.name).distinct()
    return once.order_by(rows.c.at, rows.c.case_id, rows.c.name).limit(limit).subquery()

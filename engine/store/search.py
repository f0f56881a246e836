"""Finding cases: by id, number or a piece of the title, filtered, page by page, only what the askers may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    TextClause,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from engine.authority import Actor
from engine.history import micros
from engine.store.bound import Bound
from engine.store.cases import HEAD_COLUMNS, head_of
from engine.store.cursor import mark, marked
from engine.store.overdue import is_late, is_past
from engine.store.passages import MOST_WORDS, Phrase, phrases_of
from engine.store.projection import folded, pairs
from engine.store.rows import Head, Page
from engine.store.sight import visible
from engine.store.tables import IS_OPEN, WITHDRAWN, deadline, gram, head, passage, task

#: More rows than this on one page are not given.
MOST_ROWS = 200
#: The passages that say something, on SQLite: found by the index of words, in its order.
_SAYING = "FROM passage_words CROSS JOIN passage ON passage.id = passage_words.rowid WHERE passage_words MATCH :words"
#: Of a search word only so many characters count.
MOST_Q = 100
#: The last character a name can begin with: the end of a prefix range.
_LAST = "\U0010ffff"


@dataclass(frozen=True, kw_only=True)
class CaseQuery:
    """Which cases are asked for, and by whom."""

    #: Who looks, and for whom they stand in: what one of them is barred from is shown to none.
    persons: tuple[str, ...] = ()
    #: What they may stand for: "pack/role", "*/role"; opens sealed cases in which the role takes part.
    groups: tuple[str, ...] = ()
    #: Sealed cases are found like others: for checking all histories, never for a list that a person sees.
    unsealed: bool = False
    #: Only these packs; None: all.
    packs: tuple[str, ...] | None = None
    pack: str | None = None
    flow: str | None = None
    status: str | None = None
    channel: str | None = None
    release: str | None = None
    parent: str | None = None
    #: In which this person did a task or has one in hand.
    doer: str | None = None
    #: True: still going on; False: closed; None: both.
    open: bool | None = None
    #: True: only open ones in which something is past due.
    late: bool = False
    #: Closed at this moment or later.
    closed_since: datetime | None = None
    #: Closed before this moment.
    closed_until: datetime | None = None
    #: Opened in this span: from inclusive, until exclusive.
    since: datetime | None = None
    until: datetime | None = None
    #: Begin of the case id or number, or a piece of the title.
    q: str | None = None
    #: Words that were said in it, each of them somewhere: answers, remarks, reasons, names of files.
    words: str | None = None
    #: Facts that are in its history, as `passages` marks them.
    marks: tuple[str, ...] = ()
    #: A limit that was not kept, or is past due now.
    broken: str | None = None
    #: The latest opened come first; True: the earliest.
    oldest_first: bool = False
    cursor: str | None = None
    limit: int = 25

    def by(self, actor: Actor | None) -> CaseQuery:
        """The same question, asked by the actor; without one, by whom it was."""
        if actor is None:
            return self
        return replace(self, persons=actor.persons, groups=tuple(sorted(actor.all_memberships)))


class SearchReading(Bound):
    """Finding cases."""

    def _called(self, q: str) -> ColumnElement[bool]:
        """The condition for cases whose id or number begins with the words, or whose title holds them."""
        cases = self._cases_called(q)
        return matching(q) if cases is None else head.c.case_id.in_(cases)

    def _cases_called(self, q: str) -> Sequence[str] | None:
        """These cases, found by indexes; None when they are too many to be looked at one by one."""
        called, words = _said(q)
        ranges = [(column, word) for word in {called, called.upper()} for column in (head.c.case_id, head.c.number)]
        by_id = [select(head.c.case_id).where(_begins(column, word)).limit(self._few.cases + 1) for column, word in ranges]
        found = [select(part.subquery()) for part in (*by_id, _titled(words).limit(self._few.cases + 1))]
        cases = set(self._sql.scalars(union_all(*found)))
        return sorted(cases) if len(cases) <= self._few.cases else None

    def cases(self, query: CaseQuery, actor: Actor | None = None) -> Page[Head]:
        """A page of heads that the askers (the actor, where one is given) may see, without keys and snapshots.

        Raises:
            CursorUnusable.
        """
        query = query.by(actor)
        order = "opened" if query.oldest_first else "-opened"
        key = tuple_(head.c.opened_us, head.c.case_id)
        found = select(*HEAD_COLUMNS).where(*self._asked(query))
        if query.cursor is not None:
            last = marked(query.cursor, order, int, str)
            found = found.where(key > last if query.oldest_first else key < last)
        by = (head.c.opened_us, head.c.case_id)
        found = found.order_by(*(by if query.oldest_first else [c.desc() for c in by]))
        limit = min(max(query.limit, 1), MOST_ROWS)
        rows = self._sql.execute(found.limit(limit + 1)).all()
        more = mark(order, rows[limit - 1].opened_us, rows[limit - 1].case_id) if len(rows) > limit else None
        return Page(rows=tuple(head_of(row) for row in rows[:limit]), next=more)

    def count_cases(self, query: CaseQuery, actor: Actor | None = None, *, most: int = 10_000) -> int:
        """How many cases of the query the askers may see, counted up to `most`."""
        query = query.by(actor)
        found = select(head.c.case_id).where(*self._asked(query, all_of_them=True)).limit(most).subquery()
        return self._sql.execute(select(func.count()).select_from(found)).scalar_one()

    def _asked(self, query: CaseQuery, *, all_of_them: bool = False) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        for name in ("pack", "flow", "status", "channel", "release", "parent"):
            value = getattr(query, name)
            if value is not None:
                wanted.append(head.c[name] == value.replace("\0", ""))
        if query.packs is not None:
            wanted.append(head.c.pack.in_(query.packs))
        if query.open is not None:
            wanted.append(head.c.closed_us.is_(None) if query.open else head.c.closed_us.is_not(None))
        if query.late:
            wanted += [head.c.closed_us.is_(None), is_late(self._now())]
        if query.closed_since is not None:
            wanted.append(head.c.closed_us >= micros(query.closed_since))
        if query.closed_until is not None:
            wanted.append(head.c.closed_us < micros(query.closed_until))
        if query.since is not None:
            wanted.append(head.c.opened_us >= micros(query.since))
        if query.until is not None:
            wanted.append(head.c.opened_us < micros(query.until))
        if query.q and query.q.strip(" \0"):
            wanted.append(self._called(query.q))
        wanted += self._saying(query, all_of_them=all_of_them)
        if query.broken is not None:
            wanted.append(head.c.case_id.in_(self._breaking(query.broken.replace("\0", ""))))
        if query.doer is not None:
            did = select(task.c.case_id).where(task.c.done_by == query.doer)
            has = select(task.c.case_id).where(task.c.holder == query.doer, IS_OPEN)
            wanted.append(head.c.case_id.in_(did.union(has)))
        return [*wanted, *visible(head.c.case_id, head.c.sealed, query.persons, query.groups, unsealed=query.unsealed)]

    def _saying(self, query: CaseQuery, *, all_of_them: bool) -> Iterator[ColumnElement[bool]]:
        """The conditions for cases that say each of the words, and each of the facts.

        Args:
            all_of_them: whether every case is looked at, as for counting, and not only until a page is full.
        """
        phrases = phrases_of((query.words or "").replace("\0", ""))[:MOST_WORDS]
        common = []
        for phrase in [*phrases, *(Phrase(pieces=(fact,), open=False) for fact in query.marks)]:
            found = self._sql.scalars(self._some(phrase)).all()
            if len(found) <= self._few.cases:
                yield head.c.case_id.in_(found)
            else:
                common.append(phrase)
        # What very many cases say is met soon enough on the way; two such things might never meet.
        on_the_way = len(common) == 1 and not all_of_them and self._is_everywhere(common[0])
        yield from (self._met(phrase, on_the_way=on_the_way) for phrase in common)

    def _some(self, phrase: Phrase) -> Select[Any] | TextClause:
        """The cases that say it; one more than few, where there are more."""
        if self._sqlite:
            few = text(f"SELECT DISTINCT passage.case_id {_SAYING} LIMIT {self._few.cases + 1}")
            return few.bindparams(words=_matched(phrase))
        return select(passage.c.case_id).where(_vector_matches(phrase)).distinct().limit(self._few.cases + 1)

    def _is_everywhere(self, phrase: Phrase) -> bool:
        """Whether so many passages say it that a page is full before long. SQLite asks its index anew for each case at hand,
        which is dear, and dearer for the beginning of a word, unless it is a single character, for which there is an index;
        PostgreSQL looks at the passages of the case.
        """
        if not self._sqlite:
            return True
        if phrase.open and (len(phrase.pieces) > 1 or len(phrase.pieces[0]) > 1):
            return False
        many = text(
            f"SELECT count(*) FROM (SELECT 1 FROM passage_words WHERE passage_words MATCH :words LIMIT {self._few.passages})"
        )
        return bool(self._sql.execute(many.bindparams(words=_matched(phrase))).scalar() == self._few.passages)

    def _met(self, phrase: Phrase, *, on_the_way: bool) -> ColumnElement[bool]:
        """Whether the case at hand says it."""
        if not self._sqlite:
            said = select(passage.c.case_id).where(_vector_matches(phrase))
            here = exists().where(passage.c.case_id == head.c.case_id, _vector_matches(phrase))
            return here if on_the_way else head.c.case_id.in_(said)
        condition = (
            "EXISTS (SELECT 1 FROM passage CROSS JOIN passage_words ON passage_words.rowid = passage.id "
            "WHERE passage.case_id = case_head.case_id AND passage_words MATCH :words)"
            if on_the_way
            else f"case_head.case_id IN (SELECT passage.case_id {_SAYING})"
        )
        return text(condition).bindparams(bindparam("words", _matched(phrase), unique=True))  # type: ignore[return-value]

    def _breaking(self, limit: str) -> CompoundSelect[Any]:
        """The cases in which a limit was not kept, or is past due."""
        now = self._now()
        late = or_(deadline.c.late, and_(deadline.c.met_us.is_(None), is_past(deadline, now)))
        over = and_(task.c.state != WITHDRAWN, is_past(task, func.coalesce(task.c.closed_us, now)))
        return union_all(
            select(deadline.c.case_id).where(deadline.c.name == limit, late),
            select(task.c.case_id).where(task.c.limit_id == limit, over),
        )


def _matched(phrase: Phrase) -> str:
    """A phrase as SQLite asks its index of words."""
    return f'"{" ".join(phrase.pieces)}"{" *" if phrase.open else ""}'


def _vector_matches(phrase: Phrase) -> ColumnElement[bool]:
    """Whether the passage at hand says it, on PostgreSQL."""
    words = " <-> ".join(f"'{piece}'" for piece in phrase.pieces) + (":*" if phrase.open else "")
    matches: ColumnElement[bool] = passage.c.words.op("@@", is_comparison=True)(cast(literal(words), TSQUERY))
    return matches


def matching(q: str) -> ColumnElement[bool]:
    """Whether the id or number of a case at hand begins with the words, or its title holds them."""
    called, words = _said(q)
    ids = [_begins(column, word) for word in {called, called.upper()} for column in (head.c.case_id, head.c.number)]
    return or_(*ids, _holds(words))


def _said(q: str) -> tuple[str, str]:
    said = q.replace("\0", "")[:MOST_Q].strip()
    return said, folded(said) or ""


def _begins(column: Any, begin: str) -> ColumnElement[bool]:
    return and_(column >= begin, column < begin + _LAST)


def _titled(words: str) -> Select[Any]:
    found = select(gram.c.case_id).distinct()
    if len(words) < 2:
        return found.where(_begins(gram.c.gram, words))
    first, *rest = pairs(words)[:8]
    found = found.where(gram.c.gram == first)
    for pair in rest:
        found = found.where(gram.c.case_id.in_(select(gram.c.case_id).where(gram.c.gram == pair)))
    # The pairs only bound the search; the title itself decides, in the order of the characters.
    return select(head.c.case_id).where(head.c.case_id.in_(found), _holds(words))


def _holds(words: str) -> ColumnElement[bool]:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return head.c.title_folded.like(f"%{escaped}%", escape="\\")

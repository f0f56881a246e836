"""The lists of the house as tables: registers, cases, tasks, figures, reports. What a page hides from its reader is hidden here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from api.paper.tables import Cell, Table, cell
from api.paper.texts import moment, said
from api.problems import language
from api.wiring import Parts
from engine.authority import Actor
from engine.casebook import RegisterRow, TaskLine
from engine.errors import EngineError
from engine.policy import Label
from engine.store import CaseQuery, Head, Load, Standing, Took, WorklistQuery

#: Rows read at a time, so that a long list is never held whole.
_STRIDE = 50
#: Rows of a list that is printed at most.
MOST_PRINTED = 1_000
#: Where lists that belong to no case count their days.
ZONE = "Asia/Shanghai"


#: Whatever cases there are.
ANY = CaseQuery()


class TooManyLines(EngineError):
    """A list of more than {most} rows is not printed; take it as Excel or CSV, or ask for less."""

    zh = "超过 {most} 行的清单不打印；请改取 Excel 或 CSV，或缩小范围。"


def register(parts: Parts, pack: str, name: str, actor: Actor, of: CaseQuery = ANY) -> Table:
    """The whole of a register, row by row; or its lines of some cases."""
    first = parts.casebook.register(pack, name, actor, limit=_STRIDE, of=of)

    def rows() -> Iterator[tuple[Cell, ...]]:
        view = first
        while True:
            yield from (_entered(row) for row in view.rows)
            if view.next is None:
                return
            view = parts.casebook.register(pack, name, actor, cursor=view.next, limit=_STRIDE, of=of)

    lang = language()
    return Table(title=first.label.text(lang), heads=tuple(column.text(lang) for column in first.columns), rows=rows())


def _entered(row: RegisterRow) -> tuple[Cell, ...]:
    return tuple(
        cell(said(why)) if why else cell(text, value)
        for text, value, why in zip(row.texts, row.cells, row.hidden, strict=True)
    )


def cases(parts: Parts, query: CaseQuery, actor: Actor) -> Table:
    """The cases that a search finds."""
    lang = language()
    titles = {p.pack: p.title.text(lang) for p in parts.casebook.packs(actor)}

    def rows() -> Iterator[tuple[Cell, ...]]:
        for head in _every(lambda cursor: parts.casebook.cases(replace(query, cursor=cursor, limit=_STRIDE), actor)):
            subject = said("sealed_case") if head.sealed else head.title or ""
            yield (
                cell(head.case), cell(head.number or ""), cell(subject), cell(titles.get(head.pack, head.pack)),
                cell(_status(parts, head)), at_of(head.opened_at), at_of(head.closed_at),
            )  # fmt: skip

    return Table(
        title=said("cases"),
        rows=rows(),
        heads=heads_of("case", "number_of", "subject", "procedure", "status", "opened", "closed"),
    )


def _status(parts: Parts, head: Head) -> str:
    with parts.store.look() as reading:
        status = parts.shelf.release(head.release, reading).policy.statuses.get(head.status or "")
    return status.text(language()) if status else ""


def worklist(parts: Parts, query: WorklistQuery, actor: Actor, names: Mapping[str, str]) -> Table:
    """The tasks that a worklist finds.

    Args:
        names: user name -> display name.
    """

    def rows() -> Iterator[tuple[Cell, ...]]:
        for line in _every(lambda cursor: parts.casebook.worklist(replace(query, cursor=cursor, limit=_STRIDE), actor)):
            yield _task(line, names)

    heads = heads_of("case", "number_of", "subject", "procedure", "task", "who", "opened", "due", "left")
    return Table(title=said("worklist"), heads=heads, rows=rows())


def _task(line: TaskLine, names: Mapping[str, str]) -> tuple[Cell, ...]:
    lang = language()
    who = line.claimed_by or line.assignee
    holder = names.get(who, who) if who else said("comma").join(group.text(lang) for group in line.groups)
    return (
        cell(line.case), cell(line.number or ""), cell(said("sealed_case") if line.sealed else line.case_title), cell(line.pack_title.text(lang)),
        cell(line.title.text(lang)), cell(holder), at_of(line.opened), at_of(line.due), cell(line.left.text(lang) if line.left else ""),
    )  # fmt: skip


def figures(
    now: Sequence[Standing], took: Sequence[Took], load: Sequence[Load], steps: Sequence[tuple[str, Label, int, int]],
    names: Mapping[str, str], flow_name: Mapping[str, str],
) -> list[Table]:  # fmt: skip
    """The figures of the page of figures: by flow, by person, by step (pack, step, open, late)."""
    lang, closed = language(), {one.flow: one for one in took}
    standing = {one.flow: one for one in now}
    nothing = Standing(flow="", open=0, late=0)
    flows = [
        (
            cell(flow_name.get(flow, flow)), count_of(standing.get(flow, nothing).open), count_of(standing.get(flow, nothing).late),
            count_of(closed[flow].closed if flow in closed else 0),
            cell(f"{closed[flow].median_days:.1f}", one_decimal(closed[flow].median_days)) if flow in closed else cell(""),
        )
        for flow in sorted({*standing, *closed})
    ]  # fmt: skip
    people = [
        (cell(names.get(o.person, o.person) if o.person else said("nobody")), count_of(o.open), count_of(o.overdue))
        for o in load
    ]
    waiting = [
        (cell(pack), cell(label.text(lang)), count_of(open_), count_of(late)) for pack, label, open_, late in steps
    ]
    return [
        Table(
            title=said("by_flow"),
            heads=heads_of("flow", "open_cases", "late_cases", "closed_cases", "median_days"),
            rows=flows,
        ),
        Table(title=said("by_person"), heads=heads_of("who", "open_tasks", "late_tasks"), rows=people),
        Table(title=said("by_step"), heads=heads_of("procedure", "task", "open_tasks", "late_tasks"), rows=waiting),
    ]


def _every(page: Any) -> Iterator[Any]:
    cursor = None
    while True:
        found = page(cursor)
        yield from found.rows
        if found.next is None:
            return
        cursor = found.next


def heads_of(*names: str) -> tuple[str, ...]:
    """Heads by the names of their texts."""
    return tuple(said(name) for name in names)


def count_of(value: int) -> Cell:
    """A cell with a count."""
    return cell(str(value), value)


def at_of(value: datetime | None) -> Cell:
    """A cell with a moment, or with nothing."""
    return cell(moment(value, ZONE), value) if value else cell("")


def one_decimal(value: float) -> Decimal:
    """A number with one decimal."""
    return Decimal(f"{value:.1f}")


def few(table: Table) -> Table:
    """A table that may be printed: paper has an end.

    Raises:
        TooManyLines.
    """

    def rows() -> Iterator[tuple[Cell, ...]]:
        for number, row in enumerate(table.rows):
            if number == MOST_PRINTED:
                raise TooManyLines(most=MOST_PRINTED)
            yield row

    return replace(table, rows=rows())


"""The lists of the house as tables: registers, cases, tasks, figures, reports. What a page hides from its reader is hidden here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from engine.release import Release
from engine.store import CaseQuery, Head, Load, ReportRow, Standing, Took, WorklistQuery

#: Rows read at a time, so that a long list is never held whole.
_STRIDE = 50
#: Rows of a list that is printed at most.
MOST_PRINTED = 1_000
#: Where lists that belong to no case count their days.
ZONE = "Asia/Shanghai"


class TooManyLines(EngineError):
    """A list of more than {most} rows is not printed; take it as Excel or CSV, or ask for less."""

    zh = "超过 {most} 行的清单不打印；请改取 Excel 或 CSV，或缩小范围。"


def register(parts: Parts, pack: str, name: str, actor: Actor) -> Table:
    """The whole of a register, row by row."""
    first = parts.casebook.register(pack, name, actor, limit=_STRIDE)

    def rows() -> Iterator[tuple[Cell, ...]]:
        view = first
        while True:
            yield from (_entered(row) for row in view.rows)
            if view.next is None:
                return
            view = parts.casebook.register(pack, name, actor, cursor=view.next, limit=_STRIDE)

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
                cell(_status(parts, head)), _at(head.opened_at), _at(head.closed_at),
            )  # fmt: skip

    return Table(
        title=said("cases"),
        rows=rows(),
        heads=_heads("case", "number_of", "subject", "procedure", "status", "opened", "closed"),
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

    heads = _heads("case", "number_of", "subject", "procedure", "task", "who", "opened", "due", "left")
    return Table(title=said("worklist"), heads=heads, rows=rows())


def _task(line: TaskLine, names: Mapping[str, str]) -> tuple[Cell, ...]:
    lang = language()
    who = line.claimed_by or line.assignee
    holder = names.get(who, who) if who else said("comma").join(group.text(lang) for group in line.groups)
    return (
        cell(line.case), cell(line.number or ""), cell(said("sealed_case") if line.sealed else line.case_title), cell(line.pack_title.text(lang)),
        cell(line.title.text(lang)), cell(holder), _at(line.opened), _at(line.due), cell(line.left.text(lang) if line.left else ""),
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
            cell(flow_name.get(flow, flow)), _number(standing.get(flow, nothing).open), _number(standing.get(flow, nothing).late),
            _number(closed[flow].closed if flow in closed else 0),
            cell(f"{closed[flow].median_days:.1f}", _decimal(closed[flow].median_days)) if flow in closed else cell(""),
        )
        for flow in sorted({*standing, *closed})
    ]  # fmt: skip
    people = [
        (cell(names.get(o.person, o.person) if o.person else said("nobody")), _number(o.open), _number(o.overdue))
        for o in load
    ]
    waiting = [
        (cell(pack), cell(label.text(lang)), _number(open_), _number(late)) for pack, label, open_, late in steps
    ]
    return [
        Table(
            title=said("by_flow"),
            heads=_heads("flow", "open_cases", "late_cases", "closed_cases", "median_days"),
            rows=flows,
        ),
        Table(title=said("by_person"), heads=_heads("who", "open_tasks", "late_tasks"), rows=people),
        Table(title=said("by_step"), heads=_heads("procedure", "task", "open_tasks", "late_tasks"), rows=waiting),
    ]


def report(row: ReportRow, release: Release | None, channels: Mapping[str, str]) -> list[Table]:
    """A report of a period: the sums, then what they are made of."""
    content, lang = row.content, language()
    statuses, limits = (release.policy.statuses, release.policy.limits) if release else ({}, {})

    def status(name: str) -> str:
        return statuses[name].text(lang) if name in statuses else name

    def limit(name: str) -> str:
        return limits[name].label.text(lang) if name in limits else _step(release, name, lang)

    sums = [
        (cell(said(name)), _number(_whole(content.get(name)))) for name in ("received", "closed", "open_at_the_end")
    ]
    return [
        Table(title=_title(content, lang), heads=_heads("figure", "count"), rows=sums),
        Table(title=said("by_channel"), heads=_heads("channel", "count"), rows=_counts(content.get("by_channel"), lambda n: channels.get(n, n))),
        Table(title=said("by_status"), heads=_heads("status", "count"), rows=_counts(content.get("closed_by_status"), status)),
        Table(
            title=said("by_limit"), heads=_heads("limit", "kept", "kept_late", "overrun", "kept_share"),
            rows=[_limit(one, limit(str(one["limit"]))) for one in _dicts(content.get("limits"))],
        ),
        Table(
            title=said("by_task"), heads=_heads("task", "done", "done_late"),
            rows=[
                (cell(_step(release, str(o["element"]), lang)), _number(_whole(o["done"])), _number(_whole(o["late"])))
                for o in _dicts(content.get("tasks"))
            ],
        ),
        *(
            Table(
                title=said(name), heads=_heads("case", "number_of", "subject", "limit", "due"),
                rows=[_named(one, limit) for one in _dicts(content.get(name))],
            )
            for name in ("overdue", "closed_late")
        ),
    ]  # fmt: skip


def _title(content: Mapping[str, Any], lang: str) -> str:
    title = content.get("title")
    return str(title.get("zh" if lang.startswith("zh") else "en", "")) if isinstance(title, dict) else ""


def _limit(one: Mapping[str, Any], label: str) -> tuple[Cell, ...]:
    kept, late, over = (_whole(one.get(name)) for name in ("kept", "late", "overrun"))
    every = kept + late + over
    share = _decimal(100 * kept / every) if every else None
    return (
        cell(label),
        _number(kept),
        _number(late),
        _number(over),
        cell(f"{share}%" if share is not None else "", share),
    )


def _named(one: Mapping[str, Any], limit: Any) -> tuple[Cell, ...]:
    due = one.get("due")
    at = datetime.fromisoformat(due) if isinstance(due, str) else due
    return (
        cell(str(one.get("case") or "")),
        cell(str(one.get("number") or "")),
        cell(str(one.get("title") or "")),
        cell(limit(str(one.get("deadline") or one.get("limit") or ""))),
        _at(at),
    )


def _step(release: Release | None, name: str, lang: str) -> str:
    """What a step, or the limit of one of its tasks, is called in whichever process it is drawn."""
    if release is None:
        return name
    for _, process in release.processes.values():
        for asked in (name, name.rpartition("-")[0]):
            if asked in process.elements:
                return release.title(process.id, asked).text(lang)
    return name


def _counts(found: Any, called: Any) -> list[tuple[Cell, ...]]:
    return [(cell(called(name)), _number(count)) for name, count in found.items()] if isinstance(found, dict) else []


def _dicts(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list | tuple) else []


def _whole(value: Any) -> int:
    return int(value or 0)


def _every(page: Any) -> Iterator[Any]:
    cursor = None
    while True:
        found = page(cursor)
        yield from found.rows
        if found.next is None:
            return
        cursor = found.next


def _heads(*names: str) -> tuple[str, ...]:
    return tuple(said(name) for name in names)


def _number(value: int) -> Cell:
    return cell(str(value), value)


def _at(value: datetime | None) -> Cell:
    return cell(moment(value, ZONE), value) if value else cell("")


def _decimal(value: float) -> Any:
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


def rows_of(found: Iterable[Table]) -> list[Table]:
    """Tables that can be read twice."""
    return [replace(table, rows=list(table.rows)) for table in found]

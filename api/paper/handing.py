"""Handing papers over: what a page and the API answer with when somebody asks for a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from flask import Response, g, render_template, stream_with_context

from api.filename import attached
from api.paper import lists, press, reports, sheet, tables
from api.paper.casefile import Draw, Reader, drawn
from api.paper.lists import ZONE
from api.paper.reports import Signed, Statement
from api.paper.spread import spread
from api.paper.tables import Table
from api.paper.texts import day, moment, said
from api.problems import language
from api.wiring import Parts
from engine.casebook import NoSuchEvent, PrintedPaper, may_verify
from engine.release import Release
from engine.store import PackNotFound, ReportRow


def number_of(parts: Parts, case: str, asked: str) -> int:
    """The number of an event as addresses write it.

    Raises:
        CaseNotFound, NoSuchEvent.
    """
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return int(asked)
    parts.casebook.need_sight(case, g.actor)
    with parts.store.look() as reading:
        raise NoSuchEvent(case=case, seq=asked[:20], last=reading.head(case).seq)


def person(parts: Parts) -> str:
    """By which name the reader is known on paper."""
    with parts.store.look() as reading:
        found = reading.person(g.actor.name)
    return found.zh if language().startswith("zh") else found.en


def styles(parts: Parts, *names: str) -> str:
    """Style sheets of ours, as the press reads them."""
    return "\n".join(_style(parts.settings.web / "styles" / name) for name in names)


@cache
def _style(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def document_pdf(parts: Parts, case: str, number: int, copy: int | None = None) -> Response:
    """A paper of a case as PDF: every copy, or one of them (from 0)."""
    paper = parts.casebook.paper(case, number, g.actor)
    one = copy if copy is not None and 0 <= copy < len(paper.line.copies) else None
    made = sheet.printed(paper, parts.clock.now(), _paper(parts), person=person(parts), copy=one)
    return _file(
        made, "application/pdf", f"{_called(paper.head.number or case, paper.line.title.text(language()))}.pdf"
    )


def paper_pdf(parts: Parts, paper: PrintedPaper) -> Response:
    """A paper that is in no case, as PDF."""
    made = sheet.printed(paper, parts.clock.now(), styles(parts, "paper.css"), person=person(parts), copy=0)
    return _file(made, "application/pdf", f"{paper.line.title.text(language())}.pdf")


def document_xlsx(parts: Parts, case: str, number: int) -> Response:
    """A paper of a case as a workbook: for statistics that are counted on."""
    paper = parts.casebook.paper(case, number, g.actor)
    title = paper.line.title.text(language())
    return workbook(parts, sheet.table(paper), _called(paper.head.number or case, title), zone=paper.zone)


def casefile(parts: Parts, case: str, draw: Draw, channels: Mapping[str, str]) -> Response:
    """A whole case as one PDF; checked first, where the reader may have it checked."""
    dossier = parts.casebook.dossier(case, g.actor, "case file")
    proof = parts.casebook.verify(case, g.actor) if may_verify(g.actor) else None
    with parts.store.look() as reading:
        names = {p.name: (p.zh if language().startswith("zh") else p.en) for p in reading.people(active=None)}
    reader = Reader(
        name=names.get(g.actor.name, g.actor.name),
        at=parts.clock.now(),
        names={**names, "system": said("system")},
        channels=channels,
    )
    page = drawn(dossier, proof, parts.shelf, reader, draw)
    return _file(
        press.pdf([page], _paper(parts)),
        "application/pdf",
        f"{_called(dossier.view.head.number or case, said('file_of'))}.pdf",
    )


def workbook(parts: Parts, found: Sequence[Table], called: str, *, zone: str = ZONE) -> Response:
    """Tables as an Excel file."""
    told = tables.told(found, title=called, made=parts.clock.now(), zone=zone)
    return _file(press.workbook(told), tables.XLSX, f"{called}.xlsx")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands on a printed list besides its tables."""

    title: str
    #: Whose it is.
    letterhead: str = ""
    #: Under the title.
    lines: tuple[str, ...] = ()
    signs: tuple[Signed, ...] = ()
    zone: str = ZONE


def listed(parts: Parts, found: Sequence[Table], called: str, ending: str, heading: Heading | None = None) -> Response:
    """Tables as the file that is asked for: "csv", "xlsx" or "pdf".

    Args:
        heading: what a PDF says beside them; None: their name.
    """
    if ending == "csv":
        return _csv(found, called)
    if ending == "xlsx":
        return workbook(parts, found, called)
    return _file(press.pdf([_laid_out(parts, found, heading or Heading(title=called))], _paper(parts)), "application/pdf", f"{called}.pdf")


def register_heading(parts: Parts, pack: str, table: Table) -> Heading:
    """What stands over a printed register."""
    release = in_force(parts, pack)
    return Heading(title=table.title, letterhead=release.policy.heading.text(language()) if release else "")


def statement(parts: Parts, row: ReportRow, channels: Mapping[str, str]) -> Statement:
    """A report as this reader may see it.

    Args:
        channels: what channels are called.
    """
    with parts.store.look() as reading:
        names = {p.name: (p.zh if language().startswith("zh") else p.en) for p in reading.people(active=None)}
    return reports.statement(parts, row, in_force(parts, row.pack), g.actor, channels=channels, names=names)


def in_force(parts: Parts, pack: str) -> Release | None:
    """The release of a pack that is in force; None where there is none any more."""
    with parts.store.look() as reading:
        try:
            return parts.shelf.release(reading.current(pack), reading)
        except PackNotFound:
            return None


def reported(parts: Parts, found: Statement, ending: str) -> Response:
    """A report as a file."""
    row = found.row
    lines = [f"{said('period')}{found.period}", f"{said('as_of')}{moment(row.made, found.zone)}"]
    if row.remark:
        lines.append(f"{said('remark')}{row.remark}")
    heading = Heading(
        title=found.title, letterhead=found.letterhead, lines=tuple(lines), signs=found.signs, zone=found.zone
    )
    return listed(parts, found.tables, f"{found.title} {row.period}", ending, heading)


def _laid_out(parts: Parts, found: Sequence[Table], heading: Heading) -> str:
    return render_template(
        "tables_print.html", sheets=spread(lists.few(table) for table in found), heading=heading, s=said, many=len(found) > 1,
        printed_at=moment(parts.clock.now(), ZONE), printed_by=person(parts), day_of=lambda at: day(at, heading.zone),
    )  # fmt: skip


def _paper(parts: Parts) -> str:
    return styles(parts, "paper.css")


def _csv(found: Sequence[Table], called: str) -> Response:
    lines = tables.csv_of(found)
    # The first piece is made at once: what is refused is said on a page, not in the middle of a file.
    answer = Response(stream_with_context(chain([next(lines)], lines)), mimetype="text/csv")
    return attached(answer, f"{called}.csv")


def _called(number: str, title: str) -> str:
    return f"{number} {title}"


def _file(content: bytes, kind: str, name: str) -> Response:
    return attached(Response(content, mimetype=kind), name)

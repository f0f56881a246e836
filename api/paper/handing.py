"""Handing papers over: what a page and the API answer with when somebody asks for a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from flask import Response, g, render_template, stream_with_context

from api.paper import lists, press, sheet, tables
from api.paper.casefile import Draw, Reader, drawn
from api.paper.lists import ZONE
from api.paper.tables import Table
from api.paper.texts import moment, said
from api.problems import language
from api.wiring import Parts
from engine.casebook import NoSuchEvent, may_verify


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
    made = sheet.printed(paper, parts.clock.now(), styles(parts, "paper.css"), person=person(parts), copy=one)
    return _file(
        made, "application/pdf", f"{_called(paper.head.number or case, paper.line.title.text(language()))}.pdf"
    )


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
        press.pdf([page], styles(parts, "paper.css")),
        "application/pdf",
        f"{_called(dossier.view.head.number or case, said('file_of'))}.pdf",
    )


def workbook(parts: Parts, found: Sequence[Table], called: str, *, zone: str = ZONE) -> Response:
    """Tables as an Excel file."""
    told = tables.told(found, title=called, made=parts.clock.now(), zone=zone)
    return _file(press.workbook(told), tables.XLSX, f"{called}.xlsx")


def listed(parts: Parts, found: Sequence[Table], called: str, ending: str, *, under: str = "") -> Response:
    """Tables as the file that is asked for: "csv", "xlsx" or "pdf".

    Args:
        under: what stands under the title of a PDF.
    """
    if ending == "csv":
        return _csv(found, called)
    if ending == "xlsx":
        return workbook(parts, found, called)
    printed = lists.rows_of(lists.few(table) for table in found)
    page = render_template(
        "tables_print.html", tables=printed, title=called, under=under, s=said, printed_at=moment(parts.clock.now(), ZONE),
        printed_by=person(parts), wide=max(len(table.heads) for table in printed) > 6,
    )  # fmt: skip
    return _file(press.pdf([page], styles(parts, "paper.css")), "application/pdf", f"{called}.pdf")


def _csv(found: Sequence[Table], called: str) -> Response:
    lines = tables.csv_of(found)
    # The first piece is made at once: what is refused is said on a page, not in the middle of a file.
    answer = Response(stream_with_context(chain([next(lines)], lines)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{called}.csv")
    return answer


def _called(number: str, title: str) -> str:
    return f"{number} {title}"


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name.replace("/", " "))
    return answer

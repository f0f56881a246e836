"""Papers and lists as files: a paper of a case, the whole case, registers and reports, as PDF, Excel and CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g

from api.paper import handing, lists
from api.paper.lists import TooManyLines
from api.paper.press import FontMissing, PressBusy, PressMissing, PressStopped
from api.paper.tables import TooManyRows
from api.problems import language
from api.rest import refusals as r
from api.rest.asked import office as s
from api.rest.asked.cases import WholeCaseList
from api.rest.asked.lists import InLanguage
from api.rest.endpoint import Api
from api.rest.figures import RegisterOfWhichPack, pack_of
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.casebook import NoSuchEvent, PaperLine, PaperNotFound, PrintedPaper, RegisterNotFound
from engine.casebook.channels import CHANNELS
from engine.store import CaseQuery, PackNotFound, ReportNotFound

api = Api()

_PRESS = (PressBusy, PressMissing, FontMissing, PressStopped)
_PAPER = (*r.CASE, NoSuchEvent, PaperNotFound)
#: Why a list is not printed, by the file that is asked for.
_LISTED = {"csv": (), "xlsx": (*_PRESS, TooManyRows), "pdf": (*_PRESS, TooManyLines)}
_KINDS = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}


@api.operation(
    "GET", "/cases/{case}/documents/{number}.pdf", "A paper of a case as PDF (A4), each copy on its own pages", tag="papers", query=s.CopyQuery,
    gives=bytes, refuses=(*_PAPER, *_PRESS),
)  # fmt: skip
def document_pdf(parts: Parts, case: str, number: str, query: dict[str, Any]) -> Any:
    copy = query["copy"]
    return handing.document_pdf(parts, case, handing.number_of(parts, case, number), copy - 1 if copy else None)


@api.operation(
    "GET", "/cases/{case}/documents/{number}.xlsx", "A paper of a case as a workbook, numbers as numbers", tag="papers",
    query=InLanguage, gives=bytes, refuses=(*_PAPER, *_PRESS, TooManyRows),
)  # fmt: skip
def document_xlsx(parts: Parts, case: str, number: str, query: dict[str, Any]) -> Any:
    return handing.document_xlsx(parts, case, handing.number_of(parts, case, number))


@api.operation(
    "GET", "/cases/{case}/documents/{number}", "A paper of a case with everything that stands on it, as the caller may read it", tag="papers",
    gives=PrintedPaper, refuses=_PAPER,
)  # fmt: skip
def document(parts: Parts, case: str, number: str) -> Any:
    return parts.casebook.paper(case, handing.number_of(parts, case, number), g.actor)


@api.operation(
    "GET", "/cases/{case}/documents", "The papers of a case: forms filled in, and what was issued, sent and distributed", tag="papers",
    gives={"case": str, "documents": tuple[PaperLine, ...]}, refuses=r.CASE,
)  # fmt: skip
def documents(parts: Parts, case: str) -> Any:
    return {"case": case, "documents": parts.casebook.case(case, g.actor).printable}


@api.operation(
    "GET", "/cases/{case}/file.pdf", "The whole case as one PDF: history, deadlines with reasons, papers, proof", tag="papers",
    query=InLanguage, gives=bytes, refuses=(*r.CASE, *_PRESS),
)  # fmt: skip
def case_file(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    # The pages know the API (a trial is played through it), so the API meets them when it is asked.
    from api.pages.papers import whole

    return whole(parts, case)


def _channels() -> dict[str, str]:
    return {name: label.text(language()) for name, label in CHANNELS.items()}


def _register(ending: str) -> Callable[..., Any]:
    def view(parts: Parts, name: str, query: dict[str, Any]) -> Any:
        pack = query["pack"] or pack_of(parts, name)
        table = lists.register(parts, pack, name, g.actor)
        return handing.listed(parts, [table], table.title, ending, handing.register_heading(parts, pack, table))

    view.__name__ = f"register_{ending}"
    return view


def _report(ending: str) -> Callable[..., Any]:
    def view(parts: Parts, pack: str, report: str, period: str, query: dict[str, Any]) -> Any:
        found = handing.statement(parts, parts.duties.report(pack, report, period, g.actor), _channels())
        return handing.reported(parts, found, ending)

    view.__name__ = f"report_{ending}"
    return view


def _cases(ending: str) -> Callable[..., Any]:
    def view(parts: Parts, query: dict[str, Any]) -> Any:
        asked = {name: value for name, value in query.items() if name != "lang"}
        table = lists.cases(parts, CaseQuery(**asked), g.actor)
        return handing.listed(parts, [table], table.title, ending)

    view.__name__ = f"cases_{ending}"
    return view


for _ending, _kind in _KINDS.items():
    api.operation(
        "GET", f"/registers/{{name}}.{_ending}", f"The whole of a register as {_kind}", tag="papers", query=s.WholeRegister, gives=bytes,
        refuses=(RegisterNotFound, RegisterOfWhichPack, PackNotFound, *_LISTED[_ending]),
    )(_register(_ending))  # fmt: skip
    api.operation(
        "GET", f"/reports/{{pack}}/{{report}}/{{period}}.{_ending}", f"A report of a procedure as {_kind}", tag="papers", query=InLanguage,
        gives=bytes, refuses=(NotAuthorised, ReportNotFound, PackNotFound, *_LISTED[_ending]),
    )(_report(_ending))  # fmt: skip
    if _ending != "pdf":
        api.operation(
            "GET", f"/cases.{_ending}", f"All the cases that a search finds as {_kind}", tag="papers", query=WholeCaseList, gives=bytes,
            refuses=_LISTED[_ending],
        )(_cases(_ending))  # fmt: skip

"""The papers of a case: one by one as the form it is, as PDF and as a workbook, and the whole case as one file."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request

from api.pages.framing import framed
from api.paper import handing, sheet
from api.problems import language
from api.wiring import Parts
from engine.casebook import DiagramView
from engine.casebook.channels import CHANNELS


def blueprint(parts: Parts) -> Blueprint:
    """The pages of papers."""
    pages = Blueprint("paper_pages", __name__)

    @pages.get("/cases/<case>/documents/<number>")
    def one(case: str, number: str) -> str:
        paper = parts.casebook.paper(case, handing.number_of(parts, case, number), g.actor)
        copy = _copy()
        place = copy if copy is not None and copy < len(paper.line.copies) else 0
        facts = sheet.facts(paper, place, parts.clock.now(), person=handing.person(parts))
        return render_template("paper.html", **facts)

    @pages.get("/cases/<case>/documents/<number>.pdf")
    def pdf(case: str, number: str) -> Response:
        return handing.document_pdf(parts, case, handing.number_of(parts, case, number), _copy())

    @pages.get("/cases/<case>/documents/<number>.xlsx")
    def xlsx(case: str, number: str) -> Response:
        return handing.document_xlsx(parts, case, handing.number_of(parts, case, number))

    @pages.get("/cases/<case>/file.pdf")
    def file(case: str) -> Response:
        return whole(parts, case)

    return pages


def whole(parts: Parts, case: str) -> Response:
    """The file of a case as PDF."""
    lang = language()

    def draw(view: DiagramView, title: str) -> str:
        return framed(view, title, parts.settings.web, lang=lang, press=True)

    return handing.casefile(parts, case, draw, {name: label.text(lang) for name, label in CHANNELS.items()})


def _copy() -> int | None:
    """Which copy is asked for, counted from 0; None: all."""
    asked = request.args.get("copy", "")
    return int(asked) - 1 if asked.isascii() and asked.isdigit() and 0 < int(asked[:3]) < 100 else None

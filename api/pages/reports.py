"""Reports that procedures ask for at set times: figures, who has seen to them, and the same as Excel, CSV and PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from api.paper import handing
from api.paper.reports import Statement
from api.problems import language
from api.wiring import Parts
from engine.casebook.channels import CHANNELS
from engine.policy import Label
from engine.store import ReportRow

#: Lines of a table on the page; the files have all of them.
MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A report that waits for somebody to see to it."""

    row: ReportRow
    title: Label
    href: str
    late: bool


def blueprint(parts: Parts) -> Blueprint:
    """The reports."""
    pages = Blueprint("reports", __name__)

    @pages.get("/reports")
    def every() -> str:
        titles = {p.pack: p.title for p in parts.casebook.packs(g.actor)}
        return render_template("reports.html", rows=parts.duties.reports(g.actor), titles=titles, title_of=title_of)

    @pages.get("/reports/<pack>/<report>/<period>")
    def show(pack: str, report: str, period: str) -> str:
        found = _statement(parts, pack, report, period)
        release = handing.in_force(parts, pack)
        tables = [replace(table, rows=list(islice(table.rows, MOST_SHOWN + 1))) for table in found.tables]
        return render_template(
            "report.html", row=found.row, found=found, tables=tables, most=MOST_SHOWN, title=title_of(found.row),
            pack_title=release.policy.title if release else None,
        )  # fmt: skip

    @pages.post("/reports/<pack>/<report>/<period>")
    def see_to(pack: str, report: str, period: str) -> Response:
        parts.duties.see_to(pack, report, period, request.form.get("remark", ""), g.actor)
        return redirect(request.path)

    @pages.get("/reports/<pack>/<report>/<period>.<any(csv,xlsx,pdf):ending>")
    def file(pack: str, report: str, period: str, ending: str) -> Response:
        return handing.reported(parts, _statement(parts, pack, report, period), ending)

    return pages


def waiting_for(parts: Parts) -> list[Waiting]:
    """The reports that are this person's to see to, the first to be due first."""
    return [
        Waiting(row=row, title=title_of(row), href=f"/reports/{row.pack}/{row.report}/{row.period}", late=row.due < parts.clock.now())
        for row in parts.duties.waiting(g.actor)
    ]


def title_of(row: ReportRow) -> Label:
    """What a report was called when it was made."""
    said = row.content["title"]
    assert isinstance(said, dict)
    return Label(zh=str(said["zh"]), en=str(said["en"]))


def _statement(parts: Parts, pack: str, report: str, period: str) -> Statement:
    channels = {name: label.text(language()) for name, label in CHANNELS.items()}
    return handing.statement(parts, parts.duties.report(pack, report, period, g.actor), channels)

"""Reports that procedures ask for at set times: figures, who has seen to them, and the same as Excel, CSV and PDF."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from api.pages import looks, words
from api.paper import handing, lists
from api.problems import language
from api.wiring import Parts
from engine.policy import Label
from engine.release import Release
from engine.store import PackNotFound, ReportRow


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
        row = parts.duties.report(pack, report, period, g.actor)
        release = _release(parts, pack)
        limits = {name: limit.label for name, limit in release.policy.limits.items()} if release else {}
        return render_template(
            "report.html", row=row, title=title_of(row), pack_title=release.policy.title if release else None,
            limits=limits, step=lambda element: _step(release, element),
        )  # fmt: skip

    @pages.post("/reports/<pack>/<report>/<period>")
    def see_to(pack: str, report: str, period: str) -> Response:
        parts.duties.see_to(pack, report, period, request.form.get("remark", ""), g.actor)
        return redirect(request.path)

    @pages.get("/reports/<pack>/<report>/<period>.<any(csv,xlsx,pdf):ending>")
    def file(pack: str, report: str, period: str, ending: str) -> Response:
        row, release = parts.duties.report(pack, report, period, g.actor), _release(parts, pack)
        found = lists.report(row, release, {name: words.channel(name, language()) for name in words.CHANNELS})
        under = looks.label(release.policy.title) if release else ""
        return handing.listed(parts, found, f"{looks.label(title_of(row))} {row.period}", ending, under=under)

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


def _step(release: Release | None, element: str) -> Label:
    """What a step is called in the release in force, in whichever process it is drawn; an earlier one may have had it."""
    for process, (_, drawn) in release.processes.items() if release else ():
        if element in drawn.elements and release:
            return release.title(process, element)
    return Label(zh=element, en=element)


def _release(parts: Parts, pack: str) -> Release | None:
    with parts.store.look() as reading:
        try:
            return parts.shelf.release(reading.current(pack), reading)
        except PackNotFound:
            return None

"""The pages of cases: the list, the dossier, what can be added to it, how it stood at an event."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from api.pages import words
from api.pages.painting import paint
from api.pages.reading import answers_of
from api.problems import language
from api.wiring import Parts
from engine.casebook import CaseView, DeadlineView, DiagramView, HistoryView
from engine.deadline import strip
from engine.store import CaseQuery
from engine.story import Entry, Teller
from forms import AnswersRefused


def blueprint(parts: Parts) -> Blueprint:
    """The pages of cases."""
    pages = Blueprint("files", __name__)

    @pages.get("/cases")
    def cases() -> str:
        asked = {key: request.args.get(key) or None for key in ("q", "pack", "flow")}
        state = request.args.get("state", "")
        page = parts.casebook.cases(
            CaseQuery(
                q=asked["q"],
                pack=asked["pack"],
                flow=asked["flow"],
                open={"open": True, "closed": False}.get(state),
                cursor=request.args.get("cursor"),
                limit=50,
            ),
            g.actor,
        )
        packs = {p.pack: p for p in parts.casebook.packs(g.actor)}
        return render_template(
            "cases.html",
            heads=page.rows,
            next=page.next,
            packs=packs,
            asked=asked,
            state=state,
            statuses=_statuses(parts, page.rows),
        )

    @pages.get("/cases/<case>")
    def case(case: str) -> str:
        return _case(parts, case, {}, {})

    @pages.get("/cases/<case>/at/<int:seq>")
    def at(case: str, seq: int) -> str:
        view = parts.casebook.case(case, g.actor)
        state = parts.casebook.state(case, g.actor, until=seq)
        story = parts.casebook.history(case, g.actor, until=seq)
        diagrams = parts.casebook.diagram(case, g.actor, until=seq)
        return render_template(
            "replay.html", view=view, state=state, seq=seq, pictures=_pictures(diagrams),
            days=_days(_diary(parts, story), view.zone), last=view.head.seq,
        )  # fmt: skip

    @pages.post("/cases/<case>/comments")
    def comment(case: str) -> Answer:
        parts.desk.comment(case, request.form.get("text", ""), g.actor, request.form.get("audience", "internal"))
        return redirect(f"/cases/{case}#remarks")

    @pages.post("/cases/<case>/attachments")
    def attach(case: str) -> Answer:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            parts.desk.attach(case, upload.filename, upload.mimetype, upload.read(), g.actor)
        return redirect(f"/cases/{case}#documents")

    @pages.get("/cases/<case>/attachments/<file>")
    def download(case: str, file: str) -> Response:
        kept = parts.casebook.attachment(case, file, g.actor)
        answer = Response(kept.content, mimetype=kept.media_type)
        answer.headers.set("Content-Disposition", "attachment", filename=kept.name)
        return answer

    @pages.post("/cases/<case>/messages/<message>")
    def message(case: str, message: str) -> Answer | tuple[str, int]:
        view = next((m for m in parts.casebook.messages(case, g.actor) if m.message == message), None)
        fields = view.form.fields if view and view.form else ()
        given = answers_of(fields, request.form, request.files, lambda upload: {"file": "", "name": ""})
        try:
            parts.desk.receive_message(case, message, given, g.actor, idempotency=request.form.get("key") or None)
        except AnswersRefused as refused:
            return _case(parts, case, {message: given}, {message: refused.in_language(language())}), 422
        return redirect(f"/cases/{case}?said=done")

    @pages.post("/cases/<case>/deadlines/<deadline>")
    def extend(case: str, deadline: str) -> Answer:
        amount = request.form.get("amount", "0")
        parts.desk.extend_deadline(
            case,
            deadline,
            int(amount) if amount.isdigit() else 0,
            request.form.get("unit", "workday"),
            request.form.get("reason", ""),
            g.actor,
        )
        return redirect(f"/cases/{case}?said=done")

    @pages.post("/cases/<case>/<act>")
    def act(case: str, act: str) -> Answer:
        reason = request.form.get("reason", "")
        if act == "pause":
            parts.desk.pause(case, reason, g.actor)
        elif act == "resume":
            parts.desk.resume(case, g.actor, reason)
        elif act == "recuse":
            parts.desk.recuse(case, g.actor.name, reason, g.actor)
            return redirect("/")
        elif act == "resolve":
            parts.desk.resolve_incident(case, request.form.get("incident", ""), reason, g.actor)
        return redirect(f"/cases/{case}?said=done")

    return pages


def _case(parts: Parts, case: str, given: dict[str, Any], wrong: dict[str, Any]) -> str:
    view = parts.casebook.case(case, g.actor)
    story = parts.casebook.history(case, g.actor)
    return render_template(
        "case.html", view=view, pictures=_pictures(parts.casebook.diagram(case, g.actor)), days=_days(_diary(parts, story), view.zone),
        strips=_strips(parts, view), names=_names(parts), given=given, wrong=wrong, said=request.args.get("said"),
        everything=request.args.get("all") == "1", people=sorted(_names(parts).items()),
    )  # fmt: skip


def _pictures(diagrams: list[DiagramView]) -> list[tuple[DiagramView, Markup]]:
    lang = language()
    return [
        (d, Markup(paint(d, f"{d.name.text(lang)}: {words.word('way_now', lang)} {', '.join(d.here) or '-'}")))
        for d in diagrams
    ]


def _diary(parts: Parts, story: HistoryView) -> list[Entry]:
    with parts.store.look() as reading:
        release = parts.shelf.release(story.head.release, reading)
    return Teller(release, language(), names=_names(parts)).diary(story.records)


def _days(entries: list[Entry], zone: str) -> list[tuple[datetime, list[Entry]]]:
    """The newest day first, and the newest first within it."""
    local = [(e.record.event.at.astimezone(ZoneInfo(zone)), e) for e in reversed(entries)]
    return [(next(iter(rows))[0], rows_) for _, rows_, rows in _by_day(local)]


def _by_day(local: list[tuple[datetime, Entry]]) -> list[tuple[Any, list[Entry], list[tuple[datetime, Entry]]]]:
    return [
        (day, [e for _, e in rows], rows)
        for day, rows in ((d, list(r)) for d, r in groupby(local, key=lambda pair: pair[0].date()))
    ]


def _strips(parts: Parts, view: CaseView) -> list[tuple[DeadlineView, Any]]:
    """The calendar strips of the running deadlines, the most urgent first."""
    with parts.store.look() as reading:
        release = parts.shelf.release(view.head.release, reading)
    now = parts.clock.now()
    found = []
    for deadline in view.deadlines:
        row = release.policy.limits.get(deadline.limit)
        calendar = release.calendar(row.calendar if row else None)
        found.append((deadline, strip(deadline.trace, calendar, now)))
    return found


def _names(parts: Parts) -> dict[str, str]:
    zh = language().startswith("zh")
    with parts.store.look() as reading:
        return {p.name: (p.zh if zh else p.en) for p in reading.people(active=None)}


def _statuses(parts: Parts, heads: Any) -> dict[str, str]:
    found = {}
    with parts.store.look() as reading:
        for head in heads:
            status = parts.shelf.release(head.release, reading).policy.statuses.get(head.status or "")
            found[head.case] = status.text(language()) if status else ""
    return found

"""The pages of cases: the list, the dossier, and what can be added to it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from api.filename import attached
from api.mining import FORMATS, logged
from api.pages import looks
from api.pages.dossier import RECENT, days_of, notice_text, pictures_of, relation_name, teller_of, whys_of
from api.pages.reading import answers_of
from api.pages.sheet import sheet
from api.paper import handing, lists
from api.problems import language
from api.wiring import Parts
from engine.casebook import may_verify
from engine.shelf import context_of
from engine.store import CaseQuery, CursorUnusable, Head
from forms import AnswersRefused

#: Most characters of a search that are looked for.
LONGEST_SEARCH = 200
#: Days that a list may be asked for.
_DAYS = ("closed_since", "closed_before", "opened_since", "opened_before")
_STATES = {"open": True, "closed": False}


def blueprint(parts: Parts) -> Blueprint:
    """The pages of cases."""
    pages = Blueprint("files", __name__)

    @pages.get("/cases")
    def cases() -> str:
        return _list(parts)

    @pages.get("/cases.<any(xes,ocel.json):ending>")
    def log(ending: str) -> Response:
        kind = next(kind for kind in FORMATS.values() if kind.ending == ending)
        return kind.answer(logged(parts, _query(_asked()), g.actor, language()))

    @pages.get("/cases.<any(csv,xlsx,pdf):ending>")
    def listed(ending: str) -> Response:
        table = lists.cases(parts, _query(_asked()), g.actor)
        return handing.listed(parts, [table], table.title, ending)

    @pages.get("/cases/<case>")
    def case(case: str) -> str:
        return _case(parts, case, {}, {})

    @pages.post("/cases/<case>/comments")
    def comment(case: str) -> Answer:
        parts.desk.comment(case, request.form.get("text", ""), g.actor, request.form.get("audience", "internal"))
        return redirect(f"/cases/{case}?said=done#remarks")

    @pages.post("/cases/<case>/attachments")
    def attach(case: str) -> Answer:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            parts.desk.attach(case, upload.filename, upload.mimetype, upload.read(), g.actor)
        return redirect(f"/cases/{case}?said=done#documents")

    @pages.get("/cases/<case>/attachments/<file>")
    def download(case: str, file: str) -> Response:
        kept = parts.casebook.attachment(case, file, g.actor)
        answer = Response(kept.content, mimetype=kept.media_type)
        return attached(answer, kept.name)

    @pages.post("/cases/<case>/messages/<message>")
    def message(case: str, message: str) -> Answer | tuple[str, int]:
        view = next((m for m in parts.casebook.messages(case, g.actor) if m.message == message), None)
        fields = view.form.fields if view and view.form else ()

        def keep(upload: FileStorage) -> Mapping[str, str]:
            kept = parts.desk.attach(case, upload.filename or "file", upload.mimetype, upload.read(), g.actor)
            return {"file": kept.sha256, "name": upload.filename or ""}

        given = answers_of(fields, request.form, request.files, keep)
        if request.form.get("act") == "show":
            return _case(parts, case, {message: given}, {}), 200
        try:
            parts.desk.receive_message(case, message, given, g.actor, idempotency=request.form.get("key") or None)
        except AnswersRefused as refused:
            return _case(parts, case, {message: given}, {message: refused.in_language(language())}), 422
        return redirect(f"/cases/{case}?said=done")

    @pages.post("/cases/<case>/deadlines/<deadline>")
    def extend(case: str, deadline: str) -> Answer:
        extended(parts, case, deadline)
        return redirect(f"/cases/{case}?said=done#deadlines")

    @pages.get("/cases/<case>/erase")
    def erasable(case: str) -> str:
        return _erase(parts, case)

    @pages.post("/cases/<case>/erase")
    def erase(case: str) -> Answer | tuple[str, int]:
        of, reason = request.form.get("of", ""), request.form.get("reason", "")
        if not of or request.form.get("sure") != "yes":
            return _erase(parts, case, wrong=True), 422
        parts.desk.erase(case, of, reason, g.actor, idempotency=request.form.get("key") or None)
        return redirect(f"/cases/{case}/erase?said=erased")

    @pages.post("/cases/<case>/<any(pause,resume,recuse,resolve):act>")
    def act(case: str, act: str) -> Answer:
        reason = request.form.get("reason", "")
        match act:
            case "pause":
                parts.desk.pause(case, reason, g.actor)
            case "resume":
                parts.desk.resume(case, g.actor, reason)
            case "recuse":
                parts.desk.recuse(case, g.actor.name, reason, g.actor)
                return redirect("/?said=done")
            case "resolve":
                parts.desk.resolve_incident(case, request.form.get("incident", ""), reason, g.actor)
        return redirect(f"/cases/{case}?said=done")

    return pages


def extended(parts: Parts, case: str, deadline: str) -> None:
    """Extend a deadline by what was entered."""
    amount = request.form.get("amount", "").strip()
    number = int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 6 else 0
    unit, reason = request.form.get("unit", "workday"), request.form.get("reason", "")
    parts.desk.extend_deadline(case, deadline, number, unit, reason, g.actor)


def _asked() -> dict[str, str]:
    """What the list is asked for; what cannot be read is not asked."""
    asked = {
        key: (request.args.get(key) or "").strip()[:LONGEST_SEARCH]
        for key in ("q", "pack", "flow", "state", "release", *_DAYS)
    }
    return {key: "" if key in _DAYS and looks.begin_of(said) is None else said for key, said in asked.items()}


def _query(asked: Mapping[str, str]) -> CaseQuery:
    return CaseQuery(
        q=asked["q"] or None,
        pack=asked["pack"] or None,
        flow=asked["flow"] or None,
        release=asked["release"] or None,
        open=_STATES.get(asked["state"]),
        late=asked["state"] == "late",
        closed_since=looks.begin_of(asked["closed_since"]),
        closed_until=looks.begin_of(asked["closed_before"]),
        since=looks.begin_of(asked["opened_since"]),
        until=looks.begin_of(asked["opened_before"]),
        limit=50,
    )


def _list(parts: Parts) -> str:
    asked = _asked()
    query = _query(asked)
    try:
        found = parts.casebook.cases(replace(query, cursor=request.args.get("cursor")), g.actor)
    except CursorUnusable:
        # Somebody cut the address short: the list begins again.
        found = parts.casebook.cases(query, g.actor)
    return render_template(
        "cases.html",
        heads=found.rows,
        next=found.next,
        packs={p.pack: p for p in parts.casebook.packs(g.actor)},
        asked=asked,
        query=urlencode({key: value for key, value in asked.items() if value}),
        first=not request.args.get("cursor"),
        statuses=statuses_of(parts, found.rows),
        logs=[kind.ending for kind in FORMATS.values()] if may_verify(g.actor) else [],
    )


def statuses_of(parts: Parts, heads: tuple[Head, ...]) -> dict[str, str]:
    """What the statuses of cases are called."""
    found = {}
    with parts.store.look() as reading:
        for head in heads:
            status = parts.shelf.release(head.release, reading).policy.statuses.get(head.status or "")
            found[head.case] = status.text(language()) if status else ""
    return found


def _watched(parts: Parts, case: str) -> bool:
    with parts.store.look() as reading:
        return case in reading.watched(g.actor.name)


def _erase(parts: Parts, case: str, *, wrong: bool = False) -> str:
    persons = parts.casebook.erasable(case, g.actor)
    view = parts.casebook.case(case, g.actor)
    return render_template(
        "erase.html", persons=persons, view=view, wrong=wrong, said=request.args.get("said"), key=secrets.token_hex(8),
        chosen=request.form.get("of", ""), reason=request.form.get("reason", ""),
    )  # fmt: skip


def _case(parts: Parts, case: str, given: dict[str, Any], wrong: dict[str, Any]) -> str:
    dossier = parts.casebook.dossier(case, g.actor)
    g.pack = dossier.view.head.pack
    view, release, names = dossier.view, dossier.release, looks.people()
    entries = teller_of(release, parts.shelf, names).digest(dossier.records)
    everything = request.args.get("all") == "1"
    context = context_of(release, parts.clock.now())
    intake = next((p for p in view.papers if p.seq == 1), None)
    return render_template(
        "case.html",
        view=view,
        pictures=pictures_of(dossier.pictures, release, every=request.args.get("pictures") == "all"),
        days=days_of(entries if everything else entries[-RECENT:], view.zone),
        entries=len(entries),
        recent=RECENT,
        everything=everything,
        whys=whys_of(view.deadlines, release, parts.clock.now(), dossier.records),
        intake=intake,
        papers=[p for p in reversed(view.papers) if p is not intake],
        notices=[(n, notice_text(n, release)) for n in reversed(view.notices)],
        printable={p.number for p in view.printable},
        relation_name=relation_name,
        may_verify=may_verify(g.actor),
        watched=_watched(parts, case),
        is_admin=g.actor.is_admin(),
        sheets={
            m.message: sheet(m.form, given.get(m.message, {}), {}, context, wrong.get(m.message)) for m in view.messages
        },
        key=secrets.token_hex(8),
        said=request.args.get("said"),
    )

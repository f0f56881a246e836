"""A task: the form beside what is needed to decide. Whatever goes wrong, what was typed stays on the page."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from api.pages import words
from api.pages.alike import alike_of
from api.pages.files import extended
from api.pages.looks import people
from api.pages.reading import answers_of
from api.pages.sheet import Sheet, rules, sheet
from api.problems import STATUS, language
from api.wiring import Parts
from engine.casebook import CaseView, MessageView, Presence, TaskView, lexicon_of, told
from engine.clock import SystemClock
from engine.deadline import span_text
from engine.errors import EngineError
from engine.policy import Label
from engine.run import TaskNotOpen
from engine.store import Head, TaskNotFound, TaskRow
from engine.story import Teller
from forms import AnswersRefused, Form

Given = dict[str, Any]


def blueprint(parts: Parts) -> Blueprint:
    """The page of a task."""
    pages = Blueprint("task", __name__, url_prefix="/cases/<case>/tasks/<task>")

    @pages.get("")
    def show(case: str, task: str) -> str | tuple[str, int]:
        try:
            return _page(parts, parts.casebook.task(case, task, g.actor))
        except TaskNotOpen as error:
            return _gone(parts, _row(parts, case, task, error), {})

    @pages.post("")
    def complete(case: str, task: str) -> Answer | str | tuple[str, int]:
        act = request.form.get("act", "complete")
        try:
            view = parts.casebook.task(case, task, g.actor)
        except TaskNotOpen as error:
            return _too_late(parts, _row(parts, case, task, error), act)
        try:
            given = _given(parts, view.form, case, task)
        except EngineError as error:
            # A file is refused before anything else is looked at.
            return _page(parts, view, _typed(view.form), trouble=error), STATUS.get(error.code, 422)
        if act == "show" or g.get("stale"):
            return _page(parts, view, given, stale=bool(g.get("stale")))
        return _act(parts, view, given, act)

    @pages.get("/help")
    def helped(case: str, task: str) -> str:
        """Cases that share an answer with this one, and the tables that read what is entered here."""
        repeats, aids = parts.casebook.repeats(case, g.actor), parts.casebook.aids(case, task, g.actor)
        return render_template("help.html", repeats=repeats, aids=aids)

    @pages.get("/here")
    def here(case: str, task: str) -> Response:
        """Who else has the case open; asked by the page itself while it is looked at."""
        # People sit at their screens in real time, also where that of cases is simulated.
        presence = Presence(parts.store, SystemClock() if parts.stopped_clock else parts.clock)
        others = presence.look(case, g.actor)
        names = words.word("comma", language()).join(people().get(name, name) for name in others)
        return jsonify({"said": words.word("others_here", language()).format(names) if others else ""})

    @pages.post("/draft")
    def draft(case: str, task: str) -> Response:
        """Keep what is typed so far; asked by the page itself, so it answers shortly.

        A draft that comes when the task is done is no mistake of anybody's: it is told so, and nothing is kept.
        """
        try:
            view = parts.casebook.task(case, task, g.actor)
        except TaskNotOpen as error:
            _row(parts, case, task, error)
            return jsonify({"kept": False, "gone": error.text(language())})
        given = answers_of(view.form.fields if view.form else (), request.form, request.files, _no_upload)
        try:
            parts.desk.save_draft(case, task, given, g.actor)
        except TaskNotOpen as error:
            return jsonify({"kept": False, "gone": error.text(language())})  # done in this very moment
        except AnswersRefused:
            return jsonify({"kept": False})
        return jsonify({"kept": True, "at": f"{parts.clock.now().astimezone(ZoneInfo(view.zone)):%H:%M}"})

    @pages.post("/files")
    def upload(case: str, task: str) -> Response | tuple[Response, int]:
        """Keep a file as soon as it was chosen, so that a refused form does not lose it."""
        chosen = request.files.get("file")
        if chosen is None or not chosen.filename:
            return jsonify({"wrong": ""}), 422
        try:
            return jsonify(_keep(parts, case, task, chosen))
        except EngineError as error:
            return jsonify({"wrong": error.text(language())}), STATUS.get(error.code, 422)

    @pages.post("/rules")
    def asked(case: str, task: str) -> Response:
        try:
            view = parts.casebook.task(case, task, g.actor)
        except TaskNotOpen as error:
            _row(parts, case, task, error)
            return Response(status=204)  # nothing is asked any more
        return rules(view.form, view.document, parts.casebook.context(view.head.release))

    @pages.post("/messages/<message>")
    def ask(case: str, task: str, message: str) -> Answer | str | tuple[str, int]:
        """Enter what is awaited, an extension that is asked for, say, without leaving the task."""
        view = parts.casebook.task(case, task, g.actor)
        asked = next((m for m in parts.casebook.messages(case, g.actor) if m.message == message), None)
        given = _given(parts, asked.form if asked else None, case, None)
        if request.form.get("act") == "show":
            return _page(parts, view, asked={message: given})
        try:
            parts.desk.receive_message(case, message, given, g.actor, idempotency=request.form.get("key") or None)
        except AnswersRefused as refused:
            wrong = {message: refused.in_language(language())}
            return _page(parts, view, asked={message: given}, asked_wrong=wrong), 422
        return redirect(f"/cases/{case}/tasks/{task}?said=asked#asks")

    @pages.post("/deadlines/<deadline>")
    def extend(case: str, task: str, deadline: str) -> Answer:
        extended(parts, case, deadline)
        return redirect(f"/cases/{case}/tasks/{task}?said=extended#asks")

    @pages.post("/<act>")
    def handle(case: str, task: str, act: str) -> Answer:
        here = f"/cases/{case}/tasks/{task}"
        match act:
            case "claim":
                parts.desk.claim_task(case, task, g.actor)
                return redirect(f"{here}?said=taken")
            case "release":
                parts.desk.release_task(case, task, g.actor)
                return redirect("/?said=given_back")
            case "delegate":
                parts.desk.delegate_task(
                    case, task, request.form.get("to", ""), g.actor, request.form.get("reason", "")
                )
                return redirect("/?said=handed_over")
        return redirect(here)

    return pages


def _act(parts: Parts, view: TaskView, given: Given, act: str) -> Answer | tuple[str, int]:
    case, task = view.head.case, view.line.task
    try:
        if act == "draft":
            parts.desk.save_draft(case, task, given, g.actor)
            return redirect(f"/cases/{case}/tasks/{task}?said=draft_kept")
        seen = request.form.get("seen", "")
        parts.desk.complete_task(
            case,
            task,
            given,
            g.actor,
            seen=int(seen) if _number(seen) else None,
            idempotency=request.form.get("key") or None,
        )
    except AnswersRefused as refused:
        return _page(parts, view, given, refused.in_language(language())), 422
    except EngineError as error:
        # Somebody was faster, holds it now, or may be the only one who may: the page is read anew, the entries stay.
        try:
            view = parts.casebook.task(case, task, g.actor)
        except TaskNotOpen as gone:
            return _gone(parts, _row(parts, case, task, gone), given)
        return _page(parts, view, given, trouble=error), STATUS.get(error.code, 422)
    return redirect(f"/cases/{case}?said=done")


def _too_late(parts: Parts, row: TaskRow, act: str) -> Answer | tuple[str, int]:
    """The task is closed: sent twice by the same person it is done, by another it is too late."""
    form = _form_of(parts, row)
    given = _given(parts, form, row.case, None, keep=False)
    if act == "complete":
        try:
            parts.desk.complete_task(row.case, row.task, given, g.actor, idempotency=request.form.get("key") or None)
            return redirect(f"/cases/{row.case}?said=done")
        except EngineError:
            pass
    return _gone(parts, row, given)


def _page(
    parts: Parts,
    view: TaskView,
    given: Given | None = None,
    wrong: Mapping[str, list[str]] | None = None,
    *,
    trouble: EngineError | None = None,
    stale: bool = False,
    asked: Mapping[str, Given] | None = None,
    asked_wrong: Mapping[str, Mapping[str, list[str]]] | None = None,
) -> str:
    """
    Args:
        asked: what was entered in a form of what is awaited beside the task; `asked_wrong`: what was refused of it.
    """
    values = view.values if given is None else given
    g.pack = view.head.pack
    case = parts.casebook.case(view.head.case, g.actor)
    return render_template(
        "task.html", view=view, case=case, stale=stale, trouble=_said(parts, view, trouble),
        sheet=_sheet(parts, view, values, wrong), ahead=_ahead(parts, case), said=request.args.get("said"),
        key=secrets.token_hex(8), typed=given is not None, alike=_alike(parts, view),
        asks=_asks(parts, view, case, asked or {}, asked_wrong or {}), beside=[t for t in case.tasks if t.task != view.line.task],
    )  # fmt: skip


def _sheet(parts: Parts, view: TaskView, values: Mapping[str, Any], wrong: Mapping[str, list[str]] | None) -> Sheet:
    with parts.store.look() as reading:
        lexicon = lexicon_of(parts.shelf.release(view.head.release, reading), parts.shelf)
    context = parts.casebook.context(view.head.release)
    return sheet(view.form, values, view.document, context, wrong, lexicon=lexicon, hidden=view.hidden)


def _asks(
    parts: Parts,
    view: TaskView,
    case: CaseView,
    given: Mapping[str, Given],
    wrong: Mapping[str, Mapping[str, list[str]]],
) -> list[tuple[MessageView, Sheet]]:
    """What the procedure waits for now and the reader may enter, with its form."""
    context = parts.casebook.context(view.head.release)
    return [
        (m, sheet(m.form, given.get(m.message, {}), {}, context, wrong.get(m.message)))
        for m in case.messages
        if m.awaited
    ]


def _ahead(parts: Parts, case: CaseView) -> list[tuple[Label, str, Label | None]]:
    """Limits of the whole case that do not count yet: what they are called, how long they are, and from what on."""
    with parts.store.look() as reading:
        policy = parts.shelf.release(case.head.release, reading).policy
    begun, found = {d.limit for d in case.deadlines}, []
    for limit in policy.limits.values():
        amount = limit.amount()
        if limit.stage == "task" or limit.id in begun or amount is None:
            continue
        span = span_text(amount.value, amount.unit, language())
        found.append((limit.label, span, policy.statuses.get(limit.set_at or limit.start)))
    return found


def _alike(parts: Parts, view: TaskView) -> list[Head]:
    """Cases like this one; a sealed case is compared with none."""
    return [] if view.head.sealed else alike_of(parts, view.head.pack, view.head.title or "", but=view.head.case)


def _said(parts: Parts, view: TaskView, trouble: EngineError | None) -> tuple[str, list[str]] | None:
    """What went wrong, and what happened meanwhile."""
    if trouble is None:
        return None
    since = getattr(trouble, "since", ())
    with parts.store.look() as reading:
        release = parts.shelf.release(view.head.release, reading)
    teller = Teller(release, language(), names=people())
    said = told(trouble, release, view.process, people(), language())
    return said, [teller.tell(record) for record in since]


def _gone(parts: Parts, row: TaskRow, given: Given) -> tuple[str, int]:
    """The task is no longer open: who closed it and when, and what the reader had typed."""
    form = _form_of(parts, row)
    typed = [(f.label, str(given[f.name])) for f in (form.fields if form else ()) if given.get(f.name)]
    case = parts.casebook.case(row.case, g.actor)
    title = next((title for part in case.people for title in part.did if part.person == row.done_by), None)
    return render_template("gone.html", row=row, case=case, typed=typed, title=title), 409 if given else 200


def _row(parts: Parts, case: str, task: str, error: TaskNotOpen) -> TaskRow:
    """A closed task that the reader may know of.

    Raises:
        TaskNotOpen: there never was one of that name.
    """
    parts.casebook.case(case, g.actor)
    try:
        with parts.store.look() as reading:
            return reading.task(case, task)
    except TaskNotFound:
        raise error from None


def _form_of(parts: Parts, row: TaskRow) -> Form | None:
    with parts.store.look() as reading:
        release = parts.shelf.release(row.release, reading)
    return parts.shelf.form(release, row.form) if row.form else None


def _given(parts: Parts, form: Form | None, case: str, task: str | None, *, keep: bool = True) -> Given:
    def kept(upload: FileStorage) -> Mapping[str, str]:
        if keep:
            return _keep(parts, case, task, upload)
        return {"file": hashlib.sha256(upload.read()).hexdigest(), "name": upload.filename or "file"}

    return answers_of(form.fields, request.form, request.files, kept) if form else {}


def _typed(form: Form | None) -> Given:
    return answers_of(form.fields, request.form, request.files, _no_upload) if form else {}


def _no_upload(upload: FileStorage) -> Mapping[str, str]:
    return {}


def _keep(parts: Parts, case: str, task: str | None, upload: FileStorage) -> dict[str, str]:
    """Put a file to the case, once, however often the form is sent."""
    content, name = upload.read(), upload.filename or "file"
    digest = hashlib.sha256(content).hexdigest()
    with parts.store.look() as reading:
        there = any(a.file == digest and a.name == name for a in reading.attachments(case))
    if not there:
        parts.desk.attach(case, name, upload.mimetype, content, g.actor, task=task)
    return {"file": digest, "name": name}


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10

"""Tasks and new complaints: where staff do their work."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, jsonify, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from api.pages.looks import ZONE
from api.pages.reading import answers_of
from api.problems import language
from api.wiring import Parts
from engine.casebook import PackView, TaskView
from engine.desk.house_rules import checked_file
from engine.errors import EngineError
from engine.feel import Context
from forms import AnswersRefused, Form

Given = dict[str, Any]


def blueprint(parts: Parts) -> Blueprint:
    """The pages of staff."""
    pages = Blueprint("work", __name__)

    @pages.get("/cases/<case>/tasks/<task>")
    def task(case: str, task: str) -> str:
        return _task(parts, parts.casebook.task(case, task, g.actor), {}, {})

    @pages.post("/cases/<case>/tasks/<task>")
    def complete(case: str, task: str) -> Answer | str | tuple[str, int]:
        view = parts.casebook.task(case, task, g.actor)
        given = _given(parts, view, case, task)
        act = request.form.get("act", "complete")
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
                seen=int(seen) if seen.isdigit() else None,
                idempotency=request.form.get("key") or None,
            )
        except AnswersRefused as refused:
            return _task(parts, view, given, refused.in_language(language())), 422
        return redirect(f"/cases/{case}?said=done")

    @pages.post("/cases/<case>/tasks/<task>/<act>")
    def handle(case: str, task: str, act: str) -> Answer:
        if act == "claim":
            parts.desk.claim_task(case, task, g.actor)
        elif act == "release":
            parts.desk.release_task(case, task, g.actor)
            return redirect(f"/cases/{case}?said=done")
        elif act == "delegate":
            parts.desk.delegate_task(case, task, request.form.get("to", ""), g.actor, request.form.get("reason", ""))
            return redirect(f"/cases/{case}?said=done")
        return redirect(f"/cases/{case}/tasks/{task}")

    @pages.post("/cases/<case>/tasks/<task>/rules")
    def rules(case: str, task: str) -> Answer:
        view = parts.casebook.task(case, task, g.actor)
        return _rules(parts, view.form, view.document)

    @pages.get("/new")
    def choose() -> str:
        return render_template("packs.html", packs=parts.casebook.packs(g.actor))

    @pages.get("/new/<pack>")
    def blank(pack: str) -> str:
        return _intake(parts, _pack(parts, pack), {}, {})

    @pages.post("/new/<pack>")
    def receive(pack: str) -> Answer | tuple[str, int]:
        view = _pack(parts, pack)
        uploads: list[tuple[str, str, bytes]] = []
        given = answers_of(view.intake.fields, request.form, request.files, lambda upload: _later(upload, uploads))
        try:
            done = parts.desk.open_case(
                pack,
                given,
                g.actor,
                channel=request.form.get("channel", ""),
                idempotency=request.form.get("key") or None,
            )
        except AnswersRefused as refused:
            return _intake(parts, view, given, refused.in_language(language())), 422
        for name, media, content in uploads:
            parts.desk.attach(done.case, name, media, content, g.actor)
        return redirect(f"/cases/{done.case}?said=case_opened")

    @pages.post("/new/<pack>/rules")
    def intake_rules(pack: str) -> Answer:
        return _rules(parts, _pack(parts, pack).intake, {})

    return pages


def _given(parts: Parts, view: TaskView, case: str, task: str) -> Given:
    if view.form is None:
        return {}

    def keep(upload: FileStorage) -> Mapping[str, str]:
        kept = parts.desk.attach(case, upload.filename or "file", upload.mimetype, upload.read(), g.actor, task=task)
        return {"file": kept.sha256, "name": upload.filename or ""}

    return answers_of(view.form.fields, request.form, request.files, keep)


def _later(upload: FileStorage, uploads: list[tuple[str, str, bytes]]) -> Mapping[str, str]:
    """Before there is a case a file is only weighed; it is attached when the case is open."""
    content = upload.read()
    checked_file(upload.filename or "file", upload.mimetype, content)
    uploads.append((upload.filename or "file", upload.mimetype, content))
    return {"file": hashlib.sha256(content).hexdigest(), "name": upload.filename or ""}


def _task(parts: Parts, view: TaskView, given: Given, wrong: Mapping[str, list[str]]) -> str:
    case = parts.casebook.case(view.head.case, g.actor)
    values = given or view.values
    return render_template(
        "task.html", view=view, case=case, values=values, wrong=wrong, shown=_shown(parts, view.form, values, view.document),
        people=_people(parts), said=request.args.get("said"), key=_key(),
    )  # fmt: skip


def _intake(parts: Parts, view: PackView, given: Given, wrong: Mapping[str, list[str]]) -> str:
    values = given or view.intake.filled({})
    return render_template(
        "intake.html", pack=view, values=values, wrong=wrong, shown=_shown(parts, view.intake, values, {}), people=_people(parts), key=_key(),
        chosen=request.form.get("channel", ""),
    )  # fmt: skip


def _shown(parts: Parts, form: Form | None, values: Mapping[str, Any], document: Mapping[str, Any]) -> set[str]:
    if form is None:
        return set()
    context = Context(now=parts.clock.now(), zone=ZONE)
    try:
        return {field.name for field in form.shown(dict(values), document, context)}
    except EngineError:
        return {field.name for field in form.fields}


def _rules(parts: Parts, form: Form | None, document: Mapping[str, Any]) -> Answer:
    """Which fields are shown and what is computed, given what is entered so far."""
    if form is None:
        return jsonify({"shown": [], "computed": {}})
    sent = answers_of(form.fields, request.form, request.files, lambda upload: {"file": "", "name": ""})
    context = Context(now=parts.clock.now(), zone=ZONE)
    try:
        found = form.accept(sent, document=document, context=context, lang=language(), draft=True)
    except AnswersRefused:
        found = {}
    scope = {**sent, **found}
    shown = {field.name for field in form.shown(scope, document, context)}
    computed = {f.name: text for f, text in form.lines(found, language(), ZONE) if f.type == "computed"}
    return jsonify({"shown": sorted(shown), "computed": computed})


def _pack(parts: Parts, pack: str) -> PackView:
    parts.casebook.intake_form(pack)
    return next(p for p in parts.casebook.packs(g.actor) if p.pack == pack)


def _people(parts: Parts) -> list[tuple[str, str]]:
    zh = language().startswith("zh")
    with parts.store.look() as reading:
        return [(p.name, p.zh if zh else p.en) for p in reading.people() if not p.external]


def _key() -> str:
    import secrets

    return secrets.token_hex(8)

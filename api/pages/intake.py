"""New complaints: by which procedure, its intake form, and whether the same was reported before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from api.pages.alike import alike_of
from api.pages.reading import answers_of
from api.pages.sheet import rules, sheet
from api.problems import STATUS, language
from api.wiring import Parts
from engine.casebook import PackView
from engine.desk import NewFile
from engine.desk.house_rules import checked_file
from engine.errors import EngineError
from engine.shelf import not_yet_open
from forms import AnswersRefused

Given = dict[str, Any]


def blueprint(parts: Parts) -> Blueprint:
    """Registering complaints."""
    pages = Blueprint("intake", __name__, url_prefix="/new")

    @pages.get("")
    def choose() -> str:
        return render_template("packs.html", packs=parts.casebook.packs(g.actor))

    @pages.get("/<pack>")
    def blank(pack: str) -> str:
        return _page(parts, _pack(parts, pack), None)

    @pages.post("/<pack>")
    def receive(pack: str) -> Answer | str | tuple[str, int]:
        view = _pack(parts, pack)
        uploads: list[NewFile] = []
        try:
            given = answers_of(
                view.intake.fields, request.form, request.files, lambda upload: _weighed(upload, uploads)
            )
        except EngineError as error:
            typed = answers_of(view.intake.fields, request.form, request.files, lambda upload: {})
            return _page(parts, view, typed, trouble=error), STATUS.get(error.code, 422)
        if request.form.get("act") == "show" or g.get("stale"):
            return _page(parts, view, given, stale=bool(g.get("stale")))
        try:
            done = parts.desk.open_case(
                pack,
                given,
                g.actor,
                channel=request.form.get("channel", ""),
                files=uploads,
                idempotency=request.form.get("key") or None,
            )
        except AnswersRefused as refused:
            return _page(parts, view, given, refused.in_language(language())), 422
        except EngineError as error:
            return _page(parts, view, given, trouble=error), STATUS.get(error.code, 422)
        return redirect(f"/cases/{done.case}?said=case_opened")

    @pages.post("/<pack>/rules")
    def asked(pack: str) -> Response:
        view = _pack(parts, pack)
        return rules(view.intake, _document(view), parts.casebook.context(view.release))

    @pages.post("/<pack>/alike")
    def alike(pack: str) -> Response:
        """What is like a complaint that is being typed: by its subject, and by the same answers."""
        view = _pack(parts, pack)
        said = {name[2:]: text for name, text in request.form.items() if name.startswith("f.")}
        with parts.store.look() as reading:
            subject = parts.shelf.release(view.release, reading).policy.subject
        found = alike_of(parts, pack, str(said.get(subject, "")))
        repeats = parts.casebook.same(pack, said, g.actor)
        html = render_template("alike.html", heads=found, repeats=repeats) if found or repeats else ""
        return jsonify({"html": html})

    return pages


def _page(
    parts: Parts,
    view: PackView,
    given: Given | None,
    wrong: Mapping[str, list[str]] | None = None,
    *,
    trouble: EngineError | None = None,
    stale: bool = False,
) -> str:
    values = view.intake.filled({}) if given is None else given
    drawn = sheet(view.intake, values, _document(view), parts.casebook.context(view.release), wrong)
    return render_template(
        "intake.html", pack=view, sheet=drawn, key=request.form.get("key") or secrets.token_hex(8),
        chosen=_channel(view), stale=stale, trouble=(trouble.text(language()), []) if trouble else None, typed=given is not None,
    )  # fmt: skip


def _channel(view: PackView) -> str | None:
    """The channel that was chosen; the first, as long as none was."""
    chosen = request.form.get("channel", "")
    return chosen if chosen in view.channels else next(iter(view.channels), None)


def _document(view: PackView) -> dict[str, Any]:
    return not_yet_open(pack=view.pack, flow=view.flow, channel=_channel(view))


def _weighed(upload: FileStorage, uploads: list[NewFile]) -> Mapping[str, str]:
    """A file that comes with the form: kept with the case, or not at all."""
    file = NewFile(name=upload.filename or "file", content=upload.read())
    checked_file(file.name, upload.mimetype, file.content)
    uploads.append(file)
    return {"file": file.digest, "name": file.name}


def _pack(parts: Parts, pack: str) -> PackView:
    parts.casebook.intake_form(pack)
    g.pack = pack
    return next(p for p in parts.casebook.packs(g.actor) if p.pack == pack)

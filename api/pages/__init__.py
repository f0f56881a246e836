"""Pages for people: server-rendered, calm, the same rules as the API.

`door` signs in and frames every page (`again`: in the middle of a form), `worklist`, `task` and `intake` are where
staff work (`sheet`: a form on a page, `colleagues`: picking
people in it, `reading`: what a browser sends), `files` shows cases, `find` finds them by what happened, `audit` shows their past (`dossier`:
what both show), `papers` what they print, `self`
is what people set for themselves. `registers`, `reports`, `figures`, `calendars` and `releases` (`parcel`: a
pack as it is sent), `drafts`, `draft_files` and `draft_trial` belong to the
office (`office`: who finds which). `painting` draws diagrams, `looks` and `marks` say how values
look, `palette` lists what templates may use, `words` and `texts` hold every text.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from flask import Flask, Response, g, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as Answer

from api import problems
from api.pages import (
    again,
    audit,
    calendars,
    colleagues,
    door,
    draft_files,
    draft_form,
    draft_policy,
    draft_trial,
    drafts,
    figures,
    files,
    find,
    intake,
    moves,
    palette,
    papers,
    registers,
    releases,
    reports,
    self,
    task,
    worklist,
)
from api.problems import language
from api.signin import CsrfMissing, NotSignedIn, SignIn
from api.wiring import Parts
from engine.errors import EngineError

#: What a page may load: our own files and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: Forms that show again what was typed when they come from a page that is out of date.
_SHOWN_AGAIN = ("task.complete", "intake.receive")
_OPEN = ("door.show", "door.enter", "door.leave", "door.choose")


def register(app: Flask, parts: Parts, signin: SignIn) -> None:
    """Add the pages to the application."""
    palette.register(app)
    blueprints = [
        door.blueprint(parts, signin),
        worklist.blueprint(parts),
        task.blueprint(parts),
        intake.blueprint(parts),
        files.blueprint(parts),
        find.blueprint(parts),
        audit.blueprint(parts),
        papers.blueprint(parts),
        registers.blueprint(parts),
        calendars.blueprint(parts),
        releases.blueprint(parts),
        drafts.blueprint(parts),
        moves.blueprint(parts),
        draft_files.blueprint(parts),
        draft_form.blueprint(parts),
        draft_policy.blueprint(parts),
        draft_trial.blueprint(parts),
        figures.blueprint(parts),
        reports.blueprint(parts),
        colleagues.blueprint(parts),
        self.blueprint(parts, signin),
    ]
    names = {b.name for b in blueprints}
    for blueprint in blueprints:

        @blueprint.before_request
        def _who() -> Answer | tuple[str, int] | None:
            g.parts = parts
            if request.endpoint in _OPEN:
                g.language = request.cookies.get("lang")
                return None
            try:
                signin.actor(request)
            except NotSignedIn:
                if request.method == "POST" and "X-CSRF-Token" not in request.headers:
                    return door.form(parts, None, text=again.kept(request)), 401
                return redirect(f"/signin?next={quote(request.full_path.rstrip('?'))}")
            except CsrfMissing:
                if request.endpoint not in _SHOWN_AGAIN:
                    if text := again.outdated(request):
                        return again.page(request.full_path.rstrip("?"), text), 403
                    raise
                # The form is shown again with what was typed; nothing is done until it is sent from there.
                g.stale = True
            if request.method == "GET" and request.args.get("lang") in ("zh", "en"):
                g.language = request.args["lang"]  # a paper in the other language
            # Reasons and explanations are told in the language of the page.
            g.actor = replace(g.actor, locale=language())
            return None

        @blueprint.errorhandler(EngineError)
        def _refused(error: EngineError) -> Response:
            return door.refused(error, problems.STATUS.get(error.code, 422))

        app.register_blueprint(blueprint)

    @app.before_request
    def _unknown() -> None:
        # An address that nobody knows belongs to no page; its reader has a language all the same.
        if request.blueprint is None:
            g.language = request.cookies.get("lang")

    @app.context_processor
    def _frame() -> dict[str, object]:
        return door.within(parts) if request.blueprint in names else {}

    @app.get("/static/<any(styles, scripts, dist):folder>/<path:file>")
    def static_file(folder: str, file: str) -> Response:
        answer = send_from_directory(parts.settings.web / folder, file)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    @app.after_request
    def _policy(answer: Response) -> Response:
        if answer.mimetype == "application/problem+json" and _for_people():
            answer = _as_page(parts, answer)
        styles = g.get("styles", "")
        policy = POLICY.replace("style-src 'self'", f"style-src 'self' {styles}") if styles else POLICY
        answer.headers.setdefault("Content-Security-Policy", policy)
        if request.blueprint in names:
            answer.headers["Cache-Control"] = "no-store"
        return answer


def _for_people() -> bool:
    """Whether an error is read by a person: everything but the API, where a page was asked for."""
    return (
        not request.path.startswith("/api/")
        and request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    )


def _as_page(parts: Parts, answer: Response) -> Response:
    """An error that was found before any page was reached, as a page."""
    g.parts = parts
    title = (answer.get_json() or {}).get("title", "")
    page = Response(
        render_template("error.html", **door.within(parts), said=title, back="/"), status=answer.status_code
    )
    page.headers.extend((k, v) for k, v in answer.headers if k not in ("Content-Type", "Content-Length"))
    return page

"""Pages for people: server-rendered, calm, the same rules as the API.

`door` signs in and frames every page, `work` is where staff work, `files` shows cases, `self` is what people
set for themselves; `painting` draws diagrams, `looks` and `marks` say how values look, `palette` lists what templates
may use, `words` and `texts` hold every text.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, g, redirect, request, send_from_directory
from werkzeug.wrappers import Response as Answer

from api import problems
from api.pages import door, files, palette, self, work, worklist
from api.signin import NotSignedIn, SignIn
from api.wiring import Parts
from engine.errors import EngineError

#: What a page may load: our own files and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_OPEN = ("door.show", "door.enter", "door.leave", "door.choose")


def register(app: Flask, parts: Parts, signin: SignIn) -> None:
    """Add the pages to the application."""
    palette.register(app)
    blueprints = [
        door.blueprint(parts, signin),
        worklist.blueprint(parts),
        work.blueprint(parts),
        files.blueprint(parts),
        self.blueprint(parts, signin),
    ]
    names = {b.name for b in blueprints}
    for blueprint in blueprints:

        @blueprint.before_request
        def _who() -> Answer | None:
            g.parts = parts
            if request.endpoint in _OPEN:
                g.language = request.cookies.get("lang")
                return None
            try:
                signin.actor(request)
            except NotSignedIn:
                return redirect(
                    f"/signin?next={quote(request.full_path.rstrip('?') if request.method == 'GET' else '/')}"
                )
            return None

        @blueprint.errorhandler(EngineError)
        def _refused(error: EngineError) -> Response:
            return door.refused(error, problems.STATUS.get(error.code, 422))

        app.register_blueprint(blueprint)

    @app.context_processor
    def _frame() -> dict[str, object]:
        return door.within(parts) if request.blueprint in names else {}

    @app.get("/static/<path:file>")
    def static_file(file: str) -> Response:
        answer = send_from_directory(parts.settings.web, file)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    @app.after_request
    def _policy(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        if request.blueprint in names:
            answer.headers["Cache-Control"] = "no-store"
        return answer

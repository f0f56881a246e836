"""The web application: REST, pages, health and metrics over the same parts."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask, Response, jsonify

from api import logs, problems, watching
from api.openapi import describe
from api.readable import ReadableJson
from api.rest import (
    calendars,
    cases,
    clock,
    drafts,
    figures,
    handling,
    moves,
    packs,
    papers,
    people,
    session,
    tasks,
    upkeep,
)
from api.rest.endpoint import Operation
from api.signin import SignIn
from api.wiring import Parts

#: Largest request, attachments included.
LARGEST = 25 * 1024 * 1024


#: Papers first: their addresses end in what others leave open.
_ROOMS = (papers, cases, handling, tasks, packs, drafts, moves, figures, people, session, clock, calendars, upkeep)


def operations() -> list[Operation]:
    """Every operation of the API."""
    return [operation for room in _ROOMS for operation in room.api.operations]


@cache
def description() -> dict[str, Any]:
    """What the API says of itself; the same for every application, and made when somebody asks."""
    return describe(operations())


def create(parts: Parts, signin: SignIn | None = None) -> Flask:
    """The application over these parts."""
    import api.pages as pages

    app = Flask("kesu", static_folder=None, template_folder=str(parts.settings.web / "templates"))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.json = ReadableJson(app)
    signin = signin or SignIn(parts)
    every = operations()
    for module in _ROOMS:
        blueprint = module.api.blueprint(parts, signin, every)
        app.register_blueprint(blueprint, name=module.__name__.rpartition(".")[2])
    problems.register(app)
    logs.register(app)
    _describe(app)
    watching.register(app, parts, signin)
    pages.register(app, parts, signin)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return app


def _describe(app: Flask) -> None:
    @app.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(description())

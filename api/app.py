"""The web application: REST, pages, health and metrics over the same parts."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from api import logs, problems
from api.openapi import describe
from api.rest import cases, installation, tasks
from api.signin import SignIn
from api.wiring import Parts
from engine.errors import EngineError

#: Largest request, attachments included.
LARGEST = 25 * 1024 * 1024


def create(parts: Parts, signin: SignIn | None = None) -> Flask:
    """The application over these parts."""
    import api.pages as pages

    app = Flask("kesu", static_folder=None, template_folder=str(parts.settings.web / "templates"))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    signin = signin or SignIn(parts)
    operations = [o for module in (cases, tasks, installation) for o in module.api.operations]
    for module in (cases, tasks, installation):
        blueprint = module.api.blueprint(parts, signin)
        app.register_blueprint(blueprint, name=module.__name__.rpartition(".")[2])
    problems.register(app)
    logs.register(app)
    _operation_routes(app, parts, describe(operations))
    pages.register(app, parts, signin)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return app


def _operation_routes(app: Flask, parts: Parts, description: dict[str, Any]) -> None:
    @app.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(description)

    @app.get("/health/live")
    def live() -> Response:
        return jsonify({"alive": True})

    @app.get("/health", endpoint="health")
    @app.get("/health/ready")
    def ready() -> tuple[Response, int]:
        return _health(parts, deep=False)

    @app.get("/health/deep")
    def deep() -> tuple[Response, int]:
        return _health(parts, deep=True)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(_metrics(parts), mimetype="text/plain; version=0.0.4")


def _health(parts: Parts, *, deep: bool) -> tuple[Response, int]:
    facts: dict[str, Any] = {"now": parts.clock.now().isoformat(), "waker": parts.waker.well}
    try:
        with parts.store.look() as reading:
            queue = reading.queue()
            facts |= {"database": True, "oldest_due_seconds": queue.age.total_seconds(), "parked": queue.parked}
    except EngineError as error:
        facts |= {"database": False, "why": error.text("en")}
    well = bool(facts["database"]) and (not deep or parts.waker.well or parts.stopped_clock is not None)
    return jsonify({"well": well, **facts}), 200 if well else 503


def _metrics(parts: Parts) -> bytes:
    registry = CollectorRegistry()
    with parts.store.look() as reading:
        queue = reading.queue()
    for name, said, value in (
        ("kesu_job_ready_count", "Jobs due and not begun", queue.ready),
        ("kesu_job_waiting_count", "Jobs waiting", queue.waiting),
        ("kesu_job_parked_count", "Jobs given up", queue.parked),
        ("kesu_job_oldest_ready_age_seconds", "Age of the oldest due job", queue.age.total_seconds()),
        ("kesu_scheduler_last_tick_age_seconds", "Since the waker last ticked", parts.waker.silent_for),
    ):
        Gauge(name, said, registry=registry).set(value)
    return generate_latest(registry)

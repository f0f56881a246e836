"""Logs for machines and people: an event with a static name, its facts beside it. Never answers, never names of complainants."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

log = logging.getLogger("kesu.http")

#: Attributes every record has; what else it carries are facts of the event.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: Paths that are asked every few seconds by machines.
_QUIET = ("/health", "/metrics", "/static")


class Lines(logging.Formatter):
    """One line for each event: `time level logger event key=value …`, or one JSON object."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._json = form == "json"

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback is a fact of the event, on the same line in JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        facts: dict[str, Any] = {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        event = record.getMessage()
        if self._json:
            whole = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": event, **facts}
            return json.dumps(whole, ensure_ascii=False, default=str)
        tail = "".join(f" {name}={_said(value)}" for name, value in facts.items() if name != "error")
        return f"{at} {record.levelname} {record.name} {event}{tail}" + (
            f"\n{facts['error']}" if "error" in facts else ""
        )


def begin(form: str, level: str) -> None:
    """Send the events of the process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(form))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for library in ("apscheduler", "alembic", "waitress.queue"):
        logging.getLogger(library).setLevel(logging.WARNING)


def register(app: Flask) -> None:
    """Log every request when it was answered: what was asked and how long it took, never what was said."""

    @app.before_request
    def _begun() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def _answered(response: Response) -> Response:
        if not request.path.startswith(_QUIET):
            # The rule, not the address: a search or a name in it is nobody's business.
            rule = request.url_rule.rule if request.url_rule else "(none)"
            facts = {"method": request.method, "rule": rule, "status": response.status_code, "ms": _since_begun()}
            if request.view_args:
                facts |= {k: v for k, v in request.view_args.items() if k in ("case", "task", "pack")}
            log.info("request_answered", extra=facts)
        return response


def _since_begun() -> float:
    begun: float = g.get("begun", time.perf_counter())
    return round((time.perf_counter() - begun) * 1000, 1)


def _said(value: Any) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(c in text for c in ' "=\n') else text

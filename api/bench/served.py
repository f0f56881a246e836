"""The process whose CPU the bench reads: the real application, on a clock that stands where the bench began.

With `bare` instead of a database it is the baseline: the same server and framework taking the same request, and
nothing of Kesu behind it.
"""

from __future__ import annotations

import sys
from datetime import datetime

import waitress
from flask import Flask, Response, jsonify, request

from api.app import create
from api.settings import Settings
from api.wiring import build
from engine.clock import StoppedClock


def main(database: str, port: str, begin: str) -> None:
    """Serve until ended."""
    app = _bare() if database == "bare" else _kesu(database, begin)
    server = waitress.create_server(app, host="127.0.0.1", port=int(port), threads=4)
    print("ready", flush=True)
    server.run()


def _kesu(database: str, begin: str) -> Flask:
    parts = build(Settings.load({"database": database}, {}), clock=StoppedClock(datetime.fromisoformat(begin)))
    return create(parts)


def _bare() -> Flask:
    app = Flask("bare")

    @app.route("/<path:anything>", methods=["GET", "POST"])
    def answer(anything: str) -> Response:
        return jsonify({"at": anything, "said": request.get_json(silent=True)})

    return app


if __name__ == "__main__":
    main(*sys.argv[1:])

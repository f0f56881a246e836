"""The process whose CPU the bench reads: the real application, on a clock that stands where the bench began."""

from __future__ import annotations

import sys
from datetime import datetime

import waitress

from api.app import create
from api.settings import Settings
from api.wiring import build
from engine.clock import StoppedClock


def main(database: str, port: str, begin: str) -> None:
    """Serve until ended."""
    parts = build(Settings.load({"database": database}, {}), clock=StoppedClock(datetime.fromisoformat(begin)))
    server = waitress.create_server(create(parts), host="127.0.0.1", port=int(port), threads=4)
    print("ready", flush=True)
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])

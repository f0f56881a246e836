"""`kesu serve`: the real thing. The first start makes everything and prints the administrator's password once."""

from __future__ import annotations

import argparse
import logging
import secrets
import signal
import sys
from typing import Any

import waitress

from api.app import create
from api.settings import Settings
from api.signin import SignIn
from api.wiring import Parts, build
from engine.store import Person

VERSION = "0.1.0"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("serve", help="serve pages and API")
    parser.add_argument("--database", help="sqlite:///file or postgresql://…")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument(
        "--simulated-clock", action="store_true", default=None, help="time moves by POST /api/v1/clock only"
    )
    parser.add_argument("--start", help="first instant of the simulated clock")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    settings = Settings.load(
        {
            "database": args.database,
            "host": args.host,
            "port": args.port,
            "simulated_clock": args.simulated_clock,
            "start": args.start,
        }
    )
    parts = build(settings)
    parts.store.create()
    parts.store.become_node(settings.node, version=VERSION)
    signin = SignIn(parts)
    for pack in parts.publishing.bootstrap(settings.bpmn, settings.forms):
        print(f"已发布 published: {pack}")
    first_administrator(parts, signin)
    return listen(parts, signin)


def first_administrator(parts: Parts, signin: SignIn) -> None:
    """Make the first administrator, where there is nobody yet, and say the password once."""
    with parts.store.look() as reading:
        if reading.people(active=None):
            return
    password = secrets.token_urlsafe(12)
    with parts.store.begin() as tx:
        tx.put_person(
            Person(
                name="admin",
                zh="管理员",
                en="Administrator",
                password=signin.hash(password),
                memberships=frozenset({"*/admin", "*/owner"}),
            )
        )
    print(f"管理员 administrator: admin  密码 password (shown once): {password}")


def listen(parts: Parts, signin: SignIn) -> int:
    """Answer requests and keep time until a signal comes."""
    settings = parts.settings
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    server = waitress.create_server(
        create(parts, signin), host=settings.host, port=settings.port, threads=settings.threads, ident="kesu"
    )
    if parts.stopped_clock is None:
        parts.waker.start()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    print(f"http://{settings.host}:{settings.port}/", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        parts.close()
    return 0

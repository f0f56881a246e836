"""`kesu serve`: the real thing. The first start makes everything and prints the administrator's password once."""

from __future__ import annotations

import argparse
import errno
import logging
import secrets
import signal
import socket
from typing import Any

import waitress

from api import logs
from api.app import create
from api.settings import Settings, described
from api.signin import SignIn
from api.wiring import VERSION, Parts, build
from engine.clock import SimulatedClock
from engine.errors import EngineError
from engine.store import Person

log = logging.getLogger("kesu.serve")


class AddressInUse(EngineError):
    """Another program listens on {host}:{port} already. Stop it, or choose another port with --port (0 takes any that is free)."""

    zh = "{host}:{port} 已被其他程序占用。请将其停止，或用 --port 另选端口（0 表示任选空闲端口）。"


class AddressUnusable(EngineError):
    """It is not possible to listen on {host}:{port}: {why}"""

    zh = "无法在 {host}:{port} 上监听：{why}"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "serve",
        help="serve pages and API 启动服务",
        description="Serve pages and API. The first start creates the database, publishes the packs of bpmn/packs and "
        "prints an administrator's password once. Every option is also a setting: KESU_PORT=9000, or in a TOML file "
        "named by KESU_CONFIG.",
    )
    parser.add_argument("--database", help="sqlite:///file or postgresql://user:password@host/name")
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (8080); 0 takes any that is free")
    parser.add_argument(
        "--simulated-clock", action="store_true", default=None, help="time moves by POST /api/v1/clock only"
    )
    parser.add_argument("--start", help="first instant of the simulated clock, ISO 8601 with zone")
    parser.add_argument("--settings", action="store_true", help="list all settings with their defaults and stop")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if args.settings:
        for name, default, doc in described():
            print(f"{name}={default}\n    {doc}")
        return 0
    settings = Settings.load(
        {
            "database": args.database,
            "host": args.host,
            "port": args.port,
            "simulated_clock": args.simulated_clock,
            "start": args.start,
        }
    )
    need_port(settings)
    parts, signin = begun(settings)
    return listen(parts, signin)


def begun(settings: Settings) -> tuple[Parts, SignIn]:
    """A service that is ready to listen: tables made, packs and calendars in force, reports ordered, an administrator there.

    Each of these is done where it is not done yet, so a first start that was cut short is taken up by the next.

    Raises:
        SecondNode, SchemaTooNew, StoreUnreachable, Refused: a shipped pack does not pass the gate.
    """
    parts = build(settings)
    try:
        parts.store.create()
        parts.take_up_time()
        parts.store.become_node(settings.node, version=VERSION)
        signin = SignIn(parts)
        for pack in parts.publishing.bootstrap(settings.bpmn, settings.forms):
            print(f"已发布 published: {pack}", flush=True)
        parts.almanac.bootstrap(settings.bpmn / "shared" / "calendars")
        parts.duties.order_all()
        first_administrator(parts, signin)
    except BaseException:
        parts.store.close()
        raise
    return parts, signin


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
    print(f"管理员 administrator: admin  密码（只显示一次） password (shown once): {password}", flush=True)


def need_port(settings: Settings) -> None:
    """Say at once that the port is taken, before anything is made.

    Raises:
        AddressInUse, AddressUnusable.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise _told(settings, error) from error


def listen(parts: Parts, signin: SignIn) -> int:
    """Answer requests and keep time until a signal comes; what is being answered is answered to its end."""
    settings = parts.settings
    logs.begin(settings.log_format, settings.log_level)
    try:
        server = waitress.create_server(
            create(parts, signin), host=settings.host, port=settings.port, threads=settings.threads, ident="kesu"
        )
    except OSError as error:
        parts.close()
        raise _told(settings, error) from error
    if _time_goes_on(parts):
        parts.waker.start()

    def stop(*_: object) -> None:
        # A second signal must not tear what the first one is putting away.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    port = getattr(server, "effective_port", settings.port)
    print(f"http://{settings.host}:{port}/", flush=True)
    log.info("service_started", extra={"node": settings.node, "port": port, "version": VERSION})
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        parts.close()
        log.info("service_stopped", extra={"node": settings.node})
    return 0


def _time_goes_on(parts: Parts) -> bool:
    clock = parts.stopped_clock
    return clock is None or (isinstance(clock, SimulatedClock) and clock.goes_on)


def _told(settings: Settings, error: OSError) -> EngineError:
    if error.errno == errno.EADDRINUSE:
        return AddressInUse(host=settings.host, port=settings.port)
    return AddressUnusable(host=settings.host, port=settings.port, why=error.strerror or error)

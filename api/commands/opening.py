"""What several commands share: the database from their options, opened and given back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.settings import Settings
from api.wiring import Parts, build
from engine.errors import EngineError


class NoDatabase(EngineError):
    """There is no database {file}. Name another with --database or KESU_DATABASE; `kesu serve` makes a new one."""

    zh = "没有数据库 {file}。请用 --database 或 KESU_DATABASE 指定；kesu serve 会新建一个。"


def add_database(parser: argparse.ArgumentParser) -> None:
    """The option that says which database."""
    parser.add_argument(
        "--database",
        metavar="URL",
        help="sqlite:///file or postgresql://user:password@host/name (else KESU_DATABASE, else sqlite:///kesu.db)",
    )


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Parts]:
    """The parts on the database of the options, given back at the end; see `parts_of`."""
    parts = parts_of(args)
    try:
        yield parts
    finally:
        parts.store.close()


def parts_of(args: argparse.Namespace) -> Parts:
    """The parts on the database of the options. It must be there and of this version: only `serve` makes or changes one.

    Raises:
        NoDatabase, StoreNotCreated, SchemaTooOld, SchemaTooNew.
    """
    settings = Settings.load({"database": args.database})
    need_file(settings.database)
    parts = build(settings)
    try:
        parts.store.need_current()
    except EngineError:
        parts.store.close()
        raise
    return parts


def need_file(url: str) -> None:
    """Raise where the file of an SQLite database does not exist: opening it would make an empty one."""
    file = file_of(url)
    if file is not None and not file.is_file():
        raise NoDatabase(file=file)


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for others."""
    scheme, _, path = url.partition(":///")
    return Path(path) if scheme.startswith("sqlite") and path else None


def alone(parts: Parts) -> None:
    """Be the only process at work on an SQLite file; on PostgreSQL several may be.

    Raises:
        SecondNode: the service runs on it.
    """
    if parts.store.sqlite:
        parts.store.become_node("kesu", version="-")
        with parts.store.begin() as tx:
            tx.drop_node("kesu")

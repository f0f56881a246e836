"""`kesu backup` and `kesu restore`: a copy of everything as of one moment, and back, each proved."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.commands.capsule import FileExists
from api.commands.opening import NoDatabase, add_database, opened
from api.commands.proving import prove
from api.settings import Settings
from api.wiring import Parts, build
from engine.clock import SystemClock
from engine.errors import EngineError
from engine.store import SchemaTooOld, Store, copy


class CopyDiffers(EngineError):
    """The copy does not prove itself: {said}"""

    zh = "副本未通过校验：{said}"


def add(commands: Any) -> None:
    """Declare the commands."""
    save = commands.add_parser(
        "backup",
        help="copy everything into a file while work goes on 备份",
        description="Copy the whole database, as of one moment, into a new SQLite file while the service goes on. The copy is "
        "proved (every history re-executed) and only then gets its name. Files attached to cases are in it.",
    )
    save.add_argument("file", type=Path, help="the file to make; it must not exist")
    save.add_argument("--unproved", action="store_true", help="do not re-execute the histories of the copy")
    add_database(save)
    save.set_defaults(run=run_backup)
    back = commands.add_parser(
        "restore",
        help="put a backup into an empty database 恢复",
        description="Prove a backup and copy it into a database that does not exist yet or is empty: SQLite or PostgreSQL. "
        "This is also the way from SQLite to PostgreSQL.",
    )
    back.add_argument("file", type=Path, help="a file made by kesu backup")
    back.add_argument("--unproved", action="store_true", help="do not re-execute the histories")
    add_database(back)
    back.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace) -> int:
    """Copy, prove, name."""
    target: Path = args.file
    if target.exists():
        raise FileExists(file=target)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with opened(args) as parts:
        try:
            rows, cases = _copied(parts, f"sqlite:///{unfinished}", proved=not args.unproved)
            os.replace(unfinished, target)
        finally:
            for leftover in (unfinished, *(Path(f"{unfinished}{end}") for end in ("-wal", "-shm", ".node"))):
                leftover.unlink(missing_ok=True)
    print(f"{target}: rows={rows} cases={cases} {'copied' if args.unproved else 'verified'}")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Prove the backup, copy it, prove the copy."""
    if not args.file.is_file():
        raise NoDatabase(file=args.file)
    settings = Settings.load({"database": args.database})
    with _of_this_version(args.file) as file:
        args.database = f"sqlite:///{file}"
        with opened(args) as parts:
            rows, cases = _copied(parts, settings.database, proved=not args.unproved)
    print(f"rows={rows} cases={cases} {'copied' if args.unproved else 'verified'}")
    return 0


@contextmanager
def _of_this_version(file: Path) -> Iterator[Path]:
    """The backup; of one that an earlier version made, a copy that is brought up to this one: the file stays as it is."""
    if not _is_older(file):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="kesu-restore-") as folder:
        copied = Path(shutil.copyfile(file, Path(folder) / file.name))
        store = Store(f"sqlite:///{copied}", clock=SystemClock())
        try:
            store.create()
        finally:
            store.close()
        yield copied


def _is_older(file: Path) -> bool:
    store = Store(f"sqlite:///{file}", clock=SystemClock())
    try:
        store.need_current()
    except SchemaTooOld:
        return True
    except EngineError:
        return False  # whoever opens it says what is wrong with it
    finally:
        store.close()
    return False


def _copied(source: Parts, url: str, *, proved: bool) -> tuple[int, int]:
    target = build(Settings.load({"database": url}), clock=source.clock)
    try:
        rows = sum(copy(source.store, target.store).values())
        with target.store.begin() as tx:
            cases = tx.every_history()
        for case in cases if proved else ():
            if (said := prove(target, case).said) is not None:
                raise CopyDiffers(said=f"{case}: {said}")
        return rows, len(cases)
    finally:
        target.store.settle()
        target.store.close()

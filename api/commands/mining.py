"""`kesu log`: cases as an event log for process mining."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from api.commands.capsule import FileExists
from api.commands.opening import add_database, opened
from engine.authority import Actor
from engine.store import CaseQuery

_READER = Actor(name="kesu log", memberships=frozenset({"*/auditor"}))


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "log",
        help="cases as an event log for process mining: XES or OCEL 2.0 事件日志",
        description="Writes what happened in all cases, step by step, as process-mining tools read it. Answers and personal "
        "data of complainants are not in it; the user names of staff are. Sealed cases are left out.",
    )
    parser.add_argument("--format", choices=("xes", "ocel"), default="xes")
    parser.add_argument("--pack", help="only cases of this pack")
    parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="opened on this day or later")
    parser.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="opened before this day")
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("Asia/Shanghai"), help="zone of these days (Asia/Shanghai)")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the activities (zh)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    add_database(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the log."""
    if args.out is None:
        _write(args, sys.stdout.buffer)
        return 0
    try:
        with args.out.open("xb") as file:
            _write(args, file)
    except FileExistsError as error:
        raise FileExists(file=args.out) from error
    print(f"{args.out}: {args.out.stat().st_size} bytes")
    return 0


def _write(args: argparse.Namespace, file: BinaryIO) -> None:
    from api.mining import FORMATS, logged

    query = CaseQuery(pack=args.pack, since=_begins(args.since, args.zone), until=_begins(args.until, args.zone), oldest_first=True)
    with opened(args) as parts:
        for piece in FORMATS[args.format].write(logged(parts, query, _READER, args.lang)):
            file.write(piece)


def _begins(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time.min, zone) if day else None

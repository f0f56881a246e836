"""`kesu calendar` and `kesu jobs`: calendars by version, what a change would move, re-planning; jobs that were given up."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from api.commands.opening import add_database, parts_of
from api.wiring import Parts
from engine import calendar as calendars
from engine.authority import Actor


def add(commands: Any) -> None:
    """Declare the commands."""
    group = commands.add_parser("calendar", help="calendars: list, show, propose, effect, publish, replan, unpublished")
    verbs = group.add_subparsers(dest="verb", required=True, metavar="verb")
    _verb(verbs, "list", run_list, "every version of every calendar")
    show = _verb(verbs, "show", run_show, "a calendar as a file", "name")
    show.add_argument("--version", help="default: the one in force")
    show.add_argument("--ical", action="store_true", help="its special days as iCalendar")
    hand_in = _verb(verbs, "propose", run_propose, "hand in a file: .toml, or .ics laid over the calendar in force")
    hand_in.add_argument("file", type=Path)
    hand_in.add_argument("--name", help="the calendar an .ics file is laid over")
    hand_in.add_argument("--by", required=True)
    hand_in.add_argument("--note", default="")
    look = _verb(verbs, "effect", run_effect, "which open deadlines a version would move", "name", "version")
    look.add_argument("--by", required=True, help="who looks")
    force = _verb(verbs, "publish", run_publish, "put a version in force", "name", "version")
    again = _verb(verbs, "replan", run_replan, "let every open case count by the version in force", "name")
    for parser in (force, again):
        parser.add_argument("--by", required=True)
        parser.add_argument("--reason", required=True)
    rest = _verb(verbs, "unpublished", run_unpublished, "deadlines that rest on years that were not published")
    rest.add_argument("--by", required=True, help="who looks")

    jobs = commands.add_parser("jobs", help="jobs that were given up: list, resume, drop").add_subparsers(
        dest="verb", required=True, metavar="verb"
    )
    _verb(jobs, "list", run_jobs, "how the queue stands").add_argument("--by", required=True)
    for verb, run in (("resume", run_resume), ("drop", run_drop)):
        parser = _verb(jobs, verb, run, "by number, with a reason that is put down")
        parser.add_argument("job", type=int)
        parser.add_argument("--by", required=True)
        parser.add_argument("--reason", required=True)


def _verb(verbs: Any, name: str, run: Any, said: str, *names: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=said)
    for argument in names:
        parser.add_argument(argument)
    add_database(parser)
    parser.set_defaults(run=run)
    return parser


def _opened(args: argparse.Namespace) -> Parts:
    parts = parts_of(args)
    parts.almanac.bootstrap(parts.settings.bpmn / "shared" / "calendars")
    return parts


def _actor(parts: Parts, name: str) -> Actor:
    with parts.store.look() as reading:
        person = reading.person(name)
    return Actor(name=person.name, memberships=person.memberships)


def run_list(args: argparse.Namespace) -> int:
    """Print the versions."""
    for row in _opened(args).almanac.versions():
        force = "现行 in force" if row.in_force else "         "
        print(f"{row.name:12} {row.version} {force}  {row.made:%Y-%m-%d} {row.made_by} {row.note}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print a calendar."""
    row, found = _opened(args).almanac.version(args.name, args.version)
    sys.stdout.write((calendars.to_ical(found) if args.ical else row.source).decode())
    return 0


def run_propose(args: argparse.Namespace) -> int:
    """Hand in a file; prints its version."""
    parts = _opened(args)
    kind = "ical" if args.file.suffix.lower() == ".ics" else "toml"
    row = parts.almanac.propose(
        args.file.read_bytes(), _actor(parts, args.by), note=args.note, name=args.name, kind=kind
    )
    print(f"{row.name} {row.version}")
    return 0


def run_effect(args: argparse.Namespace) -> int:
    """Print what would move."""
    parts = _opened(args)
    found = parts.almanac.effect(args.name, args.version, _actor(parts, args.by))
    for move in found.moves:
        print(f"{move.case:10} {move.deadline:16} {move.before:%Y-%m-%d %H:%M} → {move.after:%Y-%m-%d %H:%M} UTC")
    print(f"cases={found.cases} moving={found.moving} packs={','.join(found.packs) or '-'}")
    for pack, said in found.packs.items():
        for text in said:
            print(f"{pack}: {text}", file=sys.stderr)
    return 0


def run_publish(args: argparse.Namespace) -> int:
    """Put in force; prints the packs that were released anew."""
    parts = _opened(args)
    packs = parts.almanac.publish(args.name, args.version, args.reason, _actor(parts, args.by))
    print(f"packs={','.join(packs) or '-'}")
    return 0


def run_replan(args: argparse.Namespace) -> int:
    """Order the re-plan; the running service carries it out."""
    parts = _opened(args)
    print(f"cases={parts.almanac.replan(args.name, args.reason, _actor(parts, args.by))}")
    return 0


def run_unpublished(args: argparse.Namespace) -> int:
    """Print the deadlines."""
    parts = _opened(args)
    found = parts.almanac.resting_on_unpublished(_actor(parts, args.by))
    for one in found:
        years = ",".join(map(str, one.years))
        print(f"{one.case:10} {one.deadline:16} {one.due:%Y-%m-%d %H:%M} UTC  {one.calendar} {one.version}  {years}")
    print(f"deadlines={len(found)}")
    return 0


def run_jobs(args: argparse.Namespace) -> int:
    """Print the queue."""
    parts = parts_of(args)
    queue, given_up = parts.mending.given_up(_actor(parts, args.by))
    for job in given_up:
        print(f"{job.id:<8} {job.kind:9} {job.case or '-':10} {job.key}  {job.error or ''}")
    print(f"waiting={queue.waiting} ready={queue.ready} leased={queue.leased} given_up={queue.parked}")
    return 0


def run_resume(args: argparse.Namespace) -> int:
    """Let a job be tried again."""
    parts = parts_of(args)
    parts.mending.resume(args.job, args.reason, _actor(parts, args.by))
    return 0


def run_drop(args: argparse.Namespace) -> int:
    """Take a job off the queue."""
    parts = parts_of(args)
    parts.mending.drop(args.job, args.reason, _actor(parts, args.by))
    return 0

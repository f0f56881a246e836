"""`kesu erase`: destroy the key of a person in a case, on request; or say whose data a case holds."""

from __future__ import annotations

import argparse
from typing import Any

from api.commands.opening import add_database, opened
from engine.authority import Actor


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "erase",
        help="erase a person's data from a case 删除个人信息",
        description="Destroys the key of a person in a case, the files about them, and what search knew of them; history and proof "
        "still hold. Without PERSON it says whose data the case holds. It cannot be undone; backups made before still hold the key.",
    )
    parser.add_argument("case")
    parser.add_argument("person", nargs="?", help='as the case calls them: "complainant", say')
    parser.add_argument("--by", required=True, help="the administrator who answers for it")
    parser.add_argument("--reason", default="", help="put down in the history")
    add_database(parser)
    parser.set_defaults(run=run_erase)


def run_erase(args: argparse.Namespace) -> int:
    """Erase, or list."""
    with opened(args) as parts:
        with parts.store.look() as reading:
            person = reading.person(args.by)
        actor = Actor(name=person.name, memberships=person.memberships)
        if args.person:
            done = parts.desk.erase(args.case, args.person, args.reason, actor)
            parts.store.settle()
            print(f"{args.case}: {args.person} erased, event {done.seq}")
            return 0
        for one in parts.casebook.erasable(args.case, actor):
            fields = ", ".join(label.en for label in one.fields)
            print(f"{one.of:<20} {'erased' if one.erased else 'readable':<10} {fields}")
        return 0

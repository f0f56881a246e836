"""What several commands share: settings from their options."""

from __future__ import annotations

import argparse

from api.settings import Settings
from api.wiring import Parts, build


def add_database(parser: argparse.ArgumentParser) -> None:
    """The option that says which database."""
    parser.add_argument("--database", help="sqlite:///file or postgresql://…; default: the setting KESU_DATABASE")


def opened(args: argparse.Namespace) -> Parts:
    """The parts on the database of the options, brought up to this version."""
    parts = build(Settings.load({"database": args.database}))
    parts.store.create()
    return parts

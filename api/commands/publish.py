"""`kesu check` and `kesu publish`: the gate on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.commands.opening import add_database, opened
from api.settings import Settings
from engine.authority import Actor
from engine.findings import Finding, errors
from engine.gate import check_apart, check_files_apart
from engine.release import gather


def add(commands: Any) -> None:
    """Declare the commands."""
    judge = commands.add_parser("check", help="say everything that bars a pack, or some files")
    judge.add_argument("path", type=Path, help="folder of a pack; or a diagram, table or form, or a folder of them")
    judge.set_defaults(run=run_check)
    force = commands.add_parser("publish", help="put the files of a pack in force")
    force.add_argument("pack", type=Path, help="folder of the pack")
    force.add_argument("--by", required=True, help="who hands it in")
    force.add_argument("--second", required=True, help="who publishes it: the second pair of eyes")
    add_database(force)
    force.set_defaults(run=run_publish)


def run_check(args: argparse.Namespace) -> int:
    """Print the findings; returns 1 when something bars the pack."""
    if (args.path / "pack.yaml").is_file():
        checked = check_apart(files_of(args.path))
        _tell(checked.findings)
        print(checked.release.digest if checked.release else "refused")
        return 0 if checked.passes else 1
    files = {str(p): p.read_bytes() for p in _files(args.path)}
    if not files:
        print(f"{args.path}: no pack.yaml, no .bpmn, .dmn or .yaml file", file=sys.stderr)
        return 2
    findings = check_files_apart(files)
    _tell(findings)
    print("refused" if errors(findings) else f"nothing bars these {len(files)} files by themselves")
    return 1 if errors(findings) else 0


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.suffix in (".bpmn", ".dmn", ".yaml") and p.is_file())


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print(f"{finding.severity}: {finding.text('zh')}\n       {finding.text('en')}")


def run_publish(args: argparse.Namespace) -> int:
    """Hand in and publish, by two persons."""
    parts = opened(args)
    people: list[Actor] = []
    for name in (args.by, args.second):
        with parts.store.look() as reading:
            person = reading.person(name)
        people.append(Actor(name=person.name, memberships=person.memberships))
    checked = parts.publishing.propose(files_of(args.pack), people[0])
    assert checked.release is not None
    parts.publishing.publish(checked.release.digest, people[1])
    print(checked.release.digest, file=sys.stdout)
    return 0


def files_of(pack: Path) -> dict[str, bytes]:
    """The files of a pack's folder and what it reaches in the shared ones."""
    settings = Settings.load({})
    return gather(pack, settings.bpmn / "shared", settings.forms)

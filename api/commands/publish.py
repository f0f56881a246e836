"""`kesu check` and `kesu publish`: the gate on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.commands.opening import add_database, opened
from api.settings import Settings
from api.wiring import Parts
from engine.authority import Actor
from engine.errors import EngineError
from engine.findings import Finding, errors
from engine.gate import check_apart, check_files_apart
from engine.release import gather


def add(commands: Any) -> None:
    """Declare the commands."""
    judge = commands.add_parser(
        "check",
        help="say everything that bars a pack, or some files 检查",
        description="The gate: everything that would not run exactly as drawn, by file and element, with the remedy. Needs no "
        "database. The exit status is 0 when nothing bars the pack, 1 when something does.",
    )
    judge.add_argument("path", type=Path, help="folder of a pack; or a diagram, table or form, or a folder of them")
    judge.set_defaults(run=run_check)
    force = commands.add_parser(
        "publish",
        help="put the files of a pack in force 发布",
        description="Two persons publish. The first hands the folder in: kesu publish FOLDER --by NAME prints a digest. The "
        "second puts it in force: kesu publish DIGEST --second NAME. Both at once: kesu publish FOLDER --by A --second B. "
        "Running cases stay on their release.",
    )
    force.add_argument("pack", help="folder of the pack, or the digest of a release that was handed in")
    force.add_argument("--by", metavar="NAME", help="who hands the folder in: an owner of the pack")
    force.add_argument("--second", metavar="NAME", help="who puts it in force: another owner")
    add_database(force)
    force.set_defaults(run=run_publish)


class WhoPublishes(EngineError):
    """Say who: kesu publish FOLDER --by NAME hands in, kesu publish DIGEST --second NAME puts in force."""

    zh = "请指明人员：kesu publish 文件夹 --by 姓名 为提交，kesu publish 摘要 --second 姓名 为发布。"


def run_check(args: argparse.Namespace) -> int:
    """Print the findings; returns 1 when something bars the pack."""
    if (args.path / "pack.yaml").is_file():
        checked = check_apart(files_of(args.path))
        _tell(checked.findings)
        print(checked.release.digest if checked.release else "refused")
        return 0 if checked.passes else 1
    files = {str(p): p.read_bytes() for p in _files(args.path)}
    if not files:
        print(f"{args.path}: 没有 pack.yaml，也没有 .bpmn、.dmn 或 .yaml 文件。", file=sys.stderr)
        print(f"{args.path}: there is no pack.yaml, no .bpmn, .dmn or .yaml file.", file=sys.stderr)
        return 1
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
    folder = Path(args.pack)
    if not (args.by if folder.is_dir() else args.second):
        raise WhoPublishes()
    with opened(args) as parts:
        digest = args.pack
        if folder.is_dir():
            checked = parts.publishing.propose(files_of(folder), _owner(parts, args.by))
            assert checked.release is not None
            digest = checked.release.digest
        if args.second:
            parts.publishing.publish(digest, _owner(parts, args.second))
    print(digest)
    return 0


def _owner(parts: Parts, name: str) -> Actor:
    with parts.store.look() as reading:
        person = reading.person(name)
    return Actor(name=person.name, memberships=person.memberships)


def files_of(pack: Path) -> dict[str, bytes]:
    """The files of a pack's folder and what it reaches in the shared ones."""
    settings = Settings.load({})
    return gather(pack, settings.bpmn / "shared", settings.forms)

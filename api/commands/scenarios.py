"""`kesu scenarios`: play what a pack promises, and say what of it no scenario touches."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.commands.publish import files_of
from engine.findings import Refused
from engine.publishing import check
from engine.release import Release

if TYPE_CHECKING:
    from api.scenarios import Street


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("scenarios", help="play the scenarios of a pack on a simulated calendar")
    parser.add_argument("pack", type=Path, nargs="+", help="folder of a pack")
    parser.add_argument("--untouched", action="store_true", help="list what no scenario touches")
    parser.add_argument("--only", metavar="TEXT", default="", help="play those whose names hold this")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play; returns 1 when a scenario does not hold."""
    from api.scenarios import Street

    with Street.laid() as street:
        return max(_pack(pack, street, only=args.only, untouched_too=args.untouched) for pack in args.pack)


def released(pack: Path) -> Release:
    """The release a pack's folder makes.

    Raises:
        Refused: the gate bars it.
    """
    checked = check(files_of(pack))
    if checked.release is None:
        raise Refused(checked.findings)
    return checked.release


def _pack(pack: Path, street: Street, *, only: str, untouched_too: bool) -> int:
    from api.scenarios import ScenarioFailed, Touched, linked_packs, play, scenarios_of, untouched, usual_of, varied

    release, usual, touched = released(pack), usual_of(pack), Touched()
    others = [released(pack.parent / name) for name in linked_packs(release)]
    failed = 0
    told = [scenario for scenario in scenarios_of(pack) if only in scenario.name]
    for scenario in told:
        with street.house(varied(release, scenario), *others) as house:
            try:
                touched.note(house, play(scenario, house, usual))
                print(f"✓ {scenario.name}")
            except ScenarioFailed as failure:
                failed += 1
                print(f"✗ {scenario.name}\n  {failure.facts['step']}: {failure.facts['why']}", file=sys.stderr)
    left = untouched(release, touched)
    print(f"{release.pack}: {len(told) - failed} / {len(told)} 场景成立 scenarios hold；未触及 untouched: {left.count}")
    if untouched_too:
        for kind in ("elements", "flows", "rows", "limits", "fields"):
            print(f"  {kind}: {', '.join(getattr(left, kind)) or '-'}")
    return 1 if failed else 0

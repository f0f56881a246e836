"""`kesu replay`, `kesu verify`, `kesu rebuild`: histories told, proved, and everything derived from them made anew."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from api.commands.opening import add_database, opened
from api.wiring import Parts
from engine.replay import replay, verify
from engine.story import Teller


def add(commands: Any) -> None:
    """Declare the commands."""
    tell = commands.add_parser("replay", help="tell the story of a case from its history")
    tell.add_argument("case")
    tell.add_argument("--until", type=int, metavar="N", help="stop after event N")
    tell.add_argument("--lang", default="zh", choices=("zh", "en"))
    add_database(tell)
    tell.set_defaults(run=run_replay)
    prove = commands.add_parser("verify", help="re-execute histories and compare every outcome and state")
    prove.add_argument("case", nargs="*")
    prove.add_argument("--all", action="store_true")
    add_database(prove)
    prove.set_defaults(run=run_verify)
    again = commands.add_parser("rebuild", help="drop everything derived from the histories and make it anew")
    add_database(again)
    again.set_defaults(run=run_rebuild)


def run_replay(args: argparse.Namespace) -> int:
    """Tell a case."""
    parts = opened(args)
    with parts.store.look() as reading:
        records = reading.history(args.case, until=args.until)
        release = parts.shelf.release(reading.head(args.case).release, reading)
        names = {p.name: (p.zh if args.lang == "zh" else p.en) for p in reading.people(active=None)}
        run = replay(records, lambda digest: parts.shelf.release(digest, reading))
    teller = Teller(release, args.lang, names=names)
    for entry in teller.diary(records):
        print(f"#{entry.record.seq:<4} {teller.at(entry.record.event.at)}  {entry.sentence}")
        for record, sentence in entry.outcomes:
            print(f"  #{record.seq:<4}                 · {sentence}")
    waiting = ", ".join(teller.task(name) for name in run.tasks) or ("已结案" if run.closed else "-")
    print(f"= {waiting}")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Prove cases; returns 1 when one does not hold."""
    parts = opened(args)
    cases = args.case
    if args.all or not cases:
        with parts.store.look() as reading:
            cases = reading.every_case()
    wrong = 0
    for case in cases:
        said = verify_case(parts, case)
        if said is not None:
            wrong += 1
            print(f"{case}: {said}", file=sys.stderr)
    print(f"verified={len(cases) - wrong} wrong={wrong}")
    return 1 if wrong else 0


def verify_case(parts: Parts, case: str) -> str | None:
    """What does not hold about a case; None when everything does."""
    with parts.store.look() as reading:
        head = reading.head(case)
        records = reading.history(case)
        verdict = verify(records, lambda digest: parts.shelf.release(digest, reading), head.state)
    if verdict.difference is not None:
        found = verdict.difference
        return f"#{found.seq}: 应为 expected {found.expected}; 实为 found {found.found}"
    if verdict.state_agrees is False:
        return f"#{head.seq}: 快照与重放不符 the snapshot does not agree with the replay"
    if records and (records[-1].hash != head.hash or records[-1].seq != head.seq):
        return "案头与历史不符 the head does not agree with the history"
    return None


def run_rebuild(args: argparse.Namespace) -> int:
    """Fold all projections anew and drop the snapshots."""
    parts = opened(args)
    with parts.store.begin() as tx:
        dropped = tx.drop_snapshots()
        rebuilt = tx.rebuild()
    print(f"rebuilt={rebuilt} snapshots_dropped={dropped}")
    return 0

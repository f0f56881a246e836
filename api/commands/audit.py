"""`kesu replay`, `kesu verify`, `kesu rebuild`: histories told, proved, and everything derived from them made anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from api.commands.capsule import opened_capsule, prove_capsule
from api.commands.opening import add_database, alone, opened
from api.commands.proving import prove
from api.wiring import Parts
from engine.casebook import NoSuchEvent
from engine.replay import replay
from engine.story import Teller


def add(commands: Any) -> None:
    """Declare the commands."""
    tell = commands.add_parser(
        "replay",
        help="tell the story of a case from its history 讲述案件",
        description="Feed the inputs of a case's history to the engine again and tell what happened: who did what and "
        "when, and what the procedure made of it. Nothing is written.",
    )
    tell.add_argument("case", help="for example C-1042")
    tell.add_argument("--until", type=int, metavar="N", help="stop after event N")
    tell.add_argument("--lang", default="zh", choices=("zh", "en"))
    add_database(tell)
    tell.set_defaults(run=run_replay)
    prove_ = commands.add_parser(
        "verify",
        help="re-execute histories and compare everything 校验",
        description="Check the hash chain, hear every input again, compare every outcome and the resulting state byte for "
        "byte, and compare every table derived from the history. The first difference of a case is named. The exit status "
        "is 1 when something does not hold.",
    )
    prove_.add_argument("case", nargs="*", help="cases; none: all")
    prove_.add_argument("--all", action="store_true", help="all cases (as without names)")
    prove_.add_argument("--capsule", metavar="FILE", type=Path, help="an exported case instead; needs no database")
    add_database(prove_)
    prove_.set_defaults(run=run_verify)
    again = commands.add_parser(
        "rebuild",
        help="drop everything derived from the histories and make it anew 重建",
        description="Drop snapshots, worklists, timers, deadlines and search rows and fold them anew from the events. "
        "Nothing that users or the API see changes. On SQLite the service must be stopped.",
    )
    add_database(again)
    again.set_defaults(run=run_rebuild)


def run_replay(args: argparse.Namespace) -> int:
    """Tell a case."""
    with opened(args) as parts, parts.store.look() as reading:
        head = reading.head(args.case)
        if args.until is not None and not 1 <= args.until <= head.seq:
            raise NoSuchEvent(case=args.case, seq=args.until, last=head.seq)
        records = reading.history(args.case, until=args.until)
        release = parts.shelf.release(head.release, reading)
        names = {p.name: (p.zh if args.lang == "zh" else p.en) for p in reading.people(active=None)}
        run = replay(records, lambda digest: parts.shelf.release(digest, reading))
    teller = Teller(release, args.lang, names=names, known=parts.shelf.known)
    for entry in teller.diary(records):
        print(f"#{entry.record.seq:<4} {teller.at(entry.record.event.at)}  {entry.sentence}")
        for record, sentence in entry.outcomes:
            print(f"  #{record.seq:<4}                 · {sentence}")
    closed = "已结案" if args.lang == "zh" else "closed"
    print(f"= {', '.join(teller.task(name) for name in run.tasks) or (closed if run.closed else '-')}")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Prove cases; returns 1 when one does not hold."""
    if args.capsule is not None:
        said = prove_capsule(opened_capsule(args.capsule))
        print(f"{args.capsule}: {said}" if said else "verified=1 wrong=0", file=sys.stderr if said else sys.stdout)
        return 1 if said else 0
    with opened(args) as parts:
        cases = args.case
        if args.all or not cases:
            with parts.store.begin() as tx:
                cases = tx.every_history()
        wrong = traces = 0
        for place, case in enumerate(cases, 1):
            if sys.stderr.isatty():
                print(f"\r{place}/{len(cases)}\033[K", end="", file=sys.stderr, flush=True)
            proved = prove(parts, case)
            traces += proved.traces
            if proved.said is not None:
                wrong += 1
                print(f"{case}: {proved.said}", file=sys.stderr)
        if args.all or not args.case:
            wrong += _ledger_faults(parts)
        if wrong:
            with parts.store.begin() as tx:
                tx.note_act("replay-mismatch", str(wrong), actor="system", at=parts.clock.now())
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(f"verified={max(0, len(cases) - wrong)} wrong={wrong} traces={traces}")
    return 1 if wrong else 0


def _ledger_faults(parts: Parts) -> int:
    """Check the ledger over all cases, which notices also a case that was removed whole; returns the faults told."""
    with parts.store.look() as reading:
        verdict = reading.check_ledger()
    for fault in verdict.faults:
        print(f"ledger: {fault}", file=sys.stderr)
    return len(verdict.faults)


def run_rebuild(args: argparse.Namespace) -> int:
    """Fold all projections anew and drop the snapshots."""
    with opened(args) as parts:
        alone(parts)
        with parts.store.begin() as tx:
            dropped = tx.drop_snapshots()
            rebuilt = tx.rebuild()
    print(f"rebuilt={rebuilt} snapshots_dropped={dropped}")
    return 0

"""`kesu replay`, `kesu verify`, `kesu rebuild`: histories told, proved, and everything derived from them made anew."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.commands.opening import add_database, opened
from api.wiring import Parts
from engine.history import Record
from engine.replay import Verdict, replay, verify
from engine.store import Head
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
    wrong = traces = 0
    for case in cases:
        said, checked = verified(parts, case)
        traces += checked
        if said is not None:
            wrong += 1
            print(f"{case}: {said}", file=sys.stderr)
    if wrong:
        with parts.store.begin() as tx:
            tx.note_act("replay-mismatch", str(wrong), actor="system", at=parts.clock.now())
    print(f"verified={len(cases) - wrong} wrong={wrong} traces={traces}")
    return 1 if wrong else 0


def verify_case(parts: Parts, case: str) -> str | None:
    """What does not hold about a case; None when everything does."""
    return verified(parts, case)[0]


def verified(parts: Parts, case: str) -> tuple[str | None, int]:
    """What does not hold about a case, and how many deadlines were derived again from their traces."""
    with parts.store.look() as reading:
        head = reading.head(case)
        records = reading.history(case)
        verdict = verify(records, lambda digest: parts.shelf.release(digest, reading), head.state)
        stored = {d.deadline: d.due for d in reading.deadlines(case) if d.met is None}
        stored |= {t.task: t.due for t in reading.tasks(case) if t.due is not None}
        timers = {t.timer: t.due for t in reading.timers(case)}
    return _said(verdict, records, head, stored, timers), verdict.traces


def _said(
    verdict: Verdict, records: Sequence[Record], head: Head, stored: Mapping[str, datetime],
    timers: Mapping[str, datetime],
) -> str | None:  # fmt: skip
    if verdict.difference is not None:
        found = verdict.difference
        return f"#{found.seq}: 应为 expected {found.expected}; 实为 found {found.found}"
    if verdict.state_agrees is False:
        return f"#{head.seq}: 快照与重放不符 the snapshot does not agree with the replay"
    if records and (records[-1].hash != head.hash or records[-1].seq != head.seq):
        return "案头与历史不符 the head does not agree with the history"
    if verdict.run is None or verdict.run.closed:
        return None
    derived = {name: d.due for name, d in verdict.run.deadlines.items() if d.met is None}
    for name, due in sorted(derived.items()):
        if stored.get(name) != due:
            return f"期限 {name} 与重放不符 the stored deadline {name} is {stored.get(name)}, not {due}"
    waiting = {name: t.due for name, t in verdict.run.timers.items()}
    if timers != waiting:
        return f"定时与重放不符 the timers in the queue are {timers}, not {waiting}"
    return None


def run_rebuild(args: argparse.Namespace) -> int:
    """Fold all projections anew and drop the snapshots."""
    parts = opened(args)
    with parts.store.begin() as tx:
        dropped = tx.drop_snapshots()
        rebuilt = tx.rebuild()
    print(f"rebuilt={rebuilt} snapshots_dropped={dropped}")
    return 0

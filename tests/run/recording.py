"""Golden histories: recorded once, replayed for ever, never edited.

`python -m tests.run.recording` records stories that have no history yet. It writes over nothing: what
was recorded must go on replaying, whatever becomes of the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.history import GENESIS, Input, Keyring, Record, micros, read, seal
from engine.release import Release
from tests.run.drawing import Driven
from tests.run.stories import STORIES

HISTORIES = Path(__file__).parents[1] / "histories"


def record(case: Driven) -> str:
    """A case's files and history as text, an event a line; with the files of the releases it was moved to."""
    records, keyring = seal(case.case, case.events, after=0, previous=GENESIS, keyring=Keyring())
    first, *others = case.releases.values()
    head: dict[str, Any] = {"files": _texts(first), "keys": {of: key.hex() for of, key in keyring.keys.items() if key}}
    if others:
        head["moved_to"] = [_texts(release) for release in others]
    lines = [json.dumps(head, ensure_ascii=False), *(json.dumps(_row(r), ensure_ascii=False) for r in records)]
    return "\n".join(lines) + "\n"


def recorded(path: Path) -> tuple[dict[str, Release], list[Record]]:
    """A golden history and the releases it was recorded with, by digest."""
    head, *rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    keyring = Keyring(keys={of: bytes.fromhex(key) for of, key in head["keys"].items()})
    found = [Release.of({n: t.encode() for n, t in files.items()}) for files in (head["files"], *head.get("moved_to", ()))]
    return {release.digest: release for release in found}, [read(sealed=json.dumps(row.pop("facts")), **row, keyring=keyring) for row in rows]


def _texts(release: Release) -> dict[str, str]:
    return {path: data.decode() for path, data in sorted(release.files.items())}


def _row(record: Record) -> dict[str, Any]:
    event = record.event
    who = (event.actor, event.on_behalf_of) if isinstance(event, Input) else (None, None)
    return {
        "case": record.case, "seq": record.seq, "kind": event.kind, "at": micros(event.at), "actor": who[0],
        "on_behalf_of": who[1], "facts": record.sealed, "previous": record.previous, "hash": record.hash,
    }  # fmt: skip


if __name__ == "__main__":
    for name, tell in STORIES.items():
        target = HISTORIES / f"{name}.jsonl"
        if not target.exists():
            target.write_text(record(tell()), "utf-8")
            print(target)

"""`kesu export`: a case as one file that proves itself, and the proof of such a file.

A capsule is a JSON object. docs/auditors.md tells its parts, and docs/verify_capsule.py checks one with nothing but
Python's standard library; `kesu verify --capsule` re-executes it, too.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.commands.opening import add_database, opened
from api.wiring import VERSION, Parts
from engine.errors import EngineError
from engine.history import CaseMoved, Input, Keyring, PersonErased, Record, micros, read
from engine.release import Release, digest_of
from engine.replay import verify
from engine.shelf import Shelf
from engine.store import NoCheckpoint, NotInLedger, Reading
from engine.story import Teller

#: Version of the format.
FORMAT = 1


class CapsuleUnreadable(EngineError):
    """{file} is no capsule of a case: {why}"""

    zh = "{file} 不是案件导出包：{why}"


class FileExists(EngineError):
    """{file} exists already and is not written over; name another with --out."""

    zh = "{file} 已存在，不会覆盖；请用 --out 另指定。"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "export",
        help="a case as one self-contained file 导出案件",
        description="Write a case as one JSON file: its events with their hashes, the diagrams, tables and forms it runs on, "
        "its attachments, and its story in both languages. Check such a file with `kesu verify --capsule FILE`, or without "
        "Kesu with docs/verify_capsule.py. It holds personal data unless --sealed is given.",
    )
    parser.add_argument("case", help="for example C-1042")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: CASE.kesu.json; - for standard output")
    parser.add_argument("--sealed", action="store_true", help="leave the keys out: names stay sealed, all proofs hold")
    add_database(parser)
    parser.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """Write the capsule."""
    out: Path = args.out or Path(f"{args.case}.kesu.json")
    if out.exists():
        raise FileExists(file=out)
    with opened(args) as parts:
        capsule = capsule_of(parts, args.case, sealed=args.sealed)
        with parts.store.begin() as tx:
            if tx.head(args.case).sealed:
                tx.note_look(args.case, "kesu export", "export")
    text = json.dumps(capsule, ensure_ascii=False, indent=1)
    if str(out) == "-":
        print(text)
        return 0
    # Under its name there is never half a capsule.
    unfinished = out.with_name(out.name + ".unfinished")
    unfinished.write_text(text + "\n", encoding="utf-8")
    os.replace(unfinished, out)
    print(f"{out}: {len(capsule['events'])} events, sha256 {hashlib.sha256((text + chr(10)).encode()).hexdigest()}")
    return 0


def capsule_of(parts: Parts, case: str, *, sealed: bool = False) -> dict[str, Any]:
    """Everything about a case that proves it.

    Raises:
        CaseNotFound.
    """
    with parts.store.look() as reading:
        head = reading.head(case)
        records = reading.history(case)
        release = parts.shelf.release(head.release, reading)
        earlier = {r.event.before for r in records if isinstance(r.event, CaseMoved)} - {head.release}
        left = {digest: parts.shelf.release(digest, reading) for digest in sorted(earlier)}
        erased = {file for r in records if isinstance(r.event, PersonErased) for file in r.event.files}
        files = {a.file: reading.file(a.file).content for a in reading.attachments(case) if a.file not in erased}
        people = reading.people(active=None)
        keys = {of: key.hex() if key else None for of, key in head.keyring.keys.items()}
        ledger = _ledger(reading, case)
    return {
        "kesu_capsule": FORMAT,
        "case": case,
        "made": parts.clock.now().isoformat(),
        "version": VERSION,
        "release": release.digest,
        "files": _texts(release),
        # The releases it was on before it was moved.
        "earlier": {digest: _texts(found) for digest, found in left.items()},
        "keys": None if sealed else keys,
        "events": [_event(record) for record in records],
        "attachments": {} if sealed else {sha: base64.b64encode(data).decode() for sha, data in sorted(files.items())},
        "ledger": ledger,
        "story": {} if sealed else {
            lang: _story(release, records, lang, {p.name: p.zh if lang == "zh" else p.en for p in people}, parts.shelf)
            for lang in ("zh", "en")
        },
    }  # fmt: skip


def opened_capsule(file: Path) -> dict[str, Any]:
    """A capsule from its file.

    Raises:
        CapsuleUnreadable.
    """
    try:
        found = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CapsuleUnreadable(file=file, why=error.strerror) from error
    except ValueError as error:
        raise CapsuleUnreadable(file=file, why=error) from error
    if not isinstance(found, dict) or found.get("kesu_capsule") != FORMAT:
        raise CapsuleUnreadable(file=file, why=f"kesu_capsule is not {FORMAT}")
    return found


def prove_capsule(capsule: dict[str, Any]) -> str | None:
    """The first thing that does not hold; None when chain, release, attachments and every outcome agree."""
    try:
        told = {capsule["release"]: capsule["files"], **capsule.get("earlier", {})}
        releases = {digest: {path: text.encode() for path, text in files.items()} for digest, files in told.items()}
        if any(digest_of(files) != digest for digest, files in releases.items()):
            return "制度文件与摘要不符 the files of the release do not have its digest"
        for sha, content in capsule["attachments"].items():
            if hashlib.sha256(base64.b64decode(content)).hexdigest() != sha:
                return f"附件 {sha} 内容与哈希不符 an attachment does not have its hash"
        records = _records(capsule)
        known = {digest: Release.of(files) for digest, files in releases.items()}
        verdict = verify(records, lambda digest: _among(known, digest))
    except EngineError as error:
        return f"{error.text('zh')} {error.text('en')}"
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return f"导出包残缺 the capsule is mangled: {type(error).__name__} {error}"
    if not records:
        return "没有事件 there are no events"
    if verdict.difference is not None:
        found = verdict.difference
        return f"#{found.seq}: 应为 expected {found.expected}; 实为 found {found.found}"
    return None


def _among(known: Mapping[str, Release], digest: str) -> Release:
    if digest not in known:
        raise CapsuleUnreadable(file=digest, why="the case runs on another release than the capsule holds")
    return known[digest]


def _texts(release: Release) -> dict[str, str]:
    return {path: data.decode("utf-8") for path, data in sorted(release.files.items())}


def _records(capsule: dict[str, Any]) -> list[Record]:
    keys = capsule["keys"] or {}
    keyring = Keyring(keys={of: bytes.fromhex(key) if key else None for of, key in keys.items()})
    return [
        read(
            case=capsule["case"], seq=row["seq"], kind=row["kind"], at=row["at"], actor=row["who"][0],
            on_behalf_of=row["who"][1], sealed=json.dumps(row["facts"]), previous=row["previous"], hash=row["hash"],
            keyring=keyring,
        )
        for row in capsule["events"]
    ]  # fmt: skip


def _event(record: Record) -> dict[str, Any]:
    event = record.event
    who = [event.actor, event.on_behalf_of] if isinstance(event, Input) else [None, None]
    return {
        "seq": record.seq, "kind": event.kind, "at": micros(event.at), "who": who, "facts": record.sealed,
        "previous": record.previous, "hash": record.hash,
    }  # fmt: skip


def _story(release: Release, records: list[Record], lang: str, names: dict[str, str], shelf: Shelf) -> list[str]:
    teller = Teller(release, lang, names=names, known=shelf.known)
    return [f"#{r.seq} {teller.at(r.event.at)} {teller.tell(r)}" for r in records]


def _ledger(reading: Reading, case: str) -> dict[str, Any] | None:
    try:
        proof = reading.inclusion(case)
    except (NoCheckpoint, NotInLedger):
        return None
    return {
        "seq": proof.seq, "hash": proof.hash, "place": proof.place, "size": proof.size, "path": list(proof.path),
        "root": proof.root,
    }  # fmt: skip

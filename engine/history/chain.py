"""Records: events with their place in the chain, and the canonical bytes the chain covers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import EngineError
from engine.history.events import KINDS, Event, Input
from engine.history.personal import Keyring, Personal, SealBroken, persons_in
from engine.values import plain, unplain

#: What the first event of a case points back to.
GENESIS = "0" * 64


class ChainBroken(EngineError):
    """Event {seq} of case {case} does not fit the chain: it, or one before it, was altered."""

    zh = "案件 {case} 的第 {seq} 号事件与链不符：它或之前的事件被改动过。"


class UnknownKind(EngineError):
    """Event {seq} of case {case} is of a kind this version does not know: {kind}."""

    zh = "案件 {case} 的第 {seq} 号事件属于本版本不认识的种类：{kind}。"


class RecordDamaged(EngineError):
    """Event {seq} of case {case} cannot be read: it was altered, or the disk is damaged."""

    zh = "案件 {case} 的第 {seq} 号事件无法读取：它被改动过，或磁盘已损坏。"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One event at its place in a case history."""

    case: str
    #: 1, 2, 3, ... without gaps.
    seq: int
    event: Event
    #: The facts as hashed and stored: JSON types, personal data sealed.
    sealed: Mapping[str, Any]
    #: Hash of the record before, hexadecimal SHA-256.
    previous: str
    hash: str


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC: how instants are stored and hashed."""
    delta = moment.astimezone(UTC) - _EPOCH
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant(micro: int) -> datetime:
    """The inverse of `micros`."""
    return _EPOCH + timedelta(microseconds=micro)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seal(
    case: str, events: Iterable[Event], *, after: int, previous: str, keyring: Keyring
) -> tuple[list[Record], Keyring]:
    """Put `events` behind event `after` of the chain; returns the records and the keyring they need."""
    records = []
    for seq, event in enumerate(events, start=after + 1):
        facts = event.facts()
        keyring = keyring.having(persons_in(facts))
        sealed = _sealed(facts, keyring)
        digest = _digest(case, seq, event, sealed, previous)
        records.append(Record(case=case, seq=seq, event=event, sealed=sealed, previous=previous, hash=digest))
        previous = digest
    return records, keyring


def read(
    *, case: str, seq: int, kind: str, at: int, actor: str | None, on_behalf_of: str | None,
    sealed: str | bytes, previous: str, hash: str, keyring: Keyring,
) -> Record:  # fmt: skip
    """A record from its stored columns.

    Raises:
        UnknownKind: written by a later version.
        RecordDamaged: these are not the facts of an event of this kind.
    """
    if kind not in KINDS:
        raise UnknownKind(case=case, seq=seq, kind=kind)
    try:
        facts = json.loads(sealed)
        event = _event(KINDS[kind], instant(at), actor, on_behalf_of, _opened(facts, keyring))
    except (ArithmeticError, LookupError, TypeError, ValueError, SealBroken) as error:
        raise RecordDamaged(case=case, seq=seq) from error
    return Record(case=case, seq=seq, event=event, sealed=facts, previous=previous, hash=hash)


def check(records: Sequence[Record], *, previous: str = GENESIS, after: int = 0) -> str:
    """Walk the chain; return the hash of the last record.

    Raises:
        ChainBroken: with the number of the first record that does not fit.
    """
    for place, record in enumerate(records, start=after + 1):
        digest = _digest(record.case, record.seq, record.event, record.sealed, previous)
        if record.seq != place or record.previous != previous or record.hash != digest:
            raise ChainBroken(case=record.case, seq=place)
        previous = digest
    return previous


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The stored bytes of sealed facts."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _digest(case: str, seq: int, event: Event, sealed: Mapping[str, Any], previous: str) -> str:
    who = [event.actor, event.on_behalf_of] if isinstance(event, Input) else [None, None]
    head = canonical(
        {"case": case, "seq": seq, "kind": event.kind, "at": micros(event.at), "who": who, "prev": previous}
    )
    return hashlib.sha256(head + b"\n" + canonical(sealed)).hexdigest()


def _sealed(value: Any, keyring: Keyring) -> Any:
    """`plain`, with personal values sealed on the way."""
    match value:
        case Personal():
            return keyring.seal(value)
        case dict():
            return {("$" + k if k.startswith("$") else k): _sealed(v, keyring) for k, v in value.items()}
        case list() | tuple():
            return [_sealed(v, keyring) for v in value]
    return plain(value)


def _opened(value: Any, keyring: Keyring) -> Any:
    """`unplain`, with sealed values opened on the way."""
    match value:
        case {"$p": dict() as inner} if len(value) == 1:
            return keyring.open(inner)
        case dict() if len(value) == 1 and next(iter(value)) in ("$n", "$d", "$dt", "$t", "$s", "$m"):
            return unplain(value)
        case dict():
            return {(k[1:] if k.startswith("$") else k): _opened(v, keyring) for k, v in value.items()}
        case list():
            return [_opened(v, keyring) for v in value]
    return value


def _event(
    kind: type[Event], at: datetime, actor: str | None, on_behalf_of: str | None, facts: Mapping[str, Any]
) -> Event:
    known = {f.name: f for f in fields(kind)}
    given = {
        k: tuple(v) if isinstance(v, list) and str(known[k].type).startswith("tuple") else v for k, v in facts.items()
    }
    if issubclass(kind, Input):
        return kind(at=at, actor=actor or "system", on_behalf_of=on_behalf_of, **given)
    if actor is not None or on_behalf_of is not None:
        raise ValueError("nobody makes an outcome")
    return kind(at=at, **given)

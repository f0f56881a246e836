"""A case as bytes and back. A snapshot is a cache: bound to this code and a release, always safe to drop.

Equal cases give equal bytes: keys are sorted, what has an order is a list, ids are counted. Specs
are never stored. The door to orjson and zstd.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import orjson
import zstandard

from engine.deadline import Pause, Span
from engine.release import Release
from engine.run.documents import Bounds
from engine.run.known import Deadline, Incident, OpenErrand, OpenTask
from engine.run.motion import Motion
from engine.run.refusals import SnapshotUnusable
from engine.run.tokens import WAITING, MainScope, Scope, Token
from engine.run.waits import Wait
from engine.values import plain, unplain

#: Raise it whenever what is stored, or what an element does, changes.
VERSION = 9

_LEVEL = 3
_TOKEN = (
    "phase", "name", "local", "via", "payload", "whose", "told", "begun_by", "body", "index", "loop",
    "rest", "mapped", "asked", "heard",
)  # fmt: skip
_TOKEN_BLANK: dict[str, Any] = {
    "local": False, "index": 0, "whose": {}, "told": True, "mapped": False, "heard": 0,
}  # fmt: skip
#: Mappings of the motion whose values are plain.
_PLAIN = ("facts", "counts", "holders", "milestones", "done_by", "last_by", "called", "passes")
#: Mappings whose values are frozen values of ours, by kind.
_KINDS: dict[str, type[Any]] = {
    "tasks": OpenTask, "errands": OpenErrand, "waits": Wait, "deadlines": Deadline, "incidents": Incident,
}  # fmt: skip
#: Facts of each kind with the value that is left out; `MISSING`, which nothing equals, where a fact has no default.
_DEFAULTS: dict[type[Any], tuple[tuple[str, Any], ...]] = {
    kind: tuple((f.name, f.default) for f in fields(kind)) for kind in _KINDS.values()
}

#: Kinds that are their own plain form.
_BARE = frozenset({str, int, bool})

T = TypeVar("T")


def encode(motion: Motion) -> bytes:
    """A case as bytes."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(_told(motion))


def carried(motion: Motion, release: Release) -> Motion:
    """The same case as it would be under another release: everything stands where it stood.

    Whoever asks has seen that all it stands on is drawn there, too.
    """
    return _built(release, orjson.loads(_told(motion)), motion.case)


def _told(motion: Motion) -> bytes:
    state: dict[str, Any] = {"v": VERSION, "release": motion.release.digest, "case": motion.case}
    for name in _PLAIN:
        state[name] = [[k, _packed(v)] for k, v in _in_order(name, getattr(motion, name))]
    for name, kind in _KINDS.items():
        state[name] = [_thin(kind, v) for v in getattr(motion, name).values()]
    documents = motion.documents
    state["documents"] = [
        [s, plain(names), documents.whose.get(s, {}), _bounds(documents.bounds.get(s))]
        for s, names in sorted(documents.of.items())
    ]
    state["scopes"] = [_scope(scope) for scope in motion.main.all_scopes()]
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS)


def same(one: bytes, other: bytes) -> bool:
    """Whether two snapshots say the same.

    With which zone data a deadline was counted, and how an incident is worded, is no difference.
    """
    if one == other:
        return True
    try:
        return bool(_essence(_raw(one)) == _essence(_raw(other)))
    except (zstandard.ZstdError, orjson.JSONDecodeError):
        return False


def foreign(data: bytes) -> bool:
    """Whether another version of this code made a snapshot; what cannot be read was made by none."""
    try:
        made_by = _raw(data).get("v")
    except (zstandard.ZstdError, orjson.JSONDecodeError, AttributeError):
        return False
    return isinstance(made_by, int) and made_by != VERSION


def _raw(data: bytes) -> Any:
    return orjson.loads(zstandard.ZstdDecompressor().decompress(data))


def _essence(state: Any) -> Any:
    if isinstance(state, dict) and isinstance(state.get("incidents"), list):
        state["incidents"] = [{**row, "zh": "", "en": ""} for row in state["incidents"]]
    return _without_zones(state)


def _without_zones(data: Any) -> Any:
    match data:
        case dict():
            return {
                k: {n: v for n, v in value.items() if n != "tz"} if k == "trace" and value else _without_zones(value)
                for k, value in data.items()
            }
        case list():
            return [_without_zones(item) for item in data]
    return data


def decode(release: Release, data: bytes, case: str) -> Motion:
    """A case from bytes.

    Raises:
        SnapshotUnusable.
    """
    try:
        state = _raw(data)
        usable = (state["v"], state["release"], state["case"]) == (VERSION, release.digest, case)
    except (zstandard.ZstdError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise SnapshotUnusable(case=case) from error
    if not usable:
        raise SnapshotUnusable(case=case)
    return _built(release, state, case)


def _built(release: Release, state: dict[str, Any], case: str) -> Motion:
    motion = Motion(release, case)
    for name in _PLAIN:
        kept = getattr(motion, name)
        dict.update(kept, ((k, _unpacked(v)) for k, v in state[name]))
    for name, kind in _KINDS.items():
        dict.update(getattr(motion, name), ((v.name, v) for v in (_thick(kind, row) for row in state[name])))
    for scope, names, whose, bounds in state["documents"]:
        dict.__setitem__(motion.documents.of, scope, unplain(names))
        if whose:
            dict.__setitem__(motion.documents.whose, scope, whose)
        if bounds is not None:
            parent, wall, through = bounds
            dict.__setitem__(motion.documents.bounds, scope, Bounds(parent=parent, wall=wall, through=through))
    process = motion.plan.processes[motion.facts["process"]]
    motion.main = MainScope(motion.plan.specs, process, motion)
    for row in sorted(state["scopes"], key=lambda row: int(row["owner"])):
        _restore_scope(motion, row)
    motion.journal.forget()
    motion.clear()
    return motion


def _scope(scope: Scope) -> dict[str, Any]:
    owner = scope.owner
    return {
        "owner": owner.number if owner else 0,
        "process": scope.process.id,
        "place": scope.place,
        "scope": scope.scope,
        "called": scope.called,
        "tokens": [_token(token) for token in scope.tokens],
    }


def _token(token: Token) -> dict[str, Any]:
    row = {name: plain(value) for name in _TOKEN if (value := getattr(token, name)) != _TOKEN_BLANK.get(name)}
    return {"n": token.number, "e": token.element.id, "s": token.scope, **row}


def _restore_scope(motion: Motion, row: dict[str, Any]) -> None:
    process = motion.plan.processes[row["process"]]
    scope: Scope = motion.main
    if row["owner"]:
        owner = motion.token(row["owner"])
        scope = motion.main.open_inside(owner, process, row["place"], row["scope"], row["called"])
    for given in row["tokens"]:
        element = process.elements[given.pop("e")]
        step = motion.plan.step(process, element)
        token = Token(scope, step, number=given.pop("n"), scope=given.pop("s"), state=WAITING)
        token.__dict__.update({name: unplain(value) for name, value in given.items()})


def _in_order(name: str, kept: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(kept.items())


def _packed(value: Any) -> Any:
    """`plain`, for the few values of ours that are not case data."""
    if value is None or type(value) in _BARE:
        return value
    match value:
        case Pause():
            return {"$$pause": [plain(value.since), plain(value.until)]}
        case Span():
            return {"$$span": [value.amount, value.unit]}
        case tuple():
            return {"$$tuple": [_packed(item) for item in value]}
    return plain(value)


def _unpacked(data: Any) -> Any:
    match data:
        case {"$$pause": [since, until]}:
            return Pause(since=unplain(since), until=unplain(until))
        case {"$$span": [amount, unit]}:
            return Span(amount=amount, unit=unit)
        case {"$$tuple": [*items]}:
            return tuple(_unpacked(item) for item in items)
    return unplain(data)


def _thin(kind: type[Any], value: Any) -> dict[str, Any]:
    """A frozen value without the facts that keep their default."""
    return {name: _packed(v) for name, default in _DEFAULTS[kind] if (v := getattr(value, name)) != default}


def _thick(kind: type[T], row: dict[str, Any]) -> T:
    return kind(**{name: _unpacked(value) for name, value in row.items()})


def _bounds(bounds: Bounds | None) -> list[Any] | None:
    return None if bounds is None else [bounds.parent, bounds.wall, bounds.through]

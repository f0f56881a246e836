"""Decision tables beside each other, rule by rule and cell by cell.

A rule is the same one where it says the same, else where it kept its id, else where most of it says the same at the same
place: ids alone would not do, for whoever writes a table anew counts them anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from engine.decision import Decision
from engine.decision import read as read_decisions
from engine.decision.model import Table
from engine.decision.types import simple
from engine.drafting.changes import Detail, Kind, details, in_order

#: Rules shown around one that is not as it was.
_AROUND = 1
#: Pairs of rules that are looked at for what they share; where there are more, only words and ids tell that one is the same.
_MOST_PAIRS = 100_000


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column of a table."""

    kind: Literal["same", "added", "removed", "changed"]
    side: Literal["input", "output", "note"]
    #: What it is called; "" of a note.
    name: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stood in a cell, and what stands there."""

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule on both sides."""

    #: "gap": rules that are as they were, and are left out.
    kind: Kind | Literal["same", "gap"]
    #: Its number then and now.
    before: int | None = None
    after: int | None = None
    #: In the order of the heads.
    cells: tuple[Cell, ...] = ()
    #: How many are left out.
    skipped: int = 0


@dataclass(frozen=True, kw_only=True)
class TableDifference:
    """A decision that is not as it was."""

    kind: Kind
    decision: str
    name: str
    #: Hit policy, expression, what it requires …
    details: tuple[Detail, ...] = ()
    heads: tuple[Head, ...] = ()
    rules: tuple[RuleLine, ...] = ()


def table_differences(path: str, before: bytes | None, after: bytes | None) -> tuple[TableDifference, ...]:
    """The decisions of a file that are not as they were.

    Raises:
        Refused: one of the two cannot be read.
    """
    old, new = _decisions(path, before), _decisions(path, after)
    found = []
    for name in dict.fromkeys((*new, *old)):
        told = _decision(name, old.get(name), new.get(name))
        if told.details or any(h.kind != "same" for h in told.heads) or any(r.kind not in ("same", "gap") for r in told.rules):
            found.append(told)
    return tuple(found)


def _decisions(path: str, data: bytes | None) -> Mapping[str, Decision]:
    return {} if data is None else read_decisions(data, path).facts.decisions


def _decision(id_: str, old: Decision | None, new: Decision | None) -> TableDifference:
    now = new or old
    assert now is not None
    heads, rules = _ruled(old.table if old else None, new.table if new else None)
    return TableDifference(
        kind="added" if old is None else "removed" if new is None else "changed", decision=id_, name=now.name,
        details=details(_facts(old), _facts(new)), heads=heads, rules=rules,
    )  # fmt: skip


def _facts(decision: Decision | None) -> dict[str, str]:
    if decision is None:
        return {}
    facts = {
        "name": decision.name, "result": decision.variable, "expression": decision.expression.text if decision.expression else "",
        "requires": ", ".join((*decision.requires, *decision.inputs, *decision.knows)),
    }  # fmt: skip
    if decision.table is not None:
        facts["policy"] = f"{decision.table.policy} {decision.table.aggregation}".strip()
    return {what: said for what, said in facts.items() if said}


# --- columns ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Column:
    side: Literal["input", "output", "note"]
    id: str
    #: What it asks or gives: by this it is the same column.
    asks: str
    name: str
    facts: Mapping[str, str]
    #: What stands in it, rule by rule.
    cells: tuple[str, ...]


def _columns(table: Table | None) -> list[_Column]:
    if table is None:
        return []
    found = []
    for n, i in enumerate(table.inputs):
        asks = i.expression.text
        facts = {"name": i.label, "expression": asks, "type": i.type, "allowed": i.allowed.text if i.allowed else ""}
        found.append(_Column("input", i.id, asks, i.label or asks, facts, tuple(r.tests[n].text for r in table.rules)))
    for n, o in enumerate(table.outputs):
        given = ", ".join(p.text for p in o.priorities)
        facts = {"name": o.label, "result": o.name, "type": simple(o.of), "allowed": given, "default": o.default.text if o.default else ""}
        found.append(_Column("output", o.id, o.name, o.label or o.name, facts, tuple(r.values[n].text for r in table.rules)))
    if any(r.note for r in table.rules):
        found.append(_Column("note", "", "", "", {}, tuple(r.note for r in table.rules)))
    return found


def _same_columns(old: Sequence[_Column], new: Sequence[_Column]) -> list[tuple[_Column | None, _Column | None]]:
    left = list(old)
    pairs: list[tuple[_Column | None, _Column | None]] = []
    for column in new:
        alike = [c for c in left if c.side == column.side]
        was = next((c for c in alike if c.asks == column.asks), None) or next((c for c in alike if c.id and c.id == column.id), None)
        if was is not None:
            left.remove(was)
        pairs.append((was, column))
    # What went stands where it stood among those of its side.
    for column in left:
        behind = [n for n, (_, c) in enumerate(pairs) if _SIDES.index((c or column).side) <= _SIDES.index(column.side)]
        pairs.insert(behind[-1] + 1 if behind else 0, (column, None))
    return pairs


_SIDES = ("input", "output", "note")


def _head(was: _Column | None, now: _Column | None) -> Head:
    shown = now or was
    assert shown is not None
    told = details(was.facts, now.facts) if was and now else ()
    kind: Literal["same", "added", "removed", "changed"] = "added" if was is None else "removed" if now is None else "changed" if told else "same"
    return Head(kind=kind, side=shown.side, name=shown.name, details=told)


# --- rules --------------------------------------------------------------------------------------------


def _ruled(old: Table | None, new: Table | None) -> tuple[tuple[Head, ...], tuple[RuleLine, ...]]:
    columns = _same_columns(_columns(old), _columns(new))
    heads = tuple(_head(was, now) for was, now in columns)
    both = [(was, now) for was, now in columns if was is not None and now is not None]
    lefts, rights = old.rules if old else (), new.rules if new else ()
    said = [tuple(was.cells[n] for was, _ in both) for n in range(len(lefts))]
    says = [tuple(now.cells[n] for _, now in both) for n in range(len(rights))]
    pairs = _pairs(said, says, [r.id for r in lefts], [r.id for r in rights])
    kept = in_order([pairs[n] for n in sorted(pairs)])
    lines = []
    for left, right in _places(pairs, kept, len(lefts), len(rights)):
        cells = tuple(
            Cell(before=was.cells[left] if was and left is not None else "", after=now.cells[right] if now and right is not None else "")
            for was, now in columns
        )
        kind: Kind | Literal["same"]
        if left is None or right is None:
            kind = "added" if left is None else "removed"
        elif said[left] != says[right]:
            kind = "changed"
        else:
            kind = "same" if left in kept else "moved"
        lines.append(RuleLine(kind=kind, before=None if left is None else left + 1, after=None if right is None else right + 1, cells=cells))
    return heads, tuple(_near(lines))


def _pairs(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], ids: Sequence[str], new_ids: Sequence[str]) -> dict[int, int]:
    """Place now -> place then, of every rule that was there: it says the same, or kept its id, or most of it says the same."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    pairs = {b.b + n: b.a + n for b in blocks for n in range(b.size)}
    _pair_equals(pairs, old, new)
    _pair_equals(pairs, ids, new_ids)
    free, rest = _unpaired(pairs, len(old), len(new))
    if len(free) * len(rest) <= _MOST_PAIRS:
        for right in rest:
            near = min(free, key=lambda left: (-_shared(old[left], new[right]), abs(left - right)), default=None)
            if near is not None and 2 * _shared(old[near], new[right]) > len(new[right]):
                pairs[right] = near
                free.remove(near)
    return pairs


def _pair_equals(pairs: dict[int, int], old: Sequence[object], new: Sequence[object]) -> None:
    """Pair what has no pair yet and is the same on both sides, the first with the first; what is empty is like nothing."""
    free, rest = _unpaired(pairs, len(old), len(new))
    waiting: dict[object, deque[int]] = {}
    for left in free:
        waiting.setdefault(old[left], deque()).append(left)
    for right in rest:
        if new[right] and (alike := waiting.get(new[right])):
            pairs[right] = alike.popleft()


def _unpaired(pairs: Mapping[int, int], before: int, after: int) -> tuple[list[int], list[int]]:
    """Places then, and places now, without a pair."""
    taken = set(pairs.values())
    return [n for n in range(before) if n not in taken], [n for n in range(after) if n not in pairs]


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    return sum(a == b for a, b in zip(left, right, strict=True))


def _places(pairs: Mapping[int, int], kept: frozenset[int], before: int, after: int) -> list[tuple[int | None, int | None]]:
    """Every rule of both sides in the order of now; one that went stands behind the one it stood behind."""
    lines: list[tuple[int | None, int | None]] = [(pairs.get(n), n) for n in range(after)]
    for gone in sorted(set(range(before)) - set(pairs.values())):
        behind = max((n for n, (left, right) in enumerate(lines) if left is not None and left < gone and (right is None or left in kept)), default=-1)
        lines.insert(behind + 1, (gone, None))
    return lines


def _near(lines: Sequence[RuleLine]) -> Iterator[RuleLine]:
    """The lines without those that are as they were, but for a few around the others."""
    other = [n for n, line in enumerate(lines) if line.kind != "same"]
    shown = {n + step for n in other for step in range(-_AROUND, _AROUND + 1)}
    skipped = 0
    for n, line in enumerate(lines):
        if n not in shown:
            skipped += 1
            continue
        if skipped:
            yield RuleLine(kind="gap", skipped=skipped)
            skipped = 0
        yield line
    if skipped:
        yield RuleLine(kind="gap", skipped=skipped)


__all__ = ["Cell", "Head", "RuleLine", "TableDifference", "table_differences"]

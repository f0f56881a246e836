"""A column cut into pieces on which every cell says the same: points, the stretches between them, and "any other".

Exact where cells name values, ranges and lists of them. A cell that asks something else (another name, a function
of the value) is opaque: whoever uses the pieces must take it to say perhaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.decision.model import Input, Table
from engine.feel import Budget, BudgetSpent, Compiled, Context, Node, Range, equal, written
from engine.feel.builtins import BUILTINS
from engine.feel.data import compare, kind, reckon
from engine.values import Value, YearsMonths

#: The moment does not matter: cells that ask for it are opaque.
_ANY_MOMENT = Context(now=datetime(2000, 1, 1, tzinfo=UTC))
_MOVING = frozenset({"now", "today"})
_KINDS = {
    "number": "number", "integer": "number", "long": "number", "double": "number", "string": "string",
    "boolean": "boolean", "date": "date", "time": "time", "dateTime": "date and time", "date and time": "date and time",
    "dayTimeDuration": "days and time duration", "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration", "years and months duration": "years and months duration",
}  # fmt: skip
_STEPS: dict[str, Any] = {
    "number": Decimal(1), "date": timedelta(days=1), "date and time": timedelta(hours=1),
    "days and time duration": timedelta(hours=1), "years and months duration": YearsMonths(1),
}  # fmt: skip
#: Steps that may be spent on finding out what a constant is.
CONSTANT = 2_000
#: Stands for every text no cell names.
OTHER = "其他 other"


@dataclass(frozen=True, kw_only=True)
class Column:
    """What is asked once, though it may stand in several columns."""

    label: str
    #: One value of each piece.
    samples: tuple[Value, ...]
    #: For each row a bit set of the pieces it surely takes, and one of those it may take.
    surely: tuple[int, ...]
    perhaps: tuple[int, ...]

    @property
    def all(self) -> int:
        """Every piece."""
        return (1 << len(self.samples)) - 1


def columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table, those that ask the same thing taken together."""
    groups: dict[str, list[int]] = {}
    for place, asked in enumerate(table.inputs):
        groups.setdefault(" ".join(asked.expression.text.split()), []).append(place)
    return tuple(_column(table, places) for places in groups.values())


def _column(table: Table, places: Sequence[int]) -> Column:
    asked = [table.inputs[p] for p in places]
    cells = [[row.tests[p] for p in places] for row in table.rules]
    constants = [c for row in cells for cell in row for c in named_in(cell)]
    limits = [i.allowed for i in asked if i.allowed is not None]
    constants += [c for limit in limits for c in named_in(limit)]
    samples = tuple(s for s in _pieces(asked, constants) if all(not _clear(a) or _says(a, s) for a in limits))
    surely, perhaps = [], []
    for row in cells:
        sure = may = (1 << len(samples)) - 1
        for cell in row:
            told = _bits(cell, samples) if _clear(cell) else None
            sure, may = (sure & told, may & told) if told is not None else (0, may)
        surely.append(sure)
        perhaps.append(may)
    return Column(
        label=asked[0].expression.text or asked[0].label, samples=samples, surely=tuple(surely), perhaps=tuple(perhaps)
    )


def _bits(cell: Compiled, samples: Sequence[Value]) -> int:
    return sum(1 << place for place, sample in enumerate(samples) if _says(cell, sample))


def _says(cell: Compiled, sample: Value) -> bool:
    return cell.test(sample, {}, context=_ANY_MOMENT)


# --- which cells are clear, and what they name ------------------------------------------------------


def _clear(cell: Compiled) -> bool:
    """Whether the cell says the same for all values between those it names."""
    return cell.ast.op == "any" or all(_clear_test(test) for test in cell.ast.parts)


def _clear_test(node: Node) -> bool:
    found, value = constant(node.parts[1] if node.op == "test" else node)
    if not found:
        return False
    if node.op == "test":
        return node.parts[0] in ("=", "!=") or kind(value) in _STEPS or kind(value) == "time"
    return all(kind(v) != "string" or not _is_end(value) for v in _named(value))


def _is_end(value: Any) -> bool:
    """Texts are cut at values, not between them: a range of texts is not clear."""
    return isinstance(value, Range)


def constant(node: Node) -> tuple[bool, Value]:
    """Whether it is the same whenever and wherever it is evaluated, and what it is."""
    compiled = Compiled("", node, unary=False)
    if compiled.used or compiled.calls - set(BUILTINS) or compiled.calls & _MOVING or asks(node):
        return False, None
    try:
        return True, compiled.run({}, context=replace(_ANY_MOMENT, budget=Budget(CONSTANT))).value
    except BudgetSpent:
        return False, None  # what takes long to know is not known here


def asks(node: Any) -> bool:
    """Whether it names the tested value itself."""
    if isinstance(node, Node):
        return (node.op == "name" and node.parts[0] in ("?", *_MOVING)) or asks(node.parts)
    return isinstance(node, tuple) and any(asks(part) for part in node)


def named_in(cell: Compiled) -> Iterator[Value]:
    """Every constant value a cell names."""
    for test in cell.ast.parts if cell.ast.op != "any" else ():
        found, value = constant(test.parts[1] if test.op == "test" else test)
        if found:
            yield from _named(value)


def _named(value: Value) -> Iterator[Value]:
    if isinstance(value, Range):
        yield from (end for end in (value.low, value.high) if end is not None)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)
    else:
        yield value


# --- pieces ---------------------------------------------------------------------------------------------


def _pieces(asked: Iterable[Input], constants: Sequence[Value]) -> Iterator[Value]:
    declared = {_KINDS[i.type] for i in asked if i.type in _KINDS}
    kinds = declared or {kind(c) for c in constants} - {"null"}
    if any(c is None for c in constants):
        yield None
    for each in sorted(kinds):
        yield from _pieces_of(each, [c for c in constants if kind(c) == each])
    if not kinds:
        yield OTHER


def _pieces_of(of: str, named: Sequence[Value]) -> Iterator[Value]:
    if of == "boolean":
        yield from (True, False)
    elif of in _STEPS or of == "time":
        yield from _stretches(of, _sorted(named))
    else:
        seen: list[Value] = []
        for value in named:
            if not any(equal(value, other) is True for other in seen):
                seen.append(value)
                yield value
        yield OTHER


def _sorted(named: Sequence[Value]) -> list[Value]:
    order = cmp_to_key(lambda a, b: -1 if compare("<", a, b) else 1 if compare(">", a, b) else 0)
    points: list[Value] = []
    for value in sorted(named, key=order):
        if not points or equal(points[-1], value) is not True:
            points.append(value)
    return points


def _stretches(of: str, points: Sequence[Value]) -> Iterator[Value]:
    if not points:
        yield _zero(of)
        return
    yield from _beyond(of, points[0], "-")
    for place, point in enumerate(points):
        yield point
        if place + 1 < len(points):
            yield from _between(of, point, points[place + 1])
    yield from _beyond(of, points[-1], "+")


def _zero(of: str) -> Value:
    return {
        "number": Decimal(0), "date": date(2026, 1, 1), "date and time": datetime(2026, 1, 1, tzinfo=UTC),
        "time": time(12), "days and time duration": timedelta(0), "years and months duration": YearsMonths(0),
    }[of]  # fmt: skip


def _beyond(of: str, point: Value, sign: str) -> Iterator[Value]:
    if of == "time":
        edge = (time.min if sign == "-" else time.max).replace(tzinfo=point.tzinfo)
        if edge != point:
            yield edge
        return
    moved = reckon(sign, point, _STEPS[of])
    if moved is not None:
        yield moved


def _between(of: str, low: Value, high: Value) -> Iterator[Value]:
    """A value strictly between, a round one where there is one; none where there is nothing between."""
    if of == "number":
        whole = low.to_integral_value() + 1 if low >= 0 or low == low.to_integral_value() else low.to_integral_value()
        yield whole if low < whole < high else (low + high) / 2
    elif of == "years and months duration":
        if high.months - low.months > 1:
            yield YearsMonths(low.months + 1)
    elif of == "time":
        middle = time((low.hour + high.hour) // 2, 30, tzinfo=low.tzinfo)
        near = [middle, low.replace(microsecond=999_999), low.replace(microsecond=low.microsecond + 1)] \
            if low.microsecond < 999_999 else [middle]  # fmt: skip
        yield from [t for t in near if compare("<", low, t) and compare("<", t, high)][:1]
    else:
        step = _STEPS[of] if of == "date" else timedelta(microseconds=1)
        moved = next((m for s in (_STEPS[of], step) if compare("<", m := low + s, high)), None)
        if moved is not None:
            yield moved


def shown(value: Value) -> str:
    """A sample as the owner would write it."""
    return written(value, True) or "null"

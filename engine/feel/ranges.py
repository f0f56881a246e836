"""Built-ins on ranges and points (Allen's relations)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.feel.budget import Budget
from engine.feel.builtins import builtin
from engine.feel.data import Range, compare, equal
from engine.feel.temporal import read_any

_RANGE = re.compile(r"([\[(\]])(.*)\.\.(.*)([\])\[])\Z", re.DOTALL)
_NUMBER = re.compile(r"-?[\d.]+\Z", re.ASCII)
_QUOTED = re.compile(r'(@|date\(|time\(|date and time\(|duration\()?"([^"]*)"\)?\Z')


def _less(a: Any, b: Any) -> bool:
    return _sure(compare("<", a, b))


def _same(a: Any, b: Any) -> bool:
    return _sure(equal(a, b))


def _sure(met: bool | None) -> bool:
    if met is None:
        raise ValueError("cannot be compared")
    return met


def _before(a: Range, b: Range) -> bool:
    return _less(a.high, b.low) or (_same(a.high, b.low) and not (a.high_in and b.low_in))


def _starts_first(a: Range, b: Range) -> bool:
    return _less(a.low, b.low) or (_same(a.low, b.low) and a.low_in and not b.low_in)


def _ends_first(a: Range, b: Range) -> bool:
    return _less(a.high, b.high) or (_same(a.high, b.high) and (not a.high_in or b.high_in))


def _touches(a: Range, b: Range) -> bool:
    return _less(b.low, a.high) or (_same(a.high, b.low) and a.high_in and b.low_in)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _starts_first(a, b) and _touches(a, b) and _ends_first(a, b)


def _overlaps_after(a: Range, b: Range) -> bool:
    ends = _less(b.high, a.high) or (_same(b.high, a.high) and (not b.high_in or a.high_in))
    return _starts_first(b, a) and _touches(b, a) and ends


def _includes(a: Range, b: Range) -> bool:
    low = _less(a.low, b.low) or (_same(a.low, b.low) and (a.low_in or not b.low_in))
    return low and (_less(b.high, a.high) or (_same(a.high, b.high) and (a.high_in or not b.high_in)))


def _finishes(a: Range, b: Range) -> bool:
    later = _less(b.low, a.low) or (_same(a.low, b.low) and (not a.low_in or b.low_in))
    return a.high_in == b.high_in and _same(a.high, b.high) and later


def _starts(a: Range, b: Range) -> bool:
    return a.low_in == b.low_in and _same(a.low, b.low) and _ends_first(a, b)


_RELATIONS: dict[str, Callable[[Range, Range], bool]] = {
    "before": _before,
    "after": lambda a, b: _before(b, a),
    "meets": lambda a, b: a.high_in and b.low_in and _same(a.high, b.low),
    "met by": lambda a, b: a.low_in and b.high_in and _same(a.low, b.high),
    "overlaps": lambda a, b: not _before(a, b) and not _before(b, a),
    "overlaps before": _overlaps_before,
    "overlaps after": _overlaps_after,
    "finishes": _finishes,
    "finished by": lambda a, b: _finishes(b, a),
    "includes": _includes,
    "during": lambda a, b: _includes(b, a),
    "starts": _starts,
    "started by": lambda a, b: _starts(b, a),
    "coincides": lambda a, b: equal(a, b) is True,
}


def _relation(test: Callable[[Range, Range], bool]) -> Callable[..., bool | None]:
    def do(budget: Budget, a: Any, b: Any) -> bool | None:
        if a is None or b is None:
            return None
        for x in (a, b):
            # Lists may be handed over, too, and are compared whole.
            for end in (x.low, x.high) if isinstance(x, Range) else (x,):
                budget.touch(end)
        return test(*(x if isinstance(x, Range) else Range(x, x) for x in (a, b)))

    return do


for _name, _test in _RELATIONS.items():
    builtin(_name, "range1:*, range2:*")(_relation(_test))
    builtin(_name, "point1:*, point2:*")(_relation(_test))
    builtin(_name, "point:*, range:*")(_relation(_test))
    builtin(_name, "range:*, point:*")(_relation(_test))


@builtin("range", "from:s")
def _range(budget: Budget, text: str) -> Range | None:
    found = _RANGE.match(text.strip())
    if not found:
        return None
    low, high = _end(found[2]), _end(found[3])
    if (low is None and (high is None or found[1] == "[")) or (high is None and found[4] == "]"):
        return None
    if low is not None and high is not None and compare("<=", low, high) is not True:
        return None
    return Range(low, high, found[1] == "[", found[4] == "]")


def _end(text: str) -> Any:
    from decimal import Decimal

    text = text.strip()
    if not text:
        return None
    if _NUMBER.match(text):
        return Decimal(text)
    quoted = _QUOTED.match(text)
    if quoted is None:
        raise ValueError(text)
    value = read_any(quoted[2]) if quoted[1] else quoted[2]
    if value is None:
        raise ValueError(text)
    return value

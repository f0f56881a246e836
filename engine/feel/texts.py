"""Built-ins on text. Patterns run in linear time (RE2)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.budget import Budget
from engine.feel.builtins import builtin
from engine.feel.data import D34, whole
from engine.feel.patterns import parted, pattern_for, replaced
from engine.feel.temporal import written

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)

@builtin("not", "negand:b")
def _not(budget: Budget, value: bool) -> bool:
    return not value


@builtin("string length", "string:s")
def _length(budget: Budget, text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string:s")
def _upper(budget: Budget, text: str) -> str:
    return text.upper()


@builtin("lower case", "string:s")
def _lower(budget: Budget, text: str) -> str:
    return text.lower()


@builtin("trim", "string:s")
def _trim(budget: Budget, text: str) -> str:
    return text.strip()


@builtin("contains", "string:s, match:s")
def _contains(budget: Budget, text: str, match: str) -> bool:
    return match in text


@builtin("starts with", "string:s, match:s")
def _starts(budget: Budget, text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string:s, match:s")
def _ends(budget: Budget, text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("substring before", "string:s, match:s")
def _before(budget: Budget, text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string:s, match:s")
def _after(budget: Budget, text: str, match: str) -> str:
    return text if not match else text.partition(match)[2] if match in text else ""


@builtin("substring", "string:s, start position:n, length:n?0")
def _substring(budget: Budget, text: str, start: Any, length: Any = None) -> str | None:
    at = whole(start)
    if not at or abs(at) > len(text) or (length is not None and whole(length) < 1):
        return None
    begin = at - 1 if at > 0 else len(text) + at
    return text[begin:] if length is None else text[begin : begin + whole(length)]


@builtin("matches", "input:s, pattern:s, flags:s?0")
def _matches(budget: Budget, text: str, pattern: str, flags: str | None = None) -> bool:
    return pattern_for(text, pattern, flags or "", budget).search(text) is not None


@builtin("replace", "input:s, pattern:s, replacement:s, flags:s?0")
def _replace(budget: Budget, text: str, pattern: str, by: str, flags: str | None = None) -> str:
    return replaced(text, pattern, by, flags or "", budget)


@builtin("split", "string:s, delimiter:s")
def _split(budget: Budget, text: str, delimiter: str) -> list[str]:
    return parted(text, delimiter, budget)


@builtin("extract", "string:s, pattern:s")
def _extract(budget: Budget, text: str, pattern: str) -> list[str]:
    made = []
    for found in pattern_for(text, pattern, "", budget).finditer(text):
        budget.spend()
        made.append(found.group(0))
    return made


@builtin("string join", "list:l, delimiter:s?0")
def _join(budget: Budget, items: list[Any], delimiter: str | None = None) -> str:
    texts = [item for item in items if item is not None]
    # Paid before it is made: texts that occur often are small to hold and huge to join.
    budget.spend(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)


@builtin("string", "from:*")
def _string(budget: Budget, value: Any) -> str | None:
    budget.touch(value)
    return written(value)


@builtin("number", "from:s, grouping separator:s0, decimal separator:s0")
def _number(budget: Budget, text: str, group: str | None, point: str | None) -> Decimal | None:
    if group not in (None, " ", ",", ".") or point not in (None, ".", ",") or (group is not None and group == point):
        return None
    text = text.replace(group, "") if group else text
    text = text.replace(point, ".") if point else text
    return _read(text)


def _read(text: str) -> Decimal | None:
    """The number a text writes, kept as exactly as a literal would be; None where it is none, or too large to be one."""
    try:
        return D34.create_decimal(text) if _NUMBER.match(text) else None
    except ArithmeticError:
        return None


@builtin("number", "from:s")
def _number_of_text(budget: Budget, text: str) -> Decimal | None:
    return _read(text)


@builtin("number", "from:n")
def _number_of_number(budget: Budget, value: Decimal) -> Decimal:
    return value


@builtin("is defined", "value:*")
def _defined(budget: Budget, value: Any) -> bool:
    return value is not None


@builtin("get or else", "value:*, default:*")
def _or_else(budget: Budget, value: Any, default: Any) -> Any:
    return default if value is None else value

"""Expressions of FEEL made by dice: every operator and most functions, of kinds that fit and now and then of kinds that do not."""

# ruff: noqa: E501 - ways in a row
from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_LEAVES = {
    "number": ["0", "1", "2", "3", "7", "10", "2.5", "0.5", "-1", "-4", "100"],
    "string": ['"a"', '"b"', '"foobar"', '"客户投诉"', '""', '"a;b"', '"Abc"'],
    "boolean": ["true", "false"],
    "list": ["[1, 2, 3]", "[]", "[3, 1, 2]", "[2, 2, 1]", "[1]"],
    "texts": ['["a", "b"]', '["b", "a", "c"]', '["a"]'],
    "context": ["{a: 1, b: 2}", '{a: "x"}', "{a: 3, b: {c: 4}}"],
    "date": ['@"2026-01-05"', '@"2024-02-29"', '@"2026-12-31"', 'date("2025-06-15")'],
    "moment": ['@"2026-01-05T10:30:00Z"', '@"2026-03-29T01:30:00+02:00"', 'date and time("2025-06-15T23:00:00Z")'],
    "span": ['@"P1D"', '@"PT2H30M"', '@"-P3D"', 'duration("P10DT4H")'],
    "months": ['@"P1Y"', '@"P2M"', '@"P1Y6M"', '@"-P1M"'],
}  # fmt: skip
_WAYS = {
    "number": ["{number} + {number}", "{number} - {number}", "{number} * {number}", "{number} / {number}", "-({number})",
               "abs({number})", "floor({number})", "ceiling({number})", "modulo({number}, {number})", "decimal({number}, 1)",
               "round up({number}, 0)", "round half down({number}, 0)", "count({list})", "sum({list})", "min({list})", "max({list})", "mean({list})",
               "median({list})", "product({list})", "string length({string})", "{list}[1]", "{list}[-1]", "if {boolean} then {number} else {number}",
               "{date}.year", "{date}.month", "{date}.day", "{span}.hours", "{months}.months", "number(string({number}))", "day of year({date})",
               "{{f: function(n) n + {number}, r: f({number})}}.r", "{number} ** 2", "week of year({date})", "{context}.a", "{span}.days"],
    "string": ["{string} + {string}", "substring({string}, 1, 2)", "substring({string}, 2)", "upper case({string})", "lower case({string})",
               "substring before({string}, {string})", "substring after({string}, {string})", 'replace({string}, "[ab]", "x")',
               "string({number})", "string({boolean})", "string({date})", "string({span})", "string({months})", "string({moment})", 'string join({texts}, "-")',
               "if {boolean} then {string} else {string}", "day of week({date})", "month of year({date})", "{texts}[1]"],
    "boolean": ["{number} < {number}", "{number} >= {number}", "{number} = {number}", "{string} = {string}", "{string} < {string}", "{date} <= {date}",
                "{boolean} and {boolean}", "{boolean} or {boolean}", "not({boolean})", "{number} between -1 and {number} + 5",
                "{number} in [{number}..{number}]", "{number} in ({number}, {number})", "{number} in (< {number}, > {number})",
                "contains({string}, {string})", "starts with({string}, {string})", "ends with({string}, {string})", 'matches({string}, "^[a-z]+$")',
                "list contains({list}, {number})", "some x in {list} satisfies x > {number}", "every x in {list} satisfies x > {number}", "all([{boolean}, {boolean}])",
                "any([{boolean}, {boolean}])", "{span} < {span}", "{moment} < {moment}", "{list} = {list}", "odd({number})", "even({number})",
                "{context} = {context}", "{date} = {date}", "{number} != {number}", "{number} instance of number", "{string} instance of string",
                "before({number}, {number})", "{number} = null", "{months} > {months}"],
    "list": ["for x in {list} return x + {number}", "for x in 1..3 return x * {number}", "{list}[item > {number}]", "append({list}, {number})",
             "concatenate({list}, {list})", "reverse({list})", "sublist({list}, 1, 2)", "distinct values({list})", "union({list}, {list})",
             "insert before({list}, 1, {number})", "remove({list}, 1)", "index of({list}, {number})", "sort({list}, function(a, b) a < b)",
             "flatten([{list}, [{list}]])", "for x in {list}, y in [1, 2] return x * y", "[{number}, {number}]"],
    "texts": ['split({string}, ";")', "for x in {texts} return x + {string}", "sort({texts}, function(a, b) a < b)", "reverse({texts})", "[{string}, {string}]"],
    "context": ["{{a: {number}, b: a + 1}}", 'context put({context}, "a", {number})', "context merge([{context}, {context}])", "[{context}][a = {number}][1]"],
    "date": ["{date} + {span}", "{date} + {months}", "{date} - {months}", "date({moment})", "date(2026, 2, 3)", "if {boolean} then {date} else {date}"],
    "moment": ["{moment} + {span}", "{moment} - {span}", "{moment} + {months}"],
    "span": ["{span} + {span}", "{date} - {date}", "{moment} - {moment}"],
    "months": ["{months} + {months}", "years and months duration({date}, {date})"],
}  # fmt: skip
_KINDS = tuple(_WAYS)
_ALONE = {leaf for leaves in _LEAVES.values() for leaf in leaves if not leaf.startswith("-")}


@dataclass(frozen=True)
class Written:
    """An expression, and the ones it is made of; each can be asked by itself."""

    text: str
    parts: tuple[Written, ...] = ()

    def all(self) -> Iterator[Written]:
        """It and everything inside it."""
        yield self
        for part in self.parts:
            yield from part.all()


class Writer:
    """Writes one expression after another; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def expressions(self, number: int) -> list[Written]:
        """So many different ones, of every kind."""
        found: dict[str, Written] = {}
        while len(found) < number:
            made = self._written(self._dice.choice(_KINDS), self._dice.choice((1, 2, 2, 3)))
            found[made.text] = made
        return list(found.values())

    def _written(self, kind: str, deep: int) -> Written:
        if self._dice.random() < 0.03:
            # Now and then what does not fit: a null, or another kind.
            kind = self._dice.choice(_KINDS)
            return Written("null" if self._dice.random() < 0.5 else self._dice.choice(_LEAVES[kind]))
        if deep == 0 or self._dice.random() < 0.15:
            return Written(self._dice.choice(_LEAVES[kind]))
        made, parts = self._dice.choice(_WAYS[kind]), []
        for name in _KINDS:
            while f"{{{name}}}" in made:
                part = self._written(name, deep - 1)
                parts.append(part)
                made = made.replace(f"{{{name}}}", _inside(part.text), 1)
        return Written(made.replace("{{", "{").replace("}}", "}").replace("\0", "{").replace("\1", "}"), tuple(parts))


def _inside(text: str) -> str:
    """An expression as it stands within another; its braces are none of the pattern's."""
    alone = text in _ALONE or text.isalnum()
    return (text if alone else f"({text})").replace("{", "\0").replace("}", "\1")

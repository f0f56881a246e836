"""No expression runs long, grows large, or reaches what is not case data."""

from __future__ import annotations

import contextlib
import time
from decimal import Decimal
from typing import Literal

import pytest

from engine.feel import LONGEST_TEXT, Budget, BudgetSpent, Context, FeelSyntaxError, Function, compile
from engine.values import encode
from tests.feel.asking import NOON, context, counted, value

#: Each is small to write. The first of every pair says what it tries.
SPENT = {
    "a long loop": "for i in 1..1000000000 return i",
    "a very long loop": "for i in 1..10**6000 return i",
    "a loop backwards": "for i in 10**9..1 return i",
    "loops in loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
    "a day by day loop": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "some in a long loop": "some i in 1..10**9 satisfies i < 0",
    "every in loops": "every a in 1..10**3, b in 1..10**3 satisfies a > 0",
    "doubled texts": "{" + 'a0: "xxxxxxxxxx", ' + ", ".join(f"a{n + 1}: a{n} + a{n}" for n in range(30)) + "}",
    "doubled lists": "{a0: [1,2], " + ", ".join(f"a{n + 1}: concatenate(a{n}, a{n})" for n in range(30)) + "}",
    "distinct of many": "distinct values(for i in 1..60000 return i)",
    "union of many": "union(for i in 1..60000 return i, [1])",
    "contains of many": "for i in 1..1000 return list contains(for k in 1..1000 return k, i)",
    "index of many": "for i in 1..500 return index of(for k in 1..1000 return [k], [i])",
    "quadratic partial": "for i in 1..60000 return count(partial)",
    "a list that would hold itself": "{x: for i in 1..60 return partial, y: string(x)}",
    "shared parts printed": "{a: for i in 1..300 return i, b: for x in a return a, c: string(for x in b return b)}",
    "shared parts compared": "{a: for i in 1..300 return i, b: for x in a return a, c: for x in b return b, d: c = c}",
    "shared parts flattened": "{a: for i in 1..300 return i, b: for x in a return a, c: flatten(for x in b return b)}",
    "shared parts given back": "{a: for i in 1..300 return i, b: for x in a return a, c: for x in b return b}",
    "shared parts by doubling, printed": "{a0: [1], " + ", ".join(f"a{n + 1}: [a{n}, a{n}]" for n in range(35))
    + ", z: string(a35)}",
    "shared parts by doubling, compared": "{a0: [1], " + ", ".join(f"a{n + 1}: [a{n}, a{n}]" for n in range(35))
    + ", z: a35 = a34}",
    "shared parts by doubling, `is`": "{a0: [1], " + ", ".join(f"a{n + 1}: [a{n}, a{n}]" for n in range(35))
    + ", z: is(a35, a35)}",
    "long texts often in a list, joined":
        '{a: replace("aaaaaaaaaaaaaaaaaaaa", "a", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), '
        'z: string join(for i in 1..2000 return a, "")}',
    "long texts often in a list, printed":
        '{a: replace("aaaaaaaaaaaaaaaaaaaa", "a", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), '
        "z: string(for i in 1..2000 return a)}",
    "long texts often compared":
        '{a: replace("' + "a" * 200 + '", "a", "' + "x" * 200 + '"), b: a + "y", z: for i in 1..2000 return a = b}',
    "a replacement that multiplies": '{a: "' + "a" * 900 + '", b: replace(a, "a", a), c: replace(b, "a", a)}',
    "groups that multiply": '{a: "' + "a" * 3000 + '", b: replace(a, "a+", "' + "$0" * 2000 + '")}',
    "endless recursion": "{f: function(n) f(n + 1), z: f(0)}",
    "recursion in two": "{f: function(n) if n < 1 then 1 else f(n - 1) + f(n - 1), z: f(30)}",
    "recursion by sorting": "{f: function(a, b) count(sort([2, 1], f)) > 0, z: sort([2, 1], f)}",
    "sorting with a costly order": "sort(for i in 1..3000 return -i, function(a, b) sum(for i in 1..100 return i) < a)",
    "a deep value": "{f: function(n, l) if n = 0 then l else f(n - 1, [l]), z: f(50, 1)}",
}  # fmt: skip


@pytest.mark.parametrize("attack", SPENT)
def test_what_costs_too_much_is_stopped_by_its_steps(attack: str) -> None:
    expression = compile(SPENT[attack])
    before = time.process_time()
    with pytest.raises(BudgetSpent):
        expression.run({}, context=context(budget=counted()))
    # Not a race: two hundred thousand steps take a fraction of a second; one visit that is not paid for takes minutes.
    assert time.process_time() - before < 10


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(FeelSyntaxError):
        compile("1+" * (LONGEST_TEXT // 2) + "1")


@pytest.mark.parametrize("unit", ["(", "[", "{a: ", "-", "if ", "not(", "for i in ", "function(x) ", "1 + (", "a["])
def test_what_is_nested_too_deeply_is_refused_with_its_place(unit: str) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        compile(unit * 1000)
    assert refused.value.line == 1


@pytest.mark.parametrize("sign", ["+ 1", "or true", "and true", "* 2", "= 1", ".a", "[1]", "in 1", "between 1 and 2"])
def test_long_chains_end_or_are_refused(sign: str) -> None:
    # Chains are deep trees, though they do not look it.
    for times in (90, 150, 900):
        with contextlib.suppress(FeelSyntaxError, BudgetSpent):
            compile("a" + f" {sign}" * times).run({"a": Decimal(1)}, context=context(budget=counted()))


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "(a|aa)+$", "(a*)*b", "([a-z]+)*=", "(x+x+)+y", "(.*)(.*)(.*)(.*)=[0-9]"]
)
def test_patterns_run_in_linear_time(pattern: str) -> None:
    text = "a" * 5000 + "!"
    assert value(f'matches(t, "{pattern}")', {"t": text}) in (False, True)


@pytest.mark.parametrize("pattern", ["(", "(?<=a)b", "(a)\\\\1", "[", "a{1000000}", "*"])
def test_patterns_that_cannot_be_linear_give_null(pattern: str) -> None:
    assert value(f'matches("ab", "{pattern}")') is None


class _Thing:
    secret = "mine"

    def method(self) -> str:
        return "called"


@pytest.mark.parametrize(
    "text",
    [
        "thing.secret", "thing.method()", "thing.__class__", '"a".__class__', "[1].__len__", "{}.keys", "{}.items()",
        "f.__globals__", "f.call", "now().tzinfo", "now().__class__.__mro__", '@"P1D".total_seconds', "(1).real",
        "[1..2].has", "__import__", "__builtins__", 'get value(thing, "secret")', "thing[secret]", "thing.secret[1]",
        'get value({}, "__class__")',
    ],
)  # fmt: skip
def test_no_python_object_is_reached(text: str) -> None:
    functions = {"f": lambda: None}
    found = compile(text).run({"thing": _Thing()}, context=Context(now=NOON, functions=functions)).value
    assert found in (None, [], [None])


@pytest.mark.parametrize("text", ["import os", "lambda: 1", "a := 1", "__import__('os').system('x')", "a; b", "`ls`"])
def test_python_is_no_feel(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile(text)


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9", "10**6000 * 10**6000", "1 / 10**6000 / 10**6000", "exp(10**6)", "log(-1)", "sqrt(-1)",
        "modulo(10**6000, 3 / 10**100)", "decimal(1/3, 6176)", "decimal(1/3, 99999999)", "floor(10**6000, 6000)",
        '@"P99999999999999999999Y"', 'duration("P' + "9" * 5000 + 'Y")', 'duration("P' + "9" * 5000 + 'D")',
        '@"2026-01-01" + duration("P999999999D")', '@"2026-01-01" + duration("P99999999Y")',
        'date("9999-12-31") + @"P1D"', 'date("0001-01-01") - @"P1D"', "date(10**30, 1, 1)", "time(25, 0, 0)",
        '@"0001-01-01T00:00:00+14:00" < @"9999-12-31T23:59:59-14:00"',
        '@"0001-01-01T00:00:00+14:00" + @"P1D" = @"0001-01-02T00:00:00+14:00"',
        '@"9999-12-31T23:59:59-14:00" - @"0001-01-01T00:00:00+14:00"', '@"2026-01-01T24:00:00"', '@"9999-12-31T24:00:00"',
        '-@"-P999999999D"', '@"P999999999D" * 1000', '@"P1D" * 10**6000', '@"P1D" / (1 / 10**6000)', '@"P1Y" / 0',
        'substring("abc", 10**6000)', "sublist([1], 10**6000)", "[1][10**6000]", "[1][0.5]", 'string(10**6144)',
        'date and time(@"2026-01-01", "../../etc/passwd")', 'date and time(@"2026-01-01", "")',
        '@"2026-01-01T00:00:00@../../etc/passwd"', 'time("10:00:00@/etc/passwd")', "number(\"1\", \"1\", \"1\")",
        'number("' + "9" * 7000 + '")', "mean([])", "median([null])", "min([1, \"a\"])", "stddev([1])", "mode([[]])",
        "sort([1, \"a\"])", "range(\"[1..\")", 'range("[9..1]")', "day of week(null)", "abs(null)", "1 < null", "1()",
        "for i in null return i", "some i in 1 satisfies 2", "[1..\"a\"]", "1 between \"a\" and @\"P1D\"", "null.a.b",
        'day of year(@"0001-01-01")', "week of year(date(1, 1, 1))", 'string join([1, 2], ",")', "context(1)",
        'context merge(1)', 'context put({}, null, 1)', 'list replace([1], 10**6000, 2)', 'split("a", "")',
        'extract("abc", "")', 'replace("a", "", "")', 'replace("a", "(a)", "$9")', 'replace("a", "a", "\\\\")',
        '"\\uD83D"', '"\\uDC00\\uD83D"', 'string length("\\uD800")', 'upper case("ß")', "-null", "not(1)", '@"24:00:00"',
        '@"nonsense"', 'years and months duration(@"2026-01-01", @"2026-01-01T00:00:00Z")', "is(1, null)", "function(x) x",
        '(function(x) x)(1, 2)', "(function(x: number) x)(\"a\")", "{a: 1, a: 2}", "before(1, \"a\")", "@\"P\"", "1 in [1..]",
    ],
)  # fmt: skip
def test_odd_questions_get_a_value_or_null_or_a_place(text: str) -> None:
    try:
        found = compile(text).run({}, context=context(budget=counted())).value
    except FeelSyntaxError as error:
        assert error.line >= 1
        return
    except BudgetSpent:
        return
    if not isinstance(found, Function):
        encode(found if not hasattr(found, "low") else None)


def test_the_clock_is_the_last_net() -> None:
    with pytest.raises(BudgetSpent):
        compile("for i in 1..5000 return i").run({}, context=context(budget=Budget(seconds=-1)))


def test_a_budget_is_spent_across_expressions_that_share_it() -> None:
    budget = counted()
    with pytest.raises(BudgetSpent):
        for _ in range(1000):
            compile("for i in 1..1000 return i").run({}, context=context(budget=budget))


def test_a_large_document_is_read_without_paying_for_all_of_it() -> None:
    rows = [{"amount": Decimal(n)} for n in range(50_000)]
    assert value("rows[1].amount + count(rows)", {"rows": rows}) == 50_000


@pytest.mark.parametrize(
    "text",
    [
        "1 in (" * 40 + "1" + ")" * 40, "1 in (" * 22 + "1 +" + ")" * 22, "1 in (" * 20 + "1" + ").a" * 20,
        "not(" * 40 + "1 +" + ")" * 40, "f(" * 40 + "a" + " " * 9000, "f(" + "a," * 4900 + "a)", "for " + "a " * 4900,
        '"' + "\\" * 9000, "/*" * 4900, "{" + "a" * 9000, "a instance of " + "list<" * 1900, "(<1" * 100,
        "a instance of " + "context<a:" * 900, "a" + ".b" * 4900, "1" + " - 1" * 2400, "1" + "-" * 9000 + "1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["expression", "unary"])
def test_reading_ends_soon_whatever_is_written(text: str, mode: Literal["expression", "unary"]) -> None:
    before = time.process_time()
    with contextlib.suppress(FeelSyntaxError):
        compile(text[:LONGEST_TEXT], mode=mode)
    assert time.process_time() - before < 10

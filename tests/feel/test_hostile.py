"""Ninety ways to make an expression run long, grow large or print without end. Each stops by its steps, and says so in both languages.

`test_attacks` holds those that were found first; these were thought up by somebody who knew how the first ones were stopped.
"""

from __future__ import annotations

import time
import tracemalloc

import pytest

from engine.errors import EngineError
from engine.feel import BudgetSpent, compile
from tests.feel.asking import context, counted

#: So much longer than any of them takes that a slow machine never decides.
_SECONDS = 10
#: Two hundred thousand steps of the largest kind of element, with room.
_BYTES = 96 << 20


def chain(first: str, step: str, times: int, last: str = "") -> str:
    """A context whose entries each build upon the one before."""
    entries = [first, *(step.format(n=n, m=n + 1) for n in range(times)), *([f"r: {last}"] if last else [])]
    return "{" + ", ".join(entries) + "}"


def _doubled(times: int, last: str, first: str = "a0: [1]") -> str:
    """Lists that hold the one before twice: small to build, huge to visit."""
    return chain(first, "a{m}: [a{n}, a{n}]", times, last)


def _nested(last: str) -> str:
    return chain("a0: [1]", "a{m}: [a{n}]", 250, last)


def _long(each: str, sign: str = "a", times: int = 50_000) -> str:
    """Something done again and again to a long text `t`."""
    return f'{{t: string join(for i in 1..{times} return "{sign}", ""), {each}}}'


def _list(each: str, item: str = "i", times: int = 20_000) -> str:
    """Something done again and again to a long list `l`."""
    return f"{{l: for i in 1..{times} return {item}, r: for i in 1..10000 return {each}}}"


def _keys(each: str) -> str:
    """Something done to a context `c` of many keys."""
    return f"{{c: context(for i in 1..15000 return {{key: string(i), value: i}}), {each}}}"


#: What it tries -> the expression.
ATTACKS = {
    "regex dfa on long text in a loop":
        _long('r: for i in 1..1000 return matches(t, "(a|b)*c(a|b){20}d")', "ab", 10000),
    "regex nfa heavy":
        _long('r: for i in 1..1000 return matches(t, "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)=")', "abab", 20000),
    "regex counted": _long('r: for i in 1..1000 return matches(t, "(a?){500}a{500}b")', "aaaa", 20000),
    "regex nested counted": 'for i in 1..5000 return matches("a", "((a{0,30}){0,30}){0,30}")',
    "regex big classes": 'for i in 1..3000 return matches("x" + string(i), "[\\\\p{L}\\\\p{N}]+" + string(i))',
    "many patterns": 'for i in 1..100000 return matches("a", "(a|b|c|d)*" + string(i) + "[\\\\w]{100}")',
    "many patterns lengthy":
        'for i in 1..100000 return matches("a", "([\\\\w\\\\d]{1,200}|(\\\\w{1,50}x){1,10})" + string(i))',
    "subtractions cased": 'for i in 1..10000 return matches("a", "[\\u0100-\\u0fff-[a]]" + string(i), "i")',
    "replace grows": _long('r: for i in 1..100 return replace(t, "a", "bb")'),
    "replace one per char long text": _long('r: for i in 1..1000 return replace(t, "b|a", "")'),
    "replace no match long text": _long('r: for i in 1..10000 return replace(t, "(a*)*b", "")'),
    "split big": '{t: string join(for i in 1..50000 return "a", ","), r: for i in 1..100 return split(t, ",")}',
    "extract all":
        '{t: string join(for i in 1..50000 return "a", ","), r: for i in 1..1000 return count(extract(t, "."))}',
    "upper of long": _long("r: for i in 1..10000 return string length(upper case(t))", "ab"),
    "contains long": _long('u: t + "b", r: for i in 1..10000 return contains(t, u)'),
    "contains two way":
        _long('u: substring(t, 1, 24000) + "b" + substring(t, 1, 24000), r: for i in 1..10000 return contains(t + t, u)', times=49000),
    "substring before": _long('r: for i in 1..10000 return substring before(t, "b")'),
    "string of number": "for i in 1..100000 return string length(string(10**6000 + i))",
    "huge powers": "for i in 1..100000 return 1.0000000001 ** (10 ** 12 + i)",
    "fraction powers": "for i in 1..100000 return (i + 0.1234567) ** 12345.678901234567890123456789",
    "exps": "for i in 1..100000 return exp(i / 7)",
    "exps big": "for i in 1..100000 return exp(14000.1 + i/100000)",
    "logs": "for i in 1..100000 return log(10**6000 * i)",
    "sqrts": "for i in 1..100000 return sqrt(10**-6000 * i)",
    "decimal scales": "for i in 1..100000 return decimal(i / 7, 6000)",
    "floor scales": "for i in 1..100000 return floor(10**6000 + i, 176)",
    "modulo far": "for i in 1..100000 return modulo(10**6000, i / 7)",
    "number of text": _long("r: for i in 1..10000 return number(t)", "9"),
    "odd far": "for i in 1..100000 return odd(10**6000 + i)",
    "int of huge": "for i in 1..100000 return sublist([1], 10**6000 + i)",
    "index huge": "for i in 1..100000 return [1][10**6000 + i]",
    "duration number huge": 'for i in 1..100000 return @"P1Y" * 10**6000',
    "months huge chain": chain('a0: @"P999999999Y"', "a{m}: a{n} * 1000000000000000000000000000000", 40),
    "months huge printed": '{a: @"P1Y" * 10**6000, r: for i in 1..100000 return string length(string(a))}',
    "months huge divided": '{a: @"P1Y" * 10**6100, r: for i in 1..100000 return a / a}',
    "duration text":
        '{t: "P" + string join(for i in 1..50000 return "9", "") + "Y", r: for i in 1..10000 return duration(t)}',
    "date loops": 'for i in 1..100000 return @"2026-01-01" + @"P1M" * i',
    "zones": 'for i in 1..100000 return date and time(@"2026-01-01T00:00:00", "Zone/" + string(i))',
    "zone real": 'for i in 1..100000 return date and time("2026-01-01T00:00:00@Asia/Shanghai")',
    "range of ranges": 'for i in 1..100000 return range("[" + string(i) + "..99999999]")',
    "context big merge": _keys('r: for i in 1..10000 return context put(c, "x", i)'),
    "context million": "context(for i in 1..1000000 return {key: string(i), value: i})",
    "context merge many": _keys("r: context merge(for i in 1..10000 return c)"),
    "context in filter": _keys("r: for i in 1..10000 return c[item = null]"),
    "context compared": _keys("r: for i in 1..10000 return c = c"),
    "put deep": chain("a0: {}", 'a{m}: context put(a{n}, "k", a{n})', 200),
    "reverse many": _list("count(reverse(l))", times=50000),
    "insert many": _list("count(insert before(l, 1, i))", times=50000),
    "sum many": _list("sum(l)", "10**6000", times=50000),
    "stddev many": _list("stddev(l)", "i / 7"),
    "mode many": _list("mode(l)"),
    "median huge": _list("median(l)", "10**6000 - i"),
    "product": _list("product(l)", "1.1"),
    "sort plain": _list("count(sort(l))", "-i", times=50000),
    "sort bad comparator": "sort(for i in 1..5000 return i, function(a, b) true)",
    "sort null comparator": "sort(for i in 1..5000 return i, function(a, b) null)",
    "sort by long compare": _long("r: sort(for i in 1..1000 return t + string(i), function(a,b) a < b)"),
    "list replace": _list("list replace(l, function(a,b) false, 1)"),
    "index of nested": _list("index of(l, [l])"),
    "flatten wide": _list("flatten(l)", "[]"),
    "flatten deep": _nested("flatten(a250)"),
    "equal deep": _nested("a250 = a250"),
    "string deep": _nested("string(a250)"),
    "path over lists": _doubled(16, "for i in 1..1000 return a16.k", "a0: [{k: 1}]"),
    "path deep": _doubled(30, "a30.k", "a0: [{k: 1}]"),
    "in list huge": _list("-1 in l"),
    "in nested": _doubled(30, "2 in a30"),
    "in nested 2": _doubled(30, "3 in (a30)", "a0: [1..2]"),
    "coincides": _doubled(30, "coincides(a30, a30)"),
    "ranges of lists compared": _doubled(30, "before(a30, a30)"),
    "instance of shared":
        _doubled(30, "a30 instance of list<Any>, s: a30 instance of " + "list<" * 30 + "number" + ">" * 30 + ""),
    "typed function shared": _doubled(26, "(function(x: " + "list<" * 27 + "number" + ">" * 27 + ") 1)(a26)"),
    "distinct texts long": _long("r: distinct values(for i in 1..1000 return t + string(i))"),
    "partial printed": "for i in 1..2000 return string length(string(partial))",
    "for partial nested": "for i in 1..30 return [partial, partial]",
    "y combinator": "{y: function(f) f(f), r: y(function(g) g(g))}",
    "church": "{two: function(f) function(x) f(f(x)), r: two(two)(two)(two)(function(n) n + 1)(0)}",
    "ackermann":
        "{a: function(m, n) if m = 0 then n + 1 else if n = 0 then a(m - 1, 1) else a(m - 1, a(m, n - 1)), r: a(3, 8)}",
    "fib": "{f: function(n) if n < 2 then n else f(n-1) + f(n-2), r: f(28)}",
    "hanoi lists": "{f: function(n) if n = 0 then [] else concatenate(f(n-1), [n], f(n-1)), r: f(20)}",
    "sort recursion":
        "{f: function(l) if count(l) < 2 then l else concatenate(f(l[item < l[1]]), [l[1]], f(l[item > l[1]])), r: f(for i in 1..400 return i)}",
    "quantifier product": "every a in 1..60, b in 1..60, c in 1..60, d in 1..60 satisfies a + b + c + d > 0",
    "filter in filter": "(for i in 1..600 return i)[count((for k in 1..600 return k)[item > 0]) > 0]",
    "unicode surrogates":
        'string length("\\uD83D\\uDE00") + string length("\\uDFFF") + string length(string("\\uD800"))',
    "unicode fold": _long("r: for i in 1..2000 return string length(upper case(t))", "ΐ"),
    "is many": _list("is(l, l)"),
    "string join many": _list('string join(l, "")', '""', times=50000),
    "long text compared": _long('u: t + "", r: for i in 1..100000 return t + "x" = u + "x"'),
    "invoke named": 'for i in 1..100000 return substring(string: "abc", start position: 1)',
}  # fmt: skip
#: These end by themselves, with what the reader would expect.
HARMLESS = {"months huge chain", "sort bad comparator", "sort null comparator", "unicode surrogates"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_stops_by_its_steps_and_says_so(attack: str) -> None:
    begin = time.process_time()
    stopped: EngineError | None = None
    try:
        compile(ATTACKS[attack]).run({}, context=context(budget=counted()))
    except BudgetSpent as error:
        stopped = error
    assert time.process_time() - begin < _SECONDS
    assert (stopped is None) == (attack in HARMLESS)
    if stopped is not None:
        assert stopped.text("zh") and stopped.text("en") != stopped.text("zh")


@pytest.mark.parametrize(
    "attack", ["replace grows", "context big merge", "for partial nested", "hanoi lists", "insert many", "sum many", "partial printed"]
)
def test_an_attack_takes_no_more_memory_than_its_steps(attack: str) -> None:
    expression = compile(ATTACKS[attack])
    tracemalloc.start()
    try:
        with pytest.raises(BudgetSpent):
            expression.run({}, context=context(budget=counted()))
        assert tracemalloc.get_traced_memory()[1] < _BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", [r'"\uD800"', r'"\u0000"', r'"\U110000"', r'"\U00D800"', r'"\uDC00\uD800"'])
def test_what_cannot_be_stored_is_no_character(text: str) -> None:
    assert set(str(compile(text).run({}, context=context()).value)) == {"\ufffd"}

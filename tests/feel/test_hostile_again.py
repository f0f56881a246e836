"""Seventy-seven more ways to ask too much or to ask nonsense: each ends soon with a value, with null, or by saying why not.

These were thought up after the others had been stopped (`test_attacks`, `test_hostile`): towers of powers, products of loops, patterns, times
at their ends, functions that call themselves, names of every kind. What looks for nulls before anything runs must survive them, too.
"""

from __future__ import annotations

import contextlib
import time

import pytest

from engine.feel import BudgetSpent, Function, compile
from engine.feel.tree import FeelSyntaxError
from tests.feel.asking import context, counted

LONG = '"' + "a" * 4000 + '"'
#: What it tries -> the expression.
ASKED = {
    "pow tower": "2**2**2**2**2**2**2",
    "neg exp": "10**-6143 / 10",
    "tiny pow": "(1+1/10**30)**(10**12)",
    "frac pow": "2**0.5**0.5**0.5",
    "pow loop": "for i in 1..4000 return 1.0000001**(i*1000.5)",
    "exp loop": "for i in 1..15000 return exp(i/100)",
    "log loop": "for i in 1..15000 return log(i)",
    "sqrt loop": "for i in 1..15000 return sqrt(i)",
    "decimal big": "for i in 1..30000 return decimal(1/3, 6000)",
    "round big scale": 'for i in 1..30000 return round up(10**6000/3, 100)',
    "string of big": "for i in 1..20000 return string(10**39-1/3)",
    "number big": 'for i in 1..2000 return number("'+"9"*4000+'")',
    "cross": "some a in 1..100, b in 1..100, c in 1..100 satisfies a*b*c = -1",
    "every cross": "every a in 1..100, b in 1..100, c in 1..100 satisfies a > 0",
    "count for 1e9": "count(for i in 1..1000000000 return i)",
    "range contains": "1000000000 in [1..1000000000]",
    "for date": 'for d in @"1900-01-01"..@"9000-01-01" return d',
    "list idx": "[1,2,3][1000000000000000000000]",
    "idx neg": "[1][-1000000000]",
    "idx null": "[1][null]",
    "idx text": '[1]["a"]',
    "replace cat": 'replace('+LONG + ', "(a*)*$", "b")',
    "replace alt": 'replace('+LONG + ', "(a|a|aa)+b", "x")',
    "replace growth": 'replace('+LONG + ', "a", '+LONG + ')',
    "split all": 'count(split('+LONG + ',"a"))',
    "join mult": 'string join(for i in 1..5000 return '+LONG + ')',
    "upper": 'for i in 1..5000 return upper case('+LONG + ')',
    "substr": 'for i in 1..20000 return substring('+LONG + ', i)',
    "nested list eq": "{a:[1,2,3,4,5,6,7,8,9], b:for i in 1..5000 return a, c: b = b}",
    "sort bad": "sort(for i in 1..20000 return i, function(a,b) true)",
    "sort null": "sort([3,1,2], function(a,b) null)",
    "sort err": 'sort([1,2,3], function(a) a)',
    "sort mixed": 'sort([1,"a",null], function(a,b) a<b)',
    "distinct": "distinct values(for i in 1..600 return {a:i})",
    "flatten deep": "flatten("+"["*30+"1"+"]"*30+")",
    "median big": "median(for i in 1..60000 return i)",
    "mode big": "mode(for i in 1..20000 return i)",
    "stddev big": "stddev(for i in 1..60000 return i)",
    "union": "union(for i in 1..400 return i, for i in 1..400 return i)",
    "dur mult": '@"P1D" * 99999999999',
    "dur div 0": '@"P1D" / 0',
    "date arith": '@"9999-12-31" + @"P1D"',
    "ym big": '@"P999999999Y" + @"P999999999Y"',
    "date minus": '@"0001-01-01" - @"P1M"',
    "time ovf": '@"23:59:59" + @"P10000000D"',
    "zone": '@"2026-01-01T00:00:00@../etc"',
    "zone2": '@"2026-01-01T00:00:00@posixrules"',
    "zone3": '@"2026-01-01T00:00:00@'+"A/"*100+'B"',
    "ctx many": "{"+",".join(f"a{i}:{i}" for i in range(1200))+"}",
    "put loop": "for i in 1..5000 return context put({a:1},string(i),i)",
    "get entries": "get entries({a:{b:1}})",
    "merge": "context merge(for i in 1..500 return {a:i})",
    "recursion ctx": "{f: function(x) if x=0 then 0 else f(x-1), r: f(100)}.r",
    "Y comb": "(function(f) f(f))(function(f) f(f))",
    "mutual": "{f: function(x) g(x), g: function(x) f(x), r: f(1)}",
    "lambda grow": "{f: function(x) x + x, r: f(f(f(f(f(f(f(f(f(f("+'"aaaaaaaaaa"'+"))))))))))}.r",
    "in self": "[1,2] in [[1,2]]",
    "between odd": '1 between "a" and null',
    "instance deep": "[[[[1]]]] instance of list<list<list<list<number>>>>",
    "named wrong": "substring(string: 1, start position: 2, foo: 3)",
    "get value path": 'get value({a:{b:1}}, ["a","b","c"])',
    "is": 'is(@"10:00:00", @"10:00:00Z")',
    "overlaps": "overlaps([1..5],[null..3])",
    "week": 'week of year(@"0001-01-01")',
    "nbsp": "1\u00a0+\u00a02",
    "emoji name": '{"😀": 1}',
    "rtl": '"\u202e" + "a"',
    "nul": '"\\u0000"',
    "comment bomb": "/*"*2000,
    "crlf": "1\r\n+\r\n2",
    "tabs": "1\t+\t2",
    "partial grow": "for i in 1..5000 return partial",
    "insert before": "for i in 1..2000 return insert before([1,2,3], 2, partial)",
    "list replace fn": "list replace(for i in 1..60000 return i, function(i,n) true, 0)",
    "sublist": "sublist([1,2,3], 2, 10**30)",
    "remove": "remove([1,2,3], 10**30)",
    "index of": "index of(for i in 1..60000 return [i], [5])",
}  # fmt: skip


@pytest.mark.parametrize("what", ASKED)
def test_whatever_is_asked_ends_soon(what: str) -> None:
    began = time.process_time()
    with contextlib.suppress(FeelSyntaxError, BudgetSpent):
        compile(ASKED[what]).run({}, context=context(budget=counted()))
    with contextlib.suppress(FeelSyntaxError):
        assert len(compile(ASKED[what]).nulls({})) < 50
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "what", ["exp loop", "cross", "count for 1e9", "for date", "replace growth", "join mult", "mutual", "recursion ctx", "partial grow"]
)
def test_what_costs_too_much_is_stopped(what: str) -> None:
    with pytest.raises(BudgetSpent):
        compile(ASKED[what]).run({}, context=context(budget=counted()))


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("list idx", None), ("idx neg", None), ("idx text", []), ("zone", None), ("zone3", None), ("dur div 0", None), ("date arith", None),
        ("range contains", True), ("in self", True), ("is", False), ("named wrong", None),
        ("get value path", None), ("nbsp", 3), ("crlf", 3), ("emoji name", {"😀": 1}),
    ],
)  # fmt: skip
def test_nonsense_gets_the_answer_it_deserves(what: str, value: object) -> None:
    found = compile(ASKED[what]).run({}, context=context()).value
    assert not isinstance(found, Function)
    assert found == value

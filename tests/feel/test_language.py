"""What is written means what the page for process owners says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.feel import HOUSE, literal_or_expression
from engine.feel.builtins import BUILTINS
from engine.values import YearsMonths
from tests.feel.asking import passes, value

SHANGHAI_NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
MEANS: dict[str, Any] = {
    # numbers
    "0.1 + 0.2 = 0.3": True, "12345678901234567890.12 + 0.01": Decimal("12345678901234567890.13"),
    "1 / 3": Decimal("0.3333333333333333333333333333333333"), "2 ** 10": 1024, "-2 ** 2": 4, "10 - 3 - 2": 5,
    "7 - -1": 8, "1 / 0": None, "modulo(-12, 5)": 3, "decimal(2.5, 0)": 2, "round half up(2.5, 0)": 3, "1e3": 1000,
    "floor(1.56, 1)": Decimal("1.5"), "0 ** 0": 1, "0 ** -1": None, "0 ** -0.5": None, 'number("1e9999")': None,
    "abs(-5)": 5, "even(4) and odd(3)": True,
    # texts
    '"退货" + "单"': "退货单", 'string length("客诉")': 2, 'substring("客户投诉", 3)': "投诉", 'substring("foobar", -3, 2)': "ba",
    'contains("客户投诉", "投诉")': True, 'matches("260103", "^[0-9]{6}$")': True, 'split("a;b;c", ";")': ["a", "b", "c"],
    'replace("abc", "(b)", "[$1]")': "a[b]c", 'string join(["甲", null, "乙"], "、")': "甲、乙", "string(12.50)": "12.5",
    'upper case("a") + lower case("B")': "Ab", '"\\u5BA2\\n"': "客\n", 'number("1,234.5", ",", ".")': Decimal("1234.5"),
    'string({a: [1, "x", null]})': '{a: [1, "x", null]}',
    # logic of three values
    "true and null": None, "false and null": False, "true or null": True, "false or null": None, 'not("a")': None,
    "1 = null": False, "null = null": True, '1 = "1"': None, '1 < "2"': None, "if null then 1 else 2": 2,
    # ranges and membership
    "5 in [1..5]": True, "5 in [1..5)": False, "5 in (1, 5, 9)": True, "5 in (< 3, > 4)": True, "5 between 1 and 5": True,
    '"b" in ["a".."c"]': True, '@"2026-01-05" in [@"2026-01-01"..@"2026-01-31"]': True, "before(1, [2..3])": True,
    "1 in ]1..5[": False, "2 in ]1..5[": True, "[1..5[ = [1..5)": True, "[1..5[.end included": False, "2 in (]1..5[, ]8..9[)": True,
    "5 in [1..[5, 6][1]]": True, "5 in [1..[5, 6][1][": False, "count([[1..2[, [2..3[])": 2,
    # lists and contexts
    "[1, 2, 3][-1]": 3, "[1, 2, 3][4]": None, "[1, 2, 3][item > 1]": [2, 3], "[{a: 1}, {a: 2}][a = 2].a": [2],
    "{a: 1, b: a + 1}.b": 2, "for i in 1..3 return i * i": [1, 4, 9], "for i in 3..1 return i": [3, 2, 1],
    "for i in 1.5..3 return i": None, "for i in (1..4) return i": [2, 3], '{"a b": 1, c: a b + 1}.a b': 1, '{"a b": 1, c: a b + 1}.c': 2,
    "for i in 1..2, j in [10, 20] return i * j": [10, 20, 20, 40], "some x in [1, 2] satisfies x > 1": True,
    "every x in [] satisfies x > 1": True, "sum([1, 2.5])": Decimal("3.5"), "max(1, 3, 2)": 3, "count([])": 0,
    "for i in 1..4 return if i = 1 then 1 else partial[-1] + i": [1, 3, 6, 10], "distinct values([1, 1.0, 2])": [1, 2],
    "sort([3, 1, 2], function(a, b) a < b)": [1, 2, 3], "flatten([[1, [2]], 3])": [1, 2, 3], "reverse([1, 2])": [2, 1],
    'context put({a: 1}, "b", 2)': {"a": 1, "b": 2}, 'get value({a: 1}, "a")': 1, "append([1], 2)": [1, 2],
    "{f: function(n) if n = 0 then 1 else n * f(n - 1), z: f(10)}.z": 3628800, "index of([1, 2, 1], 1)": [1, 3],
    # dates and times
    '@"2026-01-05"': date(2026, 1, 5), "date(2024, 2, 30)": None, '@"2024-01-31" + @"P1M"': date(2024, 2, 29),
    '@"2026-01-05" - @"2026-01-01"': timedelta(days=4), '@"P1Y2M"': YearsMonths(14), '@"2026-01-05".weekday': 1,
    'day of week(@"2026-01-05")': "Monday", 'duration("PT90M").hours': 1, '@"P1D" + @"P1M"': None, '@"09:00:00".hour': 9,
    'years and months duration(@"2024-12-24", @"2026-01-23")': YearsMonths(12), '@"10:00:00" + @"PT15H"': time(1, 0),
    'week of year(@"2024-12-30")': 1, 'string(@"P1DT2H")': "P1DT2H", '@"2026-01-05T10:00:00".year': 2026,
    'time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")': True, '@"2026-01-05T10:00:00z" = @"2026-01-05T10:00:00Z"': True,
    'for d in (@"2026-01-01"..@"2026-01-04") return d.day': [2, 3], 'for d in [@"2026-01-03"..@"2026-01-01") return d.day': [3, 2],
    "1 instance of number": True, "[1] instance of list<number>": True, "null instance of Any": False,
}  # fmt: skip


@pytest.mark.parametrize("text", MEANS)
def test_an_expression_means_what_it_says(text: str) -> None:
    found, wanted = value(text), MEANS[text]
    assert found == wanted
    assert isinstance(found, bool) == isinstance(wanted, bool)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ('损失金额 > 5000 and 客户等级 = "VIP"', {"损失金额": Decimal(6000), "客户等级": "VIP"}),
        ("损失 金额 > 5 and 客户 等级 = 1", {"损失 金额": 6, "客户 等级": 1}),
        ("customer level + 1 = 3", {"customer level": 2}),
        ("Pre-bureau score = 1", {"Pre-bureau score": 1}),
        ("Pre-bureau = 1", {"Pre": 3, "bureau": 2}),
        ("a b.c d = 1", {"a b": {"c d": 1}, "c d": 0}),
        ("in stock = 1", {"in stock": 1}),
        ("(for r in rows return r.amount) = [1]", {"rows": [{"amount": 1}]}),
        ("is late and not(is paid)", {"is late": True, "is paid": False}),
    ],
)
def test_names_with_blanks_and_chinese_names_need_no_quotes(text: str, scope: dict[str, Any]) -> None:
    assert value(text, scope) in (True, [True])


@pytest.mark.parametrize(
    ("cell", "given", "passes_it"),
    [
        ("-", None, True), ('"a", "b"', "b", True), ('not("a")', "b", True), ('not("a", "b")', "b", False),
        ("< 5", 4, True), ("< 5", None, False), ("< 5", "4", False), ("[1..5), > 9", 10, True), ("[1..5)", 5, False),
        ("> limit * 2", 7, True), ("limit", 3, True), ("limit, 9", 9, True), ("null", None, True), ("not(null)", 1, True),
        ("? > 2 and ? < limit + 5", 7, True), ('ends with(?, "号")', "3号", True), ("true", True, True), ("true", False, False),
        ('@"2026-01-05"', date(2026, 1, 5), True), ("[1, 2]", 2, True), ("list contains(?, 1)", [1], True),
        ("!= 5", 4, True), ("!= 5", 5, False),
    ],
)  # fmt: skip
def test_a_cell_takes_what_it_says(cell: str, given: Any, passes_it: bool) -> None:
    assert passes(cell, given, {"limit": 3}) is passes_it


def test_elapsed_time_is_counted_through_a_change_of_clocks() -> None:
    # 01:30 in Paris, an hour before two o'clock became three: an hour later it is half past three.
    assert value('string(@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H")') == "2026-03-29T03:30:00@Europe/Paris"
    assert value('@"2026-03-29T03:30:00@Europe/Paris" - @"2026-03-29T01:30:00@Europe/Paris"') == timedelta(hours=1)


def test_instants_are_compared_across_zones() -> None:
    assert value('@"2026-01-05T12:00:00+08:00" = @"2026-01-05T04:00:00Z"') is True
    assert (
        value('@"2026-01-05T12:00:00@Asia/Shanghai" < opened', {"opened": SHANGHAI_NOON + timedelta(seconds=1)}) is True
    )


def test_now_is_the_moment_handed_in_as_local_time() -> None:
    assert value("now()") == SHANGHAI_NOON
    assert value("today()") == date(2026, 1, 5)
    assert value("now().hour") == 12
    assert value("today()", zone="Pacific/Kiritimati") == date(2026, 1, 5)
    assert value("now().hour", zone="UTC") == 4


def test_functions_of_the_house_are_called_by_names_with_blanks() -> None:
    functions = {"working days": lambda start, n: start + timedelta(days=int(n)), "done by": lambda e: f"who did {e}",
                 "elapsed working days": lambda a, b: Decimal((b - a).days), "due": lambda limit, variant=None: limit}  # fmt: skip
    assert value('working days(@"2026-01-05", 3)', functions=functions) == date(2026, 1, 8)
    assert value('done by("assess")', functions=functions) == "who did assess"
    assert value('elapsed working days(@"2026-01-05", @"2026-01-07") + 1', functions=functions) == 3
    assert value('due("T08-6")', functions=functions) == value('due("T08-6", "sales")', functions=functions)


@pytest.mark.parametrize("text", ["due()", "due(1, 2, 3)", 'working days("x", 1)', "milestone([1])", "due({})"])
def test_functions_of_the_house_called_wrongly_give_null(text: str) -> None:
    functions = {"due": lambda limit, variant=None: {"T": 1}[limit], "working days": lambda start, n: start + n,
                 "milestone": lambda name: {}.get(name)}  # fmt: skip
    assert value(text, functions=functions) is None


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("=a + 1", (True, "a + 1")),
        (" = a", (True, "a")),
        ("sales, quality", (False, "sales, quality")),
        ("", (False, "")),
    ],
)
def test_an_equals_sign_makes_a_text_an_expression(text: str, means: tuple[bool, str]) -> None:
    assert literal_or_expression(text) == means


@pytest.mark.parametrize("text", ["1 // one\n + 1", "/* one */ 1 + 1", "1\u3000+\u00a01", "1\n+\n1"])
def test_comments_and_blanks_of_every_kind_are_passed_over(text: str) -> None:
    assert value(text) == 2


def test_the_page_for_process_owners_names_every_function() -> None:
    page = (Path(__file__).parents[2] / "docs" / "feel.md").read_text(encoding="utf-8")
    assert [name for name in sorted({*BUILTINS, *HOUSE}) if f"`{name}`" not in page and f"`{name}(" not in page] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('number("12") + 1', 13),
        ("count([1, 2])", 2),
        # What was made as a function, or is a range, is called all the same
        ("{count: function(x) x * 10, r: count(2)}.r", 20),
        ("{count: [1..5], r: count(3)}.r", True),
        ("{f: function(x) x + 1, r: {f: 5, r: f(1)}.r}.r", 2),
    ],
)
def test_a_field_called_like_a_function_does_not_hide_it(text: str, wanted: object) -> None:
    assert value(text, {"number": "KS-1", "count": 3}) == wanted

"""Whatever is wrong is told with its place, in plain words, in both languages."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import BudgetSpent, FeelSyntaxError, NotABoolean, compile, run_condition
from engine.values import decode, encode
from tests.feel.asking import context, counted, result, value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("1 +", 1, 4), ("a and\n  (b or", 2, 8), ("if a then 1", 1, 12), ('"open', 1, 1), ("[1, 2", 1, 6), ("a b", 1, 3),
     ("x = 1 ?", 1, 7), ("{a 1}", 1, 5), ("for in x", 1, 4), ("", 1, 1), ("f(1, a: 2)", 1, 7)],
)  # fmt: skip
def test_a_mistake_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as told:
        compile(text)
    assert (told.value.line, told.value.column) == (line, column)
    assert f"第 {line} 行第 {column} 列" in told.value.text("zh")
    assert f"Line {line}, column {column}" in told.value.text("en")


@pytest.mark.parametrize(
    ("text", "column", "en"),
    [("losss > 5", 1, "'losss' is not known"), ('1 + (2 < "a")', 8, 'cannot compare number < string'),
     ('"a" - 1', 1, "cannot reckon string - number"), ("nothing(1)", 1, "'nothing' is not known"),
     ('number("x")', 1, "number(string) gave null")],
)  # fmt: skip
def test_a_null_from_an_error_carries_its_reason_and_place(text: str, column: int, en: str) -> None:
    found = result(text)
    assert found.value is None
    assert (found.warnings[0].line, found.warnings[0].en) == (1, en)
    assert re.search("[\u4e00-\u9fff]", found.warnings[0].zh)
    assert en in str(found.warnings[0])


def test_a_value_that_is_no_error_carries_no_reasons() -> None:
    assert result("1 + 1").warnings == ()
    assert result("null").warnings == ()


@pytest.mark.parametrize(("text", "shown"), [("null", "null"), ("loss > 5", "null"), ("1", "1"), ('"yes"', '"yes"')])
def test_a_condition_that_is_neither_true_nor_false_is_an_error_and_not_a_no(text: str, shown: str) -> None:
    with pytest.raises(NotABoolean) as told:
        run_condition(compile(text), {}, context=context())
    assert shown in told.value.text("zh")
    assert shown in told.value.text("en")


def test_the_reason_of_a_failed_condition_is_told_in_the_readers_language() -> None:
    with pytest.raises(NotABoolean) as told:
        run_condition(compile("损失 > 5"), {}, context=context())
    assert "没有“损失”这个名称" in told.value.text("zh")
    assert "'损失' is not known" in told.value.text("en")


@pytest.mark.parametrize(
    ("text", "used", "calls"),
    [
        ("a + case.number", {"a", "case.number"}, set()),
        ('due("T1") > now()', set(), {"due", "now"}),
        ("for r in rows return r.amount * rate", {"rows", "rate"}, set()),
        ("{a: 1, b: a + c}", {"c"}, set()),
        ("rows[amount > 5]", {"rows"}, set()),
        ("some x in xs satisfies x > y", {"xs", "y"}, set()),
        ("(function(x) x + z)(1)", {"z"}, set()),
        ("sum(rows.amount)", {"rows.amount"}, {"sum"}),
    ],
)
def test_what_an_expression_reads_and_calls_is_known_before_it_runs(text: str, used: set[str], calls: set[str]) -> None:
    compiled = compile(text)
    assert compiled.used == used
    assert compiled.calls >= calls


def test_names_that_may_be_fields_of_the_item_are_told_apart() -> None:
    compiled = compile("rows[amount > limit and owner.name = 1].note")
    assert "rows" in {name.partition(".")[0] for name in compiled.used}
    assert compiled.perhaps >= {"amount", "limit"}


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("loss * 1.1", "number"), ('"a" + name', "string"), ("loss > 5", "boolean"), ("when + @\"P1D\"", "date"),
        ("when - when", "days and time duration"), ("if a then 1 else 2", "number"), ("if a then 1 else name", None),
        ("case.opened", "date and time"), ("sum(rows.amount)", "number"), ("rows[amount > 1]", "list"), ("rows[1]", None),
        ('due("T")', "date and time"), ("@\"P1D\" / @\"PT1H\"", "number"), ("2 * @\"P1D\"", "days and time duration"),
        ("-loss", "number"), ("nobody", None), ("null", None), ("{a: 1}", "context"), ("loss + name", None),
    ],
)  # fmt: skip
def test_the_type_of_a_value_is_known_where_it_can_be(text: str, of: str | None) -> None:
    types = {"loss": "number", "name": "string", "when": "date", "case.opened": "date and time", "rows": "list"}
    assert compile(text).type(types) == of


def test_one_compiled_expression_serves_many_threads() -> None:
    compiled = compile("sum(for i in 1..n return i * i)")
    wanted = {n: sum(i * i for i in range(1, n + 1)) for n in range(1, 60)}
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda n: (n, compiled.run({"n": n}, context=context()).value), list(wanted) * 5)
        assert all(wanted[n] == total for n, total in found)


def test_equal_questions_are_compiled_once() -> None:
    assert compile("a + 1", names=["x y"]) is compile("a + 1", names=["x y"])
    assert compile("a + 1") is not compile("a + 1", mode="unary")


_TOKENS = st.sampled_from([
    "1", "2.5", '"a"', "true", "null", "a", "b", "[", "]", "(", ")", "{", "}", ",", ":", ".", "..", "+", "-", "*", "/", "**",
    "=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every",
    "satisfies", "between", "instance", "of", "function", "?", '@"P1D"', '@"2026-01-05"', "sum", "count", "string", "date",
    "--", "//", "/*", "客户",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(_TOKENS, max_size=14).map(" ".join), st.sampled_from(["expression", "unary"]))
def test_no_text_whatever_ends_in_anything_but_a_value_or_a_told_error(text: str, mode: str) -> None:
    scope = {"a": Decimal(1), "b": [{"a": Decimal(2)}]}
    try:
        if mode == "unary":
            compile(text, mode="unary").test(Decimal(1), scope, context=context(budget=counted()))
        else:
            compile(text).run(scope, context=context(budget=counted()))
    except (FeelSyntaxError, BudgetSpent):
        pass


_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)


@given(_NUMBERS, _NUMBERS)
def test_sums_and_products_of_amounts_are_exact(a: Decimal, b: Decimal) -> None:
    scope = {"a": a, "b": b}
    assert value("a + b - b = a", scope) is True
    assert value("a + b", scope) == a + b
    assert value("number(string(a)) = a", scope) is True
    assert value("(a < b) = (b > a) and (a <= b) = not(a > b)", scope) is True


_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(max_size=5) | st.dates() | st.timedeltas(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_VALUES)
def test_what_an_expression_gives_back_can_be_kept(found: object) -> None:
    kept = value("{x: v, y: [v]}", {"v": found})
    assert encode(decode(encode(kept))) == encode(kept)
    assert value("v = w", {"v": found, "w": decode(encode(found))}) is True

"""What can only be null is told before it runs; what may be something is left alone."""

from __future__ import annotations

import pytest

from engine.feel import compile

TYPES = {
    "amount": "number",
    "title": "string",
    "day": "date",
    "at": "date and time",
    "rows": "list",
    "ok": "boolean",
    "span": "days and time duration",
}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("sum([])", 4), ("mean([])", 5), ("1 / 0", 1), ("sqrt(-1)", 5), ('number("abc")', 7), ('date("2026-13-01")', 5), ('@"2026-13-01"', 1),
        ('duration("P1X") + day', 9), ("amount + null", 1), ("null * amount", 1), ('amount + "x"', 1), ('"5" * 2', 1), ("day + 1", 1),
        ("now() + 5", 4), ("-title", 1), ("-ok", 1), ("amount < null", 8), ('amount < "5"', 8), ('amount = "5"', 8), ("day = 1", 5),
        ("upper case(3)", 11), ("upper case(amount)", 11), ("contains(amount, title)", 9), ("substring(title)", 10), ("not(amount)", 4),
        ("string length(text: title)", 14), ("title.length", 6), ("amount.value", 7), ("null.a", 5), ("rows[0]", 5), ("ok + 1", 1),
        ("[1, sum([])]", 8), ("if ok then sum([]) else 1", 15), ("{a: amount - title}.a", 5), ("for r in rows return title * 2", 22),
        ("some r in null satisfies r", 1), ('matches(title, "(")', 8), ('replace(title, "[", "")', 8), ("span + amount", 1), ("at - title", 1),
        ("amount between null and 3", 8), ("null between 1 and 3", 6), ("count(rows[sum([]) > 1])", 15),
    ],
)  # fmt: skip
def test_what_can_only_be_null_is_told_with_its_place(text: str, column: int) -> None:
    told = compile(text).nulls(TYPES)
    assert [why.column for why in told] == ([column] if text != "amount between null and 3" else [])
    assert all(why.zh and why.en for why in told)


@pytest.mark.parametrize(
    "text",
    [
        "null", "if ok then 1 else null", "amount = null", "amount != null and amount > 1", "if amount = null then 0 else amount + 1",
        "day.year", "day - day", "at - at", "at - day", "day + span", "day + duration(\"P\" + string(amount) + \"M\")", "unknown + 1",
        "unknown.a.b * 2", "rows[1]", "rows.x + 1", "rows[x > 5]", "count(rows) > 1", "for amount in rows return amount + \"x\"",
        "(function(amount) amount + \"x\")(title)", "{amount: title, b: amount + \"x\"}", "rows[amount + \"x\" = title]", "string(amount) + \"x\"",
        "concatenate(rows, null)", "append(rows, null)", "list contains(rows, null)", "get or else(amount, 0)", "is defined(amount)",
        "sort(rows, function(a, b) a < b)", "sum(rows)", "max(amount, 3)", "date and time(day, time(\"00:00:00@Asia/Shanghai\"))",
        "contains(rows, \"x\")", "param(\"x\") * 2", "due(\"L\") + @\"P1D\"", "working days(day, 3)", "amount in (1, null)", "\"a\" in rows",
        "matches(title, \"a+\")", "split(title, \",\")[1]", "today() - day", "at.hour", "span.days", "@\"P1D\" * amount", "{a: 1}.b",
    ],
)  # fmt: skip
def test_what_may_be_something_is_left_alone(text: str) -> None:
    assert compile(text).nulls(TYPES) == ()


@pytest.mark.parametrize(
    "text", ["[" + "for i in 1..100000 return i, " * 300 + "1]", "2 ** 99999 ** 2", "(" * 40 + "sum([])" + ")" * 40]
)
def test_looking_ends_soon(text: str) -> None:
    assert len(compile(text).nulls({})) <= 1


@pytest.mark.parametrize(
    ("text", "sure", "perhaps"),
    [
        ("rows[day.year = 2026]", {"rows"}, {"day.year"}), ("rows[case.number = x]", {"rows", "case.number"}, {"x"}),
        ("rows[span.start included]", {"rows"}, {"span.start included"}), ("day.year", {"day.year"}, set()),
    ],
)  # fmt: skip
def test_a_part_of_an_entry_of_the_items_is_no_name_that_nobody_gives(text: str, sure: set[str], perhaps: set[str]) -> None:
    compiled = compile(text)
    assert (compiled.used, compiled.perhaps) == (sure, perhaps)

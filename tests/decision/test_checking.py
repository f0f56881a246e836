"""What the gate says of a table is exactly what would happen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision import DecisionConflict, check
from engine.findings import Finding
from tests.decision.tables import decide, model, table


def found(*args: object, **more: object) -> list[Finding]:
    return check(model(table(*args, **more)))  # type: ignore[arg-type]


def codes(*args: object, **more: object) -> list[str]:
    return [f.code for f in found(*args, **more)]


def test_a_whole_table_without_contradiction_passes() -> None:
    assert codes(["amount:number", ">x"], ["< 100 | 1", "[100..5000) | 2", ">= 5000 | 3"]) == []


def test_an_overlap_names_both_rows_and_an_input_that_shows_it() -> None:
    (finding,) = found(["amount:number", ">x"], ["<= 100 | 1", ">= 100 | 2"])
    assert (finding.code, finding.severity) == ("rows-overlap", "error")
    assert finding.detail["rows"] == [1, 2]
    assert finding.detail["example"] == {"amount": "100"}
    assert "第 1 行和第 2 行" in finding.text("zh")
    assert "amount = 100" in finding.text("en")


def test_a_gap_is_told_with_an_example() -> None:
    (finding,) = found(["amount:number", ">x"], ["< 100 | 1", "> 100 | 2"])
    assert (finding.code, finding.severity) == ("table-gap", "warning")
    assert finding.detail["example"] == {"amount": "100"}


def test_a_gap_between_columns_is_found() -> None:
    rows = ['"a" | < 5 | 1', '"a" | >= 5 | 2', '"b" | < 5 | 3']
    (finding,) = found(["kind:string", "amount:number", ">x"], rows, allowed={"kind": '"a","b"'})
    assert finding.detail["example"] == {"kind": '"b"', "amount": "5"}


@pytest.mark.parametrize(
    ("columns", "rows", "more"),
    [
        (["ok:boolean", ">x"], ["true | 1", "false | 2"], {}),
        (["kind:string", ">x"], ['"a" | 1', '"b" | 2'], {"allowed": {"kind": '"a","b"'}}),
        (["kind:string", ">x"], ['"a" | 1', 'not("a") | 2'], {}),
        (["day:date", ">x"], ['< date("2026-01-01") | 1', '>= @"2026-01-01" | 2'], {}),
        (["day:date", ">x"], ['<= @"2026-01-01" | 1', '>= @"2026-01-02" | 2'], {}),
        (["span", ">x"], ['< duration("P5D") | 1', '>= duration("P5D") | 2'], {}),
        (["amount:number", ">x"], ["< 100 | 1"], {"default": "0"}),
        (["amount:number", ">x"], ["< 100 | 1"], {"policy": "COLLECT"}),
        (["n:number", ">x"], ["[1..5] | 1", "(5..9] | 2"], {"allowed": {"n": "[1..9]"}}),
        (["amount:number", "amount:number", ">x"], [">= 1 | < 9 | 1", "< 1 | - | 2", "- | >= 9 | 3"], {}),
    ],
)
def test_what_is_complete_is_left_alone(columns: list[str], rows: list[str], more: dict[str, object]) -> None:
    assert codes(columns, rows, **more) == []


def test_rows_that_agree_may_overlap_where_any_is_the_policy() -> None:
    assert codes(["a:number", ">x"], ["< 5 | 1", ">= 0 | 1"], policy="ANY") == []
    assert codes(["a:number", ">x"], ["< 5 | 1", ">= 0 | 2"], policy="ANY") == ["rows-overlap"]


def test_a_row_behind_others_that_take_everything_is_unreachable() -> None:
    (finding,) = found(["a:number", ">x"], ["< 5 | 1", ">= 5 | 2", "7 | 3"], policy="FIRST")
    assert (finding.code, finding.detail["rows"]) == ("row-unreachable", [3])


def test_a_row_of_lower_priority_is_unreachable() -> None:
    rows = ['- | "high"', '> 5 | "low"']
    assert codes(["a:number", ">x"], rows, policy="PRIORITY", values='"high","low"') == ["row-unreachable"]
    assert codes(["a:number", ">x"], rows, policy="PRIORITY", values='"low","high"') == []


@pytest.mark.parametrize("cell", ['"c"', "[5..1]", "[10..20]"])
def test_a_row_that_no_allowed_input_matches_is_told(cell: str) -> None:
    of = "string" if '"' in cell else "number"
    limit = '"a","b"' if of == "string" else "[1..9]"
    assert codes([f"a:{of}", ">x"], ["- | 1", f"{cell} | 2"], allowed={"a": limit}) == ["row-never-matches"]


def test_cells_that_ask_for_other_names_get_the_benefit_of_the_doubt() -> None:
    rows = ["<= limit | 1", "(limit..limit * 2] | 2", "> limit * 2 | 3"]
    assert codes(["amount:number", ">x"], rows) == []


def test_a_table_too_large_to_be_checked_says_so() -> None:
    columns = [f"c{n}:number" for n in range(9)]
    rows = [" | ".join(f"< {(n * 7 + c * 3) % 23}" for c in range(9)) + " | 1" for n in range(60)]
    assert set(codes([*columns, ">x"], rows, policy="FIRST")) <= {"table-too-large", "row-unreachable", "table-gap"}


_CELLS = st.one_of(
    st.just("-"),
    st.integers(0, 4).map(str),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 4)),
    st.builds("{}{}..{}{}".format, st.sampled_from("[("), st.integers(0, 2), st.integers(2, 4), st.sampled_from("])")),
    st.builds("not({})".format, st.integers(0, 4)),
    st.builds("{}, {}".format, st.integers(0, 4), st.integers(0, 4)),
)
_POINTS = [Decimal(n) / 2 for n in range(-2, 11)]


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(_CELLS, _CELLS, st.integers(1, 2)), min_size=1, max_size=5),
       policy=st.sampled_from(["UNIQUE", "ANY", "FIRST"]))  # fmt: skip
def test_the_gate_and_the_table_agree_on_every_point(rows: list[tuple[str, str, int]], policy: str) -> None:
    # Given any table of two numbers, asked at every half step around what its cells name
    made = model(table(["a:number", "b:number", ">x"], [f"{a} | {b} | {x}" for a, b, x in rows], policy=policy))
    conflict, nothing, used = False, False, set()
    for a in _POINTS:
        for b in _POINTS:
            try:
                record = decide(made, {"a": a, "b": b}).record
            except DecisionConflict:
                conflict = True
                continue
            nothing |= not record["rules"]
            used |= {rule["number"] for rule in record["rules"]}
    # I expect the gate to have said just what happens
    told = check(made)
    said = {f.code for f in told}
    assert ("rows-overlap" in said) == conflict
    assert ("table-gap" in said) == nothing
    idle = {n for f in told if f.code in ("row-unreachable", "row-never-matches") for n in f.detail["rows"]}
    if policy == "FIRST":
        assert idle == set(range(1, len(rows) + 1)) - used


@pytest.mark.parametrize(
    ("rows", "more", "code"),
    [
        (["< 5 | 1", "< 9 | 2"], {"policy": "PRIORITY"}, "priorities-missing"),
        (["< 5 | 1", "< 9 | 2"], {"policy": "OUTPUT ORDER"}, "priorities-missing"),
        (["< 5 | 1", "< 9 | 2"], {"policy": "PRIORITY", "values": "2,1"}, ""),
        (["- | 1"], {"aggregation": "SUM"}, "aggregation-ignored"),
        (["- | 1"], {"policy": "COLLECT", "aggregation": "SUM"}, ""),
        (['- | "a"'], {"policy": "COLLECT", "aggregation": "SUM"}, "sum-of-texts"),
        (['- | "a"'], {"policy": "COLLECT", "aggregation": "COUNT"}, ""),
        (['- | "c"'], {"values": '"a", "b"'}, "output-not-listed"),
        (["- | x + 1"], {"values": "1, 2"}, ""),
    ],
)
def test_a_hit_policy_that_lacks_what_it_goes_by_is_not_run_in_silence(rows: list[str], more: dict[str, str], code: str) -> None:
    said = codes(["x:number", ">o"], rows, **more)
    assert (code in said) if code else not {"priorities-missing", "aggregation-ignored", "sum-of-texts", "output-not-listed"} & set(said)


def test_a_sum_is_of_one_column_and_of_numbers() -> None:
    assert "aggregation-of-several" in codes(["x:number", ">a", ">b"], ["- | 1 | 2"], policy="COLLECT", aggregation="SUM")
    assert "aggregation-of-several" not in codes(["x:number", ">a", ">b"], ["- | 1 | 2"], policy="COLLECT", aggregation="COUNT")
    joined = model(table(["x:number", ">o"], ['- | "a"', '> 0 | "b"'], policy="COLLECT", aggregation="SUM"))
    assert decide(joined, {"x": Decimal(1)}).value is None

"""Numbers as the procedures write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numbering import NumberingOverflow, PartMissing, Pattern, PatternRepeats, PatternWrong
from tests.time.worlds import law

DAY = date(2026, 9, 4)


@pytest.mark.parametrize(
    ("pattern", "reset", "day", "number", "written", "period"),
    [
        ("{yy}{mm}{seq:02}", "month", date(2026, 1, 9), 3, "260103", "2026-01"),
        ("{yy}{mm}{seq:02}", "month", date(2026, 2, 1), 1, "260201", "2026-02"),
        ("{yy}{mm}{dd}{seq:03}", "year", date(2010, 9, 12), 99, "100912099", "2010"),
        ("{yy}{mm}{dd}{seq:03}", "year", date(2026, 3, 5), 12, "260305012", "2026"),
        ("CCS-{yyyy}-{seq5}", "year", DAY, 12, "CCS-2026-00012", "2026"),
        ("TS{yyyy}{mm}{seq4}", "month", DAY, 12, "TS2026090012", "2026-09"),
        ("JB{yyyy}{seq6}", "year", DAY, 12, "JB2026000012", "2026"),
        ("KS{yyyy}{mm}{seq3}", "month", DAY, 12, "KS202609012", "2026-09"),
        ("R-{seq}", "never", DAY, 12345, "R-12345", ""),
        ("{yyyy}{mm}{dd}-{seq:02}", "day", DAY, 7, "20260904-07", "2026-09-04"),
    ],
)
def test_a_number_looks_as_its_procedure_says(
    pattern: str, reset: str, day: date, number: int, written: str, period: str
) -> None:
    read = Pattern.parse(pattern, reset=reset)
    assert (read.format(day, number), read.period(day)) == (written, period)


def test_a_batch_code_takes_its_other_parts() -> None:
    batch = Pattern.parse("{source}-{yyyy}{mm}{dd}-{operator}-{seq:03}", reset="day")
    assert batch.parts == ("source", "operator")
    assert batch.format(DAY, 2, source="A1", operator="W7") == "A1-20260904-W7-002"
    with pytest.raises(PartMissing, match="operator"):
        batch.format(DAY, 2, source="A1")


def test_a_series_refuses_when_it_is_full_unless_it_may_widen() -> None:
    # Given two digits a month (D-27)
    full = Pattern.parse("{yy}{mm}{seq:02}", reset="month")
    assert (full.last, full.format(DAY, 99)) == (99, "260999")
    with pytest.raises(NumberingOverflow, match="2026-09"):
        full.format(DAY, 100)
    assert Pattern.parse("{yy}{mm}{seq:02}", reset="month", overflow="widen").format(DAY, 100) == "2609100"


@pytest.mark.parametrize("pattern", ["", "{yy}{mm}", "{seq}{seq}", "{yy}{seq", "{yy}}{seq}", "{yy:2}{seq}", "{seq:0}",
                                     "{seq:019}", "{Seq}", "{0}{seq}"])  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternWrong):
        Pattern.parse(pattern, reset="never")


@pytest.mark.parametrize(
    ("pattern", "reset", "missing"),
    [("KS{seq:03}", "year", "{yyyy}"), ("{yy}{seq:03}", "month", "{mm}"), ("{yy}{mm}{seq:03}", "day", "{dd}"),
     ("{mm}{seq:03}", "month", "{yyyy}")],
)  # fmt: skip
def test_a_reset_that_would_repeat_numbers_is_refused(pattern: str, reset: str, missing: str) -> None:
    with pytest.raises(PatternRepeats) as refused:
        Pattern.parse(pattern, reset=reset)
    assert missing in refused.value.text("en")
    assert missing in refused.value.text("zh")


@law(0.5)
@given(
    st.sampled_from([("{yyyy}{mm}{dd}{seq:04}", "day"), ("TS{yyyy}{mm}{seq4}", "month"), ("JB{yyyy}{seq6}", "year")]),
    st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 9999), st.integers(1, 9999),
)  # fmt: skip
def test_no_two_cases_get_the_same_number(how: tuple[str, str], a: int, b: int, first: int, second: int) -> None:
    pattern = Pattern.parse(how[0], reset=how[1])
    one, other = date(2024, 1, 1) + timedelta(days=a), date(2024, 1, 1) + timedelta(days=b)
    same = (pattern.period(one), first) == (pattern.period(other), second)
    assert (pattern.format(one, first) == pattern.format(other, second)) == same

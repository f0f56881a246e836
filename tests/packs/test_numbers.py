"""The numbers that the texts print as examples, and the catalogue after them, are the numbers the shipped packs give."""

from __future__ import annotations

from datetime import date

import pytest

from engine.numbering import NumberingOverflow, Pattern
from tests.packs.company import shipped


def _pattern(pack: str) -> Pattern:
    series = shipped(pack).policy.numbering["complaint"]
    return Pattern.parse(series.pattern, reset=series.reset, overflow=series.overflow)


@pytest.mark.parametrize(
    ("pack", "day", "ordinal", "number"),
    [
        ("xilinmen-furniture", date(2010, 9, 12), 99, "100912099"),
        ("xilinmen-furniture", date(2026, 3, 5), 12, "260305012"),
        ("mfg-gm-office", date(2026, 1, 31), 3, "260103"),
        ("mfg-gm-office", date(2026, 2, 1), 1, "260201"),
        ("paint-ccs", date(2026, 1, 5), 1, "CCS-2026-00001"),
        ("qa-8d-tracking", date(2026, 1, 5), 1, "KS202601001"),
    ],
)
def test_a_number_looks_as_printed(pack: str, day: date, ordinal: int, number: str) -> None:
    assert _pattern(pack).format(day, ordinal) == number


def test_the_ordinal_of_the_year_does_not_begin_anew_each_day() -> None:
    series = _pattern("xilinmen-furniture")
    assert series.period(date(2026, 3, 5)) == series.period(date(2026, 12, 31)) != series.period(date(2027, 1, 1))


@pytest.mark.parametrize(("pack", "last"), [("xilinmen-furniture", 999), ("mfg-gm-office", 99)])
def test_a_series_that_is_used_up_refuses_the_next_number(pack: str, last: int) -> None:
    series = _pattern(pack)
    assert series.format(date(2026, 3, 5), last)
    with pytest.raises(NumberingOverflow):
        series.format(date(2026, 3, 5), last + 1)

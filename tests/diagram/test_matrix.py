"""Every construct of the conformance study is executed, rewritten or refused, and each is shown. No fourth kind."""

from __future__ import annotations

import pytest

from tests.diagram.matrix import ROWS, Row, constructs


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.group}: {row.construct}")
def test_a_construct_is_executed_or_refused_as_the_page_says(row: Row) -> None:
    row.show()


def test_every_construct_of_the_study_has_its_answer_and_only_one() -> None:
    wanted = constructs()
    assert len(wanted) == 197
    answered: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        answered.setdefault((row.group, row.construct), set()).add(row.verdict)
    assert (wanted.keys() - answered.keys(), answered.keys() - wanted.keys()) == (set(), set())
    assert all(len(verdicts) == 1 for verdicts in answered.values())


def test_a_refused_construct_names_its_element_and_the_remedy_in_both_languages() -> None:
    for row in ROWS:
        if row.verdict == "refused":
            found = next(f for f in row.findings() if f.code == row.code)
            assert found.element and found.zh and found.en and found.remedy_zh and found.remedy_en

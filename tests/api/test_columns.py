"""The columns of a printed list: no word is broken, nothing is left out, and only what has to lies across."""

from __future__ import annotations

import pytest

from api.paper.columns import PARTS, layout
from api.paper.spread import spread
from api.paper.tables import Table, cell

LONG = "经核对生产记录与留样，确认该批次第三工序温度偏低，属我方责任。"


def test_a_narrow_list_stands_upright() -> None:
    found = layout(("序号", "客户名称", "投诉日期"), [("1", "恒运建材有限公司", "2026-05-11")])
    assert not found.across and [column.place for column in found.lines[0]] == [0, 1, 2]


def test_a_list_that_needs_the_width_lies_across_in_one_line() -> None:
    heads = tuple(f"栏目{n}" for n in range(9))
    found = layout(heads, [("客诉情况说明文字",) * 9])
    assert found.across and len(found.lines) == 1


@pytest.mark.parametrize("text", [LONG, "corrective-action", "2026-05-25 24:00"])
def test_an_entry_of_many_columns_takes_several_lines(text: str) -> None:
    heads = tuple(f"Head {n}" for n in range(28))
    found = layout(heads, [tuple(text for _ in heads)])
    assert found.across and len(found.lines) > 1
    # Every column stands there once, in its order, and each line is filled
    assert [column.place for line in found.lines for column in line] == list(range(28))
    assert {sum(column.parts for column in line) for line in found.lines} == {PARTS}
    assert {sum(column.percent for column in line) for line in found.lines} == {100}


def test_a_word_has_the_room_it_needs() -> None:
    found = layout(("No.", "Text"), [("KS202605001", LONG * 20)])
    # Two capitals and nine figures of the 126 letters that a line holds, and the margins
    assert found.lines[0][0].percent >= (13 + 3) * 100 // 126


def test_narrow_tables_share_a_sheet_and_long_ones_are_halved() -> None:
    two = ("步骤", "办结")
    short = Table(title="按渠道", heads=two, rows=[(cell("电话"), cell("3", 3))])
    long = Table(title="按步骤", heads=two, rows=[(cell(f"步骤{n}"), cell(str(n), n)) for n in range(31)])
    [sheet] = spread([short, short, long])
    assert [len(line) for line in sheet.lines] == [2, 1]
    [halved] = sheet.lines[1]
    assert halved.table.heads == two * 2 and len(halved.rows) == 16
    # Read down the left half, then down the right one, it is the list it was
    both = [row[:2] for row in halved.rows] + [row[2:] for row in halved.rows]
    assert [text.text for text, _ in both if text.text] == [f"步骤{n}" for n in range(31)]


def test_a_list_of_one_table_stays_one_table() -> None:
    [sheet] = spread([Table(title="台账", heads=("编号",), rows=[(cell(str(n)),) for n in range(40)])])
    assert len(sheet.lines[0][0].rows) == 40

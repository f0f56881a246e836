"""What is executed exactly, what is rewritten exactly, and what is refused: one table, no fourth kind.

An element is accepted when a row accepts it and no row refuses it, so what the table does not know
is refused too. To let the run execute something new, change its row in `support_rest` or
`support_events`; `docs/support-matrix.md` is made from the table.
"""

from __future__ import annotations

from engine.diagram import support_events, support_rest
from engine.diagram.construct import Row
from engine.diagram.faults import Faults
from engine.diagram.model import Process

#: All rows, in the order of the page.
ROWS: tuple[Row, ...] = support_rest.ROWS + support_events.ROWS


def judge(process: Process, faults: Faults) -> None:
    """Note each element that would not run as drawn."""
    rows = [(row, row.where) for row in ROWS if row.where is not None]
    refusing = [(row, where) for row, where in rows if row.verdict == "refused"]
    accepting = [where for row, where in rows if row.verdict != "refused"]
    for element in process.elements.values():
        against = [row for row, where in refusing if where(element, process)]
        for row in against:
            name = f"“{element.label}”"
            faults.add(row.id, element.id, f"{name}：{row.zh}。{row.how_zh}", f"{name}: {row.en}. {row.how_en}",
                       row.remedy_zh, row.remedy_en, line=element.line)  # fmt: skip
        if not against and not any(where(element, process) for where in accepting):
            faults.add("not-supported", element.id, f"“{element.label}”不在支持范围内。",
                       f"“{element.label}” is not among what is executed.",
                       "请改用支持的图形（见支持矩阵）。", "Draw it with what the support matrix lists.",
                       line=element.line)  # fmt: skip

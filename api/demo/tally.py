"""What the demo came to: counted by flow, as a table for people and as one line for machines."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

_NAMES = {
    "product-quality": "产品质量 product quality",
    "service": "服务 service",
    "staff-conduct": "员工行为 staff conduct",
}
_HEADS = (
    "受理 opened", "结案 closed", "超期 late", "上报 escalated", "催办 urged", "续立 continued", "最长 longest",
)  # fmt: skip


@dataclass
class Flow:
    """What became of the complaints of one flow."""

    #: Complaints that were received.
    opened: int = 0
    #: Of these, how many are closed.
    closed: int = 0
    #: Cases in which something was done, or still is, after it was due.
    late: set[str] = field(default_factory=set)
    #: Cases that were brought before somebody higher.
    escalated: set[str] = field(default_factory=set)
    #: Cases in which somebody was reminded.
    urged: set[str] = field(default_factory=set)
    #: Cases that another case opened: no complaints of their own.
    continued: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)
    longest: timedelta = timedelta(0)


def table(flows: Mapping[str, Flow]) -> str:
    """A row for each flow."""
    rows: list[tuple[str, ...]] = [("", *_HEADS)]
    for name, flow in sorted(flows.items()):
        counts = (
            flow.opened, flow.closed, len(flow.late), len(flow.escalated), len(flow.urged), len(flow.continued),
        )  # fmt: skip
        days = flow.longest / timedelta(days=1)
        rows.append((_NAMES.get(name, name), *(str(count) for count in counts), f"{days:.1f} 天 d"))
    wide = [max(_width(row[place]) for row in rows) for place in range(len(_HEADS) + 1)]
    return "\n".join(
        "  ".join((_padded(cell, w, left=place == 0)) for place, (cell, w) in enumerate(zip(row, wide, strict=True)))
        for row in rows
    )


def line(flows: Mapping[str, Flow], verified: int) -> str:
    """The last line of `demo --exit`."""
    found = list(flows.values())
    return (
        f"demo: opened={sum(f.opened for f in found)} closed={sum(f.closed for f in found)} "
        f"late={sum(len(f.late) for f in found)} escalated={sum(len(f.escalated) for f in found)} verified={verified}"
    )


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text

"""Reads the text of a sketch; the top of the package shows its form."""

from __future__ import annotations

import itertools
import re

from engine.diagram.drawing.settling import Cells, settle
from engine.diagram.drawing.sketch import (
    BOXES,
    EVENTS,
    FACTS,
    GATEWAYS,
    RESERVED,
    TASKS,
    TRIGGERS,
    Flow,
    Node,
    Sketch,
    SketchRefused,
)

#: Attributes that share a line are parted by " ; ".
_PARTED = re.compile(r"\s;\s+(?=[a-z-]+:)")
_ARROW = re.compile(r"[\w.-]+\s+~?>\s")
_NAME = re.compile(r"[A-Za-z_][\w-]*")


def read(text: str) -> Sketch:
    """The sketch a text describes.

    Raises:
        SketchRefused: with the line or the element.
    """
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), 1):
        line = re.sub(r"\s+# .*$", "", line).rstrip()
        if line and not line.lstrip().startswith("#"):
            try:
                reading.line(line)
            except SketchRefused as refused:
                raise SketchRefused(f"line {number}: {refused.facts['what']}") from refused
    settle(reading.sketch, reading.cells)
    return reading.sketch


class _Reading:
    """Line by line: what came last takes the attributes, the last lane takes the rows."""

    def __init__(self) -> None:
        self.sketch = Sketch()
        self.cells: Cells = {}
        self._last: Node | None = None
        self._lane = ""
        self._seen: set[str] = set()

    def line(self, line: str) -> None:
        if line[0].isspace():
            self._attributes(line)
        elif line.startswith("|"):
            self._row(line)
        elif _ARROW.match(line):
            self.sketch.flows += _arrows(line)
        else:
            self._opening(line)

    def _attributes(self, line: str) -> None:
        if self._last is None:
            raise SketchRefused("an attribute of nothing")
        for part in _PARTED.split(line.strip()):
            key, _, value = (text.strip() for text in part.partition(":"))
            if key not in FACTS:
                raise SketchRefused(f"there is no attribute {key!r}")
            self._last.facts[key].append(value)

    def _row(self, line: str) -> None:
        if not self._lane:
            raise SketchRefused("a row of the sketch stands under its lane")
        for col, cell in enumerate(line.strip("|").split("|")):
            name = cell.strip(" .")
            if name in self.cells:
                raise SketchRefused(f"{name} is in the sketch twice")
            if name:
                self.cells[name] = (self._lane, col, self.sketch.rows[self._lane])
        self.sketch.rows[self._lane] += 1

    def _opening(self, line: str) -> None:
        kind, ident, name = ([*line.split(None, 2), "", ""])[:3]
        if not _NAME.fullmatch(ident) or ident in RESERVED or ident in self._seen:
            raise SketchRefused(f"{ident!r} is no id, is reserved, or is used twice")
        self._seen.add(ident)
        self._last = node = Node(ident, kind, name.strip())
        is_event = node.part in EVENTS and node.trigger in ("", *TRIGGERS)
        if kind == "process":
            self.sketch.process = node
        elif kind == "pool":
            self.sketch.pools[ident] = node
        elif kind == "lane":
            self.sketch.lanes[ident], self._lane, self.sketch.rows[ident] = node, ident, 0
        elif is_event or kind in TASKS or kind in GATEWAYS or kind in BOXES or kind == "note":
            self.sketch.nodes[ident] = node
        else:
            raise SketchRefused(f"there is no element {kind!r}")


def _arrows(line: str) -> list[Flow]:
    """`a > b > c`, or one arrow with label, condition and sides."""
    chain, _, rest = line.partition(" : ")
    if " ? " in chain:
        chain, _, rest = chain.partition(" ? ")
        rest = "? " + rest
    label, _, condition = rest.partition("? ") if rest.startswith("? ") else rest.partition(" ? ")
    condition, default = condition.strip(), condition.strip() == "default"
    message, ends = "~>" in chain, [end.strip().partition(".") for end in re.split(r"~?>", chain)]
    return [
        Flow(
            id=f"{'message' if message else 'flow'}_{a[0]}_{b[0]}",
            source=a[0],
            target=b[0],
            label=label.strip(),
            condition="" if default else condition,
            default=default,
            message=message,
            out_side=a[2],
            in_side=b[2],
        )
        for a, b in itertools.pairwise(ends)
    ]

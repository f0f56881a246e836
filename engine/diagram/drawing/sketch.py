"""What a sketch says before it is drawn: elements, arrows, and the cell each stands in.

Working paper, not a record: places and labels are filled in by the rooms beside. Knows neither the
form of the text nor XML.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field

from engine.errors import EngineError


class SketchRefused(EngineError):
    """The sketch cannot be drawn: {what}."""

    zh = "草图无法绘制：{what}。"

    def __init__(self, what: str) -> None:
        super().__init__(what=what)


TASKS = {
    "task": "task",
    "user": "userTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "script": "scriptTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "manual": "manualTask",
    "call": "callActivity",
}


GATEWAYS = {
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "event-gate": "eventBasedGateway",
}


EVENTS = {
    "start": "startEvent",
    "end": "endEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
}


TRIGGERS = ("timer", "message", "signal", "error", "escalation", "terminate")


BOXES = ("sub", "event-sub")


#: Everything that may be said of an element.
FACTS = frozenset(
    {"doc", "version", "side", "group", "users", "assignee", "form", "due", "followup", "priority"}
    | {"limit", "variant", "four-eyes", "milestone", "status", "property", "decision", "calls", "inherit", "in", "out"}
    | {"job", "header", "retries", "script", "each", "message", "signal", "error", "escalation", "key"}
    | {"date", "duration", "cycle", "on", "at", "interrupting", "holds", "remind", "escalate"}
)
#: Attributes that become properties, by the name of the property.
PROPERTIES = {"limit": "limit", "variant": "limit-variant", "four-eyes": "four-eyes",
              "milestone": "milestone", "status": "status"}  # fmt: skip


RESERVED = {"Start", "End", "Root"}


CLEAR = 10  # px that edges keep from nodes; also the straight piece at each end


TASK = 94.0, 72.0  # six Chinese characters a line


#: Least distance between columns, between rows, and of both from the edge of a lane.
GAP_X, GAP_Y, LANE_PAD = 32, 26, 16
#: Side -> direction.
SIDES = {"right": (1, 0), "bottom": (0, 1), "left": (-1, 0), "top": (0, -1)}
DIRECTIONS = [(1, 0), (0, 1), (-1, 0), (0, -1)]


@dataclass
class Rect:
    """A rectangle in pixels."""

    x: float
    y: float
    w: float
    h: float
    #: How high its ports left and right are, where that is not half way up: of a box, at its row of elements.
    level: float | None = None

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def grown(self, by: float) -> Rect:
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def overlap(self, other: Rect) -> float:
        """Shared area; a line counts as one pixel wide."""
        w = min(self.right, other.right) - max(self.x, other.x)
        h = min(self.bottom, other.bottom) - max(self.y, other.y)
        return w * h if w > 0 and h > 0 else 0

    def port(self, side: str) -> tuple[float, float]:
        dx, dy = SIDES[side]
        if dx and self.level is not None:
            return self.cx + dx * self.w / 2, self.level
        return self.cx + dx * self.w / 2, self.cy + dy * self.h / 2


@dataclass
class Node:
    """A pool, a lane or an element."""

    id: str
    kind: str
    name: str
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lane: str = ""
    col: int = -1
    row: int = -1
    box: str = ""
    host: str = ""
    hangs: str = ""  # the boundary event this one hangs under
    rect: Rect = field(default_factory=lambda: Rect(0, 0, 0, 0))
    label: Rect | None = None

    def fact(self, key: str, default: str = "") -> str:
        return self.facts[key][0] if self.facts.get(key) else default

    @property
    def part(self) -> str:
        """What it is, whatever the trigger: start, end, catch, throw, boundary, or the kind itself."""
        return self.kind.rpartition("-")[2] if self.kind.rpartition("-")[2] in EVENTS else self.kind

    @property
    def trigger(self) -> str:
        return self.kind.partition("-")[0] if self.part in EVENTS and "-" in self.kind else ""

    @property
    def labelled_outside(self) -> bool:
        return bool(self.name) and (self.part in EVENTS or self.kind in GATEWAYS)

    @property
    def size(self) -> tuple[float, float]:
        if self.part in EVENTS:
            return 36, 36
        return (50, 50) if self.kind in GATEWAYS else TASK


@dataclass
class Flow:
    """An arrow; `points` and `box` (of the label) come with drawing."""

    id: str
    source: str
    target: str
    label: str = ""
    condition: str = ""
    default: bool = False
    message: bool = False
    out_side: str = ""
    in_side: str = ""
    points: list[tuple[float, float]] = field(default_factory=list)
    box: Rect | None = None

    def segments(self) -> list[Rect]:
        return [
            Rect(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]) or 1, abs(a[1] - b[1]) or 1)
            for a, b in itertools.pairwise(self.points)
        ]


@dataclass
class Sketch:
    """Everything a text draws."""

    process: Node = field(default_factory=lambda: Node("", "process", ""))
    pools: dict[str, Node] = field(default_factory=dict)
    lanes: dict[str, Node] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def children(self, box: str) -> list[Node]:
        return [n for n in self.nodes.values() if n.box == box]

    def boundaries(self, host: str) -> list[Node]:
        return [n for n in self.nodes.values() if n.host == host]

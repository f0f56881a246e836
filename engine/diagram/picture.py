"""Where things are drawn: bounds, waypoints and labels of a BPMN file, for whoever paints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.diagram.document import parse
from engine.diagram.faults import Faults

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DDI = "{http://www.omg.org/spec/DD/20100524/DI}"


#: Beyond this nobody draws.
FARTHEST = 1e6


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle, in the units of the file."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What one file draws."""

    #: Element -> where it stands.
    boxes: Mapping[str, Box] = field(default_factory=dict)
    #: Flow -> its corners.
    lines: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    #: Element or flow -> where its label stands, where that is told.
    labels: Mapping[str, Box] = field(default_factory=dict)
    #: Sub-processes drawn open.
    expanded: frozenset[str] = frozenset()
    #: Pools -> their name; those of others, too, of whom only the frame is drawn.
    pools: Mapping[str, str] = field(default_factory=dict)
    #: Message flows between pools -> what they carry.
    messages: Mapping[str, str] = field(default_factory=dict)
    #: Remarks of the drawing -> their text.
    notes: Mapping[str, str] = field(default_factory=dict)
    #: Lines between remarks, or data, and what they belong to.
    ties: frozenset[str] = frozenset()

    @property
    def frame(self) -> Box:
        """What encloses everything."""
        xs = [v for b in self.boxes.values() for v in (b.x, b.x + b.width)]
        ys = [v for b in self.boxes.values() for v in (b.y, b.y + b.height)]
        xs += [x for line in self.lines.values() for x, _ in line]
        ys += [y for line in self.lines.values() for _, y in line]
        if not xs:
            return Box(x=0, y=0, width=100, height=100)
        return Box(x=min(xs), y=min(ys), width=max(xs) - min(xs), height=max(ys) - min(ys))


def picture_of(source: bytes, file: str) -> Picture:
    """The drawing of a file; empty where it has none.

    Raises:
        Refused: it cannot be read.
    """
    root = parse(source, Faults(file))
    boxes: dict[str, Box] = {}
    labels: dict[str, Box] = {}
    lines: dict[str, tuple[tuple[float, float], ...]] = {}
    expanded: set[str] = set()
    for shape in root.iter(f"{_DI}BPMNShape"):
        name = shape.get("bpmnElement") or ""
        if (box := _box(shape)) is not None:
            boxes[name] = box
        if shape.get("isExpanded") == "true":
            expanded.add(name)
        _label(shape, name, labels)
    for edge in root.iter(f"{_DI}BPMNEdge"):
        name = edge.get("bpmnElement") or ""
        points = [(_length(p, "x"), _length(p, "y")) for p in edge.findall(f"{_DDI}waypoint")]
        lines[name] = tuple((x, y) for x, y in points if x is not None and y is not None)
        _label(edge, name, labels)
    return Picture(
        boxes=boxes,
        lines=lines,
        labels=labels,
        expanded=frozenset(expanded),
        pools={_id(p): p.get("name") or "" for p in root.iter(f"{_BPMN}participant")},
        messages={_id(m): m.get("name") or "" for m in root.iter(f"{_BPMN}messageFlow")},
        notes={_id(n): (n.findtext(f"{_BPMN}text") or "").strip() for n in root.iter(f"{_BPMN}textAnnotation")},
        ties=frozenset(_id(a) for a in root.iter(f"{_BPMN}association")),
    )


def _id(node: etree._Element) -> str:
    return node.get("id") or ""


def _label(node: etree._Element, name: str, labels: dict[str, Box]) -> None:
    label = node.find(f"{_DI}BPMNLabel")
    if label is not None and (box := _box(label)) is not None:
        labels[name] = box


def _box(node: etree._Element) -> Box | None:
    bounds = node.find(f"{_DC}Bounds")
    if bounds is None:
        return None
    x, y, width, height = (_length(bounds, k) for k in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Box(x=x, y=y, width=width, height=height)


def _length(node: etree._Element, name: str) -> float | None:
    """A length that can be painted; None for what is none: drafts are painted before anybody has checked them."""
    try:
        length = float(node.get(name, 0))
    except ValueError:
        return None
    return length if abs(length) <= FARTHEST else None

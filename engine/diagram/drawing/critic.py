"""What a reader of the drawing would stumble over, and a few things the run would."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.drawing.lettering import wrap
from engine.diagram.drawing.sketch import BOXES, GATEWAYS, TASK, TASKS, Flow, Node, Sketch


def check(sketch: Sketch) -> list[str]:
    """What a reader would stumble over, and a few things the engine would."""
    solid = [n for n in sketch.nodes.values() if n.kind not in BOXES]
    return [*_places(sketch, solid), *_crossings(sketch, solid), *_labels(sketch, solid), *_parallels(sketch), *_meaning(sketch)]


def _places(sketch: Sketch, solid: list[Node]) -> Iterator[str]:
    """Elements that cover each other, or leave the lane or box they belong to."""
    for i, a in enumerate(solid):
        for b in solid[i + 1 :]:
            if a.rect.overlap(b.rect) and b.host != a.id and a.host != b.id:
                yield f"{a.id} and {b.id} overlap"
        home = sketch.lanes[a.lane].rect
        if a.rect.y < home.y or a.rect.bottom > home.bottom:
            yield f"{a.id} leaves its lane"
        if a.box and a.rect.overlap(sketch.nodes[a.box].rect) < a.rect.w * a.rect.h:
            yield f"{a.id} leaves {a.box}"
        if a.kind in TASKS and len(wrap(a.name, TASK[0] - 14, 12)) > 4:
            yield f"{a.id}: the name is too long for its box"


def _crossings(sketch: Sketch, solid: list[Node]) -> Iterator[str]:
    """Arrows that run through elements."""
    for flow in sketch.flows:
        for node in solid:
            ends = node.id in (flow.source, flow.target)
            if not ends and any(s.overlap(node.rect.grown(-1)) for s in flow.segments()):
                yield f"{flow.id} runs through {node.id}"


def _labels(sketch: Sketch, solid: list[Node]) -> Iterator[str]:
    """Labels that lie on each other, on elements or on arrows."""
    labels = [(n.id, n.label) for n in sketch.nodes.values() if n.label] + [(f.id, f.box) for f in sketch.flows if f.box]
    for i, (name, box) in enumerate(labels):
        yield from (f"labels of {name} and {other} overlap" for other, b in labels[i + 1 :] if box.overlap(b) > 4)
        for node in solid:
            if node.id != name and box.overlap(node.rect.grown(-2)) > 4:
                yield f"the label of {name} lies on {node.id}"
        for flow in sketch.flows:
            if any(s.overlap(box.grown(-1)) for s in flow.segments()):
                yield f"the label of {name} lies on {flow.id}"


def _parallels(sketch: Sketch) -> Iterator[str]:
    """Arrows that cannot be told apart."""
    flows = [f for f in sketch.flows if not f.message]
    for i, f in enumerate(flows):
        for g in flows[i + 1 :]:
            if f.source == g.source or f.target == g.target:
                continue
            if any(s.overlap(t) > 6 and (s.w == 1) == (t.w == 1) for s in f.segments() for t in g.segments()):
                yield f"{f.id} and {g.id} run on top of each other"


def _meaning(sketch: Sketch) -> Iterator[str]:
    """Elements that say too little to be read, or to be run."""
    flows = [f for f in sketch.flows if not f.message]
    for node in sketch.nodes.values():
        out = [f for f in flows if f.source == node.id]
        if node.kind in ("xor", "or") and len(out) > 1:
            yield from _question(node, out)
        if not node.name and node.kind not in GATEWAYS:
            yield f"{node.id}: has no name"
        if node.kind not in GATEWAYS and len(out) > 1:
            yield f"{node.id}: several flows leave it; say which with a gateway"
        apart = node.kind in (*BOXES, "note")
        if not apart and node.part not in ("start", "boundary") and not any(f.target == node.id for f in flows):
            yield f"{node.id}: nothing leads here"
        if not apart and node.part != "end" and not out:
            yield f"{node.id}: leads nowhere"
        if node.trigger == "timer" and not (node.fact("date") or node.fact("duration") or node.fact("cycle")):
            yield f"{node.id}: a timer needs date, duration or cycle"


def _question(gateway: Node, out: list[Flow]) -> Iterator[str]:
    """A gateway whose question or answers are not written."""
    if not gateway.name:
        yield f"{gateway.id}: a gateway that asks needs a name"
    for flow in out:
        if not flow.label:
            yield f"{flow.id}: an answer needs a label"
        if not flow.condition and not flow.default:
            yield f"{flow.id}: needs a condition, or `? default`"
    if not any(f.default or f.condition == "=true" for f in out):
        yield f"{gateway.id}: no default flow"

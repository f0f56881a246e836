"""The picture of a sketch: shapes, edges and labels with their places."""

from __future__ import annotations

from lxml import etree

from engine.diagram.drawing.sketch import BOXES, Rect, Sketch
from engine.diagram.drawing.tree import add


def write_shapes(root: etree._Element, sketch: Sketch) -> None:
    plane = add(
        add(root, "bpmndi:BPMNDiagram", id="sketch"),
        "bpmndi:BPMNPlane",
        id="plane",
        bpmnElement=f"collaboration_{sketch.process.id}",
    )

    def bounds(parent: etree._Element, r: Rect) -> None:
        add(
            parent,
            "dc:Bounds",
            **{k: f"{round(v)}" for k, v in (("x", r.x), ("y", r.y), ("width", r.w), ("height", r.h))},
        )

    def shape(ident: str, r: Rect, **facts: str) -> etree._Element:
        made = add(plane, "bpmndi:BPMNShape", id=f"{ident}_di", bpmnElement=ident, **facts)
        bounds(made, r)
        return made

    def edge(ident: str, points: list[tuple[float, float]], box: Rect | None) -> None:
        made = add(plane, "bpmndi:BPMNEdge", id=f"{ident}_di", bpmnElement=ident)
        for x, y in points:
            add(made, "di:waypoint", x=f"{round(x)}", y=f"{round(y)}")
        if box:
            bounds(add(made, "bpmndi:BPMNLabel"), box)

    shape("pool_process", sketch.process.rect, isHorizontal="true")
    for frame in (*sketch.pools.values(), *sketch.lanes.values()):
        shape(frame.id, frame.rect, isHorizontal="true")
    back_to_front = sorted(sketch.nodes.values(), key=lambda n: (bool(n.host), n.kind not in BOXES))
    for node in back_to_front:
        made = shape(
            node.id,
            node.rect,
            isExpanded="true" if node.kind in BOXES else "",
            isMarkerVisible="true" if node.kind == "xor" else "",
        )
        if node.label:
            bounds(add(made, "bpmndi:BPMNLabel"), node.label)
    for flow in sketch.flows:
        edge(flow.id, flow.points, flow.box)
    for note in (n for n in sketch.nodes.values() if n.kind == "note" and n.fact("on")):
        a, b = sketch.nodes[note.fact("on")].rect, note.rect
        side = "bottom" if a.bottom < b.y else "top" if a.y > b.bottom else "right" if a.right < b.x else "left"
        other = {"bottom": "top", "top": "bottom", "right": "left", "left": "right"}[side]
        edge(f"tie_{note.id}", [a.port(side), b.port(other)], None)

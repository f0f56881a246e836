"""What a reader of the drawing would stumble over, and a few things the run would."""

from __future__ import annotations

from engine.diagram.drawing.lettering import wrap
from engine.diagram.drawing.sketch import BOXES, GATEWAYS, TASK, TASKS, Sketch


def check(sketch: Sketch) -> list[str]:
    """What a reader would stumble over, and a few things the engine would."""
    said, nodes = [], list(sketch.nodes.values())
    flows = [f for f in sketch.flows if not f.message]
    labels = [(n.id, n.label, None) for n in nodes if n.label] + [(f.id, f.box, f) for f in sketch.flows if f.box]
    solid = [n for n in nodes if n.kind not in BOXES]
    for i, a in enumerate(solid):
        for b in solid[i + 1 :]:
            if a.rect.overlap(b.rect) and b.host != a.id and a.host != b.id:
                said.append(f"{a.id} and {b.id} overlap")
        home = sketch.lanes[a.lane].rect
        if a.rect.y < home.y or a.rect.bottom > home.bottom:
            said.append(f"{a.id} leaves its lane")
        if a.box and a.rect.overlap(sketch.nodes[a.box].rect) < a.rect.w * a.rect.h:
            said.append(f"{a.id} leaves {a.box}")
        if a.kind in TASKS and len(wrap(a.name, TASK[0] - 14, 12)) > 4:
            said.append(f"{a.id}: the name is too long for its box")
    for flow in sketch.flows:
        for node in solid:
            if node.id not in (flow.source, flow.target) and any(
                s.overlap(node.rect.grown(-1)) for s in flow.segments()
            ):
                said.append(f"{flow.id} runs through {node.id}")
    for i, (name, box, _own) in enumerate(labels):
        said += [f"labels of {name} and {other} overlap" for other, b, _ in labels[i + 1 :] if box.overlap(b) > 4]
        said += [
            f"the label of {name} lies on {n.id}" for n in solid if n.id != name and box.overlap(n.rect.grown(-2)) > 4
        ]
        said += [
            f"the label of {name} lies on {f.id}"
            for f in sketch.flows
            if any(s.overlap(box.grown(-1)) for s in f.segments())
        ]
    for i, f in enumerate(flows):
        for g in flows[i + 1 :]:
            if f.source == g.source or f.target == g.target:
                continue
            if any(s.overlap(t) > 6 and (s.w == 1) == (t.w == 1) for s in f.segments() for t in g.segments()):
                said.append(f"{f.id} and {g.id} run on top of each other")
    for node in nodes:
        out, into = [f for f in flows if f.source == node.id], [f for f in flows if f.target == node.id]
        if node.kind in ("xor", "or") and len(out) > 1:
            said += [f"{node.id}: a gateway that asks needs a name"] * (not node.name)
            said += [f"{f.id}: an answer needs a label" for f in out if not f.label]
            said += [f"{f.id}: needs a condition, or `? default`" for f in out if not f.condition and not f.default]
            said += [f"{node.id}: no default flow"] * (not any(f.default or f.condition == "=true" for f in out))
        if not node.name and node.kind not in GATEWAYS:
            said.append(f"{node.id}: has no name")
        if node.kind not in GATEWAYS and len(out) > 1:
            said.append(f"{node.id}: several flows leave it; say which with a gateway")
        if node.kind not in (*BOXES, "note") and node.part not in ("start", "boundary") and not into:
            said.append(f"{node.id}: nothing leads here")
        if node.kind not in (*BOXES, "note") and node.part != "end" and not out:
            said.append(f"{node.id}: leads nowhere")
        if node.trigger == "timer" and not (node.fact("date") or node.fact("duration") or node.fact("cycle")):
            said.append(f"{node.id}: a timer needs date, duration or cycle")
    return said

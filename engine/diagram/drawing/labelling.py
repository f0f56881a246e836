"""Puts each label where it covers least."""

from __future__ import annotations

from engine.diagram.drawing.lettering import outside_size, text_size
from engine.diagram.drawing.sketch import BOXES, GATEWAYS, Flow, Node, Rect, Sketch


def place_labels(sketch: Sketch) -> None:
    """Put each outside label where it covers least: first gateways and events, then flows."""
    solid = [(n, n.rect) for n in sketch.nodes.values() if n.kind not in BOXES] + [
        (p, p.rect) for p in sketch.pools.values()
    ]
    frames = [Rect(r.x, y, r.w, 1) for r in [lane.rect for lane in sketch.lanes.values()] for y in (r.y, r.bottom)]
    frames += [
        edge
        for n in sketch.nodes.values()
        if n.kind in BOXES
        for r in [n.rect]
        for edge in (
            Rect(r.x, r.y, r.w, 1),
            Rect(r.x, r.bottom, r.w, 1),
            Rect(r.x, r.y, 1, r.h),
            Rect(r.right, r.y, 1, r.h),
        )
    ]
    lines = [(f, s) for f in sketch.flows for s in f.segments()]
    taken: list[Rect] = []

    def price(box: Rect, own: Flow | Node) -> float:
        return (
            sum(20 * r.overlap(box) for n, r in solid if n is not own)
            + sum(20 * r.overlap(box.grown(1)) for r in taken)
            + sum(30 * s.overlap(box) for _, s in lines)
            + sum(10 * r.overlap(box) for r in frames)
            + sum(4 for f, s in lines if f is not own and s.overlap(box.grown(4)))
        )

    def best(choices: list[tuple[float, Rect]], own: Flow | Node) -> Rect:
        box = min(choices, key=lambda c: c[0] + price(c[1], own))[1]
        taken.append(box)
        return box

    for node in (n for n in sketch.nodes.values() if n.labelled_outside):
        (w, h), r = outside_size(node), node.rect
        mid, out = r.cx - w / 2, 2
        above, below = (0, 6) if node.kind in GATEWAYS else (8, 0)
        choices: list[tuple[float, Rect]] = [
            (above, Rect(mid, r.y - h - out, w, h)),
            (below, Rect(mid, r.bottom + out, w, h)),
        ]
        corner = 9 if node.kind in GATEWAYS else -2  # a diamond leaves its corners free
        for k, x in enumerate((r.cx + 14, r.cx - 14 - w)):
            choices += [
                (10 + k + above, Rect(x, r.y - h + corner, w, h)),
                (10 + k + below, Rect(x, r.bottom - corner, w, h)),
            ]
        if node.host or node.hangs:
            dy = 3 if node.hangs else -11 if node.fact("at").startswith("top") else 12
            beside = [
                (0.0, Rect(r.right + 3, r.cy - h / 2 + dy, w, h)),
                (3.0, Rect(r.x - w - 3, r.cy - h / 2 + dy, w, h)),
            ]
            choices = beside + [(cost + 20, box) for cost, box in choices]
        else:
            choices += [(14, Rect(r.right + 4, r.cy - h / 2, w, h)), (16, Rect(r.x - w - 4, r.cy - h / 2, w, h))]
        node.label = best(choices, node)
    for flow in (f for f in sketch.flows if f.label):
        choices = []
        for n, (a, b) in enumerate(zip(flow.points, flow.points[1:], strict=False)):
            shared = 60 * any(
                s.overlap(own) > 8 for f, s in lines if f is not flow for own in flow.segments()[n : n + 1]
            )
            long = abs(a[0] - b[0]) + abs(a[1] - b[1])
            for rows in (1, 2):
                w, h = text_size(flow.label, rows)
                near = 16 if flow.default and n == 0 else 4  # keep off the slash of a default flow
                for t in (near, (long - (w if a[1] == b[1] else h)) / 2):
                    forward = 1 if (b[0] + b[1]) > (a[0] + a[1]) else -1
                    cost = 8 * n + 3 * rows + (0 if t == near else 2) + shared + (25 if t < 0 else 0)
                    if a[1] == b[1]:
                        x = a[0] + t if forward > 0 else a[0] - t - w
                        choices += [(cost, Rect(x, a[1] - h - 3, w, h)), (cost + 3, Rect(x, a[1] + 3, w, h))]
                    else:
                        y = a[1] + t if forward > 0 else a[1] - t - h
                        choices += [(cost, Rect(a[0] + 4, y, w, h)), (cost + 2, Rect(a[0] - w - 4, y, w, h))]
        flow.box = best(choices, flow)

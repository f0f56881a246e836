"""From cells to pixels: columns as wide and rows as high as what stands in them."""

from __future__ import annotations

from engine.diagram.drawing.lettering import outside_size, size_of, text_size, text_width
from engine.diagram.drawing.sketch import BOXES, EVENTS, GAP_X, GAP_Y, GATEWAYS, LANE_PAD, Node, Rect, Sketch


def extent(sketch: Sketch, node: Node) -> tuple[float, float, float, float]:
    """Room a node needs left of, right of, above and below its centre."""
    w, h = size_of(node)
    left = right = w / 2
    up = down = h / 2
    if node.labelled_outside:
        lw, lh = outside_size(node)
        left, right = max(left, lw / 2), max(right, lw / 2)
        up, down = (up + lh + 4, down) if node.kind in GATEWAYS else (up, down + lh + 4)
    hanging = {n.hangs for n in sketch.nodes.values()}
    for event in sketch.boundaries(node.id):
        more = 18 + (54 if event.id in hanging else 14)
        up, down = (
            (max(up, h / 2 + more), down) if event.fact("at").startswith("top") else (up, max(down, h / 2 + more))
        )
    if node.box:
        inner = sketch.children(node.box)
        left += 26 * (node.col == min(n.col for n in inner))
        right += 26 * (node.col == max(n.col for n in inner))
        edges = {e.fact("at", "bottom").split()[0] for e in sketch.boundaries(node.box)}
        if node.row == min(n.row for n in inner):
            up += 32 + 24 * ("top" in edges)
        if node.row == max(n.row for n in inner):
            down += 32 + 34 * ("bottom" in edges)
    return left, right, up, down


def place(sketch: Sketch) -> None:
    """Turn cells into pixels: columns as wide and rows as high as what is in them."""
    seated = [n for n in sketch.nodes.values() if not n.host and not n.hangs and n.kind not in BOXES]
    room = {n.id: extent(sketch, n) for n in seated}
    cols = range(max(n.col for n in seated) + 1)
    tops = [p for p in sketch.pools.values() if p.fact("side", "top") == "top"]
    x0, y = 160.0, 80.0 + 110 * len(tops)
    centre: list[float] = []
    for col in cols:
        here = [n for n in seated if n.col == col]
        left = max((room[n.id][0] for n in here), default=0)
        if col == 0:
            centre.append(x0 + 60 + 20 + left)
            continue
        step = left + GAP_X + max((room[n.id][1] for n in seated if n.col == col - 1), default=0)
        for flow in sketch.flows:
            a, b = sketch.nodes.get(flow.source), sketch.nodes.get(flow.target)
            if a and b and flow.label and (a.lane, a.row, a.col, b.col) == (b.lane, b.row, col - 1, col):
                step = max(
                    step, a.size[0] / 2 + b.size[0] / 2 + text_size(flow.label, 1 if len(flow.label) < 6 else 2)[0] + 14
                )
        centre.append(centre[-1] + step)
    last = max(n.col for n in seated)
    width = centre[-1] + max(room[n.id][1] for n in seated if n.col == last) + 24 - x0
    pool_top = y
    for lane in sketch.lanes.values():
        lane_top = y
        for row in range(sketch.rows[lane.id]):
            here = [n for n in seated if (n.lane, n.row) == (lane.id, row)]
            y += (LANE_PAD if row == 0 else GAP_Y) + max((room[n.id][2] for n in here), default=0)
            for node in here:
                w, h = size_of(node)
                node.rect = Rect(centre[node.col] - w / 2, y - h / 2, w, h)
            y += max((room[n.id][3] for n in here), default=0)
        y = max(y + LANE_PAD, lane_top + text_width(lane.name, 12) + 24)
        lane.rect = Rect(x0 + 30, lane_top, width - 30, y - lane_top)
    sketch.process.rect = Rect(x0, pool_top, width, y - pool_top)
    boxes = [n for n in sketch.nodes.values() if n.kind in BOXES]
    outer = {box.id for box in boxes}
    _hang(sketch, [n for n in sketch.nodes.values() if n.host and n.host not in outer])
    for box in boxes:
        inner = [n.rect for n in sketch.children(box.id)]
        x1, y1 = min(r.x for r in inner) - 24, min(r.y for r in inner) - 32
        box.rect = Rect(x1, y1, max(r.right for r in inner) + 24 - x1, max(r.bottom for r in inner) + 32 - y1)
        rows = {n.rect.cy for n in sketch.children(box.id) if n in seated}
        box.rect.level = rows.pop() if len(rows) == 1 else None
    _hang(sketch, [n for n in sketch.nodes.values() if n.host in outer])
    for flow in sketch.flows:  # a small event fed by one boundary event of its column stands right below or above it
        a, b = sketch.nodes.get(flow.source), sketch.nodes.get(flow.target)
        if a and b and a.host and b.part in EVENTS and a.col == b.col and not b.hangs:
            b.rect.x = a.rect.x
    for index, pool in enumerate(tops):
        pool.rect = Rect(x0, 80 + 110 * index, width, 60)
    for index, pool in enumerate(p for p in sketch.pools.values() if p not in tops):
        pool.rect = Rect(x0, y + 50 + 110 * index, width, 60)


def _hang(sketch: Sketch, events: list[Node]) -> None:
    """Seat boundary events on the edges of their hosts, and below each the small end event that hangs from it."""
    for event in events:
        side, where = (event.fact("at", "bottom 0.76").split() + ["0.5"])[:2]
        host = sketch.nodes[event.host].rect
        px = host.x + host.w * float(where) if side in ("top", "bottom") else host.port(side)[0]
        py = host.y + host.h * float(where) if side in ("left", "right") else host.port(side)[1]
        event.rect = Rect(px - 18, py - 18, 36, 36)
        for below in (n for n in sketch.nodes.values() if n.hangs == event.id):
            below.rect = Rect(event.rect.x, event.rect.bottom + 18, 36, 36)

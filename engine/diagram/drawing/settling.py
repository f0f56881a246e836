"""Gives every element of a sketch its cell, box and host; spells out reminders; refuses what points nowhere."""

from __future__ import annotations

from engine.diagram.drawing.sketch import BOXES, Flow, Node, Sketch, SketchRefused

#: Element -> lane, column, row.
Cells = dict[str, tuple[str, int, int]]
#: Reminders as drawings in traditional characters name them; the kind of the errand is the same.
_TRADITIONAL = {"催辦單": "催办单", "查辦單": "查办单"}


def settle(sketch: Sketch, cells: Cells) -> None:
    """Complete a sketch that was read.

    Raises:
        SketchRefused: something stands nowhere, or points nowhere.
    """
    for node in list(sketch.nodes.values()):
        for errand in ("remind", "escalate"):
            for said in node.facts.pop(errand, []):
                _hang(sketch, node, errand, said)
    _tie(sketch)
    _seat(sketch, cells)
    _check_arrows(sketch)


def _hang(sketch: Sketch, node: Node, errand: str, said: str) -> None:
    """A timer on the edge of an element that does not interrupt it, and the end event it leads to."""
    label, paper, role, when, at = ([part.strip() for part in said.split("|")] + ["", "", "", ""])[:5]
    done = {"remind": "reminded", "escalate": "escalated"}[errand]
    late = Node(f"{node.id}_{errand}", "timer-boundary", label)
    sent = Node(f"{node.id}_{done}", "message-end", paper)
    place = at or ("bottom 0.2" if errand == "remind" else "bottom 0.8")
    late.facts.update({"on": [node.id], "interrupting": ["no"], "date": [when or _due(node)], "at": [place]})
    sent.facts.update({"job": [{"remind": "send-reminder", "escalate": "escalate"}[errand]]})
    sent.facts["header"].append(f"task = {node.id}")
    if errand == "remind":
        sent.facts["header"].append(f"kind = {_TRADITIONAL.get(paper, paper).removesuffix('单')}")
    sent.facts["in" if role.startswith("=") else "header"].append(f"to = {role}")
    sent.hangs = late.id
    sketch.nodes.update({late.id: late, sent.id: sent})
    sketch.flows.append(Flow(id=f"flow_{late.id}", source=late.id, target=sent.id))


def _due(node: Node) -> str:
    given = [node.fact("limit"), node.fact("variant")]
    if not given[0]:
        raise SketchRefused(f"{node.id}: a reminder needs a moment, or the element a limit")
    said = [text[1:] if text.startswith("=") else f'"{text}"' for text in given if text]
    return f"=due({', '.join(said)})"


def _tie(sketch: Sketch) -> None:
    nodes = sketch.nodes
    for node in nodes.values():
        for other in (node.fact("holds") + " " + node.fact("on")).split():
            if other not in nodes:
                raise SketchRefused(f"{node.id}: there is no {other!r}")
        for child in node.fact("holds").split():
            nodes[child].box = node.id
        node.host = node.fact("on") if node.part == "boundary" else ""


def _seat(sketch: Sketch, cells: Cells) -> None:
    nodes = sketch.nodes
    for node in nodes.values():
        node.lane, node.col, node.row = cells.pop(node.id, ("", -1, -1))
    for node in nodes.values():
        host = nodes[node.host] if node.host else nodes[nodes[node.hangs].fact("on")] if node.hangs else None
        if host:
            node.lane, node.col, node.row, node.box = host.lane, host.col, host.row, host.box
        elif node.kind in BOXES:
            inner = sketch.children(node.id)
            node.lane, node.col, node.row = inner[0].lane, min(n.col for n in inner), min(n.row for n in inner)
        elif node.col < 0:
            raise SketchRefused(f"{node.id} is not in the sketch")
    if cells:
        raise SketchRefused(f"in the sketch but nowhere described: {', '.join(cells)}")


def _check_arrows(sketch: Sketch) -> None:
    seen = set()
    for flow in sketch.flows:
        if flow.id in seen:
            raise SketchRefused(f"{flow.id}: drawn twice; use one arrow, or a gateway between")
        seen.add(flow.id)
        for end in (flow.source, flow.target):
            if end not in sketch.nodes and not (flow.message and end in sketch.pools):
                raise SketchRefused(f"{flow.id}: there is no {end!r}")

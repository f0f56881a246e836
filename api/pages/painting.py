"""Diagrams as SVG: drawn as the owner placed them, with where the case has been and where it stands.

Made on the server, so that they print, need no script, and read well: every part has its name as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

from engine.casebook import DiagramView
from engine.diagram import Diagram, Element
from engine.diagram.picture import Box, Picture, picture_of

_MARGIN = 24
#: Characters of a Chinese label that fit into a task's width, roughly, by pixels.
_EM = 12.0


@lru_cache(maxsize=256)
def _read(source: bytes, file: str) -> tuple[Diagram, Picture]:
    return Diagram.read(source, file), picture_of(source, file)


def paint(view: DiagramView, title: str) -> str:
    """One diagram as an SVG element; `title` says in words what it shows."""
    diagram, picture = _read(view.source, view.file)
    process = diagram.processes[view.process]
    frame = picture.frame
    box = f"{frame.x - _MARGIN:.0f} {frame.y - _MARGIN:.0f} {frame.width + 2 * _MARGIN:.0f} {frame.height + 2 * _MARGIN:.0f}"
    width = f' width="{frame.width + 2 * _MARGIN:.0f}"'
    parts = [f'<svg class="bpmn" viewBox="{box}"{width} role="img" aria-label="{escape(title)}">']
    parts += [_lane(picture.boxes[lane], name) for lane, name in _lanes(process.lanes) if lane in picture.boxes]
    for flow in process.flows.values():
        if flow.id in picture.lines:
            parts.append(_line(picture.lines[flow.id], flow.name, flow.id in view.passed, picture.labels.get(flow.id)))
    # Sub-processes first: what is drawn in them lies on top.
    for element in sorted(process.elements.values(), key=lambda e: e.kind != "subProcess"):
        if element.id in picture.boxes:
            parts += _shape(element, picture.boxes[element.id], picture.labels.get(element.id), view)
    return "".join([*parts, "</svg>"])


def _lanes(lanes: object) -> Iterator[tuple[str, str]]:
    rows = lanes.items() if hasattr(lanes, "items") else ((lane.id, lane) for lane in lanes)  # type: ignore[attr-defined]
    for key, lane in rows:
        yield str(key), lane if isinstance(lane, str) else str(getattr(lane, "name", ""))


def _lane(box: Box, name: str) -> str:
    x, y = box.x + 15, box.y + box.height / 2
    return (
        f'<rect class="lane" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}"/>'
        f'<text class="label" transform="rotate(-90 {x:.0f} {y:.0f})" x="{x:.0f}" y="{y + 4:.0f}">{escape(name)}</text>'
    )


def _line(points: Sequence[tuple[float, float]], name: str, taken: bool, label: Box | None) -> str:
    way = "M" + " L".join(f"{x:.0f} {y:.0f}" for x, y in points)
    (x0, y0), (x1, y1) = points[-2], points[-1]
    text = ""
    if name:
        tx, ty = label.middle if label else ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2 - 6)
        text = f'<text class="label" x="{tx:.0f}" y="{ty + 4:.0f}">{escape(name)}</text>'
    state = "taken" if taken else "ahead"
    return (
        f'<g class="{state}"><path class="edge" d="{way}"/><path class="arrow" d="{_arrow(x0, y0, x1, y1)}"/>{text}</g>'
    )


def _arrow(x0: float, y0: float, x1: float, y1: float) -> str:
    if abs(x1 - x0) >= abs(y1 - y0):
        back = -9 if x1 > x0 else 9
        return f"M{x1 + back:.0f} {y1 - 4.5:.1f}v9L{x1:.0f} {y1:.0f}z"
    back = -9 if y1 > y0 else 9
    return f"M{x1 - 4.5:.1f} {y1 + back:.0f}h9L{x1:.0f} {y1:.0f}z"


def _shape(element: Element, box: Box, label: Box | None, view: DiagramView) -> Iterator[str]:
    here = view.here.get(element.id, 0)
    state = "now" if here else "done" if element.id in view.passed else "ahead"
    if element.id in view.stuck:
        state = "fired"
    kind = element.kind
    if kind.endswith("Gateway"):
        body = _gateway(element, box)
    elif kind.endswith("Event"):
        body = _event(element, box)
        state = f"{state} timer" if element.trigger == "timer" and state == "ahead" else state
    else:
        body = _activity(element, box)
    if kind.endswith(("Gateway", "Event")) and element.name:
        body += _below(element.name, box, label)
    if here:
        x, y = box.x + box.width, box.y + box.height
        body += f'<circle class="token" cx="{x:.0f}" cy="{y:.0f}" r="9"/><text class="token-n" x="{x:.0f}" y="{y + 4:.0f}">{here}</text>'
    yield f'<g class="{state}" data-element="{escape(element.id)}">{body}</g>'


def _activity(element: Element, box: Box) -> str:
    open_ = element.kind == "subProcess"
    thick = ' stroke-width="2.6"' if element.kind == "callActivity" else ""
    bounds = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}"'
    body = f'<rect class="shape" {bounds} rx="7"{thick}/>'
    cx, cy = box.middle
    if open_:
        return body + f'<text class="label" x="{cx:.0f}" y="{box.y + 16:.0f}">{escape(element.name)}</text>'
    rows = _wrapped(element.name, box.width - 12)
    top = cy - (len(rows) - 1) * 8 + 4
    body += "".join(f'<text x="{cx:.0f}" y="{top + n * 16:.0f}">{escape(row)}</text>' for n, row in enumerate(rows))
    return body + _marker(element, box)


def _marker(element: Element, box: Box) -> str:
    x, y = box.x + 5, box.y + 4
    if element.kind == "userTask":
        shoulders = "M1.4 11.6V10a3.2 3.2 0 0 1 3.2-3.2h2.8A3.2 3.2 0 0 1 10.6 10v1.6z"
        mark = f'<circle class="glyph" cx="6" cy="4" r="2.6"/><path class="glyph" d="{shoulders}"/>'
    elif element.kind == "businessRuleTask":
        mark = '<path class="glyph" d="M0 1h12v9H0zM0 4h12M4 4v6"/>'
    elif element.kind in ("sendTask", "receiveTask"):
        mark = '<path class="glyph" d="M0 1h11v8H0zM0 1l5.5 4.5L11 1"/>'
    elif element.kind in ("serviceTask", "scriptTask"):
        mark = '<circle class="glyph" cx="6" cy="6" r="3"/><path class="glyph" d="M6 0v2M6 10v2M0 6h2M10 6h2"/>'
    elif element.kind == "callActivity":
        x, y = box.x + box.width / 2 - 6, box.y + box.height - 15
        mark = '<path class="glyph" d="M0 0h12v12h-12zM6 2v8M2 6h8"/>'
    else:
        return ""
    return f'<g transform="translate({x:.0f} {y:.0f})">{mark}</g>'


def _gateway(element: Element, box: Box) -> str:
    cx, cy = box.middle
    r = box.width / 2
    body = f'<path class="shape" d="M{cx:.0f} {cy - r:.0f}l{r:.0f} {r:.0f}l-{r:.0f} {r:.0f}l-{r:.0f} -{r:.0f}z"/>'
    if element.kind == "parallelGateway":
        return body + f'<path class="glyph" d="M{cx - 8:.0f} {cy:.0f}h16M{cx:.0f} {cy - 8:.0f}v16"/>'
    if element.kind == "exclusiveGateway":
        return body + f'<path class="glyph" d="M{cx - 6:.0f} {cy - 6:.0f}l12 12M{cx + 6:.0f} {cy - 6:.0f}l-12 12"/>'
    return body + f'<circle class="glyph" cx="{cx:.0f}" cy="{cy:.0f}" r="{r / 2.4:.0f}"/>'


def _event(element: Element, box: Box) -> str:
    cx, cy = box.middle
    r = box.width / 2
    thick = "3" if element.kind == "endEvent" else "1.4"
    dashes = ' stroke-dasharray="4 3"' if element.kind == "boundaryEvent" and not element.interrupting else ""
    body = f'<circle class="shape" cx="{cx:.0f}" cy="{cy:.0f}" r="{r:.0f}" stroke-width="{thick}"{dashes}/>'
    if element.kind in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        body += f'<circle class="shape" cx="{cx:.0f}" cy="{cy:.0f}" r="{r - 3:.0f}"{dashes}/>'
    if element.trigger == "timer":
        body += f'<path class="glyph" d="M{cx:.0f} {cy - 7:.0f}v7l5 3"/>'
    elif element.trigger == "message":
        body += f'<path class="glyph" d="M{cx - 7:.0f} {cy - 5:.0f}h14v10h-14zM{cx - 7:.0f} {cy - 5:.0f}l7 5l7 -5"/>'
    elif element.trigger == "error":
        body += f'<path class="glyph" d="M{cx - 7:.0f} {cy + 6:.0f}l4 -11l5 6l4 -7"/>'
    elif element.trigger == "terminate":
        body += f'<circle class="token" cx="{cx:.0f}" cy="{cy:.0f}" r="{r - 6:.0f}"/>'
    return body


def _below(name: str, box: Box, label: Box | None) -> str:
    if label is not None:
        rows = _wrapped(name, max(label.width, 60))
        x, y = label.x + label.width / 2, label.y + 11
    else:
        rows = _wrapped(name, 96)
        x, y = box.x + box.width / 2, box.y + box.height + 15
    return "".join(
        f'<text class="label" x="{x:.0f}" y="{y + n * 14:.0f}">{escape(row)}</text>' for n, row in enumerate(rows)
    )


def _wrapped(text: str, width: float) -> list[str]:
    """Text in rows that fit; Chinese breaks anywhere, Latin at blanks."""
    rows, row, length = [], "", 0.0
    for word in _words(text):
        needed = sum(_EM if ord(c) > 0x2E80 else 6.6 for c in word)
        if row.strip() and length + needed > width:
            rows.append(row.strip())
            row, length = "", 0.0
        row, length = row + word, length + needed
    return [*rows, row.strip()] if row.strip() else rows


def _words(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if ord(char) > 0x2E80 or char == " ":
            if word:
                yield word
            yield char
            word = ""
        else:
            word += char
    if word:
        yield word

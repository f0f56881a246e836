"""The single element of a diagram in strokes: activities, gateways, events, and their names in rows that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from engine.diagram import Element
from engine.diagram.picture import Box

#: Widths of characters at 12 px: Chinese, and Latin on the average.
_EM, _EN = 12.0, 6.5
#: A blank between two Chinese characters is where the owner broke the line.
_BROKEN = re.compile(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])")
#: What may not begin a row.
_CLOSING = frozenset("?!,.;:)？！，。；：、）”")
_SHOULDERS = "M1.4 11.6V10a3.2 3.2 0 0 1 3.2-3.2h2.8A3.2 3.2 0 0 1 10.6 10v1.6z"
_GEAR = "M6 0v2M6 10v2M0 6h2M10 6h2M1.8 1.8l1.4 1.4M8.8 8.8l1.4 1.4M10.2 1.8L8.8 3.2M3.2 8.8l-1.4 1.4"
#: Sign of a task, in a field of 12 by 12.
_SIGNS = {
    "userTask": f'<circle class="glyph" cx="6" cy="4" r="2.6"/><path class="glyph" d="{_SHOULDERS}"/>',
    "manualTask": '<path class="glyph" d="M1 7V4h6M3 7h8M2 9.500h7M1 7v4h7"/>',
    "businessRuleTask": '<path class="glyph" d="M0 1h12v9H0zM0 4h12M4 4v6"/>',
    "sendTask": '<path class="glyph solid" d="M0 1h12v8H0z"/><path class="glyph onsolid" d="M0 1l6 4.500L12 1"/>',
    "receiveTask": '<path class="glyph" d="M0 1h12v8H0zM0 1l6 4.500L12 1"/>',
    "serviceTask": f'<circle class="glyph" cx="6" cy="6" r="3"/><path class="glyph" d="{_GEAR}"/>',
    "scriptTask": '<path class="glyph" d="M2 0h9c-3 4 1 7-2 11H0c3-4-1-7 2-11zM3 3.500h5M3 7.500h5"/>',
}


def activity(element: Element, box: Box, name: str, *, open_: bool, bold: bool) -> str:
    """A task, a call activity or a sub-process with its name."""
    thick = ' stroke-width="2.6"' if element.kind == "callActivity" else ""
    dots = ' stroke-dasharray="2 3"' if element.by_event else ""
    bounds = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}"'
    body = f'<rect class="shape{" open" if open_ else ""}" {bounds} rx="7"{thick}{dots}/>'
    cx, cy = box.middle
    if open_:
        return body + text_rows([name], cx, box.y + 16, 14, "label") + _markers(element, box)
    rows = named(name, box.width - 10, bold)
    small = len(rows) > 2
    step = 14 if small else 16
    # A sign above or a marker below leaves the rest to the name.
    middle = cy + (3 if element.kind in _SIGNS and len(rows) > 2 else -4 if _below(element) else 0)
    body += text_rows(rows, cx, middle - (len(rows) - 1) * step / 2 + 4, step, "small" if small else "")
    sign = _SIGNS.get(element.kind, "")
    if sign:
        body += f'<g transform="translate({box.x + 5:.0f} {box.y + 4:.0f})">{sign}</g>'
    return body + _markers(element, box)


def _below(element: Element) -> bool:
    return (
        element.kind in ("callActivity", "subProcess", "transaction", "adHocSubProcess")
        or element.zeebe.loop is not None
    )


def _markers(element: Element, box: Box) -> str:
    """Signs at the foot: called or folded, repeated."""
    signs = []
    if element.kind == "callActivity":
        signs.append('<path class="glyph" d="M0 0h12v12h-12zM6 2.500v7M2.500 6h7"/>')
    if (loop := element.zeebe.loop) is not None:
        lines = "M0 2h12M0 6h12M0 10h12" if loop.sequential else "M2 0v12M6 0v12M10 0v12"
        signs.append(f'<path class="glyph" d="{"M4 10.500A5 5 0 1 1 8 10.500M4 10.500l-3-.5M4 10.500l.5-3" if loop.standard else lines}"/>')
    x = box.x + box.width / 2 - (len(signs) * 16 - 4) / 2
    y = box.y + box.height - 15
    return "".join(f'<g transform="translate({x + n * 16:.0f} {y:.0f})">{sign}</g>' for n, sign in enumerate(signs))


def gateway(element: Element, box: Box) -> str:
    """A diamond with its sign."""
    cx, cy = box.middle
    r = box.width / 2
    body = f'<path class="shape" d="M{cx:.0f} {cy - r:.0f}l{r:.0f} {r:.0f}l-{r:.0f} {r:.0f}l-{r:.0f} -{r:.0f}z"/>'
    match element.kind:
        case "parallelGateway":
            return body + f'<path class="glyph bold" d="M{cx - 9:.0f} {cy:.0f}h18M{cx:.0f} {cy - 9:.0f}v18"/>'
        case "exclusiveGateway":
            return (
                body
                + f'<path class="glyph bold" d="M{cx - 6:.0f} {cy - 6:.0f}l12 12M{cx + 6:.0f} {cy - 6:.0f}l-12 12"/>'
            )
        case "eventBasedGateway":
            pentagon = f"M{cx:.0f} {cy - 6:.0f}l6 4.500l-2.400 7h-7.200l-2.400 -7z"
            return (
                body
                + f'<circle class="glyph" cx="{cx:.0f}" cy="{cy:.0f}" r="{r * 0.52:.0f}"/><path class="glyph" d="{pentagon}"/>'
            )
    return body + f'<circle class="glyph bold" cx="{cx:.0f}" cy="{cy:.0f}" r="{r * 0.42:.0f}"/>'


def event(element: Element, box: Box) -> str:
    """A circle with its sign: thin for a start, double in between, thick for an end."""
    cx, cy = box.middle
    r = box.width / 2
    end = element.kind == "endEvent"
    dashes = (
        ' stroke-dasharray="4 3"'
        if not element.interrupting and element.kind in ("boundaryEvent", "startEvent")
        else ""
    )
    body = f'<circle class="shape" cx="{cx:.0f}" cy="{cy:.0f}" r="{r:.0f}" stroke-width="{"3" if end else "1.4"}"{dashes}/>'
    if element.kind in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        body += f'<circle class="shape" cx="{cx:.0f}" cy="{cy:.0f}" r="{r - 3:.0f}"{dashes}/>'
    sign = _trigger(element.trigger, throws=end or element.kind == "intermediateThrowEvent")
    return body + (f'<g transform="translate({cx - 8:.0f} {cy - 8:.0f})">{sign}</g>' if sign else "")


def _trigger(trigger: str | None, *, throws: bool) -> str:
    """What an event waits for (in outline) or throws (filled), in a field of 16 by 16."""
    css = "glyph solid" if throws else "glyph"
    match trigger:
        case "timer":
            return '<circle class="glyph" cx="8" cy="8" r="7"/><path class="glyph" d="M8 3.500v4.500l3.500 2"/>'
        case "message":
            fold = (
                '<path class="glyph onsolid" d="M1.500 4l6.500 5l6.500 -5"/>'
                if throws
                else '<path class="glyph" d="M1.500 4l6.500 5l6.500 -5"/>'
            )
            return f'<path class="{css}" d="M1.500 3.500h13v9h-13z"/>{fold}'
        case "signal":
            return f'<path class="{css}" d="M8 2l6.500 11h-13z"/>'
        case "error":
            return f'<path class="{css}" d="M2 14l3.500 -11l4 6l4 -7l-3.500 11l-4 -6z"/>'
        case "escalation":
            return f'<path class="{css}" d="M8 1.500l5 12l-5 -4l-5 4z"/>'
        case "conditional":
            return '<path class="glyph" d="M3 1.500h10v13h-10zM5 4.500h6M5 8h6M5 11.500h6"/>'
        case "link":
            return f'<path class="{css}" d="M1.500 5.500h7v-3l6 5.500l-6 5.500v-3h-7z"/>'
        case "compensation":
            return f'<path class="{css}" d="M8 3v10l-6.500 -5zM14.500 3v10l-6.500 -5z"/>'
        case "cancel":
            return f'<path class="{css}" d="M3 5l2 -2l3 3l3 -3l2 2l-3 3l3 3l-2 2l-3 -3l-3 3l-2 -2l3 -3z"/>'
        case "terminate":
            return '<circle class="glyph solid" cx="8" cy="8" r="7"/>'
    return ""


def label_beside(name: str, box: Box, label: Box | None) -> str:
    """The name of an event or a gateway, where the drawing has it: it grows away from the element, never over it."""
    if label is None:
        return text_rows(wrapped(name, 96), box.x + box.width / 2, box.y + box.height + 15, 13, "label")
    cy, (lx, ly) = box.middle[1], label.middle
    rows = named(name, max(label.width + 8, 84))
    # Below the middle of its element it grows down from where it begins, above it up from where it ends.
    first = label.y + 11 if ly > cy else label.y + label.height - 3 - (len(rows) - 1) * 13
    if label.x >= box.x + box.width - 4:
        return text_rows(rows, label.x, first, 13, "label l-start")
    if label.x + label.width <= box.x + 4:
        return text_rows(rows, label.x + label.width, first, 13, "label l-end")
    return text_rows(rows, lx, first, 13, "label")


def text_rows(rows: Sequence[str], x: float, y: float, step: float, css: str) -> str:
    """Rows of text, the first on the line `y`."""
    name = f' class="{css}"' if css else ""
    return "".join(f'<text{name} x="{x:.0f}" y="{y + n * step:.0f}">{escape(row)}</text>' for n, row in enumerate(rows))


def named(name: str, width: float, bold: bool = False) -> list[str]:
    """A name in rows: broken where the owner broke it, if those pieces fit."""
    parts = _BROKEN.split(" ".join(name.split()))
    if len(parts) > 1 and all(_width(p) <= width for p in parts):
        return parts
    return wrapped(name, width / (1.06 if bold else 1.0))


def wrapped(text: str, width: float) -> list[str]:
    """Text in rows that fit; Chinese breaks anywhere, Latin at blanks."""
    rows, row = [], ""
    for word in _words(" ".join(text.split())):
        if row.strip() and _width(row + word) > width and word not in _CLOSING:
            rows.append(row.strip())
            row = ""
        row += word
    return [*rows, row.strip()] if row.strip() else rows


def _width(text: str) -> float:
    return sum(_EM if ord(c) > 0x2E80 else _EN for c in text.strip())


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

"""Diagrams as SVG: drawn as the owner placed them, with where the case has been and where it stands.

Made on the server, so that they print, need no script, and read well. `strokes` draws the single
element; here is what stands where, and in which state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

from api.pages.strokes import activity, event, gateway, label_beside, named, text_rows, wrapped
from engine.casebook import DiagramView
from engine.diagram import Diagram, Element, Process
from engine.diagram.picture import Box, Picture, picture_of
from engine.release import tidy

_MARGIN = 24
#: Width of the strip that carries the name of a pool or a lane.
_HEAD = 30


@lru_cache(maxsize=256)
def _read(source: bytes, file: str) -> tuple[Diagram, Picture]:
    return Diagram.read(source, file), picture_of(source, file)


def paint(
    view: DiagramView, title: str, *, lang: str = "zh", marks: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """One diagram as an SVG element, nothing where nothing is drawn; `title` says in words what it shows.

    Args:
        marks: element or flow -> "added", "removed", "changed", "moved", where two diagrams are compared; "heat1" to "heat5".
        said: element -> what stands above it.
    """
    diagram, picture = _read(view.source, view.file)
    if not picture.boxes:
        return ""
    canvas = _Canvas(view, diagram.processes[view.process], picture, {} if lang.startswith("zh") else view.english)
    canvas.marks, canvas.notes = marks or {}, said or {}
    frame = picture.frame
    x, y = frame.x - _MARGIN, frame.y - _MARGIN
    width, height = frame.width + 2 * _MARGIN, frame.height + 2 * _MARGIN
    return "".join([
        f'<svg class="bpmn" viewBox="{x:.0f} {y:.0f} {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(title)}">',
        *canvas.parts(),
        "</svg>",
    ])  # fmt: skip


class _Canvas:
    """One diagram being painted."""

    def __init__(self, view: DiagramView, process: Process, picture: Picture, english: Mapping[str, str]) -> None:
        self._view, self._process, self._picture, self._english = view, process, picture, english
        self.marks: Mapping[str, str] = {}
        self.notes: Mapping[str, str] = {}
        #: Beside a case, what it has not reached is paler; without one nothing is.
        self._ahead = "ahead" if view.passed or view.here or view.stuck else "plain"

    def parts(self) -> Iterator[str]:
        """From the ground up: pools, lanes, flows, then what they join."""
        picture, process = self._picture, self._process
        for pool, name in picture.pools.items():
            if pool in picture.boxes:
                yield _frame(picture.boxes[pool], self._said(name), "pool")
        for lane in process.lanes:
            if lane.id in picture.boxes:
                yield _frame(picture.boxes[lane.id], self._said(lane.name), "lane")
        # Sub-processes before the flows in them; what is drawn in them lies on top.
        inside = sorted(process.elements.values(), key=lambda e: e.id not in picture.expanded)
        opened = [e for e in inside if e.id in picture.expanded and e.id in picture.boxes]
        yield from (self._element(e) for e in opened)
        # What was taken lies over what was not, where two share a way.
        for flow in sorted(process.flows.values(), key=lambda f: f.id in self._view.passed):
            if len(picture.lines.get(flow.id, ())) > 1:
                yield self._flow(flow.id, flow.name)
        for message, name in picture.messages.items():
            if len(picture.lines.get(message, ())) > 1:
                yield self._message(message, name)
        for tie in sorted(picture.ties):
            if len(picture.lines.get(tie, ())) > 1:
                yield f'<path class="tie" d="{_way(picture.lines[tie])}"/>'
        yield from (self._element(e) for e in inside if e.id in picture.boxes and e not in opened)
        # Names of flows last: no line may cross them.
        for flow in process.flows.values():
            if flow.name and len(picture.lines.get(flow.id, ())) > 1:
                yield self._flow_label(flow.id, flow.name)
        for note, text in picture.notes.items():
            if note in picture.boxes:
                yield self._note(picture.boxes[note], text)

    def _said(self, name: str) -> str:
        return self._english.get(tidy(name), name)

    # --- elements -----------------------------------------------------------------------------------

    def _element(self, element: Element) -> str:
        box, view = self._picture.boxes[element.id], self._view
        name, here = self._said(element.name), view.here.get(element.id, 0)
        if element.kind.endswith("Gateway"):
            body = gateway(element, box)
        elif element.kind.endswith("Event"):
            body = event(element, box)
        else:
            body = activity(element, box, name, open_=element.id in self._picture.expanded, bold=bool(here))
        if element.kind.endswith(("Gateway", "Event")) and element.name:
            body += label_beside(name, box, self._picture.labels.get(element.id))
        if here:
            x, y = box.x + box.width, box.y
            body += f'<circle class="token" cx="{x:.0f}" cy="{y:.0f}" r="9"/><text class="token-n" x="{x:.0f}" y="{y + 4:.0f}">{here}</text>'
        if element.id in self.notes:
            x, y = box.x + box.width / 2, box.y - 5
            body += f'<text class="above" x="{x:.0f}" y="{y:.0f}">{escape(self.notes[element.id])}</text>'
        said = f"<title>{escape(tidy(name))}</title>" if name else ""
        return f'<g class="{self._state(element)}" data-element="{escape(element.id)}">{said}{body}</g>'

    def _state(self, element: Element) -> str:
        view = self._view
        if element.id in self.marks:
            return f"ahead {self.marks[element.id]}"
        if element.id in view.stuck:
            return "fired"
        if view.here.get(element.id):
            return "now late" if element.id in view.late else "now"
        if element.id in view.passed:
            # A limit on the edge of something was passed when it ran out.
            return "fired" if element.kind == "boundaryEvent" and element.trigger == "timer" else "done"
        return f"{self._ahead} timer" if element.trigger == "timer" else self._ahead

    # --- lines --------------------------------------------------------------------------------------

    def _flow(self, flow: str, name: str) -> str:
        points = self._picture.lines[flow]
        state = "taken" if flow in self._view.passed else self._ahead
        if flow in self.marks:
            state = f"ahead {self.marks[flow]}"
        return (
            f'<g class="{state}" data-flow="{escape(flow)}"><path class="edge" d="{_way(points)}"/><path class="arrow" d="{_arrow(points)}"/></g>'
        )

    def _flow_label(self, flow: str, name: str) -> str:
        state = "taken" if flow in self._view.passed else self._ahead
        return f'<g class="{state}">{self._line_label(flow, name)}</g>'

    def _line_label(self, line: str, name: str) -> str:
        """The name of a line on the side where the drawing has it; it grows away from the line."""
        label, points = self._picture.labels.get(line), self._picture.lines[line]
        rows = wrapped(self._said(name), 84)
        more = (len(rows) - 1) * 13
        if label is None:
            (x0, y0), (x1, y1) = points[0], points[1]
            return text_rows(rows, (x0 + x1) / 2, (y0 + y1) / 2 - 5 - more, 13, "label")
        x, y = label.middle
        (x0, y0), (x1, y1) = min(pairwise(points), key=lambda piece: _far(x, y, piece))
        if abs(x1 - x0) < abs(y1 - y0):
            beside = ("label l-start", label.x) if x > x0 else ("label l-end", label.x + label.width)
            return text_rows(rows, beside[1], y + 4 - more / 2, 13, beside[0])
        return text_rows(rows, x, y + 4 - (more if y < y0 else 0), 13, "label")

    def _message(self, message: str, name: str) -> str:
        points = self._picture.lines[message]
        (x0, y0), *_ = points
        text = self._line_label(message, name) if name else ""
        return (
            f'<g class="message"><path class="edge" d="{_way(points)}"/><circle class="knob" cx="{x0:.0f}" cy="{y0:.0f}" r="3.5"/>'
            f'<path class="arrow" d="{_arrow(points)}"/>{text}</g>'
        )

    def _note(self, box: Box, text: str) -> str:
        rows = wrapped(self._said(text), box.width - 12)
        bracket = f"M{box.x + 10:.0f} {box.y:.0f}h-10v{box.height:.0f}h10"
        return f'<g class="remark"><path class="tie solid" d="{bracket}"/>{text_rows(rows, box.x + 6, box.y + 15, 14, "label l-start")}</g>'


def _frame(box: Box, name: str, css: str) -> str:
    """A pool or a lane with its name, read from below."""
    if not name:
        return (
            f'<rect class="{css}" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}"/>'
        )
    x, y = box.x + _HEAD / 2, box.y + box.height / 2
    rows, step, css_text = wrapped(name, box.height), 13.0, "label"
    if len(rows) > 1:
        rows = named(name, box.height)  # broken where the owner broke it
    if len(rows) > 2:
        # A long name at a short lane: smaller, so that all of it stands there.
        rows, step, css_text = wrapped(name, (box.height - 8) * 1.25)[:3], 9.5, "label tiny"
    first = x + 4 - (len(rows) - 1) * step / 2
    text = "".join(
        f'<text class="{css_text}" transform="rotate(-90 {first + n * step:.1f} {y:.1f})" x="{first + n * step:.1f}" y="{y:.1f}">'
        f"{escape(row)}</text>"
        for n, row in enumerate(rows)
    )
    return (
        f'<rect class="{css}" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}"/>'
        f'<rect class="lanehead" x="{box.x:.0f}" y="{box.y:.0f}" width="{_HEAD}" height="{box.height:.0f}"/>{text}'
    )


def _far(x: float, y: float, piece: tuple[tuple[float, float], tuple[float, float]]) -> float:
    """How far a place is from a straight piece of a line, squared."""
    (x0, y0), (x1, y1) = piece
    dx = max(min(x0, x1) - x, 0, x - max(x0, x1))
    dy = max(min(y0, y1) - y, 0, y - max(y0, y1))
    return dx * dx + dy * dy


def _way(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.0f} {y:.0f}" for x, y in points)


def _arrow(points: Sequence[tuple[float, float]]) -> str:
    (x0, y0), (x1, y1) = points[-2], points[-1]
    if abs(x1 - x0) >= abs(y1 - y0):
        back = -9 if x1 > x0 else 9
        return f"M{x1 + back:.0f} {y1 - 4.5:.1f}v9L{x1:.0f} {y1:.0f}z"
    back = -9 if y1 > y0 else 9
    return f"M{x1 - 4.5:.1f} {y1 + back:.0f}h9L{x1:.0f} {y1:.0f}z"

"""How much room a text takes, and where its lines break; as bpmn-js breaks them."""

from __future__ import annotations

import re
import unicodedata

from engine.diagram.drawing.sketch import Node


def text_width(text: str, px: float) -> float:
    """Width of a line: a Chinese character is square, a Latin letter about half of one."""
    return px * sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56 for c in text)


def wrap(text: str, width: float, px: float) -> list[str]:
    """Break lines the way bpmn-js does: at blanks where it can, else one character short of full."""
    lines = []
    while text:
        line = text
        while text_width(line, px) > width and len(line) > 1:
            room = max(len(line) * width / text_width(line, px), 1)
            words = [m.end() for m in re.finditer(r"\s", line) if m.end() <= room]
            line = line[: words[-1]] if words else line[: max(round(room - 1), 1)]
        lines.append(line.strip())
        text = text[len(line) :].strip()
    return lines


def text_size(text: str, lines: int, px: float = 11) -> tuple[float, float]:
    """The smallest box in which bpmn-js shows `text` in at most so many lines."""
    width = next(w for w in range(12, 2000, 2) if len(wrap(text, w, px)) <= lines)
    return width + 4, len(wrap(text, width, px)) * px * 1.27


def outside_size(node: Node) -> tuple[float, float]:
    """Size of the label box of an event or gateway."""
    return text_size(node.name, 1 if text_width(node.name, 11) <= 68 else 2 if text_width(node.name, 11) <= 124 else 3)


def size_of(node: Node) -> tuple[float, float]:
    """Width and height of an element; a note is as large as its text."""
    if node.kind != "note":
        return node.size
    w, h = text_size(node.name, 3 if len(node.name) > 20 else 2, 12)
    return w + 16, h + 12

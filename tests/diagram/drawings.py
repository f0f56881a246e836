"""Small diagrams for the gate: drawn in text, read, and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.diagram import Diagram, Given, check, check_drawing
from engine.findings import Finding
from tests.run.drawing import diagram


@dataclass(frozen=True)
class Field:
    """What the gate knows of a form's field."""

    type: str = "string"
    personal: bool = False
    given: bool = True


def drawing(text: str, *changes: tuple[str, str], process: str = "main") -> Diagram:
    """A diagram read from the text notation, changed as XML before."""
    data = diagram(process, text).decode()
    for old, new in changes:
        assert old in data, f"{old} is not in {data}"
        data = data.replace(old, new, 1)
    return Diagram.read(data.encode(), f"diagrams/{process}.bpmn")


def line(step: str, *changes: tuple[str, str]) -> Diagram:
    """A process with one step `a` between its start and its end."""
    return drawing(f"startEvent s\n{step}\nendEvent e\ns > a > e", *changes)


def found(diagram: Diagram) -> dict[str, Finding]:
    """What can be said of the drawing alone, by code."""
    return {f.code: f for f in check_drawing(diagram)}


def judged(*diagrams: Diagram, **given: Any) -> dict[str, Finding]:
    """What the gate says of diagrams in a release that gives these names, by code."""
    return {f.code: f for f in check(diagrams, Given(**{"process": "main", **given}))}


def form(**fields: Field) -> dict[str, Field]:
    """The fields of a form."""
    return fields

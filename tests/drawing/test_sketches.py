"""Every shipped diagram that was drawn from a sketch is exactly what the sketch gives, and reads well."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagram.drawing import draw, remarks
from engine.diagram.drawing.__main__ import place_of

SKETCHES = sorted((Path(__file__).parents[2] / "bpmn" / "sketches").glob("*.txt"))


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda p: p.stem)
def test_a_sketch_gives_exactly_its_diagram(sketch: Path) -> None:
    assert draw(sketch.read_text(encoding="utf-8")) == place_of(sketch).read_bytes()


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda p: p.stem)
def test_a_shipped_diagram_reads_well(sketch: Path) -> None:
    assert remarks(sketch.read_text(encoding="utf-8")) == []

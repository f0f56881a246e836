"""Diagrams: read safely, understood completely, executed as drawn or refused by element.

`document` is the door to lxml, `reading` and `extensions` make the values of `model`, which the run
executes. `gate` asks everything that may bar a diagram: `support_rest` and `support_events` hold
the support matrix, `strangers` what is foreign, `structure` how it is drawn, `soundness` whether it
can end, `calls` who calls whom, `references` and `knowledge` the names, `wording` the expressions,
`standard` and `schema` the rules of BPMN.
"""

from engine.diagram.diagram import Diagram
from engine.diagram.gate import check, check_drawing, known_beside, types_known
from engine.diagram.given import FieldFacts, Given
from engine.diagram.measures import measure
from engine.diagram.model import (
    LOOP_COUNTER,
    AdHoc,
    Element,
    Expression,
    Flow,
    Lane,
    Listener,
    Loop,
    Mapped,
    Process,
    Timer,
    Zeebe,
)
from engine.diagram.soundness import waits_for_ever

__all__ = [
    "LOOP_COUNTER", "AdHoc", "Diagram", "Element", "Expression", "FieldFacts", "Flow", "Given", "Lane", "Listener", "Loop", "Mapped", "Process",
    "Timer", "Zeebe", "check", "check_drawing", "known_beside", "measure", "types_known", "waits_for_ever",
]  # fmt: skip

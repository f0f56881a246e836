"""Diagrams: read safely, understood completely, executed as drawn or refused by element.

`document` is the door to lxml, `reading` and `extensions` make the values of `model`, `rewriting`
makes the executable form.
"""

from engine.diagram.diagram import Diagram
from engine.diagram.model import Element, Expression, Flow, Lane, Loop, Mapped, Process, Timer, Zeebe

__all__ = ["Diagram", "Element", "Expression", "Flow", "Lane", "Loop", "Mapped", "Process", "Timer", "Zeebe"]

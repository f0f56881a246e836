"""The gate for diagrams: everything that bars them from being published, or is worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.diagram.calls import note_calls
from engine.diagram.diagram import Diagram
from engine.diagram.document import parse
from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.knowledge import Knowledge, note_knowledge
from engine.diagram.listeners import note_listeners
from engine.diagram.model import Process
from engine.diagram.naming import note_naming
from engine.diagram.nulls import note_nulls, types_of
from engine.diagram.references import note_milestones, note_references
from engine.diagram.results import note_results, shapes_of
from engine.diagram.schema import note_schema
from engine.diagram.settings import note_settings
from engine.diagram.signals import note_signals
from engine.diagram.soundness import note_soundness
from engine.diagram.standard import note_standard
from engine.diagram.strangers import note_strangers
from engine.diagram.structure import note_structure
from engine.diagram.support import ROWS, judge
from engine.diagram.wording import note_wording
from engine.findings import Finding, errors

_ROWS = {row.id: row for row in ROWS}


def check(diagrams: Iterable[Diagram], given: Given) -> list[Finding]:
    """Everything the run would not execute exactly as drawn, and every name that points nowhere."""
    diagrams = list(diagrams)
    drawn = {p.id: (d, p) for d in diagrams for p in d.processes.values()}
    tasks = frozenset(e.id for _, p in drawn.values() for e in p.elements.values() if e.kind == "userTask")
    knowledge = Knowledge(drawn, given)
    types = types_of((p for _, p in drawn.values()), given)
    shapes = shapes_of((p for _, p in drawn.values()), given)
    found: list[Finding] = []
    for diagram in diagrams:
        faults = Faults(diagram.file)
        for process in diagram.processes.values():
            if drawn[process.id][0] is not diagram:
                _twice(process, drawn[process.id][0].file, faults)
            note_calls(process, drawn, _ROWS, faults)
            if process.executable and given.process in drawn and not knowledge.is_told(process) and process.id != given.process:
                _never(process, faults)
            note_references(process, tasks, given, faults)
            note_wording(process, given, (p for _, p in drawn.values()), faults)
            note_knowledge(process, knowledge, given, faults)
            note_results(process, shapes, faults)
            note_nulls(process, types, faults)
            note_listeners(process, _ROWS, given, faults)
            note_signals(process, (p for _, p in drawn.values()), knowledge.personal(), given, faults)
        found += check_drawing(diagram) + faults.findings
    milestones = Faults("pack.yaml")
    note_milestones((p for _, p in drawn.values()), given, milestones)
    return found + milestones.findings


def known_beside(diagrams: Iterable[Diagram], given: Given) -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Form -> names that may be known where it is filled in; and those that may be known at some time."""
    knowledge = Knowledge({p.id: (d, p) for d in diagrams for p in d.processes.values()}, given)
    return knowledge.of_forms(), knowledge.anywhere()


def types_known(diagrams: Iterable[Diagram], given: Given) -> Mapping[str, str]:
    """The types of names that only forms give."""
    return types_of([p for d in diagrams for p in d.processes.values()], given)


def check_drawing(diagram: Diagram) -> list[Finding]:
    """What can be said about one diagram without knowing the rest of the release."""
    faults = Faults(diagram.file)
    root = parse(diagram.source, faults)
    note_strangers(root, _ROWS, faults)
    note_settings(root, faults)
    note_standard(root, _ROWS, faults)
    for process in diagram.processes.values():
        judge(process, faults)
        note_naming(process, faults)
        note_structure(process, _ROWS, faults)
        note_soundness(process, faults)
    if not errors(faults.findings):
        note_schema(root, faults)
    return faults.findings


def _never(process: Process, faults: Faults) -> None:
    faults.add("process-never-begins", process.id, f"流程“{process.id}”标为可执行，但没有人调用它，开案时也不由它开始：它永远不会运行。",
               f"the process “{process.id}” is marked as executable, but nothing calls it and no case opens with it: it never runs.",
               "请用调用活动调用它；如只供阅读，请取消可执行。", "Call it by a call activity; if it is for readers, mark it as not executable.",
               severity="warning")  # fmt: skip


def _twice(process: Process, other: str, faults: Faults) -> None:
    faults.add("process-twice", process.id, f"流程“{process.id}”在 {other} 中也画了。",
               f"the process “{process.id}” is drawn in {other} too.",
               "请给其中一个改编号。", "Give one of them another id.")  # fmt: skip

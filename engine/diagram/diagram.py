"""One diagram file: as drawn, as read, and as it is executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.diagram.document import parse
from engine.diagram.faults import Faults
from engine.diagram.model import Process
from engine.diagram.reading import ADDED, read_processes
from engine.diagram.rewriting import rewrite


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """A BPMN file of the owner."""

    #: Path inside the pack.
    file: str
    #: The bytes as stored; what the browser shows.
    source: bytes = field(repr=False)
    processes: Mapping[str, Process] = field(repr=False)

    @classmethod
    def read(cls, data: bytes, file: str) -> Diagram:
        """Read a file. It says nothing yet about whether everything drawn can be executed: `check` does.

        Raises:
            Refused: it is no BPMN file, holds something dangerous, or points to what it does not hold.
        """
        faults = Faults(file)
        root = parse(data, faults)
        processes = read_processes(root, faults)
        faults.refuse_if_any()
        return cls(file=file, source=data, processes=processes)

    @cached_property
    def executable(self) -> bytes:
        """The diagram as the run loads it: the same elements, and what had to be added to run them as drawn."""
        return rewrite(parse(self.source, Faults(self.file)), self.processes)

    def drawn(self, name: str) -> str | None:
        """The drawn element or flow behind an id of the executable form; None for one that was added."""
        if name.startswith(ADDED):
            return next((f for p in self.processes.values() if (f := _behind(name, p))), None)
        known = any(name in p.elements or name in p.flows or name == p.id for p in self.processes.values())
        return name if known else None


def _behind(name: str, process: Process) -> str | None:
    """What an added end event, split or link flow belongs to; an unnamed flow is drawn but has no name to show."""
    for prefix in ("to_end_", "end_", "link_", "split_"):
        rest = name.removeprefix(f"{ADDED}{prefix}")
        rest = rest.removesuffix("_in") if prefix == "split_" else rest
        if rest != name and rest in process.elements:
            return rest
    return None

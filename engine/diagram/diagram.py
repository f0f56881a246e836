"""One diagram file: as stored and as read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram.document import parse
from engine.diagram.faults import Faults
from engine.diagram.model import Process
from engine.diagram.reading import read_processes


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

"""Who calls whom: processes that do not exist, circles of calls, errors that nobody catches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagram.construct import Row
from engine.diagram.diagram import Diagram
from engine.diagram.faults import Faults
from engine.diagram.model import Element, Process

#: Process by id, with the diagram that draws it.
Drawn = Mapping[str, tuple[Diagram, Process]]


def callers(drawn: Drawn) -> dict[str, list[tuple[Process, Element]]]:
    """The call activities by the process they call."""
    found: dict[str, list[tuple[Process, Element]]] = {}
    for _, process in drawn.values():
        for element in process.elements.values():
            if element.called:
                found.setdefault(element.called, []).append((process, element))
    return found


def note_calls(process: Process, drawn: Drawn, rows: Mapping[str, Row], faults: Faults) -> None:
    """Note calls that lead nowhere or back to where they came from, and errors that end nowhere."""
    for element in process.elements.values():
        if element.called and not element.called.startswith("="):
            _call(element, process, drawn, rows, faults)
        if element.kind == "endEvent" and element.trigger == "error" and element.error is not None:
            _error(element, process, drawn, rows["end-error-uncaught"], faults)


def _call(element: Element, process: Process, drawn: Drawn, rows: Mapping[str, Row], faults: Faults) -> None:
    called = element.called or ""
    if called not in drawn:
        faults.add("called-process-missing", element.id, f"“{element.label}”调用的流程“{called}”不存在。",
                   f"“{element.label}” calls the process “{called}”, which does not exist.",
                   "请改正流程编号或补上流程图。", "Correct the process id or add the diagram.",
                   line=element.line, called=called)  # fmt: skip
    elif element.zeebe.bound_to is not None and element.zeebe.bound_to != drawn[called][1].version_tag:
        tag = drawn[called][1].version_tag or "-"
        faults.add("binding-version", element.id, f"“{element.label}”要求流程“{called}”的版本“{element.zeebe.bound_to}”，而本版本中是“{tag}”。",
                   f"“{element.label}” is bound to the version “{element.zeebe.bound_to}” of the process “{called}”, which here is “{tag}”.",
                   "请把绑定改为 latest，或改正版本标签：发布时已固定全部文件。",
                   "Bind it to latest, or correct the version tag: a release pins all its files.", line=element.line)  # fmt: skip
    elif path := _way(called, process.id, drawn):
        row = rows["call-itself"]
        shown = " → ".join((process.id, *path))
        faults.add(row.id, element.id, f"“{element.label}”：{row.zh}（{shown}）。{row.how_zh}",
                   f"“{element.label}”: {row.en} ({shown}). {row.how_en}", row.remedy_zh, row.remedy_en,
                   line=element.line, path=path)  # fmt: skip


def _way(begin: str, goal: str, drawn: Drawn) -> tuple[str, ...]:
    """The calls that lead from one process to another; empty when none do."""
    came: dict[str, str | None] = {begin: None}
    todo = [begin]
    while todo:
        here = todo.pop()
        if here == goal:
            return tuple(_back(came, here))[::-1]
        for element in drawn[here][1].elements.values():
            called = element.called or ""
            if called in drawn and called not in came:
                came[called] = here
                todo.append(called)
    return ()


def _back(came: Mapping[str, str | None], here: str) -> Iterator[str]:
    step: str | None = here
    while step is not None:
        yield step
        step = came[step]


def _error(element: Element, process: Process, drawn: Drawn, row: Row, faults: Faults) -> None:
    if not _Catching(drawn).catches(element, process):
        faults.add(row.id, element.id, f"“{element.label}”：{row.zh}。{row.how_zh}",
                   f"“{element.label}”: {row.en}. {row.how_en}", row.remedy_zh, row.remedy_en,
                   line=element.line)  # fmt: skip


class _Catching:
    """Who catches an error; each process is asked once, for there are more ways through calls than calls."""

    def __init__(self, drawn: Drawn) -> None:
        self._callers = callers(drawn)
        self._known: dict[tuple[str, str | None], bool] = {}

    def catches(self, element: Element, process: Process) -> bool:
        """Whether an error thrown here is caught on every way out; a process that nobody calls catches nothing."""
        code = element.error
        if any(_catches(event, code) for scope in process.around(element) for event in _edge(process, scope)):
            return True
        places = {None, *(scope.id for scope in process.around(element))}
        # What is thrown inside an event sub-process is not caught by itself.
        own = {scope.id for scope in process.around(element)}
        if any(_catches(start, code) for start in _handlers(process, places) if start.parent not in own):
            return True
        return self._outside(process, code)

    def _outside(self, process: Process, code: str | None) -> bool:
        key = (process.id, code)
        if key not in self._known:
            self._known[key] = True  # a circle of calls is refused for itself
            calls = self._callers.get(process.id, [])
            self._known[key] = bool(calls) and all(self._at_call(call, caller, code) for caller, call in calls)
        return self._known[key]

    def _at_call(self, call: Element, caller: Process, code: str | None) -> bool:
        if any(_catches(event, code) for event in _edge(caller, call)):
            return True
        return self.catches(_thrown_at(call, code), caller)


def _thrown_at(call: Element, code: str | None) -> Element:
    return Element(id=call.id, kind="endEvent", parent=call.parent, error=code)


def _handlers(process: Process, places: set[str | None]) -> Iterator[Element]:
    """The starts of event sub-processes drawn in one of the places."""
    for element in process.elements.values():
        outer = process.elements[element.parent] if element.parent else None
        if element.kind == "startEvent" and outer is not None and outer.by_event and outer.parent in places:
            yield element


def _edge(process: Process, activity: Element) -> tuple[Element, ...]:
    return process.boundaries.get(activity.id, ())


def _catches(event: Element, code: str | None) -> bool:
    return event.trigger == "error" and event.error in (None, code)

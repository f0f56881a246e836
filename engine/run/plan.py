"""A release made ready to run: specs for every process, and what is asked of a drawing again and again.

Made once per release and process of the operating system; shared by all cases, never changed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.diagram import Element, Flow, Process
from engine.release import Release
from engine.run.tokens import Step, spec_name, specs_of

#: Releases kept ready; a node serves few at a time.
MOST_PLANS = 64


class Plan:
    """The processes of a release, ready to run."""

    def __init__(self, release: Release) -> None:
        self.release = release

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """Every process by its id."""
        return {id: process for id, (_, process) in self.release.processes.items()}

    @cached_property
    def specs(self) -> dict[str, BpmnProcessSpec]:
        """The specs of all processes and sub-processes by name."""
        return {name: spec for process in self.processes.values() for name, spec in specs_of(process).items()}

    def step(self, process: Process, element: Element) -> Step:
        """The spec of an element."""
        found: Step = self.specs[spec_name(process.id, element.parent)].task_specs[f":{element.id}"]
        return found


def starts(process: Process, place: str | None) -> tuple[Element, ...]:
    """Where a process or sub-process begins when nothing particular started it."""
    inside = process.scopes.get(place, ())
    drawn = [e for e in inside if e.kind == "startEvent"]
    plain = tuple(e for e in drawn if e.trigger is None)
    if plain or drawn:
        return plain or (tuple(drawn[:1]) if place is None else ())
    # BPMN: without a start event, everything without an incoming flow starts.
    return tuple(
        e for e in inside
        if not e.incoming and not e.by_event and e.kind != "boundaryEvent" and e.trigger != "link"
        and "compensation" not in e.oddities
    )  # fmt: skip


def choices(process: Process, place: str) -> tuple[Element, ...]:
    """What may be chosen in an ad-hoc sub-process: everything without an incoming flow."""
    return tuple(
        e for e in process.scopes.get(place, ()) if not e.incoming and e.kind != "boundaryEvent" and e.trigger != "link"
    )


def event_starts(process: Process, place: str | None) -> Iterator[tuple[Element, Element]]:
    """The event sub-processes of a place, each with the event that starts it."""
    for element in process.scopes.get(place, ()):
        if element.by_event:
            for inner in process.scopes.get(element.id, ()):
                if inner.kind == "startEvent":
                    yield element, inner


def link_target(process: Process, element: Element) -> Element | None:
    """Where a link event leads."""
    return next(
        (
            e for e in process.scopes.get(element.parent, ())
            if e.kind == "intermediateCatchEvent" and e.trigger == "link" and e.link == element.link
        ),
        None,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _loop_heads(process: Same) -> frozenset[str]:
    drawn = process.process
    state: dict[str, int] = {}  # 1: on the way, 2: seen with everything behind it
    heads: set[str] = set()
    for first in drawn.elements:
        todo = [(first, iter(nexts(drawn, first)))] if first not in state else []
        state.setdefault(first, 1)
        while todo:
            here, ways = todo[-1]
            after = next(ways, None)
            if after is None:
                state[here] = 2
                todo.pop()
            elif after not in state:
                state[after] = 1
                todo.append((after, iter(nexts(drawn, after))))
            elif state[after] == 1:
                heads.add(after)
    return frozenset(heads)


def nexts(drawn: Process, element: str) -> list[str]:
    """Where a token may be after an element: behind its flows, at the events on its edge, at the other half of a link."""
    here = drawn.elements[element]
    found = [drawn.flows[f].target for f in here.outgoing]
    found += [b.id for b in drawn.boundaries.get(here.id, ())]
    if here.kind == "intermediateThrowEvent" and here.trigger == "link" and (target := link_target(drawn, here)):
        found.append(target.id)
    return found


def loop_heads(process: Process) -> frozenset[str]:
    """The elements at which the loops of a drawing begin: every loop goes through one of them."""
    return _loop_heads(Same(process))


@lru_cache(maxsize=1024)
def flows_ahead(process: Same, element: str, barrier: str) -> frozenset[str]:
    """The flows that a token at an element may still come by, without passing the barrier."""
    drawn = process.process
    seen: set[str] = set()
    todo, been = [element], {element}
    while todo:
        here = drawn.elements[todo.pop()]
        if here.id == barrier and here.id != element:
            continue
        ways = [drawn.flows[f] for f in here.outgoing]
        nexts = [b.id for b in drawn.boundaries.get(here.id, ())]
        if here.kind == "intermediateThrowEvent" and here.trigger == "link" and (target := link_target(drawn, here)):
            nexts.append(target.id)
        for flow in ways:
            seen.add(flow.id)
            nexts.append(flow.target)
        for name in nexts:
            if name not in been:
                been.add(name)
                todo.append(name)
    return frozenset(seen)


class Same:
    """A process as a key: the same drawing is the same key."""

    __slots__ = ("process",)

    def __init__(self, process: Process) -> None:
        self.process = process

    def __hash__(self) -> int:
        return id(self.process)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.process is self.process


def ahead(process: Process, element: str, barrier: str) -> frozenset[str]:
    """The flows that a token at an element may still come by, without passing the barrier."""
    return flows_ahead(Same(process), element, barrier)


def incoming(process: Process, element: Element) -> tuple[Flow, ...]:
    """The flows that lead to an element."""
    return tuple(process.flows[f] for f in element.incoming)


_lock = threading.Lock()
_plans: dict[str, Plan] = {}


def plan_of(release: Release) -> Plan:
    """The plan of a release, made the first time it is asked for."""
    found = _plans.get(release.digest)
    if found is None:
        with _lock:
            while len(_plans) >= MOST_PLANS:
                del _plans[next(iter(_plans))]
            found = _plans.setdefault(release.digest, Plan(release))
    return found

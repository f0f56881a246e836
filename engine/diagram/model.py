"""What a diagram says, as frozen values: processes, elements, flows and the settings written on them.

Nothing here reads XML, evaluates an expression or knows how an element is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

#: Kinds of elements at which something is done.
TASKS = frozenset({
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask",
})  # fmt: skip
#: Elements that hold others.
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
GATEWAYS = frozenset({
    "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway",
})  # fmt: skip
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
#: Everything a sequence flow may join.
NODES = ACTIVITIES | GATEWAYS | EVENTS

#: What an instance of a repeated activity knows its number by, the first being 1.
LOOP_COUNTER = "loopCounter"
#: An output that is nothing but a name, or a part of what a name holds.
_PLAIN_NAME = re.compile(r"^=\s*([^\W\d]\w*)(?:\s*\.\s*[^\W\d]\w*)*\s*$")


def _none() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A text that may be FEEL: it is when it begins with an equals sign."""

    #: Where it stands: "condition", "timeDuration", "input:amount", "candidateGroups" …
    where: str
    text: str

    @property
    def is_feel(self) -> bool:
        """Whether it is to be evaluated; otherwise it is a literal."""
        return self.text.startswith("=")


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """One line of an input/output mapping."""

    source: str
    target: str

    @property
    def name(self) -> str:
        """The name that is set: `a.b` writes into the context `a`."""
        return self.target.split(".")[0]


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Repetition of an activity: once per item of a collection, so many times, or as long as a condition holds."""

    sequential: bool
    #: FEEL of the list; "" when the diagram gives none.
    collection: str = ""
    #: So many times, instead of a list: a whole number, or FEEL; "" when the diagram does not say.
    count: str = ""
    #: Whether it is the loop marker of the standard: one pass after the other.
    standard: bool = False
    #: FEEL: as long as this holds there is another pass; "": as many as there may be.
    again: str = ""
    #: Whether that is asked before the first pass, too.
    asked_first: bool = False
    #: Most passes of a loop marker.
    most: int | None = None
    #: Name under which an instance sees its item.
    item: str = ""
    output_collection: str = ""
    output_item: str = ""
    #: FEEL of the condition that ends the repetition early.
    until: str = ""

    @cached_property
    def awaited(self) -> str | None:
        """The name each instance has of its own, null at first, because its output is read from it."""
        found = _PLAIN_NAME.match(self.output_item)
        return found[1] if found and found[1] not in (self.item, LOOP_COUNTER) else None

    @cached_property
    def own(self) -> frozenset[str]:
        """The names each instance has of its own: what is set under one of them stays inside."""
        return frozenset({LOOP_COUNTER, self.item, self.awaited or ""} - {""})


@dataclass(frozen=True, kw_only=True)
class Listener:
    """An errand an element asks for when it begins or ends."""

    #: "start" or "end" of an execution; "creating", "assigning", "updating", "completing", "canceling" of a task.
    event: str
    #: Type of the errand.
    type: str
    #: Whether it is a task listener.
    task: bool = False
    #: How often the errand is tried.
    retries: str | None = None


@dataclass(frozen=True, kw_only=True)
class AdHoc:
    """What an ad-hoc sub-process begins with, and when it is over."""

    #: FEEL of the list of ids that begin; "" when the diagram gives none.
    active: str
    #: FEEL of the condition that ends it; "": it ends when everything that began is over.
    until: str = ""
    #: Whether what is still open is taken away when the condition holds.
    cancels_rest: bool = True
    #: Whether one begins when the one before it is over, in the order of the list; otherwise side by side.
    sequential: bool = False


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A moment or a span at which an event happens."""

    #: "timeDate", "timeDuration" or "timeCycle".
    kind: str
    #: ISO 8601 literal or FEEL.
    text: str


@dataclass(frozen=True, kw_only=True)
class Zeebe:
    """Settings in the dialect of Camunda 8; a value that is not written is None or empty."""

    #: Literal list or FEEL.
    groups: str | None = None
    users: str | None = None
    assignee: str | None = None
    #: Id of a form of the pack.
    form: str | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    #: `limit`, `limit-variant`, `four-eyes`, `milestone`, `status` and whatever else the owner notes.
    properties: Mapping[str, str] = field(default_factory=_none)
    #: Type of the errand.
    job: str | None = None
    retries: str | None = None
    headers: Mapping[str, str] = field(default_factory=_none)
    #: In the order of the file.
    listeners: tuple[Listener, ...] = ()
    decision: str | None = None
    #: Name that takes what a decision or a script gives.
    result: str | None = None
    called_process: str | None = None
    #: Version tag by which a called process, a decision or a form is bound; None: the one of the release.
    bound_to: str | None = None
    propagate_parent: bool = True
    propagate_child: bool = True
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    loop: Loop | None = None
    ad_hoc: AdHoc | None = None
    script: str | None = None
    #: FEEL of the correlation key of the message an element waits for.
    correlation: str | None = None

    @property
    def reach(self) -> str:
        """How far a signal goes: "case", or "pack" for every open case of the pack that waits for it."""
        return self.properties.get("reach", "case")

    @cached_property
    def own(self) -> frozenset[str]:
        """The names known only inside the element: its inputs, and what its repetition gives each instance."""
        return frozenset(line.name for line in self.inputs).union(self.loop.own if self.loop else ())


@dataclass(frozen=True, kw_only=True)
class Element:
    """One drawn node."""

    id: str
    #: "userTask", "exclusiveGateway", "startEvent", "boundaryEvent" …
    kind: str
    name: str = ""
    #: What an event waits for or throws: "timer", "message", "signal", "error", "escalation",
    #: "conditional", "link", "terminate", "compensation", "cancel", "multiple"; None for a plain one.
    trigger: str | None = None
    #: Name of the innermost lane.
    lane: str = ""
    documentation: str = ""
    #: Id of the sub-process it is drawn in.
    parent: str | None = None
    #: Activity a boundary event sits on.
    attached_to: str | None = None
    #: Boundary events and starts of event sub-processes: whether they end what they interrupt.
    interrupting: bool = True
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    zeebe: Zeebe = field(default_factory=Zeebe)
    timer: Timer | None = None
    #: Names of what is waited for or thrown; errors and escalations by their code.
    message: str | None = None
    signal: str | None = None
    error: str | None = None
    escalation: str | None = None
    link: str | None = None
    #: FEEL of a conditional event.
    condition: str | None = None
    #: A sub-process that an event starts.
    by_event: bool = False
    #: Settings of the standard that only some engines know: "standardLoop", "compensation", "quantity" …
    oddities: frozenset[str] = frozenset()
    expressions: tuple[Expression, ...] = ()
    #: Line in the file.
    line: int = 0

    @property
    def called(self) -> str | None:
        """Id of the process a call activity calls."""
        return self.zeebe.called_process

    @property
    def label(self) -> str:
        """What people call it: its name, else its id."""
        return " ".join(self.name.split()) or self.id


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    #: FEEL or None.
    condition: str | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A lane with the elements drawn in it."""

    id: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process: its elements and flows, those inside sub-processes included."""

    id: str
    name: str = ""
    documentation: str = ""
    version_tag: str = ""
    #: Whether the file says that it is to be executed.
    executable: bool = False
    elements: Mapping[str, Element] = field(default_factory=lambda: MappingProxyType({}))
    flows: Mapping[str, Flow] = field(default_factory=lambda: MappingProxyType({}))
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def scopes(self) -> Mapping[str | None, tuple[Element, ...]]:
        """Elements by the sub-process they are drawn in; None is the process itself."""
        found: dict[str | None, list[Element]] = {None: []}
        for element in self.elements.values():
            found.setdefault(element.parent, []).append(element)
        return MappingProxyType({scope: tuple(inside) for scope, inside in found.items()})

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[Element, ...]]:
        """Boundary events by the activity they sit on."""
        found: dict[str, list[Element]] = {}
        for element in self.elements.values():
            if element.attached_to:
                found.setdefault(element.attached_to, []).append(element)
        return MappingProxyType({host: tuple(events) for host, events in found.items()})

    def around(self, element: Element) -> Iterator[Element]:
        """The sub-processes an element is drawn in, innermost first."""
        while element.parent is not None:
            element = self.elements[element.parent]
            yield element

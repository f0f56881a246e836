"""Reads processes, elements and flows from the tree; refuses what points nowhere.

It reads everything BPMN can draw, also what is not executed: whether it is, is the support
matrix's matter. It does not evaluate expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.diagram.document import BPMN, bpmn, children, ids_of, line_of, local, namespace, text_of
from engine.diagram.extensions import expressions_of, extension, zeebe_of
from engine.diagram.faults import Faults
from engine.diagram.model import ACTIVITIES, EVENTS, NODES, SCOPES, Element, Expression, Flow, Lane, Process, Timer

#: Flow nodes of one process: more cannot be read on one sheet, and each is walked through recursively.
MOST_NODES = 500
#: Processes of one file.
MOST_PROCESSES = 100
#: Flows of one process.
MOST_FLOWS = 2000
#: Sub-processes inside each other.
DEEPEST_SCOPE = 10
#: Names the engine uses itself.
RESERVED = frozenset({"Start", "End", "Root"})
RESERVED_ENDS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")
#: Prefix of the ids that flows without one get.
ADDED = "n_"

_ID = re.compile(r"[^\W\d][\w.-]{0,100}")
_MESSENGERS = ("receiveTask", "sendTask")
_TIMES = ("timeDate", "timeDuration", "timeCycle")
_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_REFS = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}


def read_processes(root: etree._Element, faults: Faults) -> Mapping[str, Process]:
    """The processes of the file by id."""
    _check_ids(root, faults)
    if len(root.findall(bpmn("process"))) > MOST_PROCESSES:
        faults.add("too-many-elements", "", f"文件中的流程超过 {MOST_PROCESSES} 个。",
                   f"holds more than {MOST_PROCESSES} processes.", "请拆成几个文件。", "Split it.")  # fmt: skip
        faults.refuse_if_any()
    shared = _Shared(root)
    found = [_ProcessReader(node, shared, faults).process for node in root.findall(bpmn("process"))]
    # A pool that only says who takes part is drawn with an empty process: nothing runs there.
    drawn = [p for p in found if p.elements]
    if not drawn:
        faults.add("no-process", "", "没有流程。", "holds no process.",
                   "请画出至少一个流程。", "Draw at least one process.")  # fmt: skip
    return MappingProxyType({p.id: p for p in drawn})


def _check_ids(root: etree._Element, faults: Faults) -> None:
    seen: set[str] = set()
    for name, node in ids_of(root):
        if name in seen:
            faults.add("id-twice", name, "这个编号出现了两次。", "this id is used twice.",
                       "请给其中一个改编号。", "Give one of them another id.", line=line_of(node))  # fmt: skip
        seen.add(name)
        if namespace(node) != BPMN or local(node) not in NODES | {"process", "sequenceFlow"}:
            continue
        if not _ID.fullmatch(name) or name in RESERVED or name.endswith(RESERVED_ENDS) or name.startswith(ADDED):
            faults.add("id-not-allowed", name[:120], "这个编号不能使用。", "this id cannot be used.",
                       "编号以字母开头，只含字母、数字、“_”“-”“.”，且不以“n_”开头。",
                       "Begin with a letter; use letters, digits, “_”, “-”, “.”; do not begin with “n_”.",
                       line=line_of(node))  # fmt: skip


class _Shared:
    """What stands beside the processes: messages, signals, errors, escalations."""

    def __init__(self, root: etree._Element) -> None:
        self.names: dict[str, dict[str, str]] = {
            kind: {
                # Errors and escalations are known by their code alone: without one they are "".
                str(n.get("id")): str(n.get(_CODES.get(kind, "name")) or "")
                for n in root.findall(bpmn(kind))
            }
            for kind in _REFS
        }
        self.correlations: dict[str, str] = {}
        for node in root.findall(bpmn("message")):
            told = extension(node, "subscription")
            if told is not None and (key := (told.get("correlationKey") or "").strip()):
                self.correlations[str(node.get("id"))] = key


class _ProcessReader:
    def __init__(self, node: etree._Element, shared: _Shared, faults: Faults) -> None:
        self._shared, self._faults = shared, faults
        self._id = node.get("id") or ""
        if not self._id:
            faults.add("process-without-id", "", "流程没有编号。", "a process has no id.",
                       "请给流程编号。", "Give the process an id.", line=line_of(node))  # fmt: skip
        self._elements: dict[str, Element] = {}
        self._flows: dict[str, Flow] = {}
        self._scope_of_flow: dict[str, str | None] = {}
        self._scope(node, None, 0)
        lanes = tuple(_lanes(node))
        self._join(lanes)
        if len(self._elements) > MOST_NODES:
            faults.add("too-many-elements", self._id, f"流程有 {len(self._elements)} 个元素，上限 {MOST_NODES} 个。",
                       f"this process has {len(self._elements)} elements; {MOST_NODES} is the most.",
                       "请拆分为被调用的流程。", "Split it into called processes.")  # fmt: skip
        elif len(self._flows) > MOST_FLOWS:
            faults.add("too-many-elements", self._id, f"流程有 {len(self._flows)} 条连线，上限 {MOST_FLOWS} 条。",
                       f"this process has {len(self._flows)} flows; {MOST_FLOWS} is the most.",
                       "请拆分为被调用的流程。", "Split it into called processes.")  # fmt: skip
        tag = extension(node, "versionTag")
        self.process = Process(
            id=self._id,
            name=" ".join((node.get("name") or "").split()),
            documentation=_documentation(node),
            version_tag=tag.get("value", "") if tag is not None else "",
            executable=node.get("isExecutable") in ("true", "1"),
            elements=MappingProxyType(self._elements),
            flows=MappingProxyType(self._flows),
            lanes=lanes,
        )

    def _scope(self, scope: etree._Element, parent: str | None, depth: int) -> None:
        if depth > DEEPEST_SCOPE:
            self._faults.add("too-deep", parent or "", "子流程嵌套过深。", "sub-processes are nested too deeply.",
                             "请改为被调用的流程。", "Turn inner ones into called processes.")  # fmt: skip
            return
        for node in scope:
            if namespace(node) != BPMN:
                continue
            if local(node) == "sequenceFlow":
                self._flow(node, parent)
            elif local(node) in NODES and self._named(node):
                self._elements[str(node.get("id"))] = self._element(node, parent)
                if local(node) in SCOPES:
                    self._scope(node, node.get("id"), depth + 1)

    def _named(self, node: etree._Element) -> bool:
        if not node.get("id"):
            self._faults.add("element-without-id", "", f"第 {line_of(node)} 行的元素没有编号。",
                             f"the element in line {line_of(node)} has no id.",
                             "请给它编号。", "Give it an id.", line=line_of(node))  # fmt: skip
        return bool(node.get("id"))

    def _flow(self, node: etree._Element, parent: str | None) -> None:
        # A flow without an id is legal; the engine would lose it, so it gets one.
        name = node.get("id") or f"{ADDED}flow_{line_of(node)}_{len(self._flows)}"
        conditions = children(node, "conditionExpression")
        self._scope_of_flow[name] = parent
        self._flows[name] = Flow(
            id=name,
            source=node.get("sourceRef") or "",
            target=node.get("targetRef") or "",
            name=" ".join((node.get("name") or "").split()),
            condition=text_of(conditions[0]) if conditions else None,
            line=line_of(node),
        )

    def _element(self, node: etree._Element, parent: str | None) -> Element:
        kind = local(node)
        facts = self._event(node, kind) if kind in EVENTS or kind in _MESSENGERS else {}
        settings = zeebe_of(node, self._correlation(node))
        element = Element(
            id=str(node.get("id")),
            kind=kind,
            name=" ".join((node.get("name") or "").split()),
            documentation=_documentation(node),
            parent=parent,
            attached_to=node.get("attachedToRef") if kind == "boundaryEvent" else None,
            interrupting=node.get("cancelActivity" if kind == "boundaryEvent" else "isInterrupting", "true") != "false",
            default_flow=node.get("default"),
            zeebe=settings,
            by_event=node.get("triggeredByEvent") == "true",
            oddities=frozenset(_oddities(node, kind)),
            line=line_of(node),
            **facts,
        )
        own = [(element.timer.kind, element.timer.text)] if element.timer else []
        own += [("condition", element.condition)] if element.condition else []
        texts = tuple(Expression(where=where, text=text) for where, text in own) + expressions_of(settings)
        return replace(element, expressions=texts)

    def _event(self, node: etree._Element, kind: str) -> dict[str, Any]:
        if kind in _MESSENGERS:
            return {"message": self._name("message", node, node)} if node.get("messageRef") else {}
        told = [n for n in node if namespace(n) == BPMN and local(n).endswith("EventDefinition")]
        if not told:
            return {}
        if len(told) > 1:
            return {"trigger": "multiple"}
        trigger = local(told[0]).removesuffix("EventDefinition")
        facts: dict[str, Any] = {"trigger": {"compensate": "compensation"}.get(trigger, trigger)}
        if trigger in _REFS:
            facts[trigger] = self._name(trigger, told[0], node)
        elif trigger == "timer":
            facts["timer"] = _timer(told[0])
        elif trigger == "link":
            facts["link"] = told[0].get("name") or ""
        elif trigger == "conditional":
            facts["condition"] = text_of(told[0].find(bpmn("condition"))) or None
        return facts

    def _name(self, kind: str, told: etree._Element, node: etree._Element) -> str | None:
        ref = told.get(_REFS[kind])
        if ref is None:
            return None
        if (name := self._shared.names[kind].get(ref)) is None:
            self._faults.add("reference-nowhere", node.get("id") or "", f"引用了不存在的 {ref}。",
                             f"refers to {ref}, which the file does not hold.",
                             "请重新选择。", "Choose it again.", line=line_of(node))  # fmt: skip
        return name

    def _correlation(self, node: etree._Element) -> str | None:
        own = node.find(bpmn("messageEventDefinition"))
        ref = node.get("messageRef") or (own.get("messageRef") if own is not None else None)
        return self._shared.correlations.get(ref or "")

    def _join(self, lanes: tuple[Lane, ...]) -> None:
        """Give each element its flows and its lane; refuse flows and boundary events that hang in the air."""
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[str]] = {}
        for name, flow in list(self._flows.items()):
            if self._hangs(flow):
                continue
            outgoing.setdefault(flow.source, []).append(name)
            incoming.setdefault(flow.target, []).append(name)
        lane_of = {element: lane.name or lane.id for lane in lanes for element in lane.elements}
        for name, element in self._elements.items():
            self._check(element, outgoing.get(name, []))
            self._elements[name] = replace(
                element,
                incoming=tuple(incoming.get(name, ())),
                outgoing=tuple(outgoing.get(name, ())),
                lane=self._lane(name, lane_of),
            )

    def _lane(self, name: str | None, lane_of: Mapping[str, str]) -> str:
        """The lane an element is in; what is drawn inside a sub-process is where that is."""
        while name is not None and name not in lane_of:
            name = self._elements[name].parent if name in self._elements else None
        return lane_of[name] if name is not None else ""

    def _hangs(self, flow: Flow) -> bool:
        ends = [self._elements.get(flow.source), self._elements.get(flow.target)]
        scope = self._scope_of_flow[flow.id]
        if all(end is not None and end.parent == scope for end in ends):
            return False
        self._faults.add("flow-hangs", flow.id, "这条连线没有接到同一层的两个元素上。",
                         "this flow does not join two elements of the same level.",
                         "请重新连接或删除它。", "Connect it again or delete it.", line=flow.line)  # fmt: skip
        return True

    def _check(self, element: Element, outgoing: list[str]) -> None:
        if element.default_flow is not None and element.default_flow not in outgoing:
            self._faults.add("default-nowhere", element.id, "默认流不是从这里出发的连线。",
                             "the default flow does not leave this element.",
                             "请重新指定默认流。", "Choose the default flow again.", line=element.line)  # fmt: skip
        if element.kind != "boundaryEvent":
            return
        host = self._elements.get(element.attached_to or "")
        if host is None or host.kind not in ACTIVITIES or host.parent != element.parent:
            self._faults.add("boundary-hangs", element.id, "这个边界事件没有附着在活动上。",
                             "this boundary event is not attached to an activity.",
                             "请把它拖到一个任务或子流程的边上。", "Drag it onto the edge of a task or sub-process.",
                             line=element.line)  # fmt: skip


def _lanes(node: etree._Element) -> Iterator[Lane]:
    for lane in node.iter(bpmn("lane")):
        # Outer lanes come first, so an inner lane has the last word about where an element is.
        yield Lane(
            id=lane.get("id") or "",
            name=" ".join((lane.get("name") or "").split()),
            elements=tuple(text_of(ref) for ref in children(lane, "flowNodeRef")),
        )


def _documentation(node: etree._Element) -> str:
    return "\n".join(text_of(d) for d in children(node, "documentation"))


def _timer(node: etree._Element) -> Timer | None:
    for kind in _TIMES:
        if (told := node.find(bpmn(kind))) is not None:
            return Timer(kind=kind, text=text_of(told))
    return None


def _oddities(node: etree._Element, kind: str) -> Iterator[str]:
    if (loop := node.find(bpmn("standardLoopCharacteristics"))) is not None:
        yield from _loop_marker(node, loop)
    if node.get("isForCompensation") == "true":
        yield "compensation"
    if node.get("startQuantity", "1") != "1" or node.get("completionQuantity", "1") != "1":
        yield "quantity"
    if node.get("instantiate") == "true":
        yield "instantiate"
    if children(node, "eventDefinitionRef"):
        yield "eventDefinitionRef"
    if node.get("parallelMultiple") == "true":
        yield "parallelMultiple"
    if kind == "scriptTask" and children(node, "script"):
        yield "script"
    if kind in ACTIVITIES:
        yield from _repetition(node)
    if (times := node.find(bpmn("timerEventDefinition"))) is not None and len(list(times.iter(*map(bpmn, _TIMES)))) > 1:
        yield "twoTimes"


def _loop_marker(node: etree._Element, loop: etree._Element) -> Iterator[str]:
    """A loop marker that does not say how often, or says what cannot be."""
    most = loop.get("loopMaximum")
    said = bool(text_of(loop.find(bpmn("loopCondition"))))
    if (most is None and not said) or (most is not None and not re.fullmatch(r"\s*0*[1-9][0-9]{0,8}\s*", most)):
        yield "endlessLoop"
    if node.find(bpmn("multiInstanceLoopCharacteristics")) is not None:
        yield "twoCounts"


def _repetition(node: etree._Element) -> Iterator[str]:
    loop = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if loop is None:
        return
    told = extension(loop, "loopCharacteristics")
    if children(loop, "loopCardinality") and told is not None and (told.get("inputCollection") or "").strip():
        yield "twoCounts"
    if children(loop, "loopDataInputRef") or children(loop, "inputDataItem"):
        yield "loopDataInput"
    if loop.get("behavior", "All") != "All" or children(loop, "complexBehaviorDefinition"):
        yield "loopBehavior"

"""Rewrites a drawn diagram into the part of BPMN that SpiffWorkflow runs as drawn.

Drawn elements keep their ids; what is added begins with `n_`. What is only drawn (pools, lanes,
positions, data, notes) is left out, so that it cannot change how a case runs. Expressions stay as
they are written: the run evaluates them.

- flows without an id get one
- several flows out of a task, an event or a sub-process: a parallel gateway behind it
- a path that simply stops: an end event
- a pair of link events: a flow
- a signal end event: a signal throw event and an end event
- the start event of a process: a plain one, for opening the case is what triggers it
- messages thrown by an errand: a service task, followed by an end event where an end was drawn
- `zeebe:calledElement`, `zeebe:script`, `inputCollection`: the attributes BPMN has for them
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.diagram.document import BPMN, bpmn, children, local, namespace
from engine.diagram.extensions import extension
from engine.diagram.model import ACTIVITIES, NODES, SCOPES, Element, Process
from engine.diagram.reading import ADDED

_ONLY_DRAWN = frozenset({
    "laneSet", "artifact", "association", "group", "textAnnotation", "dataObject", "dataObjectReference",
    "dataStoreReference", "dataStore", "ioSpecification", "dataInputAssociation", "dataOutputAssociation", "property",
    "collaboration", "category", "documentation", "incoming", "outgoing", "auditing", "monitoring",
})  # fmt: skip
_PASSES_ON = ACTIVITIES | {"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def rewrite(root: etree._Element, processes: Mapping[str, Process]) -> bytes:
    """The executable form of the tree (which is changed) as bytes."""
    _leave_out_drawing(root)
    for node in root.findall(bpmn("process")):
        process = processes.get(node.get("id") or "")
        if process is None:
            root.remove(node)
            continue
        node.set("isExecutable", "true")
        _Scope(node, process).rewrite()
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _leave_out_drawing(root: etree._Element) -> None:
    for node in list(root.iter("{*}*")):
        parent = node.getparent()
        if parent is None:
            continue
        drawn = namespace(node).startswith(("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/"))
        if drawn or (namespace(node) == BPMN and local(node) in _ONLY_DRAWN):
            parent.remove(node)
    for node in root.iter(f"{{{BPMN}}}*"):
        # The type of an expression is no matter of the engine, and its prefix may have been left out.
        _without(node, _XSI_TYPE)


class _Scope:
    """One process or sub-process."""

    def __init__(self, node: etree._Element, process: Process) -> None:
        self._node, self._process = node, process

    def rewrite(self) -> None:
        self._name_flows()
        self._order_flows()
        for node in [n for n in self._node if namespace(n) == BPMN and local(n) in NODES]:
            element = self._process.elements[str(node.get("id"))]
            _settings(node, element)
            self._start(node, element)
            self._link(node, element)
            self._signal_end(node, element)
            self._errand(node, element)
            self._several_ways(node, element)
            self._end_of_path(node, element)
            if element.kind in SCOPES:
                _Scope(node, self._process).rewrite()

    def _name_flows(self) -> None:
        unnamed = [n for n in children(self._node, "sequenceFlow") if not n.get("id")]
        known = [f for f in self._process.flows.values() if f.id.startswith(f"{ADDED}flow_")]
        for node in unnamed:
            flow = next(f for f in known if (f.source, f.target) == (node.get("sourceRef"), node.get("targetRef")))
            known.remove(flow)
            node.set("id", flow.id)

    def _order_flows(self) -> None:
        """Conditions are asked in the order in which the owner's editor lists the flows of the gateway."""
        for node in children(self._node, "sequenceFlow"):
            self._node.remove(node)
            self._node.append(node)

    def _start(self, node: etree._Element, element: Element) -> None:
        if element.kind == "startEvent" and element.parent is None:
            _forget_trigger(node)

    def _link(self, node: etree._Element, element: Element) -> None:
        if element.trigger != "link":
            return
        _forget_trigger(node)
        node.tag = bpmn("intermediateThrowEvent")
        if element.kind == "intermediateThrowEvent":
            landing = next(
                e.id
                for e in self._process.scopes[element.parent]
                if e.kind == "intermediateCatchEvent" and e.link == element.link
            )
            self._flow(f"{ADDED}link_{element.id}", element.id, landing)

    def _signal_end(self, node: etree._Element, element: Element) -> None:
        if element.kind == "endEvent" and element.trigger == "signal":
            node.tag = bpmn("intermediateThrowEvent")
            self._end_after(element.id)

    def _errand(self, node: etree._Element, element: Element) -> None:
        if element.trigger != "message" or element.kind not in ("endEvent", "intermediateThrowEvent"):
            return
        _forget_trigger(node)
        node.tag = bpmn("serviceTask")
        if element.kind == "endEvent":
            self._end_after(element.id)

    def _several_ways(self, node: etree._Element, element: Element) -> None:
        if element.kind not in _PASSES_ON or len(element.outgoing) < 2:
            return
        gateway = f"{ADDED}split_{element.id}"
        etree.SubElement(self._node, bpmn("parallelGateway"), id=gateway)
        for flow in children(self._node, "sequenceFlow"):
            if flow.get("sourceRef") == element.id:
                flow.set("sourceRef", gateway)
        _without(node, "default")
        self._flow(f"{gateway}_in", element.id, gateway)

    def _end_of_path(self, node: etree._Element, element: Element) -> None:
        leads_on = element.outgoing or element.kind == "endEvent" or element.trigger == "link" or element.by_event
        if not leads_on and element.kind != "startEvent":
            self._end_after(element.id)

    def _end_after(self, element: str) -> None:
        etree.SubElement(self._node, bpmn("endEvent"), id=f"{ADDED}end_{element}")
        self._flow(f"{ADDED}to_end_{element}", element, f"{ADDED}end_{element}")

    def _flow(self, name: str, source: str, target: str) -> None:
        etree.SubElement(self._node, bpmn("sequenceFlow"), id=name, sourceRef=source, targetRef=target)


def _settings(node: etree._Element, element: Element) -> None:
    if element.called:
        node.set("calledElement", element.called)
    if element.kind == "scriptTask":
        for old in children(node, "script"):
            node.remove(old)
        etree.SubElement(node, bpmn("script")).text = element.zeebe.script or ""
    if (loop := element.zeebe.loop) is not None:
        _repetition(node, loop.collection)


def _repetition(node: etree._Element, collection: str) -> None:
    """SpiffWorkflow asks how many instances there are; what each sees, the run gives it."""
    told = children(node, "multiInstanceLoopCharacteristics")[0]
    for old in list(told):
        if namespace(old) == BPMN and local(old) not in ("completionCondition", "extensionElements"):
            told.remove(old)
    text = collection.removeprefix("=").strip()
    count = etree.Element(bpmn("loopCardinality"))
    count.text = f"=count({text})"
    told.insert(1 if extension(told, "loopCharacteristics") is not None else 0, count)


def _forget_trigger(node: etree._Element) -> None:
    for told in list(node):
        if namespace(told) == BPMN and local(told).endswith("EventDefinition"):
            node.remove(told)


def _without(node: etree._Element, attribute: str) -> None:
    if attribute in node.attrib:
        del node.attrib[attribute]

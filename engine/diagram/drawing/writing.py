"""Writes the BPMN file of a sketch that is laid out. The same sketch always gives the same bytes."""

from __future__ import annotations

from lxml import etree

from engine.diagram.drawing.settings import write_repetition, write_settings
from engine.diagram.drawing.shapes import write_shapes
from engine.diagram.drawing.sketch import BOXES, EVENTS, GATEWAYS, TASKS, Flow, Node, Sketch
from engine.diagram.drawing.tree import NS, add, formal

_TAGS = {**TASKS, **GATEWAYS, **EVENTS, "sub": "subProcess", "event-sub": "subProcess"}
_NAMED = ("message", "signal", "error", "escalation")


def write(sketch: Sketch) -> bytes:
    """The BPMN file of a sketch that is laid out."""
    modeler = f"{{{NS['modeler']}}}"
    facts = {
        "id": f"definitions_{sketch.process.id}",
        "targetNamespace": "http://kesu/bpmn",
        f"{modeler}executionPlatform": "Camunda Cloud",
        f"{modeler}executionPlatformVersion": "8.8.0",
    }
    root = etree.Element(f"{{{NS['bpmn']}}}definitions", facts, nsmap=NS)
    _write_triggers(root, sketch)
    _write_meeting(root, sketch)
    process = add(root, "process", id=sketch.process.id, name=sketch.process.name, isExecutable="true")
    for doc in sketch.process.facts["doc"]:
        add(process, "documentation", doc)
    if sketch.process.fact("version"):
        add(add(process, "extensionElements"), "zeebe:versionTag", value=sketch.process.fact("version"))
    lanes = add(process, "laneSet", id=f"lanes_{sketch.process.id}")
    for lane in sketch.lanes.values():
        shape = add(lanes, "lane", id=lane.id, name=lane.name)
        for node in (n for n in sketch.nodes.values() if n.lane == lane.id and not n.box and n.kind != "note"):
            add(shape, "flowNodeRef", node.id)
    _write_level(process, sketch, "")
    write_shapes(root, sketch)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write_meeting(root: etree._Element, sketch: Sketch) -> None:
    """The pool of the process, the black boxes, and what passes between them."""
    meeting = add(root, "collaboration", id=f"collaboration_{sketch.process.id}")
    add(meeting, "participant", id="pool_process", name=sketch.process.name, processRef=sketch.process.id)
    for pool in sketch.pools.values():
        add(meeting, "participant", id=pool.id, name=pool.name)
    for flow in (f for f in sketch.flows if f.message):
        add(meeting, "messageFlow", id=flow.id, name=flow.label, sourceRef=flow.source, targetRef=flow.target)


def _write_triggers(root: etree._Element, sketch: Sketch) -> None:
    """Messages, signals, errors and escalations, each once."""
    seen = set()
    for node in sketch.nodes.values():
        kind = node.trigger or ("message" if node.kind == "receive" else "")
        name = node.fact(kind) if kind in _NAMED else ""
        if not name or (kind, name) in seen or (kind == "message" and node.part in ("throw", "end")):
            continue
        seen.add((kind, name))
        code = {f"{kind}Code": name} if kind in ("error", "escalation") else {}
        made = add(root, kind, id=f"{kind}_{name}", name=name, **code)
        if node.fact("key"):
            add(add(made, "extensionElements"), "zeebe:subscription", correlationKey=node.fact("key"))


def _write_level(parent: etree._Element, sketch: Sketch, box: str) -> None:
    """Elements and flows of the process or of one box."""
    level = sketch.children(box)
    names = {n.id for n in level}
    flows = [f for f in sketch.flows if not f.message and f.source in names]
    for node in (n for n in level if n.kind != "note"):
        _write_node(parent, sketch, node, flows)
    for flow in flows:
        made = add(parent, "sequenceFlow", id=flow.id, name=flow.label, sourceRef=flow.source, targetRef=flow.target)
        if flow.condition:
            formal(made, "conditionExpression", flow.condition)
    for note in (n for n in level if n.kind == "note"):
        add(add(parent, "textAnnotation", id=note.id), "text", note.name)
        if note.fact("on"):
            add(parent, "association", id=f"tie_{note.id}", sourceRef=note.fact("on"), targetRef=note.id)


def _write_node(parent: etree._Element, sketch: Sketch, node: Node, flows: list[Flow]) -> None:
    stays = node.fact("interrupting") == "no"
    made = add(parent, _TAGS[node.part], id=node.id, name=node.name, attachedToRef=node.host,
               default=next((f.id for f in flows if f.source == node.id and f.default), ""),
               cancelActivity="false" if node.part == "boundary" and stays else "",
               isInterrupting="false" if node.part == "start" and stays else "",
               triggeredByEvent="true" if node.kind == "event-sub" else "",
               messageRef=f"message_{node.fact('message')}" if node.kind == "receive" else "")  # fmt: skip
    for doc in node.facts["doc"]:
        add(made, "documentation", doc)
    more = add(made, "extensionElements")
    write_settings(more, node)
    if not len(more):
        made.remove(more)
    for flow in (f for f in flows if f.target == node.id):
        add(made, "incoming", flow.id)
    for flow in (f for f in flows if f.source == node.id):
        add(made, "outgoing", flow.id)
    write_repetition(made, node)
    if node.kind in BOXES:
        _write_level(made, sketch, node.id)
    if node.trigger:
        _write_trigger(made, node)


def _write_trigger(made: etree._Element, node: Node) -> None:
    event = add(made, f"{node.trigger}EventDefinition", id=f"{node.id}_trigger")
    if node.fact(node.trigger) and not (node.trigger == "message" and node.part in ("throw", "end")):
        event.set(f"{node.trigger}Ref", f"{node.trigger}_{node.fact(node.trigger)}")
    for key, timer in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
        if node.fact(key):
            formal(event, timer, node.fact(key))

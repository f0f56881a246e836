"""Finds in a file what belongs to another engine or is no figure of a process diagram."""

from __future__ import annotations

from lxml import etree

from engine.diagram.construct import Row
from engine.diagram.document import BPMN, ZEEBE, bpmn, line_of, local, namespace
from engine.diagram.extensions import KNOWN
from engine.diagram.faults import Faults
from engine.diagram.model import NODES

#: Namespaces in which other engines keep what they execute, and what people call them.
DIALECTS = {
    "http://camunda.org/schema/1.0/bpmn": "camunda:",
    "http://activiti.org/bpmn": "activiti:",
    "http://flowable.org/bpmn": "flowable:",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow:",
    "http://www.jboss.org/drools": "drools:",
    "http://www.omg.org/bpmn/extension": "jbpm:",
}
#: What may stand in a process besides nodes and flows.
_BESIDE = frozenset({
    "sequenceFlow", "laneSet", "extensionElements", "documentation", "incoming", "outgoing", "textAnnotation",
    "association", "group", "dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "property",
    "dataInputAssociation", "dataOutputAssociation", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
    "script", "monitoring", "auditing", "supportedInterfaceRef", "ioBinding", "completionCondition",
    "potentialOwner", "performer", "humanPerformer", "resourceRole", "rendering", "eventDefinitionRef", "dataOutput",
    "dataInput", "inputSet", "outputSet", "correlationSubscription", "artifact", "condition",
})  # fmt: skip
_SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")


def note_strangers(root: etree._Element, rows: dict[str, Row], faults: Faults) -> None:
    """Note settings of other engines, unknown zeebe settings and unknown figures, each once per element."""
    seen: set[tuple[str, str]] = set()
    for node in root.iter("{*}*"):
        owner = _owner(node)
        for name in [node.tag, *node.attrib]:
            space, what = _split(str(name))
            row = _row(space, what, is_tag=name == node.tag)
            if row and (owner, row + what) not in seen:
                seen.add((owner, row + what))
                _note(rows[row], owner, f"{DIALECTS.get(space, 'zeebe:')}{what}", line_of(node), faults)
    for scope in root.iter(*map(bpmn, _SCOPES)):
        for node in scope:
            known = local(node) in NODES or local(node) in _BESIDE or local(node).endswith("EventDefinition")
            if namespace(node) == BPMN and not known:
                _note(rows["unknown-element"], node.get("id") or "", local(node), line_of(node), faults)


def _note(row: Row, element: str, what: str, line: int, faults: Faults) -> None:
    faults.add(row.id, element, f"{what}：{row.zh}。{row.how_zh}", f"{what}: {row.en}. {row.how_en}",
               row.remedy_zh, row.remedy_en, line=line)  # fmt: skip


def _row(space: str, what: str, *, is_tag: bool) -> str | None:
    if space in DIALECTS:
        return "other-dialect"
    # Which template an element was made from, the editor notes in attributes.
    strange = space == ZEEBE and (what not in KNOWN if is_tag else not what.startswith("modelerTemplate"))
    return "unknown-extension" if strange else None


def _split(name: str) -> tuple[str, str]:
    space, _, what = name.rpartition("}")
    return space.lstrip("{"), what


def _owner(node: etree._Element) -> str:
    """Id of the BPMN element a setting is written on."""
    here: etree._Element | None = node
    while here is not None:
        if namespace(here) == BPMN and here.get("id") and not local(here).endswith("Definition"):
            return str(here.get("id"))
        here = here.getparent()
    return ""

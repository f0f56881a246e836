"""Rules of the standard that the schema cannot say: flows, directions, pools, kinds of references.

What breaks one of them was not drawn by an editor, or was drawn by one that lost something, so it
may mean something else to the reader than to us.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.diagram.construct import Row
from engine.diagram.document import BPMN, bpmn, children, ids_of, line_of, local, namespace, text_of
from engine.diagram.faults import Faults
from engine.diagram.items import note_items
from engine.diagram.model import GATEWAYS, NODES

#: Figures of other kinds of diagrams, drawn beside processes.
_OTHER_DIAGRAMS = (
    "choreography", "globalChoreographyTask", "conversation", "globalConversation", "globalTask", "globalUserTask",
    "globalScriptTask", "globalManualTask", "globalBusinessRuleTask",
)  # fmt: skip
#: What a reference may point to, where a wrong kind would be read as something else.
_KINDS = {
    "messageRef": {"message"},
    "errorRef": {"error"},
    "signalRef": {"signal"},
    "escalationRef": {"escalation"},
    "dataObjectRef": {"dataObject"},
    "operationRef": {"operation"},
}
_EXPRESSIONS = ("conditionExpression", "condition", "timeDate", "timeDuration", "timeCycle", "loopCardinality", "loopCondition",
                "completionCondition", "formalExpression")  # fmt: skip
_NO_DATA = NODES | {"participant", "process", "lane", "message", "error"}


def note_standard(root: etree._Element, rows: dict[str, Row], faults: Faults) -> None:
    """Note what breaks the standard."""
    ids = dict(ids_of(root))
    _flows(root, ids, faults)
    _references(root, ids, faults)
    _message_flows(root, faults)
    note_items(root, ids, faults)
    _languages(root, faults)
    _pools(root, ids, faults)
    for node in root.iter(*map(bpmn, GATEWAYS)):
        _direction(node, faults)
    row = rows["unknown-element"]
    for name in _OTHER_DIAGRAMS:
        for node in children(root, name):
            faults.add(row.id, node.get("id") or "", f"{name}：{row.zh}。{row.how_zh}", f"{name}: {row.en}. {row.how_en}",
                       row.remedy_zh, row.remedy_en, line=line_of(node))  # fmt: skip
    for node in children(root, "process"):
        if node.get("processType") == "Public" and node.get("isExecutable") == "true":
            faults.add("process-public", node.get("id") or "", "公开流程只是对外的约定，不能执行。",
                       "a public process is an agreement with others and cannot be executed.",
                       "请把 processType 设为 Private。", "Set processType to Private.", line=line_of(node))  # fmt: skip


def _flows(root: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    """What elements list as their flows must be what the flows say; to list none at all is allowed."""
    listed = {
        end: {
            (text_of(ref), str(node.get("id"))) for node in root.iter(*map(bpmn, NODES)) for ref in children(node, end)
        }
        for end in ("incoming", "outgoing")
    }
    for end, attribute in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for flow, element in sorted(listed[end]):
            node = ids.get(flow)
            if node is None or node.get(attribute) != element:
                _disagree(flow, element, faults)
    for node in root.iter(bpmn("sequenceFlow")):
        name = node.get("id") or ""
        ends = [
            (name, node.get("targetRef")) in listed["incoming"],
            (name, node.get("sourceRef")) in listed["outgoing"],
        ]
        if any(ends) and not all(ends):
            _disagree(name, node.get("sourceRef" if ends[0] else "targetRef") or "", faults)


def _disagree(flow: str, element: str, faults: Faults) -> None:
    faults.add("flow-disagrees", element, f"元素所列的连线与连线“{flow}”所写的两端不一致。",
               f"what the element lists as its flows disagrees with the ends of the flow “{flow}”.",
               "请用流程图编辑器重新连接并保存。", "Connect it again in the diagram editor and save.", flow=flow)  # fmt: skip


def _direction(node: etree._Element, faults: Faults) -> None:
    into, out = len(children(node, "incoming")), len(children(node, "outgoing"))
    if not into and not out:
        return
    told = node.get("gatewayDirection", "Unspecified")
    fits = {"Diverging": into <= 1 and out != 1, "Converging": out <= 1 and into != 1, "Mixed": into != 1 and out != 1}
    if not fits.get(told, True):
        faults.add("gateway-direction", node.get("id") or "", f"网关标为 {told}，但连线不是这样画的。",
                   f"the gateway is marked {told}, but its flows are drawn otherwise.",
                   "请删除 gatewayDirection，或改正连线。", "Remove gatewayDirection, or correct the flows.",
                   line=line_of(node))  # fmt: skip


def _message_flows(root: etree._Element, faults: Faults) -> None:
    home: dict[str, str] = {}
    for process in children(root, "process"):
        home |= {str(n.get("id")): str(process.get("id")) for n in process.iter(f"{{{BPMN}}}*") if n.get("id")}
    for pool in root.iter(bpmn("participant")):
        if pool.get("id"):
            home[str(pool.get("id"))] = pool.get("processRef") or f"pool {pool.get('id')}"
    for flow in root.iter(bpmn("messageFlow")):
        source, target = home.get(flow.get("sourceRef") or ""), home.get(flow.get("targetRef") or "")
        if source is not None and source == target:
            faults.add("message-flow-inside", flow.get("id") or "", "消息流的两端在同一个参与者内。",
                       "both ends of this message flow are inside the same pool.",
                       "请改为连线，或连到另一个参与者。", "Use a sequence flow, or lead it to another pool.",
                       line=line_of(flow))  # fmt: skip


def _pools(root: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    """Pools and message flows point to something in the file."""
    for name, attributes in (("participant", ("processRef",)), ("messageFlow", ("sourceRef", "targetRef"))):
        for node in root.iter(bpmn(name)):
            for attribute in attributes:
                value = node.get(attribute)
                if value and value not in ids and value.rpartition(":")[2] not in ids:
                    faults.add("reference-nowhere", node.get("id") or "", f"{attribute} 引用了不存在的 {value}。",
                               f"{attribute} refers to {value}, which the file does not hold.",
                               "请重新连接，或删除它。", "Connect it again, or delete it.", line=line_of(node))  # fmt: skip


def _languages(root: etree._Element, faults: Faults) -> None:
    """An expression that says it is in another language than FEEL means something else than we would make of it."""
    for name in _EXPRESSIONS:
        for node in root.iter(bpmn(name)):
            language = (node.get("language") or "").strip()
            if language and "feel" not in language.lower():
                faults.add("expression-language", _owner(node), f"{name} 注明的语言“{language}”不会执行。",
                           f"{name} says it is written in “{language}”, which is not executed.",
                           "请改写为以等号开头的 FEEL，并删除 language。", "Write it as FEEL beginning with an equals sign, and remove language.",
                           line=line_of(node))  # fmt: skip


def _references(root: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    for node in root.iter(f"{{{BPMN}}}*"):
        for name, value in _told(node):
            pointed = ids.get(value.rpartition(":")[2])
            if pointed is not None and namespace(pointed) == BPMN and _wrong(node, name, local(pointed)):
                faults.add("reference-kind", _owner(node), f"{name} 指向了 {local(pointed)}“{value}”。",
                           f"{name} points to the {local(pointed)} “{value}”.",
                           "请重新选择。", "Choose it again.", line=line_of(node))  # fmt: skip


def _told(node: etree._Element) -> Iterator[tuple[str, str]]:
    """References a node holds, as attributes or as its own text."""
    yield from ((name, str(node.get(name))) for name in _KINDS if node.get(name))
    if local(node) in _KINDS or local(node) in ("sourceRef", "targetRef"):
        yield local(node), text_of(node)


def _wrong(node: etree._Element, name: str, kind: str) -> bool:
    if name in _KINDS:
        return kind not in _KINDS[name]
    holder = node.getparent()
    data = holder is not None and local(holder) in ("dataInputAssociation", "dataOutputAssociation")
    return data and kind in _NO_DATA


def _owner(node: etree._Element) -> str:
    here: etree._Element | None = node
    while here is not None and not here.get("id"):
        here = here.getparent()
    return str(here.get("id")) if here is not None else ""

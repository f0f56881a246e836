"""What is carried around: whether data, messages and operations agree on what they are about.

None of it is executed. But a file in which a message carries one thing and its event takes out another says two
things at once, and whoever reads it must not have to guess which one counts.
"""

from __future__ import annotations

from lxml import etree

from engine.diagram.document import bpmn, children, line_of, local, text_of
from engine.diagram.faults import Faults
from engine.diagram.model import EVENTS

#: What says for itself whether it is a collection.
_COUNTED = ("dataObject", "dataInput", "dataOutput")
#: Events that take something in; the others give it away.
_CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


def note_items(root: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    """Note what says two things about one item."""
    for node in root.iter(*map(bpmn, _COUNTED)):
        _collection(node, ids, faults)
    for node in root.iter(*map(bpmn, EVENTS)):
        _carried(node, ids, faults)
    for node in root.iter(bpmn("ioBinding")):
        _bound(node, ids, faults)


def _collection(node: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    item = _referred(node, "itemSubjectRef", ids)
    if item is not None and local(item) == "itemDefinition" and _yes(item) != _yes(node):
        faults.add("collection-disagrees", _owner(node), f"{local(node)} 与它所引用的 itemDefinition “{item.get('id')}”对是否为集合说法不一。",
                   f"a {local(node)} and its itemDefinition “{item.get('id')}” disagree on whether it is a collection.",
                   "请在两处写同样的 isCollection，或删除 itemSubjectRef。", "Write the same isCollection in both, or remove itemSubjectRef.",
                   line=line_of(node))  # fmt: skip


def _carried(event: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    """A message that says what it carries is taken out of, or put into, something of that kind."""
    told = event.find(bpmn("messageEventDefinition"))
    message = _referred(told, "messageRef", ids) if told is not None else None
    carried = message.get("itemRef") if message is not None else None
    if message is None or carried is None:
        return
    name = message.get("name") or message.get("id")
    holder = "dataOutput" if local(event) in _CATCHING else "dataInput"
    if carried not in [data.get("itemSubjectRef") for data in children(event, holder)]:
        faults.add("message-content", _owner(event), f"消息“{name}”带有内容（itemRef），但这个事件没有同样内容的 {holder}。",
                   f"the message “{name}” carries an item (itemRef), for which the event has no {holder}.",
                   "请删除消息的 itemRef：所带内容由表单或输入映射给出。",
                   "Remove the message's itemRef: what comes with it is said by its form or by mappings.",
                   line=line_of(event))  # fmt: skip


def _bound(binding: etree._Element, ids: dict[str, etree._Element], faults: Faults) -> None:
    """What a process takes and gives as an operation is what the operation's messages carry."""
    operation = _referred(binding, "operationRef", ids)
    for mine, its in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
        data = _referred(binding, mine, ids)
        named = children(operation, its) if operation is not None else []
        message = ids.get(text_of(named[0]).rpartition(":")[2]) if named else None
        if data is not None and message is not None and data.get("itemSubjectRef") != message.get("itemRef"):
            faults.add("binding-content", _owner(binding), f"{mine} 与操作“{operation.get('name') if operation is not None else ''}”的消息内容不同。",
                       f"{mine} is about something else than the message of the operation it is bound to.",
                       "请改正 itemSubjectRef，或删除 ioBinding。", "Correct itemSubjectRef, or remove the ioBinding.",
                       line=line_of(binding))  # fmt: skip


def _referred(node: etree._Element, attribute: str, ids: dict[str, etree._Element]) -> etree._Element | None:
    return ids.get((node.get(attribute) or "").rpartition(":")[2])


def _yes(node: etree._Element) -> bool:
    return node.get("isCollection") in ("true", "1")


def _owner(node: etree._Element) -> str:
    here: etree._Element | None = node
    while here is not None and not here.get("id"):
        here = here.getparent()
    return str(here.get("id")) if here is not None else ""

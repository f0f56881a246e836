"""Settings that would have no effect where they are written: on another kind of element, of another name, or meant for a server.

A setting that is not honoured means something to whoever wrote it, so it is refused and not passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches

from lxml import etree

from engine.diagram.document import BPMN, ZEEBE, bpmn, line_of, local, namespace, zeebe
from engine.diagram.extensions import KNOWN
from engine.diagram.faults import Faults
from engine.diagram.model import ACTIVITIES, EVENTS, NODES

_JOBS = frozenset({"serviceTask", "sendTask", "businessRuleTask", "scriptTask", "intermediateThrowEvent", "endEvent"})
_USER = frozenset({"userTask"})
#: Setting -> the elements on which it is read.
PLACES: dict[str, frozenset[str]] = {
    "userTask": _USER, "assignmentDefinition": _USER, "taskSchedule": _USER, "priorityDefinition": _USER, "formDefinition": _USER,
    "calledDecision": frozenset({"businessRuleTask"}), "calledElement": frozenset({"callActivity"}),
    "script": frozenset({"scriptTask"}), "taskDefinition": _JOBS, "taskHeaders": _JOBS, "adHoc": frozenset({"adHocSubProcess"}),
    "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}), "subscription": frozenset({"message"}),
    "versionTag": frozenset({"process"}), "ioMapping": ACTIVITIES | EVENTS,
    "executionListeners": NODES, "taskListeners": _USER,
}  # fmt: skip
#: An errand is tried so often at most: then somebody should look.
MOST_TRIES = 20
_TRIES = re.compile(r"0*([1-9]|1[0-9]|20)", re.ASCII)
_BINDING = ("bindingType", "versionTag")
_LISTENING = (zeebe("executionListeners"), zeebe("taskListeners"))
#: Property -> the elements on which it is read; None: on all that are passed.
PROPERTIES: dict[str, frozenset[str] | None] = {
    "reach": frozenset({"intermediateThrowEvent", "endEvent"}),
    "limit": _USER, "limit-variant": _USER, "four-eyes": _USER, "milestone": None, "status": None,
}  # fmt: skip
#: Attributes of the dialect, by setting.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "assignmentDefinition": ("assignee", "candidateGroups", "candidateUsers"), "taskSchedule": ("dueDate", "followUpDate"),
    "priorityDefinition": ("priority",), "formDefinition": ("formId", "formKey", "externalReference", *_BINDING),
    "calledDecision": ("decisionId", "resultVariable", *_BINDING), "input": ("source", "target"), "output": ("source", "target"),
    "calledElement": ("processId", "processIdExpression", "propagateAllChildVariables", "propagateAllParentVariables", *_BINDING),
    "loopCharacteristics": ("inputCollection", "inputElement", "outputCollection", "outputElement"),
    "script": ("expression", "resultVariable"), "taskDefinition": ("type", "retries"), "header": ("key", "value"),
    "subscription": ("correlationKey",), "versionTag": ("value",), "property": ("name", "value"),
    "adHoc": ("activeElementsCollection", "outputCollection", "outputElement"),
    "executionListener": ("eventType", "type", "retries"), "taskListener": ("eventType", "type", "retries"),
}  # fmt: skip
#: Attributes nothing comes of, by setting; the others of the dialect are read.
_UNREAD = {
    "taskSchedule": ("followUpDate",), "formDefinition": ("formKey", "externalReference"), "calledElement": ("processIdExpression",),
    "adHoc": ("outputCollection", "outputElement"),
}  # fmt: skip


def note_settings(root: etree._Element, faults: Faults) -> None:
    """Note each setting that nothing would come of."""
    for holder in root.iter(bpmn("extensionElements")):
        owner = holder.getparent()
        if owner is None or namespace(owner) != BPMN:
            continue
        for setting in holder:
            if isinstance(setting.tag, str) and namespace(setting) == ZEEBE:
                _place(owner, setting, faults)
                for part in setting.iter(f"{{{ZEEBE}}}*"):
                    _attributes(owner, part, faults)
        _twice(owner, [local(s) for s in holder if isinstance(s.tag, str) and namespace(s) == ZEEBE], "zeebe:", faults)
        for inner, key in (("properties/property", "name"), ("taskHeaders/header", "key")):
            rows = holder.iterfind("/".join(map(zeebe, inner.split("/"))))
            _twice(owner, [row.get(key) or "" for row in rows], f"{inner.partition('/')[2]} · ", faults)
        for row in holder.iterfind(f"{zeebe('properties')}/{zeebe('property')}"):
            _property(owner, row.get("name") or "", faults)


def _place(owner: etree._Element, setting: etree._Element, faults: Faults) -> None:
    what = local(setting)
    holder = setting.getparent()
    if what == "taskHeaders" and holder is not None and any(other.tag in _LISTENING for other in holder):
        return  # what a listener is asked with
    if what in PLACES and local(owner) not in PLACES[what]:
        _without_effect(owner, f"zeebe:{what}", faults, line_of(setting))


def _attributes(owner: etree._Element, setting: etree._Element, faults: Faults) -> None:
    what = local(setting)
    _retries(owner, setting, faults)
    for name in _UNREAD.get(what, ()):
        if (setting.get(name) or "").strip():
            _without_effect(owner, f"{what} · {name}", faults, line_of(setting))
    for name in map(str, setting.attrib):
        if not name.startswith("{") and name not in ATTRIBUTES.get(what, (name,) if what not in KNOWN else ()):
            _without_effect(owner, f"{what} · {name}", faults, line_of(setting))


def _retries(owner: etree._Element, setting: etree._Element, faults: Faults) -> None:
    told = (setting.get("retries") or "").strip()
    if told and not _TRIES.fullmatch(told):
        faults.add("retries-not-readable", _id(owner), f"{local(setting)} 的 retries 读不懂：{told}。",
                   f"retries of {local(setting)} cannot be read: {told}.",
                   f"请写 1 到 {MOST_TRIES} 的整数。", f"Write a whole number from 1 to {MOST_TRIES}.", line=line_of(setting))  # fmt: skip


def _twice(owner: etree._Element, names: list[str], what: str, faults: Faults) -> None:
    for name in sorted(name for name, times in Counter(names).items() if times > 1):
        faults.add("setting-twice", _id(owner), f"设置 {what}{name} 写了两次。", f"the setting {what}{name} is written twice.",
                   "请只保留一个。", "Keep one.", line=line_of(owner), setting=name)  # fmt: skip


def _property(owner: etree._Element, name: str, faults: Faults) -> None:
    if name in PROPERTIES:
        kinds = PROPERTIES[name]
        if kinds is not None and local(owner) not in kinds:
            _without_effect(owner, f"property · {name}", faults, line_of(owner))
        return
    near = get_close_matches(name.strip().lower().replace("_", "-").replace(" ", "-"), PROPERTIES, n=1, cutoff=0.75)
    if near:
        faults.add("property-misspelt", _id(owner), f"属性“{name}”不起作用。", f"the property “{name}” has no effect.",
                   f"是否为“{near[0]}”？", f"Did you mean “{near[0]}”?", line=line_of(owner), name=name)  # fmt: skip


def _without_effect(owner: etree._Element, what: str, faults: Faults, line: int) -> None:
    faults.add("setting-without-effect", _id(owner), f"这里的设置 {what} 不起作用。", f"the setting {what} has no effect here.",
               "请删除它，或写到起作用的元素上。", "Remove it, or put it on an element on which it is read.",
               line=line, setting=what)  # fmt: skip


def _id(owner: etree._Element) -> str:
    here: etree._Element | None = owner
    while here is not None and not here.get("id"):
        here = here.getparent()
    return str(here.get("id")) if here is not None else ""

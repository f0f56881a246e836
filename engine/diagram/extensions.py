"""Reads the settings of the Camunda 8 dialect (`zeebe:`) from an element."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from engine.diagram.document import bpmn, children, text_of, zeebe
from engine.diagram.model import AdHoc, Expression, Listener, Loop, Mapped, Zeebe

#: What is known of the dialect; anything else in its namespace is refused by the support matrix.
KNOWN = frozenset({
    "userTask", "assignmentDefinition", "taskSchedule", "priorityDefinition", "formDefinition", "calledDecision",
    "calledElement", "ioMapping", "input", "output", "loopCharacteristics", "script", "taskDefinition", "taskHeaders",
    "header", "subscription", "versionTag", "properties", "property", "adHoc",
    "executionListeners", "executionListener", "taskListeners", "taskListener",
})  # fmt: skip


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """The extension of that name, written directly on the element."""
    return node.find(f"{bpmn('extensionElements')}/{zeebe(name)}")


def zeebe_of(node: etree._Element, correlation: str | None) -> Zeebe:
    """All settings on the element."""
    who, when = _attributes(node, "assignmentDefinition"), _attributes(node, "taskSchedule")
    job, decision = _attributes(node, "taskDefinition"), _attributes(node, "calledDecision")
    called, script = _attributes(node, "calledElement"), _attributes(node, "script")
    return Zeebe(
        groups=who.get("candidateGroups"),
        users=who.get("candidateUsers"),
        assignee=who.get("assignee"),
        form=_attributes(node, "formDefinition").get("formId"),
        due=when.get("dueDate"),
        follow_up=when.get("followUpDate"),
        priority=_attributes(node, "priorityDefinition").get("priority"),
        properties=_pairs(node, "properties", "property", "name"),
        job=job.get("type"),
        retries=job.get("retries"),
        headers=_pairs(node, "taskHeaders", "header", "key"),
        listeners=(*_listeners(node, "executionListener"), *_listeners(node, "taskListener")),
        decision=decision.get("decisionId"),
        result=decision.get("resultVariable") or script.get("resultVariable"),
        called_process=called.get("processId"),
        bound_to=_bound(called, decision, _attributes(node, "formDefinition")),
        propagate_parent=called.get("propagateAllParentVariables", "true") == "true",
        # As Camunda reads it: with outputs mapped, children are not copied unless it is said.
        propagate_child=_propagates(node, called),
        inputs=_mapped(node, "input"),
        outputs=_mapped(node, "output"),
        loop=_loop(node),
        ad_hoc=_ad_hoc(node),
        script=script.get("expression"),
        correlation=correlation,
    )


def expressions_of(settings: Zeebe) -> tuple[Expression, ...]:
    """Every text among the settings that may be FEEL."""
    texts = [
        ("candidateGroups", settings.groups),
        ("candidateUsers", settings.users),
        ("assignee", settings.assignee),
        ("dueDate", settings.due),
        ("followUpDate", settings.follow_up),
        ("priority", settings.priority),
        ("jobType", settings.job),
        ("script", settings.script),
        ("correlationKey", settings.correlation),
        ("decisionId", settings.decision),
        *((f"header:{key}", value) for key, value in settings.headers.items()),
        *((f"property:{key}", value) for key, value in settings.properties.items() if value.startswith("=")),
        *((f"input:{line.target}", line.source) for line in settings.inputs),
        *((f"output:{line.target}", line.source) for line in settings.outputs),
    ]
    if loop := settings.loop:
        texts += [
            ("inputCollection", loop.collection),
            ("loopCardinality", loop.count),
            ("loopCondition", loop.again),
            ("outputElement", loop.output_item),
            ("completionCondition", loop.until),
        ]
    if chosen := settings.ad_hoc:
        texts += [("activeElementsCollection", chosen.active), ("completionCondition", chosen.until)]
    return tuple(Expression(where=where, text=text) for where, text in texts if text)


def _bound(*settings: Mapping[str, str]) -> str | None:
    """The version tag that what is called must bear; a release pins everything else."""
    tags = [s.get("versionTag", "") for s in settings if s.get("bindingType") == "versionTag"]
    return tags[0] if tags else None


def _attributes(node: etree._Element, name: str) -> Mapping[str, str]:
    found = extension(node, name)
    return {} if found is None else {str(k): str(v).strip() for k, v in found.attrib.items() if str(v).strip()}


def _pairs(node: etree._Element, holder: str, row: str, key: str) -> Mapping[str, str]:
    found = extension(node, holder)
    rows = [] if found is None else found.findall(zeebe(row))
    return MappingProxyType({str(r.get(key)): str(r.get("value") or "").strip() for r in rows if r.get(key)})


def _mapped(node: etree._Element, name: str) -> tuple[Mapped, ...]:
    found = extension(node, "ioMapping")
    rows = [] if found is None else found.findall(zeebe(name))
    return tuple(
        Mapped(source=str(r.get("source") or "").strip(), target=str(r.get("target") or "").strip()) for r in rows
    )


def _listeners(node: etree._Element, kind: str) -> Iterator[Listener]:
    for row in node.iterfind(f"{bpmn('extensionElements')}/{zeebe(kind + 's')}/{zeebe(kind)}"):
        event, type_ = (str(row.get(name) or "").strip() for name in ("eventType", "type"))
        yield Listener(event=event, type=type_, task=kind == "taskListener", retries=(row.get("retries") or "").strip() or None)


def _propagates(node: etree._Element, called: Mapping[str, str]) -> bool:
    said = called.get("propagateAllChildVariables")
    return said == "true" if said is not None else not _mapped(node, "output")


def _loop(node: etree._Element) -> Loop | None:
    if (marked := node.find(bpmn("standardLoopCharacteristics"))) is not None:
        most = (marked.get("loopMaximum") or "").strip()
        again = children(marked, "loopCondition")
        return Loop(
            sequential=True, standard=True, again=text_of(again[0]) if again else "",
            asked_first=marked.get("testBefore") in ("true", "1"),
            most=int(most) if re.fullmatch(r"[0-9]{1,12}", most) else None,
        )  # fmt: skip
    found = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if found is None:
        return None
    count = children(found, "loopCardinality")
    told = _attributes(found, "loopCharacteristics")
    until = children(found, "completionCondition")
    return Loop(
        sequential=found.get("isSequential") == "true",
        collection=told.get("inputCollection", ""),
        count=text_of(count[0]) if count else "",
        item=told.get("inputElement", ""),
        output_collection=told.get("outputCollection", ""),
        output_item=told.get("outputElement", ""),
        until=text_of(until[0]) if until else "",
    )


def _ad_hoc(node: etree._Element) -> AdHoc | None:
    if node.tag != bpmn("adHocSubProcess"):
        return None
    until = children(node, "completionCondition")
    return AdHoc(
        active=_attributes(node, "adHoc").get("activeElementsCollection", ""),
        until=text_of(until[0]) if until else "",
        cancels_rest=node.get("cancelRemainingInstances", "true") != "false",
        sequential=node.get("ordering") == "Sequential",
    )

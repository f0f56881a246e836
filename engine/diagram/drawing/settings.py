"""The settings of an element in the dialect of Camunda 8 (`zeebe:`)."""

from __future__ import annotations

import re

from lxml import etree

from engine.diagram.drawing.sketch import PROPERTIES, Node, SketchRefused
from engine.diagram.drawing.tree import add, formal, pair

_EACH = re.compile(r"(\w+) in (=.*?)(?: -> (\w+) in (=.*?))?( sequential)?")


def write_settings(more: etree._Element, node: Node) -> None:
    """Everything that goes into the extension elements."""
    if node.kind == "user":
        add(more, "zeebe:userTask")
    _who_and_when(more, node)
    _what_is_done(more, node)
    if node.fact("header"):
        headers = add(more, "zeebe:taskHeaders")
        for key, value in map(pair, node.facts["header"]):
            add(headers, "zeebe:header", key=key, value=value)
    if node.fact("in") or node.fact("out"):
        mapping = add(more, "zeebe:ioMapping")
        for tag, key in (("input", "in"), ("output", "out")):
            for target, source in map(pair, node.facts[key]):
                add(mapping, f"zeebe:{tag}", source=source, target=target)
    named = [(name, v) for key, name in PROPERTIES.items() for v in node.facts[key]]
    if properties := [*named, *map(pair, node.facts["property"])]:
        listed = add(more, "zeebe:properties")
        for key, value in properties:
            add(listed, "zeebe:property", name=key, value=value)


def _who_and_when(more: etree._Element, node: Node) -> None:
    group, users, assignee = node.fact("group"), node.fact("users"), node.fact("assignee")
    if group or users or assignee:
        add(more, "zeebe:assignmentDefinition", assignee=assignee, candidateGroups=group, candidateUsers=users)
    if node.fact("due") or node.fact("followup"):
        add(more, "zeebe:taskSchedule", dueDate=node.fact("due"), followUpDate=node.fact("followup"))
    if node.fact("priority"):
        add(more, "zeebe:priorityDefinition", priority=node.fact("priority"))
    if node.fact("form"):
        add(more, "zeebe:formDefinition", formId=node.fact("form"))


def _what_is_done(more: etree._Element, node: Node) -> None:
    if node.fact("decision"):
        name, result = pair(node.fact("decision"), "->")
        add(more, "zeebe:calledDecision", decisionId=name, resultVariable=result)
    if node.fact("calls"):
        back, forth = "false" if node.fact("out") else "true", "false" if node.fact("inherit") == "no" else ""
        add(more, "zeebe:calledElement", processId=node.fact("calls"),
            propagateAllChildVariables=back, propagateAllParentVariables=forth)  # fmt: skip
    if node.fact("script"):
        text, _, result = node.fact("script").rpartition("->")
        add(more, "zeebe:script", expression=text.strip(), resultVariable=result.strip())
    if node.fact("job"):
        add(more, "zeebe:taskDefinition", type=node.fact("job"), retries=node.fact("retries"))


def write_repetition(made: etree._Element, node: Node) -> None:
    """`each: item in =list -> results in =FEEL sequential until =condition`."""
    each, _, until = node.fact("each").partition(" until ")
    if not each:
        return
    found = _EACH.fullmatch(each.strip())
    if not found:
        raise SketchRefused(f"{node.id}: each: item in =list [-> results in =FEEL] [sequential] [until =condition]")
    loop = add(made, "multiInstanceLoopCharacteristics", isSequential="true" if found[5] else "")
    add(add(loop, "extensionElements"), "zeebe:loopCharacteristics", inputCollection=found[2], inputElement=found[1],
        outputCollection=found[3] or "", outputElement=found[4] or "")  # fmt: skip
    if until:
        formal(loop, "completionCondition", until.strip())

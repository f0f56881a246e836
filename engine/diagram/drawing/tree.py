"""The XML that is written: namespaces, and elements with the facts that are there."""

from __future__ import annotations

from lxml import etree

NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "modeler": "http://camunda.org/schema/modeler/1.0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def add(parent: etree._Element, tag: str, text: str = "", **facts: str) -> etree._Element:
    """Append an element; `bpmn:` is understood, empty facts are left out."""
    prefix, _, name = tag.rpartition(":")
    child = etree.SubElement(parent, f"{{{NS[prefix or 'bpmn']}}}{name}", {k: v for k, v in facts.items() if v})
    child.text = text or None
    return child


def formal(parent: etree._Element, tag: str, text: str) -> None:
    """Append an element that holds an expression."""
    add(parent, tag, text).set(f"{{{NS['xsi']}}}type", "bpmn:tFormalExpression")


def pair(text: str, sign: str = "=") -> tuple[str, str]:
    """The two sides of a sign, without blanks around."""
    left, _, right = text.partition(sign)
    return left.strip(), right.strip()

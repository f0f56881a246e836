"""What a DMN file may hold that is not executed here: each is refused, with the element and what to do instead.

What only draws, describes or says who answers for it changes nothing and may stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

Element = etree._Element
Say = Callable[[str, str, str, str, str, str], None]

_FEEL = ("", "feel", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/",
         "http://www.omg.org/spec/DMN/20180521/FEEL/", "https://www.omg.org/spec/DMN/20211108/FEEL/",
         "https://www.omg.org/spec/DMN/20230324/FEEL/")  # fmt: skip
#: Elements that are read, and those that say nothing about what is decided.
_READ = frozenset({
    "definitions", "decision", "inputData", "businessKnowledgeModel", "variable", "informationRequirement", "knowledgeRequirement",
    "requiredInput", "requiredDecision", "requiredKnowledge", "decisionTable", "input", "inputExpression", "inputValues", "output",
    "outputValues", "defaultOutputEntry", "rule", "inputEntry", "outputEntry", "text", "literalExpression", "context", "contextEntry",
    "invocation", "binding", "parameter", "functionDefinition", "formalParameter", "relation", "column", "row", "list", "conditional",
    "if", "then", "else", "filter", "in", "match", "for", "return", "some", "every", "satisfies", "encapsulatedLogic", "itemDefinition",
    "itemComponent", "typeRef", "allowedValues", "typeConstraint", "functionItem", "parameters",
})  # fmt: skip
_SILENT = frozenset({
    "description", "question", "allowedAnswers", "extensionElements", "annotation", "annotationEntry", "textAnnotation", "association",
    "sourceRef", "targetRef", "group", "knowledgeSource", "authorityRequirement", "requiredAuthority", "businessContextElement",
    "organizationUnit", "performanceIndicator", "elementCollection", "drgElement", "decisionMade", "decisionOwned", "impactingDecision",
    "impactedPerformanceIndicator", "supportedObjective", "usingProcess", "usingTask", "decisionMaker", "decisionOwner", "owner", "type",
    "locationURI", "documentation", "decisionService", "outputDecision", "encapsulatedDecision", "inputDecision", "importedValues",
})  # fmt: skip


def note_strangers(root: Element, say: Say) -> None:
    """Say what is not executed: element, code, Chinese, English, and the remedy in both."""
    namespace = str(root.tag).rpartition("}")[0] + "}"
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        tag, where = node.tag.rpartition("}")[2], _owner(node)
        if not node.tag.startswith(namespace):
            continue
        if tag == "import":
            name = node.get("name") or node.get("namespace") or "-"
            say(where, "dmn-import", f"导入“{name}”不会执行。", f"The import “{name}” is not executed.",
                "请把所需的决策复制到本文件。", "Copy the decisions that are needed into this file.")  # fmt: skip
        elif tag not in _READ | _SILENT:
            say(where, "dmn-element", f"元素“{tag}”不会执行。", f"The element “{tag}” is not executed.",
                "请删除它，或改用决策表和 FEEL 表达式。", "Remove it, or use a decision table and FEEL instead.")  # fmt: skip
        _languages(node, where, say)
    _services(root, namespace, say)
    _twice(root, namespace, say)


def _languages(node: Element, where: str, say: Say) -> None:
    language = node.get("expressionLanguage") or ""
    if language.lower() not in _FEEL and language not in _FEEL:
        say(where, "dmn-language", f"表达式语言“{language}”不会执行。", f"Expressions in “{language}” are not executed.",
            "请用 FEEL 书写。", "Write them in FEEL.")  # fmt: skip
    kind = node.get("kind", "FEEL")
    if node.tag.rpartition("}")[2] == "encapsulatedLogic" and kind != "FEEL":
        say(where, "dmn-language", f"用 {kind} 写的函数不会执行。", f"A function in {kind} is not executed.",
            "请用 FEEL 书写。", "Write it in FEEL.")  # fmt: skip
    for name in node.attrib:
        if str(name).rpartition("}")[2] == "inputVariable" and node.get(name) not in ("", None):
            say(where, "dmn-input-variable", f"单元格中的输入变量“{node.get(name)}”没有作用。",
                f"The input variable “{node.get(name)}” of a column has no effect in its cells.",
                "请在单元格中写“?”，并清空输入变量。", "Write “?” in the cells and clear the input variable.")  # fmt: skip


def _services(root: Element, namespace: str, say: Say) -> None:
    """A service that only frames decisions is a drawing; one that is called is a function we do not have."""
    services = {s.get("id"): s for s in root.findall(namespace + "decisionService")}
    for called in root.iter(namespace + "requiredKnowledge"):
        service = services.get((called.get("href") or "").rpartition("#")[2])
        if service is not None:
            name = service.get("name") or service.get("id") or "-"
            say(_owner(called), "dmn-service", f"决策服务“{name}”不能作为函数调用。",
                f"The decision service “{name}” cannot be called as a function.",
                "请直接连线引用其中的决策。", "Require the decisions inside it directly.")  # fmt: skip


def _twice(root: Element, namespace: str, say: Say) -> None:
    """Two of one id or one name: which is meant would be decided by chance."""
    drawn = [n for tag in ("decision", "inputData", "businessKnowledgeModel") for n in root.findall(namespace + tag)]
    for key in ("id", "name"):
        for value, count in Counter(n.get(key) for n in drawn if n.get(key)).items():
            if count > 1:
                say(str(value), "dmn-twice", f"“{value}”画了 {count} 次。", f"“{value}” is drawn {count} times.",
                    "请给每个元素不同的编号和名称。", "Give each an id and a name of its own.")  # fmt: skip


def _owner(node: Element) -> str:
    """The nearest element that an owner can find by its id or name."""
    for found in _upwards(node):
        if found.get("id") or found.get("name"):
            return str(found.get("id") or found.get("name"))
    return ""


def _upwards(node: Element) -> Iterator[Element]:
    found: Element | None = node
    while found is not None:
        yield found
        found = found.getparent()



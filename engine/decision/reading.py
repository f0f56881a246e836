"""DMN files become models; what cannot be read exactly is refused by row and column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from lxml import etree

from engine import feel
from engine.decision.boxes import NotReadable, box_of, tree
from engine.decision.model import Decision, Facts, Function, Input, Output, Rule, Table
from engine.decision.strangers import note_strangers
from engine.decision.types import NoSuchType, Types, simple
from engine.feel import Compiled, FeelSyntaxError
from engine.findings import Finding, Refused, errors

_LARGEST = 2_000_000
#: Decisions and knowledge of one file, rows of one table: more than anybody can read.
_MOST_DECISIONS, _MOST_ROWS = 200, 1_000
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_NAMESPACE = re.compile(r"https?://www\.omg\.org/spec/DMN/20\d{6}/(MODEL/|DMN\.xsd)?$")
_POLICIES = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"})

_BOXED = (
    "context",
    "invocation",
    "functionDefinition",
    "relation",
    "list",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
)

Node = etree._Element


def read_facts(data: bytes, file: str) -> Facts:
    """What a DMN 1.3 file says.

    Raises:
        Refused: with a finding for every cell that does not parse.
    """
    root = _parse(data, file)
    reader = _Reader(root, file)
    reader.sizes()
    note_strangers(root, reader.fault)
    reader.name_types()
    if reader.findings:
        raise Refused(reader.findings)
    decisions = {d.id: d for d in (reader.decision(node) for node in reader.all("decision"))}
    functions = {f.name: f for f in (reader.function(node) for node in reader.all("businessKnowledgeModel")) if f}
    if not decisions:
        reader.fault(
            "", "no-decision", "文件中没有决策。", "There is no decision in the file.", "请添加一个。", "Add one."
        )
    reader.circles(decisions)
    if errors(reader.findings):
        raise Refused(reader.findings)
    types = {name: of for node in reader.all("inputData") if (of := reader.type_of(node)) for name in [reader.variable(node)]}
    return Facts(
        file=file, version=hashlib.sha256(data).hexdigest()[:12], decisions=decisions, functions=functions, types=types
    )


def _parse(data: bytes, file: str) -> Node:
    if len(data) > _LARGEST or _DOCTYPE.search(data):
        raise Refused([_finding(file, "", "unsafe-xml", "文件过大，或含有 DOCTYPE。", "The file is too large or has a DOCTYPE.",
                                "请重新导出。", "Export it again.")])  # fmt: skip
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused([_finding(file, "", "not-xml", "不是合格的 XML。", "It is no proper XML.", "请重新导出。",
                                "Export it again.")]) from error  # fmt: skip
    if not _NAMESPACE.match(str(root.tag).rpartition("}")[0].lstrip("{")):
        raise Refused([_finding(file, "", "not-dmn", "不是 DMN 1.2 及以上的文件。", "It is no file of DMN 1.2 or later.",
                                "请从建模工具导出。", "Export it from the modeler.")])  # fmt: skip
    return root


class _Reader:
    def __init__(self, root: Node, file: str) -> None:
        self._root, self._file = root, file
        self._ns = str(root.tag).rpartition("}")[0] + "}"
        self.findings: list[Finding] = []
        self._names = {n.get("id"): n.get("name") or "" for n in root.iter() if n.get("id") and isinstance(n.tag, str)}
        spaced = {
            n.get("name")
            for tag in ("inputData", "decision", "businessKnowledgeModel", "variable")
            for n in root.iter(self._ns + tag)
        }
        self._spaced = [name for name in spaced if name]
        self._types = Types(root, lambda text: feel.compile(text, names=self._spaced, mode="unary").ast)
        self._named: Mapping[str, feel.Node] = {}

    def all(self, tag: str) -> Iterable[Node]:
        return self._root.findall(self._ns + tag)

    def fault(self, element: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        self.findings.append(_finding(self._file, element, code, zh, en, remedy_zh, remedy_en))

    def name_types(self) -> None:
        """Know the item definitions, so that cells may name them."""
        try:
            self._named = self._types.named
        except NoSuchType as error:
            self._no_type("", str(error))
        except FeelSyntaxError as error:
            self.fault("", "cell-syntax", error.text("zh"), error.text("en"), "请改正类型的允许值。", "Correct the allowed values of the type.")

    def _no_type(self, where: str, name: str) -> None:
        self.fault(where, "type-unknown", f"没有名为“{name}”的类型，或它绕一圈用到自己。", f"There is no type “{name}”, or it is made of itself.",
                   "请改用已有的类型，或在本文件中定义。", "Use a type that exists, or define it in this file.")  # fmt: skip

    def _type(self, name: str | None, where: str) -> feel.Node | None:
        try:
            return self._types.of(name)
        except NoSuchType as error:
            self._no_type(where, str(error))
        except FeelSyntaxError:
            pass  # told with the item definition
        return None

    def variable(self, node: Node) -> str:
        """The name under which others read it."""
        variable = node.find(self._ns + "variable")
        return (variable.get("name") if variable is not None else None) or node.get("name") or node.get("id") or ""

    def type_of(self, node: Node) -> feel.Node | None:
        """The declared type of an element's variable."""
        variable = node.find(self._ns + "variable")
        return self._type(variable.get("typeRef"), node.get("id") or "") if variable is not None else None

    def sizes(self) -> None:
        """Refuse what is larger than can be looked at."""
        if len([*self.all("decision"), *self.all("businessKnowledgeModel")]) > _MOST_DECISIONS:
            self.fault("", "too-many-decisions", f"文件中的决策超过 {_MOST_DECISIONS} 个。",
                       f"The file holds more than {_MOST_DECISIONS} decisions.", "请拆成几个文件。", "Split it.")  # fmt: skip
        for node in self._root.iter(self._ns + "decisionTable"):
            if len(node.findall(self._ns + "rule")) > _MOST_ROWS:
                self.fault(node.get("id") or "", "too-many-rows", f"表中的行超过 {_MOST_ROWS} 行。",
                           f"The table has more than {_MOST_ROWS} rows.", "请拆成几张表。", "Split it.")  # fmt: skip

    def decision(self, node: Node) -> Decision:
        id_ = node.get("id") or ""
        table = node.find(self._ns + "decisionTable")
        box = box_of(node) if table is None else None
        if table is None and box is None:
            self.fault(id_, "decision-empty", "决策没有表，也没有表达式。", "The decision has neither a table nor an expression.",
                       "请填写其一。", "Give it one.")  # fmt: skip
        self._missing(node, id_)
        return Decision(
            id=id_, name=node.get("name") or id_, variable=self.variable(node),
            of=self.type_of(node) or (self._type(box.get("typeRef"), id_) if box is not None else None),
            table=self._table(table, id_) if table is not None else None,
            expression=self._boxed(box, id_) if box is not None else None,
            requires=tuple(self._required(node, "requiredDecision")),
            inputs=tuple(self._names.get(i, i) for i in self._required(node, "requiredInput")),
            knows=tuple(self._names.get(i, i) for i in self._required(node, "requiredKnowledge")),
        )  # fmt: skip

    def _missing(self, node: Node, where: str) -> None:
        """Requirements that lead nowhere; those of decisions are told by `circles`."""
        for tag, wanted in (("requiredInput", "inputData"), ("requiredKnowledge", "businessKnowledgeModel")):
            drawn = {n.get("id") for n in self.all(wanted)} | {n.get("id") for n in self.all("decisionService")}
            for missing in (r for r in self._required(node, tag) if r not in drawn):
                self.fault(where, "required-unknown", f"所需的“{missing}”不在本文件中。", f"It requires '{missing}', which is not in this file.",
                           "请删除这条连线，或补上它。", "Remove the requirement or add it.")  # fmt: skip

    def circles(self, decisions: Mapping[str, Decision]) -> None:
        """Refuse decisions that require what is not there, or themselves by a detour."""
        for decision in decisions.values():
            for missing in (r for r in decision.requires if r not in decisions):
                self.fault(decision.id, "required-unknown", f"所需的决策“{missing}”不在本文件中。",
                           f"It requires '{missing}', which is no decision of this file.",
                           "请删除这条连线，或补上该决策。", "Remove the requirement or add the decision.")  # fmt: skip
            if decision.id in _reached(decision, decisions):
                self.fault(decision.id, "required-circle", "决策绕了一圈又需要它自己。", "The decision requires itself by a detour.",
                           "请断开这个环。", "Break the circle.")  # fmt: skip

    def function(self, node: Node) -> Function | None:
        logic = node.find(self._ns + "encapsulatedLogic")
        where = node.get("id") or ""
        self._missing(node, where)
        if logic is None:
            self.fault(where, "knowledge-empty", "业务知识没有逻辑。", "The business knowledge has no logic.",
                       "请填写，或删除它。", "Give it some, or remove it.")  # fmt: skip
            return None
        params = tuple(p.get("name") or "" for p in logic.findall(self._ns + "formalParameter"))
        body = self._boxed(box_of(logic), where, params)
        types = tuple(self._type(p.get("typeRef"), where) for p in logic.findall(self._ns + "formalParameter"))
        of = self._type(logic.get("typeRef"), where) or self.type_of(node)
        if of is not None and of.parts[0] == "function":
            of = None  # it is the function that has the type, not what it gives
        return Function(name=node.get("name") or "", params=params, body=body, types=types, of=of) if body else None

    def _required(self, node: Node, tag: str) -> Iterable[str]:
        for requirement in node.iter(self._ns + tag):
            yield (requirement.get("href") or "").rpartition("#")[2]

    def _table(self, node: Node, decision: str) -> Table:
        policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")
        if policy not in _POLICIES:
            self.fault(
                decision,
                "hit-policy",
                f"没有命中策略 {policy}。",
                f"There is no hit policy {policy}.",
                "请重新选择。",
                "Choose one.",
            )
        inputs = tuple(self._input(n, decision) for n in node.findall(self._ns + "input"))
        outputs = tuple(self._output(n, place, decision) for place, n in enumerate(node.findall(self._ns + "output")))
        rules = tuple(self._rule(n, place, decision) for place, n in enumerate(node.findall(self._ns + "rule"), 1))
        for number, row in enumerate(node.findall(self._ns + "rule"), 1):
            asked, given = (len(row.findall(self._ns + tag)) for tag in ("inputEntry", "outputEntry"))
            if (asked, given) != (len(inputs), len(outputs)):
                self.fault(f"{decision}.{number}", "row-width", f"第 {number} 行的列数不符。",
                           f"Row {number} has the wrong number of cells.", "请补齐。", "Complete it.")  # fmt: skip
        return Table(policy=policy, aggregation=aggregation, inputs=inputs, outputs=outputs, rules=rules)

    def _input(self, node: Node, decision: str) -> Input:
        expression = node.find(self._ns + "inputExpression")
        allowed = node.find(self._ns + "inputValues")
        text = self._text(expression) if expression is not None else ""
        compiled = self._cell(text, decision, "expression") or feel.compile("null")
        tests = (
            self._cell(self._text(allowed), decision, "unary") if allowed is not None and self._text(allowed) else None
        )
        of = self._type(expression.get("typeRef"), decision) if expression is not None else None
        return Input(
            id=node.get("id") or "", label=node.get("label") or text, expression=compiled, type=simple(of), allowed=tests, of=of
        )

    def _output(self, node: Node, place: int, decision: str) -> Output:
        values, default = node.find(self._ns + "outputValues"), node.find(self._ns + "defaultOutputEntry")
        listed = (
            self._cell(self._text(values), decision, "unary") if values is not None and self._text(values) else None
        )
        return Output(
            id=node.get("id") or "", name=node.get("name") or (f"output{place + 1}" if place else ""), label=node.get("label") or "",
            priorities=tuple(_alone(test) for test in listed.ast.parts) if listed else (),
            default=self._cell(self._text(default), decision, "expression") if default is not None else None,
            of=self._type(node.get("typeRef"), decision),
        )  # fmt: skip

    def _rule(self, node: Node, number: int, decision: str) -> Rule:
        where = f"{decision}.{number}"
        tests = [self._cell(self._text(n) or "-", where, "unary") for n in node.findall(self._ns + "inputEntry")]
        values = [
            self._cell(self._text(n) or "null", where, "expression") for n in node.findall(self._ns + "outputEntry")
        ]
        note = node.find(self._ns + "description")
        return Rule(
            id=node.get("id") or f"row-{number}", number=number, tests=tuple(t for t in tests if t),
            values=tuple(v for v in values if v), note=(note.text or "").strip() if note is not None else "",
        )  # fmt: skip

    def _text(self, node: Node) -> str:
        text = node.find(self._ns + "text")
        return (text.text or "").strip() if text is not None else ""

    def _boxed(self, box: Node | None, where: str, params: tuple[str, ...] = ()) -> Compiled | None:
        def read_text(said: str, known: tuple[str, ...]) -> feel.Node:
            return feel.compile(said, names=[*self._spaced, *known], types=self._named).ast

        if box is not None and box.tag == self._ns + "literalExpression":
            return self._cell(self._text(box), where, "expression", params)
        try:
            return Compiled("", tree(box, read_text, params, lambda name: self._type(name, where)), unary=False)
        except FeelSyntaxError as error:
            self.fault(where, "cell-syntax", error.text("zh"), error.text("en"), "请改正表达式。", "Correct the expression.")
        except NotReadable as error:
            self.fault(where, "boxed-expression", f"逻辑中的“{error}”在此处不执行。", f"'{error}' inside its logic is not executed here.",
                       "请把表单独做成一个决策，再连线引用。", "Make a table a decision of its own and require it.")  # fmt: skip
        return None

    def _cell(
        self, text: str, where: str, mode: Literal["expression", "unary"], params: Iterable[str] = ()
    ) -> Compiled | None:
        try:
            return feel.compile(text or "null", names=[*self._spaced, *params], mode=mode, types=self._named)
        except FeelSyntaxError as error:
            self.fault(where, "cell-syntax", f"“{text}”：{error.text('zh')}", f"'{text}': {error.text('en')}",
                       "请改正单元格。", "Correct the cell.")  # fmt: skip
            return None


def _alone(test: feel.Node) -> Compiled:
    """One of a list of tests as a list of its own."""
    return Compiled("", feel.Node("one of", (test,), test.at), unary=True)


def _reached(start: Decision, decisions: Mapping[str, Decision]) -> set[str]:
    found: set[str] = set()
    ahead = list(start.requires)
    while ahead:
        name = ahead.pop()
        if name in decisions and name not in found:
            found.add(name)
            ahead += decisions[name].requires
    return found


def _finding(file: str, element: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(
        code=code, severity="error", file=file, element=element, zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en
    )

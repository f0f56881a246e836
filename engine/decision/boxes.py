"""Boxed expressions as the FEEL they stand for: a context is `{…}`, a relation a list of contexts, an invocation a call.

So they are evaluated, paid for and analysed like anything else that is written. Tables inside boxes are not read:
they would leave no record of their rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from lxml import etree

from engine.feel import Node, compile

Element = etree._Element
#: Reads the text of a literal expression, knowing these names besides.
Read = Callable[[str, tuple[str, ...]], Node]
#: The type of a `typeRef`; None where any value will do.
TypeOf = Callable[[str | None], Node | None]

BOXES = (
    "literalExpression", "context", "invocation", "functionDefinition", "relation", "list", "conditional", "filter",
    "for", "some", "every",
)  # fmt: skip


class NotReadable(ValueError):
    """A box that has no counterpart in FEEL; names what it is."""


def box_of(parent: Element | None) -> Element | None:
    """The box in an element, a table or something unknown included."""
    if parent is None:
        return None
    return next((child for child in parent if _tag(child) in (*BOXES, "decisionTable")), None)


def tree(box: Element | None, read: Read, known: tuple[str, ...] = (), type_of: TypeOf = lambda name: None) -> Node:
    """The tree of a box; what it or an entry is declared to give is asked of the value.

    Raises:
        NotReadable: a table inside a box, a function of another language, an empty box.
        FeelSyntaxError: by `read`.
    """
    if box is None:
        raise NotReadable("-")
    make = _MAKERS.get(_tag(box))
    if make is None:
        raise NotReadable(_tag(box))
    return _as(make(box, _Reading(read, type_of), known), type_of(box.get("typeRef")))


def _as(node: Node, of: Node | None) -> Node:
    return node if of is None else Node("as", (node, of), node.at)


@dataclass(frozen=True)
class _Reading:
    """How texts and types are read, on the way down through the boxes."""

    text: Read
    type_of: TypeOf

    def tree(self, box: Element | None, known: tuple[str, ...]) -> Node:
        return tree(box, self.text, known, self.type_of)

    def typed(self, node: Node, named: Element | None) -> Node:
        """What stands for an entry, as the type of its name wants it."""
        return _as(node, self.type_of(named.get("typeRef")) if named is not None else None)


def _tag(node: Element) -> str:
    return str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""


def _kids(node: Element, tag: str) -> list[Element]:
    return [child for child in node if _tag(child) == tag]


def _kid(node: Element, tag: str) -> Element | None:
    return next(iter(_kids(node, tag)), None)


def _name(node: Element | None) -> str:
    return " ".join((node.get("name") or "").split()) if node is not None else ""


def _boxes(node: Element) -> list[Element]:
    return [child for child in node if _tag(child) in (*BOXES, "decisionTable")]


def _literal(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    text = _kid(box, "text")
    said = (text.text or "").strip() if text is not None else ""
    return read.text(said, known) if said else compile("null").ast


def _context(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    entries: list[tuple[str, Node]] = []
    for entry in _kids(box, "contextEntry"):
        variable = _kid(entry, "variable")
        inner = read.tree(box_of(entry), known)
        if variable is None:
            # The entry without a name is the result of the whole, and sees those before it.
            return Node("path", (Node("context", (*entries, (_RESULT, inner)), 0), _RESULT), 0)
        known = (*known, _name(variable))
        entries.append((_name(variable), read.typed(inner, variable)))
    return Node("context", tuple(entries), 0)


#: No owner can write this name.
_RESULT = "\x00result"


def _list(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    return Node("list", tuple(read.tree(inner, known) for inner in _boxes(box)), 0)


def _relation(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    columns = _kids(box, "column")
    names = [_name(column) for column in columns]
    rows = [
        [read.typed(read.tree(cell, known), column) for column, cell in zip(columns, _boxes(row), strict=False)]
        for row in _kids(box, "row")
    ]
    return Node("list", tuple(Node("context", tuple(zip(names, row, strict=False)), 0) for row in rows), 0)


def _invocation(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    called = read.tree(box_of(box), known)
    named = [(_name(_kid(b, "parameter")), read.tree(box_of(b), known)) for b in _kids(box, "binding")]
    return Node("call", (called, (), tuple(named)), 0)


def _function(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    if box.get("kind", "FEEL") != "FEEL":
        raise NotReadable(cast(str, box.get("kind")))
    params = tuple(_name(p) for p in _kids(box, "formalParameter"))
    types = [read.type_of(p.get("typeRef")) for p in _kids(box, "formalParameter")]
    return Node("function", (tuple(zip(params, types, strict=True)), read.tree(box_of(box), (*known, *params))), 0)


def _conditional(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    return Node("if", tuple(read.tree(_part(box, tag), known) for tag in ("if", "then", "else")), 0)


def _filter(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    return Node("filter", tuple(read.tree(_part(box, tag), known) for tag in ("in", "match")), 0)


def _loop(box: Element, read: _Reading, known: tuple[str, ...]) -> Node:
    op = _tag(box)
    name = " ".join((box.get("iteratorVariable") or "").split())
    domain = read.tree(_part(box, "in"), known)
    body = read.tree(_part(box, "return" if op == "for" else "satisfies"), (*known, name, "partial"))
    return Node(op, (((name, domain, None),), body), 0)


def _part(box: Element, tag: str) -> Element | None:
    return box_of(_kid(box, tag))


_MAKERS: dict[str, Callable[[Element, _Reading, tuple[str, ...]], Node]] = {
    "literalExpression": _literal, "context": _context, "list": _list, "relation": _relation,
    "invocation": _invocation, "functionDefinition": _function, "conditional": _conditional, "filter": _filter,
    "for": _loop, "some": _loop, "every": _loop,
}  # fmt: skip

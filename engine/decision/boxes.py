"""Boxed expressions as the FEEL they stand for: a context is `{…}`, a relation a list of contexts, an invocation a call.

So they are evaluated, paid for and analysed like anything else that is written. Tables inside boxes are not read:
they would leave no record of their rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lxml import etree

from engine.feel import Node, compile

Element = etree._Element
#: Reads the text of a literal expression, knowing these names besides.
Read = Callable[[str, tuple[str, ...]], Node]

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


def tree(box: Element | None, read: Read, known: tuple[str, ...] = ()) -> Node:
    """The tree of a box.

    Raises:
        NotReadable: a table inside a box, a function of another language, an empty box.
        FeelSyntaxError: by `read`.
    """
    if box is None:
        raise NotReadable("-")
    make = _MAKERS.get(_tag(box))
    if make is None:
        raise NotReadable(_tag(box))
    return make(box, read, known)


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


def _literal(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    text = _kid(box, "text")
    said = (text.text or "").strip() if text is not None else ""
    return read(said, known) if said else compile("null").ast


def _context(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    entries: list[tuple[str, Node]] = []
    for entry in _kids(box, "contextEntry"):
        variable = _kid(entry, "variable")
        inner = tree(box_of(entry), read, known)
        if variable is None:
            # The entry without a name is the result of the whole, and sees those before it.
            return Node("path", (Node("context", (*entries, (_RESULT, inner)), 0), _RESULT), 0)
        known = (*known, _name(variable))
        entries.append((_name(variable), inner))
    return Node("context", tuple(entries), 0)


#: No owner can write this name.
_RESULT = "\x00result"


def _list(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    return Node("list", tuple(tree(inner, read, known) for inner in _boxes(box)), 0)


def _relation(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    columns = [_name(column) for column in _kids(box, "column")]
    rows = [[tree(cell, read, known) for cell in _boxes(row)] for row in _kids(box, "row")]
    return Node("list", tuple(Node("context", tuple(zip(columns, row, strict=False)), 0) for row in rows), 0)


def _invocation(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    called = tree(box_of(box), read, known)
    named = [(_name(_kid(b, "parameter")), tree(box_of(b), read, known)) for b in _kids(box, "binding")]
    return Node("call", (called, (), tuple(named)), 0)


def _function(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    if box.get("kind", "FEEL") != "FEEL":
        raise NotReadable(cast(str, box.get("kind")))
    params = tuple(_name(p) for p in _kids(box, "formalParameter"))
    return Node("function", (tuple((p, None) for p in params), tree(box_of(box), read, (*known, *params))), 0)


def _conditional(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    return Node("if", tuple(tree(_part(box, tag), read, known) for tag in ("if", "then", "else")), 0)


def _filter(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    return Node("filter", tuple(tree(_part(box, tag), read, known) for tag in ("in", "match")), 0)


def _loop(box: Element, read: Read, known: tuple[str, ...]) -> Node:
    op = _tag(box)
    name = " ".join((box.get("iteratorVariable") or "").split())
    domain = tree(_part(box, "in"), read, known)
    body = tree(_part(box, "return" if op == "for" else "satisfies"), read, (*known, name, "partial"))
    return Node(op, (((name, domain, None),), body), 0)


def _part(box: Element, tag: str) -> Element | None:
    return box_of(_kid(box, tag))


_MAKERS: dict[str, Callable[[Element, Read, tuple[str, ...]], Node]] = {
    "literalExpression": _literal, "context": _context, "list": _list, "relation": _relation,
    "invocation": _invocation, "functionDefinition": _function, "conditional": _conditional, "filter": _filter,
    "for": _loop, "some": _loop, "every": _loop,
}  # fmt: skip

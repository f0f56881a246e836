"""Types a DMN file declares: those of FEEL, what modelers call them, and its item definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from engine import feel
from engine.feel import Node

Element = etree._Element
#: What files call the types of FEEL.
_NAMES = {
    "number": "number", "integer": "number", "long": "number", "double": "number", "decimal": "number", "int": "number",
    "float": "number", "string": "string", "boolean": "boolean", "date": "date", "time": "time", "dateTime": "date and time",
    "date and time": "date and time", "dateAndTime": "date and time", "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration", "daysAndTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration", "years and months duration": "years and months duration",
    "yearsAndMonthsDuration": "years and months duration", "context": "context", "list": "list", "function": "function",
}  # fmt: skip
_DEEPEST = 20


class NoSuchType(ValueError):
    """A name that no type has, or a type made of itself; names it."""


class Types:
    """The types of one file; a name is looked up once and may be used everywhere."""

    def __init__(self, root: Element, tests: Callable[[str], Node]) -> None:
        self._items = {item.get("name") or "": item for item in root if _tag(item) == "itemDefinition"}
        self._tests = tests
        self._made: dict[str, Node] = {}

    @property
    def named(self) -> Mapping[str, Node]:
        """The item definitions, as `instance of` may name them.

        Raises:
            NoSuchType.
        """
        return {name: self._item_called(name, 0) for name in self._items if name}

    def of(self, name: str | None) -> Node | None:
        """The type of a `typeRef`; None where any value will do.

        Raises:
            NoSuchType.
        """
        found = self._of(name or "", 0)
        return None if found.parts[:2] == ("Any", None) else found

    def _of(self, name: str, deep: int) -> Node:
        if deep > _DEEPEST:
            raise NoSuchType(name)
        name = " ".join(name.split())
        if name in self._items:
            return self._item_called(name, deep)
        # Prefixes of namespaces: `feel:string`, `ns1:tLoan`.
        bare = name.rpartition(":")[2]
        if bare in self._items:
            return self._item_called(bare, deep)
        if bare in ("", "Any"):
            return Node("type", ("Any", None), 0)
        if bare in _NAMES:
            return Node("type", (_NAMES[bare], None), 0)
        try:
            # `list<number>` and the like.
            found: Node = feel.compile(f"null instance of {name}").ast.parts[1]
            return found
        except feel.FeelSyntaxError as error:
            raise NoSuchType(name) from error

    def _item_called(self, name: str, deep: int) -> Node:
        if name not in self._made:
            self._made[name] = self._item(self._items[name], deep + 1)
        return self._made[name]

    def _item(self, item: Element, deep: int) -> Node:
        if deep > _DEEPEST:
            raise NoSuchType(item.get("name") or "")
        one = self._one(item, deep)
        if item.get("isCollection") == "true":
            return _limited(Node("type", ("list", one), 0), self._limit(item, "typeConstraint"))
        return _limited(one, self._limit(item, "typeConstraint"))

    def _one(self, item: Element, deep: int) -> Node:
        """The type without regard to whether there may be many."""
        parts = [kid for kid in item if _tag(kid) == "itemComponent"]
        function = next((kid for kid in item if _tag(kid) == "functionItem"), None)
        base = next((kid for kid in item if _tag(kid) == "typeRef"), None)
        if function is not None:
            made = Node("type", ("function", sum(_tag(kid) == "parameters" for kid in function)), 0)
        elif parts:
            entries = tuple((" ".join((p.get("name") or "").split()), self._item(p, deep + 1)) for p in parts)
            made = Node("type", ("context", entries), 0)
        else:
            made = self._of((base.text or "") if base is not None else "", deep + 1)
        return _limited(made, self._limit(item, "allowedValues"))

    def _limit(self, item: Element, tag: str) -> Node | None:
        limit = next((kid for kid in item if _tag(kid) == tag), None)
        text = next((kid.text for kid in limit if _tag(kid) == "text"), None) if limit is not None else None
        return self._tests(text.strip()) if text and text.strip() else None


def _limited(of: Node, tests: Node | None) -> Node:
    return of if tests is None else Node("type", (*of.parts, tests), 0)


def simple(of: Node | None) -> str:
    """The kind of FEEL a type has, where it is a simple one; else ""."""
    return str(of.parts[0]) if of is not None and of.parts[0] not in ("Any", "list", "context", "function", "range") else ""


def _tag(node: Element) -> str:
    return str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""

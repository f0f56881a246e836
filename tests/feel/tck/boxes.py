"""Boxed expressions of DMN, for the TCK only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from engine.feel import Budget, BudgetSpent, FeelSyntaxError, Function, Node, compile, equal
from engine.feel.builtins import call_function
from engine.feel.data import number
from tests.feel.asking import context
from tests.feel.tck.answers import kid, kids, tag, text

BOXED = (
    "literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "relation", "list",
    "conditional", "filter", "for", "some", "every",
)  # fmt: skip
_SIMPLE = {"SUM": "sum", "MIN": "min", "MAX": "max"}
Scope = Mapping[str, Any]


class Boxes:
    """Evaluates boxed expressions; types and functions are the graph's."""

    #: Item definitions, which `instance of` may name.
    named: Mapping[str, Node] = {}

    def __init__(self) -> None:
        #: Names with blanks inside what is imported.
        self.spelt: set[str] = set()

    def function(self, node: Element, scope: Scope, of: str = "", name: str = "") -> Function | None:
        """A function as a value."""
        raise NotImplementedError

    def fitted(self, value: Any, of: str) -> Any:
        """A value as a type wants it."""
        raise NotImplementedError

    def feel(self, said: str, scope: Scope) -> Any:
        """An expression of FEEL."""
        return compile(said, names={*scope, *self.spelt}, types=self.named).run(scope, context=context(zone="UTC")).value if said else None

    def passes(self, said: str, value: Any, scope: Scope) -> bool:
        """Unary tests of FEEL."""
        return compile(said, names={*scope, *self.spelt}, mode="unary", types=self.named).test(value, scope, context=context(zone="UTC"))

    def value(self, node: Element | None, scope: Scope) -> Any:
        """What a box gives."""
        if node is None:
            return None
        return getattr(self, f"_{tag(node)}")(node, scope)

    def _safe(self, node: Element | None, scope: Scope) -> Any:
        try:
            return self.value(node, scope)
        except (BudgetSpent, FeelSyntaxError):
            return None

    def _inner(self, node: Element, name: str, scope: Scope) -> Any:
        return self.value(kid(kid(node, name), *BOXED), scope)

    def _literalExpression(self, node: Element, scope: Scope) -> Any:
        return self.fitted(self.feel(text(kid(node, "text")), scope), node.get("typeRef") or "")

    def _context(self, node: Element, scope: Scope) -> Any:
        names, made = dict(scope), {}
        for entry in kids(node, "contextEntry"):
            variable = kid(entry, "variable")
            value = self._safe(kid(entry, *BOXED), names)
            if variable is None:
                return value
            name = variable.get("name") or ""
            names[name] = made[name] = self.fitted(value, variable.get("typeRef") or "")
        return made

    def _functionDefinition(self, node: Element, scope: Scope) -> Any:
        return self.function(node, scope)

    def _relation(self, node: Element, scope: Scope) -> Any:
        columns = [column.get("name") or "" for column in kids(node, "column")]
        rows = [[self._safe(cell, scope) for cell in kids(row, *BOXED)] for row in kids(node, "row")]
        return [dict(zip(columns, row, strict=False)) for row in rows]

    def _list(self, node: Element, scope: Scope) -> Any:
        return [self._safe(item, scope) for item in kids(node, *BOXED)]

    def _invocation(self, node: Element, scope: Scope) -> Any:
        called = kid(node, *BOXED)
        function = scope.get(text(called)) or self.value(called, scope)
        if not isinstance(function, Function):
            return None
        given = {}
        for binding in kids(node, "binding"):
            parameter = kid(binding, "parameter")
            assert parameter is not None
            given[parameter.get("name") or ""] = self._safe(kid(binding, *BOXED), scope)
        if not function.params or function.many:
            return call_function(function, list(given.values()), None, Budget())
        if not set(given) <= set(function.params):
            return None
        return call_function(function, [given.get(name) for name in function.params], None, Budget())

    def _conditional(self, node: Element, scope: Scope) -> Any:
        return self._inner(node, "then" if self._inner(node, "if", scope) is True else "else", scope)

    def _filter(self, node: Element, scope: Scope) -> Any:
        items = self._inner(node, "in", scope)
        if items is None:
            return None
        kept = []
        for item in items if isinstance(items, list) else [items]:
            own = item if isinstance(item, dict) else {}
            met = self._inner(node, "match", {**scope, **own, "item": item})
            if met is True:
                kept.append(item)
            elif met is not None and not isinstance(met, bool):
                return self.feel("items[n]", {"items": items, "n": number(met)})
        return kept

    def _for(self, node: Element, scope: Scope) -> Any:
        return self._turns(node, scope, "return")

    def _some(self, node: Element, scope: Scope) -> Any:
        met = self._turns(node, scope, "satisfies")
        return None if met is None or any(type(m) not in (bool, type(None)) for m in met) else True in met

    def _every(self, node: Element, scope: Scope) -> Any:
        met = self._turns(node, scope, "satisfies")
        return (
            None if met is None or any(type(m) not in (bool, type(None)) for m in met) else all(m is True for m in met)
        )

    def _turns(self, node: Element, scope: Scope, part: str) -> list[Any] | None:
        domain = self.feel("for i in s return i", {"s": self._inner(node, "in", scope)})
        if domain is None:
            return None
        made: list[Any] = []
        for item in domain:
            names = {**scope, node.get("iteratorVariable") or "": item, "partial": list(made)}
            made.append(self._inner(node, part, names))
        return made

    # --- tables -------------------------------------------------------------------------------------------

    def _decisionTable(self, node: Element, scope: Scope) -> Any:
        asked = []
        for column in kids(node, "input"):
            expression, limit = kid(column, "inputExpression"), text(kid(column, "inputValues"))
            assert expression is not None
            value = self.feel(text(expression), scope)
            if limit and value is not None and not self._within(limit, value, scope):
                return None
            asked.append(self.fitted(value, expression.get("typeRef") or ""))
        hits = [row for row in kids(node, "rule") if self._hits(row, asked, scope)]
        return self._by_policy(node, hits, scope)

    def _within(self, limit: str, value: Any, scope: Scope) -> bool:
        each = isinstance(value, list) and all(self.passes(limit, inner, scope) for inner in value)
        return each or self.passes(limit, value, scope)

    def _hits(self, row: Element, asked: list[Any], scope: Scope) -> bool:
        cells = [text(entry) for entry in kids(row, "inputEntry")]
        return all(c in ("-", "") or self.passes(c, v, scope) for c, v in zip(cells, asked, strict=True))

    def _by_policy(self, node: Element, hits: list[Element], scope: Scope) -> Any:
        policy, aggregation, outputs = node.get("hitPolicy", "UNIQUE"), node.get("aggregation"), kids(node, "output")
        if not hits:
            default = [text(kid(output, "defaultOutputEntry")) for output in outputs]
            if any(default):
                return _shaped(outputs, [self.feel(said, scope) for said in default])
            return number(0) if aggregation == "COUNT" else None
        made = [self._outputs(outputs, row, scope) for row in hits]
        ranked = (
            sorted(made, key=lambda values: self._rank(outputs, values))
            if policy in ("PRIORITY", "OUTPUT ORDER")
            else made
        )
        results = [_shaped(outputs, values) for values in ranked]
        if policy == "UNIQUE":
            return results[0] if len(results) == 1 else None
        if policy == "ANY":
            return results[0] if all(equal(r, results[0]) for r in results) else None
        if policy in ("FIRST", "PRIORITY"):
            return results[0]
        if policy != "COLLECT" or not aggregation:
            return results
        return (
            number(len(results)) if aggregation == "COUNT" else self.feel(f"{_SIMPLE[aggregation]}(x)", {"x": results})
        )

    def _outputs(self, outputs: list[Element], row: Element, scope: Scope) -> list[Any]:
        values = [self.feel(text(entry), scope) for entry in kids(row, "outputEntry")]
        return [self.fitted(v, o.get("typeRef") or "") for o, v in zip(outputs, values, strict=True)]

    def _rank(self, outputs: list[Element], values: list[Any]) -> list[int]:
        ranks = []
        for output, value in zip(outputs, values, strict=True):
            listed = self.feel(f"[{text(kid(output, 'outputValues'))}]", {})
            ranks.append(next((place for place, one in enumerate(listed) if equal(one, value)), len(listed)))
        return ranks


def _shaped(outputs: list[Element], values: list[Any]) -> Any:
    return values[0] if len(outputs) == 1 else {o.get("name"): v for o, v in zip(outputs, values, strict=True)}

"""Cells and expressions of a decision that can only be null: as far as that can be told before they run."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decision.model import Decision, Facts
from engine.feel import Compiled
from engine.findings import Finding


def nulls_of(facts: Facts) -> Iterator[Finding]:
    """A finding for each decision, row or column in which something can only be null because of a mistake."""
    for decision in facts.decisions.values():
        types = {name: str(node.parts[0]) for name, node in facts.types.items() if node.op == "type"}
        for where, expression in _expressions(decision):
            for why in expression.nulls(types)[:3]:
                yield Finding(
                    code="only-null", severity="warning", file=facts.file, element=where,
                    zh=f"决策“{decision.name}”中有一处只会得到 null：{_quoted(expression)}　{why.text('zh')}",
                    en=f"A part of the decision “{decision.name}” can only be null: {_quoted(expression)} {why.text('en')}",
                    remedy_zh="请改正这一处；如要空值，请写 null。", remedy_en="Correct it; write null where null is meant.",
                    detail={"decision": decision.id, "line": why.line, "column": why.column},
                )  # fmt: skip


def _expressions(decision: Decision) -> Iterator[tuple[str, Compiled]]:
    if decision.expression is not None:
        yield decision.id, decision.expression
    if decision.table is not None:
        yield from ((column.id, column.expression) for column in decision.table.inputs)
        yield from ((rule.id, cell) for rule in decision.table.rules for cell in (*rule.tests, *rule.values))


def _quoted(expression: Compiled) -> str:
    return expression.text if len(expression.text) <= 300 else f"{expression.text[:290]} …"

"""The decision tables as their owner wrote them."""

from __future__ import annotations

from collections.abc import Iterator

from api.handbook.markdown import both, code, plain, table
from engine.decision import Decision
from engine.release import Release


def decisions(release: Release) -> Iterator[str]:
    """Every decision of the pack: its table, row by row, or its formula."""
    found = {name: model.decisions[name] for model in release.decisions.values() for name in model.decisions}
    if found:
        yield "## 决策表 Decisions"
        yield ""
    for name, decision in sorted(found.items()):
        yield f"### {both(release.written(decision.name))} {code(name)}"
        yield ""
        yield from _said(decision)


def _said(decision: Decision) -> Iterator[str]:
    if decision.expression is not None:
        yield f"{code(decision.variable)} = {code(decision.expression.text)}"
        yield ""
    if decision.table is None:
        return
    rows = decision.table
    yield f"命中方式 Hit policy: {rows.policy}{rows.aggregation}"
    yield ""
    heads = [
        *(plain(i.label or i.expression.text) for i in rows.inputs),
        *(f"→ {plain(o.label or o.name)}" for o in rows.outputs),
    ]
    yield from table(("#", *heads, "备注 Note"), [
        (str(r.number), *(code(t.text) for t in r.tests), *(code(v.text) for v in r.values), plain(r.note)) for r in rows.rules
    ])  # fmt: skip

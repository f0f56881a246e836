"""Decision files written in a line or two, as dmn-js would save them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.decision import DecisionModel, Evaluation, read
from engine.feel import Context

CONTEXT = Context(now=datetime(2026, 1, 5, 4, 0, tzinfo=UTC))


def table(
    columns: Sequence[str],
    rows: Sequence[str],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    name: str = "d",
    allowed: Mapping[str, str] | None = None,
    values: str = "",
    default: str = "",
    requires: Sequence[str] = (),
) -> str:
    """A decision: columns `amount:number`, the last one or those with `>` are given; rows with `|` between cells."""
    asked, given = [c for c in columns if not c.startswith(">")], [c[1:] for c in columns if c.startswith(">")]
    parts = [f'<informationRequirement><requiredDecision href="#{r}"/></informationRequirement>' for r in requires]
    parts.append(
        f'<decisionTable hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "") + ">"
    )
    for column in asked:
        text, _, of = column.partition(":")
        limit = (allowed or {}).get(text)
        kept = f"<inputValues><text>{escape(limit)}</text></inputValues>" if limit else ""
        parts.append(f'<input label={quoteattr(text)}><inputExpression typeRef="{of}"><text>{escape(text)}</text>'
                     f"</inputExpression>{kept}</input>")  # fmt: skip
    for column in given:
        kept = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        kept += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        parts.append(f"<output name={quoteattr(column)}>{kept}</output>")
    for number, row in enumerate(rows, 1):
        cells = [f"<text>{escape(cell.strip())}</text>" for cell in row.split("|")]
        parts.append(f'<rule id="{name}-{number}">'
                     + "".join(f"<inputEntry>{c}</inputEntry>" for c in cells[: len(asked)])
                     + "".join(f"<outputEntry>{c}</outputEntry>" for c in cells[len(asked) :]) + "</rule>")  # fmt: skip
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/>{"".join(parts)}</decisionTable></decision>'


def literal(name: str, text: str, *, requires: Sequence[str] = (), knows: Sequence[str] = ()) -> str:
    """A decision by an expression."""
    needs = "".join(
        f'<informationRequirement><requiredDecision href="#{r}"/></informationRequirement>' for r in requires
    )
    needs += "".join(f'<knowledgeRequirement><requiredKnowledge href="#{r}"/></knowledgeRequirement>' for r in knows)
    return (f'<decision id="{name}" name="{name}"><variable name="{name}"/>{needs}'
            f"<literalExpression><text>{escape(text)}</text></literalExpression></decision>")  # fmt: skip


def file(*decisions: str) -> bytes:
    """A DMN file."""
    return (f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x" namespace="x">'
            f"{''.join(decisions)}</definitions>").encode()  # fmt: skip


def model(*decisions: str) -> DecisionModel:
    """A DMN file, read."""
    return read(file(*decisions), "decisions/x.dmn")


def decide(made: DecisionModel, scope: Mapping[str, Any], name: str = "d") -> Evaluation:
    """What it decides."""
    return made.decide(name, scope, context=CONTEXT)

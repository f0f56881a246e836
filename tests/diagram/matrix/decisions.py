"""Decision tables."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.decision.tables import file, literal, table
from tests.diagram.matrix import decides, refuses

LEVELS = ["< 10 | \"low\"", "< 20 | \"middle\"", "- | \"high\""]
ONE = ["x:number", ">level"]


def levels(policy: str, aggregation: str = "", *, rows: list[str] = LEVELS, values: str = "") -> bytes:
    """One table over x."""
    return file(table(ONE, rows, policy=policy, aggregation=aggregation, values=values))


decides("UNIQUE, one match", levels("UNIQUE", rows=['< 10 | "low"', '>= 10 | "high"']), ({"x": 3}, "low"), ({"x": 30}, "high"))
decides("UNIQUE, two rules match (must be an error)", levels("UNIQUE"), ({"x": 3}, "decision-conflict"))
decides("FIRST", levels("FIRST"), ({"x": 3}, "low"), ({"x": 15}, "middle"), ({"x": 50}, "high"))
decides("ANY, different outputs (must be an error)", levels("ANY"), ({"x": 3}, "decision-conflict"), ({"x": 50}, "high"))
decides("PRIORITY (by outputValues order)", levels("PRIORITY", values='"high", "middle", "low"'), ({"x": 3}, "high"), ({"x": 15}, "high"))
decides("RULE ORDER", levels("RULE ORDER"), ({"x": 3}, ["low", "middle", "high"]), ({"x": 15}, ["middle", "high"]))
decides("OUTPUT ORDER", levels("OUTPUT ORDER", values='"high", "middle", "low"'), ({"x": 3}, ["high", "middle", "low"]))
decides("COLLECT (list)", levels("COLLECT"), ({"x": 3}, ["low", "middle", "high"]))
_NUMBERS = ["< 10 | 1", "< 20 | 2", "- | 3"]
for _name, _wanted in (("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)):
    decides(f"COLLECT {_name}", levels("COLLECT", _name, rows=_NUMBERS), ({"x": 3}, Decimal(_wanted)))
decides("no rule matches", levels("UNIQUE", rows=['< 10 | "low"']), ({"x": 30}, None))


def _cell(construct: str, cell: str, hits: object, misses: object) -> None:
    escaped = f'{cell} | "yes"'
    decides(f"input entry: {construct}", file(table(["x", ">r"], [escaped], policy="FIRST")), ({"x": hits}, "yes"), ({"x": misses}, None))


_cell('FEEL list of values "a","b"', '"a","b"', "b", "c")
_cell("FEEL range [1..10]", "[1..10]", 10, 11)
_cell('FEEL not("a")', 'not("a")', "b", "a")
_cell("FEEL comparison > 5", "> 5", 6, 5)
_cell("string equality", '"a"', "a", "b")
_cell("FEEL null", "null", None, 1)
_cell("FEEL true", "true", True, False)
_cell("Python ? placeholder: 4 < ? < 6", "? > 4 and ? < 6", 5, 6)
_cell('FEEL date("2026-01-01")', 'date("2026-01-01")', date(2026, 1, 1), date(2026, 1, 2))
decides("decision requirement graph (two decisions in one file)",
        file(table(ONE, LEVELS, policy="FIRST", name="level"), table(["level", ">who"], ['"low" | "clerk"', '- | "chief"'], policy="FIRST", name="who", requires=["level"])),
        ({"x": 3}, "clerk"), ({"x": 30}, "chief"))
decides("literal expression decision", file(literal("d", "x * 2")), ({"x": Decimal(4)}, Decimal(8)))
refuses("DMN", "camunda:resultVariable / mapDecisionResult", "other-dialect", "startEvent s\nbusinessRuleTask a decision=d result=r\nendEvent e\ns > a > e",
        ('<businessRuleTask id="a"', '<businessRuleTask id="a" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"'))
decides("output column without a name, only a label", levels("FIRST").replace(b'<output name="level">', b'<output label="Level">'), ({"x": 3}, "low"))
_SPACES = ("http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
           "https://www.omg.org/spec/DMN/20230324/MODEL/")  # fmt: skip
for _space in _SPACES:
    decides("DMN 1.1/1.2/1.3/1.5 namespaces", levels("FIRST").replace(_SPACES[1].encode(), _space.encode()), ({"x": 3}, "low"))


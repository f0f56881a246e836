"""What a file declares of its values holds: a value of another type stops the case, and the gate finds cells that name one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.decision import NotOfItsType, check, read
from tests.decision.tables import CONTEXT, file, literal, table

ITEMS = """<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues></itemDefinition>
<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>
<itemDefinition name="tComplaint"><itemComponent name="level"><typeRef>tLevel</typeRef></itemComponent>
<itemComponent name="loss"><typeRef>number</typeRef></itemComponent></itemDefinition>"""


def typed(name: str, text: str, of: str, inside: str = "") -> str:
    """A decision by an expression that is declared to give a type."""
    return f'''<decision id="{name}" name="{name}"><variable name="{name}" typeRef="{of}"/>{inside}
    <literalExpression><text>{text}</text></literalExpression></decision>'''


def decided(*parts: str, given: dict[str, Any] | None = None) -> Any:
    return read(file(ITEMS, *parts), "decisions/x.dmn").decide("d", given or {}, context=CONTEXT).value


@pytest.mark.parametrize(
    ("text", "of", "wanted"),
    [
        ("1 + 1", "number", Decimal(2)), ("[1]", "number", Decimal(1)), ("1", "list&lt;number&gt;", [Decimal(1)]), ("null", "number", None),
        ('"A"', "tLevel", "A"), ('["A", "B"]', "tLevels", ["A", "B"]), ('{level: "B", loss: 1, more: 2}.loss', "feel:number", Decimal(1)),
        ('{level: "B", loss: null}', "tComplaint", {"level": "B", "loss": None}), ('"A" instance of tLevel', "boolean", True),
        ('"C" instance of tLevel', "boolean", True), ("1 instance of tLevel", "boolean", False), ("1", "Any", Decimal(1)), ("1", "", Decimal(1)),
    ],
)  # fmt: skip
def test_a_value_of_its_type_is_given(text: str, of: str, wanted: Any) -> None:
    assert decided(typed("d", text, of)) == wanted


@pytest.mark.parametrize(
    ("text", "of"),
    [("1", "string"), ('"C"', "tLevel"), ('["A", "C"]', "tLevels"), ('{level: "A"}', "tComplaint"), ('{level: "C", loss: 1}', "tComplaint"),
     ("[1, 2]", "number"), ('date("2026-01-05")', "time")],
)  # fmt: skip
def test_a_value_of_another_type_stops_the_case(text: str, of: str) -> None:
    with pytest.raises(NotOfItsType) as stopped:
        decided(typed("d", text, of))
    assert "d" in stopped.value.text("zh") and "d" in stopped.value.text("en")


def test_input_data_columns_and_parameters_are_asked_too() -> None:
    data = '<inputData id="i" name="level"><variable name="level" typeRef="tLevel"/></inputData>'
    with pytest.raises(NotOfItsType):
        decided(data, literal("d", "level"), given={"level": "C"})
    with pytest.raises(NotOfItsType):
        decided(table(["n:number", ">x"], ["> 1 | 1"]), given={"n": "2"})
    knowledge = """<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>
    <literalExpression><text>n</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"""
    assert decided(knowledge, literal("d", "f(2)", knows=["f"])) == 2
    with pytest.raises(NotOfItsType):
        decided(knowledge, literal("d", "f(&quot;2&quot;)".replace("&quot;", '"'), knows=["f"]))


def test_an_entry_of_a_box_that_is_not_of_its_type_is_null_as_the_standard_says() -> None:
    box = """<decision id="d" name="d"><context><contextEntry><variable name="a" typeRef="number"/><literalExpression><text>"x"</text>
    </literalExpression></contextEntry><contextEntry><variable name="b" typeRef="string"/><literalExpression><text>"y"</text></literalExpression>
    </contextEntry></context></decision>"""
    assert decided(box) == {"a": None, "b": "y"}


def test_the_gate_finds_cells_of_another_type_than_their_column() -> None:
    source = table(["n:number", "s:string", ">x"], ['> 1 | "a" | 1', '"a" | 1 | 2', "- | - | 3"], policy="FIRST")
    source = source.replace('<output name="x">', '<output name="x" typeRef="string">', 1)
    found = [f for f in check(read(file(source), "decisions/x.dmn")) if f.code == "cell-type"]
    assert [(f.severity, f.element) for f in found] == [("error", "d-1"), ("error", "d-2"), ("error", "d-2"), ("error", "d-2"), ("error", "d-3")]
    assert all(f.remedy_zh and f.remedy_en for f in found)

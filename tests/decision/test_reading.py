"""A file that cannot be decided exactly is refused, by cell and with the remedy."""

from __future__ import annotations

import pytest

from engine.decision import read
from engine.findings import Refused
from tests.decision.tables import file, literal, table


def refused(data: bytes) -> Refused:
    with pytest.raises(Refused) as found:
        read(data, "decisions/x.dmn")
    return found.value


def codes(data: bytes) -> list[str]:
    return [f.code for f in refused(data).findings]


def test_a_cell_that_does_not_parse_is_named_by_row_and_place() -> None:
    (finding,) = refused(file(table(["n:number", ">x"], ["- | 1", "< | 2"]))).findings
    assert (finding.code, finding.element, finding.file) == ("cell-syntax", "d.2", "decisions/x.dmn")
    assert "第 1 行第 2 列" in finding.zh


def test_every_wrong_cell_is_told_at_once() -> None:
    assert codes(file(table(["n:number", ">x"], ["( | 1", "- | 1 +", "[1.. | ]"]))) == ["cell-syntax"] * 4


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-xml"),
        (b"<a>", "not-xml"),
        (b"\xff\xfe\x00", "not-xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "unsafe-xml"),
        (b"<definitions/>", "not-dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not-dmn"),
        (file(), "no-decision"),
        (file('<decision id="d" name="d"/>'), "decision-empty"),
        (file('<decision id="d" name="d"><list><decisionTable/></list></decision>'), "boxed-expression"),
        (file('<decision id="d" name="d"><functionDefinition kind="Java"/></decision>'), "boxed-expression"),
        (file('<decision id="d" name="d"><conditional/></decision>'), "boxed-expression"),
        (file(table(["n:number", ">x"], ["- | 1"], policy="BEST")), "hit-policy"),
        (file(table(["n:number", ">x"], ["- | 1 | 2"])), "row-width"),
        (file(literal("d", "a + 1", requires=["gone"])), "required-unknown"),
        (
            file(
                literal("d", "x.__class__("),
            ),
            "cell-syntax",
        ),
    ],
)
def test_what_is_no_decision_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert codes(data) == [code]


def _model(*inside: str) -> bytes:
    return file(*inside, literal("d", "1"))


@pytest.mark.parametrize(
    ("data", "code", "element"),
    [
        (_model('<import name="m" namespace="n" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'), "dmn-import", "m"),
        (_model('<decisionMadeUp id="u"/>'), "dmn-element", "u"),
        (_model('<inputData id="a" name="a"/><inputData id="b" name="a"/>'), "dmn-twice", "a"),
        (_model('<businessKnowledgeModel id="b" name="b"/>'), "knowledge-empty", "b"),
        (_model('<businessKnowledgeModel id="b" name="b"><encapsulatedLogic kind="Java"><literalExpression><text>1</text></literalExpression>'
                "</encapsulatedLogic></businessKnowledgeModel>"), "dmn-language", "b"),
        (_model('<decision id="e" name="e"><literalExpression expressionLanguage="groovy"><text>1</text></literalExpression></decision>'),
         "dmn-language", "e"),
        (_model('<decision id="e" name="e"><decisionTable><input id="i" xmlns:camunda="http://camunda.org/schema/1.0/dmn" camunda:inputVariable="x">'
                "<inputExpression><text>x</text></inputExpression></input></decisionTable></decision>"), "dmn-input-variable", "i"),
        (_model('<decisionService id="s" name="s"><outputDecision href="#d"/></decisionService>', literal("e", "s()", knows=["s"])),
         "dmn-service", "e"),
        (_model('<decision id="e" name="e"><informationRequirement><requiredInput href="#gone"/></informationRequirement>'
                "<literalExpression><text>1</text></literalExpression></decision>"), "required-unknown", "e"),
        (_model(literal("e", "f(1)", knows=["gone"])), "required-unknown", "e"),
        (_model('<decision id="e" name="e"><variable name="e" typeRef="tGone"/><literalExpression><text>1</text></literalExpression></decision>'),
         "type-unknown", "e"),
        (_model('<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition><itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'),
         "type-unknown", ""),
        (_model('<itemDefinition name="a"><typeRef>number</typeRef><allowedValues><text>[1..</text></allowedValues></itemDefinition>'),
         "cell-syntax", ""),
    ],
)  # fmt: skip
def test_what_is_not_executed_is_refused_by_its_element(data: bytes, code: str, element: str) -> None:
    found = refused(data).findings
    assert code in [f.code for f in found]
    assert element in [f.element for f in found if f.code == code]
    assert all(f.zh and f.en and f.remedy_zh and f.remedy_en for f in found)


def test_what_only_draws_or_describes_may_stay() -> None:
    drawn = """<knowledgeSource id="k" name="law"><type>t</type><authorityRequirement id="r"><requiredInput href="#x"/></authorityRequirement>
    </knowledgeSource><textAnnotation id="t"><text>note</text></textAnnotation><association id="as"><sourceRef href="#d"/><targetRef href="#t"/>
    </association><decisionService id="s" name="whole"><outputDecision href="#d"/></decisionService><organizationUnit id="o" name="legal"/>"""
    assert list(read(_model(drawn, '<inputData id="x" name="x"/>'), "decisions/x.dmn").decisions) == ["d"]


def test_circles_are_refused_and_end() -> None:
    data = file(literal("a", "b", requires=["b"]), literal("b", "a", requires=["a"]), literal("c", "a", requires=["a"]))
    assert codes(data) == ["required-circle", "required-circle"]


def test_findings_are_told_in_both_languages_with_a_remedy() -> None:
    for finding in refused(file(table(["n:number", ">x"], ["( | 1"]), '<decision id="e" name="e"/>')).findings:
        assert finding.zh and finding.en and finding.remedy_zh and finding.remedy_en

"""Models that import others from their folder, and services whose types say what they give, are asked as the TCK means it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.feel.tck.graph import Graph

_NS = 'xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"'
MAIN = f"""<definitions namespace="urn:main" name="main" {_NS}>
<import namespace="urn:other" name="The Other" importType="x"/>
<itemDefinition name="gives"><functionItem outputTypeRef="dates"/></itemDefinition>
<itemDefinition name="dates" isCollection="true"><typeRef>date</typeRef></itemDefinition>
<inputData id="i" name="who"><variable name="who" typeRef="The Other.tPerson"/></inputData>
<decision id="d" name="greeted"><variable name="greeted"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<informationRequirement><requiredDecision href="urn:other#d"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="urn:other#k"/></knowledgeRequirement>
<literalExpression><text>The Other.Say Hello(who.full name) + ", " + The Other.Their Own</text></literalExpression></decision>
<decision id="b" name="day"><variable name="day" typeRef="date"/><literalExpression><text>date(2000, 1, 2)</text></literalExpression></decision>
<decisionService id="s" name="Days"><variable name="Days" typeRef="gives"/><outputDecision href="urn:main#b"/></decisionService>
</definitions>"""
OTHER = f"""<definitions namespace="urn:other" name="other" {_NS}>
<import namespace="urn:main" name="circle" importType="x"/>
<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent></itemDefinition>
<inputData id="i" name="who"><variable name="who" typeRef="string"/></inputData>
<businessKnowledgeModel id="k" name="Say Hello"><variable name="Say Hello"/><encapsulatedLogic><formalParameter name="a" typeRef="string"/>
<literalExpression><text>"Hello " + a</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="Their Own"><variable name="Their Own"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
<literalExpression><text>Say Hello(who)</text></literalExpression></decision>
</definitions>"""
CASES = """<cases><testCase>
<inputNode name="who"><component name="full name"><value>Ann</value></component></inputNode>
<inputNode name="who" namespace="urn:other"><value>Bob</value></inputNode><resultNode name="greeted"/></testCase>
<testCase type="decisionService" invocableName="Days"><resultNode name="Days"/></testCase>
<testCase><resultNode name="Days" type="decisionService"/></testCase></cases>"""


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """A model that imports one from a folder inside its own, which imports it in turn."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "main.dmn").write_text(MAIN)
    (tmp_path / "inner" / "other.dmn").write_text(OTHER)
    return Graph(tmp_path / "main.dmn")


def test_what_is_imported_is_known_by_the_name_of_the_import(graph: Graph) -> None:
    greeted, *_ = ElementTree.fromstring(CASES)
    assert graph.ask(greeted) == {"greeted": "Hello Ann, Hello Bob"}


def test_a_service_gives_what_its_type_says(graph: Graph) -> None:
    _, asked, named = ElementTree.fromstring(CASES)
    (days,) = graph.ask(asked)["Days"]
    assert str(days) == "2000-01-02"
    assert list(graph.ask(named)["Days"]) == ["day"]

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


def test_circles_are_refused_and_end() -> None:
    data = file(literal("a", "b", requires=["b"]), literal("b", "a", requires=["a"]), literal("c", "a", requires=["a"]))
    assert codes(data) == ["required-circle", "required-circle"]


def test_findings_are_told_in_both_languages_with_a_remedy() -> None:
    for finding in refused(file(table(["n:number", ">x"], ["( | 1"]), '<decision id="e" name="e"/>')).findings:
        assert finding.zh and finding.en and finding.remedy_zh and finding.remedy_en

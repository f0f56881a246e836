"""The result of a table with one output is that value: a part of it, which would be read as null, is refused."""

from __future__ import annotations

import pytest

from engine.decision import read
from engine.gate import check
from engine.release import Release
from tests.decision.tables import file, literal, table
from tests.diagram.drawings import Field, drawing, judged
from tests.run.drawing import CALENDAR, PACK, Driven, diagram, drawn

TEXT = """
    startEvent s
    businessRuleTask d decision=level result=x
    exclusiveGateway g default=g_e
    userTask a groups=sales form=F
    endEvent e
    s > d > g
    g > a ? ={reads} = "high"
    g > e
    a > e
"""
GIVEN = {"forms": {"F": {"loss": Field("number")}}, "intake": "F", "roles": frozenset({"sales"}), "decisions": {"level": (("loss",), ("level",))}}
ONE = table(["loss:number", ">level"], ["> 1000 | \"high\"", "- | \"low\""], policy="FIRST", name="level")
TWO = table(["loss:number", ">level", ">days"], ["> 1000 | \"high\" | 3", "- | \"low\" | 7"], policy="FIRST", name="level")


@pytest.mark.parametrize(
    ("reads", "parts", "code"),
    [
        ("x.level", frozenset(), "result-has-no-parts"),
        ("x.other", frozenset(), "result-has-no-parts"),
        ("x.levl", frozenset({"level", "days"}), "result-part-unknown"),
        ("x", frozenset(), None),
        ("x.level", frozenset({"level", "days"}), None),
        ("x.level", None, None),
    ],
)
def test_a_part_that_a_result_has_not_is_refused_with_what_to_write(reads: str, parts: frozenset[str] | None, code: str | None) -> None:
    given = {**GIVEN, "parts": {"level": parts} if parts is not None else {}}
    told = {c: f for c, f in judged(drawing(TEXT.replace("{reads}", reads)), **given).items() if c.startswith("result")}
    assert set(told) == ({code} if code else set())
    if code:
        assert (told[code].severity, told[code].element) == ("error", "g_a")
        assert ("“x”" if not parts else "“x.level”") in told[code].remedy_en


def test_a_name_that_something_else_gives_too_may_have_parts() -> None:
    text = TEXT.replace("{reads}", "x.level").replace("s > d", "scriptTask r script='={level: \"high\"}' result=x\n    s > r > d")
    assert "result-has-no-parts" not in judged(drawing(text), **GIVEN, parts={"level": frozenset()})


@pytest.mark.parametrize(
    ("decision", "parts"),
    [
        (ONE, frozenset()),
        (TWO, frozenset({"level", "days"})),
        (table(["loss:number", ">level"], ["- | {a: 1}"], name="level"), None),
        (table(["loss:number", ">level"], ["- | loss * 2"], name="level"), None),
        (table(["loss:number", ">level"], ["- | 1", "- | 2"], policy="COLLECT", name="level"), frozenset()),
        (table(["loss:number", ">level"], ["- | loss"], policy="COLLECT", aggregation="COUNT", name="level"), frozenset()),
        (literal("level", "loss > 5"), None),
    ],
)
def test_what_a_decision_gives_is_told_where_it_is_certain(decision: str, parts: frozenset[str] | None) -> None:
    assert read(file(decision), "t.dmn").parts("level") == parts


def _pack(decision: str, reads: str) -> dict[str, bytes]:
    form = b"id: F\ntitle: {zh: a, en: a}\nfields:\n  - {name: loss, type: number, label: {zh: a, en: a}}\n"
    return {
        "pack.yaml": PACK.replace("intake: F01", "intake: F").encode(), "calendars/cn.toml": CALENDAR, "forms/F.yaml": form,
        "decisions/level.dmn": file(decision), "diagrams/main.bpmn": diagram("main", TEXT.replace("{reads}", reads)),
    }  # fmt: skip


@pytest.mark.parametrize(("decision", "reads", "passes"), [(ONE, "x.level", False), (ONE, "x", True), (TWO, "x.level", True), (TWO, "x.lvl", False)])
def test_the_gate_refuses_exactly_what_a_case_would_read_as_nothing(decision: str, reads: str, passes: bool) -> None:
    found = {f.code for f in check(_pack(decision, reads)).findings}
    assert bool(found & {"result-has-no-parts", "result-part-unknown"}) is not passes
    # And a case with a loss of 2,000 does not come to the task exactly there
    case = Driven(drawn(TEXT.replace("{reads}", reads), files={"decisions/level.dmn": file(decision)}), loss=2000)
    assert isinstance(case.release, Release)
    assert bool(case.open()) is passes

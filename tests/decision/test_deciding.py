"""A table gives what its hit policy says, and leaves a record of why."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from typing import Any

import pytest

from engine.decision import DecisionConflict, InputNotAllowed, NoSuchDecision
from engine.feel import Budget, BudgetSpent, Context
from engine.values import encode
from tests.decision.tables import CONTEXT, decide, file, literal, model, table

ROWS = ['< 10 | "low" | 1', '[5..20] | "mid" | 2', '> 8 | "high" | 3']
COLUMNS = ["n:number", ">level"]


def by(policy: str, n: int, **more: Any) -> Any:
    rows = [" | ".join(row.split(" | ")[:2]) for row in ROWS]
    return decide(model(table(COLUMNS, rows, policy=policy, values='"high","mid","low"', **more)), {"n": n}).value


def total(aggregation: str, n: int) -> Any:
    rows = [f"{row.split(' | ')[0]} | {row.split(' | ')[2]}" for row in ROWS]
    return decide(model(table(COLUMNS, rows, policy="COLLECT", aggregation=aggregation)), {"n": n}).value


@pytest.mark.parametrize(
    ("policy", "n", "expected"),
    [
        ("UNIQUE", 1, "low"), ("FIRST", 9, "low"), ("PRIORITY", 9, "high"), ("PRIORITY", 6, "mid"),
        ("RULE ORDER", 9, ["low", "mid", "high"]), ("OUTPUT ORDER", 9, ["high", "mid", "low"]),
        ("COLLECT", 9, ["low", "mid", "high"]), ("COLLECT", 1, ["low"]),
    ],
)  # fmt: skip
def test_each_hit_policy_gives_what_it_says(policy: str, n: int, expected: Any) -> None:
    assert by(policy, n) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3), ("", [1, 2, 3])]
)
def test_collected_values_are_reckoned(aggregation: str, expected: Any) -> None:
    assert total(aggregation, 9) == expected


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [("UNIQUE", "", None), ("FIRST", "", None), ("COLLECT", "", []), ("RULE ORDER", "", []), ("COLLECT", "COUNT", 0),
     ("COLLECT", "SUM", None)],
)  # fmt: skip
def test_no_row_gives_nothing_in_the_shape_of_the_policy(policy: str, aggregation: str, expected: Any) -> None:
    made = model(table(COLUMNS, ['< 10 | "low"'], policy=policy, aggregation=aggregation))
    assert decide(made, {"n": 99}).value == expected


def test_a_default_is_given_when_no_row_matches() -> None:
    assert decide(model(table(COLUMNS, ['< 10 | "low"'], default='"other"')), {"n": 99}).value == "other"


def test_rows_that_contradict_stop_the_case_and_name_the_rows() -> None:
    with pytest.raises(DecisionConflict) as stopped:
        by("UNIQUE", 9)
    assert "1, 2, 3" in stopped.value.text("zh")


def test_any_takes_rows_that_agree_and_stops_at_those_that_do_not() -> None:
    agreeing = model(table(COLUMNS, ['< 10 | "x"', '> 5 | "x"'], policy="ANY"))
    assert decide(agreeing, {"n": 7}).record["rules"] == [{"id": "d-1", "number": 1}, {"id": "d-2", "number": 2}]
    with pytest.raises(DecisionConflict):
        by("ANY", 9)


def test_the_record_holds_table_version_inputs_rules_and_outputs() -> None:
    made = model(
        table(
            ["loss:number", "tier:string", ">who", ">days"], ['> 5000 | "A","B" | "gm" | 2', '<= 5000 | - | "mgr" | 5']
        )
    )
    found = decide(made, {"loss": Decimal(6000), "tier": "B"})
    assert found.value == {"who": "gm", "days": 2}
    assert found.record == {
        "table": "d", "version": made.facts.version, "inputs": {"loss": Decimal(6000), "tier": "B"},
        "rules": [{"id": "d-1", "number": 1}], "outputs": {"who": "gm", "days": 2},
    }  # fmt: skip
    encode(found.record)


def test_the_version_changes_with_any_byte_of_the_file() -> None:
    one, two = (model(table(COLUMNS, [f'< {n} | "x"'])) for n in (10, 11))
    assert one.facts.version != two.facts.version


def test_a_value_that_is_not_allowed_is_refused_by_name() -> None:
    made = model(table(["kind:string", ">x"], ['"a" | 1'], allowed={"kind": '"a","b"'}))
    with pytest.raises(InputNotAllowed) as refused:
        decide(made, {"kind": "c"})
    assert "kind" in refused.value.text("en")


def test_an_unknown_decision_is_an_error_of_its_own() -> None:
    with pytest.raises(NoSuchDecision):
        decide(model(table(COLUMNS, ['- | "x"'])), {}, "nothing")


def test_what_a_decision_requires_is_decided_first() -> None:
    made = model(literal("size", 'if n > 5 then "big" else "small"'),
                 table(["size:string", ">x"], ['"big" | 2', '"small" | 1'], requires=["size"]))  # fmt: skip
    assert decide(made, {"n": 9}).value == 2
    assert made.inputs("d") == {"n"}


def test_the_record_names_the_rows_of_the_decisions_on_the_way() -> None:
    made = model(table(["n:number", ">s"], ['> 5 | "big"', '<= 5 | "small"'], name="size"),
                 literal("d", 'size + case.number', requires=["size"]))  # fmt: skip
    record = decide(made, {"n": 9, "case": {"number": "-1"}}).record
    assert record["inputs"] == {"size": "big", "case.number": "-1"}
    version = made.facts.version
    assert record["required"] == [{"table": "size", "version": version, "rules": [{"id": "size-1", "number": 1}]}]


def test_columns_of_one_label_are_recorded_apart() -> None:
    made = model(table(["a:number", "b:number", ">x"], ["- | - | 1"]).replace('label="b"', 'label="a"'))
    assert decide(made, {"a": 1, "b": 2}).record["inputs"] == {"a (a)": 1, "a (b)": 2}


def test_what_many_decisions_require_is_decided_once() -> None:
    # Thirty storeys of two decisions, each requiring both below it: a billion ways down.
    storeys = [literal("a0", "1"), literal("b0", "1")]
    for n in range(1, 30):
        storeys += [literal(f"{s}{n}", f"a{n - 1} + b{n - 1}", requires=[f"a{n - 1}", f"b{n - 1}"]) for s in "ab"]
    before = time.process_time()
    assert decide(model(*storeys), {}, "a29").value == 2**29
    assert time.process_time() - before < 5


def test_knowledge_is_called_by_name() -> None:
    known = ('<businessKnowledgeModel id="k" name="退货 比率"><encapsulatedLogic><formalParameter name="a"/>'
             '<formalParameter name="b"/><literalExpression><text>a / b</text></literalExpression></encapsulatedLogic>'
             "</businessKnowledgeModel>")  # fmt: skip
    made = model(known, literal("d", "退货 比率(actual, approved) > 1.05", knows=["k"]))
    assert decide(made, {"actual": Decimal(106), "approved": Decimal(100)}).value is True
    assert made.inputs("d") == {"actual", "approved"}


def test_knowledge_may_use_knowledge_but_not_without_end() -> None:
    def known(name: str, body: str) -> str:
        return (f'<businessKnowledgeModel id="{name}" name="{name}"><encapsulatedLogic><formalParameter name="n"/>'
                f"<literalExpression><text>{body}</text></literalExpression></encapsulatedLogic>"
                "</businessKnowledgeModel>")  # fmt: skip

    one, two = known("one", "two(n) + 1"), known("two", "n * 2")
    assert decide(model(one, two, literal("d", "one(5)", knows=["one"])), {}).value == 11
    with pytest.raises(BudgetSpent):
        decide(model(known("one", "one(n)"), literal("d", "one(5)", knows=["one"])), {})


def test_names_with_blanks_and_in_chinese_need_no_quotes() -> None:
    made = model('<inputData id="i" name="损失 金额"/>', table(["损失 金额:number", ">x"], ["> 5 | 1", "<= 5 | 2"]))
    assert decide(made, {"损失 金额": 6}).value == 1


def test_one_budget_pays_for_all_cells() -> None:
    rows = ["count(for i in 1..20000 return ?) = 1 | 1"] * 20
    with pytest.raises(BudgetSpent):
        made = model(table(COLUMNS, rows, policy="COLLECT"))
        made.decide("d", {"n": 1}, context=Context(now=CONTEXT.now, budget=Budget(seconds=1e9)))


def test_equal_files_are_equal_models() -> None:
    data = file(table(COLUMNS, ['- | "x"']))
    assert (
        model(data.decode().split(">", 1)[1].removesuffix("</definitions>")).facts.version
        == model(table(COLUMNS, ['- | "x"'])).facts.version
    )


BOXES = {
    "<context><contextEntry><variable name='a'/>{1}</contextEntry><contextEntry><variable name='b c'/>{a + n}</contextEntry>"
    "<contextEntry>{b c * 2}</contextEntry></context>": 12,
    "<context><contextEntry><variable name='a'/>{n}</contextEntry></context>": {"a": 5},
    "<list>{1}{n}</list>": [1, 5],
    "<relation><column name='x'/><column name='y'/><row>{1}{2}</row><row>{3}{n}</row></relation>":
        [{"x": 1, "y": 2}, {"x": 3, "y": 5}],
    "<conditional><if>{n &gt; 3}</if><then>{'big'}</then><else>{'small'}</else></conditional>": "big",
    "<for iteratorVariable='i'><in>{[1..3]}</in><return>{i * n}</return></for>": [5, 10, 15],
    "<some iteratorVariable='i'><in>{[1, n]}</in><satisfies>{i = 5}</satisfies></some>": True,
    "<every iteratorVariable='i'><in>{[1, n]}</in><satisfies>{i = 5}</satisfies></every>": False,
    "<filter><in>{[1, n, 9]}</in><match>{item &gt; 4}</match></filter>": [5, 9],
    "<invocation>{modulo}<binding><parameter name='dividend'/>{n}</binding><binding><parameter name='divisor'/>{3}"
    "</binding></invocation>": 2,
    "<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='p q'/>{p q + 1}"
    "</functionDefinition></contextEntry><contextEntry>{f(n)}</contextEntry></context>": 6,
}  # fmt: skip


@pytest.mark.parametrize("box", BOXES)
def test_boxed_expressions_give_what_they_stand_for(box: str) -> None:
    text = re.sub(r"\{(.*?)\}", lambda m: f"<literalExpression><text>{m[1]}</text></literalExpression>", box)
    made = model(f'<decision id="d" name="d">{text}</decision>'.replace(">'", '>"').replace("'<", '"<'))
    assert decide(made, {"n": Decimal(5)}).value == BOXES[box]
    assert made.inputs("d") == {"n"}

"""A sketch is drawn the same way for ever, and what it says is in the diagram."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.diagram import Diagram
from engine.diagram.drawing import SketchRefused, draw, remarks

SKETCH = """
process parcel 退货处理
  doc: What the customer sent back.
  version: 3
pool customer 客户

lane desk 客服
| asked | check | ok | refuse | no |
| | | claim | | |
lane boss 主管
| | | decide | done | |

start asked 客户申请退货
user check 核对订单
  doc: Compare order, item and quantity.
  group: desk ; form: F-check ; limit: R-1 ; variant: urgent ; milestone: checked ; status: checking
  remind: 2 工作日 | 催办单 | boss
  escalate: 4 工作日 | 报主管 | =head | =due("R-2")
xor ok 符合条件?
user refuse 说明理由
  assignee: =owner
end no 不退
call claim 索赔
  calls: ca-claim ; inherit: no ; in: amount = =paid ; out: result = =result
user decide 主管决定
  group: =boss ; four-eyes: check, refuse ; each: item in =items -> results in =agreed sequential until =count(results) > 2
message-end done 答复
  job: send-letter ; header: to = customer ; retries: 3

asked > check > ok
ok > claim : 是 ? =amount > 0
ok > refuse : 否 ? default
refuse > no
claim > decide > done
customer ~> asked : 退货
"""


def drawn() -> Diagram:
    return Diagram.read(draw(SKETCH), "diagrams/parcel.bpmn")


def test_the_same_sketch_gives_the_same_bytes() -> None:
    assert draw(SKETCH) == draw(SKETCH)


def test_nothing_in_a_drawing_covers_anything_else() -> None:
    assert remarks(SKETCH) == []


def test_everything_a_sketch_says_of_a_task_is_in_the_diagram() -> None:
    check = drawn().processes["parcel"].elements["check"]
    assert (
        check.name == "核对订单" and check.documentation == "Compare order, item and quantity." and check.lane == "客服"
    )
    assert check.zeebe.groups == "desk" and check.zeebe.form == "F-check"
    wanted = {"limit": "R-1", "limit-variant": "urgent", "milestone": "checked", "status": "checking"}
    assert dict(check.zeebe.properties) == wanted


def test_repetition_and_four_eyes_are_in_the_diagram() -> None:
    decide = drawn().processes["parcel"].elements["decide"]
    loop = decide.zeebe.loop
    assert loop is not None and loop.sequential
    assert (loop.collection, loop.item, loop.output_collection, loop.output_item) == (
        "=items",
        "item",
        "results",
        "=agreed",
    )
    assert loop.until == "=count(results) > 2"
    assert decide.zeebe.properties["four-eyes"] == "check, refuse"


def test_a_reminder_is_a_timer_that_leaves_the_task_open_and_an_errand() -> None:
    parcel = drawn().processes["parcel"]
    late, sent = parcel.elements["check_remind"], parcel.elements["check_reminded"]
    assert late.attached_to == "check" and not late.interrupting
    assert late.timer is not None and late.timer.text == '=due("R-1", "urgent")'
    assert sent.zeebe.job == "send-reminder"
    assert dict(sent.zeebe.headers) == {"task": "check", "kind": "催办", "to": "boss"}


def test_an_escalation_can_go_to_a_role_that_the_case_knows() -> None:
    told = drawn().processes["parcel"].elements["check_escalated"].zeebe
    assert told.job == "escalate" and "to" not in told.headers
    assert [(m.target, m.source) for m in told.inputs] == [("to", "=head")]


def test_a_call_hands_over_only_what_is_named() -> None:
    claim = drawn().processes["parcel"].elements["claim"].zeebe
    assert claim.called_process == "ca-claim" and not claim.propagate_parent and not claim.propagate_child


def test_every_element_has_its_place_in_the_picture() -> None:
    root = etree.fromstring(draw(SKETCH))
    shown = {s.get("bpmnElement") for s in root.iter("{*}BPMNShape", "{*}BPMNEdge")}
    parcel = drawn().processes["parcel"]
    assert {*parcel.elements, *parcel.flows} <= shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("robot x 机器", "no element 'robot'"),
        ("user check 又一个", "used twice"),
        ("asked > nowhere", "there is no 'nowhere'"),
        ("user lost 无处", "lost is not in the sketch"),
        ("end over 完\n  colour: red", "no attribute 'colour'"),
    ],
)
def test_a_sketch_that_cannot_be_drawn_is_refused_by_name(line: str, said: str) -> None:
    with pytest.raises(SketchRefused, match=said):
        draw(f"{SKETCH}\n{line}\n")

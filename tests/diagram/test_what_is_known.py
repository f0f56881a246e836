"""What the gate takes as known at a step is what a case knows there: no more, no less."""

from __future__ import annotations

from typing import Any

import pytest

from engine.diagram import Diagram, Given
from engine.diagram.knowledge import Knowledge
from engine.history import DataSet
from tests.diagram.drawings import Field, drawing, judged
from tests.run.drawing import Driven, drawn

#: Every user task in these drawings asks for the same.
ANSWERS: dict[str, Any] = {"vote": True, "reason": "late", "n": 3}
FORMS = {"F": {name: Field() for name in ANSWERS}, "F01": {"people": Field()}}

CALLED = "startEvent cs\nuserTask ask form=F\nscriptTask mark script==vote result=seen\nendEvent ce\ncs > ask > mark > ce"
#: Drawing of what stands between the start and the task `z`.
DRAWN = {
    "a task": "userTask a form=F",
    "a task with outputs": "userTask a form=F out:why==reason",
    "a task with inputs of the name of a field": "userTask a form=F in:vote==null in:other==1",
    "each": "userTask a form=F each==people item=who",
    "each, an item called as a field": "userTask a form=F each==people item=n",
    "each, collected": "userTask a form=F each==people item=who into=votes from==vote",
    "each, collected from a part": "userTask a form=F each==people item=who into=votes from==vote.part",
    "each, collected from an expression": 'userTask a form=F each==people item=who into=votes from="={w: who, v: vote}"',
    "each, with inputs": "userTask a form=F in:reason==who each==people item=who into=votes from==reason",
    "each, with outputs": "userTask a form=F out:why==reason each==people item=who",
    "each, with outputs into what is collected": "userTask a form=F out:verdict==vote each==people item=who into=votes from==verdict",
    "each, collected from what is not mapped": 'userTask a form=F out:why==reason each==people item=who into=votes from="=[vote]"',
    "a sub-process for each": """
        subProcess a each==people item=who into=votes from==vote in:n==0 {
        startEvent is
        userTask ask form=F
        scriptTask mark script==who result=last
        endEvent ie
        is > ask > mark > ie
        }""",
    "a sub-process with inputs": """
        subProcess a in:vote==null {
        startEvent is
        userTask ask form=F
        endEvent ie
        is > ask > ie
        }""",
    "a call": "callActivity a call=sub",
    "a call that keeps": "callActivity a call=sub keep",
    "a call with inputs": "callActivity a call=sub in:vote==null",
    "a call with outputs": "callActivity a call=sub keep out:why==reason",
    "a call for each": "callActivity a call=sub each==people item=who into=votes from==seen",
    "a call for each, with outputs": "callActivity a call=sub keep out:verdict==seen each==people item=who into=votes from==verdict",
    "a call for each that sees nothing": "callActivity a call=sub alone each==people item=who into=votes from==seen",
}  # fmt: skip


def _through(step: str) -> str:
    return f"startEvent s\n{step}\nuserTask z form=F groups=sales\nendEvent e\ns > a > z > e"


def _known(*diagrams: Diagram, at: str) -> set[str]:
    given = Given(process="main", intake="F01", forms=FORMS)  # type: ignore[arg-type]
    processes = {p.id: (d, p) for d in diagrams for p in d.processes.values()}
    process = processes["main"][1]
    return set(Knowledge(processes, given).outside(process, process.elements[at]))


@pytest.mark.parametrize("step", DRAWN.values(), ids=DRAWN.keys())
def test_what_leaves_a_step_is_what_the_gate_takes_as_known_behind_it(step: str) -> None:
    # Given a case that has gone through the step, every question of every form answered
    case = Driven(drawn(_through(step), sub=CALLED), people=["li", "wang"])
    while case.open() != ["z"]:
        case.restart()
        case.done(next(iter(case.run.tasks)), **ANSWERS)
    # I expect it to know what the gate says may be known there
    assert set(case.run.document()) | {"case"} == _known(drawing(_through(step)), drawing(CALLED, process="sub"), at="z")


def test_an_output_mapped_to_what_is_collected_is_collected() -> None:
    case = Driven(drawn(_through(DRAWN["each, with outputs into what is collected"])), people=["li", "wang"])
    case.done("a-1", vote=True)
    case.restart()
    case.done("a-2", vote=False)
    assert case.run.document()["votes"] == [True, False]
    assert "verdict" not in case.run.document()


def test_what_is_mapped_out_of_each_instance_is_not_lost_when_the_last_one_is_done() -> None:
    case = Driven(drawn(_through(DRAWN["each, with outputs"])), people=["li", "wang"])
    case.done("a-1", reason="late")
    case.done("a-2", reason="wrong")
    assert case.run.document()["why"] == "wrong"
    # What was written is told once, by the instance that wrote it
    assert [d.values for d in case.all_of(DataSet)] == [{"why": "late"}, {"why": "wrong"}]


def test_what_a_call_was_repeated_for_is_collected_and_stays_inside() -> None:
    case = Driven(drawn(_through(DRAWN["a call for each"]), sub=CALLED), people=["li", "wang"])
    case.done("ask-1", **ANSWERS)
    case.restart()
    case.done("ask-2", **{**ANSWERS, "vote": False})
    assert (case.run.document()["votes"], "seen" in case.run.document()) == ([True, False], False)



@pytest.mark.parametrize(
    ("step", "reads", "refused"),
    [
        ("userTask a form=F groups=sales each==people item=who", "vote", False),
        ("userTask a form=F groups=sales each==people item=who into=votes from==vote", "vote", True),
        ("userTask a form=F groups=sales each==people item=who into=votes from==vote", "votes", False),
        ("userTask a form=F groups=sales each==people item=who", "who", True),
        ("userTask a form=F groups=sales out:why==reason", "vote", True),
        ("userTask a form=F groups=sales in:vote==1", "vote", True),
    ],
)
def test_a_name_that_stays_inside_a_step_cannot_be_asked_for_behind_it(step: str, reads: str, refused: bool) -> None:
    text = f"startEvent s\n{step}\nscriptTask z script=={reads} result=got\nendEvent e\ns > a > z > e"
    assert ("reads-unknown" in judged(drawing(text), intake="F01", forms=FORMS)) is refused


def test_how_many_are_done_is_known_only_where_the_repetition_may_end() -> None:
    until = "userTask a form=F groups=sales each==people item=who until='=numberOfCompletedInstances > 1'"
    before = "userTask a form=F groups=sales each==people item=who in:m==numberOfInstances"
    assert "reads-unknown" not in judged(drawing(_through(until)), intake="F01", forms=FORMS)
    assert "reads-unknown" in judged(drawing(_through(before)), intake="F01", forms=FORMS)


def test_the_edge_of_a_step_sees_what_the_step_was_handed() -> None:
    text = _through("userTask a form=F groups=sales in:span==n1") + "\nboundaryEvent b on=a duration==span\nendEvent o\nb > o"
    found = judged(drawing(text), intake="F01", forms={**FORMS, "F01": {"n1": Field()}})
    assert "reads-unknown" not in found
    case = Driven(drawn(text), n1="P2D")
    assert [t.element for t in case.run.timers.values()] == ["b"]

"""Listeners are errands an element waits for: in order, with what they bring where Camunda 8 puts it, retried alone."""

from __future__ import annotations

import pytest

from engine.findings import errors
from engine.history import (
    ErrandCancelled,
    ErrandStarted,
    IncidentRaised,
    PathTaken,
    TaskCompleted,
    TaskOpened,
    TimerSet,
)
from engine.replay import verify
from engine.run import TaskNotOpen
from tests.diagram.drawings import Field, drawing, judged
from tests.run.drawing import Driven, drawn

ALL = """
    startEvent s
    userTask a groups=sales in:who==asked header:to=sales LISTENERS
    boundaryEvent late on=a duration=P1D
    userTask z
    endEvent o
    s > a > z
    late > o
"""

LISTENERS = "at:start=notify task:creating=find-overruns task:completing=escalate at:end=take-number"
ALL = ALL.replace("LISTENERS", LISTENERS)


def started(case: Driven) -> list[tuple[str, str]]:
    return [(e.type, e.errand) for e in case.came_of(ErrandStarted)]


def replays(case: Driven) -> bool:
    return verify(case.records(), lambda _: case.release, case.run.snapshot()).agrees


def test_a_task_waits_for_each_of_its_listeners_in_turn() -> None:
    # Given a task with a listener to everything that can be listened to
    case = Driven(drawn(ALL), asked="li")
    # Its start comes first, its inputs mapped, its edge not yet watched, nothing to do for a person
    assert (started(case), case.open(), case.run.timers) == ([("notify", "a.start-1")], [], {})
    assert case.run.errands["a.start-1"].inputs == {"who": "li"}
    case.restart()
    case.errand("a", who="wang", extra=1)
    # Then its creating; what the start brought is known inside
    assert (started(case), case.open()) == ([("find-overruns", "a.creating-1")], [])
    assert case.run.errands["a.creating-1"].inputs == {"who": "wang"}
    case.restart()
    case.errand("a", overruns=["x"])
    # Then the task is open, and its edge watched
    assert [t.task for t in case.came_of(TaskOpened)] == ["a-1"]
    assert len(case.came_of(TimerSet)) == 1
    assert "overruns" not in case.run.document(case.run.tasks["a-1"].scope)
    # When a person has done it, it is no longer open, but the case does not go on yet
    case.restart()
    case.done("a", answer="yes")
    assert (started(case), case.open(), "answer" in case.run.document()) == ([("escalate", "a.completing-1")], [], False)
    with pytest.raises(TaskNotOpen):
        case.hear(TaskCompleted(at=case.at, actor="li", task="a-1", answers={}))
    case.restart()
    case.errand("a")
    # The end comes when its answers have gone out
    assert (started(case), case.run.document()["answer"]) == ([("take-number", "a.end-1")], "yes")
    case.restart()
    case.errand("a", number="260101", series="complaint")
    assert (case.open(), case.run.document()["number"], case.run.number) == (["z"], "260101", "260101")
    # What was local is gone
    assert {"who", "extra"} & case.run.document().keys() == set()
    assert replays(case)


def test_while_listeners_are_asked_the_edge_of_a_task_may_still_take_it_away() -> None:
    case = Driven(drawn(ALL), asked="li")
    case.errand("a")
    case.errand("a")
    case.done("a")
    case.restart()
    case.fire("late")
    assert [e.errand for e in case.came_of(ErrandCancelled)] == ["a.completing-1"]
    assert (case.run.errands, case.run.closed) == ({}, True)
    assert replays(case)


def test_a_listener_that_fails_is_asked_again_alone() -> None:
    text = "startEvent s\nuserTask a at:start=notify at:start#2=escalate header:to=x\nboundaryEvent b on=a error\nendEvent o\ns > a\nb > o"
    case = Driven(drawn(text))
    case.errand("a", first=1)
    assert started(case) == [("escalate", "a.start-2")]
    case.fail("a", "no-role", "nobody is called x")
    # No error event catches it: it is an incident of the element
    (incident,) = case.came_of(IncidentRaised)
    assert (incident.code, incident.element, "nobody is called x" in incident.en) == ("listener-failed", "a", True)
    case.restart()
    case.resolve()
    assert started(case) == [("escalate", "a.start-3")]
    case.errand("a")
    assert case.open() == ["a"]
    assert replays(case)


def test_an_errand_that_failed_is_asked_again_without_its_listeners() -> None:
    case = Driven(drawn("startEvent s\nserviceTask a job=notify header:to=x at:start=escalate at:end=publish-notice\nendEvent e\ns > a > e"))
    case.errand("a")
    case.fail("a", "no-answer")
    case.restart()
    case.resolve()
    assert started(case) == [("notify", "a-2")]
    case.restart()
    case.errand("a")
    assert started(case) == [("publish-notice", "a.end-1")]
    case.errand("a")
    assert case.run.closed
    assert replays(case)


PLACES = {
    "script": ("scriptTask a script==1 result=x at:start=notify at:end=escalate", ["notify", "escalate"]),
    "manual": ("manualTask a at:start=notify at:end=escalate", ["notify", "escalate"]),
    "throw": ("intermediateThrowEvent a at:start=notify at:end=escalate", ["notify", "escalate"]),
    "gateway": ("exclusiveGateway a at:start=notify", ["notify"]),
    "sub-process": (
        "subProcess a at:start=notify at:end=escalate {\nstartEvent is at:end=publish-notice\nendEvent ie\nis > ie\n}",
        ["notify", "publish-notice", "escalate"],
    ),
    "call": ("callActivity a call=sub at:start=notify at:end=escalate", ["notify", "publish-notice", "escalate"]),
}  # fmt: skip


@pytest.mark.parametrize(("step", "asked"), PLACES.values(), ids=PLACES.keys())
def test_every_element_may_be_listened_to(step: str, asked: list[str]) -> None:
    sub = "startEvent cs at:end=publish-notice\nendEvent ce\ncs > ce"
    case = Driven(drawn(f"startEvent s at:end=recuse\n{step}\nendEvent e at:start=resume-clock at:end=find-overruns\ns > a > e", sub=sub))
    said = []
    while case.run.errands:
        case.restart()
        (name,) = case.run.errands
        said.append(case.run.errands[name].type)
        case.errand(case.run.errands[name].element)
    assert said == ["recuse", *asked, "resume-clock", "find-overruns"]
    assert case.run.closed
    assert replays(case)
    passed = [step for event in case.all_of(PathTaken) for step in event.passed]
    assert passed[:3] == ["s", "s_a", "a" if step.split()[0] not in ("subProcess", "callActivity") else passed[2]]


def test_what_a_gateway_s_listener_brings_decides_there_and_is_gone_behind_it() -> None:
    text = """
        startEvent s
        exclusiveGateway g at:start=find-overruns default=g_b
        userTask a
        userTask b
        s > g
        g > a ? =count(overruns) > 0
        g > b
    """
    case = Driven(drawn(text))
    case.errand("g", overruns=["L1"])
    assert (case.open(), case.run.documents) == (["a"], {"": {}})
    assert replays(case)


def test_what_an_event_s_listener_brings_says_what_it_waits_for() -> None:
    case = Driven(drawn("startEvent s\nintermediateCatchEvent c at:start=take-number message=paid key==number\nuserTask a\ns > c > a"))
    case.errand("c", number="7")
    assert [s.key for s in case.run.awaited.values()] == ["7"]
    case.restart()
    case.message("paid", "7")
    assert (case.open(), case.run.documents) == (["a"], {"": {}})


ERRANDS = {"notify": ("to",), "find-overruns": (), "take-number": (), "escalate": ("to",)}


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("userTask a task:assigning=notify header:to=x", "listener-event"),
        ("userTask a task:updating=notify header:to=x", "listener-event"),
        ("userTask a task:canceling=notify header:to=x", "listener-event"),
        ("userTask a at:take=notify header:to=x", "listener-event"),
        ("userTask a at:start=notify", "errand-fact-missing"),
        ("userTask a at:start=call-home", "errand-unknown"),
        ("userTask a at:start==kind", "errand-unknown"),
        ("userTask a at:start=notify at:start#2=notify header:to=x", "listener-twice"),
        ("userTask a at:start=notify header:to=x each==people", "listener-place"),
        ("userTask a task:completing=take-number", "listener-result"),
        ("callActivity a call=main at:start=take-number", "listener-result"),
        ("serviceTask a job=notify header:to=x task:creating=escalate", "setting-without-effect"),
        ("intermediateThrowEvent a escalation=E at:end=notify header:to=x", "listener-place"),
    ],
)  # fmt: skip
def test_a_listener_that_would_not_be_heard_as_drawn_is_refused(step: str, code: str) -> None:
    told = judged(drawing(f"startEvent s\n{step}\nendEvent e\ns > a > e"), errands=ERRANDS)
    assert (told[code].severity, told[code].element) == ("error", "a")
    assert told[code].remedy_zh and told[code].remedy_en


@pytest.mark.parametrize(
    "text",
    [
        "startEvent s at:start=notify header:to=x\nuserTask a\ns > a",
        "startEvent s\nuserTask a\nboundaryEvent b on=a duration=P1D at:start=notify header:to=x\nendEvent e\ns > a\nb > e",
        "startEvent s\nuserTask a\nexclusiveGateway g at:end=notify header:to=x\ns > a > g",
        "startEvent s\nparallelGateway f\nuserTask a\nuserTask b\nparallelGateway j at:start=notify header:to=x\ns > f > a > j\nf > b > j",
    ],
)
def test_there_is_no_listener_where_nothing_can_be_listened_to(text: str) -> None:
    assert "listener-place" in judged(drawing(text), errands=ERRANDS)


def test_listeners_that_are_heard_hold_nothing_that_bars_them() -> None:
    text = ALL.replace("creating=find-overruns", "creating=notify").replace("userTask a", "userTask a form=F")
    text = text.replace("userTask z", "scriptTask z script==number result=n")
    found = judged(
        drawing(text.replace("s > a > z", "s > a > z > e\nendEvent e")), errands=ERRANDS, roles=frozenset({"sales"}), intake="F",
        forms={"F": {"asked": Field(), "answer": Field()}},
    )  # fmt: skip
    assert [f.text("en") for f in errors(found.values())] == []


def test_a_listener_of_a_whole_process_is_refused() -> None:
    row = '<zeebe:executionListener eventType="start" type="notify"/>'
    more = f"<extensionElements><zeebe:executionListeners>{row}</zeebe:executionListeners></extensionElements>"
    found = judged(drawing("startEvent s\nuserTask a\nendEvent e\ns > a > e", ("<startEvent", more + "<startEvent")), errands=ERRANDS)
    assert found["setting-without-effect"].element == "main"

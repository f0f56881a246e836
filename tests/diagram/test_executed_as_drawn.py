"""Each row of the support matrix that says "executed" is shown by a case that moves so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.diagram import check_drawing
from engine.diagram.support import ROWS
from engine.findings import errors
from engine.history import ErrandStarted, PathTaken, Personal, SignalSent, TaskWithdrawn, TimerSet
from engine.release import Release
from engine.replay import verify
from tests.run.drawing import Driven, diagram, drawn

#: Row -> the test that shows it.
SHOWN: dict[str, str] = {}

Test = Callable[[], None]


def shows(*rows: str) -> Callable[[Test], Test]:
    """The test shows that these rows are true."""

    def note(test: Test) -> Test:
        SHOWN.update(dict.fromkeys(rows, test.__name__))
        return test

    return note


def passing(text: str, **called: str) -> Release:
    """A release whose diagrams hold nothing that bars them as drawn."""
    release = drawn(text, **called)
    for one in release.diagrams.values():
        assert [f.text("en") for f in errors(check_drawing(one)) if not f.code.startswith("task-without")] == []
    return release


def path(case: Driven) -> list[str]:
    """Everything the case has passed, in order."""
    return [step for event in case.all_of(PathTaken) for step in event.passed]


def straight(step: str, more: str = "", **called: Any) -> Driven:
    """A case with one step `a` between its start and its end; what is no text is known from the beginning."""
    drawn_too = {name: text for name, text in called.items() if isinstance(text, str)}
    known = {name: value for name, value in called.items() if not isinstance(value, str)}
    return Driven(passing(f"startEvent s\n{step}\nendEvent e\ns > a > e\n{more}", **drawn_too), **known)


@shows("user-task", "start-none", "end-none")
def test_a_user_task_waits_for_a_person() -> None:
    case = straight("userTask a groups=sales")
    assert (case.open(), case.run.closed) == (["a"], False)
    case.done("a")
    assert case.run.closed
    assert path(case) == ["s", "s_a", "a", "a_e", "e"]


@shows("service-task", "send-task", "throw-message")
@pytest.mark.parametrize("kind", ["serviceTask a", "sendTask a", "intermediateThrowEvent a message=out"])
def test_an_errand_waits_until_a_machine_has_done_it(kind: str) -> None:
    case = straight(f"{kind} job=notify header:to=sales")
    assert [e.type for e in case.all_of(ErrandStarted)] == ["notify"]
    assert not case.run.closed
    case.errand("a")
    assert case.run.closed


@shows("end-message")
def test_a_message_at_the_end_is_an_errand_and_then_the_end() -> None:
    case = Driven(passing("startEvent s\nendEvent e message=out job=notify\ns > e"))
    assert not case.run.closed
    case.errand("e")
    assert case.run.closed


@shows("business-rule-task")
def test_a_business_rule_task_may_be_an_errand() -> None:
    case = straight("businessRuleTask a job=notify")
    case.errand("a", found=1)
    assert (case.run.document()["found"], case.run.closed) == (1, True)


@shows("script-task")
def test_a_script_is_one_feel_expression() -> None:
    case = straight('scriptTask a script="=1 + 1" result=sum')
    assert (case.run.document()["sum"], case.run.closed) == (2, True)


@shows("receive-task", "catch-message")
@pytest.mark.parametrize("kind", ["receiveTask a receive message=reply", "intermediateCatchEvent a message=reply"])
def test_a_message_is_waited_for(kind: str) -> None:
    if kind.startswith("receive"):
        text = _receive("startEvent s\nreceiveTask a\nendEvent e\ns > a > e")
        case = Driven(text)
    else:
        case = straight(kind)
    assert not case.run.closed
    case.message("reply", said="yes")
    assert (case.run.document()["said"], case.run.closed) == ("yes", True)


@shows("plain-task", "lanes", "pools", "data-objects", "throw-none", "flow-without-id")
def test_what_is_only_for_readers_does_not_hold_a_case_up() -> None:
    case = Driven(
        _changed(
            "startEvent s\ntask a\nmanualTask b\nintermediateThrowEvent m\nendEvent e\ns > a > b > m > e",
            ('id="a_b" ', ""),
            ("<startEvent", '<laneSet><lane id="l" name="L"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
             '<dataObject id="d"/><dataObjectReference id="dr" dataObjectRef="d"/><textAnnotation id="t"/><startEvent'),
            ("<process", '<collaboration id="c"><participant id="p1" processRef="main"/><participant id="p2" name="x"/>'
             '<messageFlow id="mf" sourceRef="p2" targetRef="s"/></collaboration><process'),
        )
    )  # fmt: skip
    assert case.run.closed
    assert [step for step in path(case) if len(step) == 1] == ["s", "a", "b", "m", "e"]


XOR = """
    startEvent s
    exclusiveGateway g default=g_c
    userTask a
    userTask b
    userTask c
    endEvent e
    s > g
    g > a ? =x < 2
    g > b ? =x < 3
    g > c
    a > e
    b > e
    c > e
"""


@shows("exclusive-gateway")
@pytest.mark.parametrize(("x", "opened"), [(1, "a"), (2, "b"), (9, "c")])
def test_an_exclusive_gateway_takes_the_first_way_that_holds(x: int, opened: str) -> None:
    # Given two conditions that both hold for 1: the one drawn first decides
    assert Driven(passing(XOR), x=x).open() == [opened]


INCLUSIVE = """
    startEvent s
    exclusiveGateway m
    inclusiveGateway split default=split_c
    userTask a
    userTask b
    userTask c
    inclusiveGateway join
    exclusiveGateway again default=again_e
    endEvent e
    s > m > split
    split > a ? =x > 0
    split > b ? =x > 1
    split > c
    a > join
    b > join
    c > join
    join > again > e
    again > m ? =more
"""


@shows("inclusive-gateway", "inclusive-join-in-loop")
def test_an_inclusive_join_waits_for_all_that_can_come_in_every_round() -> None:
    case = Driven(passing(INCLUSIVE), x=2)
    for more in (True, False):
        assert case.open() == ["a", "b"]
        case.done("b", more=more)
        assert case.open() == ["a"]
        case.done("a")
    assert case.run.closed
    assert path(case).count("join") == 2


@shows("parallel-gateway")
def test_a_parallel_join_waits_for_both_branches() -> None:
    text = """
        startEvent s
        parallelGateway f
        userTask a
        userTask b
        parallelGateway j
        endEvent e
        s > f > a > j > e
        f > b > j
    """
    case = Driven(passing(text))
    assert case.open() == ["a", "b"]
    case.done("a")
    assert not case.run.closed
    case.done("b")
    assert path(case)[-3:] == ["j", "j_e", "e"]


EVENTS = """
    startEvent s
    eventBasedGateway g
    intermediateCatchEvent late duration=PT10H
    intermediateCatchEvent soon duration=PT1H
    intermediateCatchEvent told message=reply
    endEvent e1
    endEvent e2
    endEvent e3
    s > g > late > e1
    g > soon > e2
    g > told > e3
"""


@shows("event-gateway", "event-gateway-timers", "catch-timer")
def test_what_happens_first_decides_and_the_rest_is_forgotten() -> None:
    case = Driven(passing(EVENTS))
    assert {t.element for t in case.run.timers.values()} == {"late", "soon"}
    case.fire("soon")
    assert (path(case)[-1], case.run.timers, case.run.awaited) == ("e2", {}, {})
    case = Driven(passing(EVENTS))
    case.message("reply")
    assert path(case)[-1] == "e3"


@shows("implicit-split", "implicit-end")
def test_several_ways_out_of_a_task_are_all_taken_and_end_where_they_stop() -> None:
    case = Driven(passing("startEvent s\nuserTask a\nuserTask b\nuserTask c\nendEvent e\ns > a > b\na > c > e"), x=1)
    case.done("a")
    assert case.open() == ["b", "c"]
    case.done("c")
    case.done("b")
    assert case.run.closed


@shows("condition-on-task")
@pytest.mark.parametrize(("x", "opened"), [(5, ["b", "c"]), (0, ["d"])])
def test_conditions_behind_a_task_are_asked(x: int, opened: list[str]) -> None:
    text = """
        startEvent s
        userTask a default=a_d
        userTask b
        userTask c
        userTask d
        endEvent e
        s > a > d > e
        a > b ? =x > 1
        a > c ? =x > 2
        b > e
        c > e
    """
    case = Driven(passing(text))
    case.done("a", x=x)
    assert case.open() == opened


@shows("sub-process")
def test_a_sub_process_is_left_when_its_inside_is_over() -> None:
    case = straight("subProcess a {\nstartEvent i\nuserTask t\nendEvent o\ni > t > o\n}")
    case.done("t")
    assert path(case)[-3:] == ["a", "a_e", "e"]


@shows("ad-hoc")
def test_what_was_chosen_begins_side_by_side_and_is_over_when_it_is_enough() -> None:
    text = "adHocSubProcess a active==chosen enough='=found' {\nuserTask t\nuserTask u\nuserTask v\n}"
    case = Driven(passing(f"startEvent s\n{text}\nendEvent e\ns > a > e"), chosen=["t", "v"], found=False)
    assert case.open() == ["t", "v"]
    case.done("v", found=True)
    assert case.run.closed
    assert path(case)[-4:] == ["v", "a", "a_e", "e"]
    # Given that nothing is left to do and it is not enough: the owner of the case is told
    case = Driven(case.release, chosen=["u"], found=False)
    case.done("u")
    assert [i.code for i in case.run.incidents.values()] == ["not-enough"]
    case.resolve(found=True)
    assert case.run.closed


@shows("call-activity")
def test_a_called_process_gets_and_gives_what_is_mapped() -> None:
    case = Driven(
        passing(
            "startEvent s\ncallActivity a call=other alone keep in:amount==loss out:answer==said\nendEvent e\ns > a > e",
            other="startEvent i\nuserTask t\nendEvent o\ni > t > o",
        ),
        loss=7,
    )
    assert case.run.document("a-1") == {**case.run.document("a-1"), "amount": 7}
    case.done("t", said="fine", other=1)
    assert {k: v for k, v in case.run.document().items() if k != "case"} == {"loss": 7, "answer": "fine"}


HANDLER = """
    startEvent s
    userTask a
    endEvent e
    s > a > e
    subProcess h handler {
        startEvent i %s
        userTask t
        endEvent o
        i > t > o
    }
"""


@shows("event-sub-process", "start-of-event-sub-process")
@pytest.mark.parametrize("loose", [True, False])
def test_an_event_sub_process_begins_when_its_event_happens(loose: bool) -> None:
    case = Driven(passing(HANDLER % ("duration=P3D" + " loose" * loose)))
    assert case.open() == ["a"]
    case.fire("i")
    assert case.open() == (["a", "t"] if loose else ["t"])
    assert len(case.came_of(TaskWithdrawn)) == (0 if loose else 1)


@shows("multi-instance")
@pytest.mark.parametrize("sequential", [True, False])
def test_a_repeated_task_is_done_for_each_item_until_enough(sequential: bool) -> None:
    more = " sequential" * sequential
    case = Driven(
        passing(
            'startEvent s\nuserTask a each==people item=who into=votes from==vote until="=vote = false"'
            f"{more}\nendEvent e\ns > a > e"
        ),
        people=["li", "wang", "zhao"],
    )
    assert len(case.run.tasks) == (1 if sequential else 3)
    case.done(next(iter(case.run.tasks)), vote=True)
    case.done(next(iter(case.run.tasks)), vote=False)
    assert (case.run.document()["votes"], case.run.closed) == ([True, False, None], True)


@shows("start-triggered")
@pytest.mark.parametrize("trigger", ["message=claim", "cycle=R/P1M"])
def test_opening_a_case_is_what_its_start_event_waits_for(trigger: str) -> None:
    case = Driven(passing(f"startEvent s {trigger}\nuserTask a\nendEvent e\ns > a > e"))
    assert case.open() == ["a"]


@shows("conditional-event")
def test_a_condition_happens_when_it_becomes_true() -> None:
    text = """
        startEvent s
        parallelGateway f
        userTask a
        intermediateCatchEvent c condition="=x > 5"
        userTask b
        parallelGateway j
        endEvent e
        s > f > a > j > e
        f > c > b > j
    """
    case = Driven(passing(text), x=1)
    assert case.open() == ["a"]
    case.done("a", x=6)
    assert case.open() == ["b"]


@shows("execution-listener", "task-listener")
def test_an_element_waits_for_its_listeners_and_what_they_bring() -> None:
    case = straight("userTask a groups=sales at:start=notify header:to=sales task:creating=escalate task:completing=escalate at:end=take-number")
    said = []
    for _ in range(2):
        said += [e.type for e in case.run.errands.values()]
        case.errand("a")
    assert case.open() == ["a"]
    case.done("a")
    for _ in range(2):
        said += [e.type for e in case.run.errands.values()]
        case.errand("a", number="7")
    assert (said, case.run.document()["number"]) == (["notify", "escalate", "escalate", "take-number"], "7")
    assert case.run.closed


@shows("signal-between-cases")
def test_a_signal_of_another_case_is_heard_where_it_is_waited_for_and_sent_as_far_as_drawn() -> None:
    text = """
        startEvent s
        userTask a groups=sales
        boundaryEvent b on=a signal=recalled
        intermediateThrowEvent t signal=sold reach=pack in:lot==lot in:who==buyer
        endEvent e
        endEvent o
        s > a > e
        b > t > o
    """
    case = Driven(passing(text), buyer=Personal("li", "buyer"))
    case.signal("b", lot="L7")
    assert path(case)[-5:] == ["b", "b_t", "t", "t_o", "o"]
    # What is about a person does not leave the case
    assert [s.payload for s in case.came_of(SignalSent)] == [{"lot": "L7"}]


@shows("throw-signal")
def test_a_signal_is_heard_by_whoever_waits_in_the_case() -> None:
    text = """
        startEvent s
        parallelGateway f
        userTask a
        intermediateThrowEvent t signal=go
        intermediateCatchEvent c signal=go
        parallelGateway j
        endEvent e
        s > f > a > t > j > e
        f > c > j
    """
    case = Driven(passing(text))
    case.done("a")
    assert case.run.closed


@shows("links")
def test_a_link_goes_on_where_its_other_half_is() -> None:
    text = "startEvent s\nintermediateThrowEvent t link=L\nintermediateCatchEvent c link=L\nendEvent e\ns > t\nc > e"
    case = Driven(passing(text))
    assert (path(case), case.run.closed) == (["s", "s_t", "t", "c", "c_e", "e"], True)


EDGE = """
    startEvent s
    userTask a
    boundaryEvent b on=a %s
    userTask t
    endEvent e
    endEvent o
    s > a > e
    b > t > o
"""


@shows("boundary-timer")
def test_a_timer_on_the_edge_fires_as_of_its_moment_and_a_cycle_again() -> None:
    case = Driven(passing(EDGE % "cycle=R2/PT1H loose"))
    case.fire("b")
    case.fire("b")
    assert case.open() == ["a", "t", "t"]
    assert len(case.all_of(TimerSet)) == 2
    case = Driven(passing(EDGE % "duration=PT1H"))
    case.fire("b")
    assert case.open() == ["t"]


@shows("boundary-message")
def test_a_message_on_the_edge_is_heard_again_when_it_does_not_interrupt() -> None:
    case = Driven(passing(EDGE % "message=news loose"))
    case.message("news")
    case.message("news")
    assert case.open() == ["a", "t", "t"]


THROWN = """
    startEvent s
    subProcess a {
        startEvent i
        parallelGateway f
        userTask stays
        userTask t
        endEvent never
        endEvent thrown %s
        i > f > t > thrown
        f > stays > never
    }
    boundaryEvent b on=a %s
    userTask after
    endEvent e
    endEvent o
    s > a > e
    b > after > o
"""


@shows("boundary-error", "end-error")
def test_an_error_ends_the_sub_process_it_is_thrown_in() -> None:
    case = Driven(passing(THROWN % ("error=bad", "error=bad")))
    case.done("t")
    assert case.open() == ["after"]


@shows("boundary-escalation")
@pytest.mark.parametrize("loose", [True, False])
def test_an_escalation_tells_further_out(loose: bool) -> None:
    case = Driven(passing(THROWN % ("escalation=up", "escalation=up" + " loose" * loose)))
    case.done("t")
    assert case.open() == (["after", "stays"] if loose else ["after"])


def test_every_row_that_says_executed_is_shown() -> None:
    missing = [row.id for row in ROWS if row.verdict != "refused" and row.id not in SHOWN]
    unknown = set(SHOWN) - {row.id for row in ROWS}
    assert (missing, unknown) == ([], set())


def _changed(text: str, *changes: tuple[str, str]) -> Release:
    """A release whose drawing is changed as XML before it is read."""
    data = diagram("main", text).decode()
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    release = drawn("startEvent s\nendEvent e\ns > e")
    return Release.of({**release.files, "diagrams/main.bpmn": data.encode()})


def _receive(text: str) -> Release:
    return _changed(text, ('<receiveTask id="a"', '<receiveTask id="a" messageRef="m"'),
                    ("<process", '<message id="m" name="reply"/><process'))  # fmt: skip


@shows("multi-instance-count")
@pytest.mark.parametrize("times", ["3", "=number"])
def test_a_task_is_done_as_often_as_is_said_when_it_is_reached(times: str) -> None:
    case = straight(f"userTask a groups=sales times='{times}'", number=3)
    assert [t.item for t in case.run.tasks.values()] == [1, 2, 3]
    for name in list(case.run.tasks):
        case.restart()
        case.done(name, number=9)
    assert case.run.closed
    assert path(case) == ["s", "s_a", "a", "a", "a", "a", "a_e", "e"]


@shows("standard-loop")
@pytest.mark.parametrize(
    ("marker", "x", "passes"),
    [("again==x<3", 0, 3),
     ("again==x<3", 5, 1), ("again==x<3 first", 5, 0), ("again==x<3 first", 1, 2), ("again==x<9 most=2", 0, 2), ("most=4", 0, 4),
     ("again==loopCounter<3", 0, 3)],
)  # fmt: skip
def test_a_loop_marker_is_gone_round_as_long_as_it_says(marker: str, x: int, passes: int) -> None:
    case = straight(f"userTask a groups=sales {marker}", x=x)
    done = 0
    while case.open():
        assert [t.item for t in case.run.tasks.values()] == [done + 1]
        case.restart()
        case.done("a", x=case.run.document()["x"] + 1)
        done += 1
    assert (done, case.run.closed, case.run.document()["x"]) == (passes, True, x + passes)
    assert verify(case.records(), lambda _: case.release, case.run.snapshot()).agrees


@shows("ad-hoc-sequential")
def test_what_was_chosen_in_sequence_begins_one_after_the_other_until_it_is_enough() -> None:
    text = """
        adHocSubProcess a active==chosen sequential enough="=x > 5" {
        userTask b groups=sales
        userTask c groups=sales
        userTask d groups=sales
        }"""
    case = straight(text, chosen=["d", "b", "c"])
    said = []
    for x in (1, 6):
        said += case.open()
        case.restart()
        case.done(case.open()[0], x=x)
    assert (said, case.run.closed) == (["d", "b"], True)
    assert verify(case.records(), lambda _: case.release, case.run.snapshot()).agrees


@shows("transaction")
def test_a_transaction_is_left_when_its_inside_is_over_and_an_error_interrupts_it() -> None:
    text = """
        startEvent s
        transaction a {
        startEvent is
        userTask t groups=sales
        exclusiveGateway g default=g_ie
        endEvent ie
        endEvent bad error=E1
        is > t > g > ie
        g > bad ? =x = 1
        }
        boundaryEvent b on=a error=E1
        userTask z groups=sales
        endEvent e
        endEvent o
        s > a > e
        b > z > o
    """
    for x, left in ((0, []), (1, ["z"])):
        case = Driven(passing(text), x=x)
        assert case.open() == ["t"]
        case.restart()
        case.done("t")
        assert (case.open(), case.run.closed) == (left, not left)
        assert verify(case.records(), lambda _, case=case: case.release, case.run.snapshot()).agrees


@shows("default-beside-plain")
@pytest.mark.parametrize(("x", "taken"), [(1, ["b", "c"]), (0, ["c", "d"])])
def test_a_default_beside_a_plain_flow_is_taken_when_no_condition_holds(x: int, taken: list[str]) -> None:
    text = "startEvent s\nuserTask a default=a_d groups=sales\nendEvent e\n" + "".join(f"userTask {n} groups=sales\n" for n in "bcd")
    case = Driven(passing(text + "s > a\na > b ? =x = 1\na > c\na > d\nb > e\nc > e\nd > e"), x=x)
    case.done("a")
    assert case.open() == taken

"""A running case goes on under another release of its pack, or it is told by element why it cannot."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from engine.history import (
    CaseMoved,
    ClockPaused,
    ClockResumed,
    DeadlineDropped,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    Input,
    MessageAwaited,
    MessageDropped,
    Outcome,
    TaskClaimed,
    TaskRevised,
    TimerCancelled,
    TimerMoved,
    TimerSet,
)
from engine.release import Release
from engine.replay import verify
from engine.run import CannotMove, CaseIsClosed, InputRefused, NotOnRelease
from tests.run.anything import anything
from tests.run.drawing import PACK, Driven, drawn
from tests.run.pencil import Pencil
from tests.run.walking import Walk

TWO = """
    startEvent s milestone=registered
    userTask a groups=sales limit=L1
    boundaryEvent late on=a loose date='=due("L1")'
    userTask nag
    userTask b
    endEvent e
    s > a > b > e
    late > nag
"""


def with_note(release: Release) -> Release:
    """The same pack with another digest."""
    return Release.of({**release.files, "pack.yaml": release.files["pack.yaml"] + b"\n# a note\n"})


def pack(before: str, after: str) -> str:
    """The pack with one thing written otherwise."""
    assert before in PACK
    return PACK.replace(before, after)


def replays(case: Driven) -> None:
    """What was recorded comes to life again, state and all."""
    case.restart()
    verdict = verify(case.records(), case.releases.__getitem__, case.run.snapshot())
    assert verdict.agrees, verdict.difference


def refused(case: Driven, release: Release) -> dict[str, str]:
    """Why a case cannot be moved: element -> code. It is as it was."""
    before = case.run.snapshot()
    with pytest.raises(CannotMove) as caught:
        case.move(release)
    assert case.run.snapshot() == before
    assert all(f.text("zh") and f.text("en") and f.remedy_zh for f in caught.value.findings)
    return {f.element: f.code for f in caught.value.findings}


# --- what goes on ---------------------------------------------------------------------------------


def test_a_task_that_was_added_later_comes_when_the_case_gets_there() -> None:
    case = Driven(drawn(TWO))
    assert case.move(drawn(TWO.replace("userTask b", "userTask b\n userTask check").replace("b > e", "b > check > e"))) == []
    case.done("a")
    case.done("b")
    assert case.open() == ["check"]
    case.done("check")
    assert case.run.closed
    replays(case)


def test_a_limit_that_was_changed_is_counted_again_from_its_own_start() -> None:
    case = Driven(drawn(TWO))
    case.wait(hours=30)
    set_for = case.run.tasks["a-1"].due
    case.move(drawn(TWO, pack=pack("L1: {zh: 部门, en: Department, value: 2,", "L1: {zh: 部门, en: Department, value: 3,")))
    (moved,), (timer,) = case.came_of(DeadlineMoved), case.came_of(TimerMoved)
    assert set_for and moved.due > set_for and timer.due == moved.due == case.run.tasks["a-1"].due
    # Counted from the opening of the task on Monday, not from the move on Tuesday.
    assert Driven(case.release).run.tasks["a-1"].due == moved.due
    replays(case)


def test_what_the_new_release_says_as_the_old_one_did_is_not_asked_anew() -> None:
    drawing = TWO.replace("groups=sales", "groups==team")
    case = Driven(drawn(drawing), team="sales")
    case.hear(TaskClaimed(at=case.at, actor="wang", task="a-1"))
    case.fire("late")
    case.done("nag", team="plant")
    assert case.move(with_note(case.release)) == []
    assert case.run.tasks["a-1"].groups == ("sales",) and case.run.tasks["a-1"].claimed_by == "wang"
    replays(case)


def test_who_does_an_open_task_on_which_form_follows_the_new_drawing() -> None:
    case = Driven(drawn(TWO))
    case.hear(TaskClaimed(at=case.at, actor="wang", task="a-1"))
    case.move(drawn(TWO.replace("groups=sales limit=L1", "groups=plant form=F09 limit=L1 four-eyes=nag")))
    (revised,) = case.came_of(TaskRevised)
    assert (revised.groups, revised.form, revised.claimed_by, revised.four_eyes) == (("plant",), "F09", None, ("nag",))
    assert revised.due == case.run.tasks["a-1"].due
    replays(case)


def test_a_task_that_stands_under_another_limit_is_due_by_it_from_its_opening() -> None:
    case = Driven(drawn(TWO))
    case.wait(hours=5)
    case.move(drawn(TWO.replace("limit=L1", "limit=L2").replace('"L1"', '"L2"')))
    (revised,), (cancelled,), (timer,) = (case.came_of(k) for k in (TaskRevised, TimerCancelled, TimerSet))
    assert revised.limit == "L2" and (revised.due - case.run.tasks["a-1"].opened).days == 2
    assert cancelled.timer == "late-1" and timer.due == revised.due
    replays(case)


def test_limits_of_the_case_begin_and_end_as_the_new_release_has_them() -> None:
    case = Driven(drawn(TWO))
    case.wait(days=1)
    new = PACK.replace("  C1: {zh: 结案", "  C9: {zh: 新, en: New, value: 9, unit: day, stage: case, from: registered, to: closed}\n  C1: {zh: 结案")
    case.move(drawn(TWO, pack="".join(line for line in new.splitlines(True) if not line.startswith("  C2:"))))
    (begun,), (dropped,) = case.came_of(DeadlineSet), case.came_of(DeadlineDropped)
    assert begun.deadline == "C9" and begun.start == case.run.milestones["registered"]
    assert dropped.deadline == "C2" and set(case.run.deadlines) == {"C1", "C9", "a-1"}
    replays(case)


def test_a_limit_that_ends_at_a_milestone_that_was_reached_is_met() -> None:
    drawing = TWO.replace("userTask a", "userTask a milestone=answered")
    case = Driven(drawn(drawing))
    case.wait(hours=1)
    case.done("a")
    case.move(drawn(drawing, pack=pack("from: registered, to: closed", "from: registered, to: answered")))
    assert [m.deadline for m in case.came_of(DeadlineMet)] == ["C1"]
    replays(case)


def test_a_clock_that_stands_still_goes_or_stands_as_the_new_release_says() -> None:
    fixed = drawn(TWO, pack=pack("stage: task, from: task, pausable: true", "stage: task, from: task"))
    case = Driven(drawn(TWO))
    case.hear(ClockPaused(at=case.at, actor="wang", reason="material"))
    assert not case.run.timers
    case.wait(hours=1)
    pausable = case.release
    case.move(fixed)
    assert [t.element for t in case.run.timers.values()] == ["late"] and not case.run.deadlines["a-1"].paused
    case.move(pausable)
    assert not case.run.timers and case.run.deadlines["a-1"].paused and case.run.deadlines["C1"].paused
    case.hear(ClockResumed(at=case.at, actor="wang"))
    assert [t.element for t in case.run.timers.values()] == ["late"]
    replays(case)


def test_messages_and_edges_are_waited_for_as_they_are_drawn_now() -> None:
    drawing = TWO + "\n boundaryEvent no on=b message=refuses\n userTask talk\n no > talk"
    case = Driven(drawn(drawing))
    case.done("a")
    case.move(drawn(drawing.replace("message=refuses", "message=declines") + "\n boundaryEvent slow on=b loose duration=P3D\n slow > talk"))
    assert [m.subscription for m in case.came_of(MessageDropped)] == ["no-1"]
    assert [m.message for m in case.came_of(MessageAwaited)] == ["declines"]
    assert [t.element for t in case.came_of(TimerSet)] == ["slow"]
    case.message("declines")
    assert "talk" in case.open()
    replays(case)


def test_a_timer_that_is_drawn_otherwise_counts_from_when_it_was_set() -> None:
    drawing = TWO + "\n boundaryEvent slow on=b loose duration=P3D\n userTask talk\n slow > talk"
    case = Driven(drawn(drawing))
    case.done("a")
    begun = case.at
    case.wait(days=1)
    case.move(drawn(drawing.replace("P3D", "P5D")))
    (timer,) = case.came_of(TimerSet)
    assert (timer.due - begun).days == 5
    replays(case)


def test_a_case_that_stands_still_is_mended_by_moving_it() -> None:
    drawing = "startEvent s\n exclusiveGateway g\n userTask a\n endEvent e\n s > g\n g > a ? =level > 3\n a > e\n g > e ? =level <= 3"
    case = Driven(drawn(drawing))
    assert case.run.incidents
    case.move(drawn(drawing.replace("exclusiveGateway g", "exclusiveGateway g default=g_e").replace("g > e ? =level <= 3", "g > e")))
    case.resolve(level=4)
    assert case.open() == ["a"]
    replays(case)


def test_an_event_sub_process_that_was_added_is_listened_for() -> None:
    case = Driven(drawn(TWO))
    handler = "\n subProcess stopping handler {\n startEvent stop message=withdrawn\n userTask bye\n stop > bye\n }"
    case.move(drawn(TWO + handler))
    case.message("withdrawn")
    assert case.open() == ["bye"]
    replays(case)


# --- what is refused -----------------------------------------------------------------------------

BRANCHES = """
    startEvent s
    parallelGateway fork
    userTask x
    userTask y
    parallelGateway join
    userTask after
    endEvent e
    s > fork > x > join > after > e
    fork > y > join
"""


def test_a_step_that_is_gone_or_is_another_keeps_the_case_where_it_is() -> None:
    assert refused(Driven(drawn(TWO)), drawn(TWO.replace("userTask a ", "userTask c ").replace("s > a", "s > c").replace("on=a", "on=c"))) == {
        "a": "move-element-gone"
    }
    assert refused(Driven(drawn(TWO)), drawn(TWO.replace("userTask a groups=sales limit=L1", "serviceTask a job=notify header:to=sales"))) == {
        "a": "move-other-kind"
    }
    inside = "startEvent s\n subProcess i {\n startEvent si\n userTask a\n si > a\n }\n endEvent e\n s > i > e"
    assert refused(Driven(drawn("startEvent s\n userTask a\n endEvent e\n s > a > e")), drawn(inside)) == {"a": "move-elsewhere"}


def test_a_repetition_under_way_must_be_drawn_the_same_way() -> None:
    each = "startEvent s\n userTask ask each==list item=one\n endEvent e\n s > ask > e"
    case = Driven(drawn(each), list=[1, 2])
    assert refused(case, drawn(each.replace("each==list", "each==others"))) == {"ask": "move-other-repetition"}
    case.move(drawn(each.replace("item=one", "item=one until='numberOfCompletedInstances > 0'")))
    case.done("ask-1")
    assert case.run.closed


def test_a_branch_that_waits_at_a_join_must_still_be_awaited_there() -> None:
    case = Driven(drawn(BRANCHES))
    case.done("x")
    other = BRANCHES.replace("x > join > after > e", "x > extra > join > after > e").replace("userTask x", "userTask x\n userTask extra")
    assert refused(case, drawn(other)) == {"join": "move-flow-gone"}


def test_a_join_must_not_wait_for_a_branch_that_never_began() -> None:
    case = Driven(drawn(BRANCHES))
    case.done("x")
    third = BRANCHES + "\n userTask z\n fork > z > join"
    assert refused(case, drawn(third)) == {"join": "move-starves"}
    # Before the fork nothing is lost; behind the join nothing is missing.
    early = Driven(drawn(BRANCHES.replace("s > fork", "s > first > fork").replace("startEvent s", "startEvent s\n userTask first")))
    early.move(drawn((third).replace("s > fork", "s > first > fork").replace("startEvent s", "startEvent s\n userTask first")))
    early.done("first")
    assert early.open() == ["x", "y", "z"]
    case.done("y")
    case.move(drawn(third))
    assert case.open() == ["after"]


def test_a_called_process_an_errand_and_inputs_under_way_must_be_the_same() -> None:
    call = "startEvent s\n callActivity c call=one\n endEvent e\n s > c > e"
    one = "startEvent cs\n serviceTask post job=notify header:to=sales in:text==name\n endEvent ce\n cs > post > ce"
    case = Driven(drawn(call, one=one, two=one.replace("one", "two")), name="n")
    assert refused(case, drawn(call.replace("call=one", "call=two"), one=one, two=one))["c"] == "move-other-call"
    assert refused(case, drawn(call, one=one.replace("to=sales", "to=plant"))) == {"post": "move-other-errand"}
    assert refused(case, drawn(call, one=one.replace("==name", "==other"))) == {"post": "move-other-inputs"}
    assert "one" in refused(case, drawn(TWO.replace("userTask a", "callActivity c call=two\n userTask a"), two=one))


def test_a_status_or_a_role_the_case_has_must_be_known() -> None:
    case = Driven(drawn(TWO.replace("userTask a", "userTask a status=talking")))
    unknown = PACK.replace("talking: {zh: 交涉中, en: Talking}, ", "").replace("sales: {zh: 业务部, en: Sales}, ", "")
    assert refused(case, drawn(TWO, pack=unknown)) == {"statuses": "move-status-gone", "roles": "move-role-gone"}


def test_a_case_stays_with_its_process_and_its_flow() -> None:
    other = drawn(TWO, pack=pack("process: main", "process: second").replace("flow: service", "flow: staff-conduct"), second=TWO)
    assert refused(Driven(drawn(TWO)), other) == {"process": "move-other-process", "flow": "move-other-flow"}


def test_a_closed_case_and_one_on_another_release_are_left() -> None:
    case = Driven(drawn(TWO))
    with pytest.raises(NotOnRelease):
        case.run.moved(case.release, CaseMoved(at=case.at, before="0" * 64, release=case.release.digest))
    case.done("a")
    case.done("b")
    with pytest.raises(CaseIsClosed):
        case.move(with_note(case.release))


# --- an equal release ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_a_move_to_an_equal_release_changes_nothing_whenever_it_is_made(seed: int) -> None:
    # Given a case of a random procedure that goes a random way
    pencil = Pencil(random.Random(seed))
    release = drawn(pencil.drawing(), **pencil.called)
    answers = {"x": seed % 3, "luck": bool(seed % 2)}
    equal = with_note(release)
    still, dice = Walk(release, answers), random.Random(f"way {seed}")
    moving = Driven(release, **answers)
    for step in range(40):
        event = None if still.run.closed else anything(still, dice)
        if event is None:
            break
        # When one of two such cases is moved before any step, there and back
        if step % 3 == seed % 3:
            moving.at = still.at
            assert moving.move(equal if moving.release is release else release) == []
        # I expect the same outcomes of whatever happens next
        assert heard(moving.hear, event) == heard(still.run.apply, event)
    replays(moving)


def heard(hear: Callable[[Input], list[Outcome]], event: Input) -> list[Outcome] | str:
    """What came of an input, or why it was refused."""
    try:
        return hear(event)
    except InputRefused as error:
        return str(error)

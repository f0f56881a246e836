"""A case moves as it is drawn: tasks, gateways, joins, loops, ends."""

from __future__ import annotations

import pytest

from engine.history import CaseClosed, PathTaken, TaskOpened, TaskWithdrawn
from engine.run import CaseIsClosed, ErrandNotOpen, MessageNotAwaited, NotCaseData, TaskNotOpen, TimerNotSet
from tests.run.drawing import Driven, drawn

LOOP = """
    startEvent s
    userTask a groups=sales
    exclusiveGateway g default=g_e
    endEvent e
    s > a > g > e
    g > a ? =again
"""


def test_a_task_is_open_until_it_is_done_and_named_by_its_opening() -> None:
    # Given a case with one task that may come again
    case = Driven(drawn(LOOP))
    assert list(case.run.tasks) == ["a-1"]
    # When it is done and asked for again
    case.done("a", again=True)
    # I expect its second opening, and the path that led there
    assert list(case.run.tasks) == ["a-2"]
    assert case.came_of(PathTaken)[0].passed == ("a", "a_g", "g", "g_a")
    assert case.came_of(TaskOpened)[0].groups == ("sales",)
    # And after it is done for good, the case is closed
    case.done("a", again=False)
    assert case.run.closed
    assert case.came_of(CaseClosed)[0].element == "e"
    assert case.run.milestones.keys() == {"opened", "closed"}


def test_what_the_case_cannot_hear_leaves_it_as_it_was() -> None:
    case = Driven(drawn(LOOP))
    before = case.run.snapshot()
    for refused, say in (
        (TaskNotOpen, lambda: case.hear(_completed(case, "a-7"))),
        (TimerNotSet, lambda: case.hear(_fired(case))),
        (MessageNotAwaited, lambda: case.message("hello")),
        (ErrandNotOpen, lambda: case.hear(_errand_done(case))),
    ):
        with pytest.raises(refused):
            say()
        assert case.run.snapshot() == before


def test_what_is_no_case_data_is_refused() -> None:
    case = Driven(drawn(LOOP))
    before = case.run.snapshot()
    with pytest.raises(NotCaseData):
        case.done("a", again=False, price=1.5)
    assert case.run.snapshot() == before
    case.done("a", again=False)
    assert case.run.closed


def test_a_closed_case_hears_only_remarks() -> None:
    from engine.history import CommentAdded

    case = Driven(drawn(LOOP))
    case.done("a", again=False)
    with pytest.raises(CaseIsClosed):
        case.hear(_completed(case, "a-1"))
    case.hear(CommentAdded(at=case.at, text="thanks"))
    assert case.run.closed


def test_a_parallel_join_waits_for_every_branch_also_in_a_loop() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            exclusiveGateway top
            parallelGateway split
            userTask a
            userTask b
            parallelGateway join
            userTask z
            exclusiveGateway g default=g_e
            endEvent e
            s > top > split > a > join > z > g > e
            split > b > join
            g > top ? =again
            """
        )
    )
    for round_ in range(3):
        # Given both branches are open; when they are done, in another order each time
        assert case.open() == ["a", "b"]
        first, second = ("a", "b") if round_ % 2 else ("b", "a")
        case.done(first)
        case.restart()
        assert case.open() == [second]
        case.done(second)
        # I expect the join to fire once
        assert case.open() == ["z"]
        case.done("z", again=round_ < 2)
    assert case.run.closed


def test_two_tokens_on_one_flow_do_not_fire_a_parallel_join() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway split
            userTask a
            userTask b
            exclusiveGateway merge
            userTask c
            parallelGateway join
            userTask z
            endEvent e
            s > split > a > merge > join > z > e
            split > b > merge
            split > c > join
            """
        )
    )
    case.done("a")
    case.done("b")
    assert case.open() == ["c"]
    case.done("c")
    assert case.open() == ["z"]
    case.done("z")
    # As the standard has it, the second token stays at the join.
    assert not case.run.closed
    assert [t.element for t in case.run.tokens] == ["join"]


INCLUSIVE = """
    startEvent s
    exclusiveGateway top
    inclusiveGateway split default=split_c
    userTask a
    userTask b
    userTask c
    inclusiveGateway join
    userTask z
    exclusiveGateway g default=g_e
    endEvent e
    s > top > split
    split > a ? =x > 0
    split > b ? =x > 1
    split > c
    a > join > z > g > e
    b > join
    c > join
    g > top ? =again
"""


@pytest.mark.parametrize(("x", "open_"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_an_inclusive_split_takes_what_holds_and_its_join_waits_for_just_that(x: int, open_: list[str]) -> None:
    case = Driven(drawn(INCLUSIVE), x=x)
    for round_ in range(2):
        assert case.open() == open_
        for element in open_:
            assert "z" not in case.open()
            case.done(element)
        assert case.open() == ["z"]
        case.restart()
        case.done("z", again=round_ == 0)
    assert case.run.closed


def test_several_flows_out_of_a_task_are_all_taken_and_conditions_on_them_are_asked() -> None:
    text = """
        startEvent s
        userTask a default=a_d
        userTask b
        userTask c
        userTask d
        s > a
        a > b ? =x > 1
        a > c ? =x > 2
        a > d
    """
    case = Driven(drawn(text), x=3)
    case.done("a")
    assert case.open() == ["b", "c"]
    case = Driven(drawn(text), x=1)
    case.done("a")
    assert case.open() == ["d"]


def test_a_terminate_end_takes_everything_away() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway split
            userTask a
            userTask b
            endEvent stop terminate
            endEvent e
            s > split > a > stop
            split > b > e
            """
        )
    )
    case.done("a")
    assert case.run.closed
    assert [w.task for w in case.came_of(TaskWithdrawn)] == ["b-1"]


def test_a_case_ends_when_the_last_path_ends_with_or_without_an_end_event() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway split
            userTask a
            userTask b
            endEvent e
            s > split > a > e
            split > b
            """
        )
    )
    case.done("a")
    assert not case.run.closed
    case.done("b")
    assert case.run.closed


def test_a_terminate_end_inside_a_sub_process_ends_only_that() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            subProcess sub {
            startEvent si
            parallelGateway pi
            userTask a
            userTask b
            endEvent stop terminate
            si > pi > a > stop
            pi > b
            }
            userTask z
            s > sub > z
            """
        )
    )
    case.done("a")
    assert case.open() == ["z"]


def test_a_link_leads_to_where_it_is_caught() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            intermediateThrowEvent out link=L
            intermediateCatchEvent into link=L
            userTask a
            s > out
            into > a
            """
        )
    )
    assert case.open() == ["a"]


def test_an_endless_loop_is_stopped_and_told() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            exclusiveGateway g
            scriptTask x script="=1" result=n
            s > g > x > g
            """
        )
    )
    (incident,) = case.run.incidents.values()
    assert incident.code == "too-many-steps"


def _completed(case: Driven, task: str):  # type: ignore[no-untyped-def]
    from engine.history import TaskCompleted

    return TaskCompleted(at=case.at, task=task, answers={})


def _fired(case: Driven):  # type: ignore[no-untyped-def]
    from engine.history import TimerFired

    return TimerFired(at=case.at, timer="late-1", fired_at=case.at)


def _errand_done(case: Driven):  # type: ignore[no-untyped-def]
    from engine.history import ErrandDone

    return ErrandDone(at=case.at, errand="number-1")

"""A process that can get stuck, run twice or never reach a step is told so, with the way that leads there."""

from __future__ import annotations

import time

from engine.diagram.token_game import MOST_STATES
from tests.diagram.drawings import drawing, found, judged

CHOICE_THEN_BOTH = """
    startEvent s
    exclusiveGateway g default=g_b
    userTask a
    userTask b
    parallelGateway j
    endEvent e
    s > g
    g > a ? =x
    g > b
    a > j > e
    b > j
"""


def test_a_join_that_waits_for_a_branch_not_taken_is_a_deadlock() -> None:
    finding = found(drawing(CHOICE_THEN_BOTH))["deadlock"]
    assert (finding.element, finding.severity) == ("j", "error")
    assert finding.detail["path"] in [("s", "g", "a", "j"), ("g", "a", "j"), ("g", "b", "j")]


def test_an_inclusive_split_joined_by_a_parallel_gateway_is_a_deadlock() -> None:
    text = CHOICE_THEN_BOTH.replace("exclusiveGateway g", "inclusiveGateway g")
    assert found(drawing(text))["deadlock"].element == "j"
    # And joined as it was split it is sound
    sound = text.replace("parallelGateway j", "inclusiveGateway j")
    assert not {"deadlock", "runs-twice"} & found(drawing(sound)).keys()


def test_branches_that_meet_without_a_join_run_what_follows_twice() -> None:
    text = """
        startEvent s
        parallelGateway f
        userTask a
        userTask b
        userTask c
        endEvent e
        s > f > a > c > e
        f > b > c
    """
    finding = found(drawing(text))["runs-twice"]
    assert (finding.severity, finding.element) == ("warning", "c")


def test_what_nothing_leads_to_is_named() -> None:
    text = "startEvent s\nuserTask a\nuserTask lost\nendEvent e\ns > a > e\nlost > e"
    assert found(drawing(text))["unreachable"].element == "lost"


def test_a_loop_without_a_way_out_never_ends() -> None:
    text = "startEvent s\nexclusiveGateway m\nuserTask a\nendEvent e\ns > m > a > m\n"
    assert found(drawing(text))["no-way-to-the-end"].element == "main"
    # A reminder on the edge that comes to an end changes nothing about that
    text += "boundaryEvent t on=a duration=PT1H loose\nendEvent r\nt > r"
    assert found(drawing(text))["no-way-to-the-end"].element == "main"


def test_a_reminder_on_the_edge_of_a_task_in_a_loop_is_no_fault() -> None:
    text = """
        startEvent s
        userTask a
        boundaryEvent late on=a duration=P1D loose
        userTask extend
        endEvent r
        exclusiveGateway g default=g_e
        endEvent e
        s > a > g > e
        g > a ? =again
        late > extend > r
    """
    assert not {"runs-twice", "deadlock", "no-way-to-the-end"} & found(drawing(text)).keys()


def test_a_loop_with_a_question_is_sound() -> None:
    text = "startEvent s\nuserTask a\nexclusiveGateway g default=g_e\nendEvent e\ns > a > g > e\ng > a ? =again"
    assert found(drawing(text)).keys() <= {"gateway-no-question", "task-without-form", "task-without-people"}


def test_boundary_events_and_terminate_are_no_fault() -> None:
    text = """
        startEvent s
        parallelGateway f
        userTask a
        userTask b
        boundaryEvent late on=a duration=P1D loose
        boundaryEvent gone on=b message=gone
        userTask remind
        endEvent stop terminate
        endEvent r
        parallelGateway j
        endEvent e
        s > f > a > j > e
        f > b > j
        late > remind > r
        gone > stop
    """
    assert not {"deadlock", "no-way-to-the-end", "never-runs"} & found(drawing(text)).keys()


def test_the_inside_of_a_sub_process_is_played_too() -> None:
    inner = CHOICE_THEN_BOTH
    for old, new in (
        ("startEvent s", "startEvent i"),
        ("s > g", "i > g"),
        ("endEvent e", "endEvent o"),
        ("> e", "> o"),
    ):
        inner = inner.replace(old, new)
    text = f"startEvent s\nsubProcess p {{\n{inner}\n}}\nendEvent e\ns > p > e"
    assert found(drawing(text))["deadlock"].element == "j"


def test_the_widest_processes_are_answered_soon_or_said_to_be_undecided() -> None:
    # Given thirty tasks side by side, each of which may end everything: two to the power of thirty states
    names = [f"t{n}" for n in range(30)]
    text = "startEvent s\nparallelGateway f\nparallelGateway j\nendEvent e\nuserTask w\nendEvent x terminate\ns > f\nj > e\nw > x\n"
    text += "\n".join(f"userTask {n}\nboundaryEvent b{n} on={n} duration=P1D\nf > {n} > j\nb{n} > w" for n in names)
    # and five hundred tasks in a row
    row = [f"t{n}" for n in range(498)]
    long = "startEvent s\nendEvent e\n" + "\n".join(f"userTask {n}" for n in row) + f"\ns > {' > '.join(row)} > e"
    began = time.perf_counter()
    assert found(drawing(text))["soundness-undecided"].severity == "warning"
    assert found(drawing(long)).keys() == {"task-without-form", "task-without-people"}
    judged(drawing(long))
    # I expect both answered (a bound far from what it takes, against a search that runs away)
    assert time.perf_counter() - began < 20
    assert MOST_STATES < 10_000

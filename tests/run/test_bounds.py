"""A case that goes round and round, or multiplies, stands still where its owner sees it, and can be let go on."""

from __future__ import annotations

import pytest

from engine.history import IncidentRaised
from engine.release import Release
from engine.replay import verify
from engine.run import bounds
from tests.run.drawing import PACK, Driven, drawn

LOOP = """
    startEvent s
    exclusiveGateway again
    userTask a
    exclusiveGateway g default=g_again
    userTask z
    s > again > a > g > again
    g > z ? =done = true
"""


def small(main: str, most: int = 3, **called: str) -> Release:
    return drawn(main, pack=PACK + f"most_passes: {most}\n", **called)


def rounds(case: Driven, number: int, task: str = "a", **answers: object) -> None:
    for _ in range(number):
        case.restart()
        case.done(task, **answers)


def test_a_loop_that_never_ends_is_an_incident_after_so_many_rounds() -> None:
    # Given a case that may go round three times
    case = Driven(small(LOOP))
    rounds(case, 2)
    assert case.open() == ["a"]
    # When it comes round a fourth time
    rounds(case, 1)
    # Then it stands still at the place where the loop begins, and says how to go on
    (incident,) = case.came_of(IncidentRaised)
    assert (incident.code, incident.element) == ("too-many-passes", "again")
    assert "most_passes" in incident.en and "most_passes" in incident.zh
    assert (case.open(), [t.state for t in case.run.tokens]) == ([], ["stuck"])
    # And is let go on, mended or for as many rounds again
    case.restart()
    case.resolve()
    rounds(case, 2)
    assert case.open() == ["a"]
    rounds(case, 1, done=True)
    assert case.open() == ["z"]
    assert verify(case.records(), lambda _: case.release, case.run.snapshot()).agrees


@pytest.mark.parametrize(
    "main",
    [
        "startEvent s\nuserTask a\nuserTask b\ns > a > b > a",
        "startEvent s\nuserTask a\nboundaryEvent late on=a duration=P1D\nuserTask b\ns > a\nlate > b > a",
        "startEvent s\nintermediateCatchEvent there link=L\nuserTask a\nintermediateThrowEvent back link=L\ns > a > back\nthere > a",
        "startEvent s\nuserTask a\nparallelGateway f\nparallelGateway j\nexclusiveGateway m\ns > m > f > a > j > m\nf > j",
    ],
    ids=["tasks", "boundary event", "link", "parallel"],
)
def test_every_way_of_going_round_is_counted(main: str) -> None:
    case = Driven(small(main))
    for _ in range(20):
        if case.run.incidents:
            break
        case.restart()
        if case.run.timers and "a" in case.open():
            case.fire("late")
        else:
            case.done(case.open()[0])
    assert [i.code for i in case.run.incidents.values()] == ["too-many-passes"]


def test_a_loop_inside_something_that_is_begun_anew_is_counted_anew() -> None:
    inside = """
        startEvent s
        exclusiveGateway again
        callActivity c call=round keep
        exclusiveGateway g default=g_again
        s > again > c > g > again
        userTask z
        g > z ? =false
    """
    called = """
        startEvent cs
        exclusiveGateway m
        userTask a
        exclusiveGateway q default=q_m
        endEvent ce
        cs > m > a > q > m
        q > ce ? =enough = true
    """
    case = Driven(small(inside, most=4, round=called))
    for _ in range(3):
        rounds(case, 2)
        rounds(case, 1, enough=True)
    assert not case.run.incidents
    rounds(case, 1, enough=True)
    assert [i.element for i in case.run.incidents.values()] == ["again"]


def test_branches_that_multiply_in_a_loop_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_TOKENS", 20)
    case = Driven(drawn("startEvent s\nuserTask a\nparallelGateway f\ns > a > f > a\nf > a"))
    while not case.run.incidents:
        case.done(next(iter(case.run.tasks)))
    assert {i.code for i in case.run.incidents.values()} == {"too-many-tokens"}
    assert len(case.run.tokens) <= 22


def test_what_does_not_go_round_is_not_counted() -> None:
    case = Driven(small("startEvent s\nuserTask a\nuserTask b\ns > a > b", most=1))
    case.done("a")
    case.done("b")
    assert (case.run.closed, case.run.incidents) == (True, {})


@pytest.mark.parametrize("inside", ["userTask a again==true", "subProcess p again==true {\nstartEvent i\nuserTask a\nendEvent o\ni > a > o\n}"])
def test_a_loop_marker_whose_condition_never_ends_is_stopped_and_can_be_let_go_on(inside: str) -> None:
    step = inside.split()[1]
    case = Driven(small(f"startEvent s\n{inside}\nuserTask z\ns > {step} > z"))
    rounds(case, 4)
    assert [i.code for i in case.run.incidents.values()] == ["too-many-passes"]
    case.restart()
    case.resolve()
    assert case.open() == ["a"]
    rounds(case, 2)
    assert case.open() == ["a"]
    assert verify(case.records(), lambda _: case.release, case.run.snapshot()).agrees


@pytest.mark.parametrize(
    ("times", "code"), [("=10000000", "too-many-items"), ("=-1", "not-a-count"), ("=1.5", "not-a-count"), ('="many"', "not-a-count")]
)
def test_a_number_of_times_that_cannot_be_is_an_incident(times: str, code: str) -> None:
    case = Driven(drawn(f"startEvent s\nuserTask a times='{times}'\nuserTask z\ns > a > z"))
    assert [i.code for i in case.run.incidents.values()] == [code]

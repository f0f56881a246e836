"""What goes wrong: errors the diagram catches, escalations, event sub-processes, and incidents nobody drew."""

from __future__ import annotations

from engine.history import ErrandCancelled, ErrandDone, ErrandFailed, ErrandStarted, IncidentRaised, TaskWithdrawn
from tests.run.drawing import Driven, drawn

ERRAND = """
    startEvent s
    serviceTask letter job=send-letter in:to==address
    boundaryEvent bounced on=letter error=no-address
    boundaryEvent any on=letter error=
    userTask z
    userTask mend
    userTask other
    s > letter > z
    bounced > mend
    any > other
"""


def test_a_failed_errand_is_caught_by_its_code_else_by_any() -> None:
    for code, expected in (("no-address", "mend"), ("printer", "other")):
        case = Driven(drawn(ERRAND), address="here")
        case.restart()
        case.fail("letter", code)
        assert case.open() == [expected]
        assert not case.came_of(ErrandCancelled)


def test_an_error_nobody_catches_is_an_incident_and_the_errand_is_asked_for_anew() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            serviceTask letter job=send-letter in:to==address
            userTask z
            s > letter > z
            """
        ),
        address="here",
    )
    case.fail("letter", "no-address", "the street is missing")
    (incident,) = case.came_of(IncidentRaised)
    assert (incident.element, incident.code) == ("letter", "uncaught-error")
    assert "the street is missing" in incident.en
    assert not case.run.errands
    case.restart()
    assert [(t.element, t.state) for t in case.run.tokens] == [("letter", "stuck")]
    case.resolve(address="there")
    assert case.came_of(ErrandStarted)[0].inputs == {"to": "there"}
    assert list(case.run.errands) == ["letter-2"]
    case.errand("letter")
    assert case.open() == ["z"]
    assert not case.run.incidents


def test_one_of_several_errands_that_failed_is_asked_for_anew_with_its_own_item() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            serviceTask letter job=send-letter each==[1,2] item=n 'in:to=="no. " + string(n)'
            userTask z
            s > letter > z
            """
        )
    )
    case.hear(ErrandFailed(at=case.at, errand="letter-1", error="no-address"))
    case.restart()
    case.resolve()
    assert {e.name: e.inputs for e in case.run.errands.values()} == {
        "letter-2": {"to": "no. 2"},
        "letter-3": {"to": "no. 1"},
    }
    for name in list(case.run.errands):
        case.hear(ErrandDone(at=case.at, errand=name))
    assert case.open() == ["z"]


def test_an_error_end_ends_its_sub_process_and_goes_on_at_its_edge() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            subProcess outer {
            subProcess inner {
            startEvent si
            parallelGateway p
            userTask a
            userTask b
            endEvent bad error=E1
            si > p > a > bad
            p > b
            }
            boundaryEvent wrong on=inner error=E2
            userTask x
            wrong > x
            }
            boundaryEvent right on=outer error=E1
            userTask y
            s > outer
            right > y
            """
        )
    )
    case.done("a")
    assert case.open() == ["y"]
    assert [w.task for w in case.came_of(TaskWithdrawn)] == ["b-1"]


def test_an_error_leaves_a_called_process() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            callActivity c call=sub
            boundaryEvent caught on=c error=E1
            userTask y
            s > c
            caught > y
            """,
            sub="""
            startEvent cs
            userTask ct
            endEvent bad error=E1
            cs > ct > bad
            """,
        )
    )
    case.restart()
    case.done("ct")
    assert case.open() == ["y"]
    assert list(case.run.documents) == [""]


def test_an_uncaught_error_end_is_an_incident() -> None:
    case = Driven(drawn("startEvent s\nuserTask a\nendEvent bad error=E1\ns > a > bad"))
    case.done("a")
    assert [i.code for i in case.run.incidents.values()] == ["uncaught-error"]
    assert not case.run.closed


ESCALATION = """
    startEvent s
    subProcess sub {{
    startEvent si
    userTask a
    intermediateThrowEvent up escalation=U1
    userTask b
    si > a > up > b
    }}
    boundaryEvent heard on=sub {loose} escalation=U1
    userTask chief
    s > sub
    heard > chief
"""


def test_an_escalation_is_heard_outside_and_only_interrupts_if_drawn_so() -> None:
    case = Driven(drawn(ESCALATION.format(loose="loose")))
    case.done("a")
    assert case.open() == ["b", "chief"]
    case = Driven(drawn(ESCALATION.format(loose="")))
    case.done("a")
    assert case.open() == ["chief"]


def test_an_escalation_nobody_hears_changes_nothing() -> None:
    case = Driven(drawn("startEvent s\nintermediateThrowEvent up escalation=U9\nuserTask a\ns > up > a"))
    assert case.open() == ["a"]


HANDLER = """
    startEvent s
    userTask a
    endEvent bad {throws}
    s > a > bad
    subProcess h handler {{
    startEvent hs {loose} {trigger}
    userTask t
    hs > t
    }}
"""


def test_an_event_sub_process_begins_when_its_event_comes_and_not_before() -> None:
    for trigger, say in (
        ("message=stop", lambda case: case.message("stop", why="asked")),
        ("duration=PT1H", lambda case: case.fire("hs")),
        ("condition='=loss > 10'", lambda case: case.message("loss-known", loss=11)),
    ):
        for loose, left in (("", ["t"]), ("loose", ["a", "t"])):
            text = HANDLER.format(throws="", loose=loose, trigger=trigger)
            if "condition" in trigger:
                text += "boundaryEvent known on=a loose message=loss-known\n"
            case = Driven(drawn(text))
            assert case.open() == ["a"]
            case.restart()
            say(case)
            assert case.open() == left
            case.restart()
            case.done("t")
            if left == ["t"]:
                assert case.run.closed
            else:
                case.done("a")
                assert case.run.closed


def test_an_event_sub_process_that_does_not_interrupt_may_begin_again() -> None:
    case = Driven(drawn(HANDLER.format(throws="", loose="loose", trigger="message=more")))
    case.message("more")
    case.message("more")
    assert case.open() == ["a", "t", "t"]


def test_errors_and_escalations_begin_event_sub_processes() -> None:
    for throws, trigger in (("error=E1", "error=E1"), ("error=E1", "error="), ("escalation=U1", "escalation=U1")):
        case = Driven(drawn(HANDLER.format(throws=throws, loose="", trigger=trigger)))
        assert case.open() == ["a"]
        case.restart()
        case.done("a")
        assert case.open() == ["t"]
        case.done("t")
        assert case.run.closed


def test_an_event_sub_process_inside_a_sub_process_takes_only_that_away() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            userTask other
            subProcess sub in:local==1 {
            startEvent si
            userTask a
            si > a
            subProcess h handler {
            startEvent hs message=stop
            userTask t
            hs > t
            }
            }
            userTask z
            s > p > sub > z
            p > other
            """
        )
    )
    case.message("stop")
    assert case.open() == ["other", "t"]
    assert case.run.document(case.run.tasks["t-1"].scope)["local"] == 1
    case.done("t")
    assert case.open() == ["other", "z"]


def test_an_event_sub_process_of_a_called_process_takes_only_that_away() -> None:
    called = HANDLER.format(throws="", loose="", trigger="message=stop")
    case = Driven(drawn("startEvent s0\ncallActivity c call=sub\nuserTask z\ns0 > c > z", sub=called))
    case.restart()
    case.message("stop", why="asked")
    assert case.open() == ["t"]
    assert case.run.documents["c-1"] == {"why": "asked"}
    case.done("t")
    assert case.open() == ["z"]
    assert case.run.documents == {"": {"why": "asked"}}


def test_a_due_date_that_is_none_is_an_incident() -> None:
    case = Driven(drawn("startEvent s\nuserTask a due==when\ns > a"), when="soon")
    assert [i.code for i in case.run.incidents.values()] == ["not-a-moment"]
    case.resolve(when="2026-02-01T09:00:00+08:00")
    assert case.run.tasks["a-1"].due is not None


def test_a_condition_that_is_no_condition_is_an_incident_and_can_be_mended() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a
            exclusiveGateway g default=g_e
            userTask b
            endEvent e
            s > a > g > e
            g > b ? =loss > 100
            """
        )
    )
    # Given a loss that was never told
    case.done("a")
    (incident,) = case.came_of(IncidentRaised)
    # I expect the case to stand still at the gateway, in both languages
    assert (incident.element, incident.code) == ("g", "not-a-boolean")
    assert incident.zh != incident.en
    assert [(t.element, t.state) for t in case.run.tokens] == [("g", "stuck")]
    assert not case.run.tasks and not case.run.closed
    # When it is tried again without help, it stands still again
    case.restart()
    case.resolve()
    assert case.came_of(IncidentRaised)
    # And with the value set right it goes on
    case.resolve(loss=200)
    assert case.open() == ["b"]


def test_a_step_that_fails_leaves_nothing_of_itself() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a
            userTask b in:x==1 groups==missing.list limit=L1 status=talking
            boundaryEvent late on=b duration==nonsense
            s > a > b
            """
        )
    )
    case.done("a")
    # The task could be opened, but its timer could not be set: so nothing of it is there.
    assert [i.code for i in case.run.incidents.values()] == ["not-a-moment"]
    assert not case.run.tasks and not case.run.timers and case.run.status is None
    assert list(case.run.documents) == [""]
    assert not case.run.deadlines.keys() & {"b-1"}
    case.resolve(nonsense="PT1H")
    assert list(case.run.tasks) == ["b-1"]
    assert case.run.status == "talking"


def test_no_way_out_is_an_incident() -> None:
    case = Driven(
        drawn("startEvent s\nexclusiveGateway g\nuserTask a\nuserTask b\ns > g\ng > a ? =x = 1\ng > b ? =x = 2"), x=3
    )
    assert [i.code for i in case.run.incidents.values()] == ["no-flow"]
    case.resolve(x=2)
    assert case.open() == ["b"]


def test_more_repetitions_than_people_can_do_are_one_incident_and_can_be_mended() -> None:
    release = drawn("startEvent s\nuserTask a each='=for i in 1..n return i'\nendEvent e\ns > a > e")
    case = Driven(release, n=20_000)
    assert [i.code for i in case.run.incidents.values()] == ["too-many-items"]
    case.resolve(n=2)
    assert case.open() == ["a", "a"]


def test_calls_that_never_end_are_stopped() -> None:
    case = Driven(
        drawn(
            "startEvent s\ncallActivity c call=sub\ns > c",
            sub="startEvent cs\ncallActivity again call=sub\ncs > again",
        )
    )
    assert [i.code for i in case.run.incidents.values()] == ["too-deep"]

"""Running cases are moved to another release: foreseen first, decided by two, done case by case, never against the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from engine.authority import Actor, NotAuthorised
from engine.desk import TaskMovedOn, load
from engine.foreseen import Foreseen
from engine.history import CaseMoved, DeadlineMoved, TaskRevised
from engine.moving import (
    ForecastUnderWay,
    MoveDecided,
    Moving,
    NotAskedFor,
    NothingToMove,
    NotTwoReleases,
    TooManyToForesee,
)
from engine.publishing import SecondPairNeeded
from engine.replay import verify
from engine.run import foresee
from engine.store import MovedCase
from tests.desk.office import DIAGRAM, FILES, PACK, Office

OLGA, OMAR = (Actor(name=n, memberships=frozenset({"office/owner"})) for n in ("olga", "omar"))
#: Approval is asked of the head alone, on a longer limit, and what was found is checked first.
_CHECK = (
    '<userTask id="check" name="复核"><documentation>Check</documentation><extensionElements>'
    '<zeebe:assignmentDefinition candidateGroups="head"/><zeebe:formDefinition formId="F02"/></extensionElements></userTask>'
)
CHECKED = (
    DIAGRAM.replace('<userTask id="approve"', f'{_CHECK}\n  <userTask id="approve"')
    .replace('id="f3" sourceRef="look" targetRef="approve"/>', 'id="f3" sourceRef="look" targetRef="check"/>')
    .replace('<sequenceFlow id="f4"', '<sequenceFlow id="f9" sourceRef="check" targetRef="approve"/>\n  <sequenceFlow id="f4"')
    .replace('candidateGroups="head, clerk"', 'candidateGroups="head"')
)
AFTER = {
    **FILES,
    "diagrams/office.bpmn": CHECKED.encode(),
    "pack.yaml": PACK.replace("value: 3, unit: workday, stage: task", "value: 5, unit: workday, stage: task").encode(),
}


@pytest.fixture
def moving(office: Office) -> Moving:
    return Moving(office.store, office.clock, office.desk.shelf)


def published(office: Office, files: dict[str, bytes]) -> str:
    done = office.publishing.propose(files, OLGA)
    assert done.release is not None
    office.publishing.publish(done.release.digest, OMAR)
    return done.release.digest


def before(office: Office) -> str:
    with office.store.look() as reading:
        return reading.current("office")


def holds(office: Office, case: str) -> None:
    """History, snapshot and derived rows agree."""
    with office.store.begin() as tx:
        head, records = tx.head(case), tx.history(case)
        verdict = verify(records, lambda digest: office.desk.shelf.release(digest, tx), head.state)
        assert verdict.agrees, verdict.difference
        assert tx.stray(case) is None


def test_what_was_foreseen_for_each_case_is_what_happens_to_it(office: Office, moving: Moving) -> None:
    # Given cases at every place: looked into, taken, waiting for approval by a clerk, closed
    old = before(office)
    fresh, taken, approval, closed = (office.receive(s) for s in ("a", "b", "c", "d"))
    office.desk.claim_task(taken, "look-1", office.actor("carl"))
    for case in (approval, closed):
        office.desk.complete_task(case, "look-1", {"finding": "x"}, office.actor("carl"))
    office.desk.complete_task(closed, "approve-1", {"approved": True}, office.actor("hana"))
    # When another release is in force, and an owner asks what moving them would do
    new = published(office, AFTER)
    forecast = moving.forecast("office", old, new, OLGA)
    # I expect every running case, with deadlines before and after, and nothing changed
    assert (forecast.movable, forecast.barred, forecast.hidden) == (3, 0, 0)
    told = {c.case: {(x.of, x.how, x.name, x.what) for x in c.foreseen.changes} for c in forecast.cases}
    assert told[fresh] == {("deadline", "changed", "look-1", ""), ("timer", "changed", "late-1", "")}
    assert told[approval] == {("task", "changed", "approve-1", "groups")}
    assert before_and_after(office, forecast.cases, fresh) == (3, 5)
    # And when it was asked for and a second owner approved
    move = moving.propose("office", old, new, "the new procedure", OLGA)
    with pytest.raises(SecondPairNeeded):
        moving.approve(move.id, OLGA)
    moving.approve(move.id, OMAR)
    office.executor.poke()
    # Then each case is on the new release, as was foreseen
    view = moving.view(move.id, OLGA)
    assert dict(view.tally) == {"moved": 3}
    for case in view.cases:
        with office.store.look() as reading:
            head, records = reading.head(case.case), reading.history(case.case)
        (moved,) = [r.event for r in records if isinstance(r.event, CaseMoved)]
        assert head.release == new and (moved.actor, moved.asked_by, moved.move) == ("omar", "olga", move.id)
        happened = {type(r.event) for r in records if r.seq > case.seq}
        assert (DeadlineMoved in happened) == (("deadline", "changed", "look-1", "") in told[case.case])
        assert (TaskRevised in happened) == (case.case == approval)
        holds(office, case.case)
    with office.store.look() as reading:
        assert reading.head(closed).release == old
        (act,) = [a for a in reading.acts() if a.kind == "cases-moved"]
    assert act.facts["cases"] == 3 and act.about == move.id
    # And they go on by the new drawing
    office.desk.complete_task(taken, "look-1", {"finding": "x"}, office.actor("carl"))
    assert office.tasks(taken) == ["check-1"]
    holds(office, taken)


def before_and_after(office: Office, cases: Sequence[MovedCase], case: str) -> tuple[int, int]:
    """Working days a deadline is away, before and after."""
    (due,) = [x for c in cases if c.case == case for x in c.foreseen.changes if x.of == "deadline"]
    opened = office.clock.now()
    days = [(datetime.fromisoformat(t) - opened).days for t in (due.before, due.after)]
    return days[0], days[1] - 2  # a week-end lies between


def test_a_case_that_moved_on_meanwhile_is_left_and_reported(office: Office, moving: Moving) -> None:
    old = before(office)
    still, talked, went, ended = (office.receive(s) for s in ("a", "b", "c", "d"))
    new = published(office, AFTER)
    move = moving.propose("office", old, new, "r", OLGA)
    # When one is only spoken about, one goes on, one ends, and then it is approved
    office.desk.comment(talked, "hello", office.actor("carl"))
    office.desk.complete_task(went, "look-1", {"finding": "x"}, office.actor("carl"))
    office.desk.receive_message(ended, "withdraw", {}, office.actor("carl"))
    moving.approve(move.id, OMAR)
    office.executor.poke()
    # I expect those for whom the forecast holds to be moved, and the others to be where they were
    view = moving.view(move.id, OMAR)
    assert {c.case: (c.state, c.why) for c in view.cases} == {
        still: ("moved", ""), talked: ("moved", ""), went: ("left", "otherwise"), ended: ("left", "closed"),
    }  # fmt: skip
    with office.store.look() as reading:
        assert {c: reading.head(c).release == new for c in (still, talked, went, ended)} == {still: True, talked: True, went: False, ended: False}
    for case in (still, talked, went, ended):
        holds(office, case)
    # And a timer that comes due before it is done is fired as of its moment first
    office.clock.advance(days=30)
    office.executor.poke()
    holds(office, still)


def test_an_owner_learns_of_no_case_that_is_about_them_not_even_by_a_number(office: Office, moving: Moving) -> None:
    # Given two cases, from one of which an owner of the procedure stepped off
    old = before(office)
    about, other = office.receive("a"), office.receive("b")
    office.desk.recuse(about, "olga", "亲属", OLGA)
    new = published(office, AFTER)
    # I expect that owner to be told of the other alone, before and after, and both to be moved
    forecast = moving.forecast("office", old, new, OLGA)
    assert (forecast.movable, forecast.hidden, [c.case for c in forecast.cases]) == (1, 0, [other])
    assert moving.forecast("office", old, new, OMAR).movable == 2
    move = moving.approve(moving.propose("office", old, new, "r", OLGA).id, OMAR)
    office.executor.poke()
    told = {name: moving.view(move.id, who) for name, who in (("olga", OLGA), ("omar", OMAR))}
    assert (told["olga"].tally, told["olga"].hidden) == ({"moved": 1}, 0) and told["omar"].tally == {"moved": 2}
    with office.store.look() as reading:
        assert {reading.head(c).release for c in (about, other)} == {new}


def test_a_step_that_is_gone_keeps_its_cases_and_says_so(office: Office, moving: Moving) -> None:
    old, case = before(office), office.receive()
    renamed = DIAGRAM.replace('"look"', '"find"').replace('due("find")', 'due("look")')
    renamed = renamed.replace('name="limit" value="find"', 'name="limit" value="look"')
    new = published(office, {**FILES, "diagrams/office.bpmn": renamed.encode()})
    forecast = moving.forecast("office", old, new, OLGA)
    assert (forecast.movable, forecast.barred) == (0, 1)
    assert [(f.element, f.code) for f in forecast.cases[0].foreseen.bars] == [("look", "move-element-gone")]
    with pytest.raises(NothingToMove):
        moving.propose("office", old, new, "r", OLGA)
    with office.store.look() as reading:
        assert reading.head(case).release == old


def test_who_answers_on_the_old_form_is_told_that_the_task_was_revised(office: Office, moving: Moving) -> None:
    old, case = before(office), office.receive()
    office.desk.complete_task(case, "look-1", {"finding": "x"}, office.actor("carl"))
    seen = office.casebook.case(case, office.actor("hana")).head.seq
    move = moving.propose("office", old, published(office, AFTER), "r", OLGA)
    moving.approve(move.id, OMAR)
    office.executor.poke()
    with pytest.raises(TaskMovedOn):
        office.desk.complete_task(case, "approve-1", {"approved": True}, office.actor("hana"), seen=seen)


def test_a_case_whose_clock_stands_still_is_moved_and_found_so(office: Office, moving: Moving) -> None:
    old, case = before(office), office.receive()
    office.desk.pause(case, "material", office.actor("carl"))
    office.clock.advance(hours=2)
    new = published(office, {**FILES, "pack.yaml": PACK.replace("from: task, pausable: true,", "from: task,").encode()})
    for start, end in ((old, new), (new, old)):
        moving.approve(moving.propose("office", start, end, "r", OLGA).id, OMAR)
        office.executor.poke()
        holds(office, case)
    office.desk.resume(case, office.actor("carl"))
    holds(office, case)


def test_only_owners_and_only_between_published_releases_and_only_once(office: Office, moving: Moving) -> None:
    old = before(office)
    office.receive()
    unpublished = office.publishing.propose({**AFTER, "pack.yaml": AFTER["pack.yaml"] + b"# x\n"}, OLGA).release
    assert unpublished is not None
    with pytest.raises(NotTwoReleases):
        moving.forecast("office", old, unpublished.digest, OLGA)
    with pytest.raises(NotTwoReleases):
        moving.forecast("office", old, old, OLGA)
    new = published(office, AFTER)
    with pytest.raises(NotAuthorised):
        moving.forecast("office", old, new, office.actor("carl"))
    taken_back = moving.propose("office", old, new, "r", OLGA)
    moving.withdraw(taken_back.id, OLGA)
    with pytest.raises(MoveDecided):
        moving.approve(taken_back.id, OMAR)
    assert [m.decision for m in moving.moves("office", OMAR)] == ["withdrawn"]


def foreseen_of(moving: Moving, move: str) -> dict[str, Foreseen]:
    return {c.case: c.foreseen for c in moving.view(move, OLGA).cases}


def test_a_forecast_over_many_cases_is_made_by_jobs_and_says_what_one_made_at_once_says(
    office: Office, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.moving.PART", 3)
    old = before(office)
    cases = [office.receive(str(n)) for n in range(8)]
    office.desk.complete_task(cases[4], "look-1", {"finding": "x"}, office.actor("carl"))
    new = published(office, AFTER)
    at_once = {c.case: c.foreseen for c in moving.forecast("office", old, new, OLGA).cases}
    # When an owner asks for it, the first part is there at once, and nobody can ask for the move or approve it yet
    move = moving.foresee("office", old, new, OLGA)
    assert (move.stage, move.progress, len(moving.view(move.id, OLGA).cases)) == ("foreseeing", 37, 3)
    with pytest.raises(ForecastUnderWay):
        moving.ask(move.id, "r", OLGA)
    # Then the executor goes on with it, and what is foreseen is the same
    office.executor.poke()
    move = moving.view(move.id, OLGA).move
    assert (move.stage, move.progress) == ("foreseen", 100)
    assert foreseen_of(moving, move.id) == at_once
    with pytest.raises(NotAskedFor):
        moving.approve(move.id, OMAR)
    # And whoever asks for it is not the one to approve it, whoever had it foreseen
    moving.ask(move.id, "the new procedure", OMAR)
    with pytest.raises(SecondPairNeeded):
        moving.approve(move.id, OMAR)
    moving.approve(move.id, OLGA)
    office.executor.poke()
    assert dict(moving.view(move.id, OLGA).tally) == {"moved": 8}
    for case in cases:
        holds(office, case)


def test_a_move_asked_for_with_its_reason_waits_for_its_forecast_and_then_for_its_second_owner(
    office: Office, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.moving.PART", 1)
    old, cases = before(office), [office.receive(s) for s in "abc"]
    move = moving.propose("office", old, published(office, AFTER), "r", OLGA)
    with pytest.raises(ForecastUnderWay):
        moving.approve(move.id, OMAR)
    # When a case ends and another begins to be handled while the forecast is made
    office.desk.receive_message(cases[2], "withdraw", {}, office.actor("carl"))
    office.desk.comment(cases[0], "hello", office.actor("carl"))
    office.executor.poke()
    view = moving.view(move.id, OLGA)
    assert view.move.stage == "asked" and [c.case for c in view.cases] == cases[:2]
    moving.approve(move.id, OMAR)
    office.executor.poke()
    assert dict(moving.view(move.id, OLGA).tally) == {"moved": 2}


def test_a_forecast_that_is_taken_back_goes_no_further_and_a_service_that_stopped_goes_on_with_the_others(
    office: Office, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.moving.PART", 1)
    old, _ = before(office), [office.receive(s) for s in "abc"]
    new = published(office, AFTER)
    dropped, kept = (moving.foresee("office", old, new, OLGA).id for _ in range(2))
    moving.withdraw(dropped, OLGA)
    # When a part was claimed by a service that is gone
    office.executor._claim()
    office.clock.advance(hours=1)
    office.executor.poke()
    assert len(foreseen_of(moving, dropped)) == 1 and len(foreseen_of(moving, kept)) == 3
    with pytest.raises(MoveDecided):
        moving.ask(dropped, "r", OLGA)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_case_that_cannot_be_read_bars_itself_and_no_other(office: Office, moving: Moving) -> None:
    old, cases = before(office), [office.receive(s) for s in "ab"]
    new = published(office, AFTER)
    with office.store.begin() as tx:
        # Its snapshot is gone, and an event of its history with it.
        for name in tx._sql.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'").scalars().all():
            tx._sql.exec_driver_sql(f"DROP TRIGGER {name}")
        tx._sql.exec_driver_sql(f"UPDATE case_head SET state = NULL WHERE case_id = '{cases[0]}'")
        tx._sql.exec_driver_sql(f"DELETE FROM event WHERE case_id = '{cases[0]}' AND seq = 1")
    view = moving.view(moving.propose("office", old, new, "r", OLGA).id, OLGA)
    assert {c.case: c.state for c in view.cases} == {cases[0]: "barred", cases[1]: "waiting"}
    assert [f.code for c in view.cases for f in c.foreseen.bars] == ["move-unreadable"]


def test_a_forecast_in_a_request_stops_at_what_a_request_can_do(office: Office, moving: Moving) -> None:
    old, _ = before(office), [office.receive(s) for s in "abc"]
    new = published(office, AFTER)
    assert moving.forecast("office", old, new, OLGA, most=3).movable == 3
    with pytest.raises(TooManyToForesee):
        moving.forecast("office", old, new, OLGA, most=2)


def test_back_again_is_a_move_like_any_other(office: Office, moving: Moving) -> None:
    old, case = before(office), office.receive()
    new = published(office, AFTER)
    due = [office.casebook.deadlines(case, office.actor("carl"))[0].due]
    for start, end in ((old, new), (new, old)):
        office.clock.advance(hours=1)
        moving.approve(moving.propose("office", start, end, "r", OLGA).id, OMAR)
        office.executor.poke()
        due.append(office.casebook.deadlines(case, office.actor("carl"))[0].due)
        holds(office, case)
    assert due[0] == due[2] != due[1] and timedelta(days=1) < due[1] - due[0]


def test_a_forecast_leaves_the_case_as_it_is(office: Office) -> None:
    old, case = before(office), office.receive()
    new = published(office, AFTER)
    with office.store.look() as reading:
        run = load(reading, reading.head(case), office.desk.shelf)
        release = office.desk.shelf.release(new, reading)
    state = run.snapshot()
    event = CaseMoved(at=office.clock.now(), before=old, release=new)
    assert foresee(run, release, event).holds(foresee(run, release, event))
    assert run.snapshot() == state

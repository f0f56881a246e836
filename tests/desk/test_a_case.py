"""From receipt to closing, through the desk, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.authority import Actor, DeputyNotValid, FourEyesRequired, NotAuthorised, NotYours, Recused
from engine.desk import ClocksGo, TaskMovedOn, UnknownChannel, UnknownMessage
from engine.history import TimerFired
from engine.replay import verify
from engine.run import MessageNotAwaited, TaskNotOpen
from engine.store import CaseNotFound, CaseQuery, Deputy, IdempotencyKeyReused, WorklistQuery
from forms import AnswersRefused
from tests.desk.office import Office


def test_a_complaint_goes_from_receipt_to_closing(office: Office) -> None:
    case = office.receive()
    carl, hana = office.actor("carl"), office.actor("hana")
    assert office.tasks(case) == ["look-1"]

    office.desk.claim_task(case, "look-1", carl)
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, carl)
    office.desk.complete_task(case, "approve-1", {"approved": False, "reason": "照片呢？"}, hana)
    office.desk.complete_task(case, "look-2", {"finding": "附照片"}, carl)
    done = office.desk.complete_task(case, "approve-2", {"approved": True}, hana)

    assert done.head.closed_at == office.clock.now()
    assert done.head.number == "260101"
    assert office.tasks(case) == []


def test_only_somebody_who_exists_can_be_named(office: Office) -> None:
    with pytest.raises(AnswersRefused) as refused:
        office.receive(accused="nobody.here")
    assert list(refused.value.errors) == ["accused"]


def test_every_case_can_be_proved_from_its_history_alone(office: Office) -> None:
    case = office.receive(customer="王女士")
    office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("carl"))
    with office.store.look() as reading:
        head, records = reading.head(case), reading.history(case)
        verdict = verify(records, lambda digest: office.desk.shelf.release(digest, reading), head.state)
    assert verdict.agrees, verdict


def test_without_snapshots_nothing_changes(office: Office) -> None:
    case = office.receive()
    with office.store.begin() as tx:
        tx.drop_snapshots()
    done = office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("carl"))
    assert done.head.state is not None
    assert office.tasks(case) == ["approve-1"]


def test_the_limit_is_three_working_days_and_the_reminder_fires_then(office: Office) -> None:
    case = office.receive()
    view = office.casebook.task(case, "look-1", office.actor("carl"))
    # Monday the 5th; Tuesday, Wednesday, Thursday close of business in Shanghai.
    assert view.line.due == datetime(2026, 1, 8, 10, 0, tzinfo=UTC)

    office.executor.let_time_pass(office.clock, datetime(2026, 1, 12, 1, 0, tzinfo=UTC))
    seen = office.casebook.case(case, office.actor("carl"))
    assert [n.type for n in seen.notices] == ["send-reminder"]
    assert seen.tasks[0].reminders == 1
    assert office.tasks(case) == ["look-1"]


def test_an_outage_changes_nothing_but_when_it_was_noticed(office: Office) -> None:
    kept, slept = office.receive(), office.receive()
    office.clock.set(datetime(2026, 1, 8, 10, 0, tzinfo=UTC))
    with office.store.begin() as tx:
        office.desk.fire_timer(tx, kept, "late-1", now=office.clock.now())
    office.clock.set(datetime(2026, 1, 12, 1, 0, tzinfo=UTC))
    # Nobody woke the second case: it catches up before it hears the completion.
    for case in (kept, slept):
        office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("carl"))

    def story(case: str) -> list[object]:
        with office.store.look() as reading:
            events = [r.event for r in reading.history(case)]
        return [
            (e.kind, e.at, None if isinstance(e, TimerFired) else {k: v for k, v in e.facts().items() if k != "result"})
            for e in events
        ]

    assert story(kept) == story(slept)


def test_who_looked_into_it_may_not_approve_it(office: Office) -> None:
    case = office.receive()
    carl = office.actor("carl")
    office.desk.complete_task(case, "look-1", {"finding": "a"}, carl)
    with pytest.raises(FourEyesRequired):
        office.desk.claim_task(case, "approve-1", carl)
    with pytest.raises(FourEyesRequired):
        office.desk.complete_task(case, "approve-1", {"approved": True}, carl)
    with pytest.raises(FourEyesRequired):
        office.desk.delegate_task(case, "approve-1", "carl", office.actor("hana"))


def test_the_person_complained_of_never_learns_of_the_case(office: Office) -> None:
    case = office.receive(accused="cora")
    cora = office.actor("cora")
    with pytest.raises(CaseNotFound):
        office.casebook.case(case, cora)
    with pytest.raises(CaseNotFound):
        office.desk.complete_task(case, "look-1", {"finding": "nothing"}, cora)
    with pytest.raises(Recused):
        office.desk.delegate_task(case, "look-1", "cora", office.actor("carl"))
    assert office.casebook.worklist(WorklistQuery(scope="group"), cora).rows == ()
    assert office.casebook.cases(CaseQuery(q=case), cora).rows == ()


def test_outsiders_and_late_comers_are_told_why(office: Office) -> None:
    case = office.receive()
    with pytest.raises(NotAuthorised):
        office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("olaf"))
    office.desk.claim_task(case, "look-1", office.actor("carl"))
    with pytest.raises(NotYours):
        office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("cora"))
    office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("carl"))
    with pytest.raises(TaskNotOpen):
        office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("carl"))


def test_a_deputy_acts_only_while_standing_in(office: Office) -> None:
    case = office.receive()
    now = office.clock.now()
    with office.store.begin() as tx:
        tx.put_deputy(Deputy(absent="carl", deputy="rita", since=now, until=now + timedelta(days=2)))
    rita = Actor(
        name="rita",
        memberships=frozenset({"office/desk"}),
        on_behalf_of="carl",
        behalf_memberships=frozenset({"office/clerk"}),
    )
    office.desk.claim_task(case, "look-1", rita)
    office.clock.advance(days=3)
    with pytest.raises(DeputyNotValid):
        office.desk.complete_task(case, "look-1", {"finding": "a"}, rita)


def test_the_same_request_is_answered_once(office: Office) -> None:
    rita = office.actor("rita")
    first = office.desk.open_case("office", {"subject": "x", "loss": 1}, rita, channel="phone", idempotency="k1")
    again = office.desk.open_case("office", {"subject": "x", "loss": 1}, rita, channel="phone", idempotency="k1")
    assert again.case == first.case and again.seq == first.seq
    with pytest.raises(IdempotencyKeyReused):
        office.desk.open_case("office", {"subject": "y", "loss": 1}, rita, channel="phone", idempotency="k1")


def test_what_matters_meanwhile_is_a_conflict_and_a_remark_is_not(office: Office) -> None:
    case = office.receive()
    seen = office.casebook.case(case, office.actor("carl")).head.seq
    office.desk.comment(case, "请尽快", office.actor("hana"))
    office.desk.complete_task(case, "look-1", {"finding": "a"}, office.actor("carl"), seen=seen)
    with pytest.raises(TaskMovedOn) as moved:
        office.desk.complete_task(case, "approve-1", {"approved": True}, office.actor("hana"), seen=seen)
    assert [r.event.kind for r in moved.value.since] == ["task_completed"]


def test_bad_input_names_the_field_and_changes_nothing(office: Office) -> None:
    rita = office.actor("rita")
    with pytest.raises(AnswersRefused) as refused:
        office.desk.open_case("office", {"loss": "1.234", "colour": "red"}, rita, channel="phone")
    assert set(refused.value.errors) == {"subject", "loss", "colour"}
    with pytest.raises(UnknownChannel):
        office.desk.open_case("office", {"subject": "x", "loss": 1}, rita, channel="pigeon")
    case = office.receive()
    with pytest.raises(UnknownMessage):
        office.desk.receive_message(case, "applause", {}, rita)


def test_a_message_from_outside_takes_the_task_away(office: Office) -> None:
    case = office.receive()
    office.desk.receive_message(case, "withdraw", {}, office.actor("rita"))
    assert office.tasks(case) == []
    with pytest.raises((MessageNotAwaited, TaskNotOpen, Exception)):
        office.desk.receive_message(case, "withdraw", {}, office.actor("rita"))


def test_the_clock_stands_still_and_goes_on_with_the_rest(office: Office) -> None:
    case = office.receive()
    carl = office.actor("carl")
    office.clock.set(datetime(2026, 1, 6, 2, 0, tzinfo=UTC))
    office.desk.pause(case, "等客户资料", carl)
    office.clock.set(datetime(2026, 1, 12, 2, 0, tzinfo=UTC))
    office.executor.poke()
    assert office.casebook.case(case, carl).notices == ()
    office.desk.resume(case, carl)
    with pytest.raises(ClocksGo):
        office.desk.resume(case, carl)
    # One of three working days was used on the 6th; two more after the 12th.
    assert office.casebook.task(case, "look-1", carl).deadline.due == datetime(2026, 1, 14, 10, 0, tzinfo=UTC)


def test_an_extension_needs_the_right_role_and_a_reason(office: Office) -> None:
    case = office.receive()
    with pytest.raises(NotAuthorised):
        office.desk.extend_deadline(case, "look-1", 2, "workday", "忙", office.actor("carl"))
    office.desk.extend_deadline(case, "look-1", 2, "workday", "等检验报告", office.actor("hana"))
    assert office.casebook.task(case, "look-1", office.actor("carl")).line.due == datetime(
        2026, 1, 12, 10, 0, tzinfo=UTC
    )


def test_a_draft_is_kept_for_its_writer_only(office: Office) -> None:
    case = office.receive()
    office.desk.save_draft(case, "look-1", {"finding": "半句"}, office.actor("carl"))
    assert office.casebook.task(case, "look-1", office.actor("carl")).values == {"finding": "半句"}
    assert not office.casebook.task(case, "look-1", office.actor("cora")).is_draft


def test_whoever_steps_off_gives_back_what_they_hold(office: Office) -> None:
    case = office.receive()
    carl = office.actor("carl")
    office.desk.claim_task(case, "look-1", carl)
    office.desk.recuse(case, "carl", "亲属关系", carl)
    with pytest.raises(CaseNotFound):
        office.casebook.case(case, carl)
    office.desk.claim_task(case, "look-1", office.actor("cora"))

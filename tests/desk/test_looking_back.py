"""How a case stood at any moment of its past, and that its history holds: what an auditor asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.authority import Actor, NotAuthorised
from engine.casebook import NoSuchEvent
from engine.history import Keyring, PersonErased, micros, seal
from engine.store import CaseNotFound, Deputy
from tests.desk.office import FILES, Office

OLGA, OMAR = (Actor(name=n, memberships=frozenset({"office/owner"})) for n in ("olga", "omar"))
AUDITOR = Actor(name="alma", memberships=frozenset({"*/auditor"}), locale="en")


def looked_into(office: Office) -> str:
    """A case in which carl has looked into the complaint."""
    case = office.receive(customer="王女士")
    office.clock.advance(hours=3)
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    return case


def test_a_moment_shows_what_was_open_then_and_not_what_is_open_now(office: Office) -> None:
    case = looked_into(office)
    first = office.casebook.moment(case, AUDITOR, 1)
    last = office.casebook.moment(case, AUDITOR, office.casebook.case(case, AUDITOR).head.seq)
    assert [t.title.zh for t in first.tasks] == []
    assert [t.title.zh for t in last.tasks] == ["审批"]
    assert (first.number, last.number) == (None, "260101")
    assert first.pictures[0].here == {"number": 1}
    assert last.pictures[0].here == {"approve": 1}
    # Each event leads to the same moment as the others of its turn.
    assert office.casebook.moment(case, AUDITOR, last.first).known == last.known


def test_a_moment_says_what_changed_and_what_it_was_before(office: Office) -> None:
    case = looked_into(office)
    seq = office.casebook.case(case, AUDITOR).head.seq
    known = {k.name: k for k in office.casebook.moment(case, AUDITOR, seq).known}
    assert (known["finding"].before, known["finding"].after, known["finding"].changed) == (None, "铰链断了", True)
    assert known["finding"].label is not None and known["finding"].label.en == "Findings"
    assert (known["subject"].before, known["subject"].changed) == ("门坏了", False)
    assert (known["customer"].after, known["customer"].personal) == ("王女士", True)


def test_deadlines_are_told_as_they_were_known_then(office: Office) -> None:
    case = office.receive()
    office.clock.advance(days=1)
    office.desk.extend_deadline(case, "look-1", 2, "workday", "等待材料", office.actor("hana"))
    seq = office.casebook.case(case, AUDITOR).head.seq
    then = next(d for d in office.casebook.moment(case, AUDITOR, seq - 3).deadlines if d.deadline == "look-1")
    now = next(d for d in office.casebook.moment(case, AUDITOR, seq).deadlines if d.deadline == "look-1")
    assert now.due - then.due >= timedelta(days=2)


def test_an_overdue_task_is_late_on_the_diagram(office: Office) -> None:
    case = office.receive()
    office.executor.let_time_pass(office.clock, office.clock.now() + timedelta(days=7))
    dossier = office.casebook.dossier(case, office.actor("carl"))
    assert dossier.pictures[0].late == {"look"}
    assert dossier.view.head.seq == dossier.records[-1].seq


def test_who_was_reminded_is_known_at_that_moment_only(office: Office) -> None:
    case = office.receive()
    office.executor.let_time_pass(office.clock, office.clock.now() + timedelta(days=7))
    seq = office.casebook.case(case, AUDITOR).head.seq
    assert [(n.role.en, n.kind) for n in office.casebook.moment(case, AUDITOR, seq).notified] == [("Clerk", "催办")]
    assert office.casebook.moment(case, AUDITOR, 1).notified == ()


def test_two_moments_are_compared(office: Office) -> None:
    case = looked_into(office)
    last = office.casebook.case(case, AUDITOR).head.seq
    opened = office.casebook.moment(case, AUDITOR, 1)
    office.clock.advance(days=1)
    both = office.casebook.moment(case, AUDITOR, last, since=2)
    known = {k.name: k for k in both.known}
    assert both.since == 2 and opened.since is None
    assert (known["finding"].before, known["finding"].after, known["finding"].changed) == (None, "铰链断了", True)
    assert not known["subject"].changed and not known["customer"].changed
    assert [t.task for t in both.tasks if t.task in both.came] == ["approve-1"]
    # From the very beginning of looking into it, that task is gone since.
    begun = next(r.seq for r in both.records if r.event.kind == "task_opened")
    assert [gone.en for gone in office.casebook.moment(case, AUDITOR, last, since=begun).gone] == ["Look into it"]
    with pytest.raises(NoSuchEvent):
        office.casebook.moment(case, AUDITOR, 2, since=last)


def test_who_could_see_a_case_is_told_for_that_moment(office: Office) -> None:
    case = looked_into(office)
    before = office.casebook.case(case, AUDITOR).head.seq
    office.desk.recuse(case, "cora", "亲属", office.actor("cora"))
    after = office.casebook.case(case, AUDITOR).head.seq
    assert office.casebook.moment(case, AUDITOR, before).sight.barred == ()
    assert office.casebook.moment(case, AUDITOR, after).sight.barred == ("cora",)
    assert not office.casebook.moment(case, AUDITOR, after).sight.sealed


def sealed(office: Office) -> str:
    """A case of the same procedure, but kept secret."""
    release = office.publishing.propose({**FILES, "pack.yaml": FILES["pack.yaml"] + b"sealed: true\n"}, OLGA).release
    assert release is not None
    office.publishing.publish(release.digest, OMAR)
    return office.receive()


def test_who_could_see_a_sealed_case_is_answered_by_the_roles_of_that_moment(office: Office) -> None:
    # Given a case that only who takes part may see
    case = sealed(office)
    first = office.casebook.case(case, AUDITOR).head.seq
    was = office.casebook.moment(case, AUDITOR, first).sight
    clerks = {p for one in was.holders if one.role.en == "Clerk" for p in one.persons}
    assert was.sealed and was.known and "carl" in clerks
    # When rita stands in for carl, and he then changes to another role
    office.clock.advance(hours=1)
    with office.store.begin() as tx:
        tx.put_deputy(Deputy(absent="carl", deputy="rita", since=office.clock.now(), until=office.clock.now() + timedelta(days=1)))
    office.clock.advance(hours=1)
    office.desk.comment(case, "x", AUDITOR)
    second = office.casebook.case(case, AUDITOR).head.seq
    office.clock.advance(minutes=1)
    with office.store.begin() as tx:
        tx.put_memberships("carl", ["office/intake"])
    office.clock.advance(hours=1)
    office.desk.comment(case, "y", AUDITOR)
    last = office.casebook.case(case, AUDITOR).head.seq
    # I expect him to be named for the moments at which he could see it, with who stood in for him, and not afterwards
    sights = [office.casebook.moment(case, AUDITOR, seq).sight for seq in (first, second, last)]
    named = [("carl" in {p for one in s.holders for p in one.persons}, ("rita", "carl") in s.stand_ins) for s in sights]
    assert named == [(True, False), (True, True), (False, False)]


def test_before_the_record_of_roles_begins_nothing_is_guessed(office: Office) -> None:
    case = office.receive()
    with office.store.begin() as tx:
        # As in a database of an earlier version that was brought up later.
        tx._sql.exec_driver_sql(f"UPDATE role_spell SET since_us = {micros(office.clock.now() + timedelta(days=1))}")
    sight = office.casebook.moment(case, AUDITOR, 1).sight
    assert not sight.known and sight.since is not None and sight.since > office.clock.now() and sight.holders == ()


@pytest.mark.parametrize("seq", [0, -1, 10**12])
def test_there_is_no_moment_outside_the_history(office: Office, seq: int) -> None:
    case = office.receive()
    with pytest.raises(NoSuchEvent):
        office.casebook.moment(case, AUDITOR, seq)


def test_a_forgotten_person_is_forgotten_in_the_past_too(office: Office) -> None:
    case = looked_into(office)
    forget(office, case, "complainant")
    known = {k.name: k for k in office.casebook.moment(case, AUDITOR, 1).known}
    assert known["customer"].hidden == "erased"
    assert "王女士" not in str(known)
    paper = office.casebook.case(case, AUDITOR).papers[0]
    assert [line.hidden for line in paper.lines if line.name == "customer"] == ["erased"]
    assert office.casebook.verify(case, AUDITOR).verdict.difference is None


def test_an_auditor_has_a_case_checked_and_sees_the_evidence(office: Office) -> None:
    case = looked_into(office)
    proof = office.casebook.verify(case, AUDITOR)
    assert proof.holds and proof.had_state and proof.head_agrees
    assert proof.inputs + proof.outcomes == proof.seq == proof.verdict.events
    assert len(proof.hash) == 64


def test_only_auditors_and_administrators_have_histories_checked(office: Office) -> None:
    case = office.receive()
    with pytest.raises(NotAuthorised):
        office.casebook.verify(case, office.actor("carl"))
    assert office.casebook.verify(case, office.actor("ada")).holds


def test_an_auditor_reads_sealed_cases_unless_they_are_about_the_auditor(office: Office) -> None:
    case = office.receive(accused="hana")
    with pytest.raises(CaseNotFound):
        office.casebook.moment(case, replace(AUDITOR, name="hana"), 1)
    other = office.receive()
    with office.store.look() as reading:
        sealed = replace(reading.head(other), sealed=True)
        assert reading.may_see(sealed, AUDITOR)
        assert not reading.may_see(sealed, office.actor("olaf"))


def forget(office: Office, case: str, of: str) -> None:
    """Destroy a person's key, as the law asks."""
    with office.store.begin() as tx:
        head = tx.head(case)
        event = PersonErased(at=office.clock.now(), of=of, reason="应请求")
        keyring = head.keyring.without(of)
        assert isinstance(keyring, Keyring)
        records, keyring = seal(case, [event], after=head.seq, previous=head.hash, keyring=keyring)
        tx.add(head, records, state=head.state or b"", keyring=keyring)

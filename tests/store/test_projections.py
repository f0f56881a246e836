"""Everything derived from the histories can be thrown away and made again, the same."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from engine import history as h
from engine.clock import StoppedClock
from engine.store import CaseNotFound, Store, StoreBusy
from engine.store.tables import PROJECTIONS, head, job, offer
from tests.store.told import DAY, HOUR, a_case, actor, done, errand, go_on, task, then, timer


def rows_of(store: Store) -> dict[str, list[Any]]:
    """All projections, as sorted rows."""
    with store.look() as reading:
        told = {t: [c for c in t.c if c.name != "id"] for t in (*PROJECTIONS, offer)}
        found = {t.name: sorted(map(repr, reading._sql.execute(select(*columns)))) for t, columns in told.items()}
        heads = [c for c in head.c if c.name != "state"]
        found["case_head"] = sorted(map(repr, reading._sql.execute(select(*heads))))
        jobs = [c for c in job.c if c.name != "id"]
        waiting = select(*jobs).where(job.c.state.in_((0, 1, 3, 5)))
        found["job"] = sorted(map(repr, reading._sql.execute(waiting)))
    return found


class Chance:
    """A case that lives at random, but could have lived so."""

    def __init__(self, seed: int, at: datetime) -> None:
        self.dice, self.at = random.Random(seed), at
        self.open: list[str] = []
        self.timers: list[str] = []
        self.asleep: list[str] = []
        self.errands: list[str] = []
        self.deadlines: list[str] = []
        self.awaited: list[str] = []
        self.incidents: list[str] = []
        self.n = 0

    def events(self) -> list[h.Event]:
        self.at += HOUR
        # Outcomes are of an input: what is written together begins with one.
        said = h.CommentAdded(at=self.at, actor="bob", text="外箱")
        return [said, *(event for _ in range(self.dice.randint(1, 4)) for event in self.one())]

    def one(self) -> list[h.Event]:
        at, dice = self.at, self.dice
        self.n += 1
        n, due, who = self.n, at + dice.randint(1, 90) * HOUR, dice.choice(["amy", "bob", "eve"])
        match dice.randrange(16):
            case 0 | 1 | 2:
                self.open.append(f"t-{n}")
                groups = dice.sample(["sales", "quality", "plant"], dice.randint(0, 2))
                users = dice.sample(["amy", "bob"], dice.randint(0, 1))
                assignee = dice.choice([None, None, "eve"])
                return [
                    task(at, f"t-{n}", *groups, users=tuple(users), assignee=assignee, due=dice.choice([None, due]))
                ]
            case 3 | 4 if self.open:
                gone = self.open.pop(dice.randrange(len(self.open)))
                return [dice.choice([done(at, gone, who), h.TaskWithdrawn(at=at, task=gone)])]
            case 5 if self.open:
                name = dice.choice(self.open)
                return [
                    dice.choice(
                        [
                            h.TaskClaimed(at=at, actor=who, task=name),
                            h.TaskReleased(at=at, actor=who, task=name),
                            h.TaskDelegated(at=at, actor=who, task=name, to="bob"),
                            h.DeadlineMoved(at=at, deadline=name, due=due, trace={}),
                        ]
                    )
                ]
            case 6 | 7:
                name = self.asleep.pop() if self.asleep and dice.random() < 0.7 else f"late-{n}"
                self.timers.append(name)
                return [timer(at, name, due)]
            case 8 if self.timers:
                name = dice.choice(self.timers)
                if dice.random() < 0.4:
                    return [h.TimerMoved(at=at, timer=name, due=due)]
                self.timers.remove(name)
                if dice.random() < 0.5:
                    return [h.TimerFired(at=at, timer=name, fired_at=at)]
                self.asleep.append(name)
                return [h.TimerCancelled(at=at, timer=name)]
            case 9:
                self.errands.append(f"send-{n}")
                return [errand(at, f"send-{n}")]
            case 10 if self.errands:
                name = self.errands.pop()
                number = {"number": f"26{n:04}", "series": "complaint"}
                return [
                    dice.choice(
                        [h.ErrandDone(at=at, errand=name, result=number), h.ErrandCancelled(at=at, errand=name)]
                    )
                ]
            case 11:
                self.deadlines.append(f"T{n}")
                return [h.DeadlineSet(at=at, deadline=f"T{n}", start=at, due=due, trace={})]
            case 12 if self.deadlines:
                name = dice.choice(self.deadlines)
                moved = h.DeadlineMoved(at=at, deadline=name, due=due, trace={})
                return [dice.choice([moved, h.DeadlineMet(at=at, deadline=name, late=dice.random() < 0.5)])]
            case 13:
                self.awaited.append(f"m-{n}")
                return [h.MessageAwaited(at=at, subscription=f"m-{n}", message="paid", element="m", key=n)]
            case 14 if self.awaited:
                return [h.MessageDropped(at=at, subscription=self.awaited.pop())]
            case 15:
                if self.incidents and dice.random() < 0.5:
                    return [h.IncidentResolved(at=at, actor=who, incident=self.incidents.pop(), reason="r")]
                self.incidents.append(f"i-{n}")
                return [h.IncidentRaised(at=at, incident=f"i-{n}", element="e", code="c", zh="z", en="e")]
        return [
            dice.choice(
                [h.StatusChanged(at=at, status=f"s{n}"), h.PersonRecused(at=at, actor="x", person=who, reason="r")]
            )
        ]


@pytest.mark.parametrize("seed", range(4))
def test_a_rebuild_makes_the_rows_that_were_written_step_by_step(store: Store, clock: StoppedClock, seed: int) -> None:
    # Given cases that lived through everything that can happen, one of them sealed, one closed
    at = clock.now()
    for sealed in (False, True):
        life = Chance(seed * 2 + sealed, at)
        now = a_case(store, at=at, sealed=sealed, barred=("zhou",), title=f"外箱破损 {seed}")
        with store.begin() as tx:
            for _ in range(25):
                now = go_on(tx, now, *life.events())
            if sealed:
                go_on(tx, now, h.CaseClosed(at=life.at, element="end"))
    with store.begin() as tx:
        tx.seal_ledger(at)
        tx.save_draft(now.case, "t-1", "amy", {})
    before = rows_of(store)
    with store.look() as reading:
        histories = {name: reading.history(name) for name in ("C-1001", "C-1002")}
    assert all(before[table] for table in ("task", "job", "deadline", "participant", "offer", "gram", "barred"))
    # When all projections are thrown away and made again, twice
    for _ in range(2):
        with store.begin() as tx:
            for table in (*PROJECTIONS, offer, head):
                tx._sql.execute(delete(table))
            assert tx.rebuild() == 2
        # I expect the same rows, and the histories untouched
        assert rows_of(store) == before
    with store.look() as reading:
        assert {name: reading.history(name) for name in histories} == histories


def test_a_lost_job_comes_back_and_one_too_many_goes(store: Store, clock: StoppedClock) -> None:
    # Given a case with a timer and an errand
    at = clock.now()
    now = a_case(store, timer(at, "late-1", at + DAY), errand(at, "send-1"), at=at)
    before = rows_of(store)
    # When the queue was damaged by hand
    with store.begin() as tx:
        tx._sql.execute(delete(job).where(job.c.key == "late-1"))
        tx.enqueue("timer", "never-1", at, case=now.case)
        tx.enqueue("outbox", "letter", at, case=now.case)
        tx.rebuild(now.case)
    # I expect it mended, and what is not derived from the history left alone
    after = rows_of(store)
    assert [row for row in after["job"] if "outbox" not in row] == before["job"]
    assert sum("outbox" in row for row in after["job"]) == 1


def test_a_rebuild_leaves_tries_leases_drafts_and_snapshots_alone(store: Store, clock: StoppedClock) -> None:
    # Given an errand that failed once, a draft, and a snapshot
    at = clock.now()
    now = a_case(store, task(at, "t-1", "sales"), errand(at, "send-1"), at=at)
    with store.begin() as tx:
        (claimed,) = tx.claim_jobs("node")
        tx.fail_job(claimed, "no answer")
        tx.save_draft(now.case, "t-1", "amy", {"loss": 1})
        failed = tx._sql.execute(select(job)).all()
    # When everything is rebuilt
    with store.begin() as tx:
        tx.rebuild()
    # I expect them as they were
    with store.look() as reading:
        assert reading._sql.execute(select(job)).all() == failed
        assert reading.draft(now.case, "t-1", "amy") == {"loss": 1}
        assert reading.head(now.case).state == now.state


def test_tasks_are_known_by_what_happened_to_them(store: Store, clock: StoppedClock) -> None:
    # Given a task that was handed from one to the next
    at = clock.now()
    now = a_case(store, task(at, "t-1", "sales", "plant", users=("eve",), limit="T1", due=at + DAY, priority=80), at=at)

    def holder() -> str | None:
        with store.look() as reading:
            row = reading.task(now.case, "t-1")
            return row.claimed_by or row.assignee

    with store.look() as reading:
        (row,) = reading.tasks(now.case)
    assert (row.groups, row.users, row.limit, row.priority, row.due) == (
        ("sales", "plant"),
        ("eve",),
        "T1",
        80,
        at + DAY,
    )
    then(store, now, h.TaskClaimed(at=at, actor="amy", task="t-1"))
    assert holder() == "amy"
    then(store, now, h.TaskReleased(at=at, actor="amy", task="t-1"))
    assert holder() is None
    then(store, now, h.TaskDelegated(at=at, actor="amy", task="t-1", to="bob"))
    assert holder() == "bob"
    # When it is done
    then(store, now, done(at + HOUR, "t-1", "bob"))
    # I expect it to be open no more, and its doer known
    with store.look() as reading:
        assert reading.tasks(now.case) == []
        (row,) = reading.tasks(now.case, closed=True)
        assert (row.done_by, row.closed) == ("bob", at + HOUR)


def test_the_number_comes_from_the_errand_that_took_it(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    now = a_case(store, errand(at, "number-1", "take-number"), at=at)
    then(store, now, h.ErrandDone(at=at, errand="number-1", result={"number": "260103", "series": "complaint"}))
    with store.look() as reading:
        assert reading.head(now.case).number == "260103"


def test_deadlines_tell_whether_they_were_kept(store: Store, clock: StoppedClock) -> None:
    # Given two limits at work
    at = clock.now()
    limits = [h.DeadlineSet(at=at, deadline=n, start=at, due=at + DAY, trace={}) for n in ("T1", "T2")]
    now = a_case(store, *limits, at=at)
    # When one is moved and met late, and two days pass
    then(store, now, h.DeadlineMoved(at=at, deadline="T1", due=at + HOUR, trace={}))
    then(store, now, h.DeadlineMet(at=at + 2 * HOUR, deadline="T1", late=True))
    clock.advance(days=2)
    # I expect both facts, and the other on the list of overruns
    with store.look() as reading:
        kept = {d.deadline: d for d in reading.deadlines(now.case)}
        assert (kept["T1"].due, kept["T1"].met, kept["T1"].late, kept["T1"].seq) == (at + HOUR, at + 2 * HOUR, True, 4)
        assert [d.deadline for d in reading.overrun()] == ["T2"]


def test_waiting_messages_find_their_case(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    one, two = (
        a_case(store, h.MessageAwaited(at=at, subscription="m-1", message="paid", element="m", key=k), at=at)
        for k in ("A", "B")
    )
    with store.look() as reading:
        assert reading.waiting_for("paid", "B") == [two.case]
        assert reading.waiting_for("paid") == [one.case, two.case]
    then(store, two, h.MessageDropped(at=at, subscription="m-1"))
    with store.look() as reading:
        assert reading.waiting_for("paid", "B") == []


def test_incidents_stand_until_they_are_resolved(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    now = a_case(store, h.IncidentRaised(at=at, incident="i-1", element="gate", code="c", zh="停", en="stop"), at=at)
    with store.look() as reading:
        assert [(i.case, i.element, i.zh) for i in reading.incidents()] == [(now.case, "gate", "停")]
    then(store, now, h.IncidentResolved(at=at, actor="root", incident="i-1", reason="mended"))
    with store.look() as reading:
        assert reading.incidents() == reading.incidents(now.case) == []


def test_lists_of_overruns_and_incidents_leave_out_what_the_reader_may_not_know(
    store: Store, clock: StoppedClock
) -> None:
    # Given late cases in trouble: an open one, a sealed one, one about amy
    at = clock.now()
    trouble = [
        h.DeadlineSet(at=at, deadline="T1", start=at, due=at + HOUR, trace={}),
        h.IncidentRaised(at=at, incident="i-1", element="e", code="c", zh="z", en="e"),
    ]
    usual, sealed, about = (
        a_case(store, *trouble, at=at, **facts).case for facts in ({}, {"sealed": True}, {"barred": ("amy",)})
    )
    clock.advance(days=1)
    # I expect each reader to see theirs
    with store.look() as reading:
        for who, expected in [
            (None, [usual, sealed, about]),
            (actor("bob"), [usual, about]),
            (actor("amy"), [usual]),
            (actor("intake"), [usual, sealed, about]),
        ]:
            assert [row.case for row in reading.overrun(who)] == expected
            assert sorted(row.case for row in reading.incidents(actor=who)) == expected


def test_children_know_their_parent(store: Store, clock: StoppedClock) -> None:
    parent = a_case(store, at=clock.now())
    child = a_case(store, at=clock.now(), parent=parent.case)
    with store.look() as reading:
        assert reading.children(parent.case) == [child.case]


def test_what_is_not_there_cannot_be_rebuilt(store: Store) -> None:
    with pytest.raises(CaseNotFound), store.begin() as tx:
        tx.rebuild("C-5")


def test_nobody_writes_to_a_case_while_it_is_compared(store: Store, clock: StoppedClock) -> None:
    # Given several nodes at work on one database
    if store.sqlite:
        pytest.skip("one writer at a time by itself")
    case = a_case(store, at=clock.now(), title="外箱破损")
    held = select(head.c.case_id).where(head.c.case_id == case.case).with_for_update(nowait=True)
    with store.begin() as tx:
        assert tx.stray(case.case) is None
        # I expect the case to be held until the comparison is over, so that it cannot seem to differ from itself
        with pytest.raises(StoreBusy), store.begin() as other:
            other._sql.execute(held)
    with store.begin() as other:
        assert other._sql.execute(held).scalar() == case.case


def test_a_case_that_is_only_looked_at_beside_another_is_held_from_nobody(store: Store, clock: StoppedClock) -> None:
    if store.sqlite:
        pytest.skip("one writer at a time by itself")
    one, two = a_case(store, at=clock.now()), a_case(store, at=clock.now())
    # When each of two cases is at work and looks at the other, neither waits
    with store.begin() as tx:
        tx.head(one.case)
        with store.begin() as other:
            other.head(two.case)
            assert other.head(one.case, hold=False).case == one.case
            assert tx.head(two.case, hold=False).case == two.case

"""A process may be killed between any two statements: then nothing happened, or all of it."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from engine import history as h
from engine.clock import StoppedClock
from engine.store import Store
from tests.conftest import MORNING
from tests.killing import killed
from tests.store.test_copying import everything
from tests.store.told import DAY, a_case, done, go_on, opened, task, timer
from tests.store.told import begin as begin_case


def complete(store: Store, case: str) -> None:
    """What completing a task writes, with a key, a number, a deadline and an errand."""
    with store.begin() as tx:
        assert tx.remembered("k", "amy", b"r") is None
        head = tx.head(case)
        number = tx.take_number("gm/complaint", "2601")
        after = go_on(
            tx,
            head,
            done(MORNING, "t-1"),
            h.TimerCancelled(at=MORNING, timer="late-1"),
            h.DeadlineMet(at=MORNING, deadline="T1"),
            h.StatusChanged(at=MORNING, status=str(number)),
            task(MORNING, "t-2", "quality", "plant"),
            timer(MORNING, "late-2", MORNING + DAY),
        )
        tx.remember("k", "amy", b"r", case=case, first=head.seq + 1, last=after.seq)


def open_one(store: Store, case: str) -> None:
    with store.begin() as tx:
        about = {"n": h.Personal("王芳", "complainant")}
        begin_case(tx, opened(MORNING, sealed=True, answers=about, title="破损"), task(MORNING, "t-1", "new-role"))


def work_a_job(store: Store, case: str) -> None:
    with store.begin() as tx:
        (job,) = tx.claim_jobs("node")
        go_on(tx, tx.head(case), h.TimerFired(at=MORNING, timer="due-1", fired_at=MORNING))
        tx.finish_job(job)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("act", [complete, open_one, work_a_job])
def test_a_kill_between_any_two_statements_leaves_nothing_or_all(
    kind: str, act: Any, request: pytest.FixtureRequest, clock: StoppedClock
) -> None:
    # Given a case with a task, a timer, a deadline and a draft
    url = request.getfixturevalue(f"{kind}_url")
    store = Store(url, clock=clock)
    limit = h.DeadlineSet(at=MORNING, deadline="T1", start=MORNING, due=MORNING + DAY, trace={})
    waiting = [timer(MORNING, "late-1", MORNING + DAY), timer(MORNING, "due-1", MORNING), limit]
    case = a_case(store, task(MORNING, "t-1", "sales"), *waiting, at=MORNING).case
    with store.begin() as tx:
        tx.save_draft(case, "t-1", "amy", {"loss": 1})
    before = everything(store)
    # When the process is killed before its first step, its second, ... and before and after its commit
    for steps in count():
        if killed(steps, lambda: Store(url, clock=clock), lambda opened: act(opened, case)):
            # I expect nothing to have changed
            assert everything(store) == before, steps
        else:
            break
    # and when it was not killed, everything
    assert steps >= 5
    after = everything(store)
    assert after != before
    # so that the next one would have to begin anew
    with store.look() as reading:
        for name in {case, *(row.split("'")[1] for row in after["case_head"])}:
            assert h.check(reading.history(name)) == reading.head(name).hash
    store.close()

"""A history is written once, in order, by one writer, and stays."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from engine import history as h
from engine.clock import StoppedClock
from engine.store import CaseMovedOn, CaseNotFound, HistoryIsForEver, Store
from tests.store.told import DAY, a_case, begin, done, go_on, opened, task, then


def test_what_was_written_is_read_again(store: Store, clock: StoppedClock) -> None:
    # Given a case with personal data
    at = clock.now()
    answers = {"name": h.Personal("王芳", "complainant"), "loss": 3}
    head = a_case(store, task(at, "trace-1", "sales"), at=at, answers=answers, title="外箱破损", barred=("zhou",))
    # When somebody else reads it
    with store.look() as reading:
        again, records = reading.head(head.case), reading.history(head.case)
    # I expect the same head, the same events, an unbroken chain
    assert again == head
    assert (again.title, again.barred, again.seq, again.state) == ("外箱破损", ("zhou",), 2, b"state 1")
    assert records[0].event == opened(at, answers=answers, title="外箱破损", barred=("zhou",))
    assert h.check(records) == head.hash


def test_a_piece_of_a_history_can_be_read(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(store, *(h.StatusChanged(at=at, status=f"s{i}") for i in range(5)), at=at)
    with store.look() as reading:
        assert [r.seq for r in reading.history(head.case, after=2, until=4)] == [3, 4]


def test_the_second_of_two_writers_is_told_what_the_first_did(store: Store, clock: StoppedClock) -> None:
    # Given two who read the same case
    at = clock.now()
    seen = a_case(store, task(at, "trace-1", "sales"), at=at)
    # When both write
    then(store, seen, done(at, "trace-1", "amy"))
    with pytest.raises(CaseMovedOn) as told, store.begin() as tx:
        go_on(tx, seen, done(at, "trace-1", "bob"))
    # I expect the second to learn who did what, and the history to hold the first alone
    (since,) = told.value.since
    assert isinstance(since.event, h.TaskCompleted) and since.event.actor == "amy"
    assert "task_completed" in told.value.text("zh")
    with store.look() as reading:
        assert reading.head(seen.case).seq == 3


def test_of_many_writers_at_once_one_wins(store: Store, clock: StoppedClock) -> None:
    # Given a case that eight read at once
    at = clock.now()
    seen = a_case(store, at=at)
    won, lost = [], []
    start = threading.Barrier(8)

    def write(name: str) -> None:
        start.wait()
        try:
            with store.begin() as tx:
                go_on(tx, seen, h.CommentAdded(at=at, actor=name, text=name))
            won.append(name)
        except CaseMovedOn:
            lost.append(name)

    # When all write
    writers = [threading.Thread(target=write, args=(f"w{i}",)) for i in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    # I expect one event, by the one who was told it worked
    assert (len(won), len(lost)) == (1, 7)
    with store.look() as reading:
        assert [c.actor for c in reading.comments(seen.case)] == won


def test_a_case_is_opened_once(store: Store, clock: StoppedClock) -> None:
    head = a_case(store, at=clock.now())
    with pytest.raises(CaseMovedOn) as told, store.begin() as tx:
        begin(tx, opened(clock.now()), case=head.case)
    assert len(told.value.since) == 1


def test_records_must_follow_the_last_one(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(store, at=at)
    records, keyring = h.seal(head.case, [done(at, "a-1")], after=5, previous=head.hash, keyring=head.keyring)
    with pytest.raises(CaseMovedOn), store.begin() as tx:
        tx.add(head, records, state=b"", keyring=keyring)


def test_what_fails_halfway_leaves_nothing(store: Store, clock: StoppedClock) -> None:
    # Given a use case that fails after it has written
    at = clock.now()
    before = a_case(store, at=at)
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        go_on(tx, before, task(at, "trace-1", "sales"))
        tx.take_number("complaint", "2601")
        raise ZeroDivisionError
    # I expect nothing of it
    with store.begin() as tx:
        assert tx.head(before.case) == before
        assert tx.tasks(before.case) == []
        assert tx.take_number("complaint", "2601") == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET actor = 'x'", "DELETE FROM event", "DELETE FROM sealed_reading"]
)
def test_events_are_never_changed_or_removed(store: Store, clock: StoppedClock, statement: str) -> None:
    # Given a case that somebody looked at
    head = a_case(store, at=clock.now())
    with store.begin() as tx:
        tx.note_look(head.case, "amy", "case")
    # When somebody with the database in hand tries
    with pytest.raises(HistoryIsForEver), store.begin() as tx:
        tx._sql.execute(text(statement))
    # I expect them to fail
    with store.look() as reading:
        assert h.check(reading.history(head.case)) == head.hash
        assert len(reading.looks(head.case)) == 1


def test_a_person_is_erased_and_the_chain_still_proves(store: Store, clock: StoppedClock) -> None:
    # Given a case about somebody
    at = clock.now()
    head = a_case(store, at=at, answers={"name": h.Personal("王芳", "complainant"), "loss": 3})
    # When their key is destroyed
    with store.begin() as tx:
        now = go_on(tx, tx.head(head.case), h.PersonErased(at=at, actor="dpo", of="complainant", reason="asked"))
        tx.keep_keys(head.case, now.keyring.without("complainant"))
    # I expect nothing about them to be readable, and every proof to hold
    with store.look() as reading:
        records = reading.history(head.case)
    first = records[0].event
    assert isinstance(first, h.CaseOpened) and first.answers is not None
    assert first.answers["name"].erased and first.answers["loss"] == 3
    assert h.check(records) == now.hash


def test_an_unknown_case_is_said_to_be_unknown(store: Store) -> None:
    with store.look() as reading:
        for name in ("C-99", "", "C-1\0", "'; DROP TABLE event; --", "😀"):
            with pytest.raises(CaseNotFound):
                reading.head(name)
            with pytest.raises(CaseNotFound):
                reading.history(name)


def test_text_of_every_kind_is_kept_as_it_is(store: Store, clock: StoppedClock) -> None:
    # Given words a customer may write
    words = "😀 سلام 繁體 \u202eabc " + "長" * 100_000
    head = a_case(store, h.CommentAdded(at=clock.now(), actor="amy", text=words), at=clock.now(), title="😀 سلام")
    # I expect to read the same
    with store.look() as reading:
        assert reading.comments(head.case)[0].text == words
        assert reading.head(head.case).title == "😀 سلام"


def test_papers_and_remarks_are_read_from_the_history(store: Store, clock: StoppedClock) -> None:
    at = clock.now()
    head = a_case(
        store,
        h.AttachmentAdded(at=at, actor="amy", file="ab", name="照片.jpg", size=7, media_type="image/jpeg", task="t-1"),
        h.CommentAdded(at=at + DAY, actor="bob", on_behalf_of="amy", text="已回电", audience="complainant"),
        at=at,
    )
    with store.look() as reading:
        (paper,), (remark,) = reading.attachments(head.case), reading.comments(head.case)
    assert (paper.name, paper.file, paper.task, paper.seq) == ("照片.jpg", "ab", "t-1", 2)
    assert (remark.text, remark.actor, remark.on_behalf_of, remark.at) == ("已回电", "bob", "amy", at + DAY)


def test_snapshots_may_be_dropped(store: Store, clock: StoppedClock) -> None:
    head = a_case(store, at=clock.now())
    with store.begin() as tx:
        assert tx.drop_snapshots() == 1
        assert tx.head(head.case).state is None
        # When one is put back by somebody who has read an older case, nothing happens
        tx.keep_state(head.case, head.seq - 1, b"old")
        assert tx.head(head.case).state is None
        tx.keep_state(head.case, head.seq, b"new")
        assert tx.head(head.case).state == b"new"

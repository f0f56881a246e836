"""Numbers without gaps, answers given twice, drafts, files: what is kept beside the histories."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from engine.clock import StoppedClock
from engine.store import FileNotStored, IdempotencyKeyReused, RequestUnderWay, Store
from tests.store.told import HOUR, a_case, task


def test_numbers_count_up_in_each_period_without_gaps(store: Store) -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(5):
            with store.begin() as tx:
                taken.append(tx.take_number("gm/complaint", "2601"))

    takers = [threading.Thread(target=take) for _ in range(4)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(taken) == list(range(1, 21))
    with store.begin() as tx:
        assert tx.take_number("gm/complaint", "2602") == 1
        assert tx.take_number("gm/other", "2601") == 1


def test_case_ids_look_alike_from_the_first_on(store: Store) -> None:
    with store.begin() as tx:
        assert [tx.new_case() for _ in range(3)] == ["C-1001", "C-1002", "C-1003"]


def test_a_request_that_comes_twice_is_answered_as_before(store: Store, clock: StoppedClock) -> None:
    # Given an answered request
    with store.begin() as tx:
        assert tx.remembered("k", "amy", b"do it") is None
        tx.remember("k", "amy", b"do it", case="C-1", first=3, last=5)
    with store.begin() as tx:
        # I expect the same answer, to the same person
        again = tx.remembered("k", "amy", b"do it")
        assert again is not None and (again.case, again.first, again.last, again.at) == ("C-1", 3, 5, clock.now())
        assert tx.remembered("k", "bob", b"do it") is None
        # and a refusal of the same key for something else
        with pytest.raises(IdempotencyKeyReused):
            tx.remembered("k", "amy", b"do something else")


def test_one_key_cannot_be_used_twice_in_the_same_moment(store: Store) -> None:
    with store.begin() as tx:
        tx.remember("k", "amy", b"1", case="C-1", first=1, last=1)
    with pytest.raises(RequestUnderWay), store.begin() as tx:
        tx.remember("k", "amy", b"1", case="C-2", first=1, last=1)


def test_old_answers_are_forgotten(store: Store, clock: StoppedClock) -> None:
    with store.begin() as tx:
        tx.remember("old", "amy", b"1", case="C-1", first=1, last=1)
    clock.advance(hours=25)
    with store.begin() as tx:
        tx.remember("new", "amy", b"1", case="C-1", first=1, last=1)
        assert tx.forget_answers(older_than=timedelta(days=1)) == 1
        assert tx.remembered("old", "amy", b"1") is None
        assert tx.remembered("new", "amy", b"1") is not None


def test_a_draft_is_its_writers_own(store: Store, clock: StoppedClock) -> None:
    case = a_case(store, task(clock.now(), "t-1", "sales"), at=clock.now()).case
    with store.begin() as tx:
        tx.save_draft(case, "t-1", "amy", {"loss": 1})
        tx.save_draft(case, "t-1", "amy", {"loss": 2, "text": "\u0000 半 😀"})
        tx.save_draft(case, "t-1", "bob", {"loss": 3})
    with store.begin() as tx:
        tx.drop_draft(case, "t-1", "bob")
    with store.look() as reading:
        assert reading.draft(case, "t-1", "amy") == {"loss": 2, "text": "\u0000 半 😀"}
        assert reading.draft(case, "t-1", "bob") is None
    with store.begin() as tx:
        tx.drop_draft(case, "t-1")
        assert tx.draft(case, "t-1", "amy") is None


def test_a_draft_nobody_comes_back_to_is_put_away(store: Store, clock: StoppedClock) -> None:
    # Given two half-filled forms, of which one is taken up again
    case = a_case(store, task(clock.now(), "t-1", "sales"), at=clock.now()).case
    with store.begin() as tx:
        tx.save_draft(case, "t-1", "amy", {"loss": 1})
        tx.save_draft(case, "t-1", "bob", {"loss": 2})
    clock.advance(days=60)
    with store.begin() as tx:
        tx.save_draft(case, "t-1", "bob", {"loss": 3})
    # When what is older than 30 days is put away
    with store.begin() as tx:
        assert tx.forget_drafts(before=clock.now() - timedelta(days=30)) == 1
    # I expect the other to be there, with the moment it was last saved
    with store.look() as reading:
        assert reading.draft(case, "t-1", "amy") is None and reading.draft_saved(case, "t-1", "amy") is None
        assert reading.draft(case, "t-1", "bob") == {"loss": 3}
        assert reading.draft_saved(case, "t-1", "bob") == clock.now()


def test_the_same_content_is_kept_once(store: Store, clock: StoppedClock) -> None:
    content = bytes(range(256)) * 4000
    with store.begin() as tx:
        tx.save_file("ab", name="照片.jpg", media_type="image/jpeg", content=content)
    clock.advance(HOUR)
    with store.begin() as tx:
        tx.save_file("ab", name="again.jpg", media_type="image/jpeg", content=content)
    with store.look() as reading:
        kept = reading.file("ab")
        assert (kept.content, kept.size, kept.name) == (content, len(content), "照片.jpg")
        for wrong in ("cd", "", "\0"):
            with pytest.raises(FileNotStored):
                reading.file(wrong)


def test_looks_at_a_sealed_case_are_written_down(store: Store, clock: StoppedClock) -> None:
    with store.begin() as tx:
        tx.note_look("C-1", "amy", "case")
    clock.advance(HOUR)
    with store.begin() as tx:
        tx.note_look("C-1", "bob", "history")
    with store.look() as reading:
        assert [(look.person, look.what) for look in reading.looks("C-1")] == [("amy", "case"), ("bob", "history")]
        assert reading.looks("C-2") == []

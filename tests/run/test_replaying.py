"""Replay brings a case to life as it was; what does not agree is told by its number."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
import zstandard

from engine.history import GENESIS, DataSet, Keyring, SignalAwaited, SignalDropped, TaskOpened, seal
from engine.replay import HistoryEmpty, replay, verify
from engine.run import CannotOpen, Run, SnapshotUnusable
from tests.run.drawing import MONDAY, Driven, drawn
from tests.run.stories import STORIES, long_complaint

HERE = Path(__file__).parents[2]


@pytest.mark.parametrize("name", STORIES)
def test_a_replay_gives_the_same_bytes(name: str) -> None:
    # Given a case that lived
    case = STORIES[name]()
    records = case.records()
    # When its history is replayed
    again = replay(records, case.releases.__getitem__)
    # I expect the same state, and every outcome as it was
    assert again.snapshot() == case.run.snapshot()
    verdict = verify(records, case.releases.__getitem__, case.run.snapshot())
    assert verdict.agrees, verdict
    assert verdict.events == len(records) and verdict.state_agrees is True


def test_a_history_that_was_written_before_signals_were_told_still_agrees() -> None:
    # Given a case that waited for signals, as an early version wrote it down
    case = STORIES["recalled-complaint"]()
    early = [e for e in case.events if not isinstance(e, SignalAwaited | SignalDropped)]
    assert len(early) < len(case.events)
    records, _ = seal("C-1", early, after=0, previous=GENESIS, keyring=Keyring())
    # I expect nothing else to be let pass
    assert verify(records, lambda _: case.release, case.run.snapshot()).agrees
    less, _ = seal("C-1", [e for e in early if not isinstance(e, TaskOpened)], after=0, previous=GENESIS, keyring=Keyring())
    assert not verify(less, lambda _: case.release).agrees


def test_a_forgotten_person_does_not_break_the_replay() -> None:
    case = long_complaint()
    verdict = verify(case.records(without="complainant"), lambda digest: case.release, case.run.snapshot())
    assert verdict.agrees, verdict


def test_the_first_outcome_that_differs_is_named() -> None:
    case = Driven(drawn("startEvent s\nuserTask a groups=sales\nuserTask b\ns > a > b"))
    case.done("a")
    events = [
        replace(e, groups=("plant",)) if isinstance(e, TaskOpened) and e.task == "a-1" else e for e in case.events
    ]
    records = seal("C-1", events, after=0, previous=GENESIS, keyring=Keyring())[0]
    verdict = verify(records, lambda digest: case.release)
    assert not verdict.agrees
    assert verdict.difference is not None
    assert records[verdict.difference.seq - 1].event.kind == "task_opened"
    assert "plant" in verdict.difference.expected and "sales" in verdict.difference.found


def test_a_difference_does_not_name_a_person() -> None:
    case = long_complaint()
    last = max(i for i, e in enumerate(case.events) if isinstance(e, DataSet) and "greeting" in e.values)
    events = [*case.events[:last], replace(case.events[last], element="other"), *case.events[last + 1 :]]
    records = seal("C-1", events, after=0, previous=GENESIS, keyring=Keyring())[0]
    verdict = verify(records, lambda digest: case.release)
    assert verdict.difference is not None
    assert "Zhang" not in verdict.difference.expected + verdict.difference.found


def test_an_outcome_too_many_or_too_few_is_named() -> None:
    case = Driven(drawn("startEvent s\nuserTask a\ns > a"))
    more = [*case.events, DataSet(at=case.at, element="a", values={"x": 1})]
    for events in (case.events[:-1], more):
        records = seal("C-1", events, after=0, previous=GENESIS, keyring=Keyring())[0]
        verdict = verify(records, lambda digest: case.release)
        assert verdict.difference is not None
        assert "nothing" in (verdict.difference.expected, verdict.difference.found)


def test_a_broken_chain_is_named() -> None:
    case = long_complaint()
    records = case.records()
    records[9] = replace(records[9], hash="0" * 64)
    verdict = verify(records, lambda digest: case.release)
    assert verdict.difference is not None and verdict.difference.seq == 10


def test_an_altered_state_is_told() -> None:
    case = long_complaint()
    other = Driven(case.release, loss=1)
    verdict = verify(case.records(), lambda digest: case.release, other.run.snapshot())
    assert not verdict.agrees and verdict.state_agrees is False


def test_an_empty_history_is_no_case() -> None:
    with pytest.raises(HistoryEmpty):
        replay([], lambda digest: long_complaint().release)


@pytest.mark.parametrize("step", [-1, 1])
def test_a_snapshot_that_another_version_left_behind_says_nothing_against_a_history(step: int) -> None:
    # Whoever goes back to an earlier Kesu finds those of the later one.
    case = long_complaint()
    state = orjson.loads(zstandard.ZstdDecompressor().decompress(case.run.snapshot()))
    left = zstandard.ZstdCompressor().compress(orjson.dumps({**state, "v": state["v"] + step, "counts": []}))
    verdict = verify(case.records(), lambda digest: case.release, left)
    assert verdict.agrees and verdict.state_agrees is None


def test_a_snapshot_of_another_release_case_or_code_is_not_used() -> None:
    case = Driven(drawn("startEvent s\nuserTask a\ns > a"))
    other = drawn("startEvent s\nuserTask b\ns > b")
    for release, state, name in (
        (other, case.run.snapshot(), "C-1"),
        (case.release, case.run.snapshot(), "C-2"),
        (case.release, b"nonsense", "C-1"),
    ):
        with pytest.raises(SnapshotUnusable):
            Run.restore(release, state, case=name)


def test_every_process_of_the_operating_system_makes_the_same_bytes() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", "import hashlib; from tests.run.stories import STORIES\n"
             "for tell in STORIES.values(): print(hashlib.sha256(tell().run.snapshot()).hexdigest())"],
            cwd=HERE, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1
    assert next(iter(told)).count("\n") == len(STORIES)


def test_a_case_does_not_grow_with_its_age() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            userTask a limit=L1
            boundaryEvent late on=a loose date='=due("L1")'
            callActivity c call=sub
            parallelGateway j
            exclusiveGateway g
            s > g > p > a > j > g
            p > c > j
            """,
            sub="startEvent cs\nscriptTask x script='=1' result=one\ncs > x",
        )
    )
    sizes = []
    for _ in range(400):
        case.done("a")
        case.restart()
        sizes.append(len(case.run.snapshot()))
    assert sizes[-1] <= 1.5 * sizes[13]
    assert len(case.run.tokens) == 2


def test_cases_in_several_threads_do_not_disturb_each_other() -> None:
    expected = long_complaint().run.snapshot()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: long_complaint().run.snapshot(), range(12)))
    assert set(found) == {expected}


def test_the_zone_in_which_an_instant_is_told_changes_nothing() -> None:
    release = drawn("startEvent s\nuserTask a limit=L1\ns > a")
    shanghai = Driven(release, at=MONDAY.astimezone(ZoneInfo("Asia/Shanghai")))
    assert shanghai.run.snapshot() == Driven(release).run.snapshot()


def test_a_process_that_is_not_there_cannot_be_begun() -> None:
    release = drawn("startEvent s\nuserTask a\ns > a")
    event = replace(Driven(release).events[0], process="other")
    with pytest.raises(CannotOpen):
        Run.open(release, event, case="C-1")

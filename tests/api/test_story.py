"""Every kind of event is one sentence in either language, without our own names where people have given better ones."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import history as h
from engine.casebook import lexicon_of
from engine.clock import StoppedClock
from engine.store import Store
from engine.story import Teller
from tests.desk.office import open_office, release

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OFFICE = release()
NAMES = {"rita": "丽塔", "carl": "卡尔"}
#: What the facts of an event may be called in the office.
KNOWN: dict[str, Any] = {
    "actor": "rita", "on_behalf_of": "carl", "to": "carl", "person": "carl", "assignee": "carl", "approved_by": "carl",
    "task": "look-1", "timer": "late-1", "errand": "number-1", "element": "look", "message": "withdraw", "status": "looking",
    "deadline": "whole", "limit": "look", "unit": "workday", "pack": "office", "process": "office", "groups": ("clerk",),
    "type": "take-number", "audience": "internal", "passed": ("office/start", "office/number"),
    "record": {"outputs": {"level": "高"}, "rules": [{"number": 2}]}, "zh": "没有走得通的路。", "en": "No way leads on.",
}  # fmt: skip


def kinds(base: type[h.Event]) -> list[type[h.Event]]:
    """Every kind of input or outcome there is."""
    return [kind for kind in base.__subclasses__() if kind.kind]


def example(kind: type[h.Event], *, at: datetime = NOW) -> h.Event:
    """An event of that kind, with every fact filled."""
    hints = typing.get_type_hints(kind)
    facts = {f.name: KNOWN.get(f.name, _any(hints[f.name])) for f in dataclasses.fields(kind) if f.name != "at"}
    return kind(at=at, **facts)


def _any(hint: Any) -> Any:
    options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    if datetime in options:
        return NOW + timedelta(days=2)
    for wanted, given in ((bool, True), (int, 2), (str, "某事")):
        if wanted in options:
            return given
    if any(typing.get_origin(o) is tuple for o in options):
        return ()
    return {} if any(typing.get_origin(o) is not None for o in options) else None


def test_there_are_kinds_of_both() -> None:
    assert len(kinds(h.Input)) >= 18
    assert len(kinds(h.Outcome)) >= 18


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", [*kinds(h.Input), *kinds(h.Outcome)], ids=lambda kind: kind.__name__)
def test_every_kind_is_one_sentence_without_raw_names(kind: type[h.Event], lang: str) -> None:
    # A record is an event with its place in the chain; the place tells nothing here.
    record = h.Record(case="C-1", seq=1, event=example(kind), sealed={}, previous="", hash="")
    said = Teller(OFFICE, lang, names=NAMES).tell(record)
    assert said
    assert "\n" not in said
    assert "{" not in said
    assert "None" not in said
    for raw in (
        "rita",
        "carl",
        "look-1",
        "late-1",
        "number-1",
        "looking",
        "withdraw",
        "clerk",
        "take-number",
        "office/",
    ):
        assert raw not in said, said


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_diary_of_a_case_puts_what_followed_under_what_was_done(
    store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    office = open_office(store, clock, tmp_path)
    case = office.receive()
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    with store.look() as reading:
        records = reading.history(case)
    diary = Teller(release(), "zh", names=NAMES).diary(records)
    done = [entry for entry in diary if isinstance(entry.record.event, h.TaskCompleted)]
    assert [entry.sentence for entry in done] == ["卡尔 完成了“调查”。"]
    assert any("审批" in sentence for _, sentence in done[0].outcomes)
    assert sum(1 + len(entry.outcomes) for entry in diary) == len(records)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_digest_of_a_case_is_what_people_and_time_did_and_what_came_of_it(
    store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    # Given a case that was looked into too late
    office = open_office(store, clock, tmp_path)
    case = office.receive()
    office.executor.let_time_pass(clock, clock.now() + timedelta(days=7))
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    with store.look() as reading:
        records = reading.history(case)
    found = release()
    digest = Teller(found, "zh", names=NAMES, lexicon=lexicon_of(found, office.desk.shelf)).digest(records)
    # I expect its number under the receipt, a reminder under the limit that ran out, and that it was late
    assert [type(entry.record.event) for entry in digest] == [h.CaseOpened, h.TimerFired, h.TaskCompleted]
    told = [[said for _, said in entry.outcomes] for entry in digest]
    assert "编号为 260101。" in told[0]
    assert digest[1].sentence == "“调查”的时限“超期”到了。"
    assert told[1] == ["发出催办单：经办。"]
    assert told[2][0] == "“调查”已完成，超期。"
    # and nothing of how the procedure did it inside
    hidden = (h.PathTaken, h.TimerSet, h.TimerCancelled, h.DataSet, h.MilestoneReached)
    assert not any(isinstance(record.event, hidden) for entry in digest for record, _ in entry.outcomes)

"""Pausing and extending: what adds up, who may, what is refused and in which words, and what the history says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.authority import NotAuthorised
from engine.clock import StoppedClock
from engine.desk import (
    CapReached,
    ClocksGo,
    ClocksStandStill,
    ExtensionRefused,
    LimitNotExtendable,
    NothingToPause,
    TextRefused,
)
from engine.errors import EngineError
from engine.publishing import check
from engine.store import Store
from engine.story import Teller
from tests.desk.office import FILES, Office, open_office, release


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment in January 2026."""
    return datetime(2026, 1, day, hour - 8, minute, tzinfo=UTC)


@pytest.fixture
def capped(store: Store, clock: StoppedClock, tmp_path: Path) -> Office:
    """The office, with nine days in all for looking into it."""
    office = open_office(store, clock, tmp_path)
    row = b"value: 3, unit: workday,"
    checked = check({**FILES, "pack.yaml": FILES["pack.yaml"].replace(row, row + b" cap: {value: 9, unit: day},")})
    assert checked.release is not None
    with store.begin() as tx:
        tx.save_release(checked.release.digest, pack="office", files=checked.release.files, by="x", at=clock.now())
        tx.publish_release(checked.release.digest, by="y", at=clock.now())
    return office


def due(office: Office, case: str) -> datetime:
    return office.casebook.task(case, "look-1", office.actor("carl")).deadline.due  # type: ignore[union-attr]


def said(office: Office, case: str, lang: str) -> str:
    """The history as sentences."""
    teller = Teller(release(), lang)
    with office.store.look() as reading:
        return "\n".join(teller.tell(record) for record in reading.history(case))


def events(office: Office, case: str) -> int:
    """How many events there are."""
    with office.store.look() as reading:
        return len(list(reading.history(case)))


def test_several_pauses_add_up_to_the_minute(office: Office) -> None:
    # Given three working days from Monday, 5 January: the close of Thursday the 8th
    case, carl = office.receive(), office.actor("carl")
    assert due(office, case) == moment(8, 18)
    # When the clocks stand still for 2 h 30 on Tuesday, over Tuesday night, and for 5 h 29 on Wednesday
    for since, until in (
        (moment(6, 9), moment(6, 11, 30)), (moment(6, 18), moment(7, 9)), (moment(7, 9, 30), moment(7, 15, 59)),
    ):  # fmt: skip
        office.clock.set(since)
        office.desk.pause(case, "等客户资料", carl)
        office.clock.set(until)
        office.desk.resume(case, carl)
    # I expect 7 h 59 of a day of eight hours to be one day more: Friday; a minute more than eight hours would be two
    assert due(office, case) == moment(9, 18)
    office.clock.set(moment(7, 16))
    office.desk.pause(case, "再等", carl)
    office.clock.set(moment(7, 16, 1))
    office.desk.resume(case, carl)
    assert due(office, case) == moment(9, 18)
    office.clock.set(moment(7, 16, 2))
    office.desk.pause(case, "又等", carl)
    office.clock.set(moment(7, 16, 3))
    office.desk.resume(case, carl)
    assert due(office, case) == moment(12, 18)
    # and the other limit, which may not pause, to be where it was
    (whole,) = [d for d in office.casebook.deadlines(case, carl) if d.limit == "whole"]
    assert whole.due == datetime(2026, 1, 26, 10, tzinfo=UTC)


def test_what_stands_still_does_not_get_late(office: Office) -> None:
    case, carl = office.receive(), office.actor("carl")
    office.clock.set(moment(8, 16))
    office.desk.pause(case, "等客户资料", carl)
    office.clock.set(moment(13, 12))
    office.executor.poke()
    # Given a clock that stopped two hours before the end, and days that have passed since
    view = office.casebook.task(case, "look-1", carl).deadline
    assert view is not None and view.paused and not view.late
    assert view.left is not None and view.left.text("en") == "2 h left"
    office.desk.resume(case, carl)
    # I expect the two hours to run from noon on the 13th, and the limit to end at the close of that day
    assert due(office, case) == moment(13, 18)


def test_a_limit_that_was_not_kept_ends_with_its_case(store: Store, clock: StoppedClock, tmp_path: Path) -> None:
    # Given an answer promised within five working days, which may pause, and a complaint that is withdrawn meanwhile
    office = open_office(store, clock, tmp_path)
    answer = "  answer: {zh: 答复, en: Answer, value: 5, unit: workday, stage: case, from: opened, to: seen, pausable: true}\n"
    pack = FILES["pack.yaml"].replace(b"limits:\n", f"limits:\n{answer}".encode())
    status = b'<zeebe:property name="status" value="looking"/>'
    diagram = FILES["diagrams/office.bpmn"].replace(status, status + b'<zeebe:property name="milestone" value="seen"/>')
    checked = check({**FILES, "pack.yaml": pack, "diagrams/office.bpmn": diagram})
    assert checked.release is not None, [f.text("en") for f in checked.findings]
    with store.begin() as tx:
        tx.save_release(checked.release.digest, pack="office", files=checked.release.files, by="x", at=clock.now())
        tx.publish_release(checked.release.digest, by="y", at=clock.now())
    case, carl = office.receive(), office.actor("carl")
    office.clock.set(moment(8, 16))
    office.desk.pause(case, "等客户资料", carl)
    office.clock.set(moment(9, 10))
    office.desk.receive_message(case, "withdraw", {}, carl)
    # I expect nothing of the closed case to stand still, to run, or to get late afterwards
    office.clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    view = office.casebook.case(case, carl)
    assert view.head.closed_at is not None and not view.paused
    answered = next(d for d in view.deadlines if d.limit == "answer")
    assert (answered.met, answered.ended, answered.paused, answered.late, answered.left) == (None, True, False, False, None)


def refused(kind: type[EngineError], act: object) -> tuple[str, str]:
    """The words of a refusal, Chinese and English."""
    with pytest.raises(kind) as caught:
        act()  # type: ignore[operator]
    assert type(caught.value) is kind
    return caught.value.text("zh"), caught.value.text("en")


def test_what_may_not_be_extended_is_refused_in_words(capped: Office) -> None:
    office = capped
    case, carl, hana = office.receive(), office.actor("carl"), office.actor("hana")
    before = events(office, case)

    def extend(
        amount: int, unit: str = "workday", reason: str = "等检验报告", actor: object = hana, of: str = "look-1"
    ) -> None:
        office.desk.extend_deadline(case, of, amount, unit, reason, actor)  # type: ignore[arg-type]

    # by whoever is not named, without a reason, too much at once, in another unit, a limit nobody may extend, none at all
    refused(NotAuthorised, lambda: extend(1, actor=carl))
    refused(TextRefused, lambda: extend(1, reason="  "))
    zh, en = refused(ExtensionRefused, lambda: extend(6))
    assert "6 个工作日" in zh and "至多 5 个工作日" in zh
    assert "by 6 working days" in en and "5 working days at most" in en
    refused(ExtensionRefused, lambda: extend(2, "day"))
    refused(ExtensionRefused, lambda: extend(0))
    refused(LimitNotExtendable, lambda: extend(1, of="whole"))
    refused(LimitNotExtendable, lambda: extend(1, of="nothing-1"))
    # I expect nothing of it in the history
    assert events(office, case) == before
    # When it is extended to the ninth day, its cap
    extend(5)
    assert due(office, case) == datetime(2026, 1, 14, 16, tzinfo=UTC)
    zh, en = refused(CapReached, lambda: extend(1))
    assert "总计不得超过 9 日" in zh and "9 days in all" in en
    view = office.casebook.task(case, "look-1", hana).deadline
    assert view is not None and view.may_extend
    assert (view.extend_units, view.extend_most, view.cap) == (("workday",), "5 个工作日", "9 日")


def test_pausing_is_refused_in_words_when_nothing_would_stand_still(office: Office) -> None:
    case, carl = office.receive(), office.actor("carl")
    refused(ClocksGo, lambda: office.desk.resume(case, carl))
    refused(TextRefused, lambda: office.desk.pause(case, "", carl))
    office.desk.pause(case, "等客户资料", carl)
    zh, en = refused(ClocksStandStill, lambda: office.desk.pause(case, "再等", carl))
    assert "已经暂停" in zh and "already" in en
    office.desk.resume(case, carl)
    # Given a case in which only a limit runs that may not pause
    office.desk.complete_task(case, "look-1", {"finding": "x"}, carl)
    refused(NothingToPause, lambda: office.desk.pause(case, "等", office.actor("hana")))


def test_the_history_tells_pauses_and_extensions_in_sentences(office: Office) -> None:
    case, carl, hana = office.receive(), office.actor("carl"), office.actor("hana")
    office.clock.set(moment(6, 10))
    office.desk.pause(case, "等客户资料", carl)
    office.clock.set(moment(7, 10))
    office.desk.resume(case, carl)
    office.desk.extend_deadline(case, "look-1", 2, "workday", "等检验报告", hana)
    zh, en = said(office, case, "zh"), said(office, case, "en")
    for text in (
        "carl 暂停了计时",
        "等客户资料",
        "carl 恢复了计时",
        "hana 批准",
        "延长 2 个工作日",
        "等检验报告",
        "改为",
    ):
        assert text in zh
    for text in (
        "carl stopped the clocks",
        "carl let the clocks go on",
        "hana extended",
        "by 2 working days",
        "was moved to",
    ):
        assert text in en

"""A case is found by what happened in it, with the events that prove it, and by nobody who may not read that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.authority import Actor
from engine.casebook import Wanted
from engine.clock import StoppedClock
from engine.store import Store
from tests.desk.office import Office, open_office

AUDITOR = Actor(name="alma", memberships=frozenset({"*/auditor"}), locale="en")


def found(office: Office, actor: Actor = AUDITOR, **asked: Any) -> dict[str, list[tuple[str, str, str]]]:
    """The cases, each with what proves it: about what, which kind of event, the words around."""
    page = office.casebook.find(Wanted(**asked), actor)
    return {one.head.case: [(e.about, e.record.event.kind, e.excerpt) for e in one.proof] for one in page.rows}


def looked_into(office: Office, finding: str = "铰链断了，已拍照") -> str:
    case = office.receive(customer="王秀英")
    office.clock.advance(hours=3)
    office.desk.complete_task(case, "look-1", {"finding": finding}, office.actor("carl"))
    return case


def test_everything_asked_must_hold_and_each_part_is_proved(office: Office) -> None:
    case = looked_into(office)
    office.receive()
    assert found(
        office, words="铰链 门坏", person="carl", element="look", field="loss", value="120.5", pack="office"
    ) == {
        case: [
            ("words", "case_opened", "门坏了"),
            ("field", "case_opened", ""),
            ("element", "task_opened", ""),
            ("words", "task_completed", "铰链断了，已拍照"),
            ("person", "task_completed", ""),
        ]
    }
    assert found(office, words="铰链", person="hana") == {}
    assert found(office, field="loss", value="x" * 200) == {}


def test_a_limit_is_broken_while_it_is_past_due_and_after_it_was_met_late(office: Office) -> None:
    case = office.receive()
    in_time = looked_into(office)
    assert found(office, limit="look") == {}
    office.clock.advance(days=9)
    assert found(office, limit="look") == {case: [("limit", "task_opened", "")]}
    office.desk.complete_task(case, "look-1", {"finding": "晚了"}, office.actor("carl"))
    assert found(office, limit="look") == {case: [("limit", "deadline_met", "")]}
    assert in_time not in found(office, limit="look", words="铰链")


def test_personal_data_are_found_by_those_who_may_read_them_until_they_are_erased(office: Office) -> None:
    case = looked_into(office)
    assert list(found(office, words="王秀英")) == [case]
    office.desk.erase(case, "complainant", "应本人请求", office.actor("ada"))
    assert found(office, words="王秀英") == found(office, field="customer", value="王秀英") == {}
    assert list(found(office, words="铰链")) == [case]


def test_what_the_index_says_is_not_shown_unless_the_history_says_it_to_this_reader(
    store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    # Given a pack that keeps complainants from everybody but its own people
    office = open_office(store, clock, tmp_path / "outbox", "secrets: {complainant: [desk, clerk, head]}\n")
    case = looked_into(office)
    # I expect an auditor to find the case by other words, and not by who complained
    assert found(office, words="王秀英") == {}
    assert list(found(office, words="铰链")) == [case]
    assert list(found(office, office.actor("carl"), words="王秀英")) == [case]


def test_departures_from_the_straight_way_are_found_by_their_events(office: Office) -> None:
    case, straight = office.receive(), looked_into(office)
    office.desk.extend_deadline(case, "look-1", 1, "workday", "等待材料", office.actor("hana"))
    assert found(office, event="deadline_extended") == {case: [("event", "deadline_extended", "")]}
    office.clock.advance(days=9)
    office.desk.complete_task(case, "look-1", {"finding": "晚了"}, office.actor("carl"))
    assert found(office, event="late") == {case: [("event", "deadline_met", "")]}
    office.desk.complete_task(straight, "approve-1", {"approved": False, "reason": "再查"}, office.actor("hana"))
    assert found(office, event="again") == {straight: [("event", "task_opened", "")]}


def test_nobody_finds_a_case_about_themselves(office: Office) -> None:
    office.receive(accused="carl")
    assert found(office, office.actor("carl"), words="门坏") == {}
    assert len(found(office, words="门坏")) == 1

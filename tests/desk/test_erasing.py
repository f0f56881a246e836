"""A person is erased on request: nothing about them is read any more, anywhere, and the case still proves itself."""

from __future__ import annotations

import hashlib

import pytest

from engine.authority import NotAuthorised
from engine.casebook import FileErased
from engine.desk import Done, ErasedBefore, NewFile, NobodyCalled, TextRefused
from engine.history import PersonErased
from engine.replay import verify
from engine.store import FileNotStored
from tests.desk.office import Office

NAME = "王秀英"


def complained(office: Office, *, about: str = "门坏了") -> str:
    case = office.receive(about, customer=NAME)
    office.desk.save_draft(case, "look-1", {"finding": "半"}, office.actor("carl"))
    return case


def erase(office: Office, case: str) -> Done:
    return office.desk.erase(case, "complainant", "应本人请求", office.actor("ada"))


def holds(office: Office, case: str) -> bool:
    with office.store.look() as reading:
        head = reading.head(case)
        release = office.casebook.shelf.release(head.release, reading)
        found = verify(reading.history(case), lambda digest: release, head.state)
    with office.store.begin() as tx:
        return found.difference is None and tx.stray(case) is None


def test_what_was_erased_is_nowhere_and_history_and_state_still_verify(office: Office) -> None:
    case = complained(office)
    assert holds(office, case)
    done = erase(office, case)
    said = done.records[-1].event
    assert isinstance(said, PersonErased) and (said.of, said.reason, said.actor) == ("complainant", "应本人请求", "ada")
    assert holds(office, case)
    with office.store.look() as reading:
        head = reading.head(case)
        assert NAME not in str([r.event for r in reading.history(case)])
        assert head.keyring.erased == {"complainant"}
        assert NAME.encode() not in (head.state or b"")
        assert reading.draft(case, "look-1", "carl") is None
    assert NAME not in str(office.casebook.dossier(case, office.actor("carl")).view)
    # The case goes on as if nothing had been.
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    assert holds(office, case)


def test_a_closed_case_can_be_erased_too(office: Office) -> None:
    case = complained(office)
    office.desk.complete_task(case, "look-1", {"finding": "铰链断了"}, office.actor("carl"))
    office.desk.complete_task(case, "approve-1", {"approved": True}, office.actor("hana"))
    erase(office, case)
    assert holds(office, case)


def test_who_was_erased_once_is_not_erased_again(office: Office) -> None:
    case = complained(office)
    erase(office, case)
    with pytest.raises(ErasedBefore):
        erase(office, case)


def test_only_administrators_erase_with_a_reason_and_whom_the_case_knows(office: Office) -> None:
    case, ada = complained(office), office.actor("ada")
    with pytest.raises(NotAuthorised):
        office.desk.erase(case, "complainant", "r", office.actor("hana"))
    with pytest.raises(TextRefused):
        office.desk.erase(case, "complainant", " ", ada)
    with pytest.raises(NobodyCalled) as refused:
        office.desk.erase(case, "reporter", "r", ada)
    assert "complainant" in refused.value.text("en")
    assert [(p.of, p.erased, [f.en for f in p.fields]) for p in office.casebook.erasable(case, ada)] == [
        ("complainant", False, ["Identity card", "Complainant"])
    ]


def test_the_same_request_again_erases_once(office: Office) -> None:
    case, ada = complained(office), office.actor("ada")
    one = office.desk.erase(case, "complainant", "r", ada, idempotency="k")
    assert office.desk.erase(case, "complainant", "r", ada, idempotency="k").seq == one.seq


def test_files_about_the_person_go_with_them_unless_another_case_has_the_same(office: Office) -> None:
    files = [NewFile(name=f"{NAME} 证件.txt", content=content) for content in (b"one", b"two")]
    rita, cases = office.actor("rita"), []
    for own in (files, files[1:]):
        said = {
            "subject": "门坏了",
            "loss": "1",
            "customer": NAME,
            "card": [{"file": f.digest, "name": f.name} for f in own],
        }
        cases.append(office.desk.open_case("office", said, rita, channel="phone", files=own).case)
    one, two = (hashlib.sha256(f.content).hexdigest() for f in files)
    erase(office, cases[0])
    for file in (one, two):
        with pytest.raises(FileErased):
            office.casebook.attachment(cases[0], file, rita)
    with office.store.look() as reading, pytest.raises(FileNotStored):
        reading.file(one)
    assert office.casebook.attachment(cases[1], two, rita).content == b"two"
    assert {d.hidden for d in office.casebook.case(cases[0], rita).documents} == {"erased"}
    assert NAME not in str(office.casebook.history(cases[0], rita).records)
    assert holds(office, cases[0])


def test_a_remark_that_names_the_person_goes_with_them(office: Office) -> None:
    case, carl = complained(office), office.actor("carl")
    # Given a remark that repeats the name, with a blank in it, and one that does not
    office.desk.comment(case, "已电 王 秀英，约明天上门。", carl)
    office.desk.comment(case, "已约明天上门。", carl)
    assert [r.about for r in office.casebook.case(case, carl).remarks] == ["complainant", None]
    assert [p.remarks for p in office.casebook.erasable(case, office.actor("ada"))] == [1]
    # When the person is erased
    erase(office, case)
    # I expect the first to be as unreadable as the name, and the case to prove itself
    first, second = office.casebook.case(case, carl).remarks
    assert (first.text, first.hidden) == ("", "erased") and second.text == "已约明天上门。"
    assert "约明天" in second.text and "秀英" not in str(office.casebook.dossier(case, carl))
    assert holds(office, case)


def test_what_stays_is_told_before_a_person_is_erased(office: Office) -> None:
    # Given a complaint whose subject says the name in plain words
    case = complained(office, about=f"{NAME}家的门坏了")
    found = office.casebook.erasable(case, office.actor("ada"))[0].mentions
    assert [(m.seq, m.by, m.text) for m in found] == [(1, "rita", f"{NAME}家的门坏了")]
    assert office.casebook.erasable(complained(office), office.actor("ada"))[0].mentions == ()

"""Files that come with answers are there when the answers are, and not otherwise."""

from __future__ import annotations

import pytest

from engine.desk import FileEmpty, NewFile
from forms import AnswersRefused
from tests.desk.office import Office

PHOTO = NewFile(name="门.jpg", content=b"\xff\xd8\xff a door")


def refer(file: NewFile) -> dict[str, str]:
    """How an answer names a file."""
    return {"file": file.digest, "name": file.name}


def test_a_complaint_brings_its_evidence_along(office: Office) -> None:
    case = office.desk.open_case(
        "office", {"subject": "门坏了", "loss": "1", "proof": [refer(PHOTO)]}, office.actor("rita"), channel="phone", files=[PHOTO]
    ).case  # fmt: skip
    with office.store.look() as reading:
        assert [(a.file, a.name) for a in reading.attachments(case)] == [(PHOTO.digest, "门.jpg")]
    assert office.casebook.attachment(case, PHOTO.digest, office.actor("carl")).content == PHOTO.content


def test_an_answer_cannot_name_a_file_that_is_not_there(office: Office) -> None:
    for file in (PHOTO, NewFile(name="../x.jpg", content=b"of another case")):
        with pytest.raises(AnswersRefused) as refused:
            office.receive(proof=[refer(file)])
        assert refused.value.in_language("en") == {"proof": ["upload the file first."]}


def test_a_task_brings_files_or_names_those_of_its_case(office: Office) -> None:
    case, carl = office.receive(), office.actor("carl")
    office.desk.attach(case, "门.jpg", "image/jpeg", PHOTO.content, carl)
    plan = NewFile(name="plan.pdf", content=b"%PDF-1.7 plan")
    answers = {"finding": "铰链断了", "photos": [refer(PHOTO), refer(plan)]}
    with pytest.raises(AnswersRefused):
        office.desk.complete_task(case, "look-1", answers, carl)
    office.desk.complete_task(case, "look-1", answers, carl, files=[plan])
    with office.store.look() as reading:
        assert [a.name for a in reading.attachments(case)] == ["门.jpg", "plan.pdf"]


def test_what_is_no_file_refuses_everything(office: Office) -> None:
    case, carl = office.receive(), office.actor("carl")
    nothing = NewFile(name="plan.pdf", content=b"")
    with pytest.raises(FileEmpty):
        office.desk.complete_task(case, "look-1", {"finding": "a", "photos": [refer(nothing)]}, carl, files=[nothing])
    assert office.tasks(case) == ["look-1"]

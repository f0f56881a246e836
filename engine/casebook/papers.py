"""What was written in a case, read from its history: forms, remarks, notices, who did what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.casebook.lexicon import said_persons
from engine.casebook.lines import label_of
from engine.casebook.views import Document, Line, Notice, Paper, Part, Remark
from engine.errands import ERRANDS, PAPERS
from engine.history import (
    ERASED,
    AttachmentAdded,
    CaseLinked,
    CaseOpened,
    CommentAdded,
    ErrandStarted,
    MessageReceived,
    Personal,
    PersonErased,
    PersonRecused,
    Record,
    TaskClaimed,
    TaskCompleted,
    TaskDelegated,
    TaskOpened,
    TaskReleased,
    TaskWithdrawn,
    bare,
)
from engine.policy import Label
from engine.release import Release
from engine.shelf import Shelf
from forms import Form


@dataclass
class Folder:
    """Everything written in a case, in order."""

    papers: list[Paper] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    linked: list[tuple[str, str]] = field(default_factory=list)
    #: Task -> what opened it.
    opened: dict[str, TaskOpened] = field(default_factory=dict)
    did: dict[str, list[str]] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Reader:
    """What is needed to read forms aloud."""

    release: Release
    shelf: Shelf
    lang: str
    #: User name -> display name.
    people: Mapping[str, str]


def folder_of(
    records: Sequence[Record], release: Release, shelf: Shelf, lang: str, people: Mapping[str, str]
) -> Folder:
    """Sort a history into what was written and who did what.

    Args:
        people: user name -> display name.
    """
    folder, reader = Folder(), _Reader(release, shelf, lang, people)
    for record in records:
        _sort_in(folder, record, reader)
    return folder


def parts_of(folder: Folder, release: Release) -> tuple[Part, ...]:
    """The people of a case, those who still hold something first."""
    people = sorted(
        {*folder.did, *folder.holds.values(), *folder.barred}, key=lambda p: (p not in folder.holds.values(), p)
    )
    return tuple(
        Part(
            person=person,
            did=tuple(_title(folder, release, task) for task in folder.did.get(person, ())),
            holds=tuple(_title(folder, release, t) for t, holder in folder.holds.items() if holder == person),
            barred=person in folder.barred,
        )
        for person in people
        if person != "system"
    )


def _title(folder: Folder, release: Release, task: str) -> Label:
    opened = folder.opened.get(task)
    return label_of(release, opened.process, opened.element) if opened else Label(zh=task, en=task)


def _sort_in(folder: Folder, record: Record, reader: _Reader) -> None:
    match record.event:
        case CaseOpened() as event:
            folder.barred |= set(event.barred)
            _file_paper(folder, record, reader, event.form, event.answers, None)
        case TaskOpened() as event:
            folder.opened[event.task] = event
            if event.assignee:
                folder.holds[event.task] = event.assignee
        case TaskClaimed() as event:
            folder.holds[event.task] = event.on_behalf_of or event.actor
        case TaskDelegated() as event:
            folder.holds[event.task] = event.to
        case TaskReleased() | TaskWithdrawn() as event:
            folder.holds.pop(event.task, None)
        case TaskCompleted() as event:
            folder.holds.pop(event.task, None)
            folder.did.setdefault(event.actor, []).append(event.task)
            opened = folder.opened.get(event.task)
            form = opened.form if opened else None
            _file_paper(folder, record, reader, form, event.answers, event.task)
        case MessageReceived() as event:
            kind = reader.release.policy.messages.get(event.message)
            _file_paper(folder, record, reader, kind.form if kind else None, event.payload, None)
        case CommentAdded() as event:
            folder.remarks.append(
                Remark(
                    seq=record.seq,
                    by=event.actor,
                    on_behalf_of=event.on_behalf_of,
                    at=event.at,
                    text=str(bare(event.text) or ""),
                    audience=event.audience,
                    about=event.text.of if isinstance(event.text, Personal) else None,
                    hidden=event.text.hidden if isinstance(event.text, Personal) else None,
                )
            )
        case AttachmentAdded() as event:
            folder.documents.append(_document(record, event))
        case ErrandStarted() as event if event.type in PAPERS:
            folder.notices.append(
                Notice(
                    seq=record.seq,
                    at=event.at,
                    type=event.type,
                    label=ERRANDS[event.type].label,
                    element=event.element,
                    facts={**(event.headers or {}), **(event.inputs or {})},
                )
            )
        case PersonErased() as event if event.files:
            folder.documents[:] = [_erased(d) if d.file in event.files else d for d in folder.documents]
        case PersonRecused() as event:
            folder.barred.add(event.person)
        case CaseLinked() as event:
            folder.linked.append((event.other, event.relation))


def _erased(document: Document) -> Document:
    return replace(document, file="", name="", media_type="", size=0, hidden="erased")


def _document(record: Record, event: AttachmentAdded) -> Document:
    hidden = event.name.hidden if isinstance(event.name, Personal) else None
    return Document(
        seq=record.seq,
        file=event.file,
        name=str(bare(event.name) or ""),
        size=event.size,
        media_type=event.media_type,
        by=event.actor,
        at=event.at,
        task=event.task,
        hidden=hidden,
    )


def _file_paper(
    folder: Folder,
    record: Record,
    reader: _Reader,
    form: str | None,
    answers: Mapping[str, object] | None,
    task: str | None,
) -> None:
    release = reader.release
    if form is None or form not in release.forms or not answers:
        return
    read = reader.shelf.form(release, form)
    folder.papers.append(
        Paper(
            form=form,
            title=read.title,
            by=getattr(record.event, "actor", "system"),
            at=record.event.at,
            seq=record.seq,
            task=task,
            lines=tuple(_lines(read, answers, reader)),
        )
    )


def _lines(form: Form, answers: Mapping[str, object], reader: _Reader) -> Iterator[Line]:
    said = {one.name: (one, text) for one, text in form.lines(answers, reader.lang, reader.release.calendar().zone)}
    for one in form.fields:
        value = answers.get(one.name) if one.name else None
        hidden = value.hidden if isinstance(value, Personal) else None
        if one.name not in said and hidden is None:
            continue
        text = ERASED if hidden else said[one.name][1]
        if one.type == "person" and not hidden:
            text = said_persons(bare(value), reader.people, reader.lang)
        elif one.type == "role" and (role := reader.release.policy.roles.get(text.rpartition("/")[2])):
            text = role.text(reader.lang)
        yield Line(name=one.name, label=one.label, text=text, personal=one.personal is not None, hidden=hidden)

"""Papers as they are printed: a form with what the case knew when it was filled in or issued, signed by who answers for it.

What a paper is made of is said once, by the owner: the form file gives its cells (and `print: {parts: …}` the other
forms that stand on the same sheet), `copies` of pack.yaml who gets one. A paper is that of its moment, so it is found
by replay; and it is read through the veil of its reader like everything else of a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.authority import Actor
from engine.casebook.lexicon import lexicon_of
from engine.casebook.lines import role_of, title_of
from engine.casebook.looking import Called, Looking, NoSuchEvent
from engine.casebook.printed import Block, PaperKind, PaperLine, PrintedPaper, Signature, Written
from engine.casebook.veil import Veil
from engine.casebook.writing import Pen, told
from engine.errors import EngineError
from engine.history import CaseOpened, ErrandStarted, MessageReceived, Record, TaskCompleted, TaskOpened, bare
from engine.policy import Label
from engine.release import Release
from engine.replay import replay
from engine.run import Run
from engine.shelf import Shelf, context_of
from engine.store import Head, Reading
from engine.values import Value
from forms import Form

#: Errands that make a paper of a form.
_ISSUES: Mapping[str, PaperKind] = {"issue-document": "issued", "archive-copies": "copies", "send-letter": "letter"}
#: What a reminder of each kind is called as a paper.
_REMINDERS: Mapping[str, Label] = {
    "催办": Label(zh="催办单", en="Reminder"), "查办": Label(zh="查办单", en="Inquiry into a delay"),
    "督办": Label(zh="督办单", en="Supervision notice"), "提醒": Label(zh="提醒单", en="Early warning"),
}  # fmt: skip
_NOTICE = Label(zh="公示", en="Public notice")
_TO, _CASE, _SUBJECT = Label(zh="受文", en="To"), Label(zh="案件编号", en="Case no."), Label(zh="事由", en="Subject")
_OF, _ASKED, _DUE = Label(zh="要求", en="What is asked"), Label(zh="事项", en="Task"), Label(zh="期限", en="Due")
_URGED = Label(
    zh="本案尚未办结，请抓紧办理；已逾期的，请说明原因。",
    en="This case is still open. Please see to it; where something is late, say why.",
)
_INQUIRED = Label(
    zh="本案有时限未按期完成，请查明原因，书面说明逾期原因和改进措施。",
    en="Limits of this case were not kept. Please find out why, and say in writing why and what will change.",
)
_ISSUED, _RECEIVED = Label(zh="签发", en="Issued by"), Label(zh="签收", en="Received by")
_LATE, _DONE = Label(zh="逾期时限", en="Limit not kept"), Label(zh="办结", en="Done")


class PaperNotFound(EngineError):
    """Event {number} of case {case} made no paper."""

    zh = "案件 {case} 的第 {number} 号事件没有形成单据。"


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What is needed to write a paper: the case at its moment, and for whom it is written."""

    head: Head
    release: Release
    shelf: Shelf
    run: Run
    scope: str
    veil: Veil
    pen: Pen
    #: The events up to the paper, through the reader's veil.
    records: Sequence[Record]

    def form(self, name: str) -> Form:
        return self.shelf.form(self.release, name)


class Printing(Looking):
    """Papers as one reader may print them."""

    def paper(self, case: str, number: int, actor: Actor) -> PrintedPaper:
        """The paper that event `number` made.

        Raises:
            CaseNotFound, NoSuchEvent, PaperNotFound.
        """
        with self._seen(case, actor, f"document {number}") as (reading, head):
            if not 1 <= number <= head.seq:
                raise NoSuchEvent(case=case, seq=number, last=head.seq)
            every = reading.history(case)
            veil = self._veil(reading, head, actor, every)
            return self._printed(reading, head, every[:number], veil, actor.locale)

    def _printed(self, reading: Reading, head: Head, records: Sequence[Record], veil: Veil, lang: str) -> PrintedPaper:
        veiled = veil.records(records)
        line = next(
            (
                one
                for one in papers_of(veiled, self.shelf.release(head.release, reading), self.shelf)
                if one.number == records[-1].seq
            ),
            None,
        )
        if line is None:
            raise PaperNotFound(case=head.case, number=records[-1].seq)
        event = veiled[-1].event
        # A form is filled in over what was known before; what the procedure issues knows what led to it.
        before = records[:-1] if line.kind == "filled" and len(records) > 1 else records
        run = replay(before, lambda digest: self.shelf.release(digest, reading))
        desk = _Desk(
            head=head, release=run.release, shelf=self.shelf, run=run, scope=_scope(run, event), veil=veil, records=veiled,
            pen=Pen(lexicon=lexicon_of(run.release, self.shelf), people=Called(reading, lang), lang=lang),
        )  # fmt: skip
        return PrintedPaper(
            head=head, letterhead=run.release.policy.heading, line=line, to=_to(event, desk),
            blocks=tuple(_blocks(event, line, desk)), zone=desk.pen.lexicon.zone,
            form_no=desk.form(line.form).printed.code if line.form else "", signs=_signs(line, desk),
        )  # fmt: skip


def _signs(line: PaperLine, desk: _Desk) -> tuple[Label, ...]:
    """Who signs on paper only."""
    if line.kind == "reminder":
        return _ISSUED, _RECEIVED
    return desk.form(line.form).printed.signs if line.form else ()


def papers_of(records: Sequence[Record], release: Release, shelf: Shelf) -> Iterator[PaperLine]:
    """The papers that a history made, in order."""
    forms: dict[str, str | None] = {}
    for record in records:
        match record.event:
            case TaskOpened() as event:
                forms[event.task] = event.form
            case CaseOpened() as event:
                yield from _filled(record, event.form, event.answers, release, shelf)
            case TaskCompleted() as event:
                yield from _filled(record, forms.get(event.task), event.answers, release, shelf)
            case MessageReceived() as event:
                kind = release.policy.messages.get(event.message)
                yield from _filled(record, kind.form if kind else None, event.payload, release, shelf)
            case ErrandStarted() as event:
                yield from _made(record, event, release, shelf)


def _filled(
    record: Record, form: str | None, answers: Mapping[str, Any] | None, release: Release, shelf: Shelf
) -> Iterator[PaperLine]:
    if form is not None and form in release.forms and answers:
        yield PaperLine(
            number=record.seq, kind="filled", form=form, title=shelf.form(release, form).on_paper, at=record.event.at,
            by=getattr(record.event, "actor", None),
        )  # fmt: skip


def _made(record: Record, event: ErrandStarted, release: Release, shelf: Shelf) -> Iterator[PaperLine]:
    facts = _facts(event)
    form = str(facts.get("form") or "")
    kind: PaperKind
    if event.type == "send-reminder":
        asked = str(facts.get("kind") or "")
        kind, form, title = "reminder", "", _REMINDERS.get(asked, Label(zh=f"{asked}单", en=asked))
    elif event.type == "publish-notice":
        kind, form, title = "notice", "", _NOTICE
    elif event.type in _ISSUES and form in release.forms:
        kind, title = _ISSUES[event.type], issued_as(str(facts.get("title") or ""), shelf.form(release, form).on_paper, release)
    else:
        return
    copies = release.policy.copies.get(form, ()) if form and kind != "letter" else ()
    yield PaperLine(number=record.seq, kind=kind, form=form, title=title, at=event.at, by=None, copies=copies)


def issued_as(said: str, own: Label, release: Release) -> Label:
    """What a paper is called that the procedure issues: as the diagram says, else as its form does.

    Args:
        said: the diagram's `title`; "": it says nothing.
        own: what the form is called on paper; its English where nobody says what the title is in English.
    """
    label = release.written(said) if said else own
    return Label(zh=label.zh, en=own.en) if label.zh == label.en else label


def _facts(event: ErrandStarted) -> dict[str, Value]:
    return {**(event.headers or {}), **{name: bare(value) for name, value in (event.inputs or {}).items()}}


def _scope(run: Run, event: Any) -> str:
    """In which document the paper was written."""
    if isinstance(event, TaskCompleted):
        task = run.tasks.get(event.task)
        return task.scope if task else ""
    return run.scope_of(event.errand) if isinstance(event, ErrandStarted) else ""


def _to(event: Any, desk: _Desk) -> Label | None:
    if not isinstance(event, ErrandStarted):
        return None
    to = str(_facts(event).get("to") or "")
    return role_of(desk.release, to) if to.rpartition("/")[2] in desk.release.policy.roles else None


# --- blocks -------------------------------------------------------------------------------------------


def _blocks(event: Any, line: PaperLine, desk: _Desk) -> Iterator[Block]:
    if isinstance(event, ErrandStarted) and line.kind == "reminder":
        yield Block(form="", title=line.title, cells=tuple(_reminder(event, desk)), signed=None)
    elif isinstance(event, ErrandStarted) and line.kind == "notice":
        text = str(_facts(event).get("text") or "")
        yield Block(form="", title=line.title, cells=(told("text", line.title, text, "textarea"),), signed=None)
    elif desk.form(line.form).printed.parts:
        places = desk.form(line.form).printed.parts
        yield from _said_once([block for place in places for part in _come_to(place, desk) for block in _part(part, desk)])
    elif line.kind == "filled":
        answers = event.payload if isinstance(event, MessageReceived) else event.answers
        yield _block(desk.form(line.form), answers or {}, _signed(desk.records[-1], desk), desk)
    else:
        yield from _part(line.form, desk)


def _said_once(blocks: Sequence[Block]) -> Iterator[Block]:
    """The parts of a sheet without what they only repeat: a part shows its reader what stands elsewhere on it."""
    given = {cell.name for block in blocks for cell in block.cells if not cell.repeats}
    for block in blocks:
        kept = tuple(cell for cell in block.cells if not cell.repeats or cell.name not in given)
        given |= {cell.name for cell in kept}
        yield replace(block, cells=kept)


def _come_to(place: Sequence[str], desk: _Desk) -> Sequence[str]:
    """Of the forms for one place on a sheet those that were filled in; the first, to be filled in, where none was."""
    return [part for part in place if _fillings(part, desk)] or place[:1]


def _part(part: str, desk: _Desk) -> Iterator[Block]:
    """What one form says on the sheet: every filling-in that counts, or what the case knows where there was none."""
    if part not in desk.release.forms:
        return
    form, found = desk.form(part), _fillings(part, desk)
    for record, answers in found:
        yield _block(form, answers, _signed(record, desk), desk)
    if not found:
        yield _block(form, {}, None, desk)


def _fillings(part: str, desk: _Desk) -> list[tuple[Record, Mapping[str, Any]]]:
    """The last filling-in of a form by each activity that asked it; those beside the paper, where there are any."""
    opened: dict[str, TaskOpened] = {}
    last: dict[tuple[str, str, str], tuple[Record, Mapping[str, Any]]] = {}
    for record in desk.records:
        event = record.event
        if isinstance(event, TaskOpened):
            opened[event.task] = event
        elif isinstance(event, CaseOpened) and event.form == part:
            last["", "", ""] = (record, event.answers or {})
        elif isinstance(event, TaskCompleted) and (asked := opened.get(event.task)) and asked.form == part:
            last[asked.scope, asked.element, repr(bare(asked.item))] = (record, event.answers)
    near = [found for (scope, _, _), found in last.items() if scope == desk.scope]
    return near or list(last.values())


def _block(form: Form, answers: Mapping[str, Any], signed: Signature | None, desk: _Desk) -> Block:
    whose = desk.run.whose(desk.scope)
    known = desk.run.document(desk.scope)
    document, hidden = desk.veil.document(known, whose), desk.veil.hidden(known, whose)
    values = {name: bare(value) for name, value in answers.items()}
    context = context_of(desk.release, desk.records[-1].event.at)
    try:
        shown = form.shown(values, document, context)
    except EngineError:
        shown = form.fields  # a rule that reads what this reader is not told
    cells = []
    for one in form.fields:
        if one in shown or answers.get(one.name) not in (None, "", []):
            cells.append(desk.pen.cell(one, answers, document, hidden, context))
    # A questionnaire goes out empty: nobody of the house fills it in.
    asks = form.id in desk.release.asked and any(one.type not in ("section", "note", "show", "computed") for one in form.fields)
    return Block(form=form.id, title=form.title, cells=tuple(cells), signed=signed, asks=asks)


def _signed(record: Record, desk: _Desk) -> Signature | None:
    event = record.event
    person = getattr(event, "actor", "")
    if not person or person == "system":
        return None
    opened = next(
        (r.event for r in desk.records if isinstance(event, TaskCompleted) and isinstance(r.event, TaskOpened) and r.event.task == event.task),
        None,
    )  # fmt: skip
    role = role_of(desk.release, opened.groups[0]) if isinstance(opened, TaskOpened) and opened.groups else None
    behalf = getattr(event, "on_behalf_of", None)
    return Signature(
        person=person, name=desk.pen.people.get(person, person), role=role, at=event.at,
        on_behalf_of=desk.pen.people.get(behalf, behalf) if behalf else None,
    )  # fmt: skip


def _reminder(event: ErrandStarted, desk: _Desk) -> Iterator[Written]:
    """What stands on a 催办单: to whom, about which case, which tasks are still open and since when they are due."""
    facts = _facts(event)
    role, element = str(facts.get("to") or ""), str(facts.get("task") or "")
    to = role_of(desk.release, role)
    yield told("to", _TO, to.text(desk.pen.lang), "text")
    yield told("number", _CASE, desk.head.number or desk.head.case, "text")
    yield told("subject", _SUBJECT, desk.head.title or "", "text")
    groups = {role, f"{desk.head.pack}/{role}"}
    for task in desk.run.tasks.values():
        if task.element == element or (not element and groups & set(task.groups)):
            yield told(task.name, _ASKED, title_of(desk.release, task.element).text(desk.pen.lang), "text")
            yield told(f"{task.name}-due", _DUE, desk.pen.until(task.due) if task.due else "", "datetime", task.due)
    inquired = facts.get("kind") == "查办"
    if inquired:
        yield from _not_kept(event, role, desk)
    yield told("asked", _OF, (_INQUIRED if inquired else _URGED).text(desk.pen.lang), "textarea")
    reason = str(facts.get("reason") or facts.get("text") or "")
    if reason:
        yield told("reason", Label(zh="说明", en="Why"), reason, "textarea")


def _not_kept(event: ErrandStarted, role: str, desk: _Desk) -> Iterator[Written]:
    """What was late: limits of the case, and tasks that the role did after they were due."""
    for one in desk.run.deadlines.values():
        limit = desk.release.policy.limits.get(one.limit)
        if limit is not None and (one.met or event.at) > one.due and one.name not in desk.run.tasks:
            yield told(f"{one.name}-late", _LATE, limit.label.text(desk.pen.lang), "text")
            yield told(f"{one.name}-was-due", _DUE, desk.pen.until(one.due), "datetime", one.due)
    opened: dict[str, TaskOpened] = {}
    for record in desk.records:
        match record.event:
            case TaskOpened(groups=groups) as begun if role in {group.rpartition("/")[2] for group in groups}:
                opened[begun.task] = begun
            case TaskCompleted(task=name, at=at) if (
                (task := opened.get(name)) is not None and task.due is not None and at > task.due
            ):
                title = title_of(desk.release, task.element).text(desk.pen.lang)
                yield told(f"{name}-late", _LATE, title, "text")
                said = f"{desk.pen.until(task.due)} · {_DONE.text(desk.pen.lang)} {desk.pen.until(at)}"
                yield told(f"{name}-was-due", _DUE, said, "datetime", task.due)

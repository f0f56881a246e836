"""The casebook: what an actor may see of cases, tasks, deadlines and procedures. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from engine import authority
from engine.authority import Actor
from engine.casebook.auditing import Auditing
from engine.casebook.helping import Helping
from engine.casebook.lexicon import lexicon_of
from engine.casebook.lines import deadline_view, label_of, task_line, title_of
from engine.casebook.looking import Called, Opened
from engine.casebook.mentions import mentions_of
from engine.casebook.papers import Folder, folder_of, parts_of
from engine.casebook.picture import pictures_of
from engine.casebook.printing import Printing, papers_of
from engine.casebook.procedures import Procedures
from engine.casebook.views import (
    CaseView,
    DeadlineView,
    DiagramView,
    Dossier,
    Erasable,
    HistoryView,
    IncidentView,
    May,
    MessageView,
    StateView,
    Waiting,
)
from engine.casebook.worktable import Worktable
from engine.desk.enclosed import whose_files
from engine.desk.house_rules import kept_from
from engine.desk.sitting import load
from engine.errors import EngineError
from engine.history import CommentAdded, Personal, PersonErased, Record, persons_in
from engine.policy import Label
from engine.store import (
    CaseNotFound,
    CaseQuery,
    FileNotStored,
    Head,
    Page,
    Reading,
    StoredFile,
    TaskRow,
)


class FileErased(EngineError):
    """This file was erased on request."""

    zh = "此文件已应请求删除。"


class Casebook(Procedures, Worktable, Auditing, Helping, Printing):
    """What can be seen."""

    def cases(self, query: CaseQuery, actor: Actor) -> Page[Head]:
        """Cases the actor may see."""
        with self._store.look() as reading:
            return reading.cases(query, actor)

    def case(self, case: str, actor: Actor) -> CaseView:
        """Everything the page of a case shows.

        Raises:
            CaseNotFound.
        """
        with self._opened(case, actor, "case") as open_:
            records = open_.reading.history(case)
            return self._case(open_, self._veil(open_.reading, open_.head, actor, records).records(records), actor)

    def dossier(self, case: str, actor: Actor, what: str = "case") -> Dossier:
        """A case with its history and where it stands, read at one moment.

        Args:
            what: what is looked at, for the record where the case is sealed.

        Raises:
            CaseNotFound.
        """
        with self._opened(case, actor, what) as open_:
            records = open_.reading.history(case)
            self._shelve(open_.reading, records)
            records = self._veil(open_.reading, open_.head, actor, records).records(records)
            return Dossier(
                view=self._case(open_, records, actor),
                release=open_.release,
                records=tuple(records),
                pictures=pictures_of(open_.run, records, open_.release, open_.now),
            )

    def history(self, case: str, actor: Actor, *, after: int = 0, until: int | None = None) -> HistoryView:
        """The events of a case, with the names their sentences need.

        Raises:
            CaseNotFound.
        """
        with self._seen(case, actor, "history") as (reading, head):
            records = self._veil(reading, head, actor).records(reading.history(case, after=after, until=until))
            self._shelve(reading, records)
            people = {getattr(r.event, "actor", None) for r in records}
            called = Called(reading, actor.locale)
            names = {name: called[name] for name in people if name and name in called}
            return HistoryView(head=head, records=tuple(records), names=names)

    def deadlines(self, case: str, actor: Actor) -> list[DeadlineView]:
        """The deadlines of a case and its open tasks, with why they are when they are.

        Raises:
            CaseNotFound.
        """
        with self._opened(case, actor, "deadlines") as open_:
            return list(self._deadlines(open_, actor))

    def diagram(self, case: str, actor: Actor, *, until: int | None = None) -> list[DiagramView]:
        """The diagrams of the release the case runs on, with where it stands (or stood after event `until`).

        Raises:
            CaseNotFound, NoSuchEvent.
        """
        with self._seen(case, actor, "diagram") as (reading, head):
            records = reading.history(case, until=until)
            run = load(reading, head, self.shelf) if until is None else self._run_at(reading, head, records, until)
            now = self._clock.now() if until is None else records[-1].event.at
            return list(pictures_of(run, records, run.release, now))

    def state(self, case: str, actor: Actor, *, until: int | None) -> StateView:
        """What was known after event `until`, or is known now, found by replay.

        Raises:
            CaseNotFound, NoSuchEvent.
        """
        with self._seen(case, actor, "state") as (reading, head):
            until = head.seq if until is None else until
            records = reading.history(case, until=until)
            run = self._run_at(reading, head, records, until)
            veil = self._veil(reading, head, actor)
            return StateView(
                case=case,
                seq=until,
                at=records[-1].event.at,
                status=run.status,
                number=run.number,
                closed=run.closed,
                paused=run.paused,
                documents={s: veil.document(document, run.whose(s)) for s, document in run.documents.items()},
                hidden={s: veil.hidden(document, run.whose(s)) for s, document in run.documents.items()},
                tasks=tuple(run.tasks),
                timers={name: timer.due for name, timer in run.timers.items()},
                awaited=tuple(sorted({s.message for s in run.awaited.values()})),
                milestones=dict(run.milestones),
            )

    def messages(self, case: str, actor: Actor) -> list[MessageView]:
        """What may be entered from outside, the awaited first.

        Raises:
            CaseNotFound.
        """
        with self._opened(case, actor, "messages") as open_:
            return list(self._messages(open_, actor))

    def attachment(self, case: str, file: str, actor: Actor) -> StoredFile:
        """A file of the case, by the hash of its content.

        Raises:
            CaseNotFound, FileNotStored: also when it belongs to another case.
            FileErased.
        """
        with self._seen(case, actor, "file") as (reading, head):
            put = next((a for a in reading.attachments(case) if a.file == file), None)
            if put is None or file in self._veil(reading, head, actor).files:
                raise FileNotStored(sha256=file)
            if head.keyring.erased and file in erased_files(reading.history(case)):
                raise FileErased
            return replace(reading.file(file), name=str(put.name or ""), media_type=put.media_type)

    def erasable(self, case: str, actor: Actor) -> list[Erasable]:
        """Whose personal data the case holds, for whoever may erase them.

        Raises:
            CaseNotFound.
            NotAuthorised: the actor is no administrator.
        """
        with self._seen(case, actor, "persons") as (reading, head):
            if not actor.is_admin():
                raise authority.NotAuthorised(person=actor.name, role=authority.ADMIN)
            release, records = self.shelf.release(head.release, reading), reading.history(case)
        lexicon, fields = lexicon_of(release, self.shelf), personal_fields(records)
        return [
            Erasable(
                of=of,
                erased=of in head.keyring.erased,
                fields=tuple(lexicon.label(name) or Label(zh=name, en=name) for name in sorted(fields.get(of, ()))),
                remarks=sum(
                    isinstance(r.event, CommentAdded) and isinstance(r.event.text, Personal) and r.event.text.of == of
                    for r in records
                ),
                mentions=tuple(mentions_of(of, records, shown=of not in kept_from(release.policy, actor))),
                files=sum(whose == of for r in records for whose in whose_files(vars(r.event)).values()),
            )
            for of in sorted(head.keyring.keys)
        ]

    def _case(self, open_: Opened, records: Sequence[Record], actor: Actor) -> CaseView:
        release, head = open_.release, open_.head
        folder = folder_of(records, release, self.shelf, actor.locale, Called(open_.reading, actor.locale))
        return CaseView(
            head=head,
            pack_title=release.policy.title,
            status=release.policy.statuses.get(head.status) if head.status else None,
            zone=release.calendar().zone,
            tasks=tuple(
                task_line(row, release, open_.now, _reminders(folder, row)) for row in open_.reading.tasks(head.case)
            ),
            deadlines=self._deadlines(open_, actor),
            papers=tuple(folder.papers),
            printable=tuple(papers_of(records, release, self.shelf)),
            people=parts_of(folder, release),
            remarks=tuple(folder.remarks),
            documents=tuple(folder.documents),
            notices=tuple(folder.notices),
            messages=self._messages(open_, actor),
            waiting=tuple(_waiting(open_)),
            incidents=tuple(_incident(i, open_) for i in open_.run.incidents.values()),
            linked=tuple(
                link
                for link in _linked(head, folder, open_.reading.children(head.case))
                if _knows(open_.reading, link[0], actor)
            ),
            paused=open_.run.paused,
            may=_may(open_, actor),
            able=_able(open_, actor),
        )

    def _deadlines(self, open_: Opened, actor: Actor) -> tuple[DeadlineView, ...]:
        views = []
        for name, running in open_.run.deadlines.items():
            task = open_.run.tasks.get(name)
            title = label_of(open_.release, task.process, task.element) if task else None
            views.append(
                deadline_view(
                    name, running, open_.release, actor, open_.now, open_.head, title, still=open_.run.paused_since
                )
            )
        return tuple(sorted(views, key=lambda v: (v.met is not None, v.due, v.deadline)))

    def _messages(self, open_: Opened, actor: Actor) -> tuple[MessageView, ...]:
        if open_.run.closed:
            return ()
        awaited = {s.message for s in open_.run.awaited.values()}
        views = [
            MessageView(
                message=name,
                label=kind.label,
                form=self.shelf.form(open_.release, kind.form) if kind.form else None,
                roles=kind.roles,
                awaited=name in awaited,
            )
            for name, kind in open_.release.policy.messages.items()
            if actor.is_admin() or any(actor.has(open_.head.pack, role) for role in kind.roles)
        ]
        return tuple(sorted(views, key=lambda v: not v.awaited))


def personal_fields(records: Sequence[Record]) -> dict[str, set[str]]:
    """Whose data which answers hold: person -> names of fields."""
    found: dict[str, set[str]] = {}
    for record in records:
        for values in vars(record.event).values():
            for name, value in values.items() if isinstance(values, dict) else ():
                for of in persons_in(value):
                    found.setdefault(of, set()).add(name)
    return found


def erased_files(records: Sequence[Record]) -> set[str]:
    """The files whose content was destroyed on request."""
    return {file for r in records if isinstance(r.event, PersonErased) for file in r.event.files}


def _waiting(open_: Opened) -> Iterator[Waiting]:
    for timer in sorted(open_.run.timers.values(), key=lambda t: (t.due, t.name)):
        title = title_of(open_.release, timer.element)
        yield Waiting(name=timer.name, kind="timer", title=title, due=timer.due, task=timer.task)
    for errand in open_.run.errands.values():
        title = title_of(open_.release, errand.element)
        yield Waiting(name=errand.name, kind="errand", title=title, due=None, task=None)


def _incident(incident: Any, open_: Opened) -> IncidentView:
    title = title_of(open_.release, incident.element)
    # What the run says of an element it says by what is drawn, which is Chinese in both languages.
    return IncidentView(
        incident=incident.name,
        element=incident.element,
        title=title,
        text=Label(zh=incident.zh, en=incident.en.replace(title.zh or incident.element, title.en or incident.element)),
    )


def _linked(head: Head, folder: Folder, children: Sequence[str]) -> tuple[tuple[str, str], ...]:
    links = dict(folder.linked)
    if head.parent:
        links.setdefault(head.parent, "parent")
    for child in children:
        links.setdefault(child, "child")
    return tuple(sorted(links.items()))


def _knows(reading: Reading, case: str, actor: Actor) -> bool:
    """Whether the actor may know of another case: a link to it would tell."""
    try:
        return reading.may_see(reading.head(case), actor)
    except CaseNotFound:
        return False


def _reminders(folder: Folder, row: TaskRow) -> int:
    """How often the task was asked for: reminders sent to its roles since it was opened."""
    groups = {group.rpartition("/")[2] for group in row.groups}
    return sum(n.type == "send-reminder" and n.at >= row.opened and n.facts.get("to") in groups for n in folder.notices)


def _able(open_: Opened, actor: Actor) -> tuple[str, ...]:
    tasks = [t for t in open_.run.tasks.values() if authority.why_not(actor, t, open_.run, open_.head.pack) is None]
    return tuple(t.name for t in sorted(tasks, key=lambda t: (t.claimed_by or t.assignee) not in actor.persons))


def _may(open_: Opened, actor: Actor) -> May:
    if open_.run.closed:
        return May()
    admin, pack = actor.is_admin(), open_.head.pack
    limits = open_.release.policy.limits
    working = admin or any(authority.why_not(actor, t, open_.run, pack) is None for t in open_.run.tasks.values())
    pausable = any(
        limits[d.limit].pausable for d in open_.run.deadlines.values() if d.limit in limits and d.met is None
    )
    return May(
        pause=working and pausable and not open_.run.paused,
        resume=working and open_.run.paused,
        recuse_self=working and actor.name not in open_.run.barred,
        recuse_others=admin or actor.has(pack, authority.OWNER),
        resolve=admin and bool(open_.run.incidents),
    )

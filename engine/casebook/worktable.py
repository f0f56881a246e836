"""The worklist, and a task with its form."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from engine import authority
from engine.authority import Actor
from engine.casebook.asking import leads_of
from engine.casebook.lines import overdue_line, task_deadline, task_line, title_of
from engine.casebook.looking import Called, Looking, Opened
from engine.casebook.naming import told
from engine.casebook.sheets import sheet_of
from engine.casebook.views import OverdueLine, Sheet, TaskLine, TaskMay, TaskView
from engine.errors import EngineError
from engine.release import Release
from engine.run import OpenTask, TaskNotOpen
from engine.shelf import context_of
from engine.store import Page, PersonNotFound, Reading, TaskRow, WorklistQuery


class Worktable(Looking):
    """Open tasks as one reader sees them."""

    def worklist(self, query: WorklistQuery, actor: Actor) -> Page[TaskLine]:
        """Open tasks the actor may see, by the query's order."""
        with self._store.look() as reading:
            page = reading.worklist(query, actor)
            return Page(rows=tuple(self._line(reading, row) for row in page.rows), next=page.next)

    def overdue(
        self, actor: Actor, *, pack: str | None = None, cursor: str | None = None, limit: int = 200
    ) -> Page[OverdueLine]:
        """What is due and not done in the cases the actor may see, the oldest first: limits of cases, and tasks.

        Raises:
            CursorUnusable.
        """
        with self._store.look() as reading:
            page = reading.overruns(actor, pack=pack, cursor=cursor, limit=limit)
            now = self._clock.now()
            lines = (overdue_line(row, self.shelf.release(row.release, reading), now) for row in page.rows)
            return Page(rows=tuple(lines), next=page.next)

    def task(self, case: str, task: str, actor: Actor) -> TaskView:
        """Everything the page of a task shows.

        Raises:
            CaseNotFound, TaskNotOpen.
        """
        with self._opened(case, actor, f"task {task}") as open_:
            found = _task(open_, task)
            release, head = open_.release, open_.head
            form = self.shelf.form(release, found.form) if found.form else None
            veil = self._veil_of_data(open_.reading, head, actor)
            document = veil.document(open_.run.document(found.scope), open_.run.whose(found.scope))
            draft = open_.reading.draft(case, task, actor.name)
            saved = open_.reading.draft_saved(case, task, actor.name) if draft is not None else None
            why_not = authority.why_not(actor, found, open_.run, head.pack)
            candidates = tuple(self._candidates(open_, found))
            values = draft if draft is not None else (form.filled(document) if form else {})
            return TaskView(
                head=head,
                line=task_line(open_.reading.task(case, task), release, open_.now),
                process=found.process,
                documentation=_documentation(release, found),
                zone=release.calendar().zone,
                form=form,
                values=values,
                document=document,
                hidden=veil.hidden(document, open_.run.whose(found.scope)),
                is_draft=draft is not None,
                draft_until=saved + self._drafts_kept if saved else None,
                why_not=told(why_not, release, found.process, Called(open_.reading, actor.locale), actor.locale)
                if why_not
                else None,
                deadline=task_deadline(
                    found, release, actor, open_.now, head, open_.run.deadlines, still=open_.run.paused_since
                ),
                candidates=candidates,
                eyes=tuple(
                    (title_of(release, element), open_.run.done_by.get(element, ())) for element in found.four_eyes
                ),
                asked=form.asked(values, document, context_of(release, open_.now)) if form else (),
                guidance=release.guidance(found.element, found.form),
                leads=leads_of(release, found.process, form),
                may=_task_may(actor, found, open_, candidates),
            )

    def task_sheet(
        self, case: str, task: str, answers: Mapping[str, Any], actor: Actor, *, files: Collection[str] = ()
    ) -> Sheet:
        """The form of a task with these entries: what is shown, required, computed, refused. Nothing is kept.

        Args:
            files: hashes of the files that come along.

        Raises:
            CaseNotFound, TaskNotOpen.
        """
        with self._opened(case, actor, f"task {task}") as open_:
            found = _task(open_, task)
            if found.form is None:
                return Sheet(asked=(), values={}, errors={})
            form = self.shelf.form(open_.release, found.form)
            veil = self._veil_of_data(open_.reading, open_.head, actor)
            document = veil.document(open_.run.document(found.scope), open_.run.whose(found.scope))
            there = {*files, *(a.file for a in open_.reading.attachments(case))}
            return sheet_of(
                form, answers, document, actor, release=open_.release, now=open_.now, reading=open_.reading,
                barred=open_.run.barred, files=there,
            )  # fmt: skip

    def _line(self, reading: Reading, row: TaskRow) -> TaskLine:
        return task_line(row, self.shelf.release(row.release, reading), self._clock.now())

    def _candidates(self, open_: Opened, task: OpenTask) -> Iterator[str]:
        pack = open_.head.pack
        offered = {p.name: p for group in task.groups for p in open_.reading.people(role=group, pack=pack)}
        for name in task.users:
            with contextlib.suppress(PersonNotFound):
                if (person := open_.reading.person(name)).active:
                    offered[name] = person
        for _, person in sorted(offered.items()):
            actor = Actor(name=person.name, memberships=person.memberships)
            try:
                authority.may_be_given(actor, task, open_.run, pack)
            except EngineError:
                continue
            yield person.name


def _task(open_: Opened, task: str) -> OpenTask:
    found = open_.run.tasks.get(task)
    if found is None:
        raise TaskNotOpen(case=open_.head.case, task=task)
    return found


def _task_may(actor: Actor, task: OpenTask, open_: Opened, candidates: Sequence[str]) -> TaskMay:
    pack = open_.head.pack
    able = authority.why_not(actor, task, open_.run, pack) is None
    try:
        authority.may_hand_over(actor, task, open_.run, pack)
        hand_over = any(name != (task.claimed_by or task.assignee) for name in candidates)
    except EngineError:
        hand_over = False
    return TaskMay(
        claim=able and task.claimed_by is None,
        release=task.claimed_by is not None and (task.claimed_by in actor.persons or actor.is_admin()),
        delegate=hand_over,
        complete=able,
    )


def _documentation(release: Release, task: OpenTask) -> str:
    found = release.processes.get(task.process)
    drawn = found[1].elements.get(task.element) if found else None
    return drawn.documentation if drawn else ""

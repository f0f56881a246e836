"""The road every use case takes: load, catch up, act, write, remember; one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.desk.asked import Asked, remember, told_before
from engine.desk.enclosed import NewFile, checked_references
from engine.desk.house_rules import NeverSeen, TaskMovedOn, checked_deputy, ended_by, matters, sight
from engine.desk.nominees import unfit
from engine.desk.sitting import Done, Sitting
from engine.release import Release
from engine.run import OpenTask, TaskNotOpen
from engine.shelf import Shelf, context_of
from engine.store import CaseMovedOn, Store, Transaction
from engine.values import Value, encode
from forms import AnswersRefused, Form


class Road:
    """What all use cases share: the store, the clock, and the order of steps."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf | None = None) -> None:
        self._store, self._clock = store, clock
        self.shelf = shelf or Shelf()

    def _do(
        self,
        case: str,
        actor: Actor,
        act: Callable[[Sitting], None],
        asked: Asked | None = None,
        *,
        seen: int | None = None,
        task: str | None = None,
    ) -> Done:
        """
        Args:
            seen: number of the last event the actor had seen; what matters since then is a conflict.
            task: the task it is about; None: the case as a whole.
        """
        with self._sitting(case, actor, asked) as open_:
            if isinstance(open_, Done):
                return open_
            self._not_moved_on(open_, seen, actor, task)
            act(open_)
            return remember(open_.tx, asked, open_.write())

    @contextmanager
    def _sitting(self, case: str, actor: Actor, asked: Asked | None) -> Iterator[Sitting | Done]:
        """The case on the table, seen by the actor, caught up to now; or what was answered before."""
        with self._store.begin() as tx:
            now = self._clock.now()
            checked_deputy(tx, actor, now)
            sitting = Sitting.resume(tx, case, shelf=self.shelf, at=now, actor=actor.name)
            sight(tx, sitting.before, actor)
            # Asked with the case in hand: the same request under way elsewhere has ended by now.
            if done := told_before(tx, asked, actor):
                yield done
                return
            at = sitting.at
            sitting.catch_up(at)
            sitting.at, sitting.actor = at, actor.name
            yield sitting

    def _ask(self, what: str, actor: Actor, key: str | None, *said: Any) -> Asked | None:
        if key is None:
            return None
        return Asked(key=key, actor=actor.name, request=encode([what, *said]))

    def _not_moved_on(self, open_: Sitting, seen: int | None, actor: Actor, name: str | None) -> None:
        head = open_.before
        if seen is None or seen == head.seq:
            return
        if seen > head.seq:
            raise NeverSeen(case=open_.case, seen=seen, last=head.seq)
        task = open_.run.tasks.get(name) if name is not None else None
        if name is not None and task is None:
            return  # it is gone; whoever asks for it is told so, and why
        since, who = [], ""
        for record in open_.tx.history(open_.case, after=seen):
            who = getattr(record.event, "actor", who)
            if who not in actor.persons and matters(record.event, task):
                since.append(record)
        if since and name is not None:
            raise TaskMovedOn(case=open_.case, task=name, since=tuple(since))
        if since:
            raise CaseMovedOn(case=open_.case, since=since)

    def _answers(
        self,
        open_: Sitting,
        task: OpenTask,
        answers: Mapping[str, Any],
        actor: Actor,
        draft: bool = False,
        files: Sequence[NewFile] = (),
    ) -> Mapping[str, Value]:
        if task.form is None:
            return {}
        return self._accept(
            open_.tx,
            open_.release,
            task.form,
            answers,
            document=open_.run.document(task.scope),
            at=open_.at,
            actor=actor,
            draft=draft,
            case=open_.case,
            files=files,
            barred=open_.run.barred,
        )

    def _accept(
        self,
        tx: Transaction,
        release: Release,
        form: str,
        answers: Mapping[str, Any],
        *,
        document: Mapping[str, Value],
        at: datetime,
        actor: Actor,
        draft: bool = False,
        case: str | None = None,
        files: Sequence[NewFile] = (),
        barred: Collection[str] = (),
    ) -> dict[str, Value]:
        found: Form = self.shelf.form(release, form)
        accepted = found.accept(
            answers, document=document, context=context_of(release, at), lang=actor.locale, draft=draft
        )
        if any(True for _ in found.files(accepted)):
            there = [a.file for a in tx.attachments(case)] if case else []
            checked_references(found, accepted, files, there, actor)
        if wrong := unfit(tx, found, accepted, release, barred):
            raise AnswersRefused(wrong, actor.locale)
        return accepted


def by(open_: Sitting, actor: Actor) -> dict[str, Any]:
    """When and who, as every input says it."""
    return {"at": open_.at, "actor": actor.name, "on_behalf_of": actor.on_behalf_of}


def task_called(open_: Sitting, task: str) -> OpenTask:
    """An open task of the case.

    Raises:
        TaskNotOpen: with what ended it, where it was once open.
    """
    found = open_.run.tasks.get(task)
    if found is None:
        ends = [r for r in open_.tx.history(open_.case) if ended_by(r.event, task)]
        raise TaskNotOpen(case=open_.case, task=task, since=tuple(ends[-1:]))
    return found


def person_called(tx: Transaction, name: str) -> Actor:
    """Somebody else, with what they may stand for."""
    person = tx.person(name)
    return Actor(name=person.name, memberships=person.memberships, locale=person.locale)


def need_a_task(open_: Sitting, actor: Actor) -> None:
    """Raise unless the actor could do one of the case's open tasks, or is an administrator."""
    if actor.is_admin() or any(
        authority.why_not(actor, t, open_.run, open_.release.pack) is None for t in open_.run.tasks.values()
    ):
        return
    roles = sorted({group for task in open_.run.tasks.values() for group in task.groups})
    raise authority.NotAuthorised(person=actor.name, role=tuple(roles) or authority.ADMIN)

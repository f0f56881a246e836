"""What people do with tasks: claim, release, hand over, complete, keep a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import authority
from engine.authority import Actor
from engine.desk.asked import remember, told_before
from engine.desk.enclosed import NewFile, enclose
from engine.desk.house_rules import bounded, checked_deputy, sight
from engine.desk.road import Road, by, person_called, task_called
from engine.desk.sitting import Done, Sitting
from engine.history import TaskClaimed, TaskCompleted, TaskDelegated, TaskReleased
from engine.values import Value


class Tasks(Road):
    """What people do with tasks: claim, release, hand over, complete, keep a draft."""

    def complete_task(
        self,
        case: str,
        task: str,
        answers: Mapping[str, Any],
        actor: Actor,
        *,
        files: Sequence[NewFile] = (),
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Do a task and say so on its form.

        Args:
            files: what the answers refer to by hash and the case does not have yet.
            seen: number of the last event the actor had seen; what matters since then is a conflict.

        Raises:
            CaseNotFound, TaskNotOpen, TaskMovedOn, NotYours, NotAuthorised, Recused, FourEyesRequired,
            AnswersRefused, IdempotencyKeyReused, CaseMovedOn, FileEmpty, FileTooLarge, MediaTypeRefused, TextRefused.
        """
        asked = self._ask("complete", actor, idempotency, case, task, dict(answers))
        with self._sitting(case, actor, asked) as open_:
            if isinstance(open_, Done):
                return open_
            found = task_called(open_, task)
            authority.may_complete(actor, found, open_.run, open_.release.pack)
            self._not_moved_on(open_, seen, actor, task)
            accepted = self._answers(open_, found, answers, actor, files=files)
            enclose(open_, files, by(open_, actor), accepted, task)
            open_.hear(TaskCompleted(**by(open_, actor), task=task, answers=accepted))
            return remember(open_.tx, asked, open_.write())

    def claim_task(
        self, case: str, task: str, actor: Actor, *, seen: int | None = None, idempotency: str | None = None
    ) -> Done:
        """Take an open task for oneself.

        Raises:
            CaseNotFound, TaskNotOpen, NotYours, NotAuthorised, Recused, FourEyesRequired.
        """

        def act(open_: Sitting) -> None:
            found = task_called(open_, task)
            authority.may_take(actor, found, open_.run, open_.release.pack)
            if found.claimed_by is None:
                open_.hear(TaskClaimed(**by(open_, actor), task=task))

        return self._do(case, actor, act, self._ask("claim", actor, idempotency, case, task), seen=seen, task=task)

    def release_task(
        self, case: str, task: str, actor: Actor, *, seen: int | None = None, idempotency: str | None = None
    ) -> Done:
        """Give a task back to its group: its holder, or an administrator.

        Raises:
            CaseNotFound, TaskNotOpen, NotYours.
        """

        def act(open_: Sitting) -> None:
            found = task_called(open_, task)
            if found.claimed_by is None:
                return
            if found.claimed_by not in actor.persons and not actor.is_admin():
                raise authority.NotYours(task=task, holder=found.claimed_by)
            open_.hear(TaskReleased(**by(open_, actor), task=task))

        return self._do(case, actor, act, self._ask("release", actor, idempotency, case, task), seen=seen, task=task)

    def delegate_task(
        self,
        case: str,
        task: str,
        to: str,
        actor: Actor,
        reason: str = "",
        *,
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Hand a task to another candidate.

        Raises:
            CaseNotFound, TaskNotOpen, UnknownPerson, NotYours, NotAuthorised, Recused, FourEyesRequired.
        """

        def act(open_: Sitting) -> None:
            found = task_called(open_, task)
            authority.may_hand_over(actor, found, open_.run, open_.release.pack)
            other = person_called(open_.tx, to)
            authority.may_be_given(other, found, open_.run, open_.release.pack)
            open_.hear(TaskDelegated(**by(open_, actor), task=task, to=to, reason=bounded("reason", reason)))

        asked = self._ask("delegate", actor, idempotency, case, task, to, reason)
        return self._do(case, actor, act, asked, seen=seen, task=task)

    def save_draft(
        self, case: str, task: str, answers: Mapping[str, Any], actor: Actor, *, idempotency: str | None = None
    ) -> dict[str, Value]:
        """Keep a half-filled form; drafts are nobody's business but the writer's and leave no event.

        Raises:
            CaseNotFound, TaskNotOpen, NotYours, NotAuthorised, AnswersRefused: only for what can never become right.
        """
        asked = self._ask("draft", actor, idempotency, case, task, dict(answers))
        with self._store.begin() as tx:
            at = self._clock.now()
            checked_deputy(tx, actor, at)
            sitting = Sitting.resume(tx, case, shelf=self.shelf, at=at, actor=actor.name)
            sight(tx, sitting.before, actor)
            if told_before(tx, asked, actor):
                return dict(answers)  # kept before, perhaps written over since
            found = task_called(sitting, task)
            authority.may_complete(actor, found, sitting.run, sitting.release.pack)
            self._answers(sitting, found, answers, actor, draft=True)
            tx.save_draft(case, task, actor.name, dict(answers), at=at)
            if asked is not None:
                seq = sitting.before.seq
                tx.remember(asked.key, asked.actor, asked.request, case=case, first=seq + 1, last=seq)
            return dict(answers)

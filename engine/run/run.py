"""The door to a running case: hear an input, tell what came of it, keep it as bytes, bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.history import CaseMoved, CaseOpened, Input, Outcome, PathTaken
from engine.release import Release
from engine.run import codec, moving
from engine.run.hearing import hear
from engine.run.known import Deadline, Incident, OpenErrand, OpenTask, OpenTimer, Subscription, Token
from engine.run.motion import Motion
from engine.run.refusals import CannotOpen, NotCaseData
from engine.run.tokens import MainScope
from engine.values import NotAValue, Value


class Run:
    """A case in motion, in memory."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion

    @classmethod
    def open(cls, release: Release, event: CaseOpened, *, case: str) -> tuple[Run, list[Outcome]]:
        """Begin a case.

        Raises:
            CannotOpen: the process cannot be begun.
        """
        motion = Motion(release, case)
        process = motion.process(event.process)
        if process is None:
            raise CannotOpen(case=case, process=event.process)
        motion.main = MainScope(motion.plan.specs, process, motion)
        run = cls(motion)
        return run, run.apply(event)

    def apply(self, event: Input) -> list[Outcome]:
        """Let one input happen; returns its outcomes, first of all the path that was taken.

        Raises:
            InputRefused: the case cannot hear it now; it is as it was before.
        """
        motion = self._motion
        motion.begin(event.at)
        try:
            hear(motion, event)
            motion.settle()
        except BaseException as error:
            motion.journal.back()
            motion.clear()
            if isinstance(error, NotAValue):
                raise NotCaseData(case=motion.case, why=str(error)) from error
            raise
        motion.journal.forget()
        path: list[Outcome] = [PathTaken(at=motion.at, passed=tuple(motion.path))] if motion.path else []
        return [*path, *motion.outcomes]

    def moved(self, release: Release, event: CaseMoved) -> tuple[Run, list[Outcome]]:
        """The case as it goes on under another release, and what that changes; this one stays as it is.

        Raises:
            InputRefused: it is not on the release it should be moved from, or it cannot go on there.
        """
        motion = moving.moved(self._motion, release, event)
        path: list[Outcome] = [PathTaken(at=motion.at, passed=tuple(motion.path))] if motion.path else []
        return Run(motion), [*path, *motion.outcomes]

    def snapshot(self) -> bytes:
        """Everything, as bytes: equal runs give equal bytes, in any process."""
        return codec.encode(self._motion)

    def is_as_in(self, state: bytes) -> bool | None:
        """Whether a stored snapshot says what this run would; the version of the zone data is no difference.

        None: another version of the code made it, so that nobody will ever use it.
        """
        return None if codec.foreign(state) else codec.same(self.snapshot(), state)

    @classmethod
    def restore(cls, release: Release, state: bytes, *, case: str) -> Run:
        """Bring a case back from a snapshot.

        Raises:
            SnapshotUnusable: made by another version or for another release; replay instead.
        """
        return cls(codec.decode(release, state, case))

    # --- what is known ---

    @property
    def case(self) -> str:
        """Its id."""
        return self._motion.case

    @property
    def release(self) -> Release:
        """What it runs by."""
        return self._motion.release

    @property
    def seq_inputs(self) -> int:
        """How many inputs it has heard."""
        return int(self._fact("inputs", 0))

    @property
    def documents(self) -> Mapping[str, Mapping[str, Value]]:
        """Scope -> document; "" is the case document."""
        return {scope: dict(names) for scope, names in self._motion.documents.of.items()}

    def document(self, scope: str = "") -> dict[str, Value]:
        """All names as expressions in a scope see them."""
        return self._motion.expressions.names(scope)

    @property
    def tasks(self) -> Mapping[str, OpenTask]:
        """What persons must do."""
        return dict(self._motion.tasks)

    @property
    def timers(self) -> Mapping[str, OpenTimer]:
        """The moments it waits for."""
        return {
            w.name: OpenTimer(name=w.name, element=w.element, due=w.due, limit=w.limit, trace=w.trace, task=w.task)
            for w in self._motion.waits.values()
            if w.due is not None and not w.asleep
        }

    @property
    def awaited(self) -> Mapping[str, Subscription]:
        """The messages it waits for."""
        return {
            w.name: Subscription(name=w.name, message=w.message, element=w.element, key=w.key)
            for w in self._motion.waits.values()
            if w.trigger == "message"
        }

    @property
    def signals(self) -> Mapping[str, str]:
        """The signals it waits for: name of the wait -> signal."""
        return {w.name: w.signal for w in self._motion.waits.values() if w.trigger == "signal"}

    @property
    def errands(self) -> Mapping[str, OpenErrand]:
        """What machines must do."""
        return dict(self._motion.errands)

    @property
    def deadlines(self) -> Mapping[str, Deadline]:
        """Limits at work: by limit for the case, by task for open tasks; those of the case stay when met."""
        return dict(self._motion.deadlines)

    @property
    def milestones(self) -> Mapping[str, datetime]:
        """When each milestone was last reached."""
        return dict(self._motion.milestones)

    @property
    def status(self) -> str | None:
        """Id of the status it has."""
        status: str | None = self._fact("status")
        return status

    @property
    def number(self) -> str | None:
        """The number the procedure gave it."""
        number: str | None = self._fact("number")
        return number

    @property
    def closed(self) -> bool:
        """Whether the process came to its end."""
        return bool(self._fact("closed", False))

    @property
    def paused(self) -> bool:
        """Whether the clocks that allow it stand still; those of a closed case do not, they are over."""
        return self.paused_since is not None and not self.closed

    @property
    def paused_since(self) -> datetime | None:
        """Since when they do; None while they go."""
        since: datetime | None = self._fact("paused_since")
        return since

    @property
    def done_by(self) -> Mapping[str, tuple[str, ...]]:
        """Element -> who completed it, with those they acted for."""
        return dict(self._motion.done_by)

    @property
    def barred(self) -> frozenset[str]:
        """Who may neither see nor handle it."""
        return frozenset(self._fact("barred", ()))

    @property
    def incidents(self) -> Mapping[str, Incident]:
        """Where it stands still."""
        return dict(self._motion.incidents)

    @property
    def personal(self) -> Mapping[str, str]:
        """Field of the case document -> whose personal data it holds."""
        return dict(self._motion.documents.whose.get("", {}))

    def whose(self, scope: str = "") -> dict[str, str]:
        """Name -> whose personal data it holds, of the names that are seen in a scope."""
        documents = self._motion.documents
        return {n: of for n in documents.seen(scope) if (of := documents.whose_name(scope, n)) is not None}

    def known(self) -> tuple[dict[str, Value], dict[str, str]]:
        """What is known of the case by now, and whose personal data is in it: its document, and what called processes under
        way have come to know and will hand over when they end.
        """
        documents = self._motion.documents
        far = documents.under_way()
        whose = {name: of for name, scope in far.items() if (of := documents.whose_name(scope, name)) is not None}
        return {**{n: documents.of[scope][n] for n, scope in far.items()}, **self.document()}, {**whose, **self.whose()}

    def scope_of(self, errand: str) -> str:
        """The scope an open errand stands in; "" where it is open no more."""
        holder = self._motion.holders.get(errand)
        return self._motion.token(holder).own if holder is not None else ""

    @property
    def called(self) -> Mapping[str, str]:
        """Call activities that began, by name -> the process they called."""
        counts, noted = self._motion.counts, self._motion.called
        begun = {f"{e}-{n}": p for e, p in noted.items() if not e.startswith("/") for n in range(1, counts[e] + 1)}
        return begun | {name[1:]: p for name, p in noted.items() if name.startswith("/")}

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Where it stands on its diagrams."""
        stuck = {i.token for i in self._motion.incidents.values()}
        return tuple(
            Token(
                process=t.process.id,
                element=t.element.id,
                scope=t.workflow.called,
                state="stuck" if t.number in stuck else "waiting",
            )
            for t in self._motion.all_tokens()
            if t.loop is None or t.number in stuck
        )

    def _fact(self, name: str, default: Any = None) -> Any:
        return self._motion.facts.get(name, default)

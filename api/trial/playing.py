"""Steps of a trial, and the company in which they are done."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from api.scenarios.house import BEGIN, put_in_force
from api.scenarios.words import people_of
from api.settings import Settings
from api.wiring import Parts, build
from engine.authority import AUDITOR, Actor, is_candidate
from engine.casebook import MessageView, TaskView
from engine.clock import StoppedClock
from engine.errors import EngineError
from engine.release import Release
from engine.run import MessageNotAwaited
from engine.store import Store

#: Steps of one trial, and characters they may come in.
MOST_STEPS, MOST_TEXT = 200, 400_000
#: Whoever looks on: sees everything, does nothing.
ONLOOKER = Actor(name=AUDITOR, memberships=frozenset({f"*/{AUDITOR}"}))
_FILE = "trial.db"
_lock = threading.Lock()
_made: list[bytes] = []
#: A file that is named in a trial; what is in it does not matter there.
STAND_IN = b"%PDF-1.4 trial"


class StepsUnreadable(EngineError):
    """The steps of this trial cannot be read; please begin again."""

    zh = "试运行的步骤无法读取，请重新开始。"


class TrialTooLong(EngineError):
    """A trial has at most {most} steps; please begin again."""

    zh = "试运行最多 {most} 步，请重新开始。"


class NobodyMay(EngineError):
    """Nobody of this pack may do the task {task}: nobody holds its roles, or the rules bar everybody."""

    zh = "制度中没有人可以办理任务 {task}：无人担任其角色，或规则禁止所有人办理。"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was done in a trial."""

    do: Literal["open", "task", "message", "until"]
    #: Task that was done.
    task: str = ""
    #: What came from outside.
    message: str = ""
    #: What was said on the form, as a browser sends it.
    answers: Mapping[str, Any] = field(default_factory=dict)
    channel: str = ""
    #: Until when time passed, UTC.
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Played:
    """The company after its steps; lasts as long as the trial is looked at."""

    parts: Parts
    release: Release
    #: None: nobody has complained yet.
    case: str | None
    #: The steps that could be done.
    steps: tuple[Step, ...]
    #: Why the next one could not be done.
    trouble: EngineError | None = None

    def able(self, task: str) -> tuple[Actor, TaskView]:
        """Somebody of the pack who may do a task now, and the task as they see it.

        Raises:
            NobodyMay.
        """
        assert self.case is not None
        with self.parts.store.look() as reading:
            row = reading.task(self.case, task)
        for name, _, _, role in people_of(self.release):
            actor = Actor(name=name, memberships=frozenset({f"{self.release.pack}/{role}"}))
            # Asked first, for it costs nothing: of all the people of a pack few hold the role.
            if name not in (row.assignee, row.claimed_by) and not is_candidate(actor, row, self.release.pack):
                continue
            try:
                view = self.parts.casebook.task(self.case, task, actor)
            except EngineError:
                continue  # not theirs to see
            if view.why_not is None:
                return actor, view
        raise NobodyMay(task=task)

    def messages(self) -> list[tuple[Actor, MessageView]]:
        """What the case waits for from outside now, each with somebody of the pack who may enter it."""
        if self.case is None:
            return []
        found: dict[str, tuple[Actor, MessageView]] = {}
        for name, _, _, role in people_of(self.release):
            actor = Actor(name=name, memberships=frozenset({f"{self.release.pack}/{role}"}))
            try:
                seen = self.parts.casebook.case(self.case, actor).messages
            except EngineError:
                continue  # not theirs to see
            for view in seen:
                if view.awaited:
                    found.setdefault(view.message, (actor, view))
        return list(found.values())

    def then(self, step: Step) -> Played:
        """The same company after one more step; one that cannot be done changes nothing and is its `trouble`."""
        try:
            return replace(self, case=_do(self, step), steps=(*self.steps, step))
        except EngineError as error:
            return replace(self, trouble=error)

    def tasks(self) -> list[str]:
        """Names of the open tasks, the oldest first."""
        if self.case is None:
            return []
        with self.parts.store.look() as reading:
            return [row.task for row in reading.tasks(self.case)]

    def next_due(self) -> datetime | None:
        """When something happens by itself next, UTC."""
        with self.parts.store.look() as reading:
            return reading.next_due()


@contextmanager
def play(release: Release, steps: Sequence[Step]) -> Iterator[Played]:
    """A company in which these steps were done, as far as they can be."""
    with tempfile.TemporaryDirectory(prefix="kesu-trial-") as folder:
        (Path(folder) / _FILE).write_bytes(_tables())
        parts = _parts(Path(folder))
        try:
            put_in_force(parts, release)
            with parts.store.begin() as tx:
                digest = hashlib.sha256(STAND_IN).hexdigest()
                tx.save_file(digest, name="trial.pdf", media_type="application/pdf", content=STAND_IN)
            yield _done(parts, release, steps)
        finally:
            parts.close()


def _tables() -> bytes:
    """A database with nothing but its tables. Made once: the steps that make them cannot be taken twice at a time."""
    with _lock:
        if not _made:
            with tempfile.TemporaryDirectory(prefix="kesu-trial-") as folder:
                parts = _parts(Path(folder))
                parts.store.create()
                parts.close()
                with contextlib.closing(sqlite3.connect(Path(folder) / _FILE)) as file:
                    # The copies are of one file: what is still in the log must be in it.
                    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                _made.append((Path(folder) / _FILE).read_bytes())
        return _made[0]


def _parts(folder: Path) -> Parts:
    facts = {"database": f"sqlite:///{folder / _FILE}", "simulated_clock": True, "outbox": folder / "outbox"}
    settings, clock = Settings.load(facts, {}), StoppedClock(datetime.fromisoformat(BEGIN))
    # Nothing of it outlives the answer: no commit waits for the disk.
    return build(settings, clock=clock, store=Store(settings.database, clock=clock, durable=False))


def _done(parts: Parts, release: Release, steps: Sequence[Step]) -> Played:
    played = Played(parts=parts, release=release, case=None, steps=())
    for step in steps:
        if (played := played.then(step)).trouble is not None:
            break
    return played


def _do(played: Played, step: Step) -> str | None:
    parts = played.parts
    if step.do == "open":
        return parts.desk.open_case(played.release.pack, step.answers, _opener(played), channel=step.channel).case
    if step.do == "task" and played.case:
        actor, _ = played.able(step.task)
        parts.desk.complete_task(played.case, step.task, step.answers, actor)
    elif step.do == "message" and played.case:
        someone = next((who for who, view in played.messages() if view.message == step.message), None)
        if someone is None:
            raise MessageNotAwaited(case=played.case, message=step.message)
        parts.desk.receive_message(played.case, step.message, step.answers, someone)
    elif step.do == "until":
        clock = parts.stopped_clock
        assert clock is not None
        parts.executor.let_time_pass(clock, max(clock.now(), datetime.fromisoformat(step.at)))
    # What the procedure does at once by itself is done before anybody looks.
    if parts.stopped_clock is not None:
        parts.executor.let_time_pass(parts.stopped_clock, parts.stopped_clock.now() + timedelta(seconds=1))
    return played.case


def _opener(played: Played) -> Actor:
    """The first who may open a case of the pack."""
    starters = played.release.policy.starters or tuple(played.release.policy.roles)
    name, role = next(((n, r) for n, _, _, r in people_of(played.release) if r in starters), (AUDITOR, AUDITOR))
    return Actor(name=name, memberships=frozenset({f"{played.release.pack}/{role}"}))


# --- as a page carries them -------------------------------------------------------------------------


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps a page sends back.

    Raises:
        StepsUnreadable, TrialTooLong.
    """
    if len(text) > MOST_TEXT:
        raise TrialTooLong(most=MOST_STEPS)
    try:
        rows = json.loads(text or "[]")
        if not isinstance(rows, list):
            raise ValueError(rows)
        steps = tuple(_step(row) for row in rows)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StepsUnreadable from error
    if len(steps) > MOST_STEPS:
        raise TrialTooLong(most=MOST_STEPS)
    return steps


def _step(row: Any) -> Step:
    step = Step(do=row["do"], task=str(row.get("task", "")), message=str(row.get("message", "")), answers=dict(row.get("answers", {})),
                channel=str(row.get("channel", "")), at=str(row.get("at", "")))  # fmt: skip
    if step.do not in ("open", "task", "message", "until"):
        raise ValueError(step.do)
    if step.do == "until" and datetime.fromisoformat(step.at).tzinfo is None:
        raise ValueError(step.at)
    return step


def written(steps: Sequence[Step]) -> str:
    """The steps as a page carries them."""
    rows = [{k: v for k, v in vars(step).items() if v not in ("", {})} for step in steps]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=str)

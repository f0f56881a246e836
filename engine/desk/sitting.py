"""One case on the table: loaded, driven by inputs, written in one piece.

A sitting lives inside one write transaction. Before anything else is heard it catches up on the
timers that were due by now, in due order, each as of its due moment: so an outage changes nothing
but `fired_at`. Prompt errands are done as they come up. It does not ask who may do what; the desk does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.authority import Actor, is_candidate
from engine.errands import ERRANDS, facts_of
from engine.errors import EngineError
from engine.history import (
    GENESIS,
    CaseMoved,
    CaseOpened,
    ErrandDone,
    ErrandFailed,
    Event,
    Input,
    Keyring,
    Personal,
    PersonRecused,
    Record,
    SignalReceived,
    TaskReleased,
    TimerFired,
    bare,
    seal,
)
from engine.release import Release
from engine.replay import replay
from engine.run import OpenTask, Run, SnapshotUnusable
from engine.shelf import Shelf
from engine.store import CaseQuery, Head, Job, Reading, StoreTrouble, Transaction
from engine.values import Value

#: A case that asks for more prompt errands than this in one action runs in a circle.
MOST_ERRANDS = 200
#: A case with more timers due at once than this runs in a circle.
MOST_TIMERS = 1000
#: So many other cases are looked at when a case asks what came before it.
MOST_OTHERS = 100


class RunsInACircle(EngineError):
    """Case {case} asked for more than {most} steps of its own in one action and was stopped."""

    zh = "案件 {case} 在一次操作中自行推进超过 {most} 步，已中止。"


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an action came to."""

    case: str
    #: Number of the last event.
    seq: int
    #: The events the action wrote.
    records: tuple[Record, ...]
    head: Head


class Sitting:
    """One case, inside one write transaction."""

    def __init__(
        self, *, tx: Transaction, shelf: Shelf, release: Release, case: str, head: Head | None, at: datetime, actor: str
    ) -> None:
        self.tx, self.shelf, self.release, self.case, self.head = tx, shelf, release, case, head
        #: The logical time of the input being heard, UTC.
        self.at = at
        #: Who acts; "system" for timers and errands.
        self.actor = actor
        self.run: Run
        self._events: list[Event] = []

    @classmethod
    def resume(cls, tx: Transaction, case: str, *, shelf: Shelf, at: datetime, actor: str) -> Sitting:
        """Load a case: from its snapshot, else by replay.

        Args:
            at: now. Where the clock was set back since the case was last acted on, that moment stands for it: a history
                does not go back in time.

        Raises:
            CaseNotFound: there is no such case.
        """
        head = tx.head(case)
        release = shelf.release(head.release, tx)
        at = max(at, head.changed_at)
        sitting = cls(tx=tx, shelf=shelf, release=release, case=case, head=head, at=at, actor=actor)
        sitting.run = load(tx, head, shelf)
        return sitting

    @classmethod
    def begin(cls, tx: Transaction, event: CaseOpened, *, shelf: Shelf) -> Sitting:
        """Open a new case with its first event."""
        release = shelf.release(event.release, tx)
        case = tx.new_case()
        sitting = cls(tx=tx, shelf=shelf, release=release, case=case, head=None, at=event.at, actor=event.actor)
        sitting.run, outcomes = Run.open(release, event, case=case)
        sitting._events = [event, *outcomes]
        sitting._run_errands()
        return sitting

    def catch_up(self, until: datetime, *, noticed: datetime | None = None, but: int | None = None) -> None:
        """Fire what is due by `until` and hear what other cases signalled by then, each in its turn and as of its moment.

        Args:
            noticed: when it was seen that they were due; `until`, if nothing is said.
            but: a delivery that is seen to by the caller.
        """
        coming = [d for d in self._signalled(until) if d.id != but]
        for _ in range(MOST_TIMERS):
            due = min(((t.due, name) for name, t in self.run.timers.items() if t.due <= until), default=None)
            if self.run.closed or (due is None and not coming):
                return
            if due is None or (coming and coming[0].due < due[0]):
                delivery = coming.pop(0)
                if self.tx.take_delivery(delivery):
                    self.receive(delivery)
                continue
            self.hear(TimerFired(at=due[0], timer=due[1], fired_at=max(noticed or until, due[0])))
        raise RunsInACircle(case=self.case, most=MOST_TIMERS)

    def _signalled(self, until: datetime) -> list[Job]:
        # Only a case that waits for a signal can have one on its way: the others are not asked.
        if self.head is None or self.head.sealed or not self.run.signals:
            return []
        return self.tx.deliveries(self.case, until=until)

    def receive(self, delivery: Job) -> None:
        """Hear a signal of another case, unless the wait it was for is over: once thrown, it is not thrown again."""
        signal, subscription = str(delivery.payload["signal"]), delivery.key.partition("/")[2]
        if self.run.closed or self.run.signals.get(subscription) != signal:
            return
        payload, hops = delivery.payload.get("payload"), delivery.payload.get("hops")
        assert isinstance(payload, dict)
        at = max(delivery.due, self.at if self._events else self.before.changed_at)
        self.hear(
            SignalReceived(
                at=at, signal=signal, subscription=subscription, payload=payload or None, hops=int(str(hops))
            )
        )

    def hear(self, event: Input) -> None:
        """Let the case hear an input, and do the prompt errands that come of it."""
        self.at, before = event.at, self.actor
        self.actor = event.actor
        self.apply(event)
        self._run_errands()
        self.actor = before

    def apply(self, event: Input) -> None:
        """Let the case hear an input and nothing more."""
        outcomes = self.run.apply(event)
        self._events += [event, *outcomes]

    def move(self, event: CaseMoved) -> None:
        """Let the case go on under another release, and do the prompt errands that come of it."""
        release = self.shelf.release(event.release, self.tx)
        self.run, outcomes = self.run.moved(release, event)
        self.release, self.at, self.actor = release, event.at, event.actor
        self._events += [event, *outcomes]
        self._run_errands()

    def recuse(self, event: PersonRecused) -> None:
        """Take a person off the case; what they hold goes back to its group."""
        self.apply(event)
        for task in [t for t in self.run.tasks.values() if self._loses(event.person, t)]:
            self.apply(TaskReleased(at=event.at, task=task.name))

    def _loses(self, person: str, task: OpenTask) -> bool:
        """Whether a task goes back: the person holds it, or somebody holds it who could only take it in their stead."""
        holder = task.claimed_by or task.assignee
        if holder == person:
            return bool(task.groups or task.users)  # offered to nobody else, it would be nobody's
        if task.claimed_by is None or holder is None:
            return False
        found = self.tx.person(holder)
        alone = Actor(name=found.name, memberships=found.memberships)
        lent = {d.absent for d in self.tx.deputyships(holder, self.at)}
        return person in lent and not is_candidate(alone, task, self.release.pack)

    def open_other(self, pack: str, answers: Mapping[str, Value], *, channel: str) -> tuple[str, bool]:
        """Open a case of another pack that stems from this one; returns its id, and whether it is sealed."""
        release = self.shelf.release(self.tx.current(pack), self.tx)
        policy = release.policy
        # What is about a person here is about a person there, as the other pack's intake form says.
        whose = {f.name: f.personal for f in self.shelf.form(release, policy.intake).fields if f.personal}
        event = CaseOpened(
            at=self.at,
            actor=self.actor,
            pack=pack,
            release=release.digest,
            process=policy.process,
            flow=policy.flow,
            channel=channel,
            title=str(answers.get(policy.subject) or ""),
            form=policy.intake,
            answers={n: Personal(v, whose[n]) if n in whose and v is not None else v for n, v in answers.items()},
            sealed=policy.sealed,
            barred=tuple(sorted({*self.run.barred, *accused(policy.accused, answers)})),
            parent=self.case,
        )
        return Sitting.begin(self.tx, event, shelf=self.shelf).write().case, policy.sealed

    def events(self) -> Iterator[Event]:
        """Everything that happened in the case so far, what is not written yet included."""
        if self.head is not None:
            yield from (record.event for record in self.tx.history(self.case))
        yield from self._events

    def others(self, marks: tuple[str, ...]) -> Iterator[tuple[Head, Run]]:
        """The latest other cases of the pack whose histories hold these facts, as they stand; a sealed one is not among them."""
        query = CaseQuery(pack=self.release.pack, marks=marks, limit=MOST_OTHERS)
        for row in self.tx.cases(query).rows:
            if row.case != self.case:
                # Held, two cases that look at each other at once would wait for each other.
                head = self.tx.head(row.case, hold=False)
                yield head, load(self.tx, head, self.shelf)

    @property
    def before(self) -> Head:
        """The case as it was when it was put on the table."""
        assert self.head is not None
        return self.head

    def local(self, at: datetime) -> datetime:
        """An instant in the zone of the pack's calendar."""
        return at.astimezone(ZoneInfo(self.release.calendar().zone))

    def write(self) -> Done:
        """Seal what was heard and hand it to the store; the transaction commits it."""
        head = self.head
        records, keyring = seal(
            self.case,
            self._events,
            after=head.seq if head else 0,
            previous=head.hash if head else GENESIS,
            keyring=head.keyring if head else Keyring(),
        )
        self.head = self.tx.add(head, records, state=self.run.snapshot(), keyring=keyring)
        self._events = []
        return Done(case=self.case, seq=self.head.seq, records=tuple(records), head=self.head)

    def write_if_heard(self) -> Done | None:
        """`write`, unless nothing was heard."""
        return self.write() if self._events else None

    def _run_errands(self) -> None:
        for _ in range(MOST_ERRANDS):
            errand = next((e for e in self.run.errands.values() if ERRANDS[e.type].do), None)
            if errand is None:
                return
            do = ERRANDS[errand.type].do
            assert do is not None
            try:
                result = do(self, facts_of(errand))
            except StoreTrouble:
                raise
            except EngineError as error:
                said = {"reason": error.text("zh"), "reason_en": error.text("en")}
                self.apply(ErrandFailed(at=self.at, errand=errand.name, error=error.code, **said))
                continue
            self.apply(ErrandDone(at=self.at, errand=errand.name, result=result))
        raise RunsInACircle(case=self.case, most=MOST_ERRANDS)


def load(reading: Reading, head: Head, shelf: Shelf) -> Run:
    """The run of a case: from its snapshot where that is usable, else by replay of its history."""
    release = shelf.release(head.release, reading)
    if head.state is not None:
        try:
            return Run.restore(release, head.state, case=head.case)
        except SnapshotUnusable:
            pass
    records: Iterable[Record] = reading.history(head.case)
    return replay(records, lambda digest: shelf.release(digest, reading))


def accused(field: str | None, answers: Mapping[str, Value]) -> Iterator[str]:
    """The persons an intake form names as complained of, by the field the pack says."""
    said = bare(answers.get(field)) if field else None
    for name in said if isinstance(said, list) else [said]:
        if isinstance(name, str) and name:
            yield name

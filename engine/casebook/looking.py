"""Opening cases for reading: only those the reader may know of, with their release and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.authority import Actor
from engine.casebook.veil import Veil, veil_of
from engine.clock import Clock
from engine.desk.house_rules import kept_from, sight
from engine.desk.sitting import load
from engine.errors import EngineError
from engine.history import CaseMoved, Input, Record
from engine.release import Release
from engine.replay import replay
from engine.run import Run
from engine.shelf import Shelf
from engine.store import Head, Reading, Store


class NoSuchEvent(EngineError):
    """Case {case} has no event {seq}; it has {last}."""

    zh = "案件 {case} 没有第 {seq} 号事件；共 {last} 个。"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case opened for reading."""

    reading: Reading
    head: Head
    release: Release
    run: Run
    now: datetime


class Called(Mapping[str, str]):
    """User name -> display name, of those who left, too; each is read when somebody asks for it."""

    def __init__(self, reading: Reading, lang: str) -> None:
        self._reading, self._zh = reading, lang.startswith("zh")
        self._found: dict[str, str | None] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._found:
            one = self._reading.colleague(name)
            self._found[name] = None if one is None else one.zh if self._zh else one.en
        called = self._found[name]
        if called is None:
            raise KeyError(name)
        return called

    def __iter__(self) -> Iterator[str]:
        return (name for name, called in self._found.items() if called is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Looking:
    """Where the casebook looks."""

    def __init__(
        self, store: Store, clock: Clock, shelf: Shelf, *, drafts_kept: timedelta = timedelta(days=90)
    ) -> None:
        """
        Args:
            drafts_kept: how long after it was last saved a half-filled form is put away.
        """
        self._store, self._clock, self.shelf = store, clock, shelf
        self._drafts_kept = drafts_kept

    def need_sight(self, case: str, actor: Actor) -> None:
        """Raise unless the actor may know of a case; nothing of it is looked at.

        Raises:
            CaseNotFound.
        """
        with self._store.look() as reading:
            sight(reading, reading.head(case), actor)

    @contextmanager
    def _seen(self, case: str, actor: Actor, what: str = "case") -> Iterator[tuple[Reading, Head]]:
        """
        Args:
            what: what is looked at, for the record where the case is sealed.
        """
        with self._store.look() as reading:
            head = reading.head(case)
            sight(reading, head, actor)
            yield reading, head
        # Put down before anything is shown: where that fails, nothing is.
        if head.sealed:
            self._note(case, actor, what)

    def _note(self, case: str, actor: Actor, what: str) -> None:
        """Put down that somebody looked at a sealed case."""
        with self._store.begin() as tx:
            tx.note_look(case, actor.name, what)

    def _veil(self, reading: Reading, head: Head, actor: Actor, records: Sequence[Record] | None = None) -> Veil:
        """What the actor is not shown of the case; `records` is its whole history, where it is at hand."""
        policy = self.shelf.release(head.release, reading).policy
        erased = head.keyring.erased
        if not kept_from(policy, actor):
            return Veil(erased=erased)
        return veil_of(policy, actor, reading.history(head.case) if records is None else records, erased=erased)

    def _veil_of_data(self, reading: Reading, head: Head, actor: Actor) -> Veil:
        """The same for case data alone, which takes no history to know."""
        whose = kept_from(self.shelf.release(head.release, reading).policy, actor)
        return Veil(whose=whose, erased=head.keyring.erased)

    @contextmanager
    def _opened(self, case: str, actor: Actor, what: str = "case") -> Iterator[Opened]:
        with self._seen(case, actor, what) as (reading, head):
            run = load(reading, head, self.shelf)
            yield Opened(
                reading=reading,
                head=head,
                # As the case sees it: with the calendars it counts by now.
                release=run.release,
                run=run,
                now=self._clock.now(),
            )

    def _shelve(self, reading: Reading, records: Sequence[Record]) -> None:
        """Have every release at hand the case was ever on: what was said then is told by its names."""
        for record in records:
            if isinstance(record.event, CaseMoved):
                for digest in (record.event.before, record.event.release):
                    self.shelf.release(digest, reading)

    def _run_at(self, reading: Reading, head: Head, records: Sequence[Record], until: int) -> Run:
        if not 1 <= until <= head.seq:
            raise NoSuchEvent(case=head.case, seq=until, last=head.seq)
        return replay(records, lambda digest: self.shelf.release(digest, reading))


def turns_of(records: Sequence[Record]) -> list[tuple[int, int]]:
    """Each input with its outcomes, as numbers of the first and the last event."""
    begins = [r.seq for r in records if isinstance(r.event, Input)]
    return [(a, b - 1) for a, b in zip(begins, [*begins[1:], records[-1].seq + 1], strict=True)] if records else []

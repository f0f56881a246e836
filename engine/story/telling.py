"""Telling a history: everything in order, or only what matters to somebody who answers for the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine import history as h
from engine.errands import PAPERS
from engine.story.names import Names
from engine.story.sentences import SENTENCES


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An input with what the procedure made of it."""

    record: h.Record
    sentence: str
    outcomes: tuple[tuple[h.Record, str], ...]

    @property
    def last(self) -> int:
        """Number of the last event that belongs to it."""
        return self.outcomes[-1][0].seq if self.outcomes else self.record.seq


class Teller(Names):
    """Tells the events of one case, from the first on: later ones are told by the names that earlier ones gave."""

    def tell(self, record: h.Record) -> str:
        """One sentence."""
        self.meet(record.event)
        return SENTENCES[type(record.event)](self, record.event)

    def diary(self, records: Iterable[h.Record]) -> list[Entry]:
        """Inputs in order, each with its outcomes: everything."""
        return [_entry(turn, self) for turn in _turns(records)]

    def digest(self, records: Iterable[h.Record]) -> list[Entry]:
        """What somebody did, or time did, each with what came of it that matters.

        Steps the procedure takes by itself belong to what set it going. How it was done inside (paths, timers set
        and dropped, values computed) is left to `diary`.
        """
        entries: list[Entry] = []
        for turn in _turns(records):
            entry = _entry(turn, self)
            told = tuple((r, said) for r, said in entry.outcomes if _matters(r.event, self))
            if (
                isinstance(entry.record.event, h.ErrandDone | h.ErrandFailed)
                and entries
                and _at_once(entry, entries[-1])
            ):
                own = [(entry.record, entry.sentence)] if _worth(entry.record.event) else []
                entries[-1] = Entry(
                    record=entries[-1].record,
                    sentence=entries[-1].sentence,
                    outcomes=(*entries[-1].outcomes, *own, *told),
                )
            else:
                entries.append(Entry(record=entry.record, sentence=entry.sentence, outcomes=told))
        return entries


def _turns(records: Iterable[h.Record]) -> Iterator[list[h.Record]]:
    turn: list[h.Record] = []
    for record in records:
        if isinstance(record.event, h.Input) and turn:
            yield turn
            turn = []
        turn.append(record)
    if turn:
        yield turn


def _entry(turn: list[h.Record], teller: Teller) -> Entry:
    # What a task was opened for is known before it is done; so everything is told in order.
    sentences = [teller.tell(record) for record in turn]
    return Entry(record=turn[0], sentence=sentences[0], outcomes=tuple(zip(turn[1:], sentences[1:], strict=True)))


def _matters(event: h.Event, teller: Names) -> bool:
    match event:
        case h.DeadlineMet() if event.deadline in teller.tasks:
            # That a task was done in time goes without saying.
            return event.late
        case h.ErrandStarted():
            return event.type in PAPERS and event.type != "enter-register"
        case (
            h.DeadlineMet()
            | h.DeadlineSet()
            | h.DeadlineMoved()
            | h.DecisionMade()
            | h.TaskOpened()
            | h.TaskWithdrawn()
            | h.TaskRevised()
            | h.DeadlineDropped()
        ):
            return True
        case h.StatusChanged() | h.MessageAwaited() | h.MessageSent() | h.IncidentRaised() | h.ValueMissing() | h.CaseClosed():
            return True
    return False


def _worth(event: h.Event) -> bool:
    """Whether the end of an errand says something that its beginning did not."""
    return isinstance(event, h.ErrandFailed) or (isinstance(event, h.ErrandDone) and "number" in (event.result or {}))


def _at_once(entry: Entry, before: Entry) -> bool:
    return entry.record.event.at == before.record.event.at

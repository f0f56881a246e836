"""Folding: what a case's new events change in the rows derived from its history.

The same fold serves the writing of an event and the rebuilding from all events, so
both give the same rows. It knows no database: rows are plain dictionaries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

from engine import history as h
from engine.numbering import CASE_SERIES
from engine.store.passages import passages_of
from engine.store.scripts import one_script
from engine.store.tables import AWAITED, CANCELLED, DONE, FINISHED, NEVER, OPEN, READY, WITHDRAWN
from engine.values import encode

Row = dict[str, Any]

#: Who must do nothing by hand is no participant.
MACHINE = "system"
#: The candidate whom every set of candidates holds: it stands for whoever may see all.
EVERYBODY = ""
#: Tries before a job is given up and becomes an incident.
MAX_ATTEMPTS = 8
#: The next try of what is due whatever a clock says.
AT_ONCE = 0


def listed(values: Iterable[str]) -> str:
    """A list of names as one text column."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def candidates(pack: str, groups: Iterable[str], users: Iterable[str]) -> tuple[str, ...]:
    """To whom a task is offered: "@person", "pack/role" and "*/role"."""
    keys = {f"@{user}" for user in users}
    for group in groups:
        keys |= {f"{pack}/{group}", f"*/{group}"}
    return tuple(sorted(keys))


def offer_of(pack: str, flow: str, keys: Sequence[str]) -> int:
    """The number of a set of candidates: derived, so that a rebuild finds the same one."""
    digest = hashlib.sha256(f"{pack}\n{flow}\n{listed(keys)}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def folded(text: str | None) -> str | None:
    """A text as it is searched: letter case, the width of blanks and the script of Chinese aside."""
    return None if text is None else one_script(" ".join(text.casefold().split()))


def pairs(text: str) -> list[str]:
    """Neighbouring characters of a folded text, two by two."""
    return sorted({text[i : i + 2] for i in range(len(text) - 1)})


def grams(title: str | None) -> list[str]:
    """What a title is found by: its pairs, and its last character, so that each character begins something."""
    text = folded(title)
    return sorted({*pairs(text), text[-1]}) if text else []


@dataclass(frozen=True, kw_only=True)
class Still:
    """The clocks of what was open before begin to stand still, or go on."""

    #: Since when; None: they go on.
    since_us: int | None
    #: The limits it is about.
    limits: Collection[str]
    #: Tasks and deadlines that were over by then.
    over: Collection[str]


@dataclass(kw_only=True)
class Fold:
    """Rows that change because of `records`, applied one after the other."""

    case: str
    #: Columns of the case head as they are, and then as they become.
    head: Row
    #: Release -> its limits whose clocks may stand still; asked only where a clock does.
    pausable: Callable[[str], Collection[str]] = lambda release: ()
    #: New tasks by name, with everything later events of this fold did to them.
    tasks: dict[str, Row] = field(default_factory=dict)
    #: Ends of tasks opened before: name -> state, closed_us, done_by, behalf.
    ended: dict[str, Row] = field(default_factory=dict)
    #: Other changes of tasks opened before: claimed, delegated, moved.
    touched: list[Row] = field(default_factory=list)
    offers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    #: Timers, errands, messages and signals by (kind, name); `moved` only changes when.
    jobs: dict[tuple[str, str], Row] = field(default_factory=dict)
    #: Of these, the ones that have a row already.
    known_jobs: set[tuple[str, str]] = field(default_factory=set)
    moved: list[Row] = field(default_factory=list)
    deadlines: dict[str, Row] = field(default_factory=dict)
    deadlines_met: list[Row] = field(default_factory=list)
    deadlines_moved: list[Row] = field(default_factory=list)
    #: In order, and before anything else is written.
    stills: list[Still] = field(default_factory=list)
    deadlines_dropped: list[Row] = field(default_factory=list)
    incidents: dict[str, Row] = field(default_factory=dict)
    resolved: list[Row] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)
    participants: set[str] = field(default_factory=set)
    #: What the case is found by, for each input.
    passages: list[Row] = field(default_factory=list)
    #: Signals for other cases, each with what nobody can guess it by and nothing is told by.
    sent: list[tuple[str, h.SignalSent]] = field(default_factory=list)
    opened: bool = False
    closed: bool = False

    def feed(self, records: Iterable[h.Record]) -> Fold:
        """Fold the records in; returns itself."""
        records = list(records)
        for passage, _ in passages_of(records):
            if words := passage.pieces():
                self.passages.append({"case_id": self.case, "turn": passage.turn, "words": words})
        for record in records:
            event = record.event
            if isinstance(event, h.Input):
                self.head["changed_us"] = h.micros(event.at)
            self._fold(event, record.seq)
            if isinstance(event, h.SignalSent) and event.reach and not self.head["sealed"]:
                self.sent.append((record.hash[:32], event))
            if isinstance(event, h.Input):
                self._acted(event)
            self.head["seq"], self.head["hash"] = record.seq, record.hash
        return self

    def _acted(self, event: h.Input) -> None:
        # A deputy takes part as whom they stand in for: who is off the case later, their deputy is off with them.
        who = event.on_behalf_of or event.actor
        if self.head["sealed"] and who != MACHINE:
            self.participants.add(f"@{who}")

    @singledispatchmethod
    def _fold(self, event: h.Event, seq: int) -> None:
        """Most kinds change no row: they are told by the history itself."""

    # --- the case ---

    @_fold.register
    def _(self, event: h.CaseOpened, seq: int) -> None:
        at = h.micros(event.at)
        # PostgreSQL has no place for a null byte; in the event itself it is kept.
        title = event.title.replace("\0", "") or None
        self.head.update(
            pack=event.pack, release=event.release, process=event.process, flow=event.flow, channel=event.channel,
            parent=event.parent, opened_by=event.actor, opened_us=at, changed_us=at, closed_us=None, status=None,
            number=None, title=title,
            title_folded=folded(title), sealed=event.sealed, barred=listed(event.barred),
        )  # fmt: skip
        self.barred += event.barred
        self.opened = True

    @_fold.register
    def _(self, event: h.CaseMoved, seq: int) -> None:
        was = set(self.pausable(self.head["release"]))
        self.head["release"] = event.release
        now, since = set(self.pausable(event.release)), self.head["still_us"]
        if since is not None:
            self._stand_at(None, was - now)
            self._stand_at(since, now)

    @_fold.register
    def _(self, event: h.StatusChanged, seq: int) -> None:
        self.head["status"] = event.status

    @_fold.register
    def _(self, event: h.CaseClosed, seq: int) -> None:
        self.head["closed_us"] = h.micros(event.at)
        self.closed = True

    def lasting_jobs(self) -> list[Row]:
        """The rows of timers, errands and messages to write; a closed case waits for errands alone."""
        return [row for row in self.jobs.values() if not self.closed or row["kind"] == "errand"]

    @_fold.register
    def _(self, event: h.PersonRecused, seq: int) -> None:
        persons = json.loads(self.head["barred"])
        if event.person not in persons:
            self.head["barred"] = listed([*persons, event.person])
            self.barred.append(event.person)

    @_fold.register
    def _(self, event: h.IncidentRaised, seq: int) -> None:
        self.incidents[event.incident] = {
            "case_id": self.case, "name": event.incident, "element": event.element, "code": event.code,
            "zh": event.zh, "en": event.en, "raised_us": h.micros(event.at), "resolved_us": None,
        }  # fmt: skip

    @_fold.register
    def _(self, event: h.IncidentResolved, seq: int) -> None:
        if event.incident in self.incidents:
            self.incidents[event.incident]["resolved_us"] = h.micros(event.at)
        else:
            self.resolved.append({"b_case": self.case, "b_name": event.incident, "resolved_us": h.micros(event.at)})

    # --- tasks ---

    @_fold.register
    def _(self, event: h.TaskOpened, seq: int) -> None:
        keys = candidates(self.head["pack"], event.groups, event.users)
        offer = offer_of(self.head["pack"], self.head["flow"], keys)
        self.offers[offer] = keys
        self.tasks[event.task] = {
            "case_id": self.case, "name": event.task, "state": OPEN, "element": event.element, "process": event.process,
            "pack": self.head["pack"], "flow": self.head["flow"], "sealed": self.head["sealed"], "form": event.form,
            "groups": listed(event.groups), "users": listed(event.users), "four_eyes": listed(event.four_eyes),
            "offer": offer, "assignee": event.assignee, "claimed_by": None, "holder": event.assignee or "",
            "held": int(event.assignee is not None), "priority": event.priority, "limit_id": event.limit,
            "due_us": h.micros(event.due) if event.due else NEVER, "scope": event.scope,
            "opened_us": h.micros(event.at), "opened_seq": seq, "closed_us": None, "done_by": None, "behalf": None,
            "still_us": self._still(event.limit),
        }  # fmt: skip
        if self.head["sealed"]:
            self.participants |= {*keys, *([f"@{event.assignee}"] if event.assignee else ())}

    @_fold.register
    def _(self, event: h.TaskCompleted, seq: int) -> None:
        self._end(event.task, DONE, event, done_by=event.actor, behalf=event.on_behalf_of)

    @_fold.register
    def _(self, event: h.TaskWithdrawn, seq: int) -> None:
        self._end(event.task, WITHDRAWN, event, done_by=None, behalf=None)

    def _end(self, task: str, state: int, event: h.Event, **who: str | None) -> None:
        end: Row = {"state": state, "closed_us": h.micros(event.at), **who}
        if task in self.tasks:
            self.tasks[task].update(end)
        else:
            self.ended[task] = end

    @_fold.register
    def _(self, event: h.TaskClaimed, seq: int) -> None:
        self._touch(event.task, claimed_by=event.actor, holder=event.actor, held=1)

    @_fold.register
    def _(self, event: h.TaskReleased, seq: int) -> None:
        self._touch(event.task, claimed_by=None, assignee=None, holder="", held=0)

    @_fold.register
    def _(self, event: h.TaskDelegated, seq: int) -> None:
        self._touch(event.task, claimed_by=None, assignee=event.to, holder=event.to, held=1)
        if self.head["sealed"]:
            self.participants.add(f"@{event.to}")

    def _touch(self, task: str, **columns: Any) -> None:
        if task in self.tasks:
            self.tasks[task].update(columns)
        else:
            self.touched.append({"b_case": self.case, "b_name": task, **columns})

    @_fold.register
    def _(self, event: h.TaskRevised, seq: int) -> None:
        keys = candidates(self.head["pack"], event.groups, event.users)
        offer = offer_of(self.head["pack"], self.head["flow"], keys)
        self.offers[offer] = keys
        holder = event.claimed_by or event.assignee
        self._touch(
            event.task, form=event.form, groups=listed(event.groups), users=listed(event.users), offer=offer,
            four_eyes=listed(event.four_eyes), assignee=event.assignee, claimed_by=event.claimed_by,
            holder=holder or "", held=int(holder is not None), priority=event.priority, limit_id=event.limit,
            due_us=h.micros(event.due) if event.due else NEVER,
            still_us=self._still(event.limit),
        )  # fmt: skip
        if self.head["sealed"]:
            self.participants |= {*keys, *([f"@{holder}"] if holder else ())}

    # --- timers and errands ---

    @_fold.register
    def _(self, event: h.TimerSet, seq: int) -> None:
        self._job("timer", event.timer, seq, event.due, element=event.element, type=event.limit, task=event.task)

    @_fold.register
    def _(self, event: h.TimerMoved, seq: int) -> None:
        due = h.micros(event.due)
        if ("timer", event.timer) in self.jobs:
            self.jobs["timer", event.timer].update(due_us=due, next_us=due, seq=seq)
        else:
            self.moved.append({"b_case": self.case, "b_key": event.timer, "due_us": due, "next_us": due, "seq": seq})

    @_fold.register
    def _(self, event: h.TimerFired, seq: int) -> None:
        self._job_over("timer", event.timer, FINISHED)

    @_fold.register
    def _(self, event: h.TimerCancelled, seq: int) -> None:
        self._job_over("timer", event.timer, CANCELLED)

    @_fold.register
    def _(self, event: h.ErrandStarted, seq: int) -> None:
        tries = {"max_attempts": event.retries} if event.retries else {}
        self._job("errand", event.errand, seq, event.at, element=event.element, type=event.type, **tries)

    @_fold.register
    def _(self, event: h.ErrandDone, seq: int) -> None:
        self._job_over("errand", event.errand, FINISHED)
        given = event.result or {}
        if given.get("series") == CASE_SERIES and isinstance(given.get("number"), str):
            self.head["number"] = given["number"]

    @_fold.register
    def _(self, event: h.ErrandFailed, seq: int) -> None:
        self._job_over("errand", event.errand, FINISHED)

    @_fold.register
    def _(self, event: h.ErrandCancelled, seq: int) -> None:
        self._job_over("errand", event.errand, CANCELLED)

    def _job(self, kind: str, key: str, seq: int, due: Any, **columns: Any) -> None:
        moment = h.micros(due)
        self.jobs[kind, key] = {
            "case_id": self.case, "kind": kind, "key": key, "element": None, "type": None, "task": None, "seq": seq,
            "payload": "{}", "due_us": moment, "next_us": moment, "state": READY, "max_attempts": MAX_ATTEMPTS,
            **columns,
        }  # fmt: skip
        if kind == "errand":
            # It is due from the moment it is ordered, also where the clock that told this moment was set back since.
            self.jobs[kind, key]["next_us"] = AT_ONCE

    def _job_over(self, kind: str, key: str, state: int) -> None:
        if self.jobs.pop((kind, key), None) is None:
            self.known_jobs.add((kind, key))
        if (kind, key) in self.known_jobs:
            # The row exists already; only its state will be taken from this one.
            self._job(kind, key, 0, h.instant(0))
            self.jobs[kind, key]["state"] = state

    # --- deadlines ---

    @_fold.register
    def _(self, event: h.DeadlineSet, seq: int) -> None:
        self.deadlines_dropped = [row for row in self.deadlines_dropped if row["b_name"] != event.deadline]
        self.deadlines[event.deadline] = {
            "case_id": self.case, "name": event.deadline, "start_us": h.micros(event.start),
            "due_us": h.micros(event.due), "seq": seq, "met_us": None, "late": False,
            "still_us": self._still(event.deadline),
        }  # fmt: skip

    @_fold.register
    def _(self, event: h.DeadlineMoved, seq: int) -> None:
        due = h.micros(event.due)
        if event.deadline in self.deadlines:
            self.deadlines[event.deadline].update(due_us=due, seq=seq)
        elif event.deadline in self.tasks:
            self.tasks[event.deadline]["due_us"] = due
        else:
            # The name is a limit's or a task's; one of the two statements finds a row.
            self.deadlines_moved.append({"b_case": self.case, "b_name": event.deadline, "due_us": due, "seq": seq})
            self.touched.append({"b_case": self.case, "b_name": event.deadline, "due_us": due})

    @_fold.register
    def _(self, event: h.DeadlineMet, seq: int) -> None:
        met = h.micros(event.at)
        if event.deadline in self.ended or event.deadline in self.tasks:
            return  # the task's own row says when it was due and when it was done
        if event.deadline in self.deadlines:
            self.deadlines[event.deadline].update(met_us=met, late=event.late)
        else:
            self.deadlines_met.append(
                {"b_case": self.case, "b_name": event.deadline, "met_us": met, "late": event.late}
            )

    @_fold.register
    def _(self, event: h.ClockPaused, seq: int) -> None:
        self._stand(h.micros(event.at))

    @_fold.register
    def _(self, event: h.ClockResumed, seq: int) -> None:
        self._stand(None)

    def _stand(self, since: int | None) -> None:
        self.head["still_us"] = since
        self._stand_at(since, self.pausable(self.head["release"]))

    def _stand_at(self, since: int | None, limits: Collection[str]) -> None:
        """The clocks of these limits stand still since then, or go."""
        over = {*self.ended, *(row["b_name"] for row in self.deadlines_met)}
        self.stills.append(Still(since_us=since, limits=limits, over=over))
        for task in self.tasks.values():
            if task["state"] == OPEN and task["limit_id"] in limits:
                task["still_us"] = since
        for deadline in self.deadlines.values():
            if deadline["met_us"] is None and deadline["name"] in limits:
                deadline["still_us"] = since

    def _still(self, limit: str | None) -> int | None:
        """Since when the clock of something that begins now stands still."""
        since: int | None = self.head["still_us"]
        return since if since is not None and limit in self.pausable(self.head["release"]) else None

    @_fold.register
    def _(self, event: h.DeadlineDropped, seq: int) -> None:
        self.deadlines.pop(event.deadline, None)
        self.deadlines_dropped.append({"b_case": self.case, "b_name": event.deadline})

    # --- messages ---

    @_fold.register
    def _(self, event: h.MessageAwaited, seq: int) -> None:
        key = encode(h.bare(event.key)).decode()
        self._job("message", event.subscription, seq, event.at, element=event.element, type=event.message)
        self.jobs["message", event.subscription].update(state=AWAITED, payload=key)

    @_fold.register
    def _(self, event: h.MessageDropped, seq: int) -> None:
        self._job_over("message", event.subscription, CANCELLED)

    # A sealed case hears signals of its own alone: for the others it is not there.

    @_fold.register
    def _(self, event: h.SignalAwaited, seq: int) -> None:
        if not self.head["sealed"]:
            self._job("signal", event.subscription, seq, event.at, element=event.element, type=event.signal)
            self.jobs["signal", event.subscription].update(state=AWAITED, payload=encode(self.head["pack"]).decode())

    @_fold.register
    def _(self, event: h.SignalDropped, seq: int) -> None:
        if not self.head["sealed"]:
            self._job_over("signal", event.subscription, CANCELLED)


def blank(case: str) -> Row:
    """The head of a case before its first event."""
    nothing = dict.fromkeys(("title", "title_folded", "number", "status", "closed_us", "still_us"))
    return {"case_id": case, "seq": 0, "hash": h.GENESIS, "sealed": False, "barred": "[]", **nothing}

"""What an auditor asks: how a case stood at any moment of its past, and whether its history holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.authority import ADMIN, AUDITOR, Actor, NotAuthorised
from engine.casebook.lexicon import Lexicon, lexicon_of
from engine.casebook.lines import deadline_view, label_of, role_of
from engine.casebook.looking import Called, Looking, NoSuchEvent, turns_of
from engine.casebook.picture import pictures_of
from engine.casebook.then import Holders, Known, MomentView, Notified, Proof, SightThen, TaskThen
from engine.casebook.veil import Veil
from engine.casebook.views import DeadlineView
from engine.deadline import remaining
from engine.errands import ERRANDS, PAPERS
from engine.history import (
    ERASED,
    CaseOpened,
    ErrandStarted,
    Hidden,
    Input,
    MessageReceived,
    Personal,
    Record,
    TaskCompleted,
)
from engine.policy import Label
from engine.release import Release
from engine.replay import heard, replay, verify
from engine.run import OpenTask, Run
from engine.store import Head, Reading, SealedLook
from engine.store.projection import Fold, blank

Documents = Mapping[str, Mapping[str, Any]]
_READS_ALL = f"*/{AUDITOR}"


class Auditing(Looking):
    """Looking back."""

    def moment(self, case: str, actor: Actor, seq: int, *, since: int | None = None) -> MomentView:
        """How the case stood after event `seq` and what it led to at once.

        Args:
            since: an earlier event; what is told as before is how it stood then. None: just before `seq`.

        Raises:
            CaseNotFound, NoSuchEvent.
        """
        with self._seen(case, actor, "moment") as (reading, head):
            if not 1 <= seq <= head.seq:
                raise NoSuchEvent(case=case, seq=seq, last=head.seq)
            records, people = reading.history(case), Called(reading, actor.locale)
            turns = turns_of(records)
            first, last = next((a, b) for a, b in turns if a <= seq <= b)
            earlier = first - 1
            if since is not None:
                if not 1 <= since < first:
                    raise NoSuchEvent(case=case, seq=since, last=first - 1)
                earlier = next(b for a, b in turns if a <= since <= b)
            before, then = records[:earlier], records[:last]
            run = replay(before or then, lambda digest: self.shelf.release(digest, reading))
            self._shelve(reading, records)
            veil = self._veil(reading, head, actor, records)
            documents: Documents = _shown(run, veil) if before else {}
            hidden = _hidden(run, veil) if before else {}
            titles = {t.name: label_of(run.release, t.process, t.element) for t in run.tasks.values()} if before else {}
            due_before = _due(run) if before else {}
            if before:
                for record in records[earlier:last]:
                    if isinstance(record.event, Input):
                        run, _ = heard(run, record, lambda digest: self.shelf.release(digest, reading))
            release = run.release
            at, lexicon = records[first - 1].event.at, lexicon_of(release, self.shelf)
            say = _Words(lexicon, actor.locale, people)
            records = veil.records(records)
            persons = list(_persons(records[:last], earlier + 1, say))
            private = {k.name for k in persons}
            hidden = {scope: {**hidden.get(scope, {}), **names} for scope, names in _hidden(run, veil).items()}
            now = _known(documents, _shown(run, veil), hidden, release, say)
            known = [*persons, *(k for k in now if k.name not in private)]
            return MomentView(
                head=head,
                release=release,
                zone=release.calendar().zone,
                first=first,
                last=last,
                at=at,
                turns=tuple(turns),
                records=tuple(records),
                status=release.policy.statuses.get(run.status) if run.status else None,
                number=run.number,
                closed=run.closed,
                paused=run.paused,
                tasks=tuple(_task(task, release, run, at) for task in run.tasks.values()),
                deadlines=_deadlines(run, release, actor, at, head),
                known=tuple(sorted(known, key=lambda k: (not k.changed, k.label is None))),
                notified=tuple(_notified(then, release)),
                since=since,
                came=frozenset(set(run.tasks) - set(titles)),
                gone=tuple(titles[name] for name in sorted(set(titles) - set(run.tasks))),
                moved={name: due_before[name] for name, due in _due(run).items() if due_before.get(name, due) != due},
                sight=_sight(reading, at, then, release, head),
                pictures=pictures_of(run, then, release, at),
            )

    def verify(self, case: str, actor: Actor) -> Proof:
        """Check chain, replay and stored state of a case.

        Raises:
            CaseNotFound.
            NotAuthorised: neither auditor nor administrator.
        """
        with self._seen(case, actor, "proof") as (reading, head):
            if not may_verify(actor):
                raise NotAuthorised(person=actor.name, role=AUDITOR)
            records = reading.history(case)
            verdict = verify(records, lambda digest: self.shelf.release(digest, reading), head.state)
        inputs = sum(isinstance(r.event, Input) for r in records)
        return Proof(
            verdict=verdict,
            seq=records[-1].seq,
            hash=records[-1].hash,
            head_agrees=records[-1].seq == head.seq and records[-1].hash == head.hash,
            had_state=head.state is not None,
            inputs=inputs,
            outcomes=len(records) - inputs,
            at=self._clock.now(),
        )

    def looks(self, case: str, actor: Actor) -> list[SealedLook]:
        """Who looked at a sealed case, and at what, in order.

        Raises:
            CaseNotFound.
            NotAuthorised: neither auditor nor administrator, nor one of the pack's overseers.
        """
        with self._seen(case, actor, "looks") as (reading, head):
            overseers = self.shelf.release(head.release, reading).policy.overseers
            if not may_verify(actor) and not any(actor.has(head.pack, role) for role in overseers):
                raise NotAuthorised(person=actor.name, role=AUDITOR)
            return reading.looks(case)


def may_verify(actor: Actor) -> bool:
    """Whether the actor may have histories checked: auditors and administrators."""
    return actor.is_admin() or f"*/{AUDITOR}" in actor.all_memberships or f"*/{ADMIN}" in actor.all_memberships


def _task(task: OpenTask, release: Release, run: Run, at: datetime) -> TaskThen:
    limit = release.policy.limits.get(task.limit or "")
    return TaskThen(
        task=task.name,
        title=label_of(release, task.process, task.element),
        groups=tuple(role_of(release, group) for group in task.groups),
        holder=task.claimed_by or task.assignee or next(iter(task.users), None),
        opened=task.opened,
        due=task.due,
        left=remaining(at, task.due, release.calendar(limit.calendar if limit else None)) if task.due else None,
    )


def _due(run: Run) -> dict[str, datetime]:
    return {name: running.due for name, running in run.deadlines.items()}


def _sight(reading: Reading, at: datetime, records: Sequence[Record], release: Release, head: Head) -> SightThen:
    """Who could see the case then: by what had happened, by the release it runs on, and by who held which role that moment."""
    fold = Fold(case=head.case, head=blank(head.case)).feed(records)
    names = {"persons": [w[1:] for w in fold.participants if w.startswith("@")], "roles": [w for w in fold.participants if not w.startswith("@")]}
    roles = {role_of(release, role) for role in names["roles"] if not role.startswith("*/")}
    then = SightThen(
        sealed=head.sealed,
        persons=tuple(sorted(names["persons"])),
        roles=tuple(sorted(roles, key=lambda label: label.zh)),
        barred=tuple(sorted(fold.barred)),
        secrets={of: tuple(role_of(release, role) for role in held) for of, held in release.policy.secrets.items()},
        since=reading.roles_known_since(),
    )
    return then if then.since is None or at < then.since else _people(reading, at, then, frozenset(names["roles"]), release)


def _people(reading: Reading, at: datetime, then: SightThen, taking_part: frozenset[str], release: Release) -> SightThen:
    held = {person: roles for person, roles in reading.roles_at(at).items() if person not in then.barred}
    listed = {f"{release.pack}/{role}": label for role, label in release.policy.roles.items()}
    listed = {role: label for role, label in listed.items() if not then.sealed or role in taking_part}
    listed[_READS_ALL] = Label(zh="审计员", en="Auditors")
    found = [Holders(role=label, persons=tuple(sorted(p for p, roles in held.items() if key in roles))) for key, label in listed.items()]
    named = tuple(p for p in then.persons if p in held)
    seeing = set(held) if not then.sealed else {p for one in found for p in one.persons} | set(named)
    stand_ins = {
        (d.deputy, d.absent) for d in reading.deputies_at(at)
        if d.absent in seeing and d.deputy in held and (not d.roles or not then.sealed or d.absent in named or {*d.roles} & {*listed})
    }  # fmt: skip
    return replace(
        then, known=True, signed_in=len(held), holders=tuple(one for one in found if one.persons), named=named,
        stand_ins=tuple(sorted(stand_ins)) if then.sealed else (),
    )  # fmt: skip


def _deadlines(run: Run, release: Release, actor: Actor, at: datetime, head: Head) -> tuple[DeadlineView, ...]:
    views = []
    for name, running in run.deadlines.items():
        task = run.tasks.get(name)
        title = label_of(release, task.process, task.element) if task else None
        views.append(deadline_view(name, running, release, actor, at, head, title, still=run.paused_since))
    return tuple(sorted(views, key=lambda v: (v.met is not None, v.due, v.deadline)))


@dataclass(frozen=True)
class _Words:
    """The lexicon, for one reader."""

    lexicon: Lexicon
    lang: str
    people: Mapping[str, str]

    def label(self, name: str) -> Label | None:
        return self.lexicon.label(name)

    def text(self, name: str, value: Any) -> str | None:
        return None if value in (None, "", [], {}) else self.lexicon.text(name, value, self.lang, self.people)

    def personal(self, name: str, value: Personal) -> str | None:
        return ERASED if value.hidden else self.text(name, value.value)


def _shown(run: Run, veil: Veil) -> Documents:
    return {scope: veil.document(document, run.whose(scope)) for scope, document in run.documents.items()}


def _hidden(run: Run, veil: Veil) -> dict[str, dict[str, Hidden]]:
    return {scope: veil.hidden(document, run.whose(scope)) for scope, document in run.documents.items()}


def _known(
    before: Documents, after: Documents, hidden: Mapping[str, Mapping[str, Hidden]], release: Release, say: _Words
) -> Iterator[Known]:
    """What the documents say, scope by scope.

    When a called procedure ends its document goes, and what it found is handed to the one that called it: what only
    moved there did not change.
    """
    handed = {name: value for scope in before if scope not in after for name, value in before[scope].items()}
    for scope, new in after.items():
        old, secret = before.get(scope, {}), hidden.get(scope, {})
        for name in {**old, **new}:
            part = _part(scope, release) if scope else None
            if name in secret:
                told = ERASED if name in old else None, ERASED if name in new else None
                label, why = say.label(name), secret[name]
                yield Known(name=name, label=label, part=part, before=told[0], after=told[1], personal=True, hidden=why)
                continue
            was = old.get(name)
            if was is None and name in handed and handed[name] == new.get(name):
                was = handed[name]
            yield Known(
                name=name,
                label=say.label(name),
                part=part,
                before=say.text(name, was),
                after=say.text(name, new.get(name)),
            )


def _part(scope: str, release: Release) -> Label:
    element = scope.rpartition("-")[0] or scope
    for process in release.processes:
        if element in release.processes[process][1].elements:
            return label_of(release, process, element)
    return Label(zh=scope, en=scope)


def _persons(records: Sequence[Record], first: int, say: _Words) -> Iterator[Known]:
    """Personal data, as they were entered: only there it is known whether they can still be read."""
    said: dict[str, list[tuple[int, Personal]]] = {}
    for record in records:
        for name, value in _entered(record).items():
            if isinstance(value, Personal):
                said.setdefault(name, []).append((record.seq, value))
    for name, values in said.items():
        old = [v for seq, v in values if seq < first]
        last = values[-1][1]
        yield Known(
            name=name,
            label=say.label(name),
            part=None,
            before=say.personal(name, old[-1]) if old else None,
            after=say.personal(name, last),
            personal=True,
            hidden=last.hidden,
            entered=bool(old) and last.hidden is not None and values[-1][0] >= first,
        )


def _entered(record: Record) -> Mapping[str, Any]:
    match record.event:
        case CaseOpened() | TaskCompleted() as event:
            return event.answers or {}
        case MessageReceived() as event:
            return event.payload or {}
    return {}


def _notified(records: Sequence[Record], release: Release) -> Iterator[Notified]:
    """Reminders and the like, the latest first."""
    for place in range(len(records) - 1, -1, -1):
        event = records[place].event
        if not isinstance(event, ErrandStarted) or event.type not in PAPERS:
            continue
        facts = {**(event.headers or {}), **(event.inputs or {})}
        role = str(facts.get("to") or "")
        if event.type in ("send-reminder", "escalate", "notify") and role:
            yield Notified(
                role=role_of(release, role),
                what=ERRANDS[event.type].label,
                kind=str(facts.get("kind") or ""),
                seq=records[place].seq,
                at=event.at,
            )

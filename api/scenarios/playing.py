"""Doing what the sentences of a scenario say, over the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.scenarios import sentences
from api.scenarios.house import House
from api.scenarios.telling import Scenario, Step
from api.scenarios.words import people_of
from api.showing import shown
from engine.authority import AUDITOR
from engine.errors import EngineError
from engine.history import Record
from engine.replay import verify
from engine.store import CaseNotFound, Head, TaskRow
from forms import Form

#: A scenario that goes round more often than this does not end.
MOST_TASKS = 300


class ScenarioFailed(EngineError):
    """{file} · {name} · {step}: {why}"""

    zh = "{file} · {name} · {step}：{why}"


class Otherwise(Exception):
    """What is the case is not what the sentence says."""


def play(scenario: Scenario, house: House, usual: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Play a scenario to its end and prove every case's history; returns the cases it opened.

    Raises:
        ScenarioFailed: with the sentence that does not hold.
    """
    stage = Stage(house, usual)
    for step in scenario.steps:
        try:
            sentences.do(stage, step)
        except (Otherwise, EngineError) as error:
            why = error.text("zh") if isinstance(error, EngineError) else str(error)
            raise ScenarioFailed(file=scenario.file, name=scenario.name, step=step.text, why=why) from error
    stage.prove()
    return stage.cases


class Stage:
    """A scenario in the middle of being played."""

    def __init__(self, house: House, usual: Mapping[str, Mapping[str, Any]]) -> None:
        self.house, self.words, self.usual = house, house.words, usual
        self.cases: list[str] = []
        #: What was looked at last, and how it stood then: case, number of its last event, time.
        self._view: tuple[tuple[str, int, datetime], dict[str, Any]] | None = None
        self._history: tuple[tuple[str, int], list[Record]] | None = None

    # --- what is done -------------------------------------------------------------------------------

    @property
    def case(self) -> str:
        """The case that is talked about: the one opened last."""
        if not self.cases:
            raise Otherwise("还没有案件 no case yet")
        return self.cases[-1]

    def receive(self, who: str, step: Step) -> None:
        """A complaint comes in."""
        policy, channel = self.house.release.policy, None
        rows = []
        for row in step.table:
            if row[0] in ("渠道", "channel"):
                channel = row[1]
            else:
                rows.append(row)
        answers = {**self.usual.get("intake", {}), **self.words.answers(self.words.forms[policy.intake], rows)}
        body = {"pack": self.house.release.pack, "channel": channel or policy.channels[0], "answers": answers}
        self.cases.append(self._told(self._as_somebody(who, "POST", "/cases", body))["case"])

    def work(self, who: str, task: str, step: Step) -> None:
        """Somebody does an open task."""
        said: tuple[int, Any] = (403, None)
        for row in self._all_open(task):
            said = self._complete(row, who, self.words.answers(self._form(row), step.table))
            # Of several open tasks of one name it is the one they may do.
            if said[0] != 403:
                break
        self._told(said)

    def go_on(self, until: str | None, step: Step) -> None:
        """Everybody does what is usual until a task has its turn, or to the end; the table says what is answered otherwise."""
        wanted = self.words.element(until) if until else set()
        otherwise: dict[str, list[tuple[str, ...]]] = {}
        for element, *entry in step.table:
            for id in self.words.element(element):
                otherwise.setdefault(id, []).append(tuple(entry))
        for _ in range(MOST_TASKS):
            self.house.catch_up()
            closed, open_ = self._standing()
            if closed:
                if until is None:
                    return
                raise Otherwise("案件已结案 the case is closed")
            if any(row.element in wanted for row in open_):
                return
            if not open_:
                self._wait()
                continue
            row = open_[0]
            answers = self.words.answers(self._form(row), otherwise.get(row.element, []))
            self._told(self._complete(row, None, answers))
        raise Otherwise(f"走了 {MOST_TASKS} 步仍未到 not reached in {MOST_TASKS} tasks")

    def enter(self, who: str, message: str, step: Step) -> None:
        """Something comes from outside."""
        name = self.words.message(message)
        form = self.house.release.policy.messages[name].form
        payload = {**self.usual.get(name, {}), **self.words.answers(self.words.forms.get(form or ""), step.table)}
        self._told(
            self._as_somebody(who, "POST", f"/cases/{self.case}/messages", {"message": name, "payload": payload})
        )

    def act(self, who: str, path: str, body: Mapping[str, Any]) -> None:
        """Anything else that can be done with the case."""
        self._told(self._as_somebody(who, "POST", f"/cases/{self.case}{path}", body))

    def let_pass(self, span: timedelta) -> None:
        """Time passes."""
        self.house.pass_until(self.house.now + span)

    # --- what is looked at --------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """The case as the auditor sees it; asked again once something has happened."""
        stands = (self.case, self._head().seq, self.house.now)
        if self._view is None or self._view[0] != stands:
            status, said = self.house.ask("GET", f"/cases/{self.case}", AUDITOR)
            if status != 200:
                raise Otherwise(str(said))
            self._view = (stands, dict(said))
        return self._view[1]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The facts of every event of a kind, in order."""
        return [dict(shown(r.event.facts())) for r in self._records() if type(r.event).__name__ == kind]

    def errands(self, *types: str) -> list[dict[str, Any]]:
        """What the errands of some kinds were told: headers, and over them inputs."""
        return [
            {**(e.get("headers") or {}), **(e.get("inputs") or {}), "type": e["type"]}
            for e in self.events("ErrandStarted")
            if e["type"] in types
        ]

    def tells(self, so: bool, found: Any) -> None:
        """Go on if it is so; else say what is."""
        if not so:
            raise Otherwise(f"实际为 it is: {found}")

    def refused(self, who: str, task: str) -> None:
        """Somebody may not do an open task."""
        row = self._all_open(task)[0]
        status, said = self._complete(row, who, {}, strict=True)
        self.tells(status == 403, f"{status} {said}")

    def unseen(self, who: str) -> None:
        """For somebody the case is not there: the answer is that of a case that does not exist."""
        person = self._persons(who)[0]
        seen = self.house.ask("GET", f"/cases/{self.case}", person)
        never = self.house.ask("GET", "/cases/C-999999", person)
        self.tells(seen[0] == never[0] == 404, seen)

    def hidden(self, who: str, field: str) -> str | None:
        """Why somebody who may see the case is not shown what was entered in a field; None: they are."""
        wanted, person = self.words.field(field).name, self._persons(who)[0]
        status, said = self.house.ask("GET", f"/cases/{self.case}", person)
        if status != 200:
            raise Otherwise(f"{status} {said}")
        lines = [line for paper in said["papers"] for line in paper["lines"] if line["name"] == wanted]
        if not lines:
            raise Otherwise(f"没有填写 {field} was not filled in")
        why = lines[-1]["hidden"]
        return None if why is None else str(why)

    def prove(self) -> None:
        """Every history replays to what is stored."""
        with self.house.parts.store.look() as reading:
            for case in self.cases:
                head = reading.head(case)
                verdict = verify(
                    reading.history(case), lambda digest: self.house.parts.shelf.release(digest, reading), head.state
                )
                if not verdict.agrees:
                    raise Otherwise(f"{case}: {verdict}")

    def linked(self) -> None:
        """Go over to the case that was opened from this one last."""
        others = [e["other"] for e in self.events("CaseLinked")]
        self.tells(bool(others), "没有关联案件 no linked case")
        try:
            with self.house.parts.store.look() as reading:
                reading.head(others[-1])
        except CaseNotFound as error:
            raise Otherwise(str(error)) from error
        self.cases.append(others[-1])

    # --- how ----------------------------------------------------------------------------------------

    def open(self, task: str) -> dict[str, Any]:
        """The first open task of that name, as the API shows it."""
        first = self._all_open(task)[0]
        return next(dict(t) for t in self.view()["tasks"] if t["task"] == first.task)

    def _all_open(self, task: str) -> list[TaskRow]:
        elements, (_, rows) = self.words.element(task), self._standing()
        found = [row for row in rows if row.element in elements]
        if not found:
            raise Otherwise(f"待办为 open: {'、'.join(t['title']['zh'] for t in self.view()['tasks']) or '无 none'}")
        return found

    def _standing(self) -> tuple[bool, list[TaskRow]]:
        """Is it closed, and what is open, oldest first; read beside the API: it is asked before every step."""
        with self.house.parts.store.look() as reading:
            closed = reading.head(self.case).closed_at is not None
            return closed, sorted(reading.tasks(self.case), key=lambda row: (row.opened, row.task))

    def _head(self) -> Head:
        with self.house.parts.store.look() as reading:
            return reading.head(self.case)

    def _records(self) -> list[Record]:
        stands = (self.case, self._head().seq)
        if self._history is None or self._history[0] != stands:
            with self.house.parts.store.look() as reading:
                self._history = (stands, reading.history(self.case))
        return self._history[1]

    def _form(self, row: TaskRow) -> Form | None:
        return self.words.forms.get(row.form or "")

    def _complete(
        self, row: TaskRow, who: str | None, answers: Mapping[str, Any], *, strict: bool = False
    ) -> tuple[int, Any]:
        usual = self.usual.get(row.form or "", self.usual.get(row.element, {}))
        body = {"answers": {**usual, **answers}}
        path = f"/cases/{self.case}/tasks/{row.task}/complete"
        if who is not None:
            return self._as_somebody(who, "POST", path, body, strict=strict)
        return self._first(self._meant(row), "POST", path, body)

    def _meant(self, row: TaskRow) -> list[str]:
        """Whom a task is for: one person, the persons it names, or everybody of its roles."""
        return [row.assignee] if row.assignee else [*row.users, *(f"{role}-{n}" for role in row.groups for n in (1, 2, 3))]

    def _as_somebody(
        self, who: str, method: str, path: str, body: Mapping[str, Any], *, strict: bool = False
    ) -> tuple[int, Any]:
        persons = self._persons(who)
        return self._first(persons[:1] if strict else persons, method, path, body)

    def _first(self, persons: Iterable[str], method: str, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        said: tuple[int, Any] = (403, None)
        for person in persons:
            said = self.house.ask(method, path, person, body)
            # Who prepared it may not approve it: a colleague of the same role does.
            if said[0] not in (403, 404, 409):
                break
        return said

    def _persons(self, who: str) -> list[str]:
        for name, zh, en, _ in people_of(self.house.release):
            if who in (name, zh, en):
                return [name]
        role = self.words.role(who)
        return [f"{role}-{n}" for n in (1, 2, 3)]

    def _told(self, said: tuple[int, Any]) -> dict[str, Any]:
        status, document = said
        if status >= 300:
            raise Otherwise(f"{status} {document}")
        return dict(document)

    def _wait(self) -> None:
        """Nobody has anything to do: time passes to the next thing that is due."""
        with self.house.parts.store.look() as reading:
            due = reading.next_due()
        if due is None:
            raise Otherwise("无人可办，也无到期事项 nobody has anything to do and nothing is due")
        self.house.pass_until(max(due.astimezone(UTC), self.house.now + timedelta(seconds=1)))


def at(text: str | None) -> datetime | None:
    """An instant as the API writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None

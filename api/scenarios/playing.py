"""Doing what the sentences of a scenario say, over the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.scenarios import sentences
from api.scenarios.house import House
from api.scenarios.telling import Scenario, Step
from api.scenarios.words import Words, people_of
from api.showing import shown
from engine.authority import AUDITOR
from engine.errors import EngineError
from engine.replay import verify
from engine.store import CaseNotFound

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
        self.house, self.words, self.usual = house, Words(house.release), usual
        self.cases: list[str] = []

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
        for found in self._all_open(task):
            said = self._complete(found, who, self.words.answers(self._form(found), step.table))
            # Of several open tasks of one name it is the one they may do.
            if said[0] != 403:
                break
        self._told(said)

    def go_on(self, until: str | None, step: Step) -> None:
        """Everybody does what is usual until a task has its turn, or to the end; the table says what is answered otherwise."""
        wanted = self.words.element(until) if until else set()
        otherwise: dict[str, list[tuple[str, ...]]] = {}
        for element, *row in step.table:
            for id in self.words.element(element):
                otherwise.setdefault(id, []).append(tuple(row))
        for _ in range(MOST_TASKS):
            self.house.parts.executor.poke()
            closed, tasks = self._standing()
            if closed:
                if until is None:
                    return
                raise Otherwise("案件已结案 the case is closed")
            if any(t["element"] in wanted for t in tasks):
                return
            if not tasks:
                self._wait()
                continue
            rows = otherwise.get(tasks[0]["element"], [])
            self._told(self._complete(tasks[0], None, self.words.answers(self._form(tasks[0]), rows)))
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
        """The case as the auditor sees it."""
        status, said = self.house.ask("GET", f"/cases/{self.case}", AUDITOR)
        if status != 200:
            raise Otherwise(str(said))
        return dict(said)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The facts of every event of a kind, in order."""
        with self.house.parts.store.look() as reading:
            records = reading.history(self.case)
        return [dict(shown(r.event.facts())) for r in records if type(r.event).__name__ == kind]

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
        found = self.open(task)
        status, said = self._complete(found, who, {}, strict=True)
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
        """The first open task of that name."""
        return self._all_open(task)[0]

    def _all_open(self, task: str) -> list[dict[str, Any]]:
        elements, tasks = self.words.element(task), self.view()["tasks"]
        found = [dict(t) for t in tasks if t["element"] in elements]
        if not found:
            raise Otherwise(f"待办为 open: {'、'.join(t['title']['zh'] for t in tasks) or '无 none'}")
        return found

    def _standing(self) -> tuple[bool, list[dict[str, Any]]]:
        """Is it closed, and what is open, oldest first; read beside the API: it is asked before every step."""
        with self.house.parts.store.look() as reading:
            closed = reading.head(self.case).closed_at is not None
            rows = sorted(reading.tasks(self.case), key=lambda row: (row.opened, row.task))
        return closed, [{"task": row.task, "element": row.element} for row in rows]

    def _row(self, task: Mapping[str, Any]) -> Any:
        with self.house.parts.store.look() as reading:
            return next((row for row in reading.tasks(self.case) if row.task == task["task"]), None)

    def _form(self, task: Mapping[str, Any]) -> Any:
        row = self._row(task)
        return self.words.forms.get(row.form) if row and row.form else None

    def _complete(
        self, task: Mapping[str, Any], who: str | None, answers: Mapping[str, Any], *, strict: bool = False
    ) -> tuple[int, Any]:
        body = {"answers": {**self.usual.get(task["element"], {}), **answers}}
        path = f"/cases/{self.case}/tasks/{task['task']}/complete"
        if who is not None:
            return self._as_somebody(who, "POST", path, body, strict=strict)
        return self._first(self._meant(task), "POST", path, body)

    def _meant(self, task: Mapping[str, Any]) -> list[str]:
        """Whom a task is for: one person, the persons it names, or everybody of its roles."""
        row = self._row(task)
        if row is None:
            return []
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

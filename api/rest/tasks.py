"""Tasks: the worklist, and what can be done with a task.

A task is named by its case and its name in it, "C-1001/look-1"; `/tasks/C-1001/look-1` and
`/cases/C-1001/tasks/look-1` are the same.
"""

from __future__ import annotations

from typing import Any

from flask import g

from api.rest import refusals as r
from api.rest.asked import tasks as s
from api.rest.cases import Came, done
from api.rest.enclosures import enclosed
from api.rest.endpoint import Api, seen
from api.rest.shapes import ANSWERS, within
from api.rest.twice import Names, Twice
from api.showing import shown
from api.wiring import Parts
from engine.casebook import Sheet, TaskLine, TaskView
from engine.run import TaskNotOpen
from engine.store import WorklistQuery

api = Api()
_TASK, _ALSO = "/tasks/{case}/{task}", "/cases/{case}/tasks/{task}"


@api.operation(
    "GET", "/tasks", "My open tasks, my groups', overdue or all", tag="tasks", query=s.TaskQuery,
    gives={"tasks": tuple[TaskLine, ...], "next": str | None}, refuses=r.PAGED,
)  # fmt: skip
def tasks(parts: Parts, query: dict[str, Any]) -> Any:
    page = parts.casebook.worklist(WorklistQuery(**query), g.actor)
    return {"tasks": page.rows, "next": page.next}


@api.operation(
    "GET", _TASK, "A task with its form, what is shown and required now, who may do it", tag="tasks", also=_ALSO,
    gives={"case": str, "task": str, "seq": int, **within(TaskView)}, refuses=(*r.CASE, TaskNotOpen),
)  # fmt: skip
def task(parts: Parts, case: str, task: str) -> Any:
    view = parts.casebook.task(case, task, g.actor)
    return {"case": case, "task": task, "seq": view.head.seq, **shown(view)}


@api.operation(
    "POST", f"{_TASK}/check", "The form with these answers: what is shown, required, computed, refused; nothing is kept",
    tag="tasks", also=f"{_ALSO}/check", body=s.Answers, gives=Sheet, refuses=(*r.CASE, TaskNotOpen),
    example={"answers": {"finding": "铰链断了"}}, twice=Twice(never="nothing is kept"),
)  # fmt: skip
def check_task(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    answers, files = enclosed(body["answers"])
    return parts.casebook.task_sheet(case, task, answers, g.actor, files={f.digest for f in files})


@api.operation(
    "POST", f"{_TASK}/claim", "Take a task", tag="tasks", also=f"{_ALSO}/claim", gives=Came, refuses=r.TASK, versioned=True
)
def claim(parts: Parts, case: str, task: str) -> Any:
    return done(parts.desk.claim_task(case, task, g.actor, seen=seen()))


@api.operation(
    "POST", f"{_TASK}/release", "Give a task back", tag="tasks", also=f"{_ALSO}/release", gives=Came, refuses=r.TASK,
    versioned=True,
)  # fmt: skip
def release(parts: Parts, case: str, task: str) -> Any:
    return done(parts.desk.release_task(case, task, g.actor, seen=seen()))


@api.operation(
    "POST", f"{_TASK}/delegate", "Hand a task over to another candidate", tag="tasks", also=f"{_ALSO}/delegate", body=s.Delegate,
    gives=Came, refuses=r.DELEGATE, example={"to": "cora", "reason": "休假"}, versioned=True,
)  # fmt: skip
def delegate(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    found = parts.desk.delegate_task(case, task, body["to"], g.actor, body["reason"], seen=seen())
    return done(found)


def _as_sent(said: Names) -> Any:
    """What was kept of a draft: what was sent. It is personal, so it is kept in no second place."""
    return {"case": said["case"], "task": said["task"], "kept": said["body"]["answers"]}


@api.operation(
    "POST", f"{_TASK}/draft", "Keep a half-filled form", tag="tasks", also=f"{_ALSO}/draft", body=s.Answers,
    gives={"case": str, "task": str, "kept": ANSWERS}, refuses=r.COMPLETE, example={"answers": {"finding": "半句"}},
    twice=Twice(again=_as_sent),
)  # fmt: skip
def draft(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    kept = parts.desk.save_draft(case, task, body["answers"], g.actor)
    return {"case": case, "task": task, "kept": kept}


@api.operation(
    "POST", f"{_TASK}/complete", "Do a task and say so on its form", tag="tasks", also=f"{_ALSO}/complete", body=s.Answers,
    gives=Came, refuses=r.COMPLETE, example={"answers": {"finding": "铰链断了"}}, versioned=True,
)  # fmt: skip
def complete(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    answers, files = enclosed(body["answers"])
    return done(parts.desk.complete_task(case, task, answers, g.actor, files=files, seen=seen()))

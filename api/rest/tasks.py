"""Tasks: the worklist, and what can be done with a task."""

from __future__ import annotations

from typing import Any

from flask import g

from api.rest import schemas as s
from api.rest.cases import done
from api.rest.endpoint import Api, key, seen
from api.showing import shown
from api.wiring import Parts
from engine.store import WorklistQuery

api = Api()


@api.operation("GET", "/tasks", "My open tasks, my groups', overdue or all", tag="tasks", query=s.TaskQuery)
def tasks(parts: Parts, query: dict[str, Any]) -> Any:
    page = parts.casebook.worklist(WorklistQuery(**query), g.actor)
    return {"tasks": page.rows, "next": page.next}


@api.operation("GET", "/cases/{case}/tasks/{task}", "A task with its form", tag="tasks")
def task(parts: Parts, case: str, task: str) -> Any:
    view = parts.casebook.task(case, task, g.actor)
    return {"seq": view.head.seq, **shown(view)}


@api.operation("POST", "/cases/{case}/tasks/{task}/claim", "Take a task", tag="tasks")
def claim(parts: Parts, case: str, task: str) -> Any:
    return done(parts.desk.claim_task(case, task, g.actor))


@api.operation("POST", "/cases/{case}/tasks/{task}/release", "Give a task back", tag="tasks")
def release(parts: Parts, case: str, task: str) -> Any:
    return done(parts.desk.release_task(case, task, g.actor))


@api.operation("POST", "/cases/{case}/tasks/{task}/delegate", "Hand a task over", tag="tasks", body=s.Delegate)
def delegate(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.delegate_task(case, task, body["to"], g.actor, body["reason"]))


@api.operation("POST", "/cases/{case}/tasks/{task}/draft", "Keep a half-filled form", tag="tasks", body=s.Answers)
def draft(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    return {"kept": parts.desk.save_draft(case, task, body["answers"], g.actor)}


@api.operation("POST", "/cases/{case}/tasks/{task}/complete", "Do a task", tag="tasks", body=s.Answers)
def complete(parts: Parts, case: str, task: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.complete_task(case, task, body["answers"], g.actor, seen=seen(), idempotency=key()))

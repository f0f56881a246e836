"""OCEL 2.0, the object-centric event log, in JSON: cases, tasks, deadlines and people, and the events that touch them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from api.mining.logged import Logged
from engine.story import Happening
from engine.story.log import COMPLETE

_CASE = {"number": "string", "pack": "string", "flow": "string", "channel": "string", "status": "string", "opened": "time", "closed": "time"}
_TASK = {"element": "string", "opened": "time", "due": "time"}
_TYPES = {"case": _CASE, "task": _TASK, "person": dict[str, str]()}
_EVENT = {"seq": "integer", "element": "string"}


def ocel(cases: Iterable[Logged]) -> Iterator[bytes]:
    """The file: events case by case, then the objects they touch, then the types of both."""
    objects: dict[str, dict[str, Any]] = {}
    activities: set[str] = set()
    yield b'{"events":['
    first = True
    for case in cases:
        _note(case, objects)
        for one in case.happenings:
            if one.turn != COMPLETE:
                continue
            activities.add(one.activity)
            yield (b"" if first else b",\n") + _json(_event(one))
            first = False
    yield b'],\n"objects":' + _json(list(objects.values()))
    types = [{"name": name, "attributes": _attributes(kinds)} for name, kinds in _TYPES.items()]
    yield b',\n"objectTypes":' + _json(types)
    yield b',\n"eventTypes":' + _json([{"name": a, "attributes": _attributes(_EVENT)} for a in sorted(activities)]) + b"}\n"


def _note(case: Logged, objects: dict[str, dict[str, Any]]) -> None:
    head = case.head
    facts = {
        "number": head.number, "pack": head.pack, "flow": head.flow, "channel": head.channel, "status": head.status,
        "opened": _time(head.opened_at), "closed": _time(head.closed_at) if head.closed_at else None,
    }  # fmt: skip
    made = objects[head.case] = _object(head.case, "case", facts, head.opened_at)
    for one in case.happenings:
        task = _task(one)
        if one.turn == "schedule":
            due = one.facts.get("due")
            told = {"element": one.element, "opened": _time(one.at), "due": _time(due) if isinstance(due, datetime) else None}
            objects[task] = _object(task, "task", told, one.at)
            made["relationships"].append({"objectId": task, "qualifier": "has"})
        for person in (one.who, one.behalf):
            if person:
                objects.setdefault(f"person:{person}", _object(f"person:{person}", "person", {}, one.at))


def _object(name: str, kind: str, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    known = [{"name": k, "time": _time(at), "value": v} for k, v in facts.items() if v is not None]
    return {"id": name, "type": kind, "attributes": known, "relationships": []}


def _event(one: Happening) -> dict[str, Any]:
    touched = [{"objectId": one.case, "qualifier": "case"}]
    if one.instance and one.worked:
        touched.append({"objectId": _task(one), "qualifier": "task"})
    touched += [{"objectId": f"person:{p}", "qualifier": q} for q, p in (("by", one.who), ("for", one.behalf)) if p]
    facts = [{"name": "seq", "value": str(one.seq)}, *([{"name": "element", "value": one.element}] if one.element else [])]
    return {"id": f"{one.case}-{one.seq}", "type": one.activity, "time": _time(one.at), "attributes": facts, "relationships": touched}


def _task(one: Happening) -> str:
    return f"{one.case}/{one.instance}"


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _attributes(kinds: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in kinds.items()]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

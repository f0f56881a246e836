"""Cases: open, look at, replay, talk about, write in, extend, pause."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from api.problems import language
from api.rest import schemas as s
from api.rest.endpoint import Api, key
from api.showing import record, shown
from api.wiring import Parts
from engine.desk import Done
from engine.errors import EngineError
from engine.shelf import Shelf
from engine.store import CaseQuery
from engine.story import Teller

api = Api()


class NumberWanted(EngineError):
    """`at` should be the number of an event."""

    zh = "`at` 应是事件的序号。"


def done(what: Done) -> dict[str, Any]:
    """What an action came to."""
    head = what.head
    return {
        "case": what.case, "seq": what.seq, "number": head.number, "status": head.status,
        "closed": head.closed_at is not None,
        "events": [{"seq": r.seq, "kind": r.event.kind, **_names(r)} for r in what.records],
    }  # fmt: skip


def _names(r: Any) -> dict[str, Any]:
    event = r.event
    return {
        k: shown(getattr(event, k))
        for k in ("task", "element", "due", "timer", "message", "deadline")
        if getattr(event, k, None)
    }


@api.operation("POST", "/cases", "Receive a complaint", tag="cases", body=s.OpenCase, status=201)
def open_case(parts: Parts, body: dict[str, Any]) -> Any:
    found = parts.desk.open_case(
        body["pack"], body["answers"], g.actor, channel=body["channel"], parent=body["parent"],
        barred=tuple(body["barred"]), idempotency=key(),
    )  # fmt: skip
    return done(found)


@api.operation("GET", "/cases", "Find cases", tag="cases", query=s.CaseListQuery)
def cases(parts: Parts, query: dict[str, Any]) -> Any:
    page = parts.casebook.cases(CaseQuery(**query), g.actor)
    return {"cases": page.rows, "next": page.next}


@api.operation("GET", "/cases/{case}", "Everything about a case", tag="cases")
def case(parts: Parts, case: str) -> Any:
    view = parts.casebook.case(case, g.actor)
    return {"case": case, "seq": view.head.seq, **shown(view)}


@api.operation("GET", "/cases/{case}/history", "The events of a case, with sentences", tag="cases", query=s.Span)
def history(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    view = parts.casebook.history(case, g.actor, after=query["after"], until=query["until"])
    release = _release(parts, parts.shelf, view.head.release)
    teller = Teller(release, language(), names=view.names)
    return {"case": case, "seq": view.head.seq, "events": [record(r, teller.tell(r)) for r in view.records]}


@api.operation("GET", "/cases/{case}/deadlines", "The deadlines of a case and why they are when they are", tag="cases")
def deadlines(parts: Parts, case: str) -> Any:
    return {"deadlines": parts.casebook.deadlines(case, g.actor)}


@api.operation("GET", "/cases/{case}/state", "What was known after an event", tag="cases", query=s.At)
def state(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    if query["at"] is None:
        raise NumberWanted()
    return parts.casebook.state(case, g.actor, until=query["at"])


@api.operation(
    "GET", "/cases/{case}/diagram", "The diagrams a case runs on, with where it stands", tag="cases", query=s.At
)
def diagram(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    return {"diagrams": parts.casebook.diagram(case, g.actor, until=query["at"])}


@api.operation("GET", "/cases/{case}/messages", "What may be entered from outside", tag="cases")
def messages(parts: Parts, case: str) -> Any:
    return {"messages": parts.casebook.messages(case, g.actor)}


@api.operation("POST", "/cases/{case}/messages", "Enter something from outside", tag="cases", body=s.Message)
def receive(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    found = parts.desk.receive_message(
        case, body["message"], body["payload"], g.actor, key=body["key"], idempotency=key()
    )
    return done(found)


@api.operation("POST", "/cases/{case}/comments", "Write a remark", tag="cases", body=s.Comment, status=201)
def comment(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.comment(case, body["text"], g.actor, body["audience"], idempotency=key()))


@api.operation("POST", "/cases/{case}/attachments", "Add a file (multipart, field `file`)", tag="cases", status=201)
def attach(parts: Parts, case: str) -> Any:
    upload = request.files.get("file")
    content = upload.read() if upload else request.get_data()
    name = (upload.filename if upload else request.args.get("name")) or "file"
    media = (upload.mimetype if upload else request.mimetype) or "application/octet-stream"
    kept = parts.desk.attach(case, name, media, content, g.actor, task=request.args.get("task"))
    return {"file": kept.sha256, "name": name, "media_type": kept.media_type, "size": kept.size}


@api.operation("GET", "/cases/{case}/attachments/{file}", "Download a file of the case", tag="cases")
def download(parts: Parts, case: str, file: str) -> Any:
    view = parts.casebook.attachment(case, file, g.actor)
    response = Response(view.content, mimetype=view.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=view.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@api.operation("POST", "/cases/{case}/deadlines/{deadline}/extend", "Extend a deadline", tag="cases", body=s.Extend)
def extend(parts: Parts, case: str, deadline: str, body: dict[str, Any]) -> Any:
    found = parts.desk.extend_deadline(
        case, deadline, body["amount"], body["unit"], body["reason"], g.actor, idempotency=key()
    )
    return done(found)


@api.operation("POST", "/cases/{case}/pause", "Let the clocks stand still", tag="cases", body=s.Reason)
def pause(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.pause(case, body["reason"], g.actor))


@api.operation("POST", "/cases/{case}/resume", "Let the clocks go on", tag="cases")
def resume(parts: Parts, case: str) -> Any:
    return done(parts.desk.resume(case, g.actor))


@api.operation("POST", "/cases/{case}/recuse", "Take a person off the case", tag="cases", body=s.Recuse)
def recuse(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.recuse(case, body["person"], body["reason"], g.actor))


@api.operation("POST", "/cases/{case}/incidents/{incident}/resolve", "Mend and resume", tag="cases", body=s.Resolve)
def resolve(parts: Parts, case: str, incident: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.resolve_incident(case, incident, body["reason"], g.actor, body["values"]))


def _release(parts: Parts, shelf: Shelf, digest: str) -> Any:
    with parts.store.look() as reading:
        return shelf.release(digest, reading)

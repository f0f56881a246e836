"""What is done to a case as a whole: remarks, files, messages from outside, clocks, persons, incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from api.filename import attached
from api.rest import refusals as r
from api.rest.asked import handling as s
from api.rest.cases import Came, done
from api.rest.enclosures import enclosed
from api.rest.endpoint import Api, seen
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.casebook import Document, MessageView, Remark

api = Api()


@api.operation(
    "GET", "/cases/{case}/messages", "What may be entered from outside: the awaited first, each with its form", tag="handling",
    gives={"case": str, "messages": tuple[MessageView, ...]}, refuses=r.CASE,
)  # fmt: skip
def messages(parts: Parts, case: str) -> Any:
    return {"case": case, "messages": parts.casebook.messages(case, g.actor)}


@api.operation(
    "POST", "/cases/{case}/messages", "Enter something from outside", tag="handling", body=s.Message, gives=Came,
    refuses=r.MESSAGE, example={"message": "withdraw", "payload": {}}, versioned=True,
)  # fmt: skip
def receive(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    payload, files = enclosed(body["payload"])
    found = parts.desk.receive_message(
        case, body["message"], payload, g.actor, key=body["key"], files=files, seen=seen()
    )
    return done(found)


@api.operation(
    "GET", "/cases/{case}/comments", "The remarks on a case", tag="handling",
    gives={"case": str, "comments": tuple[Remark, ...]}, refuses=r.CASE,
)  # fmt: skip
def comments(parts: Parts, case: str) -> Any:
    return {"case": case, "comments": parts.casebook.case(case, g.actor).remarks}


@api.operation(
    "POST", "/cases/{case}/comments", "Write a remark", tag="handling", body=s.Comment, status=201, gives=Came,
    refuses=r.COMMENT, example={"text": "请附照片", "audience": "internal"}, versioned=True,
)  # fmt: skip
def comment(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.comment(case, body["text"], g.actor, body["audience"], seen=seen()))


@api.operation(
    "GET", "/cases/{case}/attachments", "The files of a case", tag="handling",
    gives={"case": str, "attachments": tuple[Document, ...]}, refuses=r.CASE,
)  # fmt: skip
def attachments(parts: Parts, case: str) -> Any:
    return {"case": case, "attachments": parts.casebook.case(case, g.actor).documents}


@api.operation(
    "POST", "/cases/{case}/attachments", "Add a file: multipart with the field `file`, or its bytes with `?name=`", tag="handling",
    query=s.FileName, status=201, gives={"case": str, "file": str, "name": str, "media_type": str, "size": int},
    refuses=r.ATTACH, versioned=True,
)  # fmt: skip
def attach(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    upload = request.files.get("file")
    content = upload.read() if upload else request.get_data()
    name = (upload.filename if upload else query["name"]) or "file"
    media = (upload.mimetype if upload else request.mimetype) or "application/octet-stream"
    kept = parts.desk.attach(case, name, media, content, g.actor, task=query["task"], seen=seen())
    return {"case": case, "file": kept.sha256, "name": kept.name, "media_type": kept.media_type, "size": kept.size}


@api.operation(
    "GET", "/cases/{case}/attachments/{file}", "Download a file of the case, by the hash of its content", tag="handling",
    gives=bytes, refuses=r.DOWNLOAD,
)  # fmt: skip
def download(parts: Parts, case: str, file: str) -> Any:
    view = parts.casebook.attachment(case, file, g.actor)
    response = Response(view.content, mimetype=view.media_type)
    attached(response, view.name)
    # Whatever is in it, it does nothing in a browser.
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@api.operation(
    "POST", "/cases/{case}/deadlines/{deadline}/extend", "Extend a deadline", tag="handling", body=s.Extend, gives=Came,
    refuses=r.EXTEND, example={"amount": 2, "unit": "workday", "reason": "等检验报告"}, versioned=True,
)  # fmt: skip
def extend(parts: Parts, case: str, deadline: str, body: dict[str, Any]) -> Any:
    found = parts.desk.extend_deadline(
        case, deadline, body["amount"], body["unit"], body["reason"], g.actor, seen=seen()
    )
    return done(found)


@api.operation(
    "POST", "/cases/{case}/pause", "Let the clocks stand still", tag="handling", body=s.Reason, gives=Came,
    refuses=r.PAUSE, example={"reason": "等客户资料"}, versioned=True,
)  # fmt: skip
def pause(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.pause(case, body["reason"], g.actor, seen=seen()))


@api.operation(
    "POST", "/cases/{case}/resume", "Let the clocks go on", tag="handling", gives=Came, refuses=r.RESUME, versioned=True
)
def resume(parts: Parts, case: str) -> Any:
    return done(parts.desk.resume(case, g.actor, seen=seen()))


@api.operation(
    "POST", "/cases/{case}/recuse", "Step off a case, or take a person off it", tag="handling", body=s.Recuse, gives=Came,
    refuses=r.RECUSE, example={"person": "carl", "reason": "亲属关系"}, versioned=True,
)  # fmt: skip
def recuse(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.recuse(case, body["person"], body["reason"], g.actor, seen=seen()))


@api.operation(
    "POST", "/cases/{case}/incidents/{incident}/resolve", "Mend and resume", tag="handling", body=s.Resolve, gives=Came,
    refuses=r.RESOLVE, example={"reason": "补录数据", "values": {"loss": 1}}, versioned=True,
)  # fmt: skip
def resolve(parts: Parts, case: str, incident: str, body: dict[str, Any]) -> Any:
    found = parts.desk.resolve_incident(case, incident, body["reason"], g.actor, body["values"], seen=seen())
    return done(found)


@dataclass(frozen=True, kw_only=True)
class Erasable:
    """A person whose data a case holds."""

    #: "complainant", "reporter", ...
    of: str
    erased: bool


@api.operation(
    "GET", "/cases/{case}/persons", "Whose personal data the case holds, and whether they were erased; for administrators",
    tag="handling", gives={"case": str, "persons": tuple[Erasable, ...]}, refuses=(*r.CASE, NotAuthorised),
)  # fmt: skip
def persons(parts: Parts, case: str) -> Any:
    found = parts.casebook.erasable(case, g.actor)
    return {"case": case, "persons": [Erasable(of=one.of, erased=one.erased) for one in found]}


@api.operation(
    "POST", "/cases/{case}/erasures", "Erase a person's data from the case: their key and their files are destroyed", tag="handling",
    body=s.Erase, gives=Came, refuses=r.ERASE, example={"of": "complainant", "reason": "应本人请求"}, versioned=True,
)  # fmt: skip
def erase(parts: Parts, case: str, body: dict[str, Any]) -> Any:
    return done(parts.desk.erase(case, body["of"], body["reason"], g.actor, seen=seen()))

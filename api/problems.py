"""Errors as problem documents (RFC 9457), in the reader's language. No error leaves as a traceback."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from api.showing import shown
from engine.casebook import lexicon_of
from engine.drafting import DraftMovedOn
from engine.errors import EngineError
from engine.findings import Refused
from engine.history import Record
from engine.story import Teller
from forms import AnswersRefused

log = logging.getLogger("kesu.api")

#: What a stale `If-Match` comes to.
MOVED = ("case-moved-on", "task-moved-on", "never-seen", "draft-moved-on")

#: Status by the name of the error; what is not named is a fault of the request: 422.
STATUS: dict[str, int] = {
    **dict.fromkeys(
        ("case-not-found", "pack-not-found", "task-not-found", "release-not-found", "file-not-stored", "person-not-found",
         "form-not-found", "no-such-event", "process-not-found", "job-not-found", "calendar-not-found", "report-not-found",
         "register-not-found", "deputy-not-found", "token-not-found", "draft-not-found", "draft-file-not-found", "move-not-found",
         "nobody-called", "paper-not-found"), 404),
    **dict.fromkeys(
        ("not-authorised", "recused", "complained-of", "four-eyes-required", "deputy-not-valid", "second-pair-needed", "not-signed-in-as",
         "csrf-missing"), 403),
    **dict.fromkeys(
        ("case-moved-on", "task-moved-on", "not-yours", "task-not-open", "message-not-awaited", "case-is-closed",
         "timer-not-set", "timer-not-due", "errand-not-open", "nothing-to-pause", "clocks-stand-still", "clocks-go", "cap-reached",
         "incident-not-open", "clock-goes-forward",
         "already-seen-to", "already-in-force", "job-of-a-case", "nothing-to-replan", "deadline-not-running", "clock-not-so",
         "request-under-way", "token-told-once", "never-seen", "last-administrator", "draft-moved-on", "nothing-changed",
         "not-on-release", "cannot-move", "nothing-to-move", "move-decided",
         "forecast-under-way", "not-asked-for", "too-many-to-foresee", "erased-before"), 409),
    **dict.fromkeys(
        ("body-not-json", "cursor-unusable", "key-unusable", "version-unusable"), 400),
    **dict.fromkeys(("not-signed-in", "wrong-password"), 401),
    **dict.fromkeys(("media-type-refused", "not-sent-as-json"), 415),
    **dict.fromkeys(("file-too-large", "body-too-large", "draft-too-large"), 413),
    **dict.fromkeys(("store-full", "store-read-only"), 507),
    **dict.fromkeys(
        ("store-busy", "store-unreachable", "store-not-created", "store-damaged", "store-refused", "store-trouble",
         "schema-too-new", "schema-too-old", "database-unsuitable", "second-node", "gate-busy",
         "press-busy", "press-missing", "font-missing"), 503),
    **dict.fromkeys(("too-many-tries", "too-far-behind"), 429),
    "file-erased": 410,
    "not-offered": 406,
    "no-simulated-clock": 404,
}  # fmt: skip


#: Errors that are about one entry of the request -> its name, so that whoever fills in a form can say it beside the entry.
ABOUT: dict[str, str] = {
    "unknown-channel": "channel", "unknown-message": "message", "remark-too-long": "remark", "password-too-weak": "password",
    "period-backwards": "until", "period-too-long": "until", "deputy-of-oneself": "deputy", "role-not-yours": "roles",
    "extension-refused": "amount", "amount-refused": "amount",
}  # fmt: skip


#: Those that name it themselves.
_NAMED = ("text-refused", "complained-of")


class BodyNotJson(EngineError):
    """The request body should be a JSON object."""

    zh = "请求体应是 JSON 对象。"


class NotSentAsJson(EngineError):
    """Please send JSON: `Content-Type: application/json`."""

    zh = "请以 JSON 提交：Content-Type: application/json。"


class NotOffered(EngineError):
    """This is not given as {asked}. Ask for one of these in `Accept`: {offered}."""

    zh = "这里不提供 {asked}。请在 Accept 中改用：{offered}。"


class KeyUnusable(EngineError):
    """An idempotency key has at most {most} printable characters."""

    zh = "幂等键最多 {most} 个可见字符。"


class VersionUnusable(EngineError):
    """`If-Match` should be the ETag of a case or task, such as "12", or *."""

    zh = 'If-Match 应为案件或任务的 ETag，如 "12"，或 *。'


class BodyTooLarge(EngineError):
    """The request is larger than {most} MB."""

    zh = "请求超过 {most} MB。"


class FieldsWrong(EngineError):
    """Some fields of the request are missing or wrong; nothing was changed."""

    zh = "请求中有字段缺失或有误；未作任何更改。"

    def __init__(self, errors: dict[str, Any]) -> None:
        self.errors = errors
        super().__init__()


def language() -> str:
    """The reader's language: what they chose, else what their browser asks for."""
    chosen = getattr(g, "language", None)
    if chosen:
        return str(chosen)
    return request.accept_languages.best_match(["zh-CN", "zh", "en"], "zh-CN")


def asked_language(own: str) -> str:
    """The language a request names in `Accept-Language`; where it names none of ours, the reader's own."""
    return request.accept_languages.best_match([own, "zh-CN", "zh", "en"], own)


def status_of(kind: type[EngineError]) -> int:
    """The status of a kind of error."""
    return STATUS.get(code_of(kind), 422)


def code_of(kind: type[EngineError]) -> str:
    """The name of a kind of error for machines, as `EngineError.code` gives it."""
    return re.sub(r"(?<!^)([A-Z])", r"-\1", kind.__name__).lower()


def problem(error: EngineError) -> tuple[dict[str, Any], int]:
    """The document and the status of an error."""
    lang = language()
    status = STATUS.get(error.code, 422)
    if error.code in MOVED and request.headers.get("If-Match"):
        status = 412
    document: dict[str, Any] = {
        "type": f"urn:kesu:problem:{error.code}",
        "title": error.text(lang),
        "status": status,
        "code": error.code,
    }
    if isinstance(error, AnswersRefused):
        document["errors"] = error.in_language(lang)
    elif isinstance(error, FieldsWrong):
        document["errors"] = error.errors
    elif (name := error.facts.get("field") if error.code in _NAMED else ABOUT.get(error.code)) is not None:
        document["errors"] = {str(name): [document["title"]]}
    elif isinstance(error, Refused):
        document["findings"] = [finding(f, lang) for f in error.findings]
    if "retry_after" in error.facts:
        document["retry_after"] = error.facts["retry_after"]
    since = getattr(error, "since", None) or error.facts.get("since")
    if since and isinstance(since, tuple):
        document["meanwhile"] = _told(since, lang)
    if isinstance(error, DraftMovedOn):
        document["theirs"] = _saved(error, lang)
    return document, status


def _told(since: Sequence[Record], lang: str) -> list[dict[str, Any]]:
    """What happened meanwhile, in sentences: whoever was refused could see the case."""
    parts = g.parts
    last = since[-1]
    with parts.store.look() as reading:
        release = parts.shelf.release(reading.head(last.case).release, reading)
        before = reading.history(last.case, until=last.seq)
        zh = lang.startswith("zh")
        names = {p.name: p.zh if zh else p.en for p in reading.people(active=None)}
    teller = Teller(release, lang, names=names, lexicon=lexicon_of(release, parts.shelf))
    sentences = {record.seq: teller.tell(record) for record in before}
    return [
        {"seq": r.seq, "kind": r.event.kind, "at": shown(r.event.at), "sentence": sentences[r.seq]}
        for r in since
        if r.seq in sentences
    ]


def _saved(error: DraftMovedOn, lang: str) -> list[dict[str, Any]]:
    """What others saved meanwhile: with it, whoever was refused has both texts in hand."""
    with g.parts.store.look() as reading:
        names = {p.name: p.zh if lang.startswith("zh") else p.en for p in reading.people(active=None)}
    return [
        {"path": f.path, "version": f.version, "by": f.saved_by, "name": names.get(f.saved_by, f.saved_by), "at": shown(f.saved),
         "text": None if f.content is None else f.content.decode("utf-8", "replace")}
        for f in error.theirs
    ]  # fmt: skip


def finding(found: Any, lang: str) -> dict[str, Any]:
    """A finding as JSON."""
    zh = lang.startswith("zh")
    return {
        "code": found.code, "severity": found.severity, "file": found.file, "element": found.element,
        "text": found.zh if zh else found.en, "remedy": found.remedy_zh if zh else found.remedy_en,
        "detail": {k: str(v) for k, v in found.detail.items()},
    }  # fmt: skip


def answer(document: dict[str, Any], status: int) -> Response:
    """The response of a problem document."""
    response = jsonify(document)
    response.status_code = status
    response.content_type = "application/problem+json"
    if status in (429, 503):
        response.headers["Retry-After"] = str(document.get("retry_after", 5))
    return response


def register(app: Flask) -> None:
    """Let every error of the API leave as a problem document."""

    @app.errorhandler(EngineError)
    def _engine(error: EngineError) -> Response:
        return answer(*problem(error))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        title = _HTTP.get(status, (error.name, error.name))[0 if language().startswith("zh") else 1]
        title = title.format(most=(app.config["MAX_CONTENT_LENGTH"] or 0) // 2**20)
        return answer({"type": "about:blank", "title": title, "status": status, "code": error.name.lower()}, status)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        log.exception("unforeseen")
        zh = language().startswith("zh")
        title = (
            "系统出现意外，已记录；未作任何更改。"
            if zh
            else "Something unforeseen happened and was logged; nothing was changed."
        )
        return answer({"type": "urn:kesu:problem:unforeseen", "title": title, "status": 500, "code": "unforeseen"}, 500)


_HTTP = {
    400: ("请求有误。", "The request is not understood."),
    404: ("没有这个地址。", "There is nothing at this address."),
    405: ("此地址不支持这种方法。", "This address does not take this method."),
    413: (
        "一次最多发送 {most} MB。请缩小文件或分几次发送；再用浏览器的“后退”回到原处重试。",
        "At most {most} MB are sent at once. Make the files smaller, or send them one after another; "
        "go back in the browser and try again.",
    ),
    415: ("请以 JSON 提交。", "Please send JSON."),
}

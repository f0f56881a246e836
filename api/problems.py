"""Errors as problem documents (RFC 9457), in the reader's language. No error leaves as a traceback."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from engine.errors import EngineError
from engine.findings import Refused
from engine.story import Teller
from forms import AnswersRefused

log = logging.getLogger("kesu.api")

#: Status by the name of the error; what is not named is a fault of the request: 422.
STATUS: dict[str, int] = {
    **dict.fromkeys(
        ("case-not-found", "pack-not-found", "task-not-found", "release-not-found", "file-not-stored", "person-not-found",
         "form-not-found", "no-such-event", "process-not-found", "job-not-found", "calendar-not-found", "report-not-found"), 404),
    **dict.fromkeys(
        ("not-authorised", "recused", "four-eyes-required", "deputy-not-valid", "second-pair-needed", "not-signed-in-as",
         "csrf-missing"), 403),
    **dict.fromkeys(
        ("case-moved-on", "task-moved-on", "not-yours", "task-not-open", "message-not-awaited", "case-is-closed",
         "timer-not-set", "errand-not-open", "nothing-to-pause", "incident-not-open", "clock-goes-forward",
         "already-seen-to", "job-of-a-case", "nothing-to-replan"), 409),
    "not-signed-in": 401, "wrong-password": 401, "too-many-tries": 429, "too-far-behind": 429, "file-too-large": 413, "body-too-large": 413,
    "media-type-refused": 415, "body-not-json": 400, "cursor-unusable": 400, "number-wanted": 400, "store-busy": 503,
    "store-full": 507, "store-read-only": 507, "store-unreachable": 503, "store-not-created": 503, "store-damaged": 500,
    "second-node": 503, "gate-busy": 503, "no-simulated-clock": 404,
}  # fmt: skip


class BodyNotJson(EngineError):
    """The request body should be a JSON object."""

    zh = "请求体应是 JSON 对象。"


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


def problem(error: EngineError) -> tuple[dict[str, Any], int]:
    """The document and the status of an error."""
    lang = language()
    status = STATUS.get(error.code, 422)
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
    elif isinstance(error, Refused):
        document["findings"] = [finding(f, lang) for f in error.findings]
    if "retry_after" in error.facts:
        document["retry_after"] = error.facts["retry_after"]
    since = getattr(error, "since", None)
    if since is not None:
        document["since"] = [{"seq": r.seq, "kind": r.event.kind} for r in since]
        release = getattr(g, "release", None)
        if release is not None:
            teller = Teller(release, lang)
            document["meanwhile"] = [teller.tell(r) for r in since]
    return document, status


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
    413: ("请求过大。", "The request is too large."),
    415: ("请以 JSON 提交。", "Please send JSON."),
}

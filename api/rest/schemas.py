"""What the operations accept."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields, validate

_TEXT = validate.Length(min=1, max=20_000)
_NAME = validate.Length(min=1, max=200)
#: Numbers of events: more than any database counts is no number.
_EVENT = validate.Range(min=1, max=2**31 - 1)
_UNIT = validate.OneOf(("hour", "work_hour", "workday", "day", "week", "month"))


class Answers(Schema):
    """Answers to a form."""

    answers = fields.Dict(keys=fields.String(), required=True)


class OpenCase(Answers):
    """A complaint."""

    pack = fields.String(required=True, validate=_NAME)
    channel = fields.String(required=True, validate=_NAME)
    parent = fields.String(load_default=None, allow_none=True, validate=_NAME)
    barred = fields.List(fields.String(validate=_NAME), load_default=list, validate=validate.Length(max=50))


class Comment(Schema):
    """A remark."""

    text = fields.String(required=True, validate=_TEXT)
    audience = fields.String(load_default="internal", validate=validate.OneOf(("internal", "complainant")))


class Message(Schema):
    """Something from outside."""

    message = fields.String(required=True, validate=_NAME)
    payload = fields.Dict(keys=fields.String(), load_default=dict)
    key = fields.Raw(load_default=None, allow_none=True)


class Delegate(Schema):
    """A hand-over."""

    to = fields.String(required=True, validate=_NAME)
    reason = fields.String(load_default="", validate=validate.Length(max=2000))


class Extend(Schema):
    """An extension."""

    amount = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1000))
    unit = fields.String(required=True, validate=_UNIT)
    reason = fields.String(required=True, validate=_TEXT)


class Reason(Schema):
    """Why."""

    reason = fields.String(required=True, validate=_TEXT)


class Remark(Schema):
    """What somebody says to it."""

    remark = fields.String(load_default="", validate=validate.Length(max=2000))


_FORMAT = validate.OneOf(("toml", "ical"))


class CalendarBody(Schema):
    """A calendar file."""

    file = fields.String(required=True, validate=validate.Length(min=1, max=500_000))
    format = fields.String(load_default="toml", validate=_FORMAT)
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    check_only = fields.Boolean(load_default=False)


class CalendarFormat(Schema):
    """How a calendar leaves."""

    format = fields.String(load_default="toml", validate=_FORMAT)


class ReportQuery(Schema):
    """Which reports."""

    pack = fields.String(load_default=None, allow_none=True, validate=_NAME)
    open = fields.Boolean(load_default=False)


class Recuse(Reason):
    """Who steps off, and why."""

    person = fields.String(required=True, validate=_NAME)


class Resolve(Reason):
    """How an incident was mended."""

    values = fields.Dict(keys=fields.String(), load_default=None, allow_none=True)


class SignInBody(Schema):
    """Name and password."""

    name = fields.String(required=True, validate=_NAME)
    password = fields.String(required=True, validate=validate.Length(min=1, max=1000))


class Clock(Schema):
    """Where the simulated clock goes."""

    now = fields.AwareDateTime(load_default=None)
    advance = fields.String(load_default=None)


class Files(Schema):
    """Files of a pack: path -> text."""

    files = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    check_only = fields.Boolean(load_default=False)


class Deputy(Schema):
    """Who stands in for me."""

    deputy = fields.String(required=True, validate=_NAME)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    roles = fields.List(fields.String(validate=_NAME), load_default=list)


class PersonBody(Schema):
    """Somebody who works here."""

    name = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{1,60}$"))
    zh = fields.String(required=True, validate=_NAME)
    en = fields.String(required=True, validate=_NAME)
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(("zh-CN", "en")))
    memberships = fields.List(fields.String(validate=_NAME), load_default=list)
    password = fields.String(load_default=None, allow_none=True)
    email = fields.Email(load_default=None, allow_none=True)


class Paged(Schema):
    """A page of a list."""

    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=25, validate=validate.Range(min=1, max=200))
    q = fields.String(load_default=None, validate=validate.Length(max=100))
    pack = fields.String(load_default=None)
    flow = fields.String(load_default=None)


class TaskQuery(Paged):
    """Which tasks."""

    scope = fields.String(load_default="mine", validate=validate.OneOf(("mine", "group", "overdue", "all")))
    sort = fields.String(load_default="due", validate=validate.OneOf(("due", "opened")))


class CaseListQuery(Paged):
    """Which cases."""

    status = fields.String(load_default=None)
    open = fields.Boolean(load_default=None, allow_none=True)


class Span(Schema):
    """A piece of a history."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))
    until = fields.Integer(load_default=None, allow_none=True, validate=_EVENT)


class At(Schema):
    """A place in a history."""

    at = fields.Integer(load_default=None, allow_none=True, validate=_EVENT)


def schema_json(schema: type[Schema]) -> dict[str, Any]:
    """The JSON schema of a marshmallow schema, by apispec."""
    converter = OpenAPIConverter(openapi_version="3.1.0", schema_name_resolver=lambda s: None, spec=APISpec("Kesu", "1", "3.1.0"))
    return dict(converter.schema2jsonschema(schema()))  # type: ignore[no-untyped-call]

"""What is said in a case besides its tasks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.rest.asked.entries import BY_FIELD, NAME, TEXT, said

_UNIT = validate.OneOf(("minute", "hour", "work_hour", "workday", "day", "week", "month"))


class Comment(Schema):
    """A remark."""

    text = fields.String(required=True, validate=TEXT)
    audience = fields.String(load_default="internal", validate=validate.OneOf(("internal", "complainant")))


class Message(Schema):
    """Something from outside."""

    message = fields.String(required=True, validate=NAME, metadata=said("One of `GET /cases/{case}/messages`"))
    payload = fields.Dict(keys=fields.String(), load_default=dict, metadata=said(BY_FIELD))
    key = fields.Raw(
        load_default=None, allow_none=True,
        metadata={"type": ["string", "number", "boolean"], "description": "Which of several that wait for it is meant"},
    )  # fmt: skip


class Extend(Schema):
    """An extension."""

    amount = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1000))
    unit = fields.String(required=True, validate=_UNIT)
    reason = fields.String(required=True, validate=TEXT)


class Reason(Schema):
    """Why."""

    reason = fields.String(required=True, validate=TEXT)


class Recuse(Reason):
    """Who steps off, and why."""

    person = fields.String(required=True, validate=NAME, metadata=said("A user name; one's own to step off"))


class Resolve(Reason):
    """How an incident was mended."""

    values = fields.Dict(
        keys=fields.String(), load_default=None, allow_none=True,
        metadata=said("Case data to be put right, by name"),
    )  # fmt: skip


class Erase(Schema):
    """Whose personal data are erased from a case, and why."""

    of = fields.String(required=True, validate=NAME)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class FileName(Schema):
    """What a file is called, and the task it belongs to."""

    name = fields.String(load_default=None, validate=validate.Length(max=1000))
    task = fields.String(load_default=None, validate=NAME)

"""What the operations on tasks and their forms accept."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from api.rest.asked.entries import BY_FIELD, NAME, Flag, said
from api.rest.asked.lists import Listed


class Answers(Schema):
    """Answers to a form."""

    answers = fields.Dict(keys=fields.String(), required=True, metadata=said(BY_FIELD))


class IntakeAnswers(Answers):
    """Answers to an intake form."""

    channel = fields.String(
        load_default=None, allow_none=True, validate=NAME,
        metadata=said("By which it comes in, one of the procedure's `channels`: what is asked may depend on it"),
    )  # fmt: skip


class Delegate(Schema):
    """A hand-over."""

    to = fields.String(required=True, validate=NAME, metadata=said("One of the task's `candidates`"))
    reason = fields.String(load_default="", validate=validate.Length(max=2000))


class TaskQuery(Listed):
    """Which tasks: `?mine`, `?group`, `?overdue`, `?all`, or `scope=`."""

    scope = fields.String(load_default=None, validate=validate.OneOf(("mine", "group", "overdue", "all")))
    mine = Flag()
    group = Flag()
    overdue = Flag()
    all = Flag()
    holder = fields.String(load_default=None, validate=NAME)
    sort = fields.String(load_default="due", validate=validate.OneOf(("due", "opened")))

    @post_load
    def _scope(self, found: dict[str, Any], **_: Any) -> dict[str, Any]:
        flags = [name for name in ("mine", "group", "overdue", "all") if found.pop(name)]
        asked = {*flags, *([found["scope"]] if found["scope"] else [])}
        if len(asked) > 1:
            raise ValidationError("Give one of mine, group, overdue, all.", "scope")
        return {**found, "scope": asked.pop() if asked else "mine"}

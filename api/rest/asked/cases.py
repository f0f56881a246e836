"""What the operations on cases accept: opening, listing and finding them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.rest.asked.entries import NAME, Moment, said
from api.rest.asked.lists import InLanguage, Listed
from api.rest.asked.tasks import Answers
from engine.store.passages import DEPARTURES

#: What is known of a case; nothing means that it is not asked for.
_ASKED = validate.Length(max=200)
#: Numbers of events: more than any database counts is no number.
_EVENT = validate.Range(min=1, max=2**31 - 1)


class OpenCase(Answers):
    """A complaint."""

    pack = fields.String(required=True, validate=NAME, metadata=said("A procedure of `GET /packs`"))
    channel = fields.String(required=True, validate=NAME, metadata=said("One of the procedure's `channels`"))
    parent = fields.String(load_default=None, allow_none=True, validate=NAME, metadata=said("The case it continues"))
    barred = fields.List(
        fields.String(validate=NAME), load_default=list, validate=validate.Length(max=50),
        metadata=said("User names of persons who may neither see nor handle it"),
    )  # fmt: skip


class CaseListQuery(Listed):
    """Which cases."""

    status = fields.String(load_default=None, validate=NAME)
    channel = fields.String(load_default=None, validate=NAME)
    parent = fields.String(load_default=None, validate=NAME)
    doer = fields.String(load_default=None, validate=NAME)
    open = fields.Boolean(load_default=None, allow_none=True)
    since = Moment(load_default=None)
    until = Moment(load_default=None)
    oldest_first = fields.Boolean(load_default=False)


class WholeCaseList(InLanguage, CaseListQuery):
    """Which cases, and all of them."""

    class Meta:
        exclude = ("cursor", "limit")


class FindQuery(Schema):
    """What is known of the cases that are looked for."""

    words = fields.String(load_default="", validate=_ASKED)
    person = fields.String(load_default="", validate=_ASKED)
    event = fields.String(load_default="", validate=validate.OneOf(("", *DEPARTURES)))
    element = fields.String(load_default="", validate=_ASKED)
    #: The id of a limit.
    broken = fields.String(load_default="", validate=_ASKED)
    decision = fields.String(load_default="", validate=_ASKED)
    row = fields.String(load_default="", validate=_ASKED)
    field = fields.String(load_default="", validate=_ASKED)
    value = fields.String(load_default="", validate=_ASKED)
    pack = fields.String(load_default="", validate=_ASKED)
    open = fields.Boolean(load_default=None, allow_none=True)
    since = Moment(load_default=None)
    until = Moment(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))


class LogQuery(Schema):
    """Which cases go into a log."""

    format = fields.String(load_default="xes", validate=validate.OneOf(("xes", "ocel")))
    lang = fields.String(load_default=None, validate=validate.OneOf(("zh", "en")))
    pack = fields.String(load_default=None, validate=NAME)
    flow = fields.String(load_default=None, validate=NAME)
    since = Moment(load_default=None)
    until = Moment(load_default=None)


class Span(Schema):
    """A piece of a history."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))
    until = fields.Integer(load_default=None, allow_none=True, validate=_EVENT)
    limit = fields.Integer(load_default=1000, validate=validate.Range(min=1, max=1000))


class At(Schema):
    """A place in a history."""

    at = fields.Integer(load_default=None, allow_none=True, validate=_EVENT)

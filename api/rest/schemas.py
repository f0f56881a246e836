"""What the operations accept."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from engine.store.passages import DEPARTURES

_TEXT = validate.Length(min=1, max=20_000)
_SECRET = validate.Length(min=1, max=1000)
#: A name people read: no control characters.
_SAID = validate.Regexp(r"[^\x00-\x1f\x7f]{1,200}\Z")
_NAME = validate.Length(min=1, max=200)
#: The same where nothing means that it is not asked for.
_ASKED = validate.Length(max=200)
#: Numbers of events: more than any database counts is no number.
_EVENT = validate.Range(min=1, max=2**31 - 1)
#: What is said of answers in the API description.
_BY_FIELD = "Answers by the name of the form's field; the form tells names, types, options and what is required"
_UNIT = validate.OneOf(("minute", "hour", "work_hour", "workday", "day", "week", "month"))


def _said(text: str) -> dict[str, Any]:
    """What the API description says of a field."""
    return {"description": text}


class Flag(fields.Boolean):
    """A yes that may stand alone: `?mine`."""

    def __init__(self) -> None:
        super().__init__(load_default=False, truthy={*fields.Boolean.truthy, ""})


class Moment(fields.AwareDateTime):
    """An instant with its zone, in a time of which calendars can speak."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Any:
        found = super()._deserialize(value, attr, data, **more)
        if not 1970 < found.year < 2200:
            raise ValidationError("Give a year between 1971 and 2199.")
        return found


class Answers(Schema):
    """Answers to a form."""

    answers = fields.Dict(keys=fields.String(), required=True, metadata=_said(_BY_FIELD))


class IntakeAnswers(Answers):
    """Answers to an intake form."""

    channel = fields.String(
        load_default=None, allow_none=True, validate=_NAME,
        metadata=_said("By which it comes in, one of the procedure's `channels`: what is asked may depend on it"),
    )  # fmt: skip


class OpenCase(Answers):
    """A complaint."""

    pack = fields.String(required=True, validate=_NAME, metadata=_said("A procedure of `GET /packs`"))
    channel = fields.String(required=True, validate=_NAME, metadata=_said("One of the procedure's `channels`"))
    parent = fields.String(load_default=None, allow_none=True, validate=_NAME, metadata=_said("The case it continues"))
    barred = fields.List(
        fields.String(validate=_NAME), load_default=list, validate=validate.Length(max=50),
        metadata=_said("User names of persons who may neither see nor handle it"),
    )  # fmt: skip


class Comment(Schema):
    """A remark."""

    text = fields.String(required=True, validate=_TEXT)
    audience = fields.String(load_default="internal", validate=validate.OneOf(("internal", "complainant")))


class Message(Schema):
    """Something from outside."""

    message = fields.String(required=True, validate=_NAME, metadata=_said("One of `GET /cases/{case}/messages`"))
    payload = fields.Dict(keys=fields.String(), load_default=dict, metadata=_said(_BY_FIELD))
    key = fields.Raw(
        load_default=None, allow_none=True,
        metadata={"type": ["string", "number", "boolean", "null"], "description": "Which of several that wait for it is meant"},
    )  # fmt: skip


class Delegate(Schema):
    """A hand-over."""

    to = fields.String(required=True, validate=_NAME, metadata=_said("One of the task's `candidates`"))
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

    person = fields.String(required=True, validate=_NAME, metadata=_said("A user name; one's own to step off"))


class Resolve(Reason):
    """How an incident was mended."""

    values = fields.Dict(
        keys=fields.String(), load_default=None, allow_none=True,
        metadata=_said("Case data to be put right, by name"),
    )  # fmt: skip


class SignInBody(Schema):
    """Name and password."""

    name = fields.String(required=True, validate=_NAME)
    password = fields.String(required=True, validate=_SECRET)


class NewPassword(Schema):
    """Another password."""

    old = fields.String(required=True, validate=_SECRET)
    new = fields.String(required=True, validate=_SECRET)


class NewToken(Schema):
    """A token for a program."""

    label = fields.String(required=True, validate=_NAME)
    days = fields.Integer(load_default=90, strict=True, validate=validate.Range(min=1, max=366))


class Clock(Schema):
    """Where the simulated clock goes: one of the two."""

    now = Moment(load_default=None, allow_none=True, metadata=_said("The moment to go to"))
    advance = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=100), metadata=_said("How far to go: PT4H, P3D"),
    )  # fmt: skip


class Files(Schema):
    """Files of a pack: path -> text."""

    files = fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)), values=fields.String(), required=True,
        metadata=_said("Path -> text: pack.yaml, diagrams/*.bpmn, decisions/*.dmn, forms/*.yaml, calendars/*.toml, names/*.yaml"),
    )  # fmt: skip
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    check_only = fields.Boolean(load_default=False)


class NewDraft(Schema):
    """A draft of a pack: from a release of it, or of files."""

    pack = fields.String(load_default=None, validate=_NAME)
    release = fields.String(load_default=None, validate=_NAME)
    files = fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)), values=fields.String(), load_default=None
    )
    note = fields.String(load_default="", validate=validate.Length(max=2000))

    @validates_schema
    def _one_source(self, data: dict[str, Any], **_: Any) -> None:
        if (data["pack"] is None) == (data["files"] is None):
            raise ValidationError("Say which pack, or send files 请指明制度包，或提交文件", "pack")


class DraftTexts(Schema):
    """Texts of a draft, path -> text; null takes a file out."""

    files = fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)), values=fields.String(allow_none=True), load_default=dict
    )
    #: What is drawn -> the same in English.
    names = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=300)),
        values=fields.String(validate=validate.Length(max=300)),
        load_default=dict,
    )


class DraftText(Schema):
    """One text of a draft that is not saved."""

    path = fields.String(required=True, validate=validate.Length(max=300))
    text = fields.String(required=True)


class HandIn(Schema):
    """What is said of a release that is handed in."""

    note = fields.String(load_default="", validate=validate.Length(max=2000))


class MoveQuery(Schema):
    """Between which releases: their digests."""

    before = fields.String(required=True, validate=_NAME)
    after = fields.String(required=True, validate=_NAME)


class MoveAsked(MoveQuery):
    """A move that is asked for."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class DraftQuery(Schema):
    """Whose drafts."""

    pack = fields.String(load_default=None, validate=_NAME)


class DraftFileQuery(Schema):
    """Which file, and as it was after which save."""

    path = fields.String(required=True, validate=validate.Length(max=300))
    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=10**9))


class AgainstQuery(Schema):
    """What a draft is compared with: the digest of a release; the one in force if none is named."""

    against = fields.String(load_default=None, validate=_NAME)


class Deputy(Schema):
    """Who stands in for me."""

    deputy = fields.String(required=True, validate=_NAME)
    since = Moment(required=True)
    until = Moment(required=True)
    roles = fields.List(
        fields.String(validate=_NAME), load_default=list, validate=validate.Length(max=100),
        metadata=_said("Memberships that are lent, as in `GET /me`; none: all"),
    )  # fmt: skip


class PersonBody(Schema):
    """Somebody who works here."""

    name = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9][a-z0-9._-]{1,60}\Z"))
    zh = fields.String(required=True, validate=_SAID)
    en = fields.String(required=True, validate=_SAID)
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(("zh-CN", "en")))
    memberships = fields.List(
        fields.String(validate=validate.Regexp(r"([\w.-]{1,100}|\*)/[\w.-]{1,100}\Z")), load_default=list,
        validate=validate.Length(max=500),
        metadata=_said("`pack/role` with a role of `GET /packs/{pack}`, `pack/owner`, `*/admin`, `*/auditor`, `*/owner`"),
    )  # fmt: skip
    password = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=1000),
        metadata=_said("At least eight characters; without one somebody new cannot sign in, and others keep theirs"),
    )  # fmt: skip
    email = fields.Email(load_default=None, allow_none=True)
    active = fields.Boolean(load_default=True)


class FileName(Schema):
    """What a file is called, and the task it belongs to."""

    name = fields.String(load_default=None, validate=validate.Length(max=1000))
    task = fields.String(load_default=None, validate=_NAME)


class Paged(Schema):
    """A page of a list."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=1000))
    limit = fields.Integer(load_default=25, validate=validate.Range(min=1, max=200))


class Listed(Paged):
    """A page of cases or tasks."""

    q = fields.String(load_default=None, validate=validate.Length(max=100))
    pack = fields.String(load_default=None, validate=_NAME)
    flow = fields.String(load_default=None, validate=_NAME)


class TaskQuery(Listed):
    """Which tasks: `?mine`, `?group`, `?overdue`, `?all`, or `scope=`."""

    scope = fields.String(load_default=None, validate=validate.OneOf(("mine", "group", "overdue", "all")))
    mine = Flag()
    group = Flag()
    overdue = Flag()
    all = Flag()
    holder = fields.String(load_default=None, validate=_NAME)
    sort = fields.String(load_default="due", validate=validate.OneOf(("due", "opened")))

    @post_load
    def _scope(self, found: dict[str, Any], **_: Any) -> dict[str, Any]:
        flags = [name for name in ("mine", "group", "overdue", "all") if found.pop(name)]
        asked = {*flags, *([found["scope"]] if found["scope"] else [])}
        if len(asked) > 1:
            raise ValidationError("Give one of mine, group, overdue, all.", "scope")
        return {**found, "scope": asked.pop() if asked else "mine"}


class CaseListQuery(Listed):
    """Which cases."""

    status = fields.String(load_default=None, validate=_NAME)
    channel = fields.String(load_default=None, validate=_NAME)
    parent = fields.String(load_default=None, validate=_NAME)
    doer = fields.String(load_default=None, validate=_NAME)
    open = fields.Boolean(load_default=None, allow_none=True)
    since = Moment(load_default=None)
    until = Moment(load_default=None)
    oldest_first = fields.Boolean(load_default=False)


class Erase(Schema):
    """Whose personal data are erased from a case, and why."""

    of = fields.String(required=True, validate=_NAME)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


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


class WholeCaseList(CaseListQuery):
    """Which cases, and all of them."""

    class Meta:
        exclude = ("cursor", "limit")


class LogQuery(Schema):
    """Which cases go into a log."""

    format = fields.String(load_default="xes", validate=validate.OneOf(("xes", "ocel")))
    lang = fields.String(load_default=None, validate=validate.OneOf(("zh", "en")))
    pack = fields.String(load_default=None, validate=_NAME)
    flow = fields.String(load_default=None, validate=_NAME)
    since = Moment(load_default=None)
    until = Moment(load_default=None)


class RegisterQuery(Paged):
    """A page of a register."""

    pack = fields.String(load_default=None, validate=_NAME)


class MovedCasesQuery(Paged):
    """A page of the cases of a move."""

    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=1000))


class WholeRegister(Schema):
    """Of which pack a register is."""

    pack = fields.String(load_default=None, validate=_NAME)


class CopyQuery(Schema):
    """Which copy of a paper, from 1; all of them unless said otherwise."""

    copy = fields.Integer(load_default=None, validate=validate.Range(min=1, max=99))


class ReleaseQuery(Paged):
    """A page of releases."""

    pack = fields.String(load_default=None, validate=_NAME)


class PeopleQuery(Paged):
    """Which people."""

    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500))
    q = fields.String(load_default=None, validate=validate.Length(max=100))
    role = fields.String(load_default=None, validate=_NAME)
    pack = fields.String(load_default=None, validate=_NAME)


class StatisticsQuery(Schema):
    """Which figures; a year by months unless said otherwise."""

    since = Moment(load_default=None)
    until = Moment(load_default=None)
    every = fields.String(load_default="month", validate=validate.OneOf(("day", "week", "month", "year")))
    pack = fields.String(load_default=None, validate=_NAME)
    flow = fields.String(load_default=None, validate=_NAME)


class Span(Schema):
    """A piece of a history."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))
    until = fields.Integer(load_default=None, allow_none=True, validate=_EVENT)
    limit = fields.Integer(load_default=1000, validate=validate.Range(min=1, max=1000))


class At(Schema):
    """A place in a history."""

    at = fields.Integer(load_default=None, allow_none=True, validate=_EVENT)


def schema_json(schema: type[Schema]) -> dict[str, Any]:
    """The JSON schema of a marshmallow schema, by apispec."""
    converter = OpenAPIConverter(
        openapi_version="3.1.0", schema_name_resolver=lambda s: None, spec=APISpec("Kesu", "1", "3.1.0")
    )
    return dict(converter.schema2jsonschema(schema()))  # type: ignore[no-untyped-call]

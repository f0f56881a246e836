"""What the operations on people and their sign-in accept."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.rest.asked.entries import NAME, SAID, Moment, said
from api.rest.asked.lists import Paged

_SECRET = validate.Length(min=1, max=1000)
_USER_NAME = validate.Regexp(
    r"[a-z0-9][a-z0-9._-]{1,60}\Z", error="Give a user name of small letters, digits, dots and dashes."
)
_MEMBERSHIP = validate.Regexp(r"([\w.-]{1,100}|\*)/[\w.-]{1,100}\Z", error="Give pack/role.")


class SignInBody(Schema):
    """Name and password."""

    name = fields.String(required=True, validate=NAME)
    password = fields.String(required=True, validate=_SECRET)


class NewPassword(Schema):
    """Another password."""

    old = fields.String(required=True, validate=_SECRET)
    new = fields.String(required=True, validate=_SECRET)


class NewToken(Schema):
    """A token for a program."""

    label = fields.String(required=True, validate=NAME)
    days = fields.Integer(load_default=90, strict=True, validate=validate.Range(min=1, max=366))


class Deputy(Schema):
    """Who stands in for me."""

    deputy = fields.String(required=True, validate=NAME)
    since = Moment(required=True)
    until = Moment(required=True)
    roles = fields.List(
        fields.String(validate=NAME), load_default=list, validate=validate.Length(max=100),
        metadata=said("Memberships that are lent, as in `GET /me`; none: all"),
    )  # fmt: skip


class PersonBody(Schema):
    """Somebody who works here."""

    name = fields.String(required=True, validate=_USER_NAME)
    zh = fields.String(required=True, validate=SAID)
    en = fields.String(required=True, validate=SAID)
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(("zh-CN", "en")))
    memberships = fields.List(
        fields.String(validate=_MEMBERSHIP), load_default=list,
        validate=validate.Length(max=500),
        metadata=said("`pack/role` with a role of `GET /packs/{pack}`, `pack/owner`, `*/admin`, `*/auditor`, `*/owner`"),
    )  # fmt: skip
    password = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=1000),
        metadata=said("At least eight characters; without one somebody new cannot sign in, and others keep theirs"),
    )  # fmt: skip
    email = fields.Email(load_default=None, allow_none=True)
    active = fields.Boolean(load_default=True)


class PeopleQuery(Paged):
    """Which people."""

    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500))
    q = fields.String(load_default=None, validate=validate.Length(max=100))
    role = fields.String(load_default=None, validate=NAME)
    pack = fields.String(load_default=None, validate=NAME)

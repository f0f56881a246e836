"""A page of a list."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.rest.asked.entries import NAME


class Paged(Schema):
    """A page of a list."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=1000))
    limit = fields.Integer(load_default=25, validate=validate.Range(min=1, max=200))


class Listed(Paged):
    """A page of cases or tasks."""

    q = fields.String(load_default=None, validate=validate.Length(max=100))
    pack = fields.String(load_default=None, validate=NAME)
    flow = fields.String(load_default=None, validate=NAME)


class InLanguage(Schema):
    """In which language a paper or a list is given; in the reader's unless it is said."""

    lang = fields.String(load_default=None, validate=validate.OneOf(("zh", "en")))

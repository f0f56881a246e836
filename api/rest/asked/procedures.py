"""What the operations on packs accept: releases, drafts, moves."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.rest.asked.entries import NAME, said
from api.rest.asked.lists import Paged


class Files(Schema):
    """Files of a pack: path -> text."""

    files = fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)), values=fields.String(), required=True,
        metadata=said("Path -> text: pack.yaml, diagrams/*.bpmn, decisions/*.dmn, forms/*.yaml, calendars/*.toml, names/*.yaml"),
    )  # fmt: skip
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    check_only = fields.Boolean(load_default=False)


class ReleaseQuery(Paged):
    """A page of releases."""

    pack = fields.String(load_default=None, validate=NAME)


class NewDraft(Schema):
    """A draft of a pack: from a release of it, or of files."""

    pack = fields.String(load_default=None, validate=NAME)
    release = fields.String(load_default=None, validate=NAME)
    files = fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)), values=fields.String(), load_default=None
    )
    note = fields.String(load_default="", validate=validate.Length(max=2000))

    @validates_schema
    def _one_source(self, data: dict[str, Any], **_: Any) -> None:
        if (data["pack"] is None) == (data["files"] is None):
            raise ValidationError("Say which pack, or send files.", "pack")


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


class DraftQuery(Schema):
    """Whose drafts."""

    pack = fields.String(load_default=None, validate=NAME)


class DraftFileQuery(Schema):
    """Which file, and as it was after which save."""

    path = fields.String(required=True, validate=validate.Length(max=300))
    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=10**9))


class AgainstQuery(Schema):
    """What a draft is compared with: the digest of a release; the one in force if none is named."""

    against = fields.String(load_default=None, validate=NAME)


class MoveQuery(Schema):
    """Between which releases: their digests."""

    before = fields.String(required=True, validate=NAME)
    after = fields.String(required=True, validate=NAME)


class MoveAsked(MoveQuery):
    """A move that is asked for."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class MoveReason(Schema):
    """Why cases that were looked at should be moved."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class MovedCasesQuery(Paged):
    """A page of the cases of a move."""

    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=1000))

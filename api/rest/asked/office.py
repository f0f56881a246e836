"""What the operations on calendars, reports, registers and figures accept."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.rest.asked.entries import NAME, Moment, said
from api.rest.asked.lists import InLanguage, Paged

_FORMAT = validate.OneOf(("toml", "ical"))


class Clock(Schema):
    """Where the simulated clock goes: one of the two."""

    now = Moment(load_default=None, allow_none=True, metadata=said("The moment to go to"))
    advance = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=100), metadata=said("How far to go: PT4H, P3D"),
    )  # fmt: skip


class CalendarBody(Schema):
    """A calendar file."""

    file = fields.String(required=True, validate=validate.Length(min=1, max=500_000))
    format = fields.String(load_default="toml", validate=_FORMAT)
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    check_only = fields.Boolean(load_default=False)


class CalendarFormat(Schema):
    """How a calendar leaves."""

    format = fields.String(load_default="toml", validate=_FORMAT)


class OverdueQuery(Paged):
    """A page of what is overdue."""

    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=1000))
    pack = fields.String(load_default=None, validate=NAME)


class ReportQuery(Schema):
    """Which reports."""

    pack = fields.String(load_default=None, allow_none=True, validate=NAME)
    open = fields.Boolean(load_default=False)


class Remark(Schema):
    """What somebody says to it."""

    remark = fields.String(load_default="", validate=validate.Length(max=2000))


class RegisterQuery(Paged):
    """A page of a register."""

    pack = fields.String(load_default=None, validate=NAME)


class WholeRegister(InLanguage):
    """Of which pack a register is."""

    pack = fields.String(load_default=None, validate=NAME)


class CopyQuery(InLanguage):
    """Which copy of a paper, from 1; all of them unless said otherwise."""

    copy = fields.Integer(load_default=None, validate=validate.Range(min=1, max=99))


class StatisticsQuery(Schema):
    """Which figures; a year by months unless said otherwise."""

    since = Moment(load_default=None)
    until = Moment(load_default=None)
    every = fields.String(load_default="month", validate=validate.OneOf(("day", "week", "month", "year")))
    pack = fields.String(load_default=None, validate=NAME)
    flow = fields.String(load_default=None, validate=NAME)

"""Kinds of entries that several operations accept."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

#: A name.
NAME = validate.Length(min=1, max=200)
#: A name people read: no control characters.
SAID = validate.Regexp(
    r"[^\x00-\x1f\x7f]{1,200}\Z", error="Give at least one character that can be read, and no control characters."
)
TEXT = validate.Length(min=1, max=20_000)
#: What is said of answers in the API description.
BY_FIELD = "Answers by the name of the form's field; the form tells names, types, options and what is required"


def said(text: str) -> dict[str, Any]:
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

"""How answers are written as JSON: compact, in the order in which they were made, Chinese as Chinese."""

from __future__ import annotations

from typing import Any

from flask.json.provider import DefaultJSONProvider


class ReadableJson(DefaultJSONProvider):
    """Plain UTF-8, for whoever looks at an answer by eye; half a character (a lone surrogate, as a request may name
    it and a refusal repeat it) cannot be said in UTF-8 and is escaped.
    """

    sort_keys = False
    compact = True

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """The object as JSON."""
        said = super().dumps(obj, **{**kwargs, "ensure_ascii": False})
        try:
            said.encode()
        except UnicodeEncodeError:
            return super().dumps(obj, **{**kwargs, "ensure_ascii": True})
        return said

"""Page marks: where a list goes on, opaque to the reader. They know no table."""

from __future__ import annotations

import base64
import json
from typing import Any

from engine.store.trouble import CursorUnusable


def mark(order: str, *values: Any) -> str:
    """A mark behind a row: its values in the order of the list."""
    return base64.urlsafe_b64encode(json.dumps([order, *values], ensure_ascii=False).encode()).decode().rstrip("=")


def marked(cursor: str, order: str, *kinds: type) -> tuple[Any, ...]:
    """The values of a mark.

    Raises:
        CursorUnusable: not ours, or of a list in another order.
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        name, *values = found
    except (ValueError, TypeError, RecursionError) as error:
        raise CursorUnusable from error
    fits = len(values) == len(kinds) and all(type(v) is k for v, k in zip(values, kinds, strict=True))
    # Marks are ours, but whoever sends one may have made it: nothing a database stumbles over.
    fits = fits and all(abs(v) < 2**63 if isinstance(v, int) else "\0" not in v and v.isprintable() for v in values)
    if name != order or not fits:
        raise CursorUnusable
    return tuple(values)

"""Asking FEEL one thing, as of a Monday morning in Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.feel import Budget, Context, Result, compile

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
#: Steps decide here, never the clock: these tests must not hang on a slow machine either.
NO_CLOCK = 1e9


def context(**more: Any) -> Context:
    """What the tests evaluate with."""
    return Context(now=NOON, **more)


def result(text: str, scope: Mapping[str, Any] | None = None, **more: Any) -> Result:
    """The value and the reasons."""
    scope = scope or {}
    return compile(text, names=scope).run(scope, context=context(**more))


def value(text: str, scope: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """The value alone."""
    return result(text, scope, **more).value


def passes(cell: str, given: Any, scope: Mapping[str, Any] | None = None) -> bool:
    """Whether a value passes a cell."""
    scope = scope or {}
    return compile(cell, names=scope, mode="unary").test(given, scope, context=context())


def counted() -> Budget:
    """A budget that only counts."""
    return Budget(seconds=NO_CLOCK)

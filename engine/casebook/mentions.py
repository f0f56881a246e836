"""Where a history repeats, in words that are not sealed, what is sealed about a person: erasing them does not reach that.

Looked for word for word, as far as a name or a number goes; a nickname, or a name that was misspelt, nobody finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.casebook.views import Mention
from engine.desk.erasing import repeats
from engine.history import Input, Personal, Record
from engine.values import Value

#: Where people's own words stand in an input.
_SAID = ("title", "text", "reason", "answers", "payload", "values", "name")


def mentions_of(of: str, records: Sequence[Record], *, shown: bool) -> Iterator[Mention]:
    """The inputs that name a person in plain words, in order.

    Args:
        shown: whether the words are told; where the reader may not read the person's data, they would tell them whose they are.
    """
    known = {v for r in records for v in _sealed(list(vars(r.event).values()), of)}
    for record in records:
        event = record.event
        if not isinstance(event, Input):
            continue
        for text in _plain([getattr(event, name, None) for name in _SAID]):
            if any(repeats(text, value) for value in known):
                yield Mention(seq=record.seq, at=event.at, by=event.actor, text=text if shown else "")
                break


def _sealed(value: Any, of: str) -> Iterator[Value]:
    """What is sealed about a person inside values."""
    match value:
        case Personal():
            if value.of == of and isinstance(value.value, str):
                yield value.value
        case Mapping():
            for inner in value.values():
                yield from _sealed(inner, of)
        case list() | tuple():
            for inner in value:
                yield from _sealed(inner, of)


def _plain(value: Any) -> Iterator[str]:
    """The texts inside values that are not sealed."""
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _plain(inner)
        case list() | tuple():
            for inner in value:
                yield from _plain(inner)

"""Markdown that says what it is given and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from engine.policy import Label

#: What would be read as a mark, a tag or the edge of a cell.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def plain(text: str) -> str:
    """Text in one line, with nothing in it read as a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Text as it is typed: names, FEEL."""
    said = " ".join(text.split()).replace("|", "\\|")
    return f"`{said}`" if said and "`" not in said else plain(text)


def both(label: Label) -> str:
    """A label in both languages, once where they are the same."""
    return plain(label.zh) if label.zh == label.en else f"{plain(label.zh)} {plain(label.en)}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; nothing where there is no row. Columns in which nothing stands are left out."""
    lines = [list(row) for row in rows]
    kept = [n for n in range(len(heads)) if any(row[n] for row in lines)]
    if not lines:
        return
    for row in ([heads[n] for n in kept], ["---"] * len(kept), *([row[n] for n in kept] for row in lines)):
        yield f"| {' | '.join(row)} |"
    yield ""

"""How the tables of a list share its sheets: narrow ones stand side by side, wide ones on sheets that lie across."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from api.paper.columns import Layout, layout
from api.paper.tables import Cell, Table, cell

#: A table of no more columns than this is narrow; of no more rows, short.
_NARROW, _SHORT = 3, 10


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A table as it is set."""

    table: Table
    #: Its rows: they are read more than once.
    rows: Sequence[tuple[Cell, ...]]
    layout: Layout


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Tables on sheets of one kind, line by line: one of them, or two side by side."""

    across: bool
    lines: tuple[tuple[Piece, ...], ...]


def spread(tables: Iterable[Table]) -> list[Spread]:
    """The tables of a list on their sheets, in their order."""
    pieces = [_piece(table) for table in tables]
    # A list of one table stays one table, however narrow.
    folded = [_doubled(one) if len(pieces) > 1 else one for one in pieces]
    return [
        Spread(across=across, lines=tuple(_lines(list(found)))) for across, found in groupby(folded, lambda p: p.layout.across)
    ]


def _piece(table: Table) -> Piece:
    rows = list(table.rows)
    # A list with nothing on it needs no sheet of its own.
    across = None if rows else False
    return Piece(table=table, rows=rows, layout=layout(table.heads, [[one.text for one in row] for row in rows], across=across))


def _doubled(piece: Piece) -> Piece:
    """A long narrow table as its two halves side by side."""
    heads, rows = piece.table.heads, piece.rows
    if len(heads) > _NARROW or len(rows) <= _SHORT:
        return piece
    half, nothing = (len(rows) + 1) // 2, tuple(cell("") for _ in heads)
    beside = [(*left, *right) for left, right in zip_longest(rows[:half], rows[half:], fillvalue=nothing)]
    return _piece(replace(piece.table, heads=(*heads, *heads), rows=beside))


def _lines(pieces: list[Piece]) -> Iterator[tuple[Piece, ...]]:
    while pieces:
        pair = tuple(pieces[:2])
        if len(pair) == 2 and all(len(p.table.heads) <= _NARROW and len(p.rows) <= _SHORT for p in pair):
            yield pair
            del pieces[:2]
        else:
            yield (pieces.pop(0),)

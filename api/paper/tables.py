"""Tables as they leave the house: one value, written as CSV or told to the press for a workbook.

A number leaves as a number and a day as a day. A text never becomes a formula, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.values import Value

#: Rows of a workbook at most; a CSV file has no end.
MOST_ROWS = 20_000
#: A spreadsheet takes a text that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: By this a spreadsheet knows UTF-8.
BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TooManyRows(EngineError):
    """A workbook holds at most {most} rows; take the list as CSV, or ask for less."""

    zh = "工作簿至多 {most} 行；请改取 CSV 或缩小范围。"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell: what it says to people, and the value behind it where that is a number or a moment."""

    text: str
    value: Value = None
    #: A case it leads to on the screen.
    case: str = ""

    @property
    def typed(self) -> bool:
        """Whether there is more to it than its text."""
        return isinstance(self.value, int | Decimal | date) and not isinstance(self.value, bool)

    @property
    def number(self) -> bool:
        """Whether it stands at the right."""
        return self.typed and not isinstance(self.value, date)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A list with its heads; the rows may come one by one."""

    title: str
    heads: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]
    #: Which it is among those of its paper.
    name: str = ""


def cell(text: str, value: Value = None, *, case: str = "") -> Cell:
    """A cell."""
    return Cell(text=text, value=value, case=case)


def csv_of(tables: Sequence[Table]) -> Iterator[str]:
    """Tables as CSV, piece by piece; where there are several each is headed by its title."""
    yield BOM
    for place, table in enumerate(tables):
        if len(tables) > 1:
            yield ("\r\n" if place else "") + _line([_plain(table.title)])
        yield _line(table.heads)
        for row in table.rows:
            yield _line([one.text if one.number else _plain(one.text) for one in row])


def told(tables: Sequence[Table], *, title: str, made: datetime, zone: str) -> dict[str, Any]:
    """A workbook as it is told to the press.

    Raises:
        TooManyRows.
    """
    local = ZoneInfo(zone)
    return {
        "title": title,
        "made": made.astimezone(local).replace(tzinfo=None, microsecond=0).isoformat(),
        "sheets": [
            {
                "title": table.title,
                "heads": list(table.heads),
                "rows": [[_cell(one, local) for one in row] for row in _few(table)],
            }
            for table in tables
        ],
    }


def _few(table: Table) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(table.rows):
        if number == MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        yield row


def _cell(one: Cell, zone: ZoneInfo) -> Any:
    match one.value:
        case bool():
            return one.text
        case int() | Decimal():
            return {"number": str(one.value)}
        case datetime():
            at = one.value.astimezone(zone) if one.value.tzinfo else one.value
            return {"moment": at.replace(tzinfo=None, microsecond=0).isoformat()}
        case date():
            return {"day": one.value.isoformat()}
    return one.text


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    piece = io.StringIO()
    csv.writer(piece, lineterminator="\r\n").writerow(cells)
    return piece.getvalue()

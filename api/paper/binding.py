"""Tables bound into a workbook: the only door to XlsxWriter; it is opened in the printer's process alone."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

#: A text is a text: no formula, no link, no number is made of it.
_AS_IT_IS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: What the name of a sheet may not hold, and its longest; a cell holds no more than this.
_NOT_IN_NAMES, _LONGEST_NAME, _LONGEST = re.compile(r"[\[\]:*?/\\']"), 31, 32_000
_NARROWEST, _WIDEST = 8, 60


def bound(told: Mapping[str, Any]) -> bytes:
    """A workbook with a sheet for each table: heads that stay and are printed on every page, A4 across."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, _AS_IT_IS) as workbook:
        workbook.set_properties({"title": told["title"], "created": datetime.fromisoformat(told["made"])})
        formats = _Formats(workbook)
        names: set[str] = set()
        for table in told["sheets"]:
            _sheet(workbook.add_worksheet(_name(table["title"], names)), table, formats)
    return book.getvalue()


class _Formats:
    """How cells look; numbers by their decimals."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self.head = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#EEF1F5"}
        )
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        self.moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
        self._numbers: dict[int, Any] = {}

    def number(self, decimals: int) -> Any:
        if decimals not in self._numbers:
            shape = "#,##0" + (f".{'0' * decimals}" if decimals else "")
            self._numbers[decimals] = self._workbook.add_format({"num_format": shape, "valign": "top"})
        return self._numbers[decimals]


def _sheet(sheet: Any, table: Mapping[str, Any], formats: _Formats) -> None:
    heads, rows = table["heads"], table["rows"]
    widths = [_width(head) for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, formats.head)
    for place, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], _write(sheet, place, column, cell, formats))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, width + 2)))
    if heads:
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C{table['title'].replace('&', '&&')[:200]}")
    sheet.set_footer("&C&P / &N")


def _write(sheet: Any, row: int, column: int, cell: Any, formats: _Formats) -> int:
    """Write a cell; how wide it is."""
    match cell:
        case {"number": text}:
            exponent = Decimal(text).as_tuple().exponent
            sheet.write_number(
                row, column, float(text), formats.number(max(0, -exponent) if isinstance(exponent, int) else 0)
            )
            return len(text) + 2
        case {"day": text}:
            sheet.write_datetime(row, column, date.fromisoformat(text), formats.day)
            return 11
        case {"moment": text}:
            sheet.write_datetime(row, column, datetime.fromisoformat(text), formats.moment)
            return 16
        case "":
            return 0
    sheet.write_string(row, column, cell[:_LONGEST], formats.text)
    return _width(cell)


def _width(text: str) -> int:
    return max(
        (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text[:400].split("\n")),
        default=0,
    )


def _name(title: str, taken: set[str]) -> str:
    base = _NOT_IN_NAMES.sub(" ", title).strip()[:_LONGEST_NAME] or "1"
    name, count = base, 2
    while name.lower() in taken:
        name, count = f"{base[: _LONGEST_NAME - 4]} {count}", count + 1
    taken.add(name.lower())
    return name

"""The columns of a printed list: how wide each is, whether the sheet lies across, and when an entry takes several lines.

Widths are counted in halves of a character: a Latin letter is one, a Chinese character two.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: What a line of a list holds on A4 upright and across, at the size lists are set in.
UPRIGHT, ACROSS = 126, 194
#: Parts of a line that cells of an entry in several lines are counted in.
PARTS = 120
#: What rules and margins of a cell take.
_MARGIN = 3
#: A text is not set narrower than this where it is longer, and wants no more than that.
_NARROW, _WIDE = 8, 24
#: A longer word is broken, and no more of a text is looked at than this.
_LONGEST_WORD, _LOOKED_AT = 20, 48
#: How far a list may be set closer than it wants before an entry takes another line.
_CLOSER = 1.3
_WORD = re.compile(r"[!-~\u00a1-\u2fff]+")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a line."""

    #: Which of the table's.
    place: int
    #: Of a hundred, and of `PARTS`.
    percent: int
    parts: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the entries of a list are set."""

    across: bool
    #: The lines of an entry, each with its columns.
    lines: tuple[tuple[Column, ...], ...]


@dataclass(frozen=True, kw_only=True)
class _Needs:
    """What a column needs: without breaking words, to be read well, and for all of it."""

    least: int
    wanted: int
    whole: int


def layout(heads: Sequence[str], rows: Iterable[Sequence[str]], *, across: bool | None = None) -> Layout:
    """How a list is set.

    Args:
        across: whether the sheet lies across; None: where it has to.
    """
    texts = list(rows)
    needs = [_needs(head, [row[place] for row in texts]) for place, head in enumerate(heads)]
    wanted, least = _sum(n.wanted for n in needs), _sum(n.least for n in needs)
    lies = across if across is not None else wanted > UPRIGHT
    room = ACROSS if lies else UPRIGHT
    lines = 1 if wanted <= room * _CLOSER and least <= room else math.ceil(wanted / room)
    return Layout(across=lies, lines=tuple(_set(line, room) for line in _shared_out(needs, lines)))


def widths(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[int]:
    """How wide the columns of a table in one line are, of a hundred."""
    texts = list(rows)
    needs = [(place, _needs(head, [row[place] for row in texts])) for place, head in enumerate(heads)]
    return [column.percent for column in _set(needs, UPRIGHT)]


def width(text: str) -> int:
    """How wide a text is where it stands in one line."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _needs(head: str, texts: Sequence[str]) -> _Needs:
    lines = [line for text in texts for line in text[:400].split("\n")]
    words = [_word_width(word[:_LONGEST_WORD]) for text in (head, *lines) for word in _WORD.findall(text)]
    word = max(words, default=0)
    # A longer head is set in two lines where its column is narrow.
    titled = width(head) if width(head) <= _NARROW else math.ceil(width(head) / 2)
    whole = min(max((width(line) for line in lines), default=0), _LOOKED_AT)
    least = max(word, min(whole, _NARROW), min(titled, _NARROW))
    return _Needs(least=least, wanted=max(least, min(whole, _WIDE)), whole=max(least, whole))


def _word_width(word: str) -> int:
    """How wide a word is that may not be broken: capitals and figures are wider than the letters the measure was taken of."""
    return math.ceil(sum(1.35 if c.isupper() else 1.1 if c.isdigit() else 1 for c in word))


def _sum(widths: Iterable[int]) -> int:
    return sum(each + _MARGIN for each in widths)


def _shared_out(needs: Sequence[_Needs], lines: int) -> list[list[tuple[int, _Needs]]]:
    """The columns in their order, in so many lines of about the same width."""
    share = _sum(n.wanted for n in needs) / lines
    found: list[list[tuple[int, _Needs]]] = [[]]
    done = 0.0
    for place, need in enumerate(needs):
        taken = need.wanted + _MARGIN
        if found[-1] and len(found) < lines and done + taken / 2 > share * len(found):
            found.append([])
        found[-1].append((place, need))
        done += taken
    return found


def _set(line: Sequence[tuple[int, _Needs]], room: int) -> tuple[Column, ...]:
    spare = max(0, room - _sum(need.least for _, need in line))
    longing = [need.whole - need.least + 1 for _, need in line]
    widths = [n.least + _MARGIN + spare * long / sum(longing) for (_, n), long in zip(line, longing, strict=True)]
    hundred, parts = _rounded(widths, 100), _rounded(widths, PARTS)
    return tuple(
        Column(place=place, percent=hundred[number], parts=parts[number]) for number, (place, _) in enumerate(line)
    )


def _rounded(widths: Sequence[float], whole: int) -> list[int]:
    """Widths as whole parts of a whole, none of them nothing."""
    exact = [each * whole / sum(widths) for each in widths]
    found = [max(1, int(each)) for each in exact]
    for place in sorted(range(len(exact)), key=lambda n: found[n] - exact[n]):
        if sum(found) < whole:
            found[place] += 1
    while sum(found) > whole:
        found[found.index(max(found))] -= 1
    return found

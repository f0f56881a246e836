"""Numbers of cases and papers, as their procedures write them: 260103, 100912099, TS2026090412.

A pattern says how a number looks, its reset when counting begins anew. This module does not count: the store hands out
the next number of a series in a period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from engine.errors import EngineError

_PIECE = re.compile(r"\{([a-z]+)(?::?0?(\d{1,2}))?\}|([^{}]+)", re.ASCII)
#: What of a day must be in a number that starts anew each period, or numbers would repeat.
_TOLD = {"never": set[str](), "year": {"y"}, "month": {"y", "mm"}, "day": {"y", "mm", "dd"}}
_DATES = ("yyyy", "yy", "mm", "dd")
#: The series whose number is that of the case; others number papers.
CASE_SERIES = "complaint"
#: The most digits a running number may have.
_WIDEST = 18


class PatternWrong(EngineError):
    """“{pattern}” is no number pattern: use text, {{yyyy}} {{yy}} {{mm}} {{dd}} and one {{seq:03}}."""

    zh = "“{pattern}”不是编号格式：可用文字、{{yyyy}} {{yy}} {{mm}} {{dd}} 和一个 {{seq:03}}。"


class PatternRepeats(PatternWrong):
    """“{pattern}” counts anew every {reset} without telling it: numbers would repeat. Add {missing}, or reset less often."""

    zh = "“{pattern}”每{reset_zh}重新编号却未写明：编号会重复。请加上 {missing}，或减少重置。"


class NumberingOverflow(EngineError):
    """The series {pattern} has no numbers left in {period}: {number} needs more than {width} digits."""

    zh = "编号 {pattern} 在 {period} 已用尽：{number} 超过 {width} 位。"


class PartMissing(EngineError):
    """The pattern {pattern} needs “{part}” for a number."""

    zh = "编号格式 {pattern} 需要给出“{part}”。"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How one series of numbers is written."""

    text: str
    #: "year", "month", "day" or "never": when counting begins anew.
    reset: str
    #: "refuse" or "widen" when the digits do not suffice.
    overflow: str
    pieces: tuple[str, ...]
    #: Digits of the running number; 1: as many as it takes.
    width: int
    #: Names of other parts a number is made of, such as a batch's source.
    parts: tuple[str, ...] = field(default=())

    @classmethod
    def parse(cls, text: str, *, reset: str = "year", overflow: str = "refuse") -> Pattern:
        """Read a pattern such as `{yy}{mm}{seq:02}`; `{seq5}` is `{seq:05}`, any other word a part to be given.

        Raises:
            PatternWrong, PatternRepeats.
        """
        pieces: list[str] = []
        at, widths = 0, []
        for found in _PIECE.finditer(text):
            if found.start() != at:
                break
            at = found.end()
            name, width = found[1], found[2]
            if name == "seq":
                widths.append(int(width or 1))
            elif width:
                raise PatternWrong(pattern=text)
            pieces.append(f"{{{name}}}" if name else found[3])
        if at != len(text) or len(widths) != 1 or not 1 <= widths[0] <= _WIDEST or reset not in _TOLD:
            raise PatternWrong(pattern=text)
        names = [piece[1:-1] for piece in pieces if piece.startswith("{")]
        _distinct(text, reset, names)
        parts = tuple(dict.fromkeys(n for n in names if n != "seq" and n not in _DATES))
        return cls(text=text, reset=reset, overflow=overflow, pieces=tuple(pieces), width=widths[0], parts=parts)

    def period(self, day: date) -> str:
        """The period in which numbers count on, for a local day."""
        return {
            "year": f"{day.year:04}",
            "month": f"{day.year:04}-{day.month:02}",
            "day": day.isoformat(),
        }.get(self.reset, "")

    @property
    def last(self) -> int | None:
        """The greatest number of a period; None where there is none."""
        return None if self.overflow != "refuse" or self.width == 1 else int("9" * self.width)

    def format(self, day: date, number: int, **parts: str) -> str:
        """The number as it is written.

        Raises:
            NumberingOverflow: it needs more digits than the pattern has, and the series refuses that.
            PartMissing: a part of the pattern's own was not given.
        """
        if number < 1:
            raise ValueError(f"numbers count from 1, not {number}")
        if self.last is not None and number > self.last:
            raise NumberingOverflow(pattern=self.text, period=self.period(day), number=number, width=self.width)
        for part in self.parts:
            if not parts.get(part):
                raise PartMissing(pattern=self.text, part=part)
        values = {
            "{yyyy}": f"{day.year:04}",
            "{yy}": f"{day.year % 100:02}",
            "{mm}": f"{day.month:02}",
            "{dd}": f"{day.day:02}",
            "{seq}": f"{number:0{self.width}}",
            **{f"{{{part}}}": parts[part] for part in self.parts},
        }
        return "".join(values.get(piece, piece) for piece in self.pieces)


def _distinct(text: str, reset: str, names: list[str]) -> None:
    told = {"y" if name in ("yyyy", "yy") else name for name in names}
    missing = sorted(_TOLD[reset] - told)
    if missing:
        raise PatternRepeats(
            pattern=text, reset=reset, reset_zh={"year": "年", "month": "月", "day": "日"}[reset],
            missing=" ".join("{yyyy}" if m == "y" else f"{{{m}}}" for m in missing),
        )  # fmt: skip

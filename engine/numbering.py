"""Numbers of cases and papers, as their procedures write them: 260103, 100912099, TS2026090412."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.errors import EngineError

_PIECE = re.compile(r"\{(yyyy|yy|mm|dd|seq(?::0(\d))?)\}|([^{}]+)")
_PERIODS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "never": ""}


class PatternWrong(EngineError):
    """“{pattern}” is no number pattern: use text, {{yyyy}} {{yy}} {{mm}} {{dd}} and one {{seq:03}}."""

    zh = "“{pattern}”不是编号格式：可用文字、{{yyyy}} {{yy}} {{mm}} {{dd}} 和一个 {{seq:03}}。"


class NumberingOverflow(EngineError):
    """The series {pattern} has no numbers left in {period}: {number} needs more than {width} digits."""

    zh = "编号 {pattern} 在 {period} 已用尽：{number} 超过 {width} 位。"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How one series of numbers is written."""

    text: str
    #: "year", "month", "day" or "never": when counting begins anew.
    reset: str
    #: "refuse" or "widen" when the digits do not suffice.
    overflow: str
    pieces: tuple[str, ...]
    width: int

    @classmethod
    def parse(cls, text: str, *, reset: str = "year", overflow: str = "refuse") -> Pattern:
        """Read a pattern such as `{yy}{mm}{seq:02}`.

        Raises:
            PatternWrong.
        """
        pieces, at, widths = [], 0, []
        for found in _PIECE.finditer(text):
            if found.start() != at:
                break
            at = found.end()
            pieces.append(found[0])
            if found[1] and found[1].startswith("seq"):
                widths.append(int(found[2] or 1))
        if at != len(text) or len(widths) != 1 or reset not in _PERIODS:
            raise PatternWrong(pattern=text)
        return cls(text=text, reset=reset, overflow=overflow, pieces=tuple(pieces), width=widths[0])

    def period(self, day: date) -> str:
        """The period in which numbers count on, for a local day."""
        return day.strftime(_PERIODS[self.reset])

    def format(self, day: date, number: int) -> str:
        """The number as it is written.

        Raises:
            NumberingOverflow: it needs more digits than the pattern has, and the series refuses that.
        """
        if self.overflow == "refuse" and len(str(number)) > self.width and self.width > 1:
            raise NumberingOverflow(pattern=self.text, period=self.period(day), number=number, width=self.width)
        values = {
            "{yyyy}": f"{day.year:04}",
            "{yy}": f"{day.year % 100:02}",
            "{mm}": f"{day.month:02}",
            "{dd}": f"{day.day:02}",
        }
        return "".join(f"{number:0{self.width}}" if p.startswith("{seq") else values.get(p, p) for p in self.pieces)

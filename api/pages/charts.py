"""Charts as inline SVG, made on the server: they need no script, print, and are read without colour, for every
figure stands beside its mark. The table with the same figures stands below each; here is only the drawing.

Each is drawn twice: for a wide window and for a telephone, where the same drawing made smaller could not be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate

from markupsafe import Markup

#: Width of every chart in its own units; one of them is about a pixel, on a wide screen and on a telephone.
WIDTH, PHONE = 560, 340
_ROW, _NAME, _END = 30, 190, 64
#: On a telephone a name stands above its bar.
_PHONE_ROW = 42
_FILLS = ("f1", "f2", "f3")


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A row or column of a chart."""

    label: str
    #: One after the other; the sum stands at the end.
    parts: tuple[int, ...]
    #: What stands at the end instead of the sum.
    said: str = ""

    @property
    def whole(self) -> int:
        """The sum of its parts."""
        return sum(self.parts)


def rows(bars: Sequence[Bar], title: str, *, most: int | None = None, fills: Sequence[str] = _FILLS) -> Markup:
    """Bars that lie below each other.

    Args:
        most: what the longest could be; None: what it is.
        fills: how the parts are filled, in their order.
    """
    longest = most or max((bar.whole for bar in bars), default=1)
    wide, phone = (_rows(bars, longest, fills, on_phone=on_phone) for on_phone in (False, True))
    return _both(title, (wide, _ROW * max(1, len(bars))), (phone, _PHONE_ROW * max(1, len(bars))))


def _rows(bars: Sequence[Bar], longest: int, fills: Sequence[str], *, on_phone: bool) -> list[str]:
    width, row, begin, top = (PHONE, _PHONE_ROW, 0, 22) if on_phone else (WIDTH, _ROW, _NAME, 6)
    scale = (width - begin - _END) / max(1, longest)
    drawn = []
    for number, bar in enumerate(bars):
        y, x = number * row, float(begin)
        drawn.append(_text(bar.label, 0, y + 15, "") if on_phone else _text(bar.label, begin - 10, y + 19, "end"))
        for part, fill in zip(bar.parts, fills, strict=False):
            if part:
                drawn.append(
                    f'<rect class="{fill}" x="{x:.1f}" y="{y + top}" width="{max(1.0, part * scale - 1):.1f}" height="{18 - 4 * on_phone}"/>'
                )
            x += part * scale
        drawn.append(_text(bar.said or str(bar.whole), x + 6, y + top + 13 - 2 * on_phone, "strong"))
    return drawn


def pareto(bars: Sequence[Bar], title: str) -> Markup:
    """Columns from the highest to the lowest, and the line of what they are together, in percent; on a telephone bars that say both."""
    height, base, top = 230, 170, 24
    whole, most = max(1, sum(bar.whole for bar in bars)), max(1, max((bar.whole for bar in bars), default=1))
    step = (WIDTH - 60) / max(1, len(bars))
    drawn = [f'<line class="axis" x1="10" x2="{WIDTH - 44}" y1="{base}" y2="{base}"/>']
    for share in (50, 80, 100):
        y = base - (base - top) * share / 100
        drawn += [
            f'<line class="grid" x1="10" x2="{WIDTH - 44}" y1="{y:.1f}" y2="{y:.1f}"/>',
            _text(f"{share} %", WIDTH - 40, y + 4, "weak"),
        ]
    points = []
    for number, (bar, so_far) in enumerate(zip(bars, accumulate(bar.whole for bar in bars), strict=True)):
        x, tall = 10 + number * step, (base - top) * bar.whole / most * 0.92
        drawn.append(
            f'<rect class="f2" x="{x + 4:.1f}" y="{base - tall:.1f}" width="{step - 8:.1f}" height="{tall:.1f}"/>'
        )
        drawn.append(_text(str(bar.whole), x + step / 2, base - 6, "mid strong"))
        drawn += [
            _text(line, x + step / 2, base + 18 + 15 * row, "mid") for row, line in enumerate(_lines(bar.label, step))
        ]
        points.append((x + step / 2, base - (base - top) * so_far / whole))
    way = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    drawn.append(f'<path class="line" d="{way}"/>')
    drawn += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points]
    together = zip(bars, accumulate(bar.whole for bar in bars), strict=True)
    said = [Bar(label=bar.label, parts=bar.parts, said=f"{bar.whole} · {100 * so_far / whole:.0f} %") for bar, so_far in together]
    return _both(title, (drawn, height), (_rows(said, most, ("f2",), on_phone=True), _PHONE_ROW * max(1, len(bars))))


def weeks(labels: Sequence[str], came: Sequence[int], went: Sequence[int], title: str) -> Markup:
    """Two columns a week: what came in, what was closed."""
    height = 200
    wide, phone = (_weeks(labels, came, went, width) for width in (WIDTH, PHONE))
    return _both(title, (wide, height), (phone, height))


def _weeks(labels: Sequence[str], came: Sequence[int], went: Sequence[int], width: int) -> list[str]:
    base, top = 160, 16
    most, step = max(1, *came, *went), (width - 20) / max(1, len(labels))
    # So many weeks share a label that none stands in the next.
    every = max(1, -(-40 // int(step)) if step >= 1 else len(labels))
    drawn = [f'<line class="axis" x1="10" x2="{width - 10}" y1="{base}" y2="{base}"/>']
    for number, label in enumerate(labels):
        x, wide = 10 + number * step, step / 2 - 3
        for place, (value, fill) in enumerate(((came[number], "f1"), (went[number], "f3"))):
            tall = (base - top) * value / most
            left = x + 2 + place * (wide + 1)
            drawn.append(
                f'<rect class="{fill}" x="{left:.1f}" y="{base - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>'
            )
            if value:
                drawn.append(_text(str(value), left + wide / 2, base - tall - 3, "mid weak"))
        if number % every == 0:
            drawn.append(_text(label, x + step / 2, base + 18, "mid weak"))
    return drawn


def heat(values: dict[str, float]) -> dict[str, str]:
    """Element -> "heat1" to "heat5", from the least to the most."""
    most = max(values.values(), default=0.0)
    return {name: f"heat{min(5, 1 + int(5 * value / most))}" if most else "heat1" for name, value in values.items()}


def _lines(label: str, step: float) -> list[str]:
    """A label under a column, in two rows at most."""
    room = max(2, int(step / (13 if any(ord(c) > 0x2E80 for c in label) else 7)))
    # Words are not torn apart where there are words.
    end = label.rfind(" ", 0, room + 1) if len(label) > room else -1
    first, rest = (label[:end], label[end + 1 :]) if end > room // 2 else (label[:room], label[room:])
    return [
        first.strip(),
        *([rest[: room - 1].strip() + ("…" if len(rest) > room else rest[room - 1 : room])] if rest else []),
    ]


def _text(said: str, x: float, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'


def _both(title: str, wide: tuple[Sequence[str], int], phone: tuple[Sequence[str], int]) -> Markup:
    """A chart for a wide window and for a telephone: what is drawn, and how high it is. Of the two one is shown, and read."""
    return Markup("").join(
        Markup('<svg class="chart drawn {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
            where, width, height, title, Markup("".join(drawn))
        )
        for where, width, (drawn, height) in (("on-desk", WIDTH, wide), ("on-phone", PHONE, phone))
    )

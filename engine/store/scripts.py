"""Both scripts of Chinese as one, where texts are searched: 投訴 is found by 投诉, and the other way round.

Source: SYS-20, the procedure in traditional characters. Character by character, so that a place in a text stays where it was;
what is shown is always what was written.
"""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


@cache
def _converter() -> OpenCC:
    # Read when the first text asks for it.
    return OpenCC("t2s")


class _Simplified(dict[int, int]):
    """Code point -> that of its simplified form; itself where it has none of one character."""

    def __missing__(self, code: int) -> int:
        found = _converter().convert(chr(code)) if code >= 0x3400 else ""
        self[code] = ord(found) if len(found) == 1 else code
        return self[code]


_SIMPLIFIED = _Simplified()


def one_script(text: str) -> str:
    """The text with simplified characters, of the same length."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)

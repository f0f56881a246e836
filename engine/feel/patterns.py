"""Patterns as XPath writes them, made into patterns of RE2, which run in linear time whatever the text.

What has no linear counterpart (back-references, looking around) is no pattern here. `\\w` is a letter, mark, digit or
sign of any script, as XPath says, and `_` besides, as everybody expects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from engine.feel.budget import Budget, BudgetSpent

#: Longest pattern, and heaviest: with repetitions written out, a class of every script counting as forty signs.
_LONGEST, _HEAVIEST = 500, 40_000
_FLAGS = frozenset("smixq")
_BLANKS = " \t\n\r"
_TIMES = re.compile(r"\{(\d{1,5})(?:,(\d{1,5})?)?\}", re.ASCII)
_LETTER = r"\p{L}\p{M}\p{N}\p{S}_"
#: Names of XML: how they begin, how they go on.
_BEGIN, _ON = r"\p{L}\p{Nl}_:", r"\p{L}\p{Nl}\p{M}\p{Nd}_:.\-\x{B7}"
#: Escape -> what stands for it in brackets, and whether it means everything else.
_CLASSES = {
    "d": (r"\p{Nd}", False), "D": (r"\p{Nd}", True), "w": (_LETTER, False), "W": (_LETTER, True),
    "s": (r" \t\n\r", False), "S": (r" \t\n\r", True), "i": (_BEGIN, False), "I": (_BEGIN, True),
    "c": (_ON, False), "C": (_ON, True),
}  # fmt: skip
_BLOCKS = {
    name: (int(low, 16), int(high, 16))
    for name, low, high in (
        row.split() for row in """
    BasicLatin 0 7F|Latin-1Supplement 80 FF|LatinExtended-A 100 17F|LatinExtended-B 180 24F|IPAExtensions 250 2AF
    SpacingModifierLetters 2B0 2FF|CombiningDiacriticalMarks 300 36F|Greek 370 3FF|GreekandCoptic 370 3FF|Cyrillic 400 4FF
    Armenian 530 58F|Hebrew 590 5FF|Arabic 600 6FF|Devanagari 900 97F|Bengali 980 9FF|Tamil B80 BFF|Thai E00 E7F
    Tibetan F00 FFF|Georgian 10A0 10FF|HangulJamo 1100 11FF|Mongolian 1800 18AF|LatinExtendedAdditional 1E00 1EFF
    GreekExtended 1F00 1FFF|GeneralPunctuation 2000 206F|SuperscriptsandSubscripts 2070 209F|CurrencySymbols 20A0 20CF
    LetterlikeSymbols 2100 214F|NumberForms 2150 218F|Arrows 2190 21FF|MathematicalOperators 2200 22FF
    MiscellaneousTechnical 2300 23FF|EnclosedAlphanumerics 2460 24FF|BoxDrawing 2500 257F|BlockElements 2580 259F
    GeometricShapes 25A0 25FF|MiscellaneousSymbols 2600 26FF|Dingbats 2700 27BF|BraillePatterns 2800 28FF
    CJKRadicalsSupplement 2E80 2EFF|KangxiRadicals 2F00 2FDF|CJKSymbolsandPunctuation 3000 303F|Hiragana 3040 309F
    Katakana 30A0 30FF|Bopomofo 3100 312F|EnclosedCJKLettersandMonths 3200 32FF|CJKCompatibility 3300 33FF
    CJKUnifiedIdeographsExtensionA 3400 4DBF|CJKUnifiedIdeographs 4E00 9FFF|YiSyllables A000 A48F|HangulSyllables AC00 D7A3
    PrivateUse E000 F8FF|CJKCompatibilityIdeographs F900 FAFF|AlphabeticPresentationForms FB00 FB4F
    CJKCompatibilityForms FE30 FE4F|SmallFormVariants FE50 FE6F|HalfwidthandFullwidthForms FF00 FFEF|Specials FFF0 FFFF
    CJKUnifiedIdeographsExtensionB 20000 2A6DF|CJKCompatibilityIdeographsSupplement 2F800 2FA1F""".replace("|", "\n").splitlines()
        if row.strip()
    )
}  # fmt: skip

Span = tuple[int, int]


class _Weight:
    """How large a pattern is once its repetitions are written out; classes of every script are large."""

    def __init__(self) -> None:
        self._open: list[int] = []
        self.all = self._last = 0

    def add(self, sign: str, made: str, rest: str) -> None:
        """Weigh one more sign, or what stands for it."""
        if made in ("(", ")"):
            if made == "(":
                self._open.append(self.all)
            elif self._open:
                self._last = self.all - self._open.pop()
        elif sign == "{" and (found := _TIMES.match(rest)):
            times = max(int(found[1]), int(found[2] or 0))
            self.all += self._last * max(times - 1, 0)
            self._last *= max(times, 1)
        elif made not in ("*", "+", "?", "|"):
            self._last = 1 + 40 * made.count(r"\p") + 40 * made.count(r"\P") + made.count(r"\x")
            self.all += self._last


class _Translator:
    """Walks through a pattern of XPath; raises ValueError where it is none, or none that runs in linear time."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._flags = flags
        self._text = "".join(_without_blanks(pattern)) if "x" in flags else pattern
        self._at = 0
        self.weight = 0

    def made(self) -> str:
        """The pattern of RE2; `weight` tells afterwards how large it is with all its repetitions."""
        out: list[str] = []
        weigh = _Weight()
        while self._at < len(self._text):
            sign = self._text[self._at]
            self._at += 1
            if sign == "\\":
                inner, other = self._escaped()
                out.append(f"[{'^' if other else ''}{inner}]" if inner[0] != "=" else inner[1:])
            elif sign == "[":
                out.append(self._bracket())
            elif sign == "." and "s" not in self._flags:
                out.append(r"[^\n\r]")
            elif sign == "]":
                raise ValueError(self._text)
            else:
                if sign == "(" and self._text.startswith("?", self._at) and not self._text.startswith("?:", self._at):
                    raise ValueError(self._text)
                out.append(sign)
            weigh.add(sign, out[-1], self._text[self._at - 1 :])
        self.weight = weigh.all
        return "".join(out)

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1 : self._at]

    def _escaped(self) -> tuple[str, bool]:
        """What a backslash begins: a class for brackets and whether the rest is meant, or `=` and a sign for itself."""
        sign = self._next()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in ("p", "P"):
            return self._property(sign == "P")
        if sign in ("n", "r", "t", "b", "B") and sign:
            return f"=\\{sign}", False
        if not sign or sign.isalnum():
            raise ValueError(self._text)
        return "=" + re.escape(sign), False

    def _property(self, other: bool) -> tuple[str, bool]:
        end = self._text.find("}", self._at)
        if self._next() != "{" or end < 0:
            raise ValueError(self._text)
        name, self._at = self._text[self._at : end], end + 1
        if not name.startswith("Is"):
            return f"\\p{{{name}}}", other
        low, high = _BLOCKS[name[2:]]
        return _written([(low, high)]), other

    def _bracket(self) -> str:
        """A class in brackets; with something taken away from it, its spans are reckoned."""
        begin = self._at
        try:
            items, other = self._items()
        except _Subtraction:
            self._at = begin
            return f"[{_written(self._spans())}]"
        return f"[{'^' if other else ''}{''.join(items)}]"

    def _items(self) -> tuple[list[str], bool]:
        other = self._text.startswith("^", self._at)
        self._at += other
        items: list[str] = []
        while (sign := self._next()) != "]":
            if not sign or sign == "[":
                raise ValueError(self._text)
            if sign == "-" and self._text.startswith("[", self._at):
                raise _Subtraction
            if sign != "\\":
                items.append(re.escape(sign) if sign in "^&~|" else sign)
                continue
            inner, rest = self._escaped()
            if inner[0] == "=" and inner[1:] in (r"\b", r"\B"):
                raise ValueError(self._text)
            items.append(inner[1:] if inner[0] == "=" else _negated(inner) if rest else inner)
        if not items:
            raise ValueError(self._text)
        return items, other

    def _spans(self) -> list[Span]:
        """The spans of a class from which another is taken: single signs, ranges, blanks and blocks."""
        other = self._text.startswith("^", self._at)
        self._at += other
        spans: list[Span] = []
        away: list[Span] = []
        while (sign := self._next()) != "]":
            if not sign:
                raise ValueError(self._text)
            if sign == "-" and self._text.startswith("[", self._at):
                self._at += 1
                away = self._spans()
                if self._next() != "]":
                    raise ValueError(self._text)
                break
            low = self._single(sign)
            if isinstance(low, list):
                spans += low
            elif self._text.startswith("-", self._at) and self._text[self._at + 1 : self._at + 2] not in ("[", "]"):
                self._at += 1
                high = self._single(self._next())
                if isinstance(high, list) or high < low:
                    raise ValueError(self._text)
                spans.append((low, high))
            else:
                spans.append((low, low))
        if "i" in self._flags:
            spans, away = _cased(spans), _cased(away)
        return _less(_less([(0, 0x10FFFF)], spans) if other else spans, away)

    def _single(self, sign: str) -> int | list[Span]:
        if sign != "\\":
            return ord(sign)
        inner, other = self._escaped()
        if inner[0] == "=" and len(inner[1:].lstrip("\\")) <= 1 and inner[1:] not in (r"\b", r"\B"):
            return ord({r"\n": "\n", r"\r": "\r", r"\t": "\t"}.get(inner[1:], inner[-1]))
        if inner == _CLASSES["s"][0]:
            spans: list[Span] = [(ord(blank), ord(blank)) for blank in _BLANKS]
        elif inner.startswith(r"\x{"):
            low, high = (int(end, 16) for end in re.findall(r"\{(\w+)\}", inner))
            spans = [(low, high)]
        else:
            # Letters of every script taken one by one would make the pattern far too long.
            raise ValueError(self._text)
        return _less([(0, 0x10FFFF)], spans) if other else spans


class _Subtraction(ValueError):
    """A class from which another is taken away."""


def _without_blanks(pattern: str) -> Iterator[str]:
    within, escaped = 0, False
    for sign in pattern:
        if sign in _BLANKS and not within:
            continue
        if not escaped and sign in "[]":
            within += 1 if sign == "[" else -1
        escaped = sign == "\\" and not escaped
        yield sign


def _negated(inner: str) -> str:
    """Everything else, written so that it may stand among other items in brackets."""
    if inner == r"\p{Nd}":
        return r"\P{Nd}"
    if inner.startswith(r"\p{") and inner.count(r"\p") == 1 and inner.endswith("}"):
        return r"\P" + inner[2:]
    if inner == _CLASSES["s"][0]:
        return _written(_less([(0, 0x10FFFF)], [(ord(blank), ord(blank)) for blank in _BLANKS]))
    if inner.startswith(r"\x{"):
        low, high = (int(end, 16) for end in re.findall(r"\{(\w+)\}", inner))
        return _written(_less([(0, 0x10FFFF)], [(low, high)]))
    if inner == _LETTER:
        return r"\p{P}\p{Z}\p{C}"
    raise ValueError(inner)


def _written(spans: list[Span]) -> str:
    if not spans:
        raise ValueError("a class that nothing is in")
    return "".join(f"\\x{{{low:X}}}-\\x{{{high:X}}}" for low, high in spans)


def _less(spans: list[Span], away: list[Span]) -> list[Span]:
    """Spans without others."""
    for low, high in away:
        spans = [
            part
            for begin, end in spans
            for part in ((begin, min(end, low - 1)), (max(begin, high + 1), end))
            if part[0] <= part[1]
        ]
    return spans


def _cased(spans: list[Span]) -> list[Span]:
    """Spans with the other case of each letter."""
    if sum(high - low for low, high in spans) > 5_000:
        raise ValueError("too many signs to look at one by one")
    both = {other for low, high in spans for code in range(low, high + 1) for other in _cases(chr(code))}
    return spans + [(code, code) for code in sorted(both)]


def _cases(sign: str) -> Iterator[int]:
    return (ord(other) for other in (sign.lower(), sign.upper(), sign.casefold()) if len(other) == 1)


def pattern_for(text: str, pattern: str, flags: str, budget: Budget) -> Any:
    """A pattern ready for a text, paid for: once in an evaluation what it takes to make it, each time what it takes to search.

    What was kept from earlier evaluations costs the same, so that a replay stops where the case did.

    Raises:
        ValueError: it is no pattern, or none that runs in linear time.
        BudgetSpent: it is too long or too heavy.
    """
    compiled, weight = _made(pattern, flags)
    budget.once(("pattern", pattern, flags), 20 + 4 * weight)
    budget.spend(1 + len(text) * (40 + weight) // 400)
    if compiled is None:
        raise ValueError(pattern)
    return compiled


@lru_cache(maxsize=500)
def _made(pattern: str, flags: str) -> tuple[Any, int]:
    """A pattern, ready, and its weight; None where it is no pattern."""
    if len(pattern) > _LONGEST:
        raise BudgetSpent()
    if set(flags) - _FLAGS:
        return None, 1
    reading = _Translator(pattern, flags)
    try:
        made = re.escape(pattern) if "q" in flags else reading.made()
    except (ValueError, KeyError):
        return None, len(pattern)
    if max(len(made), reading.weight) > _HEAVIEST:
        raise BudgetSpent()
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 22
    inner = "".join(flag for flag in "ims" if flag in flags)
    try:
        return re2.compile((f"(?{inner})" if inner else "") + made, options), reading.weight
    except re2.error:
        return None, reading.weight


def replaced(text: str, pattern: str, by: str, flags: str, budget: Budget) -> str:
    """Every place a pattern matches, replaced; `$1` stands for what the first group took, `$0` for all of it.

    Raises:
        ValueError: no pattern, no replacement, or the pattern matches nothing at all, which could be found anywhere.
        BudgetSpent.
    """
    compiled = pattern_for(text, pattern, flags, budget)
    parts = [by] if "q" in flags else list(_parts(by, compiled.groups))
    _never_nothing(compiled)
    out: list[str] = []
    last = 0
    for found in compiled.finditer(text):
        out.append(text[last : found.start()])
        out += [part if isinstance(part, str) else found.group(part) or "" for part in parts]
        budget.spend(1 + len(parts) + sum(map(len, out[-len(parts) :])) if parts else 1)
        last = found.end()
    return "".join([*out, text[last:]])


def parted(text: str, delimiter: str, budget: Budget) -> list[str]:
    """A text cut wherever a pattern matches.

    Raises:
        ValueError: no pattern, or one that matches nothing at all.
        BudgetSpent.
    """
    compiled = pattern_for(text, delimiter, "", budget)
    _never_nothing(compiled)
    out, last = [], 0
    for found in compiled.finditer(text):
        budget.spend()
        out.append(text[last : found.start()])
        last = found.end()
    return [*out, text[last:]]


def _never_nothing(compiled: Any) -> None:
    if compiled.search("") is not None:
        raise ValueError("the pattern matches the empty text")


def _parts(by: str, groups: int) -> Iterator[str | int]:
    """A replacement cut into texts and numbers of groups."""
    at = 0
    while at < len(by):
        sign, after = by[at], by[at + 1 : at + 2]
        if sign == "\\":
            if after not in ("\\", "$"):
                raise ValueError(by)
            yield after
            at += 2
        elif sign == "$":
            if not after or after not in "0123456789":
                raise ValueError(by)
            end = at + 2
            # As many digits as still name a group: with one group `$12` is the first and a 2.
            while by[end : end + 1] and by[end] in "0123456789" and int(by[at + 1 : end + 1]) <= groups:
                end += 1
            number = int(by[at + 1 : end])
            yield number if number <= groups else ""
            at = end
        else:
            end = next((place for place in range(at, len(by)) if by[place] in "\\$"), len(by))
            yield by[at:end]
            at = end

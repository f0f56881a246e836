"""The characters of an expression: blanks, comments, words, names that may hold blanks, texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NoReturn

from engine.feel.budget import LONGEST_TEXT
from engine.feel.tree import FeelSyntaxError, Node

_BLANK = " \t\n\r\v\f\u0085\u00a0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)


def begins_name(char: str) -> bool:
    """Whether a name may begin with the character."""
    return char in "_?" or char.isalpha() or (ord(char) > 0x10000 and not char.isspace())


def in_name(char: str) -> bool:
    """Whether a name may go on with the character."""
    return begins_name(char) or char.isdigit() or char in "'\u00b7" or unicodedata.category(char) in ("Mn", "Mc")


def is_plain(name: str) -> bool:
    """Whether a name needs nobody to say where it ends."""
    return bool(name) and begins_name(name[0]) and all(in_name(c) for c in name)


class Scanner:
    """Stands at a place in a text and takes what is next."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, Node] | None = None) -> None:
        if len(text) > LONGEST_TEXT:
            raise FeelSyntaxError("表达式过长", "the expression is too long", "", 0)
        self._text, self._at, self._depth = text, 0, 0
        #: Types of the reader's own, by name.
        self._types = types or {}
        # Two readings of a bracket are tried in places; nested, that doubles each time.
        self._tries = 2 * len(text) + 1000
        self._spaced = sorted({n for n in names if n and not is_plain(n)}, key=len, reverse=True)

    # --- characters -----------------------------------------------------------------------------

    def _fail(self, zh: str, en: str, at: int | None = None) -> NoReturn:
        raise FeelSyntaxError(zh, en, self._text, self._at if at is None else at)

    def _skip(self) -> None:
        text = self._text
        while self._at < len(text):
            if text[self._at] in _BLANK:
                self._at += 1
            elif text.startswith("//", self._at):
                end = text.find("\n", self._at)
                self._at = len(text) if end < 0 else end
            elif text.startswith("/*", self._at):
                end = text.find("*/", self._at + 2)
                if end < 0:
                    self._fail("注释没有结束", "a comment is not closed")
                self._at = end + 2
            else:
                return

    def _take(self, *signs: str) -> str:
        self._skip()
        for sign in signs:
            if self._text.startswith(sign, self._at):
                self._at += len(sign)
                return sign
        return ""

    def _next(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            self._fail(f"此处应为“{sign}”，{self._near()[0]}", f"expected '{sign}' {self._near()[1]}")

    def _near(self) -> tuple[str, str]:
        self._skip()
        rest = self._text[self._at : self._at + 12].split("\n")[0]
        return (f"却是“{rest}”", f"before '{rest}'") if rest else ("却已结束", "before the end")

    def _end(self) -> None:
        self._skip()
        if self._at < len(self._text):
            rest = self._text[self._at : self._at + 12].split("\n")[0]
            self._fail(f"多出“{rest}”", f"unexpected '{rest}'")

    def _word(self) -> str:
        self._skip()
        text, end = self._text, self._at
        if end < len(text) and begins_name(text[end]):
            end += 1
            while end < len(text) and in_name(text[end]):
                end += 1
        return text[self._at : end]

    def _keyword(self, *words: str) -> bool:
        start = self._at
        for word in words:
            if self._word() != word:
                self._at = start
                return False
            self._at += len(word)
        return True

    def _need_word(self, word: str) -> None:
        if not self._keyword(word):
            self._fail(f"此处应为“{word}”，{self._near()[0]}", f"expected '{word}' {self._near()[1]}")

    def _name(self) -> str:
        word = self._word()
        for name in self._spaced:
            end = self._spells(name)
            if end and len(name) > len(word):
                self._at = end
                return name
        if not word:
            self._fail(f"此处应为名称，{self._near()[0]}", f"expected a name {self._near()[1]}")
        self._at += len(word)
        return word

    def _spells(self, name: str) -> int:
        """Where `name` ends if it stands here, its blanks standing for any blanks; else 0."""
        text, at = self._text, self._at
        for char in name:
            if char == " ":
                if at >= len(text) or text[at] not in _BLANK:
                    return 0
                while at < len(text) and text[at] in _BLANK:
                    at += 1
            elif at < len(text) and text[at] == char:
                at += 1
            else:
                return 0
        return 0 if at < len(text) and in_name(text[at]) and in_name(name[-1]) else at

    def _new_name(self, stops: str) -> str:
        """A name that is being made: everything up to one of the stops."""
        self._skip()
        if self._next() == '"':
            quoted = self._string()
            if quoted and all(is_plain(word) for word in quoted.split(" ")):
                self._know(quoted)  # words with blanks between them are a name in quotation marks, too
            return quoted
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in stops:
            self._at += 1
        name = " ".join(self._text[start : self._at].split())
        if not name or not begins_name(name[0]):
            self._fail("此处应为名称", "expected a name", start)
        self._know(name)
        return name

    def _know(self, name: str) -> None:
        if not is_plain(name) and name not in self._spaced:
            self._spaced = sorted([*self._spaced, name], key=len, reverse=True)

    def _string(self) -> str:
        self._skip()
        found = _STRING.match(self._text, self._at)
        if not found:
            self._fail('文本缺少结束的 "', 'a text is not closed with "')
        self._at = found.end()
        text = _ESCAPE.sub(_unescaped, found[1])
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeError:
            # Half a character cannot be stored.
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "uU" and len(code) in (5, 7):
        # A null character cannot be stored either.
        return chr(int(code[1:], 16)) if 0 < int(code[1:], 16) <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(code, "\\" + code)

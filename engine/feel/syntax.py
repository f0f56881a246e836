"""The text of an expression as a tree. Nothing is evaluated here and nothing but FEEL is understood.

Scannerless, because names may hold blanks (`working days`, 投诉 日期) and only the names in scope say where
they end. Every node knows its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from engine.errors import EngineError
from engine.feel.budget import DEEPEST, LONGEST_TEXT
from engine.feel.data import D34
from engine.feel.temporal import read_any

_RESERVED = frozenset(
    [
        "for",
        "return",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "in",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_BLANK = " \t\n\r\v\f\u0085\u00a0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)
_NUMBER = re.compile(r"(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_NAMED = re.compile(r'\s*([^:"(),{}\[\]]+?|"[^"]*")\s*:(?!:)')
_LOOP = re.compile(r"\s*(.+?)\s+in\b", re.DOTALL)
_TYPES = (
    "date and time", "days and time duration", "years and months duration", "date", "time", "number", "string",
    "boolean", "Any", "Null",
)  # fmt: skip


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, counted from one."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


class FeelSyntaxError(EngineError):
    """Line {line}, column {column}: {said_en}."""

    zh = "第 {line} 行第 {column} 列：{said_zh}。"

    def __init__(self, zh: str, en: str, text: str, at: int) -> None:
        #: One-based place in the text.
        self.line, self.column = place(text, at)
        super().__init__(said_zh=zh, said_en=en, line=self.line, column=self.column)


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: its name, its parts (nodes, texts, values), and where it stands."""

    op: str
    parts: tuple[Any, ...]
    at: int


def depth_of(node: Node) -> int:
    """How deep a tree is, in nodes."""
    deepest, stack = 0, [(0, node)]
    while stack:
        depth, part = stack.pop()
        if isinstance(part, Node):
            deepest = max(deepest, depth := depth + 1)
            part = part.parts  # type: ignore[assignment]
        if isinstance(part, tuple):
            stack += [(depth, inner) for inner in part if isinstance(inner, Node | tuple)]
    return deepest


def begins_name(char: str) -> bool:
    """Whether a name may begin with the character."""
    return char in "_?" or char.isalpha() or (ord(char) > 0x10000 and not char.isspace())


def in_name(char: str) -> bool:
    """Whether a name may go on with the character."""
    return begins_name(char) or char.isdigit() or char in "'\u00b7" or unicodedata.category(char) in ("Mn", "Mc")


def is_plain(name: str) -> bool:
    """Whether a name needs nobody to say where it ends."""
    return bool(name) and begins_name(name[0]) and all(in_name(c) for c in name)


class Parser:
    """Reads one expression or one list of unary tests."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        if len(text) > LONGEST_TEXT:
            raise FeelSyntaxError("表达式过长", "the expression is too long", "", 0)
        self._text, self._at, self._depth = text, 0, 0
        # Two readings of a bracket are tried in places; nested, that doubles each time.
        self._tries = 2 * len(text) + 1000
        self._spaced = sorted({n for n in names if n and not is_plain(n)}, key=len, reverse=True)

    # --- the two beginnings ---------------------------------------------------------------------

    def expression(self) -> Node:
        """The whole text as one expression."""
        found = self._expression()
        self._end()
        return found

    def unary(self) -> Node:
        """The whole text as unary tests, as in a cell of a decision table."""
        if self._text.strip() == "-":
            return Node("any", (), 0)
        start = self._at
        if self._keyword("not") and self._take("("):
            try:
                tests = self._tests()
                self._need(")")
                self._end()
                return Node("none of", tests, start)
            except FeelSyntaxError:
                pass
        self._at = start
        tests = self._tests()
        self._end()
        return Node("one of", tests, start)

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
            return self._string()
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

    # --- expressions, loosest first -----------------------------------------------------------------

    def _expression(self) -> Node:
        self._depth += 1
        self._tries -= 1
        if self._depth > DEEPEST or self._tries < 0:
            self._depth -= 1
            self._fail("表达式嵌套过深", "the expression is nested too deeply")
        try:
            word, at = self._word(), self._at
            if word == "if" and self._keyword("if"):
                return self._if(at)
            if word == "for" and self._keyword("for"):
                loops = self._loops()
                self._need_word("return")
                self._know("partial")
                return Node("for", (loops, self._expression()), at)
            if word in ("some", "every") and self._keyword(word):
                loops = self._loops()
                self._need_word("satisfies")
                return Node(word, (loops, self._expression()), at)
            if word == "function" and self._keyword("function"):
                return self._function(at)
            return self._or()
        finally:
            self._depth -= 1

    def _if(self, at: int) -> Node:
        condition = self._expression()
        self._need_word("then")
        then = self._expression()
        self._need_word("else")
        return Node("if", (condition, then, self._expression()), at)

    def _loops(self) -> tuple[tuple[str, Node, Node | None], ...]:
        loops = []
        while True:
            start = self._at
            found = _LOOP.match(self._text, self._at)
            if not found:
                self._fail("此处应为“名称 in”", "expected a name and 'in'")
            name = " ".join(found[1].split())
            if not begins_name(name[0]):
                self._fail("此处应为名称", "expected a name", start)
            self._at = found.end()
            first = self._expression()
            loops.append((name, first, self._expression() if self._take("..") else None))
            self._know(name)
            if not self._take(","):
                return tuple(loops)

    def _function(self, at: int) -> Node:
        self._need("(")
        params: list[tuple[str, Node | None]] = []
        while not self._take(")"):
            if params:
                self._need(",")
            params.append((self._new_name(",):"), self._type() if self._take(":") else None))
        if self._keyword("external"):
            self._fail("不允许外部函数", "external functions are not allowed", at)
        return Node("function", (tuple(params), self._expression()), at)

    def _or(self) -> Node:
        found = self._and()
        while self._word() == "or" and self._keyword("or"):
            found = Node("or", (found, self._and()), found.at)
        return found

    def _and(self) -> Node:
        found = self._comparison()
        while self._word() == "and" and self._keyword("and"):
            found = Node("and", (found, self._comparison()), found.at)
        return found

    def _comparison(self) -> Node:
        found = self._sum()
        while True:
            at = self._at
            if sign := self._take("<=", ">=", "!=", "=", "<", ">"):
                found = Node(sign, (found, self._sum()), at)
            elif self._word() == "between" and self._keyword("between"):
                low = self._sum()
                self._need_word("and")
                found = Node("between", (found, low, self._sum()), at)
            elif self._word() == "in" and self._keyword("in"):
                found = Node("in", (found, self._tests_after_in()), at)
            else:
                return found

    def _tests_after_in(self) -> tuple[Node, ...]:
        start = self._at
        if self._take("("):
            try:
                tests = self._tests()
                self._need(")")
                if self._next() not in (".", "["):
                    return tests
            except FeelSyntaxError:
                pass
            self._at = start
        return (self._test(),)

    def _sum(self) -> Node:
        found = self._product()
        while (sign := self._next()) in ("+", "-") and sign:
            self._at += 1
            found = Node(sign, (found, self._product()), found.at)
        return found

    def _product(self) -> Node:
        found = self._power()
        while (sign := self._next()) in ("*", "/") and sign and not self._text.startswith("**", self._at):
            self._at += 1
            found = Node(sign, (found, self._power()), found.at)
        return found

    def _power(self) -> Node:
        found = self._negation()
        while self._take("**"):
            found = Node("**", (found, self._negation()), found.at)
        return found

    def _negation(self) -> Node:
        at = self._at
        if self._take("-"):
            self._depth += 1
            if self._depth > DEEPEST:
                self._fail("表达式嵌套过深", "the expression is nested too deeply")
            found = Node("negate", (self._negation(),), at)
            self._depth -= 1
            return found
        found = self._postfix()
        while self._word() == "instance" and self._keyword("instance", "of"):
            found = Node("instance of", (found, self._type()), at)
        return found

    def _type(self) -> Node:
        at = self._at
        word = self._word()
        if word in ("list", "range") and self._keyword(word):
            inner = None
            if self._take("<"):
                inner = self._type()
                self._need(">")
            return Node("type", (word, inner), at)
        if word == "context" and self._keyword(word):
            return Node("type", (word, self._context_type() if self._take("<") else None), at)
        if word == "function" and self._keyword(word):
            return Node("type", (word, self._function_type() if self._take("<") else None), at)
        self._skip()
        for name in _TYPES:
            if end := self._spells(name):
                self._at = end
                return Node("type", (name, None), at)
        self._fail(f"未知类型，{self._near()[0]}", f"unknown type {self._near()[1]}")

    def _context_type(self) -> tuple[tuple[str, Node], ...]:
        entries = []
        while True:
            key = self._new_name(":")
            self._need(":")
            entries.append((key, self._type()))
            if self._take(">"):
                return tuple(entries)
            self._need(",")

    def _function_type(self) -> int:
        count = 0
        while not self._take(">"):
            self._type()
            self._take(",")
            count += 1
        self._need("->")
        self._type()
        return count

    def _postfix(self) -> Node:
        found = self._primary()
        while True:
            sign = self._next()
            at = self._at
            if sign == "." and not self._text.startswith("..", self._at):
                self._at += 1
                found = Node("path", (found, self._name()), at)
            elif sign == "[":
                self._at += 1
                found = Node("filter", (found, self._expression()), at)
                self._need("]")
            elif sign == "(":
                self._at += 1
                found = self._call(found, at)
            else:
                return found

    def _call(self, function: Node, at: int) -> Node:
        given: list[Node] = []
        named: dict[str, Node] = {}
        while not self._take(")"):
            if given or named:
                self._need(",")
            start = self._at
            found = _NAMED.match(self._text, self._at)
            if found and not given and (begins_name(found[1][0]) or found[1][0] == '"'):
                self._at = found.end()
                name = " ".join(found[1].strip('"').split())
                if name in named:
                    self._fail("同一参数给了两次", "an argument is given twice", start)
                named[name] = self._expression()
            elif named:
                self._fail("不能混用具名和按序参数", "named and positional arguments are mixed", start)
            else:
                given.append(self._expression())
        return Node("call", (function, tuple(given), tuple(named.items())), at)

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

    def _primary(self) -> Node:
        sign = self._next()
        at = self._at
        if not sign:
            self._fail("表达式过早结束", "the expression ends too early")
        if sign == '"':
            return Node("value", (self._string(),), at)
        if found := _NUMBER.match(self._text, at):
            self._at = found.end()
            try:
                return Node("value", (D34.create_decimal(found[0]),), at)
            except ArithmeticError:
                self._fail("数字过大", "the number is too large", at)
        if sign == "@":
            self._at += 1
            return Node("value", (read_any(self._string()),), at)
        if sign == "{":
            return self._context(at)
        if sign in "[(]":
            return self._bracket(sign, at)
        return self._named(at)

    def _named(self, at: int) -> Node:
        word = self._word()
        spaced = any(self._spells(name) for name in self._spaced)
        if not spaced:
            if word in ("true", "false", "null"):
                self._at += len(word)
                return Node("value", ({"true": True, "false": False, "null": None}[word],), at)
            if word in ("if", "for", "some", "every", "function"):
                return self._expression()
            if word in _RESERVED:
                self._fail(f"此处不能用“{word}”", f"unexpected '{word}'")
        return Node("name", (self._name(),), at)

    def _context(self, at: int) -> Node:
        self._at += 1
        entries: list[tuple[str, Node]] = []
        while not self._take("}"):
            if entries:
                self._need(",")
            key = self._new_name(":},")
            self._need(":")
            entries.append((key, self._expression()))
        return Node("context", tuple(entries), at)

    def _bracket(self, sign: str, at: int) -> Node:
        self._at += 1
        if sign == "(" and (test := self._take("<=", ">=", "<", ">", "!=", "=")):
            found = Node("test", (test, self._sum()), at)
            self._need(")")
            return found
        if sign == "[" and self._take("]"):
            return Node("list", (), at)
        first = self._expression()
        if self._take(".."):
            last = self._expression()
            close = self._take("]", ")", "[")
            if not close:
                self._need("]")
            return Node("range", (first, last, sign == "[", close == "]"), at)
        if sign == "(":
            self._need(")")
            return first
        if sign == "]":
            self._fail("此处不能用“]”", "unexpected ']'", at)
        items = [first]
        while not self._take("]"):
            self._need(",")
            items.append(self._expression())
        return Node("list", tuple(items), at)

    # --- unary tests --------------------------------------------------------------------------------

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self._take(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Node:
        at = self._at
        if sign := self._take("<=", ">=", "!=", "=", "<", ">"):
            return Node("test", (sign, self._sum()), at)
        return self._expression()


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "uU" and len(code) in (5, 7):
        return chr(int(code[1:], 16)) if int(code[1:], 16) <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(code, "\\" + code)

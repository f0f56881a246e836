"""The text of an expression as a tree. Nothing is evaluated here and nothing but FEEL is understood.

Scannerless, because names may hold blanks (`working days`, 投诉 日期) and only the names in scope say where
they end. Every node knows its place in the text.
"""

from __future__ import annotations

import re

from engine.feel.budget import DEEPEST
from engine.feel.data import D34
from engine.feel.scanner import begins_name
from engine.feel.temporal import read_any
from engine.feel.tree import FeelSyntaxError, Node
from engine.feel.type_names import Types

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
_NUMBER = re.compile(r"(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NAMED = re.compile(r'\s*([^:"(),{}\[\]]+?|"[^"]*")\s*:(?!:)')
_LOOP = re.compile(r"\s*(.+?)\s+in\b", re.DOTALL)


class Parser(Types):
    """Reads one expression or one list of unary tests."""

    #: Ranges whose end is being read: there a bracket may close what another opened.
    _ranges = 0

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

    def _postfix(self) -> Node:
        found = self._primary()
        while True:
            sign = self._next()
            at = self._at
            if sign == "." and not self._text.startswith("..", self._at):
                self._at += 1
                found = Node("path", (found, self._name()), at)
            elif sign == "[":
                filtered = self._filter(found, at)
                if filtered is None:
                    return found
                found = filtered
            elif sign == "(":
                self._at += 1
                found = self._call(found, at)
            else:
                return found

    def _filter(self, items: Node, at: int) -> Node | None:
        """A filter; None where the bracket closes a range that leaves its end out: `[1..5[`."""
        depth = self._depth
        self._at += 1
        try:
            found = Node("filter", (items, self._expression()), at)
            self._need("]")
            return found
        except FeelSyntaxError:
            if not self._ranges:
                raise
            self._at, self._depth = at, depth
            return None

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
            self._ranges += 1
            try:
                last = self._expression()
            finally:
                self._ranges -= 1
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

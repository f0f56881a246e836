"""Types as they are written: `number`, `list<date>`, `context<a: number>`, `function<number>->string`."""

from __future__ import annotations

from engine.feel.scanner import Scanner
from engine.feel.tree import Node

_TYPES = (
    "date and time", "days and time duration", "years and months duration", "date", "time", "number", "string",
    "boolean", "Any", "Null",
)  # fmt: skip


class Types(Scanner):
    """Reads the name of a type."""

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
        for name in sorted(self._types, key=len, reverse=True):
            if (end := self._spells(name)) and len(name) >= len(word):
                self._at = end
                return self._types[name]
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

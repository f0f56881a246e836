"""An expression as a tree, and what is said when a text is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError


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
    deepest = 0
    stack: list[tuple[int, Any]] = [(0, node)]
    while stack:
        depth, part = stack.pop()
        if isinstance(part, Node):
            deepest = max(deepest, depth := depth + 1)
            part = part.parts
        if isinstance(part, tuple):
            stack += [(depth, inner) for inner in part if isinstance(inner, Node | tuple)]
    return deepest

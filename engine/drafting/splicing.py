"""Changing one thing in a YAML text and nothing else: comments, order, quotes and line breaks stay as their owner wrote them.

A place is a path of keys and positions: `("limits", "T08-1", "value")`, `("fields", 2)`. Each function takes a text and gives
a new one. What is written is in flow style, on one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from engine.errors import EngineError
from engine.release import loader_for

Path = tuple[str | int, ...]
_Mapping = yaml.MappingNode
_List = yaml.SequenceNode
_COMMENT = re.compile(r"[ \t]*#")


class NoSuchPlace(EngineError):
    """The text has no {place} that could be changed."""

    zh = "文本中没有可以修改的 {place}。"


def put(text: str, path: Path, value: Any) -> str:
    """Set a value; a key that is not there yet is added behind the others of its mapping, with what leads to it."""
    root = _root(text)
    for depth in range(len(path), 0, -1):
        holder, last = _find(root, path[: depth - 1]), path[depth - 1]
        if holder is None:
            continue
        for step in reversed(path[depth:]):
            value = {str(step): value}
        if isinstance(holder, _Mapping):
            pair = _pair(holder, last)
            if pair is not None:
                return _write(text, pair[1], _said(value))
            return _add(text, holder, f"{_said(str(last))}: {_said(value)}")
        if isinstance(holder, _List) and isinstance(last, int) and last < len(holder.value):
            return _write(text, holder.value[last], _said(value))
        break
    raise NoSuchPlace(place=".".join(map(str, path)))


def take(text: str, path: Path) -> str:
    """Take a key out of its mapping, or an item out of its list; where there is none, nothing changes."""
    holder, last = _find(_root(text), path[:-1]), path[-1]
    if isinstance(holder, _Mapping):
        return _without(text, holder, last)
    if isinstance(holder, _List) and isinstance(last, int) and last < len(holder.value):
        return _ordered(text, holder, [n for n in range(len(holder.value)) if n != last])
    return text


def insert(text: str, path: Path, at: int, value: Any) -> str:
    """Put a new item into a list, before the one that is at this position now."""
    holder = _list(text, path)
    if not holder.value:
        return _write(text, holder, _said([value]))
    if holder.flow_style:
        parts = [_slice(text, item) for item in holder.value]
        parts.insert(at, _said(value))
        return _write(text, holder, f"[{', '.join(parts)}]")
    starts, end = _chunks(text, holder)
    first = holder.value[0].start_mark
    dash = text[_line(text, first.index) : first.index]
    new = f"{dash if dash.strip() == '-' else ' ' * dash.index('-') + '- '}{_said(value)}\n"
    place = starts[at] if at < len(starts) else end
    before = text[:place] if place == 0 or text[place - 1] == "\n" else text[:place] + "\n"
    return before + new + text[place:]


def order(text: str, path: Path, places: Sequence[int]) -> str:
    """Keep these items of a list, in this order; comments above an item go with it."""
    return _ordered(text, _list(text, path), places)


# --- finding ------------------------------------------------------------------------------------------


def _root(text: str) -> yaml.Node:
    root = yaml.compose(text, Loader=loader_for(text.encode()))
    if not isinstance(root, _Mapping):
        raise NoSuchPlace(place="-")
    return root


def _find(node: yaml.Node | None, path: Path) -> yaml.Node | None:
    for step in path:
        if isinstance(node, _Mapping):
            pair = _pair(node, step)
            node = pair[1] if pair else None
        elif isinstance(node, _List) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node


def _pair(node: yaml.MappingNode, key: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    return next((pair for pair in node.value if pair[0].value == str(key)), None)


def _list(text: str, path: Path) -> yaml.SequenceNode:
    found = _find(_root(text), path)
    if not isinstance(found, _List):
        raise NoSuchPlace(place=".".join(map(str, path)))
    return found


# --- writing ------------------------------------------------------------------------------------------


def _said(value: Any) -> str:
    """A value as it may stand anywhere in a text."""
    dumped = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False)
    return dumped.strip()[1:-1]


def _end(text: str, node: yaml.Node) -> int:
    """Where what is written for a node ends: a block is over with its last child, not with the next thing."""
    if isinstance(node, _Mapping | _List) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(node, _Mapping) else last)
    return node.start_mark.index + len(text[node.start_mark.index : node.end_mark.index].rstrip())


def _slice(text: str, node: yaml.Node) -> str:
    return text[node.start_mark.index : _end(text, node)]


def _write(text: str, node: yaml.Node, said: str) -> str:
    start, end = node.start_mark.index, _end(text, node)
    # Nothing at all was written behind the colon.
    blank = " " if start == end and text[start - 1 : start] == ":" else ""
    return text[:start] + blank + said + text[end:]


def _add(text: str, node: yaml.MappingNode, said: str) -> str:
    if not node.value:
        return _write(text, node, f"{{{said}}}")
    end = _end(text, node.value[-1][1])
    if node.flow_style:
        return f"{text[:end]}, {said}{text[end:]}"
    place = _line_end(text, end)
    return f"{text[:place]}\n{' ' * node.value[0][0].start_mark.column}{said}{text[place:]}"


def _without(text: str, node: yaml.MappingNode, key: str | int) -> str:
    at = next((n for n, pair in enumerate(node.value) if pair[0].value == str(key)), None)
    if at is None:
        return text
    if len(node.value) == 1:
        return _write(text, node, "{}")
    if at == 0:
        return text[: node.value[0][0].start_mark.index] + text[node.value[1][0].start_mark.index :]
    begin, end = _end(text, node.value[at - 1][1]), _end(text, node.value[at][1])
    if not node.flow_style:
        # The line it stood on goes, with a remark behind it; those above it stay.
        begin, end = _line(text, node.value[at][0].start_mark.index), min(_line_end(text, end) + 1, len(text))
    return text[:begin] + text[end:]


def _ordered(text: str, node: yaml.SequenceNode, places: Sequence[int]) -> str:
    if list(places) == list(range(len(node.value))):
        return text
    if not places:
        return _write(text, node, "[]")
    if node.flow_style:
        return _write(text, node, f"[{', '.join(_slice(text, node.value[n]) for n in places)}]")
    starts, end = _chunks(text, node)
    chunks = [text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
    whole = [c if c.endswith("\n") else f"{c}\n" for c in chunks]
    return text[: starts[0]] + "".join(whole[n] for n in places) + text[end:]


def _chunks(text: str, node: yaml.SequenceNode) -> tuple[list[int], int]:
    """Where each item of a block begins, with the remarks above it; and where the last one is over."""
    starts, floor = [], 0
    for item in node.value:
        begin = _line(text, item.start_mark.index)
        while begin > floor and _COMMENT.match(text, above := _line(text, begin - 1)) and above >= floor:
            begin = above
        starts.append(begin)
        floor = min(_line_end(text, _end(text, item)) + 1, len(text))
    return starts, floor


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


__all__ = ["NoSuchPlace", "Path", "insert", "order", "put", "take"]

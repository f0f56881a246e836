"""Whether each expression of a process can be read, and each literal means what its place asks for.

Names are looked up by `knowledge`; nothing is evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.model import Element, Process
from engine.feel import Compiled, FeelSyntaxError, Node, compile, read_duration, read_moment
from engine.values import YearsMonths

#: Places that only FEEL can fill.
ONLY_FEEL = frozenset({
    "condition", "completionCondition", "inputCollection", "activeElementsCollection", "outputElement", "script", "correlationKey",
    "loopCondition",
})  # fmt: skip
#: The longest span and the shortest cycle that anybody means.
MOST_YEARS, SHORTEST_CYCLE = 100, timedelta(seconds=1)
#: A cycle without end that comes more often than this is work for the machine all day long.
HURRIED = timedelta(minutes=1)
_CYCLE = re.compile(r"R(\d{0,9})/(?:([^/P]+)/)?(P[^/]+)")

#: What the first argument of a function of the house names.
_NAMING = {
    "due": ("limit", "时限"),
    "warn": ("limit", "时限"),
    "param": ("parameter", "参数"),
    "milestone": ("milestone", "里程碑"),
    "done by": ("element", "元素"),
}


def texts_of(process: Process) -> Iterator[tuple[Element, str, str, str]]:
    """Every text of a process that may be FEEL: the element that reads it, what it is written on, where, the text."""
    for element in process.elements.values():
        for expression in element.expressions:
            yield element, element.id, expression.where, expression.text
    for flow in process.flows.values():
        if flow.condition is not None:
            yield process.elements[flow.source], flow.id, "condition", flow.condition


def compiled(where: str, text: str) -> Compiled | None:
    """The expression ready to run; None for a literal.

    Raises:
        FeelSyntaxError.
    """
    if not text.strip().startswith("="):
        return None
    return compile(text.strip().removeprefix("="))


def note_wording(process: Process, given: Given, drawn: Iterable[Process], faults: Faults) -> None:
    """Note each text that cannot be read as what it should be, and each name it asks for in vain."""
    known = _names(given, drawn)
    for element, on, where, text in texts_of(process):
        if where in ONLY_FEEL and not text.strip().startswith("="):
            faults.add("not-feel", on, f"“{element.label}”的 {where} 不是 FEEL：{text}",
                       f"{where} of “{element.label}” is not FEEL: {text}",
                       "请以等号开头，例如 =loss > 1000。", "Begin with an equals sign, for instance =loss > 1000.",
                       where=where, text=text)  # fmt: skip
            continue
        try:
            expression = compiled(where, text)
        except FeelSyntaxError as error:
            faults.add("feel-syntax", on, f"“{element.label}”的 {where} 读不懂：{text}　{error.text('zh')}",
                       f"{where} of “{element.label}” cannot be read: {text} {error.text('en')}",
                       "请改正表达式。", "Correct the expression.",
                       where=where, text=text, line=error.line, column=error.column)  # fmt: skip
            continue
        if expression is None:
            _literal(element, on, where, text, faults)
        else:
            _functions(element, on, expression, known, given, faults)


def _names(given: Given, drawn: Iterable[Process]) -> dict[str, frozenset[str]]:
    elements = [e for process in drawn for e in process.elements.values()]
    return {
        "limit": frozenset(given.limits),
        "parameter": given.params,
        "milestone": frozenset({"opened", "closed"} | {e.zeebe.properties.get("milestone", "") for e in elements}),
        "element": frozenset(e.id for e in elements),
    }


def _functions(
    element: Element, on: str, expression: Compiled, known: dict[str, frozenset[str]], given: Given, faults: Faults
) -> None:
    for called in sorted(expression.calls & expression.used):
        faults.add("function-unknown", on, f"“{element.label}”用到的函数“{called}”不存在。",
                   f"“{element.label}” calls the function “{called}”, which does not exist.",
                   "请改正函数名。", "Correct its name.", name=called, text=expression.text)  # fmt: skip
    for function, (name, *more) in _calls(expression.ast):
        kind, zh = _NAMING[function]
        if name is not None and name not in known[kind]:
            faults.add(f"{kind}-unknown", on, f"“{element.label}”用到的{zh}“{name}”不存在。",
                       f"“{element.label}” asks for the {kind} “{name}”, which does not exist.",
                       "请改正或补上。", "Correct it or add it.", name=name, text=expression.text)  # fmt: skip
        variant: str | None = more[0] if more else ""
        if kind == "limit" and variant is not None and not given.limits.get(name or "", {variant}) & {variant, ""}:
            faults.add("variant-unknown", on, f"“{element.label}”用到的时限 {name} 没有“{variant}”这一档。",
                       f"“{element.label}” asks for the variant “{variant}” of the limit {name}, which it has not.",
                       "请改正或补上。", "Correct it or add it.", name=variant, text=expression.text)  # fmt: skip


def _calls(node: Any) -> Iterator[tuple[str, list[str | None]]]:
    """Calls of functions that name something: the function and its arguments, None for what is computed."""
    if isinstance(node, tuple):
        for part in node:
            yield from _calls(part)
    elif isinstance(node, Node):
        if node.op == "call" and node.parts[0].op == "name" and node.parts[0].parts[0] in _NAMING and node.parts[1]:
            yield node.parts[0].parts[0], [_literal_text(argument) for argument in node.parts[1]]
        yield from _calls(node.parts)


def _literal_text(node: Node) -> str | None:
    return node.parts[0] if node.op == "value" and isinstance(node.parts[0], str) else None


def _literal(element: Element, on: str, where: str, text: str, faults: Faults) -> None:
    if text.strip().startswith(("${", "#{")):
        faults.add("juel", on, f"“{element.label}”的 {where} 是 JUEL 表达式：{text}",
                   f"{where} of “{element.label}” is a JUEL expression: {text}",
                   "请改写为以等号开头的 FEEL。", "Write it as FEEL, beginning with an equals sign.",
                   where=where, text=text)  # fmt: skip
    elif (fault := _TIMES.get(where, _no_time)(text.strip())) is not None:
        code = {"priority": "priority-not-readable", "loopCardinality": "count-not-readable"}.get(where, "time-not-readable")
        faults.add(code, on, f"“{element.label}”的 {where} 读不懂：{text}。{fault[0]}",
                   f"{where} of “{element.label}” cannot be read: {text}. {fault[1]}",
                   "请改正。", "Correct it.", where=where, text=text)  # fmt: skip


Fault = tuple[str, str]


def _no_time(text: str) -> Fault | None:
    return None


def _date(text: str) -> Fault | None:
    if read_moment(text) is None:
        return "时刻要写成 2026-11-24T09:00:00+08:00。", "A date is written 2026-11-24T09:00:00+08:00."
    return None


def _instant(text: str) -> Fault | None:
    moment = read_moment(text)
    if moment is None or moment.tzinfo is None:
        # In the diagram, so the same moment everywhere; what is local is FEEL, where the pack's calendar has its zone.
        return "时刻要写明时区，例如 2026-11-24T09:00:00+08:00。", "A date says its zone, for instance 2026-11-24T09:00:00+08:00."
    return None


def _duration(text: str) -> Fault | None:
    length = read_duration(text)
    if text.startswith("-") or length is None:
        return "时长要写成 P3D、PT4H 或 P1M，不能为负。", "A duration is written P3D, PT4H or P1M, never negative."
    if length > YearsMonths(MOST_YEARS * 12) if isinstance(length, YearsMonths) else length > timedelta(days=366 * MOST_YEARS):
        return f"时长不能超过 {MOST_YEARS} 年。", f"A duration is at most {MOST_YEARS} years."
    return None


def _often(text: str) -> bool:
    """Whether a length is too short to be repeated."""
    length = read_duration(text)
    return length == YearsMonths(0) or (isinstance(length, timedelta) and length < SHORTEST_CYCLE)


def _times(text: str) -> Fault | None:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or int(text) > 1000:
        return "次数是 0 到 1000 的整数，或以等号开头的 FEEL。", "It is a whole number from 0 to 1000, or FEEL beginning with an equals sign."
    return None


def _priority(text: str) -> Fault | None:
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or int(text) > 100:
        return "优先级是 0 到 100 的整数。", "A priority is a whole number from 0 to 100."
    return None


def _cycle(text: str) -> Fault | None:
    found = _CYCLE.fullmatch(text)
    if found is None or found[1] == "0" or _duration(found[3]) or (found[2] and _instant(found[2])):
        return "循环要写成 R3/P1D 或 R/P1M（起点要写明时区）。", "A cycle is written R3/P1D or R/P1M, its beginning with a zone; cron is not read."
    if _often(found[3]):
        return "循环的间隔至少一秒。", "A cycle comes at most once a second."
    return None


def is_hurried(cycle: str) -> bool:
    """Whether a cycle that is written out has no end and comes more often than anybody needs."""
    found = _CYCLE.fullmatch(cycle)
    length = read_duration(found[3]) if found and not found[1] else None
    return isinstance(length, timedelta) and length < HURRIED


_TIMES = {"timeDate": _instant, "timeDuration": _duration, "timeCycle": _cycle, "dueDate": _date, "priority": _priority, "loopCardinality": _times}

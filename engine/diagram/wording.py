"""Whether each expression of a process can be read, and each literal means what its place asks for.

Names are looked up by `knowledge`; nothing is evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.model import Element, Process
from engine.feel import Compiled, FeelSyntaxError, compile, read_duration, read_moment

#: Places that only FEEL can fill.
ONLY_FEEL = frozenset({
    "condition", "completionCondition", "inputCollection", "outputElement", "script", "correlationKey",
})  # fmt: skip
#: Functions of the house whose first argument names something of the pack.
_NAMING = {"due": "limits", "warn": "limits", "param": "params"}
_CALL = re.compile(r"\b(due|warn|param)\s*\(\s*\"([^\"]*)\"")
_CYCLE = re.compile(r"R(\d*)/(?:([^/P]+)/)?(P[^/]+)")


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


def note_wording(process: Process, given: Given, faults: Faults) -> None:
    """Note each text that cannot be read as what it should be."""
    for element, on, where, text in texts_of(process):
        if where in ONLY_FEEL and not text.strip().startswith("="):
            faults.add("not-feel", on, f"“{element.label}”的 {where} 不是 FEEL：{text}",
                       f"{where} of “{element.label}” is not FEEL: {text}",
                       "请以等号开头，例如 =loss > 1000。", "Begin with an equals sign, for instance =loss > 1000.",
                       where=where, text=text)  # fmt: skip
            continue
        try:
            if compiled(where, text) is None:
                _literal(element, on, where, text, faults)
        except FeelSyntaxError as error:
            faults.add("feel-syntax", on, f"“{element.label}”的 {where} 读不懂：{text}　{error.text('zh')}",
                       f"{where} of “{element.label}” cannot be read: {text} {error.text('en')}",
                       "请改正表达式。", "Correct the expression.",
                       where=where, text=text, line=error.line, column=error.column)  # fmt: skip
            continue
        _named(element, on, text, given, faults)


def _named(element: Element, on: str, text: str, given: Given, faults: Faults) -> None:
    for function, name in _CALL.findall(text):
        if name not in (given.limits if _NAMING[function] == "limits" else given.params):
            what = ("时限", "limit") if _NAMING[function] == "limits" else ("参数", "parameter")
            faults.add(f"{function}-unknown", on, f"“{element.label}”用到的{what[0]}“{name}”不存在。",
                       f"“{element.label}” asks for the {what[1]} “{name}”, which does not exist.",
                       "请改正或补上。", "Correct it or add it to pack.yaml.", name=name)  # fmt: skip


def _literal(element: Element, on: str, where: str, text: str, faults: Faults) -> None:
    if text.strip().startswith(("${", "#{")):
        faults.add("juel", on, f"“{element.label}”的 {where} 是 JUEL 表达式：{text}",
                   f"{where} of “{element.label}” is a JUEL expression: {text}",
                   "请改写为以等号开头的 FEEL。", "Write it as FEEL, beginning with an equals sign.",
                   where=where, text=text)  # fmt: skip
    elif (fault := _TIMES.get(where, _no_time)(text.strip())) is not None:
        faults.add("time-not-readable", on, f"“{element.label}”的 {where} 读不懂：{text}。{fault[0]}",
                   f"{where} of “{element.label}” cannot be read: {text}. {fault[1]}",
                   "请改正。", "Correct it.", where=where, text=text)  # fmt: skip


Fault = tuple[str, str]


def _no_time(text: str) -> Fault | None:
    return None


def _date(text: str) -> Fault | None:
    if read_moment(text) is None:
        return "时刻要写成 2026-11-24T09:00:00+08:00。", "A date is written 2026-11-24T09:00:00+08:00."
    return None


def _duration(text: str) -> Fault | None:
    if text.startswith("-") or read_duration(text) is None:
        return "时长要写成 P3D、PT4H 或 P1M，不能为负。", "A duration is written P3D, PT4H or P1M, never negative."
    return None


def _cycle(text: str) -> Fault | None:
    found = _CYCLE.fullmatch(text)
    if found is None or found[1] == "0" or _duration(found[3]) or (found[2] and _date(found[2])):
        return "循环要写成 R3/P1D 或 R/P1M。", "A cycle is written R3/P1D or R/P1M; cron is not read."
    return None


_TIMES = {"timeDate": _date, "timeDuration": _duration, "timeCycle": _cycle}

"""The conformance models of the betsy project, with their placeholders given a meaning in FEEL.

Scripts of the models say SCRIPT_task1 or CREATE_LOG_FILE; here they append to a list called `log`.
Nothing about gateways, events or flows is changed, so a model shows what the diagram means to us.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from engine.diagram import Diagram, check_drawing
from engine.findings import Refused, errors
from engine.release import Release
from tests.run.drawing import CALENDAR, PACK, Driven

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "bpmn"
_B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_Z = "{http://camunda.org/schema/zeebe/1.0}"
_SCRIPTS = {
    "CREATE_LOG_FILE": ("=[]", "log"),
    "CREATE_MARKER_FILE": ("=true", "marker"),
    "SET_STRING_DATA": ('="String"', "data"),
    "LOG_DATA": ('=append(log, if data = "String" then "DATA_correct" else "DATA_wrong")', "log"),
    "INCREMENT_INTEGER_VARIABLE": ("=integerVariable + 1", "integerVariable"),
}
_BOTH = "INCREMENT_INTEGER_VARIABLE_AND_LOG"
#: Timers are fired at most so often: a model that waits for ever is not waited for.
MOST_TIMERS = 20


@dataclass(frozen=True)
class Case:
    """What a model must do with some data."""

    data: Mapping[str, Any]
    expect: tuple[str, ...]


def cases() -> dict[str, list[Case]]:
    """The cases of each model."""
    rows = json.loads((FOLDER / "betsy" / "expected.json").read_text("utf-8"))
    return {r["file"]: [Case(c["data"], tuple(c["expect"])) for c in r["cases"]] for r in rows}


def model(file: str) -> bytes:
    """The model with its placeholders replaced."""
    root = etree.fromstring((FOLDER / "betsy" / file).read_bytes())
    for node in root.iter(f"{_B}scriptTask"):
        script = node.find(f"{_B}script")
        said = (script.text or "").strip()
        text, name = _script(said)
        node.remove(script)
        _extend(node, "script", expression=text, resultVariable=name)
        if said == _BOTH:
            _map(node, log="=both.log", integerVariable="=both.number")
    for name in ("conditionExpression", "condition", "loopCondition"):
        for node in root.iter(f"{_B}{name}"):
            node.text = _condition((node.text or "").strip())
    for node in root.iter(f"{_B}callActivity"):
        if node.get("calledElement"):
            _extend(node, "calledElement", processId=node.get("calledElement"))
    for node in root.iter(f"{_B}multiInstanceLoopCharacteristics"):
        _repeat(node)
    called = {node.get("calledElement") for node in root.iter(f"{_B}callActivity")}
    main = next(p for p in root.findall(f"{_B}process") if p.get("id") not in called)
    for pool in root.iter(f"{_B}participant"):
        if pool.get("processRef") == main.get("id"):
            pool.set("processRef", "main")
    main.set("id", "main")
    return etree.tostring(root)


def refusals(data: bytes) -> list[str]:
    """Why the model is refused; empty when it is accepted."""
    try:
        return sorted({f.code for f in errors(check_drawing(Diagram.read(data, "model.bpmn")))})
    except Refused as refused:
        return sorted({f.code for f in refused.findings})


def trace(data: bytes, given: Mapping[str, Any], *, marker: bool) -> list[str]:
    """What a case of the model writes into its log, and whether it left a marker where one is looked for."""
    release = Release.of({"pack.yaml": PACK.encode(), "calendars/cn.toml": CALENDAR, "diagrams/model.bpmn": data})
    case = Driven(release, **given)
    for _ in range(MOST_TIMERS):
        if not case.run.timers:
            break
        case.fire(min(case.run.timers.values(), key=lambda t: t.due).element)
    known = case.run.document()
    return [*known.get("log", []), *(["MARKER_exists"] if marker and known.get("marker") else [])]


def _script(text: str) -> tuple[str, str]:
    if text == _BOTH:
        return '={log: append(log, "INCREMENT_correct"), number: integerVariable + 1}', "both"
    return _SCRIPTS.get(text, (f'=append(log, "{text}")', "log"))


def _condition(text: str) -> str:
    text = re.sub(r'test\.contains\("(\w)"\)', r'contains(test, "\1")', text)
    return "=" + (f"not({text[1:]})" if text.startswith("!") else text)


def _repeat(node: Any) -> None:
    if (count := node.find(f"{_B}loopCardinality")) is not None:
        text = (count.text or "").strip()
        count.text = f"={text[2:-1]}" if text.startswith("${") else text


def _map(node: Any, **outputs: str) -> None:
    mapping = etree.SubElement(node.find(f"{_B}extensionElements"), f"{_Z}ioMapping")
    for target, source in outputs.items():
        etree.SubElement(mapping, f"{_Z}output", source=source, target=target)


def _extend(node: Any, name: str, **attributes: str) -> None:
    holder = node.find(f"{_B}extensionElements")
    if holder is None:
        holder = etree.Element(f"{_B}extensionElements")
        node.insert(0, holder)
    etree.SubElement(holder, f"{_Z}{name}", attributes)

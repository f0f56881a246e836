"""Reading scenario files: Gherkin, by the parser of its makers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.errors import EngineError

FOLDER = "scenarios"


class ScenarioUnreadable(EngineError):
    """{file} is no scenario file: {why}"""

    zh = "{file} 不是场景文件：{why}"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One sentence, with the table under it."""

    text: str
    #: Rows of cells.
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One story; an outline is as many as it has examples."""

    file: str
    name: str
    steps: tuple[Step, ...]
    #: Of an outline: what this example of it says, "金额 = 5000 · 谁 = 总经理"; else "".
    example: str = ""


def scenarios_of(pack: Path) -> list[Scenario]:
    """The scenarios of a pack's folder, in the order of files and lines.

    Raises:
        ScenarioUnreadable.
    """
    return [s for path in sorted((pack / FOLDER).glob("*.feature")) for s in _read(path)]


def usual_of(pack: Path) -> Mapping[str, Mapping[str, Any]]:
    """What is usually answered: element id (or `intake`, a message, a form) -> field -> entry.

    Raises:
        ScenarioUnreadable.
    """
    path = pack / FOLDER / "usual.yaml"
    if not path.exists():
        return {}
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioUnreadable(file=path.name, why=str(error)) from error
    if not isinstance(loaded, dict) or not all(isinstance(v, dict) for v in loaded.values()):
        raise ScenarioUnreadable(file=path.name, why="element: {field: entry}")
    return loaded


def _read(path: Path) -> Iterator[Scenario]:
    try:
        document: Any = {**Parser().parse(path.read_text(encoding="utf-8")), "uri": path.name}
    except (ParserError, CompositeParserException, UnicodeDecodeError) as error:
        raise ScenarioUnreadable(file=path.name, why=str(error)) from error
    examples = dict(_examples(document))
    for pickle in Compiler().compile(document):
        yield Scenario(
            file=path.name, name=pickle["name"], steps=tuple(_step(step) for step in pickle["steps"]),
            example=examples.get(pickle["astNodeIds"][-1], ""),
        )  # fmt: skip


def _examples(node: Any) -> Iterator[tuple[str, str]]:
    """Row of an outline's examples -> what it says, wherever in the file it stands."""
    if isinstance(node, list):
        for one in node:
            yield from _examples(one)
    elif isinstance(node, dict) and "tableBody" in node:
        heads = [cell["value"] for cell in node["tableHeader"]["cells"]] if node.get("tableHeader") else []
        for row in node["tableBody"]:
            yield row["id"], " · ".join(f"{head} = {cell['value']}" for head, cell in zip(heads, row["cells"], strict=False))
    elif isinstance(node, dict):
        for one in node.values():
            yield from _examples(one)


def _step(step: Mapping[str, Any]) -> Step:
    rows = (step.get("argument") or {}).get("dataTable", {}).get("rows", ())
    return Step(text=step["text"], table=tuple(tuple(cell["value"] for cell in row["cells"]) for row in rows))

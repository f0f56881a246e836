"""Names under which a diagram keeps values: each must be a name that expressions can read, and not one they read otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram.faults import Faults
from engine.diagram.model import Element, Process

#: A name, or one with parts: `a.b` writes into the context `a`.
_NAME = re.compile(r"[^\W\d]\w{0,99}(\.[^\W\d]\w{0,99}){0,9}")
#: Words of the language, and what every expression sees anyway.
RESERVED = frozenset({
    "case", "true", "false", "null", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not",
    "between", "instance", "function", "external",
})  # fmt: skip


def note_naming(process: Process, faults: Faults) -> None:
    """Note each name that could not be read again, or would hide what expressions see."""
    for element in process.elements.values():
        for where, name in _names(element):
            if _NAME.fullmatch(name) and name.split(".")[0] not in RESERVED:
                continue
            faults.add("name-not-readable", element.id, f"“{element.label}”的 {where} 写的名称“{name}”不能使用。",
                       f"{where} of “{element.label}” says “{name}”, which cannot be a name.",
                       "以字母开头，只含字母、数字、“_”，用“.”分层，且不用保留字（case、true、if 等）。",
                       "Begin with a letter; use letters, digits and “_”, with “.” between parts, and no word of the language (case, true, if …).",
                       line=element.line, where=where, name=name)  # fmt: skip


def _names(element: Element) -> Iterator[tuple[str, str]]:
    settings, loop = element.zeebe, element.zeebe.loop
    yield from (("input", line.target) for line in settings.inputs)
    yield from (("output", line.target) for line in settings.outputs)
    named = [("resultVariable", settings.result or "")]
    if loop is not None:
        named += [("inputElement", loop.item), ("outputCollection", loop.output_collection)]
    yield from ((where, name) for where, name in named if name)

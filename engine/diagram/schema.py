"""Asks the standard's own schema whether a file is BPMN at all.

The schema files of the OMG lie in the installed SpiffWorkflow package; they are read as data, the
library is not imported. A message of the schema is for experts, so it is asked last.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from engine.diagram.document import BPMN, bpmn, children, line_of
from engine.diagram.faults import Faults

_PLACE = Path("bpmn", "parser", "schema", "BPMN20.xsd")


def note_schema(root: etree._Element, faults: Faults) -> None:
    """Note the place where the file breaks the schema."""
    # Called processes are named by our dialect; an expression there is refused by name elsewhere.
    for node in root.iter(bpmn("correlationPropertyRetrievalExpression")):
        # bpmn-js writes the expression under another name than the schema.
        for inner in children(node, "formalExpression"):
            inner.tag = bpmn("messagePath")
    try:
        _schema().assertValid(root)
    except etree.DocumentInvalid as error:
        said, _, line = str(error).replace(f"{{{BPMN}}}", "").rpartition(", line ")
        near = next((n for n in root.iter() if str(line_of(n)) == line and n.get("id")), None)
        faults.add("not-by-schema", (near.get("id") or "") if near is not None else "",
                   f"不符合 BPMN 2.0（第 {line} 行）：{said}", f"is not as BPMN 2.0 demands (line {line}): {said}",
                   "请用流程图编辑器打开并重新保存。", "Open it in the diagram editor and save it again.",
                   line=int(line or 0))  # fmt: skip


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    found = find_spec("SpiffWorkflow")
    assert found is not None and found.submodule_search_locations, "SpiffWorkflow is a dependency"
    return etree.XMLSchema(etree.parse(str(Path(found.submodule_search_locations[0]) / _PLACE)))

"""How much a file may hold, and which names can be shown: asked before anything is made of it, so that a refusal is quick.

No rule here knows what an element does. The bounds are far above what people draw and read. Only the gate asks:
a release that is in force is read as it is, whatever bounds were drawn since.
"""

from __future__ import annotations

import re

from lxml import etree

from engine.diagram.document import BPMN, ZEEBE, bpmn, line_of, local, namespace, parse
from engine.diagram.faults import Faults
from engine.diagram.model import NODES
from engine.diagram.reading import MOST_NODES
from engine.findings import Finding, Refused

#: Tags of a file: 500 elements, drawn, with all their settings, have about 10,000.
MOST_TAGS = 30_000
#: Attributes of a tag.
MOST_ATTRIBUTES = 40
#: Characters of a name or code, which is shown to people; of any other attribute, which may be an expression.
LONGEST_NAME, LONGEST_ATTRIBUTE = 500, 10_000
_NAMES = frozenset({"id", "name", "errorCode", "escalationCode"})
#: Characters that let a text be read otherwise than it is written.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\ufeff]")


def measure(data: bytes, file: str) -> list[Finding]:
    """What is too much to be read, or cannot be shown; nothing about a file that is none: reading it says so."""
    faults = Faults(file)
    try:
        root = parse(data, faults)
    except Refused:
        return []
    _tags(root, faults)
    return faults.findings


def _tags(root: etree._Element, faults: Faults) -> None:
    tags = 0
    for node in root.iter("{*}*"):
        tags += 1
        if len(node.attrib) > MOST_ATTRIBUTES:
            _note("too-many-attributes", node, f"一个标签有 {len(node.attrib)} 个属性，上限 {MOST_ATTRIBUTES} 个。",
                  f"a tag has {len(node.attrib)} attributes; {MOST_ATTRIBUTES} is the most.", faults)  # fmt: skip
            continue
        if namespace(node) in (BPMN, ZEEBE):
            _attributes(node, faults)
    if tags > MOST_TAGS:
        faults.add("too-many-elements", "", f"文件有 {tags} 个标签，上限 {MOST_TAGS} 个。",
                   f"holds {tags} tags; {MOST_TAGS} is the most.", "请拆成几个文件。", "Split it into several files.")  # fmt: skip
    for process in root.iterfind(bpmn("process")):
        found = sum(1 for _ in process.iter(*map(bpmn, NODES)))
        if found > MOST_NODES:
            faults.add("too-many-elements", str(process.get("id") or "")[:120], f"流程有 {found} 个元素，上限 {MOST_NODES} 个。",
                       f"this process has {found} elements; {MOST_NODES} is the most.",
                       "请拆分为被调用的流程。", "Split it into called processes.")  # fmt: skip


def _attributes(node: etree._Element, faults: Faults) -> None:
    for key, value in node.attrib.items():
        name, text = str(key), str(value)
        most = LONGEST_NAME if namespace(node) == BPMN and name in _NAMES else LONGEST_ATTRIBUTE
        if len(text) > most:
            _note("attribute-too-long", node, f"{local(node)} 的 {name} 有 {len(text)} 个字符，上限 {most} 个。",
                  f"{name} of {local(node)} has {len(text)} characters; {most} is the most.", faults)  # fmt: skip
        elif name == "name" and _TURNING.search(text):
            _note("name-not-plain", node, "名称中有改变阅读方向的或看不见的字符。",
                  "its name holds characters that turn the direction of reading or are not seen.", faults)  # fmt: skip


def _note(code: str, node: etree._Element, zh: str, en: str, faults: Faults) -> None:
    element = str(node.get("id") or "")[:120]
    faults.add(code, element, zh, en, "请缩短或删除它。", "Shorten or remove it.", line=line_of(node))

"""The door to lxml: turns bytes into a tree that can do no harm, or refuses them.

No entity is expanded, nothing is fetched, size and depth are bounded. What the elements mean is
read by `reading`; this module only knows XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagram.faults import Faults

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
#: Bytes of one file.
LARGEST = 2_000_000
#: Tags inside tags; sub-processes ten deep stay far below.
DEEPEST = 60

_ENCODINGS = ("utf-8", "us-ascii", "ascii", "iso-8859-", "windows-125", "gb")
_ENCODING = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def bpmn(name: str) -> str:
    """The tag of a BPMN element as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    """The tag of a zeebe extension as lxml writes it."""
    return f"{{{ZEEBE}}}{name}"


def local(node: etree._Element) -> str:
    """The name of a tag without its namespace."""
    return etree.QName(node).localname


def namespace(node: etree._Element) -> str:
    """The namespace of a tag."""
    return etree.QName(node).namespace or ""


def children(node: etree._Element, name: str) -> list[etree._Element]:
    """The direct children of a BPMN name."""
    return node.findall(bpmn(name))


def text_of(node: etree._Element | None) -> str:
    """The text inside a tag, without surrounding blanks."""
    return (node.text or "").strip() if node is not None else ""


def line_of(node: etree._Element) -> int:
    """The line a tag begins at."""
    line = node.sourceline
    return line if isinstance(line, int) else 0


def parse(data: bytes, faults: Faults) -> etree._Element:
    """The root of the document.

    Raises:
        Refused: the bytes are no BPMN file that can be read safely.
    """
    _before(data, faults)
    faults.refuse_if_any()
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        faults.add("not-xml", "", f"不是合格的 XML（第 {line} 行）。", f"is not proper XML (line {line}).",
                   "请用流程图编辑器重新导出。", "Export it again from the diagram editor.", line=line)  # fmt: skip
        faults.refuse_if_any()
        raise AssertionError from error  # unreachable: refuse_if_any raised
    if root.tag != bpmn("definitions"):
        faults.add("not-bpmn", "", "不是 BPMN 2.0 文件。", "is not a BPMN 2.0 file.",
                   "请上传扩展名为 .bpmn 的流程图。", "Give a diagram saved as BPMN 2.0.")  # fmt: skip
    elif _depth(root) > DEEPEST:
        faults.add("too-deep", "", "嵌套过深。", "is nested too deeply.",
                   "请把内层子流程改为被调用的流程。", "Turn inner sub-processes into called processes.")  # fmt: skip
    faults.refuse_if_any()
    return root


def ids_of(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Every id in the model part of the file."""
    for node in root.iter(f"{{{BPMN}}}*"):
        if (name := node.get("id")) is not None:
            yield name, node


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def _before(data: bytes, faults: Faults) -> None:
    if len(data) > LARGEST:
        faults.add("too-large", "", "文件超过 2 MB。", "is larger than 2 MB.",
                   "请拆分为几个流程。", "Split it into several processes.")  # fmt: skip
    elif not _is_readable(data):
        faults.add("encoding", "", "无法按所声明的编码读取。", "cannot be read in the encoding it declares.",
                   "请另存为 UTF-8。", "Save it as UTF-8.")  # fmt: skip
    elif _DOCTYPE.search(data):
        faults.add("doctype", "", "含有 DOCTYPE 或实体声明。", "declares a DOCTYPE or entities.",
                   "请删除该声明。", "Remove the declaration.")  # fmt: skip


def _is_readable(data: bytes) -> bool:
    """Whether the bytes are in an encoding that writes ASCII as itself: a DOCTYPE cannot hide in it."""
    told = _ENCODING.match(data)
    name = told.group(1).decode("ascii").lower() if told else "utf-8"
    if not name.startswith(_ENCODINGS):
        return False
    try:
        data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _depth(root: etree._Element) -> int:
    deepest, stack = 0, [(root, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        stack += [(child, depth + 1) for child in node]
    return deepest

"""What the gate says about the process owner's files: element, what will happen, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import EngineError


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong, or worth a look, in the owner's files."""

    #: Stable name for machines: "flow-without-condition".
    code: str
    #: "error" bars publishing, "warning" does not.
    severity: Literal["error", "warning"]
    #: Path inside the pack: "diagrams/mfg-gm-office.bpmn".
    file: str
    #: Id of the element, row or key; "" where the file as a whole is meant.
    element: str = ""
    #: What it is and what would happen.
    zh: str
    en: str
    #: What to do.
    remedy_zh: str = ""
    remedy_en: str = ""
    #: Where in a text: an expression's line and column, an example input, a path of elements.
    detail: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The finding as one paragraph in the reader's language."""
        zh = lang.startswith("zh")
        where = f"{self.file} · {self.element}" if self.element else self.file
        said, remedy = (self.zh, self.remedy_zh) if zh else (self.en, self.remedy_en)
        return f"{where}{'：' if zh else ': '}{said}{'' if zh else ' '}{remedy}".rstrip()


class Refused(EngineError):
    """The files were refused: {count} findings bar publishing."""

    zh = "文件未获通过：有 {count} 处问题须先解决。"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(count=sum(f.severity == "error" for f in self.findings))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that bar publishing."""
    return [f for f in findings if f.severity == "error"]

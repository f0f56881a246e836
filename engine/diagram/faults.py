"""Collects what is wrong with one file, in both languages."""

from __future__ import annotations

from typing import Literal

from engine.findings import Finding, Refused, errors

#: Findings listed of one file.
MOST = 2_000
#: Characters of one text: an expression is quoted, not repeated.
LONGEST = 600


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 200]} … {text[-190:]}"


class Faults:
    """Findings about one file, in the order they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def add(
        self,
        code: str,
        element: str,
        zh: str,
        en: str,
        remedy_zh: str,
        remedy_en: str,
        *,
        severity: Literal["error", "warning"] = "error",
        **detail: object,
    ) -> None:
        """Note one thing; after very many there is only one more, which says so."""
        if len(self.findings) > MOST:
            return
        if len(self.findings) == MOST:
            code, element, zh, en = "more-findings", "", f"还有更多问题；只列出前 {MOST} 条。", f"there is more; only the first {MOST} are listed."
            remedy_zh, remedy_en, severity, detail = "请先改正这些，再检查一次。", "Correct these, then check again.", "error", {}
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                file=self.file,
                element=_clipped(element),
                zh=_clipped(zh),
                en=_clipped(en),
                remedy_zh=_clipped(remedy_zh),
                remedy_en=_clipped(remedy_en),
                detail={name: _clipped(value) if isinstance(value, str) else value for name, value in detail.items()},
            )
        )

    def refuse_if_any(self) -> None:
        """End here when an error was found.

        Raises:
            Refused: with everything found so far.
        """
        if errors(self.findings):
            raise Refused(self.findings)

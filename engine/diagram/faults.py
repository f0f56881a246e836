"""Collects what is wrong with one file, in both languages."""

from __future__ import annotations

from typing import Literal

from engine.findings import Finding, Refused, errors


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
        """Note one thing."""
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                file=self.file,
                element=element,
                zh=zh,
                en=en,
                remedy_zh=remedy_zh,
                remedy_en=remedy_en,
                detail=detail,
            )
        )

    def refuse_if_any(self) -> None:
        """End here when an error was found.

        Raises:
            Refused: with everything found so far.
        """
        if errors(self.findings):
            raise Refused(self.findings)
